"""The calendars of config.yaml: opening hours, holidays and exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from desk.domain.config.nodes import Text
from desk.domain.config.reading import Section, parsed, section_of
from desk.domain.hours import DAYS, parse_days, parse_intervals
from desk.domain.opening import parse_date
from desk.domain.zone import zone_named

HolidayCheck: TypeAlias = Callable[[str, str], str]
"""Tell what is wrong with a country and a subdivision (which may be empty), in one sentence;
empty where there are holidays for them."""


_LOCAL_ZONES = ("localtime", "posixrules", "Factory")
_LOCAL_FOLDERS = ("posix/", "right/")
"""What a system's own zone files add to the names of IANA, or count leap seconds in."""


def parse_zone(text: str) -> str:
    """Return the name of a time zone that is the same everywhere; ValueError for any other."""
    if text in _LOCAL_ZONES or text.startswith(_LOCAL_FOLDERS):
        raise ValueError(f"`{text}` is not the same on every machine: name one like Europe/Madrid")
    zone_named(text)
    return text


def read_zone(section: Section, default: str) -> str:
    """Return a section's `timezone`, known to be one."""
    return section.parsed("timezone", parse_zone) or default


def read_calendars(
    root: Section, timezone: str, holidays: HolidayCheck
) -> dict[str, Mapping[str, object]]:
    """Read `calendars`, each as it was written, with its time zone filled in."""
    return {
        name.text: calendar
        for name, node in root.named("calendars")
        if (section := section_of(node, f"calendars.{name.text}", root.problems, "calendars.NAME"))
        for calendar in [_calendar(section, timezone, holidays)]
    }


def _calendar(section: Section, timezone: str, holidays: HolidayCheck) -> dict[str, object]:
    calendar: dict[str, object] = {
        "timezone": read_zone(section, timezone),
        "hours": _hours(section),
    }
    days_off = section.section("holidays", "calendars.NAME.holidays")
    if days_off is not None:
        calendar["holidays"] = _holidays(days_off, holidays)
    exceptions = section.section("exceptions")
    if exceptions is not None:
        for day in exceptions.keys.values():
            parsed(day, exceptions.name, parse_date, section.problems)
        calendar["exceptions"] = _spans(exceptions)
    return calendar


def _hours(calendar: Section) -> dict[str, str]:
    section = calendar.section("hours")
    if section is None:
        return {}
    taken: dict[int, str] = {}
    for key in section.keys.values():
        for day in parsed(key, section.name, parse_days, section.problems) or ():
            if day in taken:
                message = f"`{section.name}`: `{taken[day]}` and `{key.text}` both name {DAYS[day]}"
                section.problems.add(key, "twice", message)
            taken.setdefault(day, key.text)
    hours = _spans(section)
    if len(hours) == len(section.keys) and not any(map(parse_intervals, hours.values())):
        message = f"`{section.name}` is an empty week: open on one day at least"
        section.problems.add(section.at, "value", message)
    return hours


def _spans(section: Section) -> dict[str, str]:
    """Return the keys whose hours can be read."""
    return {
        key: section.text(key)
        for key in section.values
        if section.parsed(key, parse_intervals) is not None
    }


def _holidays(section: Section, check: HolidayCheck) -> dict[str, object]:
    country, subdivision = section.scalar("country"), section.scalar("subdivision")
    found: dict[str, object] = {}
    if country is not None:
        found["country"] = country.text
        _check_country(section, check, country, subdivision)
    elif subdivision is not None:
        message = f"`{section.path('country')}` is missing: the subdivision is of which country?"
        section.problems.add(subdivision, "missing", message)
    if subdivision is not None:
        found["subdivision"] = subdivision.text
    dates = section.texts("dates") or ()
    for day in dates:
        parsed(day, section.path("dates"), parse_date, section.problems)
    found["dates"] = [day.text for day in dates]
    return found


def _check_country(
    section: Section, check: HolidayCheck, country: Text, subdivision: Text | None
) -> None:
    fault = check(country.text, "")
    if fault:
        section.problems.add(country, "unknown", f"`{section.path('country')}`: {fault}")
    elif subdivision is not None and (fault := check(country.text, subdivision.text)):
        section.problems.add(subdivision, "unknown", f"`{section.path('subdivision')}`: {fault}")
