"""Service levels: the four clocks of a ticket, from its log, a policy and a calendar.

Time counts while the calendar is open and the status is not in the clock's `pause_in`. Each
turning point of the log is turned into open time once (`Calendar.open_seconds`); what is used,
what is left and when it is due are then sums of integers. What does not depend on now is a
`Course`, fit for an index; `clock_of` compares it with now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from desk.domain.fields import DONE
from desk.domain.instants import instant_at, second_of
from desk.domain.milestones import Milestones, milestones
from desk.domain.policy import Policy, target_of

if TYPE_CHECKING:
    from desk.domain.calendar import Calendar
    from desk.domain.ticket import Entry

ClockName: TypeAlias = Literal["first_response", "next_response", "ownership", "resolution"]
CLOCKS: tuple[ClockName, ...] = ("first_response", "next_response", "ownership", "resolution")

State: TypeAlias = Literal["met", "missed", "breached", "paused", "at_risk", "running"]
STATES: tuple[State, ...] = ("met", "missed", "breached", "paused", "at_risk", "running")


class Course(NamedTuple):
    """One clock's story as far as the log tells it: all but the comparison with now.

    `elapsed_seconds` are those used up to the last turning point of the log (the end, once ended).
    `due` is None where nothing is due: the clock is paused before its target is used up, or the
    calendar never has that much open time. `at_risk_at` is the instant from which a clock that
    runs on is at risk, or one before it that is not later than the last turning point. Instants
    are seconds since 1970 UTC, as in an index.
    """

    started_at: int
    ended_at: int | None
    is_paused: bool
    target_seconds: int
    elapsed_seconds: int
    due: int | None
    at_risk_at: int | None


class Courses(NamedTuple):
    """The courses of all clocks (None: nothing to show), and of every exchange of next_response,
    of which the last is the one shown. A clock that runs counts on from `counted_to`."""

    counted_to: int
    clocks: Mapping[ClockName, Course | None]
    exchanges: tuple[Course, ...]


class Clock(NamedTuple):
    """A clock as it is shown: `due` is null while it is paused, unless that came too late;
    `elapsed_seconds` goes on past the target, and `remaining_seconds` is then negative."""

    state: State
    due: datetime | None
    ended_at: datetime | None
    target_seconds: int
    elapsed_seconds: int
    remaining_seconds: int


def clocks(
    log: Sequence[Entry],
    policy: Policy,
    calendar: Calendar,
    now: datetime,
    priority: str = "",
    priorities: Sequence[str] = (),
) -> dict[ClockName, Clock | None]:
    """Return the four clocks of a ticket at `now`; entries later than that do not exist yet.

    The targets are those of the priority that the ticket has then, from `opened` on.
    """
    if now.microsecond:
        now = now.replace(microsecond=0)
    story = milestones(log, now)
    if story is None:
        return dict.fromkeys(CLOCKS)
    seconds, second_now = list(map(second_of, story.instants)), second_of(now)
    *marks, mark_now = calendar.marks([*seconds, second_now])
    work = _Work(story, seconds, marks, policy, calendar)
    passed = mark_now - marks[-1]
    return {
        clock: course and clock_of(course, second_now, passed)
        for clock, course in _shown(work, priority, priorities).items()
    }


def courses(
    log: Sequence[Entry],
    policy: Policy,
    calendar: Calendar,
    priority: str = "",
    priorities: Sequence[str] = (),
    now: datetime | None = None,
) -> Courses | None:
    """Return what the log, up to `now` if given, says of each clock; None for an empty log."""
    story = milestones(log, now)
    if story is None:
        return None
    seconds = list(map(second_of, story.instants))
    work = _Work(story, seconds, calendar.marks(seconds), policy, calendar)
    shown = _shown(work, priority, priorities)
    exchanges: list[Course] = []
    last = shown["next_response"]
    if last is not None:
        target = last.target_seconds
        for start, end in story.exchanges[:-1]:
            exchanges.append(_course(work, "next_response", target, start, end))
        exchanges.append(last)
    return Courses(seconds[-1], shown, tuple(exchanges))


def clocks_at(found: Courses, calendar: Calendar, now: datetime) -> dict[ClockName, Clock | None]:
    """Compare the courses of a ticket with `now`, which no entry of its log is later than."""
    second = second_of(now)
    since, until = calendar.marks((found.counted_to, second))
    passed = max(until - since, 0)
    return {
        clock: course and clock_of(course, second, passed) for clock, course in found.clocks.items()
    }


def clock_of(course: Course, now: int, passed: int) -> Clock:
    """Compare one course with `now`, in seconds since 1970; `passed` are the open ones since
    `counted_to`."""
    _, ended_at, is_paused, target, elapsed, due, at_risk_at = course
    state: State
    if ended_at is not None:
        state = "met" if due is None or ended_at <= due else "missed"
        times = _instant(due), instant_at(ended_at)
        return Clock(state, *times, target, elapsed, target - elapsed)
    if not is_paused:
        elapsed += passed
    if due is not None and now > due:
        state = "breached"
    elif is_paused:
        state, due = "paused", None
    elif at_risk_at is not None and now >= at_risk_at:
        state = "at_risk"
    else:
        state = "running"
    return Clock(state, _instant(due), None, target, elapsed, target - elapsed)


def window_of(story: Milestones, clock: ClockName) -> tuple[int, int | None] | None:
    """Return the places at which a clock started and ended (None: it runs); of next_response those
    of the open exchange, else of the last, and None where there is none."""
    match clock:
        case "first_response":
            return 0, story.response
        case "next_response":
            return story.exchanges[-1] if story.exchanges else None
        case "ownership":
            return 0, story.ownership
        case "resolution":
            return 0, story.done


class _Work(NamedTuple):
    story: Milestones
    seconds: list[int]
    marks: list[int]
    policy: Policy
    calendar: Calendar


def _shown(work: _Work, priority: str, priorities: Sequence[str]) -> dict[ClockName, Course | None]:
    """Add up the clocks; of next_response the open exchange, else the last."""
    found: dict[ClockName, Course | None] = {}
    for clock in CLOCKS:
        target = target_of(work.policy, clock, priority, priorities)
        window = window_of(work.story, clock)
        if target is None or window is None:
            found[clock] = None
        else:
            found[clock] = _course(work, clock, target, *window)
    return found


def _course(work: _Work, clock: str, target: int, start: int, end: int | None) -> Course:
    """Add up one clock from one place of the story to another, or to its end.

    `due` is the earliest instant at which the target is used up, given the pauses up to now (to
    the end, once ended): where that is not within the log, time counts on from its last entry.
    """
    story, seconds, marks, policy, calendar = work
    pauses = policy.pause_in.get(clock, _NEVER)
    last = len(marks) - 1 if end is None else end
    elapsed, used_up = 0, None
    for place in range(start, last):
        status = story.statuses[place]
        if status in pauses or status in DONE:
            continue
        elapsed += marks[place + 1] - marks[place]
        if used_up is None and elapsed >= target:
            used_up = marks[place + 1] - (elapsed - target)
    is_paused = end is None and story.statuses[last] in pauses
    at_risk_at = None
    if used_up is None and not is_paused:
        used_up = marks[last] + target - elapsed
        warn = policy.warn_seconds(target) if end is None else None
        if warn is not None and warn <= elapsed:
            at_risk_at = seconds[last]
        elif warn is not None:
            at_risk_at = _reached(calendar, marks[last] + warn - elapsed)
    return Course(
        seconds[start],
        None if end is None else seconds[end],
        is_paused,
        target,
        elapsed,
        None if used_up is None else _reached(calendar, used_up),
        at_risk_at,
    )


_NEVER: frozenset[str] = frozenset()


def _instant(second: int | None) -> datetime | None:
    return None if second is None else instant_at(second)


def _reached(calendar: Calendar, mark: int) -> int | None:
    try:
        return calendar.earliest_second(mark)
    except ValueError:
        return None
