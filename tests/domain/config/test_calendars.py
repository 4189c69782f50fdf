"""Calendars in config.yaml."""

from __future__ import annotations

import pytest

from tests.domain.config import problems_in, settings_of


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ("{}", "1:16: `calendars.c.hours` is missing"),
        ("{hours: {}}", "1:24: `calendars.c.hours` is an empty week: open on one day at least"),
        ("{hours: {mon-fri: closed}}", "is an empty week"),
        ("{hours: {mon-fri: closed}, exceptions: {2026-12-31: 09:00-12:00}}", "is an empty week"),
        ("{hours: 09:00-17:00}", "1:24: `calendars.c.hours` must be a mapping"),
        ("{hours: {mon: }}", "1:25: `calendars.c.hours.mon` is empty"),
        (
            "{hours: {mno: 09:00-17:00}}",
            "1:25: `calendars.c.hours`: `mno` is not a day: did you mean `mon`?",
        ),
        ("{hours: {sat-mon: 09:00-17:00}}", "is not a range of days within one week"),
        (
            "{hours: {mon-fri: 09:00-17:00, fri: closed}}",
            "1:47: `calendars.c.hours`: `mon-fri` and `fri` both name fri",
        ),
        (
            "{hours: {mon: 17:00-09:00}}",
            "1:30: `calendars.c.hours.mon`: `17:00-09:00` runs backward",
        ),
        ("{hours: {mon: 09:00-12:00 11:00-13:00}}", "overlaps `09:00-12:00`"),
        ("{hours: {mon: 9-5}}", "`9` is not a time of day"),
        ("{hours: {mon: [09:00]}}", "`calendars.c.hours.mon` must be a text, not a list"),
        (
            "{timezone: Mars, hours: {mon: 09:00-10:00}}",
            "`calendars.c.timezone`: `Mars` is not a time zone",
        ),
        (
            "{hourz: {}, hours: {mon: 09:00-10:00}}",
            "1:17: `calendars.c.hourz` is no setting; did you mean `hours`?",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-02-30: closed}}",
            "`2026-02-30` is a date that does not exist",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-12-31: 12-13}}",
            "exceptions.2026-12-31`: `12` is not a time of day",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-12-31: }}",
            "exceptions.2026-12-31` is empty",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: [2026-12-24]}",
            "`calendars.c.holidays` must be a mapping, like {country: ...}",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {dates: 2026-12-24}}",
            "`calendars.c.holidays.dates` must be a list",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {dates: [20261224]}}",
            "1:63: `calendars.c.holidays.dates`: `20261224` is not a date",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {country: XX}}",
            "1:64: `calendars.c.holidays.country`: no public holidays are known",
        ),
        ("{hours: {mon: 09:00-10:00}, holidays: {country: Spain}}", "did you mean `ES`?"),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {country: ES, subdivision: MX}}",
            "1:81: `calendars.c.holidays.subdivision`: no holidays are known of the",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {subdivision: MD}}",
            "`calendars.c.holidays.country` is missing",
        ),
    ],
)
def test_calendars(calendar: str, problem: str) -> None:
    [found] = problems_in(f"calendars: {{c: {calendar}}}")
    assert problem in found


def test_calendars_are_as_written_with_their_zone() -> None:
    written = """\
calendars:
  office:
    hours: {mon-thu: 09:00-14:00 15:00-18:00, fri: 09:00-15:00}
    holidays: {country: ES, subdivision: MD, dates: [2026-12-24]}
    exceptions: {2026-12-31: closed}
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
"""
    assert settings_of(written).calendars == {
        "office": {
            "timezone": "Europe/Madrid",
            "hours": {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"},
            "holidays": {"country": "ES", "subdivision": "MD", "dates": ["2026-12-24"]},
            "exceptions": {"2026-12-31": "closed"},
        },
        "always": {"timezone": "UTC", "hours": {"mon-sun": "00:00-24:00"}},
    }
