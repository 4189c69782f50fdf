"""The settings of a calendar, in the form of config.yaml and in that of the vectors."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.hours import DAYS, format_intervals
from desk.domain.opening import Opening, parse_date, read_opening
from tests.builders import QUICK

MORNING, AFTERNOON = (9 * 3_600, 14 * 3_600), (15 * 3_600, 18 * 3_600)


def opening(**settings: object) -> Opening:
    return read_opening({"timezone": "UTC", "hours": {"mon": "09:00-14:00"}, **settings})


def test_the_example_of_config_yaml() -> None:
    given_settings = {
        "timezone": "Europe/Madrid",
        "hours": {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"},
        "holidays": {"country": "ES", "subdivision": "MD", "dates": ["2026-12-24"]},
        "exceptions": {"2026-12-31": "09:00-12:00", "2026-12-28": "closed"},
    }
    long_day = (MORNING, AFTERNOON)
    assert read_opening(given_settings) == Opening(
        "Europe/Madrid",
        (long_day, long_day, long_day, long_day, ((9 * 3_600, 15 * 3_600),), (), ()),
        "ES",
        "MD",
        frozenset({date(2026, 12, 24)}),
        {date(2026, 12, 31): ((9 * 3_600, 12 * 3_600),), date(2026, 12, 28): ()},
    )


def test_always_is_all_of_every_day() -> None:
    always = read_opening({"timezone": "UTC", "hours": {"mon-sun": "00:00-24:00"}})
    assert always == Opening("UTC", (((0, 86_400),),) * 7)


def test_the_form_of_the_vectors_says_the_same() -> None:
    pairs = [["09:00", "14:00"], ["15:00", "18:00"]]
    vector = {
        "timezone": "UTC",
        "hours": {**dict.fromkeys(DAYS[:5], pairs), "sun": []},
        "holidays": ["2026-12-24"],
        "exceptions": {"2026-12-31": [], "2026-12-30": [["09:00", "14:00"]]},
    }
    config = {
        "timezone": "UTC",
        "hours": {"mon-fri": "09:00-14:00 15:00-18:00", "sat,sun": "closed"},
        "holidays": {"dates": ["2026-12-24"]},
        "exceptions": {"2026-12-31": "closed", "2026-12-30": "09:00-14:00"},
    }
    assert read_opening(vector) == read_opening(config)


def test_what_is_left_out_is_closed_or_none() -> None:
    assert opening() == Opening("UTC", ((MORNING,), (), (), (), (), (), ()))
    assert opening(holidays=None, exceptions=None) == opening()
    assert opening(holidays={}, exceptions={}) == opening()
    assert opening(holidays={"country": "ES"}).country == "ES"


def test_dates_that_yaml_read_as_dates_are_taken() -> None:
    day = date(2026, 12, 24)
    assert opening(holidays=[day]) == opening(holidays=["2026-12-24"])


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"timezone": None}, "no `timezone`"),
        ({"timezone": ""}, "no `timezone`"),
        ({"timezone": 1}, "no `timezone`"),
        ({"hours": None}, "no `hours`"),
        ({"hours": "09:00-17:00"}, "no `hours`"),
        ({"hours": {}}, "never open"),
        ({"hours": {"mon-sun": "closed"}}, "never open"),
        ({"hours": {"mon-fri": "09:00-17:00", "fri": "closed"}}, "fri has hours twice"),
        ({"hours": {"sat-mon": "09:00-17:00"}}, "not a range of days within one week"),
        ({"hours": {"monday": "09:00-17:00"}}, "is not a day"),
        ({"hours": {"mon": "17:00-09:00"}}, "runs backward"),
        ({"hours": {"mon": "09:00-12:00 11:00-13:00"}}, "overlaps"),
        ({"hours": {"mon": 9}}, "is no list of hours"),
        ({"hours": {"mon": None}}, "is no list of hours"),
        ({"hours": {"mon": ["09:00"]}}, "is not a pair of times"),
        ({"hours": {"mon": [["09:00", "12:00", "13:00"]]}}, "is not a pair of times"),
        ({"hours": {"mon": [[9, 12]]}}, "is not a pair of times"),
        ({"exceptions": ["2026-12-31"]}, "`exceptions` are dates with their hours"),
        ({"exceptions": {"31.12.2026": "closed"}}, "is not a date"),
        ({"exceptions": {"2026-12-31": "9-12"}}, "is not a time of day"),
        ({"holidays": "2026-12-24"}, "is no list of holidays"),
        ({"holidays": ["2026-02-30"]}, "does not exist"),
        ({"holidays": {"subdivision": "MD"}}, "has no `country` beside it"),
        ({"holidays": {"country": 34}}, "`country` of `holidays` is one word"),
        ({"holidays": {"county": "ES"}}, "unknown key `county` in `holidays`: did you mean"),
        ({"hollidays": []}, "unknown key `hollidays` in a calendar: did you mean `holidays`"),
        ({"x": []}, "unknown key `x` in a calendar: there are timezone, hours, holidays"),
    ],
)
def test_what_no_calendar_is(settings: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        opening(**settings)


def test_a_calendar_may_be_open_on_exceptions_alone() -> None:
    pop_up = opening(hours={"mon": "closed"}, exceptions={"2026-12-31": "09:00-14:00"})
    assert pop_up == Opening("UTC", ((),) * 7, exceptions={date(2026, 12, 31): (MORNING,)})


@pytest.mark.parametrize(
    "text", ["", "2026-1-2", "20261224", "2026-12-24T00:00:00Z", 20261224, None]
)
def test_a_date_has_one_form(text: object) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        parse_date(text)


hours_of_a_day = (
    st.lists(st.integers(0, 24 * 60), unique=True, max_size=6)
    .map(sorted)
    .map(lambda ends: tuple((a * 60, b * 60) for a, b in zip(ends[::2], ends[1::2], strict=False)))
)


@QUICK
@given(st.lists(hours_of_a_day, min_size=7, max_size=7))
def test_a_week_that_is_written_reads_back(week: list[tuple[tuple[int, int], ...]]) -> None:
    written = {day: format_intervals(hours) for day, hours in zip(DAYS, week, strict=True)}
    if any(week):
        assert opening(hours=written).week == tuple(week)
    else:
        with pytest.raises(ValueError, match="never open"):
            opening(hours=written)


any_value = st.recursive(
    st.one_of(st.none(), st.integers(0, 9), st.sampled_from(("mon", "09:00-10:00", "2026-12-24"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("mon", "dates", "x")), inner)
    ),
    max_leaves=5,
)


@QUICK
@given(st.dictionaries(st.sampled_from(("timezone", "hours", "holidays", "exceptions")), any_value))
def test_any_mapping_is_a_calendar_or_a_value_error(mapping: dict[str, object]) -> None:
    try:
        found = read_opening(mapping)
    except ValueError:
        return
    assert len(found.week) == 7
