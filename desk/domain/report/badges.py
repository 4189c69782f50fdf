"""The badges of a leaderboard: who comes first, and of how much at least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.domain.words import natural_key


class Badge(NamedTuple):
    """One badge: for the best figure of a metric; only for people with at least so many (`least`)
    of what the sum of the metrics `of` counts."""

    name: str
    title: str
    metric: str
    of: tuple[str, ...]
    least: int = 1
    counts: str = ""

    @property
    def definition(self) -> str:
        """What it is for, in words."""
        least = f" For at least {self.least} {self.counts}." if self.least > 1 else ""
        return f"{METRICS[self.metric].definition}{least}"


BADGES = (
    Badge("most-kept", "most resolved in time", "resolution_met", ("resolution_met",)),
    Badge(
        *("longest-run", "longest run of kept promises", "longest_run"),
        ("promises_met", "promises_missed"),
    ),
    Badge(*("best-rated", "best rated", "rating_mean"), ("ratings",), 3, "ratings"),
    Badge(
        *("fastest-response", "fastest first response", "first_response_median_seconds"),
        ("first_response_met", "first_response_missed"),
        *(3, "first responses"),
    ),
    Badge("articles", "most articles written", "kb_written", ("kb_written",)),
)


class Ranked(NamedTuple):
    """Somebody's place (from 1; equal figures share one), figure, and of how many it is."""

    place: int
    who: str
    figure: int | float
    total: int


def ranking(badge: Badge, people: Mapping[str, Mapping[str, Figure]]) -> Sequence[Ranked]:
    """Return who comes first, second and so on, of the metrics of each person; those with nothing
    to show, or too little, are left out."""
    is_low = METRICS[badge.metric].better == "lower"
    found = []
    for who, figures in people.items():
        count = int(sum(figures.get(name) or 0 for name in badge.of))
        figure = figures.get(badge.metric)
        if figure is not None and count >= badge.least and (is_low or figure > 0):
            found.append((figure, who, count))
    found.sort(key=lambda each: (each[0] if is_low else -each[0], natural_key(each[1])))
    ranked: list[Ranked] = []
    for place, (figure, who, count) in enumerate(found, 1):
        same = bool(ranked) and ranked[-1].figure == figure
        ranked.append(Ranked(ranked[-1].place if same else place, who, figure, count))
    return ranked
