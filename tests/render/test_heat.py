"""The map of hours: what each shade stands for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from desk.render.heat import heat_map

SHADES = ("  ", "░░", "▒▒", "▓▓", "██")


@given(st.lists(st.integers(0, 5_000), min_size=24, max_size=24))
def test_every_cell_has_the_shade_that_the_legend_says(amounts: list[int]) -> None:
    lines = heat_map(["mon"], [amounts], ["x"], has_color=False).splitlines()
    cells = [lines[1][4 + 2 * hour : 6 + 2 * hour] for hour in range(24)]
    said = {"  ": (0, 0)}
    for shade, low, high in re.findall(r"(\S\S) ([\d,]+)(?:-([\d,]+))?(?=  |$)", lines[-1]):
        if shade in SHADES:
            first = int(low.replace(",", ""))
            said[shade] = first, int(high.replace(",", "")) if high else first
    for amount, cell in zip(amounts, cells, strict=True):
        low, high = said[cell]
        assert low <= amount <= high


def test_a_week_without_tickets_is_blank() -> None:
    lines = heat_map(["mon"], [[0] * 24], ["0"], has_color=False).splitlines()
    assert lines[1] == "mon " + 48 * " " + "   0"
    assert lines[-1].strip() == "blank 0"
