"""When tickets come: by weekday and hour of the workspace's zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, TypeAlias

from desk.domain.hours import DAYS
from desk.services.report_apart import Apart, ApartRow, created_tally, span_of_all, spans_of
from desk.services.report_making import Plan
from desk.services.report_rows import with_values

HOURS = tuple(f"{hour:02d}" for hour in range(24))

_QUARTER = 900
"""Zones are whole quarters of an hour away from UTC, and change at whole ones, since 1972."""

_Place: TypeAlias = tuple[int, int]


def hours(plan: Plan) -> Apart:
    """Return the rows of `hours`: one for each hour of the week, Monday first."""
    zone, spans = plan.desk.settings.zone, spans_of(plan)

    def count(rows: Iterator[tuple[Any, ...]]) -> list[Counter[_Place]]:
        created = [at for (at,) in rows]
        return [
            _places(Counter(at // _QUARTER for at in created if start <= at < end), zone)
            for start, end in spans
        ]

    counts, wrong = with_values(plan.desk, plan.query_text, ("created",), span_of_all(spans), count)
    now, then = counts[0], counts[1] if len(counts) > 1 else None
    total, earlier = now.total(), then.total() if then is not None else 0
    rows = []
    for day, name in enumerate(DAYS):
        for hour, label in enumerate(HOURS):
            place = day, hour
            before = created_tally(then[place], earlier) if then is not None else None
            tally = created_tally(now[place], total)
            rows.append(ApartRow({"weekday": name, "hour": label}, tally, before))
    in_all = created_tally(earlier, earlier) if then is not None else None
    is_empty = not (total or earlier)
    whole = created_tally(total, total)
    return Apart(("weekday", "hour"), rows, whole, in_all, is_empty, wrong)


def _places(quarters: Counter[int], zone: tzinfo) -> Counter[_Place]:
    found: Counter[_Place] = Counter()
    for quarter, count in quarters.items():
        at = datetime.fromtimestamp(quarter * _QUARTER, zone)
        found[at.weekday(), at.hour] += count
    return found
