"""Percentiles, means and shares against the standard library; periods against the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.instants import parse_instant
from desk.domain.report.figures import mean, percentile, share
from desk.domain.report.periods import Period, before, query_range, slices
from desk.render.bars import bar, sparkline

MADRID = ZoneInfo("Europe/Madrid")
amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


def rounded(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


@given(amounts)
def test_percentiles_are_those_of_the_standard_library(values: list[int]) -> None:
    ordered = sorted(values)
    exact = [Fraction(value) for value in ordered]
    assert percentile(ordered, 50) == rounded(Fraction(median(exact)))
    if len(values) > 1:
        hundredths = quantiles(exact, n=100, method="inclusive")
        for percent in (1, 10, 75, 90, 99):
            assert percentile(ordered, percent) == rounded(Fraction(hundredths[percent - 1]))
    assert mean(sum(values), len(values)) == rounded(Fraction(sum(values), len(values)))


def test_of_nothing_there_is_no_figure() -> None:
    assert percentile([], 50) is None
    assert mean(0, 0) is None
    assert share(0, 0) is None
    assert percentile([7], 90) == 7
    assert share(2, 3) == 0.6667


@given(
    st.integers(1_200_000_000, 1_800_000_000),
    st.integers(1, 400 * 86_400),
    st.sampled_from(["day", "week", "month"]),
)
def test_slices_fill_a_period_without_gaps(start: int, length: int, every: object) -> None:
    assert every in ("day", "week", "month")
    cut = slices(start, start + length, every, MADRID)
    assert (cut.starts[0], cut.ends[-1]) == (start, start + length)
    assert cut.starts[1:] == cut.ends[:-1]
    assert all(low < high for low, high in zip(cut.starts, cut.ends, strict=True))
    assert len(set(cut.labels)) == len(cut.labels)
    form = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[every]
    for label, low, high in zip(cut.labels, cut.starts, cut.ends, strict=True):
        for second in (low, high - 1):
            assert datetime.fromtimestamp(second, MADRID).strftime(form) == label
            assert cut.labels[cut.place(second)] == label


def period(since: str, until: str) -> Period:
    def at(text: str) -> datetime | None:
        if "T" in text:
            return parse_instant(text)
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), MADRID).astimezone(
            UTC
        )

    return Period(at(since), at(until) if until else None)


NOW = parse_instant("2026-11-22T09:34:35Z")


@pytest.mark.parametrize(
    ("since", "until", "earlier"),
    [
        ("2026-10-01", "2026-11-01", ("2026-09-01", "2026-10-01")),
        ("2026-01-01", "2026-04-01", ("2025-10-01", "2026-01-01")),
        ("2025-01-01", "2026-01-01", ("2024-01-01", "2025-01-01")),
        ("2026-10-19", "2026-10-26", ("2026-10-12", "2026-10-19")),
        ("2026-10-26", "2026-11-02", ("2026-10-19", "2026-10-26")),
        ("2026-11-22", "", ("2026-11-21T12:25:25Z", "2026-11-22")),
        ("2026-11-22", "2026-12-01", ("2026-11-21T12:25:25Z", "2026-11-22")),
        (
            *("2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z"),
            ("2026-11-20T07:00:00Z", "2026-11-20T08:00:00Z"),
        ),
    ],
)
def test_the_period_before(since: str, until: str, earlier: tuple[str, str]) -> None:
    assert before(period(since, until), NOW, MADRID) == period(*earlier)


def test_before_all_time_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="without a beginning"):
        before(Period(None, NOW), NOW, MADRID)


@pytest.mark.parametrize(
    ("given_period", "term"),
    [
        (Period(None, None), ""),
        (period("2026-11-01", "2026-12-01"), "created:2026-11-01..2026-11-30"),
        (period("2026-11-22", "2026-11-23"), "created:2026-11-22"),
        (period("2026-11-22", ""), "created:2026-11-22.."),
        (Period(None, period("2026-11-22", "").since), "created:..2026-11-21"),
        (
            period("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"),
            "created:2026-11-22T09:00:00Z..2026-11-22T09:59:59Z",
        ),
    ],
)
def test_a_period_as_a_query(given_period: Period, term: str) -> None:
    assert query_range("created", given_period, MADRID) == term


def test_too_many_slices() -> None:
    start = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
    end = start + int(timedelta(days=20_000).total_seconds())
    with pytest.raises(ValueError, match="more than 10,000 of each day"):
        slices(start, end, "day", MADRID)
    assert len(slices(start, end, "week", MADRID).labels) == 2_858


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=200), st.integers(1, 80))
def test_bars_and_sparklines_fit(values: list[int], width: int) -> None:
    line = sparkline(values, width)
    assert 1 <= len(line) <= width
    assert ("█" in line) == (max(values) > 0)
    for value in values:
        drawn = bar(value, max(values), width)
        assert len(drawn) <= width
        assert bool(drawn) == (value > 0)
