"""Why a clock shows what it shows: its spans of time, and the changes of terms that moved a due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.calendar import Calendar
from desk.domain.fields import DONE
from desk.domain.instants import instant_at
from desk.domain.milestones import milestones
from desk.domain.policy import Policy
from desk.domain.replay import replays
from desk.domain.sla import ClockName, courses, window_of
from desk.domain.ticket import Entry, Value

Kind: TypeAlias = Literal["counts", "paused", "done"]


class Span(NamedTuple):
    """A stretch of a clock during which the status stays; its open time is part of what has
    elapsed if and only if it `counts`."""

    start: datetime
    end: datetime
    status: str
    kind: Kind
    open_seconds: int


def spans(
    log: Sequence[Entry],
    policy: Policy,
    calendar: Calendar,
    clock: ClockName,
    now: datetime,
    exchange: int | None = None,
) -> tuple[Span, ...]:
    """Return the spans of a clock from its start to its end, or to `now` while it runs.

    Of next_response those of the exchange that is shown, or of the one numbered from 0. The open
    seconds of those that count add up to the clock's `elapsed_seconds`.
    """
    story = milestones(log, now.replace(microsecond=0))
    if story is None:
        return ()
    window = window_of(story, clock) if exchange is None else story.exchanges[exchange]
    if window is None:
        return ()
    first, last = window
    is_ended = last is not None
    last = last if last is not None else len(story.instants) - 1
    pauses = policy.pause_in.get(clock, frozenset())
    found: list[Span] = []
    for place in range(first, last if is_ended else last + 1):
        start, status = story.instants[place], story.statuses[place]
        end = now.replace(microsecond=0) if place == last else story.instants[place + 1]
        if found and found[-1].status == status:
            start = found.pop().start
        kind: Kind = "done" if status in DONE else "paused" if status in pauses else "counts"
        if start < end:
            found.append(Span(start, end, status, kind, calendar.between(start, end)))
    return tuple(found)


class Portion(NamedTuple):
    """The open time of one local date."""

    date: date
    seconds: int


def portions(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Portion]:
    """Yield the open time between two instants date by date, dates without any left out."""
    zone = calendar.zone
    while start < end:
        try:
            start = calendar.next_open(start)
        except ValueError:
            return
        if start >= end:
            return
        day = start.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        yield Portion(day, calendar.between(start, min(midnight, end)))
        start = max(midnight, start + timedelta(seconds=1))


class Terms(NamedTuple):
    """What a ticket was promised at some time."""

    policy: Policy
    calendar: Calendar
    priority: str


class Move(NamedTuple):
    """An entry gave the ticket other terms, and thereby moved a due that had already passed.

    `after` is None where the clock has no due under the new terms.
    """

    entry: Entry
    clock: ClockName
    before: datetime
    after: datetime | None


def moves(
    log: Sequence[Entry],
    terms_of: Callable[[Mapping[str, Value]], Terms | None],
    priorities: Sequence[str],
    now: datetime,
) -> tuple[Move, ...]:
    """Return the moves of passed dues that changes of priority or policy made, in order.

    `terms_of` tells the terms of a ticket with the fields that the log leads to, None where there
    is no policy.
    """
    log = [entry for entry in log if entry.at <= now]
    found: list[Move] = []
    old: Terms | None = None
    before: Mapping[str, Value] | None = None
    for length, (entry, values) in enumerate(zip(log, replays(log), strict=True), start=1):
        new = old if values == before else terms_of(values)
        before = values
        if old is not None and new != old:
            so_far = log[:length]
            dues, later = _dues(so_far, old, priorities), _dues(so_far, new, priorities)
            for clock, due in dues.items():
                if due is not None and due < entry.at and later.get(clock) != due:
                    found.append(Move(entry, clock, due, later.get(clock)))
        old = new
    return tuple(found)


def _dues(
    log: Sequence[Entry], terms: Terms | None, priorities: Sequence[str]
) -> dict[ClockName, datetime | None]:
    if terms is None:
        return {}
    found = courses(log, terms.policy, terms.calendar, terms.priority, priorities)
    if found is None:
        return {}
    dues = {clock: course.due for clock, course in found.clocks.items() if course is not None}
    return {clock: None if due is None else instant_at(due) for clock, due in dues.items()}
