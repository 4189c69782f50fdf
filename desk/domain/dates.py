"""Dates and moments as people write them: `2026-11`, `yesterday`, `2026-11-22 18:00`, `-7d`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from desk.domain.instants import FIRST_YEAR, LAST_YEAR, parse_duration
from desk.domain.patterns import pattern
from desk.errors import did_you_mean

DAY_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}
"""Days that have a name, and how far they are from today."""

FORMS = "2026-11-22, 2026-11, 2026, today, 2026-11-22T09:30Z or -7d"
"""What to write, for refusals and help."""

_DATE = pattern(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME = pattern(
    r"(?P<day>\d{4}-\d\d-\d\d|[a-z]+)[t ]"
    r"(?P<clock>\d\d:\d\d(?P<second>:\d\d)?)(?:\.\d+)?(?P<zone>z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_SECOND = timedelta(seconds=1)


def is_moment(text: str) -> bool:
    """Tell whether `text` is counted from now to the second: `now`, `-7d`, `+2h`."""
    given = text.strip()
    return given.casefold() == "now" or given[:1] in ("-", "+")


def is_calendar_date(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day in figures, whatever the time is now."""
    return _DATE.fullmatch(text.strip()) is not None


FORMS_AHEAD = "2026-12-01, tomorrow, 2026-12-01 09:30 or +3d"
"""The same, for what lies ahead."""


def read_span(
    text: str, now: datetime, zone: tzinfo, forms: str = FORMS
) -> tuple[datetime, datetime]:
    """Return the span of time that `text` stands for, from its first instant up to the first one
    after it, in UTC.

    A year, a month or a day is all of it in `zone`; a time of day is its minute, or its second
    where it has one, in `zone` unless it names another; what is counted from `now` is a second.
    ValueError, with what to write instead (`forms`), for anything else.
    """
    given = text.strip().casefold()
    try:
        if is_moment(given):
            start = now.astimezone(UTC).replace(microsecond=0) + _offset(given)
            return start, start + _SECOND
        if match := _TIME.fullmatch(given):
            return _time_span(match, now, zone, forms)
        first, last = _days(given, now.astimezone(zone).date(), forms)
        return _midnight(first, zone), _midnight(last, zone)
    except OverflowError:
        raise ValueError(f"`{text}` is out of reach") from None


def _offset(given: str) -> timedelta:
    if given == "now":
        return timedelta()
    seconds = parse_duration(given[1:], days=True)
    return timedelta(seconds=-seconds if given[0] == "-" else seconds)


def _time_span(
    match: re.Match[str], now: datetime, zone: tzinfo, forms: str
) -> tuple[datetime, datetime]:
    day, _ = _days(match["day"], now.astimezone(zone).date(), forms)
    try:
        start = datetime.fromisoformat(f"{day}T{match['clock']}{(match['zone'] or '').upper()}")
    except ValueError:
        raise ValueError(f"`{match[0]}` names a time that does not exist") from None
    if start.tzinfo is None:
        start = start.replace(tzinfo=zone)
    start = start.astimezone(UTC)
    return start, start + (_SECOND if match["second"] else timedelta(minutes=1))


def _days(given: str, today: date, forms: str) -> tuple[date, date]:
    """Return the first day of a date and the first day after it."""
    if given in DAY_WORDS:
        first = today + timedelta(days=DAY_WORDS[given])
        return first, first + timedelta(days=1)
    match = _DATE.fullmatch(given)
    if match is None:
        guess = did_you_mean(given, [*DAY_WORDS, "now"]) if given.isalpha() else ""
        raise ValueError(f"`{given}` is not a date; {guess or f'write {forms}'}")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"years go from {FIRST_YEAR} to {LAST_YEAR}, not to {year}")
    try:
        first = date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no {given} in the calendar") from None
    if match[3]:
        return first, first + timedelta(days=1)
    if match[2]:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
