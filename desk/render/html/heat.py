"""When tickets come in, as a table whose cells are the darker the more there were."""

from __future__ import annotations

from typing import NamedTuple

from desk.render.report_parts import week_of
from desk.services.report_values import Report

_TOGETHER = 2
"""So many hours a column has."""

_SHADES = 5


class HeatCell(NamedTuple):
    """How many tickets came in, and in which of the shades from 0 to 5 that is shown."""

    text: str
    level: int


class HeatRow(NamedTuple):
    """A day of the week, its cells, and their sum."""

    day: str
    cells: list[HeatCell]
    total: str


class Heat(NamedTuple):
    """The table: whose hours they are, the hours above its columns, its rows."""

    zone: str
    hours: list[str]
    rows: list[HeatRow]


def heat(report: Report, zone_name: str) -> Heat | None:
    """Return the report of hours as a table of two hours a column, None where nothing came in."""
    days, rows = week_of(report)
    counts = [[int(group.metrics["created"] or 0) for group in row] for row in rows]
    cells = [
        [sum(row[at : at + _TOGETHER]) for at in range(0, len(row), _TOGETHER)] for row in counts
    ]
    most = max(map(max, cells))
    if not most:
        return None
    shown = [
        HeatRow(
            day.capitalize(),
            [HeatCell(f"{each:,}" if each else "", -(-_SHADES * each // most)) for each in own],
            f"{sum(own):,}",
        )
        for day, own in zip(days, cells, strict=True)
    ]
    return Heat(zone_name, [group.key["hour"] for group in rows[0][::_TOGETHER]], shown)
