"""What the rows of a report stand for, and the tallies of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.domain.report.periods import Slices
from desk.domain.report.rows import TicketRow, live_spans
from desk.domain.report.tally import MarksOf, Tally, backlog

Key: TypeAlias = tuple[str, ...]
"""The values that a row stands for, one for each grouping; "" for none."""

CLOCK_METRICS = tuple(f"promises_{part}" for part in ("met", "missed", "compliance", "breached"))
"""What a report by clock shows of each."""


class Counted(NamedTuple):
    """What was counted: for all tickets, and for each group, slice by slice."""

    all: list[Tally]
    groups: dict[Key, list[Tally]]


class Collector:
    """Counts tickets, one after the other, for some metrics within slices of time.

    `now` is the last instant of which anything is known. Where every ticket has one key, the groups
    are a `partition`: what was counted for all is put together from them by `finish`.
    """

    def __init__(
        self, metrics: Collection[str], slices: Slices, now: int, is_partition: bool = False
    ) -> None:
        self.slices = slices
        self._is_partition = is_partition
        self._now = now
        self._start, self._end = slices.starts[0], slices.ends[-1]
        self._sources = _sources(metrics)
        self._has_state = any(METRICS[name].source is None for name in metrics)
        self._is_whole = len(slices.labels) == 1
        self.counted = Counted(self._tallies(), {})
        self._ungrouped = [self.counted.all]

    def _tallies(self) -> list[Tally]:
        return [Tally() for _ in self.slices.labels]

    def open_groups(self, keys: Iterable[Key]) -> None:
        """Have groups of these keys, whether or not anything comes to be counted in them."""
        for key in keys:
            self.counted.groups.setdefault(key, self._tallies())

    def add(self, row: TicketRow, keys: Sequence[Key] = ()) -> None:
        """Count a ticket, for all and for the groups of these keys."""
        all_tallies = self._of(keys)
        if self._is_whole and len(all_tallies) == 1:
            self._add_to(all_tallies[0][0], row)
        else:
            self._add_to_all(all_tallies, row)
        if self._has_state:
            for place, instant in self._live_at(row):
                for what, amount in backlog(row, instant, self._now):
                    for tallies in all_tallies:
                        tallies[place].amounts[what].append(amount)

    def _add_to(self, tally: Tally, row: TicketRow) -> None:
        start, end, amounts = self._start, self._end, tally.amounts
        for source in self._sources:
            for at, what, amount in source(row):
                if start <= at < end:
                    amounts[what].append(amount)

    def _add_to_all(self, all_tallies: Sequence[list[Tally]], row: TicketRow) -> None:
        start, end, place = self._start, self._end, 0
        for source in self._sources:
            for at, what, amount in source(row):
                if start <= at < end:
                    if not self._is_whole:
                        place = self.slices.place(at)
                    for tallies in all_tallies:
                        tallies[place].amounts[what].append(amount)

    def _of(self, keys: Sequence[Key]) -> list[list[Tally]]:
        if not keys:
            return self._ungrouped
        groups = self.counted.groups
        found = [] if self._is_partition else [self.counted.all]
        for key in keys:
            if key not in groups:
                groups[key] = self._tallies()
            found.append(groups[key])
        return found

    def finish(self) -> None:
        """Know that all tickets have been counted."""
        if not self._is_partition:
            return
        for tallies in self.counted.groups.values():
            for whole, tally in zip(self.counted.all, tallies, strict=True):
                for what, amounts in tally.amounts.items():
                    whole.amounts[what] += amounts

    def _live_at(self, row: TicketRow) -> Iterator[tuple[int, int]]:
        """Yield the slices at whose end a ticket was live, and that end."""
        ends = self.slices.ends
        if not row.reopens and row.resolved is not None and row.resolved < ends[0]:
            return  # most of them
        for since, until in live_spans(row):
            if since >= self._end or until < ends[0]:
                continue
            place = 0 if self._is_whole else max(self.slices.place(since), 0)
            while place < len(ends) and ends[place] <= until:
                if since < ends[place]:
                    yield place, ends[place]
                place += 1


def _sources(metrics: Collection[str]) -> list[MarksOf]:
    sources = (METRICS[name].source for name in metrics)
    return list(dict.fromkeys(source for source in sources if source is not None))


def figures(metrics: Iterable[str], tally: Tally) -> dict[str, Figure]:
    """Return what some metrics come to."""
    return {name: METRICS[name].figure(tally) for name in metrics}
