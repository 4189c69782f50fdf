"""Opening hours as config.yaml writes them: the days of the week, and the hours of a day."""

from __future__ import annotations

import re
from typing import TypeAlias

from desk.domain.patterns import pattern
from desk.errors import did_you_mean

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
DAY_SECONDS = 86_400

Intervals: TypeAlias = tuple[tuple[int, int], ...]
"""The hours of a day: [from, to) in seconds of the local day, in order, none of them empty."""

_TIME = pattern(r"(\d\d):(\d\d)", re.ASCII)


def parse_days(text: str) -> tuple[int, ...]:
    """Read ``mon``, ``mon-fri``, ``sat,sun`` or ``mon-tue,thu`` as numbers, monday being 0.

    The days come in the order of the week. ValueError for anything else, for a range that runs
    past sunday, and for a day that is named twice.
    """
    found: list[int] = []
    for part in text.split(","):
        first, hyphen, last = (piece.strip() for piece in part.partition("-"))
        start = _day_number(first, text)
        end = _day_number(last, text) if hyphen else start
        if end < start or (hyphen and end == start):
            raise ValueError(
                f"`{part.strip()}` is not a range of days within one week, monday to sunday: "
                "write it like mon-fri, or day by day like fri,sat,mon"
            )
        for number in range(start, end + 1):
            if number in found:
                raise ValueError(f"`{text}` names {DAYS[number]} twice: name each day once")
            found.append(number)
    return tuple(sorted(found))


def _day_number(name: str, text: str) -> int:
    if name in DAYS:
        return DAYS.index(name)
    guess = did_you_mean(name, DAYS)
    whole = f" in `{text}`" if name != text else ""
    raise ValueError(
        f"`{name}`{whole} is not a day: {guess or 'write mon, mon-fri, sat,sun or mon-tue,thu'}"
    )


def parse_intervals(text: str) -> Intervals:
    """Read ``09:00-14:00 15:00-18:00`` as [from, to) in seconds of the local day; ``closed`` is ().

    ValueError for hours that overlap, run backward, are out of order or empty. ``24:00`` ends a
    day; one interval may begin where the one before it ends.
    """
    if text.strip() == CLOSED:
        return ()
    pairs = []
    for part in text.split():
        start, hyphen, end = part.partition("-")
        if not hyphen:
            raise ValueError(f"`{part}` is not a span of hours: write it like 09:00-14:00")
        pairs.append((start, end))
    if not pairs:
        raise ValueError("there are no hours: write them like 09:00-14:00 15:00-18:00, or `closed`")
    return intervals_of(pairs)


def intervals_of(pairs: list[tuple[str, str]]) -> Intervals:
    """Read pairs of ``HH:MM`` as the hours of a day; ValueError as for `parse_intervals`."""
    found: list[tuple[int, int]] = []
    shown = [f"{start}-{end}" for start, end in pairs]
    for place, (start_text, end_text) in enumerate(pairs):
        start, end = _second_of(start_text), _second_of(end_text)
        if start == DAY_SECONDS:
            raise ValueError(
                f"`{shown[place]}` begins at 24:00, which only ends a day: a day begins at 00:00"
            )
        if start == end:
            raise ValueError(
                f"`{shown[place]}` is empty: the end comes after the start, like 09:00-14:00"
            )
        if end < start:
            raise ValueError(
                f"`{shown[place]}` runs backward: write the earlier time first, and hours past "
                "midnight as 24:00 here and from 00:00 on the next day"
            )
        if found and start < found[-1][1]:
            fault = "overlaps" if end > found[-1][0] else "comes before"
            raise ValueError(
                f"`{shown[place]}` {fault} `{shown[place - 1]}`: write the hours of a day apart "
                "and in order, like 09:00-14:00 15:00-18:00"
            )
        found.append((start, end))
    return tuple(found)


def _second_of(text: str) -> int:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not a time of day: write HH:MM, like 09:00")
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(f"`{text}` is not a time of day: they go from 00:00 to 24:00")
    return hour * 3_600 + minute * 60


def format_intervals(intervals: Intervals) -> str:
    """Write the hours of a day as config.yaml does; a day without any is ``closed``."""
    return " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in intervals) or CLOSED


def _clock(second: int) -> str:
    return f"{second // 3_600:02}:{second % 3_600 // 60:02}"
