"""Reports: what is asked of one, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from desk.domain.fields import FIELD, STATUSES
from desk.domain.report.behind import term_of, tickets_behind
from desk.domain.report.catalogue import BUILT_IN, BuiltIn
from desk.domain.report.groups import CLOCK, CLOCK_METRICS, Collector, figures
from desk.domain.report.metrics import METRICS, Figure
from desk.domain.report.periods import (
    Every,
    Period,
    Slices,
    before,
    every_for,
    slices,
    whole,
)
from desk.domain.report.tally import Tally, course
from desk.domain.report_words import GROUPINGS, is_grouping
from desk.domain.sla import CLOCKS
from desk.domain.words import natural_key
from desk.errors import Diagnostic, NotFound, UsageError, did_you_mean
from desk.services.desk import Desk
from desk.services.report_rows import CREATED, Source, with_rows

PREVIOUS = "previous"
_AGENT = "agent"
"""What else people call the assignee."""


class Wish(NamedTuple):
    """What is asked of a report; "" and None: what it has by itself. `compare` is the period to
    compare with, `PREVIOUS` the one just before."""

    name: str
    query_text: str = ""
    period: Period = Period(None, None)
    by: str = ""
    every: Every | None = None
    compare: Period | str | None = None


class Group(NamedTuple):
    """A row of a report: what it stands for, its figures, those of the period compared with (empty
    without one), and the query of the tickets behind it ("" where none finds just these)."""

    key: Mapping[str, str]
    metrics: Mapping[str, Figure]
    previous: Mapping[str, Figure]
    query: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `metrics` names its figures in order, `groupings` what its rows stand for, in the
    order of their keys. `is_empty` where nothing happened in the period and nothing was live.
    `commit` is the one that was read, "" for the files as they are."""

    name: str
    query_text: str
    period: Period
    compared: Period | None
    as_of: datetime
    commit: str
    metrics: tuple[str, ...]
    groupings: tuple[str, ...]
    groups: tuple[Group, ...]
    totals: Mapping[str, Figure]
    previous: Mapping[str, Figure]
    behind: Mapping[str, str]
    is_empty: bool
    unreadable: tuple[Diagnostic, ...]


def built_in(name: str) -> BuiltIn:
    """Return a report by its name; NotFound."""
    key = name.casefold().replace("_", "-")
    if key not in BUILT_IN:
        hint = did_you_mean(name, BUILT_IN) or f"there are {', '.join(BUILT_IN)}"
        raise NotFound(f"there is no report `{name}`", hint)
    return BUILT_IN[key]


def report(desk: Desk, wish: Wish) -> Report:
    """Make a report; NotFound for a name that is none, UsageError for what cannot be asked of it,
    QueryError."""
    kind = built_in(wish.name)
    by = _grouping(kind, wish.by)
    period, compared = wish.period, _compared(desk, wish)
    if period.since and period.until and period.since >= period.until:
        raise UsageError(
            "the period ends before it starts", "--until is the first instant after the period"
        )
    is_sliced = kind.is_by_period or wish.every is not None
    if is_sliced and compared is not None:
        raise UsageError(
            "--compare does not go with a report that is cut into periods",
            "leave one of --every and --compare out, or ask for another report",
        )
    metrics = CLOCK_METRICS if by == CLOCK else kind.metrics
    making = _Making(desk, kind, wish, by, metrics, period, compared)
    asked_for = desk, wish.query_text, making.row_grouping, making.use
    with_rows(*asked_for, making.live_at, making.since)
    return making.report()


def _grouping(kind: BuiltIn, given: str) -> str:
    """Return the name of what the rows are to stand for; UsageError."""
    name = given or kind.by
    key = name.casefold().replace("-", "_") if not name.startswith("fields.") else name
    key = "assignee" if key == _AGENT else key
    if not key or is_grouping(key) or (key == CLOCK and kind.name == "sla"):
        return key
    known = [*GROUPINGS, _AGENT, *([CLOCK] if kind.name == "sla" else [])]
    hint = did_you_mean(given, known) or f"there are {', '.join(known)} and fields.NAME"
    raise UsageError(f"rows cannot stand for `{given}`", hint)


