"""How a few figures went, period by period, for a line of each beside figures of all the time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import tzinfo
from itertools import accumulate
from typing import NamedTuple

from desk.domain.report.groups import Key
from desk.domain.report.periods import Every, Slices, every_for, slices
from desk.domain.report.rows import TicketRow, live_spans

_LONGEST = 52 * 7 * 86_400
"""So far back people look, in seconds."""


class Trend(NamedTuple):
    """What was created and resolved in each period, and the backlog at its end."""

    every: Every
    labels: tuple[str, ...]
    created: tuple[int, ...]
    resolved: tuple[int, ...]
    backlog: tuple[int, ...]


class TrendCounter:
    """Counts tickets, one after the other, over the periods that lie in a span of time, or in its
    last year; the definitions are those of the metrics of these names."""

    def __init__(self, start: int, end: int, zone: tzinfo) -> None:
        start = min(max(start, end - _LONGEST), end - 1)
        self.every = every_for(start, end)
        self.slices: Slices = slices(start, end, self.every, zone)
        count = len(self.slices.labels)
        self._created, self._resolved = [0] * count, [0] * count
        self._steps = [0] * (count + 1)
        """By how much the backlog at the end of a period differs from that of the one before."""

    def add(self, row: TicketRow, keys: Sequence[Key] = ()) -> None:
        """Count a ticket."""
        start, ends = self.slices.starts[0], self.slices.ends
        resolved = row.resolved
        if resolved is not None and resolved < start and not row.reopens:
            return  # most of them
        if start <= row.created < ends[-1]:
            self._created[self.slices.place(row.created)] += 1
        if resolved is not None and start <= resolved < ends[-1]:
            self._resolved[self.slices.place(resolved)] += 1
        for since, until in live_spans(row):
            first, last = bisect_right(ends, since), bisect_right(ends, until)
            if first < last:
                self._steps[first] += 1
                self._steps[last] -= 1

    def finish(self) -> None:
        """Nothing is left to do once all are counted."""

    def trend(self) -> Trend:
        """Return what it came to."""
        backlog = tuple(accumulate(self._steps[:-1]))
        counted = tuple(self._created), tuple(self._resolved)
        return Trend(self.every, self.slices.labels, *counted, backlog)
