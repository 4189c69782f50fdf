from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.dates import is_calendar_date, is_moment, read_span
from desk.domain.instants import format_instant, parse_instant

NOW = datetime(2026, 11, 22, 23, 30, 5, 900, tzinfo=UTC)
"""Half past midnight of the 23rd in Madrid."""

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-11", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
        ("2026-12", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-11-22", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"),
        ("today", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"),
        ("Yesterday", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"),
        ("tomorrow", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
        ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("yesterday 18:00", "2026-11-22T17:00:00Z", "2026-11-22T17:01:00Z"),
        ("2026-11-22 18:00", "2026-11-22T17:00:00Z", "2026-11-22T17:01:00Z"),
        ("2026-11-22T18:00:05", "2026-11-22T17:00:05Z", "2026-11-22T17:00:06Z"),
        ("2026-11-22T18:00Z", "2026-11-22T18:00:00Z", "2026-11-22T18:01:00Z"),
        ("2026-11-22T18:00:00.75z", "2026-11-22T18:00:00Z", "2026-11-22T18:00:01Z"),
        ("2026-11-22T18:00-05:30", "2026-11-22T23:30:00Z", "2026-11-22T23:31:00Z"),
        ("now", "2026-11-22T23:30:05Z", "2026-11-22T23:30:06Z"),
        ("-7d", "2026-11-15T23:30:05Z", "2026-11-15T23:30:06Z"),
        ("+1d2h", "2026-11-24T01:30:05Z", "2026-11-24T01:30:06Z"),
        ("-90s", "2026-11-22T23:28:35Z", "2026-11-22T23:28:36Z"),
    ],
)
def test_a_date_is_a_span_of_time(text: str, start: str, end: str) -> None:
    assert read_span(text, NOW, MADRID) == (parse_instant(start), parse_instant(end))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-13", "there is no 2026-13 in the calendar"),
        ("2026-02-29", "there is no 2026-02-29 in the calendar"),
        ("2026-02-29 10:00", "there is no 2026-02-29 in the calendar"),
        ("2026-11-22T24:00", "names a time that does not exist"),
        ("2026-11-22T10:60", "names a time that does not exist"),
        ("1899", "years go from 1900 to 2199, not to 1899"),
        ("yesteday", "did you mean `yesterday`?"),
        ("22/11/2026", "`22/11/2026` is not a date; write 2026-11-22"),
        ("-7", "is not a duration"),
        ("-7w", "write 49d"),
        ("-", "is not a duration"),
        ("", "is not a date"),
        ("2026-1-5", "is not a date"),
        ("２０２６", "is not a date"),
        ("-200000d", "is longer than a century"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        read_span(text, NOW, MADRID)
    assert message in str(refusal.value)


def test_a_day_whose_midnight_is_skipped_begins_when_the_clocks_change() -> None:
    start, end = read_span("2026-03-29", NOW, ZoneInfo("Asia/Beirut"))
    assert (format_instant(start), format_instant(end)) == (
        "2026-03-28T22:00:00Z",
        "2026-03-29T21:00:00Z",
    )


def test_what_is_counted_from_now_is_a_moment_and_figures_alone_are_a_calendar_date() -> None:
    assert [is_moment(text) for text in ("now", "-7d", "+2h", "today", "2026")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert [is_calendar_date(text) for text in ("2026", "2026-11", "2026-11-22", "today")] == [
        True, True, True, False,
    ]  # fmt: skip


ALMOST_DATES = st.text(alphabet="0123456789-+:TZ .dhmsnowtday", max_size=28)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=12), ALMOST_DATES))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        start, end = read_span(text, NOW, MADRID)
    except ValueError:
        return
    assert start < end
    assert start.tzinfo is UTC
