"""What a report comes to that is no tally of one ticket after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desk.domain.report.tally import Tally
from desk.errors import Diagnostic
from desk.services.report_making import Plan


class ApartRow(NamedTuple):
    """A row: what was counted in the period, and in the one compared with; the query of what is
    behind it, apart from the one that was given; and its metrics, where it has not all of them."""

    key: Mapping[str, str]
    now: Tally
    before: Tally | None
    behind: str = ""
    metrics: tuple[str, ...] = ()


class Apart(NamedTuple):
    """What such a report comes to."""

    groupings: tuple[str, ...]
    rows: Sequence[ApartRow]
    total: Tally
    before: Tally | None
    is_empty: bool
    unreadable: tuple[Diagnostic, ...]


def spans_of(plan: Plan) -> list[tuple[int, int]]:
    """Return from when to when, in seconds, the period goes, and the one compared with."""
    periods = [plan.period, *([plan.compared] if plan.compared else [])]
    return [(each.start(), each.end(plan.desk.now)) for each in periods]


def span_of_all(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return from when to when all of these go."""
    return min(start for start, _ in spans), max(end for _, end in spans)


def tally_of(**amounts: int) -> Tally:
    """Return a tally with one amount of each of these."""
    made = Tally()
    for name, amount in amounts.items():
        made.amounts[name].append(amount)
    return made


def created_tally(count: int, in_all: int, so_far: int = 0, before: int | None = None) -> Tally:
    """Return the tally of a row of tickets that were created: of all of these, with the rows before
    it so many, and so many in the period compared with (None: with none)."""
    made = tally_of(created_share=count, created_cumulative_share=so_far, created_in_all=in_all)
    if before is not None:
        made.amounts["created_change"].append(before)
    made.amounts["created"] = [1] * count
    return made
