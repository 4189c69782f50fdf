"""Periods of time: days, weeks and months of a time zone, and the period before another."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.report.rows import FOREVER

Every: TypeAlias = Literal["day", "week", "month"]
EVERY: tuple[Every, ...] = ("day", "week", "month")

MOST_PERIODS = 10_000
"""More than these nobody reads."""

_LONG_AGO = -FOREVER
_FEW_DAYS, _FEW_WEEKS = 31, 200


class Period(NamedTuple):
    """Time from `since` (None: from the beginning) up to `until`, which is out (None: up to now,
    which is in)."""

    since: datetime | None
    until: datetime | None

    def start(self) -> int:
        """Return the second from which it goes."""
        return _LONG_AGO if self.since is None else int(self.since.timestamp())

    def end(self, now: datetime) -> int:
        """Return the second at which it is over: nothing later than `now` has happened yet."""
        after_now = int(now.timestamp()) + 1
        return after_now if self.until is None else min(int(self.until.timestamp()), after_now)


class Slices(NamedTuple):
    """A period cut into days, weeks or months: `starts[n]` to `ends[n]` is what `labels[n]` says,
    as far as it lies within the period. An instant lies in the slice that `place` tells."""

    labels: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, at: int) -> int:
        """Return the place of the slice that an instant within the period lies in."""
        return bisect_right(self.starts, at) - 1


def whole(start: int, end: int) -> Slices:
    """Return a period as one slice."""
    return Slices(("",), (start,), (end,))


def slices(start: int, end: int, every: Every, zone: tzinfo) -> Slices:
    """Cut the time from `start` to `end` into the days, weeks or months of a time zone; ValueError
    for more than `MOST_PERIODS`."""
    labels: list[str] = []
    starts: list[int] = []
    day = _first_day(datetime.fromtimestamp(start, zone).date(), every)
    while True:
        at = max(day_start(day, zone), start)
        if at >= end and labels:
            break
        if len(labels) == MOST_PERIODS:
            raise ValueError(f"there are more than {MOST_PERIODS:,} of each {every}")
        labels.append(label_of(day, every))
        starts.append(at)
        day = _next_day(day, every)
    return Slices(tuple(labels), tuple(starts), (*starts[1:], end))


def every_for(start: int, end: int) -> Every:
    """Return by what a period is best cut where nobody says: so that the slices fit a screen."""
    days = (end - start) // 86_400
    if days <= _FEW_DAYS:
        return "day"
    return "week" if days <= _FEW_WEEKS else "month"


def day_start(day: date, zone: tzinfo) -> int:
    """Return the first second of a local date."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def month_start(at: datetime, zone: tzinfo) -> datetime:
    """Return the first instant of the month that an instant lies in."""
    first = at.astimezone(zone).date().replace(day=1)
    return datetime.fromtimestamp(day_start(first, zone), UTC)


def label_of(day: date, every: str) -> str:
    """Name the day, week, month, quarter or year that a date lies in: `2026-11-22`, `2026-W47`,
    `2026-11`, `2026-Q4`, `2026`."""
    match every:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        case "month":
            return f"{day.year:04d}-{day.month:02d}"
        case "quarter":
            return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return f"{day.year:04d}"


def _first_day(day: date, every: Every) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def _next_day(day: date, every: Every) -> date:
    if every == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=7 if every == "week" else 1)


def before(period: Period, now: datetime, zone: tzinfo) -> Period:
    """Return the period of the same length just before: as many months where both ends are first
    days of months, as many days where they are days, else as many seconds. ValueError for one
    without a beginning."""
    if period.since is None:
        raise ValueError("a period without a beginning has none before it")
    until = period.until if period.until is not None and period.until <= now else None
    first, last = _local_day(period.since, zone), until and _local_day(until, zone)
    if first is None or last is None or until is None:
        length = (until or now) - period.since
        return Period(period.since - length, period.since)
    if first.day == last.day == 1:
        months = 12 * (last.year - first.year) + last.month - first.month
        count = 12 * first.year + first.month - 1 - months
        start = date(count // 12, count % 12 + 1, 1)
    else:
        start = first - (last - first)
    return Period(datetime.fromtimestamp(day_start(start, zone), UTC), period.since)


def last_days(days: int, until: datetime | None, now: datetime, zone: tzinfo) -> Period:
    """Return the period of so many local days that ends at an instant (None, or later than now: now
    itself), its own day included."""
    end = now if until is None or until > now else until
    last = (end - timedelta(seconds=0 if end is now else 1)).astimezone(zone).date()
    start = day_start(last - timedelta(days=days - 1), zone)
    return Period(datetime.fromtimestamp(start, UTC), until)


def _local_day(at: datetime, zone: tzinfo) -> date | None:
    """Return the local date that begins at an instant, None where none does."""
    day = at.astimezone(zone).date()
    return day if day_start(day, zone) == int(at.timestamp()) else None


def query_range(field: str, period: Period, zone: tzinfo) -> str:
    """Return the term of a query that finds what lies in a period, "" for all time: dates where the
    period begins and ends with days, else instants; both ends of a range are included."""
    if period.since is None and period.until is None:
        return ""
    first = _written(period.since, zone, 0) if period.since else ""
    last = _written(period.until, zone, 1) if period.until else ""
    return f"{field}:{first}" if first == last else f"{field}:{first}..{last}"


def _written(at: datetime, zone: tzinfo, less: int) -> str:
    day = _local_day(at, zone)
    if day is not None:
        return (day - timedelta(days=less)).isoformat()
    return f"{at.astimezone(UTC) - timedelta(seconds=less):%Y-%m-%dT%H:%M:%SZ}"
