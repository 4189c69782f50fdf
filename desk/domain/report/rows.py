"""A ticket as reports see it: a row of plain numbers, the same from the index and from the files.

Instants are seconds since 1970 UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from desk.domain.facts import Step
from desk.domain.fields import DONE, STATUSES
from desk.domain.instants import second_of
from desk.domain.sla import CLOCKS, Course

NOT_TIMED = frozenset({"duplicate", "cancelled"})
"""Resolutions of tickets that compliance and time metrics leave out; counts do not."""

FOREVER = 1 << 60
"""An instant that is later than all others."""


class TicketRow(NamedTuple):
    """One ticket. `policy` is the place of its policy among all; `steps` and `exchanges` are texts,
    read by the functions below, as few reports need those of every ticket. Then, clock by clock,
    what a `Course` has: its state as far as the log tells, its end, what was used, and its due."""

    created: int
    resolved: int | None
    closed: int | None
    first_response: int | None
    owned: int | None
    reopens: int
    escalations: int
    handovers: int
    answers: int
    worked_minutes: int
    rating: int | None
    policy: int | None
    resolution: str | None
    steps: str
    exchanges: str | None
    s_first_response: str | None
    ended_first_response: int | None
    elapsed_first_response: int | None
    due_first_response: int | None
    s_next_response: str | None
    ended_next_response: int | None
    elapsed_next_response: int | None
    due_next_response: int | None
    s_ownership: str | None
    ended_ownership: int | None
    elapsed_ownership: int | None
    due_ownership: int | None
    s_resolution: str | None
    ended_resolution: int | None
    elapsed_resolution: int | None
    due_resolution: int | None


COLUMNS = TicketRow._fields
CLOCK_AT = {clock: COLUMNS.index(f"s_{clock}") for clock in CLOCKS}
"""Where the four columns of a clock begin."""


def clock_part(row: TicketRow, place: int) -> tuple[str | None, int | None, int, int | None]:
    """Return the state, the end, what was used, and the due of the clock that begins at a place."""
    part: Any = row[place : place + 4]
    state, ended, elapsed, due = part
    return state, ended, elapsed, due


_KNOWN = (*STATUSES, "")
"""Statuses by their number; whatever else a log says is "", which is neither done nor known."""
_CODES = {status: number << 1 for number, status in enumerate(STATUSES)}
_OTHER = len(STATUSES) << 1


def written_steps(steps: Sequence[Step]) -> str:
    """Write the course of a ticket as text: a number a step, as every ticket is written so."""
    return str(
        [
            second_of(at) << 4 | _CODES.get(status, _OTHER) | is_owned
            for at, status, is_owned in steps
        ]
    )


def steps_of(row: TicketRow) -> list[tuple[int, str, bool]]:
    """Read the course of a ticket: since when, which status, whether it is somebody's."""
    return [(step >> 4, _KNOWN[step >> 1 & 7], bool(step & 1)) for step in json.loads(row.steps)]


def written_exchanges(exchanges: Sequence[Course]) -> str:
    """Write exchanges that have ended as text."""
    return json.dumps([(each.ended_at, each.elapsed_seconds, each.due) for each in exchanges])


def earlier_exchanges(row: TicketRow) -> list[tuple[int, int, int | None]]:
    """Read the exchanges before the one that the clock shows: end, what was used, due."""
    return [tuple(each) for each in json.loads(row.exchanges)] if row.exchanges else []


def live_spans(row: TicketRow) -> Iterator[tuple[int, int]]:
    """Yield from when up to when (not included) a ticket was live; `FOREVER`: it still is."""
    if not row.reopens:
        end = FOREVER if row.resolved is None else row.resolved
        if end > row.created:
            yield row.created, end
        return
    since: int | None = None
    for at, status, _ in steps_of(row):
        if status in DONE:
            if since is not None and at > since:
                yield since, at
            since = None
        elif since is None:
            since = at
    if since is not None:
        yield since, FOREVER


def reopenings(row: TicketRow) -> list[int]:
    """Return when a ticket came back."""
    if not row.reopens:
        return []
    was_done = False
    found = []
    for at, status, _ in steps_of(row):
        is_done = status in DONE
        if was_done and not is_done:
            found.append(at)
        was_done = is_done
    return found


def time_in_statuses(row: TicketRow) -> dict[str, int]:
    """Return the seconds that a resolved ticket spent in each status up to its last resolution, on
    the wall clock."""
    spent: dict[str, int] = {}
    end = row.resolved or 0
    since, before = row.created, "new"
    for at, status, _ in steps_of(row):
        if since < at <= end:
            spent[before] = spent.get(before, 0) + at - since
            since = at
        elif at > end:
            break
        before = status
    return spent


def first_owned(row: TicketRow) -> int | None:
    """Return when a ticket came to be somebody's for the first time, None where it never did."""
    return next((at for at, _, is_owned in steps_of(row) if is_owned), None)


def is_owned_at(row: TicketRow, at: int) -> bool:
    """Tell whether a ticket belonged to somebody just before an instant."""
    is_owned = False
    for since, _, own in steps_of(row):
        if since >= at:
            break
        is_owned = own
    return is_owned
