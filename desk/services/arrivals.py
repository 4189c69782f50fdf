"""When tickets come in: by the day of the week and the hour."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from desk.domain.report.periods import Period
from desk.services.desk import Desk
from desk.services.report_rows import Source, with_rows

Arrivals: TypeAlias = tuple[tuple[int, ...], ...]
"""How many tickets were created, on Monday and so on to Sunday, in each of 12 times two hours."""

HOURS = 2


def arrivals(desk: Desk, query_text: str, period: Period) -> Arrivals:
    """Return when the tickets that a query finds came in, in the workspace's zone; QueryError."""
    zone = desk.settings.zone
    start, end = period.start(), period.end(desk.now)
    counts: list[list[int]] = []

    def use(source: Source) -> None:
        counts[:] = [[0] * (24 // HOURS) for _ in range(7)]
        for row, _ in source.rows:
            if start <= row.created < end:
                at = datetime.fromtimestamp(row.created, zone)
                counts[at.weekday()][at.hour // HOURS] += 1

    with_rows(desk, query_text, "", use, live_at=end, since=start)
    return tuple(map(tuple, counts))
