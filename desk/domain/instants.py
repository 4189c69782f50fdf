"""Instants and spans of time as the files write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from desk.domain.patterns import pattern

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years of instants, in UTC: near the ends of what computers count, zones and sums overflow."""

LAST_INSTANT = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=UTC)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = pattern(r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ", re.ASCII)
_DURATION = pattern(r"(?:\d{1,12}[dhms])+", re.ASCII)
_WEEKS = pattern(r"(\d{1,4})w", re.ASCII)
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_OPEN_UNITS = {"h": 3_600, "m": 60, "s": 1}


def parse_instant(text: str) -> datetime:
    """Read ``2026-11-22T09:34:35Z``, the only form in files; ValueError for any other, and outside
    of the years 1900 to 2199."""
    # The stretch of every third character is a quicker first look than a regular expression.
    is_formed = len(text) == 20 and text[4::3] == "--T::Z" and text[11:13] != "24"
    try:
        at = datetime.fromisoformat(text) if is_formed else None
    except ValueError:
        at = None
    if at is None:
        if _INSTANT.fullmatch(text):
            raise ValueError(f"`{text}` names a date or a time that does not exist")
        raise ValueError(f"`{text}` is not an instant like 2026-11-22T09:34:35Z")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"`{text}` is out of reach: years go from {FIRST_YEAR} to {LAST_YEAR}")
    return at


def is_in_reach(at: datetime) -> bool:
    """Tell whether an instant, in UTC, lies within the years that files and the clock may name."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def second_of(at: datetime) -> int:
    """Return an aware instant in whole seconds since 1970 UTC."""
    since = at - _EPOCH
    return since.days * 86_400 + since.seconds


def instant_at(second: int) -> datetime:
    """Return the instant that is so many seconds after 1970 began, in UTC."""
    return datetime.fromtimestamp(second, UTC)


def format_instant(at: datetime) -> str:
    """Write an aware instant in UTC, whole seconds: ``2026-11-22T09:34:35Z``."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def parse_duration(text: str, days: bool = False) -> int:
    """Read ``90s``, ``15m``, ``4h`` or ``1h30m`` as seconds; ValueError for anything else.

    A ``d`` is wall-clock time (24 hours) and read only with `days`: in a service-level target
    "a day" is eight hours to one reader and twenty-four to another.
    """
    if not _DURATION.fullmatch(text):
        weeks = _WEEKS.fullmatch(text)
        if days and weeks:
            raise ValueError(f"`{text}` counts weeks: write {int(weeks[1]) * 7}d")
        example = "15m, 4h or 3d" if days else "90s, 15m or 4h"
        raise ValueError(f"`{text}` is not a duration like {example}")
    parts = re.findall(r"(\d+)([dhms])", text)
    if not days and any(unit == "d" for _, unit in parts):
        raise ValueError(f"`{text}` counts days, which are not the same to everyone: use hours")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if seconds <= 0:
        raise ValueError(f"`{text}` is no time at all")
    if seconds > 100 * 366 * 86_400:
        raise ValueError(f"`{text}` is longer than a century")
    return seconds


def format_duration(seconds: int) -> str:
    """Write a span of wall-clock time for people, the two largest units: ``3d 4h``, ``45s``."""
    return _sized(seconds, _UNITS, 2)


def format_open(seconds: int, units: int = 2) -> str:
    """Write open time for people, in hours at most (a working day is not the same to everyone):
    ``40h``, ``2h 45m``, with 3 `units` to the second."""
    return _sized(seconds, _OPEN_UNITS, units)


def _sized(seconds: int, sizes: Mapping[str, int], units: int) -> str:
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    parts = []
    for unit, size in sizes.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return sign + (" ".join(parts[:units]) or "0s")
