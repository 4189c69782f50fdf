"""The only place that asks what time it is, and what people mean by `yesterday 18:00`."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo

from desk.domain.dates import FORMS, read_span
from desk.domain.instants import is_in_reach, parse_instant
from desk.errors import UsageError

VARIABLE = "DESK_NOW"


def now() -> datetime:
    """Return the present instant, in UTC and whole seconds, or what DESK_NOW says it is."""
    given = os.environ.get(VARIABLE)
    if not given:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return parse_instant(given)
    except ValueError as error:
        raise UsageError(f"{VARIABLE}: {error}") from None


def is_fixed() -> bool:
    """Tell whether DESK_NOW replaces the clock, and so dates commits too."""
    return bool(os.environ.get(VARIABLE))


def parse_when(text: str, at: datetime, zone: tzinfo, forms: str = FORMS) -> datetime:
    """Read WHEN: ISO dates and instants, `-7d`, `tomorrow`, `yesterday 18:00`, as seen at `at` in
    the workspace's zone. A day means its first instant. UsageError, with the `forms` to write
    instead, for anything else."""
    try:
        when = read_span(text, at, zone, forms)[0]
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not is_in_reach(when):
        raise UsageError(f"`{text}` is out of reach")
    return when
