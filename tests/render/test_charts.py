"""Charts: what of pygal's drawing comes onto a page."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from importlib import metadata
from itertools import pairwise

import pytest

from desk.render.html.charts import NARROW, WIDE, Series, _ticks, chart

DAYS = [f"{day} Nov" for day in range(1, 31)]


def drawn(kind: str = "bars") -> dict[str, str]:
    titles = [f"{day}: <script>" for day in DAYS]
    links = [f"#t{number}" if number % 2 else "" for number in range(len(DAYS))]
    series = [Series("created", [number % 7 for number in range(30)], titles, links)]
    return dict(chart("line" if kind == "line" else "bars", DAYS, series, 200))


@pytest.mark.parametrize("kind", ["bars", "line"])
def test_a_chart_is_drawn_for_both_widths(kind: str) -> None:
    found = drawn(kind)
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        root = ElementTree.fromstring(found[name])
        assert root.get("viewBox") == f"0 0 {width} 200"
        tags = {each.tag for each in root.iter()}
        assert tags <= {"svg", "g", "rect", "path", "text", "a", "circle", "title"}
        assert [each.get("href") for each in root.iter("a")] == [f"#t{n}" for n in range(1, 30, 2)]
        assert next(each.text for each in root.iter("title")) == "1 Nov: <script>"
        assert len(found[name]) < 12_000
    labels = [each.text for each in ElementTree.fromstring(found["narrow"]).iter("text")]
    assert labels[-5:] == ["1 Nov", "7 Nov", "13 Nov", "19 Nov", "25 Nov"]


def test_nothing_of_the_day_it_was_drawn_nor_of_scripts() -> None:
    text = drawn()["wide"]
    assert not re.search(r"<!--|script type|style|class=\"[^\"]*reactive|20\d\d", text)
    assert drawn() == drawn()


def test_nothing_is_no_chart() -> None:
    assert chart("bars", [], [], 200) == []
    assert chart("bars", ["a"], [Series("created", [0], [""], [""])], 200) == []


def test_later_imports_are_as_they_were() -> None:
    before = [*sys.meta_path]
    drawn()
    assert sys.meta_path == before
    assert metadata.version("holidays")


@pytest.mark.parametrize(
    ("most", "last"), [(0, 1), (1, 1), (4, 4), (5, 6), (19, 20), (99, 100), (2001, 3000)]
)
def test_the_axis_is_named_in_whole_numbers(most: int, last: int) -> None:
    ticks = _ticks(most)
    assert (ticks[0], ticks[-1]) == (0, last)
    assert len(ticks) <= 5
    assert len({two - one for one, two in pairwise(ticks)}) == 1