def _compared(desk: Desk, wish: Wish) -> Period | None:
    if wish.compare is None or isinstance(wish.compare, Period):
        return wish.compare
    try:
        return before(wish.period, desk.now, desk.settings.zone)
    except (ValueError, OverflowError):
        raise UsageError(
            "there is no period before one without a beginning", "say --since"
        ) from None


class _Making:
    """A report while it is made."""

    def __init__(
        self,
        desk: Desk,
        kind: BuiltIn,
        wish: Wish,
        by: str,
        metrics: tuple[str, ...],
        period: Period,
        compared: Period | None,
    ) -> None:
        self.desk, self.kind, self.wish, self.by = desk, kind, wish, by
        self.metrics, self.period, self.compared = metrics, period, compared
        self.row_grouping = by if by != CLOCK else ""
        is_whole = not (kind.is_by_period or wish.every or compared)
        needs_all = any(METRICS[name].source is course for name in metrics)
        self.live_at = None if needs_all or not is_whole else period.end(desk.now)
        starts = [each.start() for each in (period, compared) if each is not None]
        self.since = min(starts) if period.since is not None else None
        self.closed = _closed_set(desk, by)
        self.slices: Slices | None = None
        self.every: Every | None = None

    def use(self, source: Source) -> None:
        """Count the tickets of a source."""
        now = int(self.desk.now.timestamp())
        self.unreadable = source.unreadable
        start, end = self.period.start(), self.period.end(self.desk.now)
        self.slices = self._slices(source.first, start, end)
        self.current = self._collector(self.slices, now)
        self.total = self.current
        if len(self.slices.labels) > 1:
            self.total = self._collector(whole(self.slices.starts[0], end), now)
        self.earlier: Collector | None = None
        if self.compared is not None:
            ends = self.compared.start(), self.compared.end(self.desk.now)
            self.earlier = self._collector(whole(*ends), now)
        collectors = [self.current]
        if self.total is not self.current:
            collectors.append(self.total)
        if self.earlier is not None:
            collectors.append(self.earlier)
        if start >= end:
            return
        for row, keys in source.rows:
            for collector in collectors:
                collector.add(row, () if collector is self.total is not self.current else keys)

    def _slices(self, first: int | None, start: int, end: int) -> Slices:
        if not (self.kind.is_by_period or self.wish.every):
            return whole(start, end)
        if self.period.since is None:
            start = min(end - 1 if first is None else first, end - 1)
        self.every = self.wish.every or every_for(start, end)
        try:
            return slices(start, end, self.every, self.desk.settings.zone)
        except (ValueError, OverflowError) as error:
            raise UsageError(str(error), "choose a longer --every or a later --since") from None

    def _collector(self, cut: Slices, now: int) -> Collector:
        made = Collector(self.metrics, cut, now)
        if self.closed and self.by != CLOCK:
            made.open_groups((value,) for value in self.closed)
        return made

    def report(self) -> Report:
        """Return what it came to."""
        assert self.slices is not None  # noqa: S101
        groups = list(self._groups(self.slices))
        groupings = tuple(filter(None, (self.by, self.every or "")))
        total = self.total.counted.all[-1]
        earlier = self.earlier.counted.all[0] if self.earlier else None
        zone = self.desk.settings.zone
        return Report(
            name=self.kind.name,
            query_text=self.wish.query_text,
            period=self.period,
            compared=self.compared,
            as_of=self.desk.now,
            commit=self.desk.commit,
            metrics=self.metrics,
            groupings=groupings,
            groups=tuple(groups),
            totals=figures(self.metrics, total),
            previous=figures(self.metrics, earlier) if earlier is not None else {},
            behind={
                name: self._query(tickets_behind(name, self.period, zone))
                for name in self.metrics
                if tickets_behind(name, self.period, zone)
            },
            is_empty=not total.amounts and not (earlier and earlier.amounts),
            unreadable=self.unreadable,
        )

    def _groups(self, cut: Slices) -> Iterable[Group]:
        if not self.by and self.every is None:
            return
        found = self._tallies()
        earlier = self._earlier()
        none = Tally()
        for value in self._ordered({*found, *earlier}, found):
            tallies = found.get(value)
            for place, label in enumerate(cut.labels):
                tally = tallies[place] if tallies else none
                now = figures(self.metrics, tally)
                then = figures(self.metrics, earlier.get(value, none)) if self.compared else {}
                is_always_there = not self.by or value in self.closed
                if not (is_always_there or any(now.values()) or any(then.values())):
                    continue
                key = {self.by: value} if self.by else {}
                if self.every:
                    key[self.every] = label
                yield Group(key, now, then, self._query_of(value, place, cut))

    def _tallies(self) -> dict[str, list[Tally]]:
        counted = self.current.counted
        if not self.by:
            return {"": counted.all}
        if self.by == CLOCK:
            return {clock: [each.only(clock) for each in counted.all] for clock in CLOCKS}
        return {key[0]: tallies for key, tallies in counted.groups.items()}

    def _earlier(self) -> dict[str, Tally]:
        if self.earlier is None:
            return {}
        counted = self.earlier.counted
        if self.by == CLOCK:
            return {clock: counted.all[0].only(clock) for clock in CLOCKS}
        return {key[0]: tallies[0] for key, tallies in counted.groups.items()}

    def _ordered(self, values: Iterable[str], found: Mapping[str, list[Tally]]) -> list[str]:
        """Return values in order: a closed set's own, that of time, else the greatest first."""
        places = {value: place for place, value in enumerate(self.closed)}
        is_in_time = self.by in CREATED
        first = METRICS[self.metrics[0]]

        def size(value: str) -> float:
            if places or is_in_time or value not in found:
                return 0
            return sum(first.figure(tally) or 0 for tally in found[value])

        return sorted(
            values,
            key=lambda value: (
                *(not value, places.get(value, len(places)), -size(value)),
                natural_key(value),
            ),
        )

    def _query_of(self, value: str, place: int, cut: Slices) -> str:
        zone = self.desk.settings.zone
        period = self.period
        if self.every:
            is_first = place == 0
            since = period.since if is_first else datetime.fromtimestamp(cut.starts[place], zone)
            is_last = place == len(cut.labels) - 1
            until = period.until if is_last else datetime.fromtimestamp(cut.ends[place], zone)
            period = Period(since, until)
        what = self.kind.name if self.kind.name in ("sla", "backlog", "flow") else "created"
        behind = tickets_behind(what, period, zone)
        if not self.by:
            return self._query(behind)
        term = term_of(self.by, value, self.desk.settings.policies)
        if self.by == CLOCK:
            behind = behind.removeprefix("sla:missed").strip()
        return self._query(" ".join(filter(None, (term, behind))))

    def _query(self, behind: str) -> str:
        own = self.wish.query_text
        return " ".join(filter(None, (f"({own})" if " or " in own.lower() else own, behind)))


def _closed_set(desk: Desk, by: str) -> tuple[str, ...]:
    """Return every value of a grouping that has but a few, else none."""
    settings = desk.settings
    sets: dict[str, Callable[[], tuple[str, ...]]] = {
        "policy": lambda: tuple(dict.fromkeys(policy.name for policy in settings.policies)),
        "priority": lambda: tuple(settings.priorities),
        "status": lambda: STATUSES,
        "type": lambda: FIELD["type"].values,
        "resolution": lambda: FIELD["resolution"].values,
        "level": lambda: tuple(settings.levels),
        "team": lambda: tuple(settings.teams),
        CLOCK: lambda: CLOCKS,
    }
    return sets[by]() if by in sets else ()
