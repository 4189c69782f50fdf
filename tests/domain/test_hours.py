from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.hours import format_intervals, intervals_of, parse_days, parse_intervals

HOUR = 3_600


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("sun", (6,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("mon-sun", (0, 1, 2, 3, 4, 5, 6)),
        ("sat,sun", (5, 6)),
        ("mon-tue,thu", (0, 1, 3)),
        ("thu, mon-tue", (0, 1, 3)),
        ("fri,mon", (0, 4)),
    ],
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "`` is not a day"),
        ("Mon", "`Mon` is not a day: did you mean `mon`?"),
        ("monday", "did you mean `mon`?"),
        ("mon-fry", "`fry` in `mon-fry` is not a day: did you mean `fri`?"),
        ("fri-mon", "within one week"),
        ("sat-sun,mon-fri,", "is not a day"),
        ("mon-mon", "within one week"),
        ("mon-wed,tue", "names tue twice"),
        ("mon,mon", "names mon twice"),
        ("mon-wed-fri", "is not a day"),
        ("-fri", "is not a day"),
        ("mon fri", "is not a day"),
    ],
)
def test_days_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_days(text)


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("09:00-14:00 15:00-18:00", ((9 * HOUR, 14 * HOUR), (15 * HOUR, 18 * HOUR))),
        ("00:00-24:00", ((0, 24 * HOUR),)),
        ("  09:30-10:00\t", ((9 * HOUR + 1_800, 10 * HOUR),)),
        ("09:00-12:00 12:00-13:00", ((9 * HOUR, 12 * HOUR), (12 * HOUR, 13 * HOUR))),
        ("23:59-24:00", ((24 * HOUR - 60, 24 * HOUR),)),
        ("closed", ()),
    ],
)
def test_intervals(text: str, intervals: tuple[tuple[int, int], ...]) -> None:
    assert parse_intervals(text) == intervals


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there are no hours"),
        ("09:00", "`09:00` is not a span of hours"),
        ("9:00-14:00", "`9:00` is not a time of day: write HH:MM"),
        ("09:00-14", "`14` is not a time of day"),
        ("09:60-14:00", "from 00:00 to 24:00"),
        ("09:00-24:01", "from 00:00 to 24:00"),
        ("24:00-24:00", "only ends a day"),
        ("09:00-09:00", "`09:00-09:00` is empty"),
        ("18:00-09:00", "`18:00-09:00` runs backward"),
        ("22:00-00:00", "runs backward"),
        ("09:00-14:00 13:00-18:00", "`13:00-18:00` overlaps `09:00-14:00`"),
        ("09:00-18:00 10:00-11:00", "overlaps"),
        ("15:00-18:00 09:00-14:00", "`09:00-14:00` comes before `15:00-18:00`"),
        ("09:00-14:00,15:00-18:00", "is not a time of day"),
        ("09:00-14:00 closed", "`closed` is not a span of hours"),
        ("٠٩:00-14:00", "is not a time of day"),
        ("Closed", "is not a span of hours"),
    ],
)
def test_intervals_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_intervals(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1_440), unique=True).map(sorted))
def test_intervals_are_written_as_they_are_read(minutes: list[int]) -> None:
    intervals = tuple(
        (60 * start, 60 * end) for start, end in zip(minutes[::2], minutes[1::2], strict=False)
    )
    assert parse_intervals(format_intervals(intervals)) == intervals


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789:- closedmnfriatuw,", max_size=24))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (parse_days, parse_intervals):
        try:
            read(text)
        except ValueError as refusal:
            assert "`" in str(refusal)


def test_pairs_of_times_are_read_like_texts() -> None:
    pairs = [("09:00", "14:00"), ("15:00", "24:00")]
    assert intervals_of(pairs) == parse_intervals("09:00-14:00 15:00-24:00")
