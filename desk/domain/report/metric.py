"""What a metric is, and how those of a kind are made alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.report.figures import mean, percentile, share
from desk.domain.report.tally import MarksOf, Tally

Figure: TypeAlias = int | float | None
Unit = Literal["tickets", "times", "promises", "seconds", "share", "points", "articles"]
Better = Literal["higher", "lower", "neither"]


class Metric(NamedTuple):
    """One metric. `words` head its column, `source` finds what is counted, None where it is how
    things stand at the end of the period; `figure` is the formula as the program has it. One that
    `is_apart` is known to the reports that have it, and to no other."""

    name: str
    words: str
    unit: Unit
    better: Better
    definition: str
    formula: str
    figure: Callable[[Tally], Figure]
    source: MarksOf | None
    is_apart: bool = False


UNTIMED = "Tickets resolved as duplicate or cancelled are left out."
OPEN = "in opening hours, without pauses"
WALL = "on the wall clock, nights, weekends and pauses included"


def counted(
    name: str,
    words: str,
    better: Better,
    definition: str,
    source: MarksOf | None,
    unit: Unit = "tickets",
) -> Metric:
    """Make a metric that says how often the thing of its name was counted."""
    formula = f"count of {words}"
    return Metric(
        name, words, unit, better, definition, formula, lambda tally: tally.count(name), source
    )


def shared(
    name: str,
    words: str,
    better: Better,
    definition: str,
    parts: tuple[str, str],
    formula: str,
    source: MarksOf,
) -> Metric:
    """Make a share: how often the first of two things was counted, of how often the second."""
    part, whole = parts
    return Metric(
        *(name, words, "share", better, definition, formula),
        lambda tally: share(tally.count(part), tally.count(whole)),
        source,
    )


def times(
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
            *(f"{definition} {UNTIMED}", formula, figure, source),
        )
        for short, long, formula, figure in made
    ]
