"""Bars and lines of characters: they fit, and a poorer terminal has them in ASCII."""

from __future__ import annotations

import pytest

from desk.domain.report.trend import Trend
from desk.render.bars import bar, drawn_for, sparkline
from desk.render.trends import trend_lines

LABELS = tuple(f"2026-W{week:02d}" for week in range(1, 53))
TREND = Trend("week", LABELS, tuple(range(52)), (0,) * 52, tuple(range(52, 0, -1)))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "no-such-encoding"])
def test_a_poor_terminal_has_ascii(encoding: str) -> None:
    assert drawn_for(sparkline(range(8), 8), encoding) == "_.-=+*%#"
    assert drawn_for(f"{bar(5, 9, 7)} ░▒▓", encoding) == "#### .+*"


def test_a_good_terminal_has_them_as_they_are() -> None:
    drawn = sparkline(range(8), 8)
    assert drawn_for(drawn, "utf-8") == drawn


def test_a_bar_ends_in_a_part_of_one() -> None:
    assert [drawn_for(bar(amount, 8, 1), "ascii") for amount in range(9)] == (["", *":::|####"])


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_trend_fits(width: int) -> None:
    lines = trend_lines(TREND, width).splitlines()
    assert max(map(len, lines)) <= width
    assert lines[0].endswith("to 2026-W52")
    assert [line.split()[0] for line in lines[1:4]] == ["created", "resolved", "backlog"]
    if width > 100:
        assert lines[0] == "by week, 2026-W01 to 2026-W52"
        assert lines[1].endswith("0 to 51")


def test_a_trend_of_little_is_none() -> None:
    few = Trend("day", ("a", "b"), (1, 2), (0, 0), (1, 1))
    nothing = Trend("week", LABELS, (0,) * 52, (0,) * 52, (0,) * 52)
    assert [trend_lines(each, 80) for each in (None, few, nothing)] == ["", "", ""]
    assert trend_lines(TREND, 20) == ""
