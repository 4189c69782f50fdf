"""What is counted: what happened to each ticket, and when; and how things stood at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeAlias

from desk.domain.report.rows import (
    CLOCK_AT,
    NOT_TIMED,
    TicketRow,
    clock_part,
    earlier_exchanges,
    first_owned,
    is_owned_at,
    reopenings,
    time_in_statuses,
)
from desk.domain.sla import CLOCKS

Mark: TypeAlias = tuple[int, str, int]
"""When, what, and how much of it (of what is only counted: 1)."""

DAY = 86_400
AGES = (
    ("under_1_day", DAY),
    ("1_to_7_days", 7 * DAY),
    ("7_to_30_days", 30 * DAY),
    ("30_to_90_days", 90 * DAY),
    ("over_90_days", None),
)
"""The ages by which a backlog is sorted, and up to how many seconds (not included) each goes."""

CONTENT = 4
"""From this score on a requester is content."""


class Tally:
    """What was counted of some tickets: of each thing how often, how much, and each amount."""

    __slots__ = ("amounts",)

    def __init__(self) -> None:
        self.amounts: defaultdict[str, list[int]] = defaultdict(list)

    def only(self, clock: str) -> Tally:
        """Return what was counted of the promises of one clock."""
        found = Tally()
        for name in (f"{clock}_met", f"{clock}_missed", f"{clock}_breached"):
            if name in self.amounts:
                found.amounts[name] = self.amounts[name]
        return found

    def count(self, what: str) -> int:
        """Return how often something was counted."""
        return len(self.amounts.get(what, ()))

    def total(self, what: str) -> int:
        """Return how much there was of something."""
        return sum(self.amounts.get(what, ()))

    def ordered(self, *names: str) -> list[int]:
        """Return all amounts of some things, the least first."""
        found: list[int] = []
        for what in names:
            found += self.amounts.get(what, ())
        return sorted(found)


def arrivals(row: TicketRow) -> list[Mark]:
    """Return when a ticket was created."""
    return [(row.created, "created", 1)]


def endings(row: TicketRow) -> list[Mark]:
    """Return when a ticket was resolved, closed and reopened."""
    marks: list[Mark] = [(at, "reopened", 1) for at in reopenings(row)] if row.reopens else []
    if row.resolved is not None:
        marks.append((row.resolved, "resolved", 1))
    if row.closed is not None:
        marks.append((row.closed, "closed", 1))
    return marks


def durations(row: TicketRow) -> list[Mark]:
    """Return how long the first response and the resolution took on the wall clock."""
    if row.resolution in NOT_TIMED:
        return []
    marks: list[Mark] = []
    first, resolved, created = row.first_response, row.resolved, row.created
    if first is not None:
        marks.append((first, "first_response_wall", max(first - created, 0)))
    if resolved is not None:
        marks.append((resolved, "resolution_wall", max(resolved - created, 0)))
    return marks


_PROMISES = tuple((CLOCK_AT[clock], f"{clock}_met", f"{clock}_missed") for clock in CLOCKS)


def promises(row: TicketRow) -> list[Mark]:
    """Return the promises that were kept or not, at the end of each clock; every exchange of
    next_response is one. How much: the open time that was used."""
    if row.policy is None or row.resolution in NOT_TIMED:
        return []
    marks: list[Mark] = []
    for place, met, missed in _PROMISES:
        state, ended, elapsed, _ = clock_part(row, place)
        if ended is not None:
            marks.append((ended, met if state == "met" else missed, elapsed))
    for ended, elapsed, due in earlier_exchanges(row):
        kept = due is None or ended <= due
        marks.append((ended, "next_response_met" if kept else "next_response_missed", elapsed))
    return marks


def course(row: TicketRow) -> list[Mark]:
    """Return how a resolved ticket came to its end, at the instant of its resolution."""
    resolved = row.resolved
    if resolved is None:
        return []
    marks: list[Mark] = [(resolved, "handovers", row.handovers)]
    if row.reopens:
        marks.append((resolved, "came_back", 1))
    if row.escalations:
        marks.append((resolved, "was_escalated", 1))
    if row.handovers:
        marks.append((resolved, "was_handed_over", 1))
    if row.answers == 1 and not row.reopens and not row.handovers:
        marks.append((resolved, "first_contact", 1))
    return marks


def stays(row: TicketRow) -> list[Mark]:
    """Return how long a resolved ticket was in each status, at the instant of its resolution; it
    takes the steps of every ticket."""
    resolved = row.resolved
    if resolved is None or row.resolution in NOT_TIMED:
        return []
    spent = time_in_statuses(row).items()
    marks = [(resolved, _SPENT.get(status, "in_other"), seconds) for status, seconds in spent]
    return [*marks, (resolved, "timed", 1)]


_SPENT = {
    **{status: f"in_{status}" for status in ("new", "open", "waiting", "hold")},
    "resolved": "in_done",
    "closed": "in_done",
}


def ratings(row: TicketRow) -> list[Mark]:
    """Return the score of a resolved ticket, at the instant of its resolution."""
    if row.resolved is None or row.rating is None:
        return []
    return [(row.resolved, "rating", row.rating)]


def rateable(row: TicketRow) -> list[Mark]:
    """Return whether a resolved ticket was rated, at the instant of its resolution."""
    if row.resolved is None:
        return []
    return [(row.resolved, "rateable" if row.rating is None else "rated", 1)]


def takings(row: TicketRow) -> list[Mark]:
    """Return when a ticket came to be somebody's for the first time."""
    owned = row.owned
    if owned is not None and (row.reopens or owned == row.resolved):
        owned = first_owned(row)  # it may have been done while it was nobody's
    return [] if owned is None else [(owned, "taken", 1)]


def work(row: TicketRow) -> list[Mark]:
    """Return the work logged on a resolved ticket, in minutes, at the instant of its resolution."""
    if row.resolved is None or not row.worked_minutes:
        return []
    return [(row.resolved, "worked", row.worked_minutes)]


def apart(row: TicketRow) -> list[Mark]:
    """Return nothing: what is counted in another way."""
    return []


MarksOf: TypeAlias = Callable[[TicketRow], list[Mark]]


def backlog(row: TicketRow, at: int, now: int) -> Iterable[tuple[str, int]]:
    """Return what a ticket that is live counts for just before an instant: `at`, or at `now` if
    that is earlier."""
    then = min(at, now)
    age = max(then - row.created, 0)
    yield "backlog", age
    bucket = next(name for name, limit in AGES if limit is None or age < limit)
    yield f"backlog_{bucket}", age
    if not is_owned_at(row, at):
        yield "unassigned", 1
    is_breached = False
    if row.policy is not None:
        for place, clock in _CLOCKS:
            _, ended, _, due = clock_part(row, place)
            if due is not None and due < then and (ended is None or ended >= at):
                is_breached = True
                yield f"{clock}_breached", 1
        for ended, _, due in earlier_exchanges(row):
            if due is not None and due < then and ended >= at:
                is_breached = True
                yield "next_response_breached", 1
    if is_breached:
        yield "breached", 1


_CLOCKS = tuple((CLOCK_AT[clock], clock) for clock in CLOCKS)
