"""Calendars: when a desk is open, and arithmetic on the time that it is.

An instant is open if and only if its local wall time lies in the hours of its local date:
exceptions before holidays before the weekday. All sums are of real elapsed seconds, so a local
time that a clock change skips does not exist and one that it repeats counts twice.
docs/adr/0003-time.md says how the arithmetic works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NoReturn, TypeAlias

from desk.domain.days import Day, days_of, number_of
from desk.domain.hours import DAY_SECONDS, Intervals
from desk.domain.opening import Opening, read_opening
from desk.domain.timetable import NeverOpen, Timetable, timetable
from desk.domain.zone import EPOCH, FIRST_YEAR, LAST_YEAR, Change, changes_in, offset_at, zone_named

HolidaysOf: TypeAlias = Callable[[str, str | None, int], Iterable[date]]
"""(country, subdivision or None, year) -> the holidays of that year; where it returns a mapping,
its values are their names."""

Span: TypeAlias = tuple[datetime, datetime]

_SECOND = timedelta(seconds=1)
_DECADE = 3_652 * DAY_SECONDS
_SHUT = "the calendar has no open time left in that direction: look at its hours and holidays"


class Calendar:
    """Opening hours in a time zone, with holidays and exceptions.

    Takes aware datetimes (fractions of a second are cut off), gives UTC datetimes and whole
    seconds. ValueError for a naive datetime, for negative seconds, and where the answer lies
    beyond all time that is open.

    Holidays and clock changes are looked up by year, when first needed, for 1900 to 2300; beyond
    those the week and the listed dates alone decide.
    """

    __slots__ = (
        "_exceptions",
        "_from",
        "_holidays_by_year",
        "_holidays_of",
        "_opening",
        "_table",
        "_until",
        "_years",
        "_zero",
        "_zone",
    )

    def __init__(self, opening: Opening, holidays: HolidaysOf | None = None) -> None:
        if opening.country and holidays is None:
            raise ValueError(
                f"the holidays of `{opening.country}` are not known here: list their dates, or "
                "hand in a function that knows them"
            )
        self._opening = opening
        self._zone = zone_named(opening.timezone)
        self._holidays_of = holidays
        self._holidays_by_year: dict[int, dict[date, str]] = {}
        self._exceptions = {number_of(day): hours for day, hours in opening.exceptions.items()}
        self._years: tuple[int, int] | None = None
        self._zero = self._from = self._until = 0
        self._table: Timetable

    @classmethod
    def from_config(
        cls, mapping: Mapping[str, object], holidays: HolidaysOf | None = None
    ) -> Calendar:
        """Build a calendar from its mapping in config.yaml, or from a vector's.

        `holidays` knows the holidays of countries; without it a `country` is a ValueError, as is
        whatever else is wrong, in one sentence.
        """
        return cls(read_opening(mapping), holidays)

    @property
    def timezone(self) -> str:
        """The name of the time zone."""
        return self._opening.timezone

    @property
    def zone(self) -> tzinfo:
        """The time zone, to show local times in."""
        return self._zone

    def add(self, at: datetime, seconds: int, excluding: Iterable[Span] = ()) -> datetime:
        """Return the earliest instant with that many open seconds between `at` and it.

        `excluding` are spans [from, to) that count as closed. Landing on closing time stays there;
        0 seconds give the instant itself.
        """
        if not _needs_adding(at, seconds):
            return at.astimezone(UTC)
        here = self.open_seconds(at)
        for start, end in self._closed_marks(excluding):
            if end <= here:
                continue
            if here + seconds <= start:
                break
            seconds -= max(start - here, 0)
            here = end
        return self.earliest(here + seconds)

    def subtract(self, at: datetime, seconds: int, excluding: Iterable[Span] = ()) -> datetime:
        """Return the latest instant with that many open seconds between it and `at`.

        Landing on opening time stays there; 0 seconds give the instant itself.
        """
        if not _needs_adding(at, seconds):
            return at.astimezone(UTC)
        here = self.open_seconds(at)
        for start, end in reversed(self._closed_marks(excluding)):
            if start >= here:
                continue
            if here - seconds >= end:
                break
            seconds -= max(here - end, 0)
            here = start
        return self.latest(here - seconds)

    def between(self, at: datetime, until: datetime, excluding: Iterable[Span] = ()) -> int:
        """Return the open seconds in [at, until), 0 where `until` is not later."""
        start, end = self.open_seconds(at), self.open_seconds(until)
        total = end - start
        for low, high in self._closed_marks(excluding):
            total -= max(min(high, end) - max(low, start), 0)
        return max(total, 0)

    def next_open(self, at: datetime) -> datetime:
        """Return `at` where it is open, else the next opening."""
        return self.latest(self.open_seconds(at))

    def previous_close(self, at: datetime) -> datetime:
        """Return `at` where it is open just before it, else the previous closing."""
        return self.earliest(self.open_seconds(at))

    def open_seconds(self, at: datetime) -> int:
        """Return how many seconds the desk has been open by then.

        Counted from an instant of this object's own choosing: only the difference of two such
        numbers of one and the same Calendar means anything. It never falls as `at` rises.
        """
        try:
            second = (at - EPOCH) // _SECOND
        except TypeError:
            _refuse_naive(at)
        if not self._from <= second < self._until:
            self._load(second)
        return self._table.open_at(second)

    def marks(self, seconds: Sequence[int]) -> list[int]:
        """Return the `open_seconds` of instants in seconds since 1970 UTC; quicker than one by
        one."""
        for second in (min(seconds), max(seconds)) if seconds else ():
            if not self._from <= second < self._until:
                self._load(second)
        return self._table.open_at_each(seconds)

    def earliest(self, open_seconds: int) -> datetime:
        """Return the first instant at which `open_seconds` is that number."""
        return _instant(self.earliest_second(open_seconds))

    def earliest_second(self, open_seconds: int) -> int:
        """Return the same in seconds since 1970 UTC."""
        return self._second_of(open_seconds - 1) + 1

    def latest(self, open_seconds: int) -> datetime:
        """Return the last instant at which `open_seconds` is still that number."""
        return _instant(self._second_of(open_seconds))

    def days(self, year: int) -> tuple[Day, ...]:
        """Return every date of a year with its hours and where they come from."""
        if not FIRST_YEAR < year < LAST_YEAR:
            raise ValueError(
                f"{year} is out of reach: name a year from {FIRST_YEAR + 1} to {LAST_YEAR - 1}"
            )
        near = (year - 1, year, year + 1)
        changes = [change for each in near for change in changes_in(self._zone, each)]
        listed = dict.fromkeys(self._opening.holidays, "")
        return days_of(year, self._opening, listed | self._holidays_in(year), changes)

    def _closed_marks(self, spans: Iterable[Span]) -> list[tuple[int, int]]:
        """Return the spans in open seconds, in order and apart; the empty ones are left out."""
        found: list[tuple[int, int]] = []
        marks = [(self.open_seconds(start), self.open_seconds(end)) for start, end in spans]
        for start, end in sorted(marks):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            elif start < end:
                found.append((start, end))
        return found

    def _second_of(self, index: int) -> int:
        if self._years is None:
            self._load(0)
        more = 0
        while True:
            try:
                second = self._table.second_of(index)
            except NeverOpen:
                raise ValueError(_SHUT) from None
            low, high = self._from, self._until
            # Beyond the years that are looked up at all, the week alone decides.
            if low <= second < high or not self._load(second, more):
                return second
            if self._is_shut(high, self._until) or self._is_shut(self._from, low):
                raise ValueError(_SHUT)
            more = 2 * more + 1

    def _is_shut(self, start: int, end: int) -> bool:
        """Tell whether a decade or more goes by without any open time: holidays that never end,
        after which the week would only seem to open."""
        return end - start >= _DECADE and self._table.open_at(start) == self._table.open_at(end)

    def _load(self, second: int, more: int = 0) -> bool:
        """Look up the years around an instant, and `more` beyond them on that side.

        Tell whether there were any left. What `open_seconds` gave before stays in force.
        """
        second = min(max(second, _start_of(FIRST_YEAR)), _start_of(LAST_YEAR + 1) - 1)
        # Local dates reach into the UTC years beside their own, by less than a day.
        low = max(_instant(second - DAY_SECONDS).year, FIRST_YEAR)
        high = min(_instant(second + DAY_SECONDS).year, LAST_YEAR)
        if self._years is None:
            self._zero = second
            first, last = low, high
        else:
            first, last = self._years
            if low < first:
                first = max(low - more, FIRST_YEAR)
            if high > last:
                last = min(high + more, LAST_YEAR)
        if self._years == (first, last):
            return False
        holidays = set(self._opening.holidays)
        changes: list[Change] = []
        for year in range(first, last + 1):
            holidays.update(self._holidays_in(year))
            changes += changes_in(self._zone, year)
        special: dict[int, Intervals] = {number_of(day): () for day in holidays}
        special |= self._exceptions
        self._table = timetable(
            self._opening.week,
            special,
            offset_at(self._zone, _start_of(first) - 1),
            changes,
            self._zero,
        )
        self._from = _start_of(first) + DAY_SECONDS
        self._until = _start_of(last + 1) - DAY_SECONDS
        self._years = first, last
        return True

    def _holidays_in(self, year: int) -> dict[date, str]:
        """Return the country's holidays of a year with their names, empty where unknown."""
        country, subdivision = self._opening.country, self._opening.subdivision
        if self._holidays_of is None or not country:
            return {}
        if year not in self._holidays_by_year:
            found = self._holidays_of(country, subdivision or None, year)
            names = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
            self._holidays_by_year[year] = {
                day: str(name) for day, name in names.items() if day.year == year
            }
        return self._holidays_by_year[year]


def _start_of(year: int) -> int:
    return number_of(date(year, 1, 1)) * DAY_SECONDS


def _instant(second: int) -> datetime:
    try:
        return datetime.fromtimestamp(second, UTC)
    except (OverflowError, ValueError, OSError):
        raise ValueError("the answer lies outside the years 1 to 9999") from None


def _needs_adding(at: datetime, seconds: int) -> bool:
    if at.utcoffset() is None:
        _refuse_naive(at)
    if seconds < 0:
        raise ValueError(f"{seconds} seconds are less than none: use the opposite direction")
    return seconds > 0


def _refuse_naive(at: object) -> NoReturn:
    raise ValueError(f"`{at}` has no time zone: give an instant in UTC, or in a zone of its own")
