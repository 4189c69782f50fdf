"""What people did, and how content requesters were."""

from __future__ import annotations

from desk.domain.report.figures import share
from desk.domain.report.metric import Figure, Metric, counted
from desk.domain.report.tally import CONTENT, Tally, rateable, ratings, takings, work


def _points(tally: Tally) -> Figure:
    count = tally.count("rating")
    return round(tally.total("rating") / count, 2) if count else None


def _scored(score: int) -> Metric:
    return Metric(
        *(f"rated_{score}", str(score), "tickets", "neither"),
        f"Tickets resolved in the period that were rated {score}; the last score counts.",
        f"count of ratings of {score}",
        lambda tally: tally.amounts.get("rating", []).count(score),
        ratings,
    )


PEOPLE: list[Metric] = [
    counted(
        *("taken", "taken", "higher"),
        "Tickets that came to be somebody's for the first time in the period, by their own hand or "
        "by assignment. By agent, they count for whoever has them now.",
        takings,
    ),
    Metric(
        *("worked_seconds", "worked", "seconds", "neither"),
        "The work logged on tickets resolved in the period, whenever and by whomever it was done. "
        "By agent, it counts for whoever has the ticket now.",
        "sum of the work of those tickets",
        lambda tally: 60 * tally.total("worked"),
        work,
    ),
    Metric(
        *("ratings", "ratings", "tickets", "higher"),
        "Tickets resolved in the period that the requester rated; the last score counts.",
        "count of rated tickets",
        lambda tally: tally.count("rating"),
        ratings,
    ),
    Metric(
        *("rated_share", "rated", "share", "higher"),
        "The share of tickets resolved in the period that the requester rated.",
        "ratings / resolved",
        lambda tally: share(tally.count("rated"), tally.count("rated") + tally.count("rateable")),
        rateable,
    ),
    *map(_scored, range(1, 6)),
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
