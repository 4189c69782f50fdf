"""What tickets are about, when they come, and what the knowledge base does for them.

All of these stand apart: a figure of a row depends on other rows, or on articles.
"""

from __future__ import annotations

from desk.domain.report.figures import share
from desk.domain.report.metric import Better, Metric, Unit
from desk.domain.report.tally import Tally, apart


def _created(name: str, words: str, unit: Unit, definition: str, formula: str) -> Metric:
    if unit == "share":
        return Metric(
            *(name, words, unit, "neither", definition, formula),
            lambda tally: share(tally.total(name), tally.total("created_in_all")),
            *(apart, True),
        )
    return Metric(
        *(name, words, unit, "neither", definition, formula),
        lambda tally: tally.count("created") - tally.total(name) if tally.count(name) else None,
        *(apart, True),
    )


def _articles(
    name: str, words: str, better: Better, definition: str, unit: Unit = "tickets"
) -> Metric:
    return Metric(
        *(name, words, unit, better, definition, f"count of {words}"),
        lambda tally: tally.total(name),
        *(apart, True),
    )


def _oldest_review(tally: Tally) -> int | None:
    return max(tally.amounts.get("kb_review_age_seconds", ()), default=None)


STALE_DAYS = 180
"""An article that nobody has read through for more days is stale."""

MOST_WORDS, LEAST_TICKETS = 50, 2
"""So many words that nothing answers are told, of at least so many tickets each."""

TOPICS: list[Metric] = [
    _created(
        *("created_share", "share", "share"),
        "The share that a row has of all tickets created in the period. With several tags a "
        "ticket counts for each, so these may come to more than 100%.",
        "created / tickets created in the period",
    ),
    _created(
        *("created_cumulative_share", "cumulative", "share"),
        "The share of all tickets created in the period that belong to this row or to one before "
        "it, the greatest first; with several tags a ticket counts once.",
        "tickets of the rows so far / tickets created in the period",
    ),
    _created(
        *("created_change", "change", "tickets"),
        "Tickets created in the period, less those of the period compared with.",
        "created - created in the period compared with",
    ),
    _articles(
        *("kb_articles", "articles", "higher"),
        "Articles of the knowledge base.",
        "articles",
    ),
    _articles(
        *("kb_linked", "tickets", "higher"),
        "Tickets created in the period that name the article in their field kb; in all, those that "
        "name any.",
    ),
    _articles(
        *("kb_solved", "solved", "higher"),
        "Tickets that name the article, and were resolved in the period as neither duplicate nor "
        "cancelled; in all, those that name any. Of all time, what `desk kb list` shows.",
    ),
    _articles(
        *("kb_unused", "unused", "lower"),
        "Articles that no ticket created in the period names.",
        "articles",
    ),
    _articles(
        *("kb_stale", "stale", "lower"),
        f"Articles that nobody has read through for more than {STALE_DAYS} days, or ever: what "
        "`desk kb stale` lists.",
        "articles",
    ),
    Metric(
        *("kb_review_age_seconds", "last review", "seconds", "lower"),
        "The time since the day on which the article was last read through, on the wall clock; in "
        "all, the longest.",
        "today less the day of the review",
        _oldest_review,
        *(apart, True),
    ),
    _articles(
        *("kb_unanswered", "unanswered", "lower"),
        "Tickets created in the period with the word in their title, or its plural, where no "
        "article has either; in all, those with any of the words listed. Words that say little, "
        "numbers and single letters do not count; listed are at most the "
        f"{MOST_WORDS} most frequent, each of {LEAST_TICKETS} tickets or more.",
    ),
]
