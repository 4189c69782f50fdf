"""Open time added up: how many seconds a desk has been open at an instant, and the inverse.

Time falls into stretches. Within one the zone's offset is constant and either the same week of
hours goes round, or it is one special day (a holiday or an exception) with its own; so the open
seconds up to an instant are those of whole weeks, plus those of the week begun, plus a number that
is fixed for the stretch. Both directions are two bisections and a sum, however far apart two
instants lie.

Instants are in seconds since 1970 UTC, days are counted from 1970-01-01, in local time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from desk.domain.hours import DAY_SECONDS, Intervals
from desk.domain.zone import Change

_WEEK_SECONDS = 7 * DAY_SECONDS
_MONDAY = 3 * DAY_SECONDS
"""How far 1970-01-01, a thursday, is into its week."""


class NeverOpen(ValueError):
    """There is no such second: no day that is left has any hours."""


class Hours(NamedTuple):
    """A week or a day, piece by piece: where each piece of open time begins, how much of it there
    was before, and how long it is. The first piece is an empty one at 0, so that there is always
    one to find; `total` is the open time of the whole."""

    starts: list[int]
    before: list[int]
    lengths: list[int]
    total: int


def hours_of(days: Sequence[Intervals]) -> Hours:
    """Lay the hours of successive days end to end."""
    starts, before, lengths, total = [0], [0], [0], 0
    for number, intervals in enumerate(days):
        for start, end in intervals:
            starts.append(number * DAY_SECONDS + start)
            before.append(total)
            lengths.append(end - start)
            total += end - start
    return Hours(starts, before, lengths, total)


class Timetable(NamedTuple):
    """The stretches, in order: `hours[n]` hold before the instant `ends[n]`, the last for ever.

    `adds[n]` leads from an instant to the second of the week (or of the special day), `shifts[n]`
    from the open seconds counted from there to those of the table, which are `opens[n]` at
    `ends[n]`.
    """

    ends: list[int]
    opens: list[int]
    hours: list[Hours]
    adds: list[int]
    shifts: list[int]

    def open_at(self, second: int) -> int:
        """Return the open seconds before an instant, counted from some instant long ago."""
        return self.open_at_each((second,))[0]

    def open_at_each(self, seconds: Iterable[int]) -> list[int]:
        """Return the same of several instants; quicker than one by one."""
        ends, _, all_hours, adds, shifts = self
        found = []
        for second in seconds:
            stretch = bisect_right(ends, second)
            starts, before, lengths, total = all_hours[stretch]
            weeks, second = divmod(second + adds[stretch], _WEEK_SECONDS)
            piece = bisect_right(starts, second) - 1
            within = second - starts[piece]
            if within > lengths[piece]:
                within = lengths[piece]
            found.append(weeks * total + before[piece] + within + shifts[stretch])
        return found

    def second_of(self, index: int) -> int:
        """Return the instant that is open and has `index` open seconds before it."""
        stretch = bisect_right(self.opens, index)
        starts, before, _, total = self.hours[stretch]
        if not total:
            raise NeverOpen
        weeks, rest = divmod(index - self.shifts[stretch], total)
        piece = bisect_right(before, rest) - 1
        second = weeks * _WEEK_SECONDS + starts[piece] + rest - before[piece]
        return second - self.adds[stretch]


def timetable(
    week: Sequence[Intervals],
    special: Mapping[int, Intervals],
    offset: int,
    changes: Sequence[Change],
    zero: int,
) -> Timetable:
    """Build the table of a week (monday first) and of the days that have other hours instead, in a
    zone that has `offset` before the first of these changes.

    `zero` is the instant at which the open seconds are 0.
    """
    usual = hours_of(week)
    days = sorted(day for day in special if special[day] != week[(day + 3) % 7])
    other = {day: hours_of([special[day]]) for day in days}
    table = Timetable([], [], [usual], [offset + _MONDAY], [0])
    since = None
    for until, after in [*((change.at, change.after) for change in changes), (None, None)]:
        # A special day is cut where the clocks change within it, and left out where they skip it.
        low = 0 if since is None else bisect_left(days, (since + offset) // DAY_SECONDS)
        high = (
            len(days) if until is None else bisect_right(days, (until + offset - 1) // DAY_SECONDS)
        )
        for day in days[low:high]:
            start = day * DAY_SECONDS - offset
            _begin(table, start if since is None else max(start, since), -start, other[day])
            end = start + DAY_SECONDS
            _begin(table, end if until is None else min(end, until), offset + _MONDAY, usual)
        if until is not None and after is not None:
            _begin(table, until, after + _MONDAY, usual)
            since, offset = until, after
    start = table.open_at(zero)
    return table._replace(
        opens=[total - start for total in table.opens],
        shifts=[shift - start for shift in table.shifts],
    )


def _begin(table: Timetable, at: int, add: int, hours: Hours) -> None:
    """Add a stretch, at whose first instant as much time has been open as before."""
    here = table.open_at(at)
    table.ends.append(at)
    table.opens.append(here)
    table.hours.append(hours)
    table.adds.append(add)
    table.shifts.append(0)
    table.shifts[-1] = here - table.open_at(at)
