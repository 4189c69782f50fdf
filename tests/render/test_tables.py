"""Tables that fit the terminal: what gives way, and in which order."""

from __future__ import annotations

import pytest

from desk.render.tables import Cell, screen_table

HEADINGS = ("ID", "due", "who", "title")
ROWS = [
    [Cell("HD-1"), Cell("resolution 3h", "", "3h"), Cell("ana"), Cell("Printer jams every day")],
    [Cell("HD-2"), Cell("paused", "", "paused"), Cell(""), Cell("VPN is down")],
]


def shown(width: int, yielding: tuple[str, ...] = ("who", "due", "due")) -> list[str]:
    table = screen_table(
        *(HEADINGS, ROWS, width, False), wide=("title",), yielding=yielding, least=16
    )
    return [" ".join(line.split()) for line in table.splitlines()[:2]]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (80, ["ID due who title", "HD-1 resolution 3h ana Printer jams every day"]),
        (42, ["ID due who title", "HD-1 resolution 3h ana Printer jams ev…"]),
        (41, ["ID due title", "HD-1 resolution 3h Printer jams every …"]),
        (35, ["ID due title", "HD-1 3h Printer jams every d…"]),
        (28, ["ID title", "HD-1 Printer jams every day"]),
    ],
)
def test_what_gives_way_does_so_in_order(width: int, lines: list[str]) -> None:
    assert shown(width) == lines


@pytest.mark.parametrize("width", range(18, 80))
def test_no_line_is_longer_than_the_terminal_is_wide(width: int) -> None:
    table = screen_table(
        *(HEADINGS, ROWS, width, False), wide=("title",), yielding=("who", "due", "due"), least=16
    )
    assert max(map(len, table.splitlines())) <= width


def test_nothing_gives_way_unasked() -> None:
    assert shown(30, ()) == ["ID due who title", "HD-1 resolution 3h ana Printer jam…"]
