"""What people did, and how content requesters were."""

from __future__ import annotations

from desk.domain.report.figures import share
from desk.domain.report.metric import Figure, Metric
from desk.domain.report.tally import CONTENT, Tally, ratings


def _points(tally: Tally) -> Figure:
    count = tally.count("rating")
    return round(tally.total("rating") / count, 2) if count else None


PEOPLE: list[Metric] = [
    Metric(
        *("ratings", "ratings", "tickets", "higher"),
        "Tickets resolved in the period that the requester rated; the last score counts.",
        "count of rated tickets",
        lambda tally: tally.count("rating"),
        ratings,
    ),
    Metric(
        *("rating_mean", "mean rating", "points", "higher"),
        "The mean score, 1 to 5, of tickets resolved in the period that were rated.",
        "sum of the scores / ratings",
        _points,
        ratings,
    ),
    Metric(
        *("satisfied_share", "satisfied", "share", "higher"),
        f"The share of rated tickets resolved in the period with a score of {CONTENT} or 5.",
        f"ratings of {CONTENT} and 5 / ratings",
        lambda tally: share(
            sum(score >= CONTENT for score in tally.amounts.get("rating", ())),
            tally.count("rating"),
        ),
        ratings,
    ),
]
