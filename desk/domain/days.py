"""A calendar's year, date by date, for a person to review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from desk.domain.hours import DAY_SECONDS, Intervals
from desk.domain.opening import Opening
from desk.domain.zone import EPOCH, Change


class ClockChange(NamedTuple):
    """The clocks change: when (UTC), and the offsets before and after in seconds east of UTC."""

    at: datetime
    before: int
    after: int


class Day(NamedTuple):
    """A local date: its hours, and why it has those.

    `name` is a holiday's, where known, even if an exception overrules it; `open_seconds` are those
    that really pass, which differ from the hours where a clock changes within them; `is_skipped`
    says that the clocks passed the whole date by.
    """

    date: date
    intervals: Intervals
    why: Literal["weekday", "holiday", "exception"]
    name: str
    changes: tuple[ClockChange, ...]
    open_seconds: int
    is_skipped: bool = False


def number_of(day: date) -> int:
    """Return how many days a date is after 1970-01-01."""
    return day.toordinal() - EPOCH.toordinal()


def days_of(
    year: int, opening: Opening, holidays: Mapping[date, str], changes: Sequence[Change]
) -> tuple[Day, ...]:
    """Return every date of a year.

    `holidays` are that year's with their names, `changes` the zone's from the year before it to
    the year after.
    """
    shown: dict[int, tuple[ClockChange, ...]] = {}
    for change in changes:
        at = datetime.fromtimestamp(change.at, UTC)
        # The date on which clocks stand at something new, although they jump past its midnight.
        day = (change.at + change.after) // DAY_SECONDS
        shown[day] = (*shown.get(day, ()), ClockChange(at, change.before, change.after))
    stretches = _local_stretches(changes)
    found = []
    for number in range(number_of(date(year, 1, 1)), number_of(date(year + 1, 1, 1))):
        on = date.fromordinal(number + EPOCH.toordinal())
        why: Literal["weekday", "holiday", "exception"] = "weekday"
        hours = opening.week[on.weekday()]
        if on in opening.exceptions:
            why, hours = "exception", opening.exceptions[on]
        elif on in holidays:
            why, hours = "holiday", ()
        midnight, name = number * DAY_SECONDS, holidays.get(on, "")
        seconds = _passing(midnight, hours, stretches)
        is_skipped = not _within(midnight, stretches)
        found.append(Day(on, hours, why, name, shown.get(number, ()), seconds, is_skipped))
    return tuple(found)


def _local_stretches(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """Return the local times between each change and the next, in seconds since 1970: where a
    change skips some they lie in none, where it repeats some in two."""
    starts = [-_FAR, *(change.at + change.after for change in changes)]
    ends = [*(change.at + change.before for change in changes), _FAR]
    return list(zip(starts, ends, strict=True))


def _passing(midnight: int, hours: Intervals, stretches: Sequence[tuple[int, int]]) -> int:
    return sum(
        max(min(midnight + end, high) - max(midnight + start, low), 0)
        for low, high in _within(midnight, stretches)
        for start, end in hours
    )


def _within(midnight: int, stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches that a local date has a part in."""
    return [
        (low, high) for low, high in stretches if low < midnight + DAY_SECONDS and high > midnight
    ]


_FAR = 1 << 40
"""A second farther from 1970 than any that a datetime can name."""
