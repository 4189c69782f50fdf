"""A report, made of the rows of its tickets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from desk.domain.report.behind import joined, term_of, tickets_behind
from desk.domain.report.catalogue import BUILT_IN, BuiltIn
from desk.domain.report.groups import CLOCK_METRICS, Collector, Key, figures
from desk.domain.report.metrics import METRICS
from desk.domain.report.periods import Every, Period, Slices, every_for, slices, whole
from desk.domain.report.tally import Tally, stays
from desk.domain.report.trend import TrendCounter
from desk.domain.report_words import CLOCK
from desk.domain.sla import CLOCKS
from desk.errors import UsageError
from desk.services.desk import Desk
from desk.services.report_order import active_agents, closed_set, ordered, sorted_groups
from desk.services.report_rows import Source, has_one_key, with_rows
from desk.services.report_values import Group, Report


class Plan(NamedTuple):
    """What a report is to be of: its kind with the metrics to show, the tickets, the period, what
    rows stand for (`by`, and `every` for periods), the period to compare with, and whether to tell
    the trend of one without rows."""

    desk: Desk
    kind: BuiltIn
    query_text: str
    period: Period
    by: tuple[str, ...]
    every: Every | None
    compared: Period | None
    has_trend: bool = False

    @property
    def is_sliced(self) -> bool:
        """Whether it goes by periods."""
        return self.kind.is_by_period or self.every is not None

    @property
    def is_by_clock(self) -> bool:
        """Whether its rows are clocks."""
        return self.by == (CLOCK,)

    @property
    def closed(self) -> tuple[str, ...]:
        """The values that have a row, whatever there is to show."""
        if self.kind.base == "agents" and self.by == ("assignee",):
            return active_agents(self.desk.settings)
        return closed_set(self.desk.settings, self.by[0]) if len(self.by) == 1 else ()

    @property
    def behind(self) -> dict[str, str]:
        """The query of the tickets behind each figure of all, where one finds just these."""
        zone = self.desk.settings.zone
        found = {name: tickets_behind(name, self.period, zone) for name in self.kind.metrics}
        return {name: joined(self.query_text, query) for name, query in found.items() if query}


def made(plan: Plan) -> Report:
    """Make a report; UsageError where it would have too many periods, QueryError."""
    period, compared = plan.period, plan.compared
    needs_all = any(METRICS[name].source is stays for name in plan.kind.metrics)
    is_whole = not (plan.is_sliced or compared)
    starts = [each.start() for each in (period, compared) if each is not None]
    return with_rows(
        plan.desk,
        plan.query_text,
        () if plan.is_by_clock else plan.by,
        lambda source: _Count(plan, source).report(),
        None if needs_all or not is_whole else period.end(plan.desk.now),
        min(starts) if period.since is not None else None,
    )


class _Count:
    """What was counted of the tickets of a source."""

    def __init__(self, plan: Plan, source: Source) -> None:
        self.plan, self.unreadable = plan, source.unreadable
        self.metrics = plan.kind.metrics
        now = plan.desk.now
        start, end = plan.period.start(), plan.period.end(now)
        self.every: Every | None = None
        self.slices = self._slices(source.first, start, end)
        self.current = self._collector(self.slices)
        self.total = self.current
        if len(self.slices.labels) > 1:
            self.total = self._collector(whole(self.slices.starts[0], end), is_grouped=False)
        self.earlier: Collector | None = None
        if plan.compared is not None:
            self.earlier = self._collector(whole(plan.compared.start(), plan.compared.end(now)))
        collectors: list[Collector | TrendCounter] = [self.current]
        if self.total is not self.current:
            collectors.append(self.total)
        if self.earlier is not None:
            collectors.append(self.earlier)
        self.trend: TrendCounter | None = None
        if plan.has_trend and not (plan.is_sliced or plan.by) and start < end:
            if plan.period.since is None:
                start = end - 1 if source.first is None else source.first
            self.trend = TrendCounter(start, end, plan.desk.settings.zone)
            collectors.append(self.trend)
        if start >= end:
            return
        for row, keys in source.rows:
            for collector in collectors:
                collector.add(row, () if collector is self.total is not self.current else keys)
        for collector in collectors:
            collector.finish()

    def _slices(self, first: int | None, start: int, end: int) -> Slices:
        plan = self.plan
        if not plan.is_sliced:
            return whole(start, end)
        if plan.period.since is None:
            start = min(end - 1 if first is None else first, end - 1)
        self.every = plan.every or every_for(start, end)
        try:
            return slices(start, end, self.every, plan.desk.settings.zone)
        except (ValueError, OverflowError) as error:
            raise UsageError(str(error), "choose a longer --every or a later --since") from None

    def _collector(self, cut: Slices, is_grouped: bool = True) -> Collector:
        plan = self.plan
        is_partition = is_grouped and has_one_key(plan.by)
        made = Collector(self.metrics, cut, int(plan.desk.now.timestamp()), is_partition)
        if not self.plan.is_by_clock:
            made.open_groups((value,) for value in self.plan.closed)
        return made

    def report(self) -> Report:
        """Return what it came to."""
        plan, kind = self.plan, self.plan.kind
        total = self.total.counted.all[-1]
        earlier = self.earlier.counted.all[0] if self.earlier else None
        return Report(
            name=kind.name,
            title=kind.title,
            base=kind.base,
            query_text=plan.query_text,
            period=plan.period,
            compared=plan.compared,
            as_of=plan.desk.now,
            commit=plan.desk.commit,
            metrics=self.metrics,
            groupings=tuple(filter(None, (*plan.by, self.every or ""))),
            groups=tuple(sorted_groups(plan.desk.settings, kind.sort, [*self._groups()])),
            totals=figures(self.metrics, total),
            previous=figures(self.metrics, earlier) if earlier is not None else {},
            behind=plan.behind,
            is_empty=not (_has_any(kind, total) or (earlier and _has_any(kind, earlier))),
            unreadable=self.unreadable,
            trend=self.trend.trend() if self.trend else None,
        )

    def _groups(self) -> Iterator[Group]:
        plan = self.plan
        if not plan.by and self.every is None:
            return
        found, earlier = self._tallies(), self._earlier()
        self.values = [*zip(*{*found, *earlier}, strict=True)] or [()] * len(plan.by)
        none = Tally()
        for values in self._ordered({*found, *earlier}, found):
            tallies = found.get(values)
            is_always_there = not plan.by or values[0] in plan.closed
            for place, label in enumerate(self.slices.labels):
                now = figures(self.metrics, tallies[place] if tallies else none)
                then = {}
                if plan.compared:
                    then = figures(self.metrics, earlier.get(values, none))
                if not (is_always_there or any(now.values()) or any(then.values())):
                    continue
                key = dict(zip(plan.by, values, strict=True))
                if self.every:
                    key[self.every] = label
                yield Group(key, now, then, self._query_of(values, place))

    def _tallies(self) -> Mapping[Key, list[Tally]]:
        counted = self.current.counted
        if not self.plan.by:
            return {(): counted.all}
        if self.plan.is_by_clock:
            return {(clock,): [each.only(clock) for each in counted.all] for clock in CLOCKS}
        return counted.groups

    def _earlier(self) -> Mapping[Key, Tally]:
        if self.earlier is None:
            return {}
        counted = self.earlier.counted
        if self.plan.is_by_clock:
            return {(clock,): counted.all[0].only(clock) for clock in CLOCKS}
        return {key: tallies[0] for key, tallies in counted.groups.items()}

    def _ordered(self, keys: Iterable[Key], found: Mapping[Key, list[Tally]]) -> list[Key]:
        first = METRICS[self.metrics[0]]
        sizes = {
            key: sum(first.figure(tally) or 0 for tally in tallies)
            for key, tallies in found.items()
        }
        return ordered(self.plan.desk.settings, self.plan.by, keys, sizes)

    def _query_of(self, values: Key, place: int) -> str:
        """Return the query of the tickets behind a row."""
        plan, cut = self.plan, self.slices
        zone = plan.desk.settings.zone
        period = plan.period
        if self.every:
            is_first = place == 0
            since = period.since if is_first else datetime.fromtimestamp(cut.starts[place], zone)
            is_last = place == len(cut.labels) - 1
            until = period.until if is_last else datetime.fromtimestamp(cut.ends[place], zone)
            period = Period(since, until)
        parts = [
            term_of(name, value, plan.desk.settings.policies, others)
            for name, value, others in zip(plan.by, values, self.values, strict=True)
        ]
        behind = tickets_behind(self._what(), period, zone)
        if plan.is_by_clock:
            behind = behind.removeprefix("sla:missed").strip()
        return joined(plan.query_text, " ".join(filter(None, (*parts, behind))))

    def _what(self) -> str:
        """Return which of the figures the query of a row leads to."""
        kind = self.plan.kind
        if kind.metrics in (BUILT_IN[kind.base].metrics, CLOCK_METRICS):
            return kind.behind
        return next((name for name in kind.metrics if name in _COUNTED), kind.behind)


def _has_any(kind: BuiltIn, tally: Tally) -> bool:
    """Tell whether there is anything to show."""
    return bool(tally.count("rating") if kind.base == "csat" else tally.amounts)


_COUNTED = ("created", "resolved", "closed", "backlog")
