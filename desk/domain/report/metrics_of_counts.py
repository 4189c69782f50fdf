"""How many tickets came, went, came back and are left."""

from __future__ import annotations

from desk.domain.report.metric import Metric, counted
from desk.domain.report.tally import AGES, arrivals, endings


def _age_words(bucket: str) -> str:
    return bucket.replace("_", " ")


_AGE_HEADINGS = dict(
    zip((name for name, _ in AGES), ("<1d", "1-7d", "7-30d", "30-90d", ">90d"), strict=True)
)


COUNTS: list[Metric] = [
    counted(
        *("created", "created", "neither", "Tickets created in the period."),
        arrivals,
    ),
    counted(
        *("resolved", "resolved", "higher"),
        "Tickets resolved in the period, by their last resolution; one closed without counts too, "
        "one that is live again does not.",
        endings,
    ),
    counted(
        *("closed", "closed", "neither"),
        "Tickets closed in the period that have stayed so.",
        endings,
    ),
    counted(
        *("reopened", "reopened", "lower"),
        "How often a ticket that was resolved or closed came back in the period; one that came "
        "back twice counts twice.",
        *(endings, "times"),
    ),
    counted(
        *("backlog", "backlog", "lower"),
        "Tickets that were live (new, open, waiting or on hold) at the end of the period.",
        None,
    ),
    counted(
        *("unassigned", "unassigned", "lower"),
        "Tickets of the backlog that were nobody's at the end of the period.",
        None,
    ),
    counted(
        *("breached", "breached", "lower"),
        "Tickets of the backlog with a promise that was broken at the end of the period: past its "
        "due and not ended. Promises are those of the policy that covers the ticket now.",
        None,
    ),
    *(
        counted(
            *(f"backlog_{bucket}", _AGE_HEADINGS[bucket], "lower"),
            "Tickets of the backlog whose age, from creation to the end of the period, on the wall "
            f"clock, is {_age_words(bucket)}; the lower limit is included, the upper one is not.",
            None,
        )
        for bucket, _ in AGES
    ),
    Metric(
        *("backlog_oldest_seconds", "oldest", "seconds", "lower"),
        "The age of the oldest ticket of the backlog at the end of the period, on the wall clock.",
        "greatest of the ages",
        lambda tally: max(tally.amounts.get("backlog", ()), default=None),
        None,
    ),
]
