"""How long things took, and which promises were kept."""

from __future__ import annotations

from desk.domain.report.figures import share
from desk.domain.report.metric import OPEN, UNTIMED, WALL, Figure, Metric, counted, times
from desk.domain.report.tally import Tally, durations, promises
from desk.domain.sla import CLOCKS


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
    whole = f"Counts {ends}, in the period, where the policy has a target. {UNTIMED}"

    def kept(tally: Tally) -> Figure:
        return share(tally.count(met), tally.count(met) + tally.count(missed))

    return [
        counted(
            *(met, f"{words}, met", "neither"),
            f"Promises of {words} that were kept: ended at their due or before. {whole}",
            *(promises, "promises"),
        ),
        counted(
            *(missed, f"{words}, missed", "lower"),
            f"Promises of {words} that were kept too late: ended after their due. {whole}",
            *(promises, "promises"),
        ),
        Metric(
            *(f"{clock}_compliance", f"{words}, kept", "share", "higher"),
            f"The share of promises of {words} that were kept, of those that ended in the period. "
            f"{UNTIMED}",
            f"{met} / ({met} + {missed})",
            *(kept, promises),
        ),
        counted(
            *(f"{clock}_breached", f"{words}, broken now", "lower"),
            f"Tickets of the backlog whose {words} is past its due and has not ended.",
            None,
        ),
    ]


def _any_clock() -> list[Metric]:
    def count(tally: Tally, part: str) -> int:
        return sum(tally.count(f"{clock}_{part}") for clock in CLOCKS)

    ended = f"Counts clocks that ended in the period, whichever they are. {UNTIMED}"
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


CLOCKED: list[Metric] = [
    *times(
        *("first_response", "first response", ("first_response_met", "first_response_missed")),
        f"The time to the first response, {OPEN}, of tickets that got it in the period and whose "
        "policy promises it.",
        promises,
    ),
    *times(
        *("first_response_wall", "first response, wall clock", ("first_response_wall",)),
        f"The time from creation to the first response, {WALL}, of tickets that got it in the "
        "period.",
        durations,
    ),
    *times(
        *("next_response", "next response", ("next_response_met", "next_response_missed")),
        f"The time to each later answer, {OPEN}, of exchanges that ended in the period and whose "
        "policy promises it.",
        promises,
    ),
    *times(
        *("ownership", "ownership", ("ownership_met", "ownership_missed")),
        f"The time until somebody took the ticket, {OPEN}, of tickets taken in the period whose "
        "policy promises it.",
        promises,
    ),
    *times(
        *("resolution", "resolution", ("resolution_met", "resolution_missed")),
        f"The time to the last resolution, {OPEN}, of tickets resolved in the period whose policy "
        "promises it; the time between a resolution and the reopening after it does not count.",
        promises,
    ),
    *times(
        *("resolution_wall", "resolution, wall clock", ("resolution_wall",)),
        f"The time from creation to the last resolution, {WALL}, of tickets resolved in the "
        "period.",
        durations,
    ),
    *(metric for clock in CLOCKS for metric in _promised(clock)),
    *_any_clock(),
]
