"""The same promises kept slowly: walks over every minute, to hold the quick arithmetic against.

Nothing here is shared with `desk.domain`: a minute is open if its local wall time lies in the
hours of its local date, and everything else is counted on fingers. Instants, hours, offsets and
targets are whole minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DONE = ("resolved", "closed")

Spans = Sequence[tuple[datetime, datetime]]
Pairs = Sequence[tuple[str, str]]


@dataclass
class SlowCalendar:
    """A calendar in the form of the vectors, which says of any minute whether it is open."""

    timezone: str
    hours: Mapping[str, Pairs]
    holidays: Sequence[str] = ()
    exceptions: Mapping[str, Pairs] = field(default_factory=dict)
    _known: dict[datetime, bool] = field(default_factory=dict)

    def config(self) -> dict[str, object]:
        return {
            "timezone": self.timezone,
            "hours": {day: list(pairs) for day, pairs in self.hours.items()},
            "holidays": list(self.holidays),
            "exceptions": {day: list(pairs) for day, pairs in self.exceptions.items()},
        }

    def hours_on(self, day: date) -> Pairs:
        if day.isoformat() in self.exceptions:
            return self.exceptions[day.isoformat()]
        if day.isoformat() in self.holidays:
            return ()
        return self.hours.get(NAMES[day.weekday()], ())

    def is_open(self, minute: datetime) -> bool:
        if minute not in self._known:
            local = minute.astimezone(ZoneInfo(self.timezone))
            clock = f"{local:%H:%M}"
            hours = self.hours_on(local.date())
            self._known[minute] = any(start <= clock < end for start, end in hours)
        return self._known[minute]

    def counts(self, minute: datetime, excluding: Spans = ()) -> bool:
        return self.is_open(minute) and not any(a <= minute < b for a, b in excluding)

    def between(self, at: datetime, until: datetime, excluding: Spans = ()) -> int:
        return 60 * sum(self.counts(minute, excluding) for minute in minutes(at, until))

    def add(self, at: datetime, seconds: int, excluding: Spans = ()) -> datetime:
        while seconds > 0:
            seconds -= 60 * self.counts(at, excluding)
            at += MINUTE
        return at

    def subtract(self, at: datetime, seconds: int, excluding: Spans = ()) -> datetime:
        while seconds > 0:
            at -= MINUTE
            seconds -= 60 * self.counts(at, excluding)
        return at

    def next_open(self, at: datetime) -> datetime:
        while not self.is_open(at):
            at += MINUTE
        return at

    def previous_close(self, at: datetime) -> datetime:
        while not self.is_open(at - MINUTE):
            at -= MINUTE
        return at


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += MINUTE


class Event(NamedTuple):
    """An entry of a log, as far as clocks care."""

    at: datetime
    by: str
    verb: str
    status: str | None = None
    assignee: str | None = None


class SlowClock(NamedTuple):
    state: str
    due: datetime | None
    ended_at: datetime | None
    elapsed_seconds: int


@dataclass
class SlowDesk:
    """The four clocks of one log at `now`, each by its own walk."""

    log: Sequence[Event]
    calendar: SlowCalendar
    targets: Mapping[str, int]
    pause_in: Mapping[str, Sequence[str]]
    warn_percent: int | None
    now: datetime

    def __post_init__(self) -> None:
        self.log = [event for event in self.log if event.at <= self.now]

    def status_after(self, count: int) -> str:
        told = [event.status for event in self.log[:count] if event.status]
        return told[-1] if told else "new"

    def status_at(self, minute: datetime) -> str:
        return self.status_after(sum(event.at <= minute for event in self.log))

    def enters_done(self, place: int) -> bool:
        before = self.status_after(place) if place else "new"
        return self.status_after(place + 1) in DONE and before not in DONE

    def answers(self, place: int) -> bool:
        event = self.log[place]
        return self.enters_done(place) or (event.verb == "replied" and event.by != "desk")

    def first(self, test: Callable[[int], bool], start: int = 0) -> int | None:
        return next((place for place in range(start, len(self.log)) if test(place)), None)

    def clocks(self) -> dict[str, SlowClock | None]:
        if not self.log:
            return dict.fromkeys(("first_response", "next_response", "ownership", "resolution"))
        response = self.first(self.answers)
        owned = self.first(lambda n: self.enters_done(n) or bool(self.log[n].assignee))
        done = None
        if self.status_after(len(self.log)) in DONE:
            done = max(n for n in range(len(self.log)) if self.enters_done(n))
        found = {
            "first_response": self.clock("first_response", 0, response),
            "next_response": None,
            "ownership": self.clock("ownership", 0, owned),
            "resolution": self.clock("resolution", 0, done),
        }
        if response is not None:
            for start, end in self.exchanges(response):
                found["next_response"] = self.clock("next_response", start, end)
        return found

    def exchanges(self, response: int) -> Iterator[tuple[int, int | None]]:
        place: int | None = response
        while place is not None:
            asked = self.first(
                lambda n: self.log[n].verb == "wrote" and self.status_after(n + 1) not in DONE,
                place + 1,
            )
            if asked is None:
                return
            place = self.first(self.answers, asked + 1)
            yield asked, place

    def clock(self, name: str, start: int, end: int | None) -> SlowClock | None:
        if name not in self.targets:
            return None
        target, pauses = self.targets[name], self.pause_in.get(name, ())
        begun_at = self.log[start].at
        ended_at = None if end is None else self.log[end].at
        limit = self.now if ended_at is None else ended_at
        is_paused = end is None and self.status_at(self.now) in pauses

        used, due = 0, None
        for minute in minutes(begun_at, limit):
            if self.calendar.is_open(minute) and self.status_at(minute) not in (*pauses, *DONE):
                used += 60
                if used == target:
                    due = minute + MINUTE
        if due is None and not is_paused:
            due = self.calendar.add(limit, target - used)

        if ended_at is not None:
            state = "met" if due is not None and ended_at <= due else "missed"
        elif due is not None and self.now > due:
            state = "breached"
        elif is_paused:
            state, due = "paused", None
        elif self.warn_percent is not None and 100 * used >= self.warn_percent * target:
            state = "at_risk"
        else:
            state = "running"
        return SlowClock(state, due, ended_at, used)


def utc(text: str) -> datetime:
    """Read ``2026-03-29 01:00`` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
