"""Colours and measures of the screen, in plain escape sequences: no library to load."""

from __future__ import annotations

import unicodedata
from datetime import datetime, tzinfo

from desk.domain.fields import FIELD
from desk.domain.instants import format_duration, format_instant, parse_instant

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}

STATUS_STYLES = {
    "new": "magenta",
    "open": "green",
    "waiting": "yellow",
    "hold": "yellow",
    "resolved": "dim",
    "closed": "dim",
}


def styled(text: str, style: str, has_color: bool) -> str:
    """Return the text in a style, or as it is."""
    if not has_color or not style or not text:
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def display_width(text: str) -> int:
    """Return how many columns a single-line text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def shortened(text: str, width: int) -> str:
    """Return the text within so many columns, with an ellipsis where it was cut."""
    if display_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if display_width(kept + character) > width - 1:
            break
        kept += character
    return f"{kept}…"


def padded(text: str, width: int) -> str:
    """Return the text with blanks after it, so that it takes `width` columns."""
    return text + " " * max(0, width - display_width(text))


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago an instant was, in its largest unit: `3d`, `2h`; `now` where it is within
    a minute, before or after (as an entry may be that followed another one at once)."""
    seconds = int((now - at).total_seconds())
    if abs(seconds) < 60:
        return "now"
    length = format_duration(abs(seconds)).split(" ")[0]
    return f"in {length}" if seconds < 0 else length


def local(at: datetime, zone: tzinfo, form: str = "%Y-%m-%d %H:%M") -> str:
    """Return an instant as the workspace's people read it: `2026-11-22 10:34`; where the clocks
    show that time twice, with the name of the zone's time that is meant."""
    there = at.astimezone(zone)
    shown = there.strftime(form)
    is_repeated = there.utcoffset() != there.replace(fold=not there.fold).utcoffset()
    return f"{shown} {there.tzname()}" if is_repeated else shown


def local_value(key: str, value: str, zone: tzinfo) -> str:
    """Return a field's value as people read it: an instant in their zone, others as they are."""
    if not value or key not in FIELD or FIELD[key].kind != "instant":
        return value
    try:
        return local(parse_instant(value), zone)
    except ValueError:  # a heading that somebody wrote by hand
        return value


def iso(at: datetime | None) -> str:
    """Return an instant for programs, empty where there is none."""
    return format_instant(at) if at else ""
