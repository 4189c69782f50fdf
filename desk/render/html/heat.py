"""When tickets come in, as a table whose cells are the darker the more there were."""

from __future__ import annotations

from typing import NamedTuple

from desk.services.report_values import Report

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = 24
_TOGETHER = 2
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
    counts = [int(group.metrics["created"] or 0) for group in report.groups]
    if len(counts) != len(_DAYS) * _HOURS or not any(counts):
        return None
    cells = [sum(counts[at : at + _TOGETHER]) for at in range(0, len(counts), _TOGETHER)]
    wide, most = _HOURS // _TOGETHER, max(cells)
    rows = []
    for place, day in enumerate(_DAYS):
        own = cells[place * wide : (place + 1) * wide]
        shown = [HeatCell(f"{each:,}" if each else "", -(-_SHADES * each // most)) for each in own]
        rows.append(HeatRow(day, shown, f"{sum(own):,}"))
    return Heat(zone_name, [f"{hour:02d}" for hour in range(0, _HOURS, _TOGETHER)], rows)
