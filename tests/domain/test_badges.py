"""Who comes first: places, ties and least numbers; the longest run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desk.domain.report.badges import BADGES, ranking
from desk.domain.report.metrics import METRICS
from desk.domain.report.tally import Tally


def test_places_ties_and_least_numbers() -> None:
    rated = next(badge for badge in BADGES if badge.name == "best-rated")
    found = ranking(
        rated,
        {
            "ana": {"rating_mean": 4.5, "ratings": 3},
            "luis": {"rating_mean": 4.5, "ratings": 4},
            "eva": {"rating_mean": 5.0, "ratings": 2},
            "mei": {"rating_mean": 4.0, "ratings": 9},
            "new": {},
        },
    )
    assert [(each.place, each.who) for each in found] == [(1, "ana"), (1, "luis"), (3, "mei")]


def test_the_least_time_comes_first() -> None:
    fast = next(badge for badge in BADGES if badge.name == "fastest-response")
    figures = {
        who: {"first_response_median_seconds": seconds, "first_response_met": 3}
        for who, seconds in (("ana", 60), ("luis", 0))
    }
    assert [each.who for each in ranking(fast, figures)] == ["luis", "ana"]


def test_every_badge_is_of_metrics() -> None:
    assert {name for each in BADGES for name in (each.metric, *each.of)} <= METRICS.keys()


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans())))
def test_the_longest_run(outcomes: list[tuple[int, bool]]) -> None:
    tally = Tally()
    tally.amounts["outcome"] = [at << 1 | is_missed for at, is_missed in outcomes]
    told = "".join("x" if missed else "." for _, missed in sorted(outcomes))
    longest = max(map(len, told.split("x"))) if told else None
    assert METRICS["longest_run"].figure(tally) == longest
