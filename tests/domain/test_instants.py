"""Instants and spans of time as files and people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.instants import (
    LAST_INSTANT,
    format_duration,
    format_instant,
    format_open,
    instant_at,
    parse_duration,
    parse_instant,
    second_of,
)
from tests.builders import QUICK

WRITTEN = "2026-11-22T09:34:35Z"
AT = datetime(2026, 11, 22, 9, 34, 35, tzinfo=UTC)


def test_an_instant_is_utc_to_the_second() -> None:
    assert parse_instant(WRITTEN) == AT
    assert parse_instant(WRITTEN).tzinfo is UTC
    assert format_instant(AT + timedelta(microseconds=999_999)) == WRITTEN


@pytest.mark.parametrize("second", [-2_208_988_800, -1, 0, 1_795_340_075, 7_258_118_399])
def test_an_instant_is_a_second_and_back(second: int) -> None:
    assert second_of(instant_at(second)) == second
    madrid = timezone(timedelta(hours=1))
    assert second_of(instant_at(second).astimezone(madrid)) == second


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    madrid = timezone(timedelta(hours=1))
    assert format_instant(datetime(2026, 11, 22, 10, 34, 35, tzinfo=madrid)) == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T09:34Z",
        "2026-11-22T09:34:35",
        "2026-11-22T09:34:35.0Z",
        "2026-11-22T09:34:35z",
        "2026-11-22t09:34:35Z",
        "2026-11-22 09:34:35Z",
        "2026-11-22T09:34:35+00:00",
        "2026-11-22T09:34:35Z\n",
        " 2026-11-22T09:34:35Z",
        "20261122T093435Z0000",
        "٢٠٢٦-11-22T09:34:35Z",
        "2026-11-22T24:00:00Z",
    ],
)
def test_an_instant_has_one_form(text: str) -> None:
    with pytest.raises(ValueError, match="is not an instant like"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z"),
        *("2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-12-31T23:59:60Z"),
        "0000-01-01T00:00:00Z",
    ],
)
def test_an_instant_exists(text: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        parse_instant(text)


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_an_instant_lies_in_years_that_can_be_reckoned_with(year: str) -> None:
    with pytest.raises(ValueError, match="out of reach: years go from 1900 to 2199"):
        parse_instant(f"{year}-06-01T00:00:00Z")
    assert format_instant(LAST_INSTANT) == "2199-12-31T23:59:59Z"
    assert parse_instant("2199-12-31T23:59:59Z") == LAST_INSTANT
    assert parse_instant("1900-01-01T00:00:00Z").year == 1900


@QUICK
@given(
    st.datetimes(datetime(1900, 1, 3), datetime(2199, 12, 29)),  # noqa: DTZ001
    st.integers(-1439, 1439),
)
def test_what_is_written_reads_as_the_same_second(naive: datetime, offset: int) -> None:
    at = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    read = parse_instant(format_instant(at))
    assert timedelta(0) <= at - read < timedelta(seconds=1)
    assert format_instant(read) == format_instant(at)


@QUICK
@given(st.tuples(*[st.datetimes(datetime(1000, 1, 1))] * 2))  # noqa: DTZ001
def test_written_instants_sort_as_they_happened(pair: tuple[datetime, datetime]) -> None:
    one, two = (at.replace(tzinfo=UTC, microsecond=0) for at in pair)
    assert (format_instant(one) < format_instant(two)) == (one < two)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("4h", 14_400), ("1h30m", 5_400), ("0h1s", 1), ("007m", 420)],
)
def test_a_duration_is_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds
    assert parse_duration(text, days=True) == seconds


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *((text, "is not a duration") for text in ("", "4", "h", "4 h", "4H", "-4h", "1.5h")),
        *((f"{'9' * digits}d", "is not a duration") for digits in (13, 5_000)),
        *((text, "is not a duration") for text in ("4h\n", "٤h", "4w", "1e3s", "+1h")),
        *((text, "counts days") for text in ("1d", "1d4h", "0d")),
        *((text, "no time at all") for text in ("0s", "0h0m")),
        ("9999999h", "longer than a century"),
        (f"{'9' * 12}h" * 1_000, "longer than a century"),
    ],
)
def test_what_no_target_is(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_duration(text)


def test_days_are_for_settings_of_the_wall_clock() -> None:
    assert parse_duration("5d", days=True) == 432_000
    assert parse_duration("1d12h", days=True) == 129_600


@pytest.mark.parametrize(
    ("seconds", "wall", "opened"),
    [
        (0, "0s", "0s"),
        (45, "45s", "45s"),
        (-45, "-45s", "-45s"),
        (3_600, "1h", "1h"),
        (3_661, "1h 1m", "1h 1m"),
        (86_400, "1d", "24h"),
        (273_600 + 59, "3d 4h", "76h 59s"),
        (-90_061, "-1d 1h", "-25h 1m"),
    ],
)
def test_a_span_for_people_has_its_two_largest_units(seconds: int, wall: str, opened: str) -> None:
    assert format_duration(seconds) == wall
    assert format_open(seconds) == opened


@QUICK
@given(st.integers(1, 10**9))
def test_open_time_to_the_second_reads_back(seconds: int) -> None:
    assert parse_duration(format_open(seconds, 3).replace(" ", "")) == seconds
