"""What a calendar's settings say: a zone, a week, holidays and exceptions.

Two forms are read: that of config.yaml, where hours are texts (``09:00-14:00 15:00-18:00``), and
that of the conformance vectors, where they are lists of pairs of times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from desk.domain.hours import DAYS, Intervals, intervals_of, parse_days, parse_intervals
from desk.domain.patterns import pattern
from desk.errors import did_you_mean

KEYS = ("timezone", "hours", "holidays", "exceptions")
HOLIDAY_KEYS = ("country", "subdivision", "dates")

_DATE = pattern(r"\d{4}-\d\d-\d\d", re.ASCII)


class Opening(NamedTuple):
    """The settings of a calendar, read and checked; `week` begins on monday."""

    timezone: str
    week: tuple[Intervals, ...]
    country: str = ""
    subdivision: str = ""
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, Intervals] = {}


def read_opening(mapping: Mapping[str, object]) -> Opening:
    """Read the mapping of a calendar in either form; ValueError in one sentence for a fault."""
    _known(mapping, KEYS, "a calendar")
    timezone = mapping.get("timezone")
    if not isinstance(timezone, str) or not timezone:
        raise ValueError("the calendar has no `timezone`: write it like Europe/Madrid or UTC")
    week = _week(mapping.get("hours"))
    exceptions = _exceptions(mapping.get("exceptions"))
    if not any(week) and not any(exceptions.values()):
        raise ValueError(
            "the calendar is never open: give a day of its `hours` some, like mon-fri: 09:00-17:00"
        )
    country, subdivision, dates = _holidays(mapping.get("holidays"))
    return Opening(timezone, week, country, subdivision, dates, exceptions)


def parse_date(text: object) -> date:
    """Read ``2026-12-24``; ValueError for anything else."""
    if type(text) is date:
        return text
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise ValueError(f"`{text}` is not a date: write it like 2026-12-24")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text}` is a date that does not exist") from None


def _week(given: object) -> tuple[Intervals, ...]:
    if not isinstance(given, Mapping):
        raise ValueError("the calendar has no `hours`: write them like mon-fri: 09:00-17:00")
    week: dict[int, Intervals] = {}
    for key, hours in given.items():
        for day in parse_days(str(key)):
            if day in week:
                raise ValueError(f"{DAYS[day]} has hours twice: name each day once")
            week[day] = _hours(hours)
    return tuple(week.get(day, ()) for day in range(7))


def _exceptions(given: object) -> dict[date, Intervals]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError("`exceptions` are dates with their hours, like 2026-12-31: 09:00-12:00")
    return {parse_date(key): _hours(hours) for key, hours in given.items()}


def _hours(given: object) -> Intervals:
    if isinstance(given, str):
        return parse_intervals(given)
    pairs: list[tuple[str, str]] = []
    for pair in _list(given, "hours", "09:00-14:00 15:00-18:00, or `closed`"):
        match pair:
            case [str(start), str(end)]:
                pairs.append((start, end))
            case _:
                raise ValueError(f"`{pair}` is not a pair of times like 09:00 and 14:00")
    return intervals_of(pairs)


def _holidays(given: object) -> tuple[str, str, frozenset[date]]:
    if given is None:
        return "", "", frozenset()
    if not isinstance(given, Mapping):
        return "", "", _dates(given)
    _known(given, HOLIDAY_KEYS, "`holidays`")
    country, subdivision = (_text(given, key) for key in ("country", "subdivision"))
    if subdivision and not country:
        raise ValueError(f"the subdivision `{subdivision}` has no `country` beside it: name one")
    dates = given.get("dates")
    return country, subdivision, _dates(dates) if dates is not None else frozenset()


def _dates(given: object) -> frozenset[date]:
    return frozenset(parse_date(text) for text in _list(given, "holidays", "[2026-12-24]"))


def _text(mapping: Mapping[object, object], key: str) -> str:
    value = mapping.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"`{key}` of `holidays` is one word, like ES")
    return value


def _list(given: object, what: str, example: str) -> Sequence[object]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return given
    raise ValueError(f"`{given}` is no list of {what}: write them like {example}")


def _known(mapping: Mapping[str, object], keys: Sequence[str], where: str) -> None:
    for key in mapping:
        if key not in keys:
            hint = did_you_mean(str(key), keys) or f"there are {', '.join(keys)}"
            raise ValueError(f"unknown key `{key}` in {where}: {hint}")
