"""Time zones: their names, and the instants at which their clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from desk.errors import did_you_mean

FIRST_YEAR, LAST_YEAR = 1900, 2300
"""The years whose clock changes are looked up. Before and after them the offset is the one at the
nearer end, so that arithmetic on any instant has an answer."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)

_STEP = timedelta(days=2)
"""How far apart a zone is probed. Two changes that cancel each other within one step would go
unseen; the two nearest since 1900 are four days apart (Freetown, 1939), since 1970 seven, and a
test reads the zone files to see that it stays so."""


class Change(NamedTuple):
    """A zone's offset from UTC becomes another: `at` in seconds since 1970 UTC, the offsets in
    seconds east of UTC."""

    at: int
    before: int
    after: int


def zone_named(name: str) -> tzinfo:
    """Return the time zone ``Europe/Madrid``; ValueError with the nearest name for an unknown."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # Not only ZoneInfoNotFoundError: `Europe` is a directory, `../x` no key, both real typos.
        hint = did_you_mean(name, _zone_names()) or "write it like Europe/Madrid or UTC"
        raise ValueError(f"`{name}` is not a time zone: {hint}") from None


def _zone_names() -> list[str]:
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def offset_at(zone: tzinfo, second: int) -> int:
    """Return the zone's offset, in seconds east of UTC, at a second since 1970 UTC."""
    return _offset(zone, EPOCH + timedelta(seconds=second)) // _SECOND


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


@lru_cache(maxsize=4096)
def changes_in(zone: tzinfo, year: int) -> tuple[Change, ...]:
    """Return the changes of one year of UTC, in order.

    The standard library tells a zone's offset at an instant but not when it changes, so offsets
    two days apart are compared, and a difference is narrowed down to its second.
    """
    # A change in the very first second belongs to this year: begin one second before it.
    start = datetime(year, 1, 1, tzinfo=UTC) - _SECOND
    end = datetime(year + 1, 1, 1, tzinfo=UTC) - _SECOND
    probes = [start + _STEP * number for number in range(-((start - end) // _STEP))] + [end]
    offsets = [probe.astimezone(zone).utcoffset() for probe in probes]
    found: list[Change] = []
    for place in range(1, len(probes)):
        if offsets[place] != offsets[place - 1]:
            found += _between(zone, probes[place - 1], probes[place])
    return tuple(found)


def _between(zone: tzinfo, start: datetime, end: datetime) -> list[Change]:
    before, after = _offset(zone, start), _offset(zone, end)
    if before == after:
        return []
    if end - start == _SECOND:
        return [Change((end - EPOCH) // _SECOND, before // _SECOND, after // _SECOND)]
    middle = start + (end - start) // 2 // _SECOND * _SECOND
    return _between(zone, start, middle) + _between(zone, middle, end)
