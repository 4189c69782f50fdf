"""How tickets came to their end."""

from __future__ import annotations

from desk.domain.report.figures import mean
from desk.domain.report.metric import UNTIMED, WALL, Metric, shared
from desk.domain.report.tally import course, stays


def _spent(status: str, words: str) -> Metric:
    return Metric(
        *(f"time_in_{status}_mean_seconds", words, "seconds", "lower"),
        f"The time that tickets resolved in the period spent so, {WALL}, from creation to the "
        f"last resolution. {UNTIMED}",
        f"sum of the time {words.replace('time ', '')} / number of those tickets",
        lambda tally: mean(tally.total(f"in_{status}"), tally.count("timed")),
        stays,
    )


COURSES: list[Metric] = [
    shared(
        *("reopen_rate", "came back", "lower"),
        "The share of tickets resolved in the period that had come back at least once.",
        ("came_back", "handovers"),
        "tickets with a reopening / resolved",
        course,
    ),
    shared(
        *("escalation_rate", "escalated", "lower"),
        "The share of tickets resolved in the period that had been escalated at least once.",
        ("was_escalated", "handovers"),
        "tickets with an escalation / resolved",
        course,
    ),
    shared(
        *("handover_rate", "handed over", "lower"),
        "The share of tickets resolved in the period that had gone from one person to another.",
        ("was_handed_over", "handovers"),
        "tickets with a handover / resolved",
        course,
    ),
    Metric(
        *("handovers", "handovers", "times", "lower"),
        "How often tickets resolved in the period had gone from one person to another.",
        "sum over those tickets",
        lambda tally: tally.total("handovers"),
        course,
    ),
    shared(
        *("first_contact_rate", "first contact", "higher"),
        "First-contact resolution: the share of tickets resolved in the period with one reply of "
        "an agent, never reopened nor handed over.",
        ("first_contact", "handovers"),
        "tickets resolved so / resolved",
        course,
    ),
    _spent("new", "time new"),
    _spent("open", "time open"),
    _spent("waiting", "time waiting"),
    _spent("hold", "time on hold"),
    _spent("done", "time done before coming back"),
]
