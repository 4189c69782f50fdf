from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.calendar import Calendar
from tests.conformance import answer_of
from tests.slow import MINUTE, SlowCalendar, utc

VECTORS = Path(__file__).parent.parent / "vectors" / "calendar.json"
OFFICE = {
    "timezone": "Europe/Madrid",
    "hours": {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"},
    "holidays": {"dates": ["2026-12-24"]},
    "exceptions": {"2026-12-31": "09:00-12:00"},
}
WEEK = {
    day: [["09:00", "14:00"], ["15:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}


def a_calendar(**changes: object) -> Calendar:
    return Calendar.from_config(OFFICE | changes)


def vectors() -> list[Any]:
    read = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["id"]) for vector in read]


@pytest.mark.parametrize("vector", vectors())
def test_vectors(vector: dict[str, Any]) -> None:
    assert answer_of(vector) == vector["expect"]


# What a calendar is read from


def test_both_forms_say_the_same() -> None:
    texts = a_calendar(hours={"mon-fri": "09:00-14:00 15:00-18:00", "sat,sun": "closed"})
    lists = Calendar.from_config(
        {
            "timezone": "Europe/Madrid",
            "hours": WEEK,
            "holidays": ["2026-12-24"],
            "exceptions": {"2026-12-31": [["09:00", "12:00"]]},
        }
    )
    assert texts.days(2026) == lists.days(2026)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"timezone": "Europe/Madird"}, "did you mean `Europe/Madrid`?"),
        ({"timezone": "Europe"}, "`Europe` is not a time zone"),
        ({"timezone": "../../etc/passwd"}, "is not a time zone"),
        ({"timezone": None}, "no `timezone`"),
        ({"hours": None}, "no `hours`"),
        ({"hours": {}, "exceptions": {}}, "is never open"),
        ({"hours": {"mon-sun": "closed"}, "exceptions": None}, "is never open"),
        ({"hours": {"mon-fri": "09:00-17:00", "fri": "09:00-15:00"}}, "fri has hours twice"),
        ({"hours": {"mon": "9-17"}}, "is not a time of day"),
        ({"hours": {"mon": None}}, "is no list of hours"),
        ({"hours": {"mon": [["09:00"]]}}, "is not a pair of times"),
        ({"hours": {"mon": [["17:00", "09:00"]]}}, "runs backward"),
        ({"holidays": {"country": "ES"}}, "the holidays of `ES` are not known here"),
        ({"holidays": {"subdivision": "MD"}}, "no `country`"),
        ({"holidays": {"contry": "ES"}}, "did you mean `country`?"),
        ({"holidays": {"country": ["ES"]}}, "one word"),
        ({"holidays": {"dates": ["24/12/2026"]}}, "is not a date: write it like 2026-12-24"),
        ({"holidays": ["2026-02-29"]}, "does not exist"),
        ({"holidays": "2026-12-24"}, "is no list of holidays"),
        ({"exceptions": {"2026-13-01": "closed"}}, "does not exist"),
        ({"exceptions": ["2026-12-01"]}, "dates with their hours"),
        ({"holiday": {}}, "did you mean `holidays`?"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        a_calendar(**changes)


def test_a_desk_may_be_open_on_listed_dates_alone() -> None:
    fair = a_calendar(hours={"mon-sun": "closed"})
    assert fair.next_open(utc("2026-01-01 00:00")) == utc("2026-12-31 08:00")
    with pytest.raises(ValueError, match="no open time left"):
        fair.next_open(utc("2027-01-01 00:00"))
    with pytest.raises(ValueError, match="no open time left"):
        fair.previous_close(utc("2026-01-01 00:00"))


# Instants


def test_naive_datetimes_are_refused() -> None:
    calendar, naive = a_calendar(), utc("2026-05-05 12:00").replace(tzinfo=None)
    aware = utc("2026-05-05 12:00")
    for ask in (
        lambda: calendar.add(naive, 60),
        lambda: calendar.add(naive, 0),
        lambda: calendar.subtract(naive, 60),
        lambda: calendar.between(naive, aware),
        lambda: calendar.between(aware, aware, [(naive, aware)]),
        lambda: calendar.next_open(naive),
        lambda: calendar.previous_close(naive),
    ):
        with pytest.raises(ValueError, match="no time zone"):
            ask()


def test_negative_seconds_are_refused() -> None:
    for ask in (a_calendar().add, a_calendar().subtract):
        with pytest.raises(ValueError, match="less than none"):
            ask(utc("2026-05-05 12:00"), -1)


def test_instants_of_any_zone_come_back_in_utc() -> None:
    calendar = a_calendar()
    noon = datetime(2026, 5, 5, 12, tzinfo=ZoneInfo("Europe/Madrid"))
    for answer in (calendar.add(noon, 0), calendar.add(noon, 3_600), calendar.next_open(noon)):
        assert answer.tzinfo is UTC
    assert calendar.add(noon, 3_600) == utc("2026-05-05 11:00")


def test_fractions_of_a_second_are_cut_off() -> None:
    late = utc("2026-05-05 12:00") + timedelta(microseconds=999_999)
    assert a_calendar().next_open(late) == utc("2026-05-05 13:00")
    assert a_calendar().between(late, utc("2026-05-05 13:01")) == 60


# Years, holidays, and never


def test_holidays_are_asked_for_by_year_and_only_when_needed() -> None:
    asked = []

    def holidays(country: str, subdivision: str | None, year: int) -> list[date]:
        asked.append((country, subdivision, year))
        # One of another year must not count: only the call for that year is to say it.
        return [date(year, 5, 1), date(year + 1, 5, 4)]

    calendar = Calendar.from_config(OFFICE | {"holidays": {"country": "ES"}}, holidays)
    assert asked == []
    assert calendar.next_open(utc("2026-05-01 00:00")) == utc("2026-05-04 07:00")
    assert asked == [("ES", None, 2026)]
    before = calendar.open_seconds(utc("2026-05-04 08:00"))
    assert calendar.between(utc("2024-05-01 00:00"), utc("2024-05-02 00:00")) == 0
    assert sorted(year for _, _, year in asked) == [2024, 2025, 2026]
    assert calendar.open_seconds(utc("2026-05-04 08:00")) == before


def test_a_sum_finds_the_holidays_of_the_years_it_reaches() -> None:
    def holidays(country: str, subdivision: str | None, year: int) -> list[date]:
        return [date(year, 1, 1) + timedelta(days=day) for day in range(100)]

    calendar = Calendar.from_config(
        {"timezone": "UTC", "hours": {"mon-sun": "00:00-24:00"}, "holidays": {"country": "XX"}},
        holidays,
    )
    assert calendar.add(utc("2026-12-31 12:00"), 13 * 3_600) == utc("2027-04-11 01:00")
    assert calendar.subtract(utc("2026-04-11 01:00"), 7_200) == utc("2025-12-31 23:00")


def test_a_calendar_that_never_opens_again_says_so() -> None:
    def always(country: str, subdivision: str | None, year: int) -> list[date]:
        return [date(year, 1, 1) + timedelta(days=day) for day in range(366)]

    calendar = Calendar.from_config(
        OFFICE | {"holidays": {"country": "XX"}, "exceptions": {}}, always
    )
    at = utc("2026-05-05 12:00")
    for ask in (calendar.next_open, calendar.previous_close):
        with pytest.raises(ValueError, match="no open time left"):
            ask(at)
    with pytest.raises(ValueError, match="no open time left"):
        calendar.add(at, 1)
    assert calendar.between(at, utc("2040-12-31 00:00")) == 0


@pytest.mark.parametrize("year", [1970, 1999, 2038, 2087, 2088, 2200])
def test_any_year_will_do(year: int) -> None:
    calendar = Calendar.from_config(
        {"timezone": "Europe/Madrid", "hours": {"mon-sun": "00:00-24:00"}}
    )
    start = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    assert calendar.between(start, end) == (end - start).total_seconds()
    assert calendar.add(start, int((end - start).total_seconds())) == end


def test_instants_beyond_all_years_still_have_an_order() -> None:
    calendar = a_calendar()
    marks = [
        calendar.open_seconds(datetime(year, 6, 1, tzinfo=UTC))
        for year in (1, 1850, 1950, 2026, 2250, 2400, 9999)
    ]
    assert marks == sorted(set(marks))
    with pytest.raises(ValueError, match="outside the years"):
        calendar.add(utc("2026-05-05 12:00"), 10**12)


# Clocks that change


ALWAYS = {"mon-sun": "00:00-24:00"}
NIGHT = {"mon-sun": "00:00-06:00"}


@pytest.mark.parametrize(
    ("zone", "hours", "start", "end", "seconds"),
    [
        # Madrid goes from 02:00 to 03:00, and back from 03:00 to 02:00.
        ("Europe/Madrid", NIGHT, "2026-03-28 12:00", "2026-03-29 12:00", 5 * 3_600),
        ("Europe/Madrid", NIGHT, "2026-10-24 12:00", "2026-10-25 12:00", 7 * 3_600),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", NIGHT, "2026-10-03 06:00", "2026-10-04 06:00", 5 * 3_600 + 1_800),
        # São Paulo's midnight did not exist on 2018-11-04.
        ("America/Sao_Paulo", NIGHT, "2018-11-03 12:00", "2018-11-04 12:00", 5 * 3_600),
        # Apia went from the 29th to the 31st of December 2011.
        ("Pacific/Apia", ALWAYS, "2011-12-28 10:00", "2012-01-01 10:00", 4 * 86_400),
        # Monrovia was 44 minutes and 30 seconds behind until 1972-01-07.
        ("Africa/Monrovia", NIGHT, "1972-01-06 12:00", "1972-01-07 12:00", 6 * 3_600 - 2_670),
    ],
)
def test_real_seconds_across_a_change(
    zone: str, hours: dict[str, str], start: str, end: str, seconds: int
) -> None:
    calendar = Calendar.from_config({"timezone": zone, "hours": hours})
    assert calendar.between(utc(start), utc(end)) == seconds


def test_a_date_that_never_was_has_no_time() -> None:
    calendar = Calendar.from_config({"timezone": "Pacific/Apia", "hours": {"fri": "09:00-17:00"}})
    missing = next(day for day in calendar.days(2011) if day.date == date(2011, 12, 30))
    assert missing.intervals == ((9 * 3_600, 17 * 3_600),)
    assert missing.open_seconds == 0
    assert [day for day in calendar.days(2011) if day.is_skipped] == [missing]
    assert calendar.next_open(utc("2011-12-24 04:00")) == datetime(2012, 1, 5, 19, tzinfo=UTC)


ANCHORS = [
    ("Australia/Lord_Howe", "2024-04-06 15:00"),
    ("Australia/Lord_Howe", "2024-10-05 15:30"),
    ("America/Sao_Paulo", "2018-11-04 03:00"),
    ("America/Sao_Paulo", "2018-02-18 02:00"),
    ("America/New_York", "2024-03-10 07:00"),
    ("America/New_York", "2024-11-03 06:00"),
    ("Pacific/Apia", "2011-12-30 10:00"),
    ("Africa/Casablanca", "2024-03-10 02:00"),
    ("Africa/Casablanca", "2024-04-14 02:00"),
    ("UTC", "2023-12-31 23:00"),
]


@st.composite
def pairs(draw: st.DrawFn) -> list[tuple[str, str]]:
    edges = draw(st.lists(st.integers(0, 96), unique=True, max_size=6).map(sorted))
    clock = [f"{edge // 4:02}:{edge % 4 * 15:02}" for edge in edges]
    return list(zip(clock[::2], clock[1::2], strict=False))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[SlowCalendar, datetime]:
    """A calendar with special days about a change of its clocks, and an instant near it."""
    zone, anchor = draw(st.sampled_from(ANCHORS))
    change = utc(anchor)
    near = [(change + timedelta(days=offset)).date().isoformat() for offset in range(-2, 3)]
    hours = {day: draw(pairs()) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours["wed"] = hours["wed"] or [("00:00", "24:00")]
    calendar = SlowCalendar(
        zone,
        hours,
        draw(st.lists(st.sampled_from(near), max_size=2)),
        draw(st.dictionaries(st.sampled_from(near), pairs(), max_size=2)),
    )
    return calendar, change + MINUTE * draw(st.integers(-2_000, 2_000))


LENGTHS = st.integers(0, 2_500)
SPANS = st.lists(st.tuples(st.integers(-1_500, 1_500), st.integers(-60, 800)), max_size=3)


def spans_near(at: datetime, offsets: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    return [(at + MINUTE * start, at + MINUTE * (start + length)) for start, length in offsets]


@settings(max_examples=40, deadline=None)
@given(worlds(), LENGTHS, SPANS)
def test_a_walk_over_the_minutes_agrees(
    world: tuple[SlowCalendar, datetime], length: int, offsets: list[tuple[int, int]]
) -> None:
    slow, at = world
    quick = Calendar.from_config(slow.config())
    until, spans = at + MINUTE * length, spans_near(at, offsets)
    seconds = 60 * (length // 4)
    assert quick.between(at, until) == slow.between(at, until)
    assert quick.between(at, until, spans) == slow.between(at, until, spans)
    assert quick.add(at, seconds) == slow.add(at, seconds)
    assert quick.add(at, seconds, spans) == slow.add(at, seconds, spans)
    assert quick.subtract(at, seconds) == slow.subtract(at, seconds)
    assert quick.subtract(at, seconds, spans) == slow.subtract(at, seconds, spans)
    assert quick.next_open(at) == slow.next_open(at)
    assert quick.previous_close(at) == slow.previous_close(at)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_a_year_reviewed_adds_up(world: tuple[SlowCalendar, datetime]) -> None:
    slow, at = world
    calendar = Calendar.from_config(slow.config())
    days = calendar.days(at.year)
    start, end = (datetime(year, 1, 1, tzinfo=calendar.zone) for year in (at.year, at.year + 1))
    assert sum(day.open_seconds for day in days) == calendar.between(start, end)
    for day in days:
        if abs(day.date - at.date()) <= timedelta(days=3):
            clock = [
                tuple(f"{second // 3_600:02}:{second // 60 % 60:02}" for second in interval)
                for interval in day.intervals
            ]
            assert clock == list(slow.hours_on(day.date))


# Laws


INSTANTS = st.integers(0, 7_258_118_400).map(lambda second: datetime.fromtimestamp(second, UTC))
QUICK = [
    a_calendar(),
    Calendar.from_config({"timezone": "Australia/Lord_Howe", "hours": {"mon-sun": "01:00-03:00"}}),
    Calendar.from_config({"timezone": "America/Sao_Paulo", "hours": {"sat,sun": "00:00-24:00"}}),
]
CALENDARS = st.sampled_from(QUICK)


@settings(max_examples=100, deadline=None)
@given(CALENDARS, st.tuples(INSTANTS, INSTANTS, INSTANTS).map(sorted))
def test_between_adds_up_over_a_split(calendar: Calendar, instants: list[datetime]) -> None:
    start, middle, end = instants
    whole = calendar.between(start, end)
    assert whole == calendar.between(start, middle) + calendar.between(middle, end)
    assert calendar.between(end, start) == 0


@settings(max_examples=100, deadline=None)
@given(CALENDARS, INSTANTS, st.integers(1, 10**8), SPANS)
def test_add_and_subtract_are_inverse_up_to_closed_time(
    calendar: Calendar, at: datetime, seconds: int, offsets: list[tuple[int, int]]
) -> None:
    spans = spans_near(at, offsets)
    later = calendar.add(at, seconds, spans)
    assert calendar.between(at, later, spans) == seconds
    assert calendar.between(at, later - timedelta(seconds=1), spans) == seconds - 1
    back = calendar.subtract(later, seconds, spans)
    assert back >= at
    assert calendar.between(at, back, spans) == 0
    assert calendar.between(back, later, spans) == seconds
    assert calendar.between(back + timedelta(seconds=1), later, spans) == seconds - 1


@settings(max_examples=100, deadline=None)
@given(CALENDARS, INSTANTS)
def test_openings_and_closings(calendar: Calendar, at: datetime) -> None:
    opening, closing = calendar.next_open(at), calendar.previous_close(at)
    second = timedelta(seconds=1)
    assert closing <= at <= opening
    assert calendar.between(closing, opening) == 0
    assert calendar.between(opening, opening + second) == 1
    assert calendar.between(closing - second, closing) == 1
    assert calendar.next_open(opening) == opening
    assert calendar.previous_close(closing) == closing


# A year to review


def test_days_say_why() -> None:
    def holidays(country: str, subdivision: str | None, year: int) -> dict[date, str]:
        assert (country, subdivision) == ("ES", "MD")
        return {date(year, 5, 1): "Fiesta del Trabajo", date(year, 12, 31): "overruled"}

    days = a_calendar_with(holidays).days(2026)
    assert [day.date for day in days[:: len(days) - 1]] == [date(2026, 1, 1), date(2026, 12, 31)]
    by_date = {day.date.strftime("%m-%d"): day for day in days}
    labour = by_date["05-01"]
    assert (labour.why, labour.name, labour.open_seconds) == ("holiday", "Fiesta del Trabajo", 0)
    assert (by_date["12-24"].why, by_date["12-24"].name) == ("holiday", "")
    assert (by_date["12-31"].why, by_date["12-31"].open_seconds) == ("exception", 3 * 3_600)
    assert (by_date["12-30"].why, by_date["12-30"].open_seconds) == ("weekday", 8 * 3_600)
    changes = {day.date: day.changes for day in days if day.changes}
    assert list(changes) == [date(2026, 3, 29), date(2026, 10, 25)]
    (spring,) = changes[date(2026, 3, 29)]
    assert (spring.at, spring.before, spring.after) == (utc("2026-03-29 01:00"), 3_600, 7_200)


def a_calendar_with(holidays: Any) -> Calendar:
    settings = {"country": "ES", "subdivision": "MD", "dates": ["2026-12-24"]}
    return Calendar.from_config(OFFICE | {"holidays": settings}, holidays)


def test_days_out_of_reach_are_refused() -> None:
    with pytest.raises(ValueError, match="out of reach"):
        a_calendar().days(1600)
