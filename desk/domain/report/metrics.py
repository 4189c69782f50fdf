"""Every metric of reports, defined once: help, headings, documentation and JSON come from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.report.figures import mean, percentile, share
from desk.domain.report.tally import (
    AGES,
    CONTENT,
    MarksOf,
    Tally,
    arrivals,
    course,
    durations,
    endings,
    promises,
    ratings,
)
from desk.domain.sla import CLOCKS

Figure: TypeAlias = int | float | None
Unit = Literal["tickets", "times", "promises", "seconds", "share", "points"]
Better = Literal["higher", "lower", "neither"]


class Metric(NamedTuple):
    """One metric. `words` head its column, `source` finds what is counted, None where it is how
    things stand at the end of the period; `figure` is the formula as the program has it."""

    name: str
    words: str
    unit: Unit
    better: Better
    definition: str
    formula: str
    figure: Callable[[Tally], Figure]
    source: MarksOf | None


_UNTIMED = "Tickets resolved as duplicate or cancelled are left out."
_OPEN = "in opening hours, without pauses"
_WALL = "on the wall clock, nights, weekends and pauses included"


def _counted(
    name: str,
    words: str,
    better: Better,
    definition: str,
    source: MarksOf | None,
    unit: Unit = "tickets",
) -> Metric:
    formula = f"count of {words}"
    return Metric(
        name, words, unit, better, definition, formula, lambda tally: tally.count(name), source
    )


def _shared(
    name: str,
    words: str,
    better: Better,
    definition: str,
    parts: tuple[str, str],
    formula: str,
    source: MarksOf,
) -> Metric:
    part, whole = parts
    return Metric(
        *(name, words, "share", better, definition, formula),
        lambda tally: share(tally.count(part), tally.count(whole)),
        source,
    )


def _times(
    stem: str, words: str, names: tuple[str, ...], definition: str, source: MarksOf
) -> list[Metric]:
    """Make the median, the 90th percentile and the mean of what was counted under some names."""

    def at(percent: int) -> Callable[[Tally], Figure]:
        return lambda tally: percentile(tally.ordered(*names), percent)

    def middle(tally: Tally) -> Figure:
        return mean(sum(map(tally.total, names)), sum(map(tally.count, names)))

    made: list[tuple[str, str, str, Callable[[Tally], Figure]]] = [
        ("median", "median", "half of them took no longer than this", at(50)),
        ("p90", "p90", "the 90th percentile: nine of ten took no longer than this", at(90)),
        ("mean", "mean", "the sum of the times / their number", middle),
    ]
    return [
        Metric(
            *(f"{stem}_{short}_seconds", f"{words}, {long}", "seconds", "lower"),
            *(f"{definition} {_UNTIMED}", formula, figure, source),
        )
        for short, long, formula, figure in made
    ]


def _clock_words(clock: str) -> str:
    return clock.replace("_", " ")


_ENDS = {
    "first_response": "a first response that came, or the end of the ticket without one",
    "next_response": "each exchange: what the requester wrote, answered (or the ticket's end)",
    "ownership": "a ticket that somebody took over for the first time, or that ended",
    "resolution": "a ticket resolved, by its last resolution",
}


def _promised(clock: str) -> list[Metric]:
    words, ends = _clock_words(clock), _ENDS[clock]
    met, missed = f"{clock}_met", f"{clock}_missed"
    whole = f"Counts {ends}, in the period, where the policy has a target. {_UNTIMED}"

    def kept(tally: Tally) -> Figure:
        return share(tally.count(met), tally.count(met) + tally.count(missed))

    return [
        _counted(
            *(met, f"{words}, met", "neither"),
            f"Promises of {words} that were kept: ended at their due or before. {whole}",
            *(promises, "promises"),
        ),
        _counted(
            *(missed, f"{words}, missed", "lower"),
            f"Promises of {words} that were kept too late: ended after their due. {whole}",
            *(promises, "promises"),
        ),
        Metric(
            *(f"{clock}_compliance", f"{words}, kept", "share", "higher"),
            f"The share of promises of {words} that were kept, of those that ended in the period. "
            f"{_UNTIMED}",
            f"{met} / ({met} + {missed})",
            *(kept, promises),
        ),
        _counted(
            *(f"{clock}_breached", f"{words}, broken now", "lower"),
            f"Tickets of the backlog whose {words} is past its due and has not ended.",
            None,
        ),
    ]


def _any_clock() -> list[Metric]:
    def count(tally: Tally, part: str) -> int:
        return sum(tally.count(f"{clock}_{part}") for clock in CLOCKS)

    ended = f"Counts clocks that ended in the period, whichever they are. {_UNTIMED}"
    return [
        Metric(
            *("promises_met", "met", "promises", "neither"),
            f"Promises that were kept: their clock ended at its due or before. {ended}",
            "sum of met over the clocks",
            *(lambda tally: count(tally, "met"), promises),
        ),
        Metric(
            *("promises_missed", "missed", "promises", "lower"),
            f"Promises that were kept too late: their clock ended after its due. {ended}",
            "sum of missed over the clocks",
            *(lambda tally: count(tally, "missed"), promises),
        ),
        Metric(
            *("promises_compliance", "kept", "share", "higher"),
            f"The share of promises that were kept. {ended}",
            "promises_met / (promises_met + promises_missed)",
            *(
                lambda tally: share(
                    count(tally, "met"), count(tally, "met") + count(tally, "missed")
                ),
                promises,
            ),
        ),
        Metric(
            *("promises_breached", "broken now", "promises", "lower"),
            "Promises to tickets of the backlog that are past their due and have not ended.",
            "sum of breached over the clocks",
            *(lambda tally: count(tally, "breached"), None),
        ),
    ]


def _age_words(bucket: str) -> str:
    return bucket.replace("_", " ")


_AGE_HEADINGS = dict(
    zip((name for name, _ in AGES), ("<1d", "1-7d", "7-30d", "30-90d", ">90d"), strict=True)
)


def _spent(status: str, words: str) -> Metric:
    return Metric(
        *(f"time_in_{status}_mean_seconds", words, "seconds", "lower"),
        f"The time that tickets resolved in the period spent so, {_WALL}, from creation to the "
        f"last resolution. {_UNTIMED}",
        f"sum of the time {words.replace('time ', '')} / number of those tickets",
        lambda tally: mean(tally.total(f"in_{status}"), tally.count("timed")),
        course,
    )


_ALL: list[Metric] = [
    _counted(
        *("created", "created", "neither", "Tickets created in the period."),
        arrivals,
    ),
    _counted(
        *("resolved", "resolved", "higher"),
        "Tickets resolved in the period, by their last resolution; one closed without counts too, "
        "one that is live again does not.",
        endings,
    ),
    _counted(
        *("closed", "closed", "neither"),
        "Tickets closed in the period that have stayed so.",
        endings,
    ),
    _counted(
        *("reopened", "reopened", "lower"),
        "How often a ticket that was resolved or closed came back in the period; one that came "
        "back twice counts twice.",
        *(endings, "times"),
    ),
    _counted(
        *("backlog", "backlog", "lower"),
        "Tickets that were live (new, open, waiting or on hold) at the end of the period.",
        None,
    ),
    _counted(
        *("unassigned", "unassigned", "lower"),
        "Tickets of the backlog that were nobody's at the end of the period.",
        None,
    ),
    _counted(
        *("breached", "breached", "lower"),
        "Tickets of the backlog with a promise that was broken at the end of the period: past its "
        "due and not ended. Promises are those of the policy that covers the ticket now.",
        None,
    ),
    *(
        _counted(
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
    *_times(
        *("first_response", "first response", ("first_response_met", "first_response_missed")),
        f"The time to the first response, {_OPEN}, of tickets that got it in the period and whose "
        "policy promises it.",
        promises,
    ),
    *_times(
        *("first_response_wall", "first response, wall clock", ("first_response_wall",)),
        f"The time from creation to the first response, {_WALL}, of tickets that got it in the "
        "period.",
        durations,
    ),
    *_times(
        *("next_response", "next response", ("next_response_met", "next_response_missed")),
        f"The time to each later answer, {_OPEN}, of exchanges that ended in the period and whose "
        "policy promises it.",
        promises,
    ),
    *_times(
        *("ownership", "ownership", ("ownership_met", "ownership_missed")),
        f"The time until somebody took the ticket, {_OPEN}, of tickets taken in the period whose "
        "policy promises it.",
        promises,
    ),
    *_times(
        *("resolution", "resolution", ("resolution_met", "resolution_missed")),
        f"The time to the last resolution, {_OPEN}, of tickets resolved in the period whose policy "
        "promises it; the time between a resolution and the reopening after it does not count.",
        promises,
    ),
    *_times(
        *("resolution_wall", "resolution, wall clock", ("resolution_wall",)),
        f"The time from creation to the last resolution, {_WALL}, of tickets resolved in the "
        "period.",
        durations,
    ),
    *(metric for clock in CLOCKS for metric in _promised(clock)),
    *_any_clock(),
    _shared(
        *("reopen_rate", "reopened", "lower"),
        "The share of tickets resolved in the period that had come back at least once.",
        ("came_back", "handovers"),
        "tickets with a reopening / resolved",
        course,
    ),
    _shared(
        *("escalation_rate", "escalated", "lower"),
        "The share of tickets resolved in the period that had been escalated at least once.",
        ("was_escalated", "handovers"),
        "tickets with an escalation / resolved",
        course,
    ),
    _shared(
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
    _shared(
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
        lambda tally: _points(tally),
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


def _points(tally: Tally) -> Figure:
    count = tally.count("rating")
    return round(tally.total("rating") / count, 2) if count else None


METRICS = {metric.name: metric for metric in _ALL}
