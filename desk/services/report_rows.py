"""Rows of reports: from the index, or made from the files where it knows nothing of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, product
from typing import Any, NamedTuple, TypeAlias, TypeVar

from desk.domain.fields import FIELD
from desk.domain.query import Query, meaning
from desk.domain.replay import as_of
from desk.domain.report.groups import Key
from desk.domain.report.periods import label_of
from desk.domain.report.rows import COLUMNS, TicketRow
from desk.domain.ticket import Ticket
from desk.domain.words import folded
from desk.errors import Diagnostic
from desk.services.answering import known_to
from desk.services.desk import Desk
from desk.services.indexing import answered
from desk.services.past_rows import made_index
from desk.services.reading import Question, asked, matching
from desk.services.rows import row_of
from desk.storage.index import Index
from desk.storage.query_sql import Condition
from desk.storage.report_sql import (
    assignee_column,
    grouping_column,
    live_or_updated,
    row_columns,
)
from desk.storage.ticket_store import Filed

CREATED = ("day", "week", "month", "quarter", "year")
"""Groupings by when a ticket was created."""

_Values: TypeAlias = tuple[str, ...]

T = TypeVar("T")


class Source(NamedTuple):
    """The tickets that a query finds. `first` is when the first of them was created, None where
    there is none, and where they are asked for since some instant; `rows` can be gone through once:
    each with the keys of its groups, none where nothing is grouped."""

    first: int | None
    rows: Iterator[tuple[TicketRow, Sequence[Key]]]
    unreadable: tuple[Diagnostic, ...]


class Grouping(NamedTuple):
    """How the index tells a grouping: a column, the values that what it says stands for, and
    whether it is of the front matter."""

    sql: str
    values_of: Callable[[Any], _Values]
    is_field: bool


def with_rows(
    desk: Desk,
    query_text: str,
    by: Sequence[str],
    use: Callable[[Source], T],
    live_at: int | None = None,
    since: int | None = None,
) -> T:
    """Return what `use` makes of the tickets that a query finds, done ones too; QueryError. With
    `live_at` only those that came back, or were live then, have their steps; with `since` some may
    be left out that were done before and stayed so.

    `use`, which returns something, is called once more where the index turned out to be of no use
    half-way.
    """
    groupings = [grouping_of(desk, name) for name in by]

    def made(places: Sequence[_Place], unreadable: tuple[Diagnostic, ...]) -> T:
        asked_of = places if since is None else ()
        firsts = [first for each in asked_of if (first := each.first()) is not None]
        rows = (row for each in places for row in each.rows(groupings, live_at))
        return use(Source(min(firsts, default=None), rows, unreadable))

    return _made(desk, query_text, made, "" if since is None else live_or_updated(since))


def with_values(
    desk: Desk,
    query_text: str,
    columns: Sequence[str],
    created: tuple[int, int],
    use: Callable[[Iterator[tuple[Any, ...]]], T],
    with_fields: bool = False,
) -> tuple[T, tuple[Diagnostic, ...]]:
    """Return what `use` makes of these columns (some of the front matter, `with_fields`) of the
    tickets that a query finds and that were created from the first second up to the last, which is
    out; and the files that could not be read. QueryError. See `with_rows` of `use`."""

    def made(
        places: Sequence[_Place], unreadable: tuple[Diagnostic, ...]
    ) -> tuple[T, tuple[Diagnostic, ...]]:
        found = (each.index.figures(columns, each.condition, with_fields) for each in places)
        return use(chain.from_iterable(found)), unreadable

    return _made(desk, query_text, made, f"created >= {created[0]:d} AND created < {created[1]:d}")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows are: an index, and the condition of those that are asked for."""

    index: Index
    condition: Condition

    def first(self) -> int | None:
        """Return when the first ticket was created."""
        for (first,) in self.index.figures(("min(created)",), self.condition, with_fields=False):
            return None if first is None else int(first)
        return None

    def rows(
        self, groupings: Sequence[Grouping], live_at: int | None
    ) -> Iterator[tuple[TicketRow, Sequence[Key]]]:
        """Yield each row, and the keys of its groups."""
        columns = row_columns(live_at)
        if not groupings:
            for found in self.index.figures(columns, self.condition, with_fields=False):
                yield TicketRow._make(found), ()
            return
        known: dict[object, list[Key]] = {}
        columns += [grouping.sql for grouping in groupings]
        with_fields = any(grouping.is_field for grouping in groupings)
        for found in self.index.figures(columns, self.condition, with_fields):
            told = found[len(COLUMNS) :]
            if told not in known:
                each = zip(groupings, told, strict=True)
                known[told] = [*product(*(grouping.values_of(value) for grouping, value in each))]
            yield TicketRow._make(found[: len(COLUMNS)]), known[told]


def _made(
    desk: Desk,
    query_text: str,
    use: Callable[[Sequence[_Place], tuple[Diagnostic, ...]], T],
    only: str = "",
) -> T:
    """Return what `use` makes of the places of the tickets that a query finds, `only` those that
    fulfil a condition in SQL ("": all), and of what is wrong with the files that gave none."""
    question = asked(desk, query_text, live_by_default=False)

    def narrowed(index: Index, condition: Condition) -> _Place:
        return _Place(index, condition.narrowed(only) if only else condition)

    def from_index(index: Index) -> T | None:
        known = known_to(desk, index, question)
        if known is None:
            return None
        condition, ahead = known
        others = narrowed(*_in_memory(desk, question, ahead))
        made = use([narrowed(index, condition), others], index.problems())
        others.index.close()
        return made

    made = answered(desk, from_index)
    if made is None:
        index, condition, unreadable = made_index(desk, question)
        made = use([narrowed(index, condition)], unreadable)
        index.close()
    return made


def _in_memory(desk: Desk, question: Question, ahead: Iterable[Filed]) -> tuple[Index, Condition]:
    """Return an index, for this once, of those of some tickets that are asked for: each as its log
    has it now, which is how it is counted."""
    there = [
        filed._replace(ticket=ticket)
        for filed in ahead
        if (ticket := _as_of_now(desk, filed.ticket)) is not None
    ]
    index = Index.in_memory()
    paths = {each.path for each in matching(desk, there, question)}
    index.add((row_of(each, desk.levels) for each in there if each.path in paths), ())
    everything = asked(desk, "", live_by_default=False)
    return index, Condition(meaning(Query(), everything.context), desk.now)


def _as_of_now(desk: Desk, ticket: Ticket) -> Ticket | None:
    return as_of(ticket, desk.now) if ticket.updated > desk.now else ticket


def has_one_key(by: Sequence[str]) -> bool:
    """Tell whether every ticket has one value of some groupings, and no more; not where there is no
    grouping of tickets."""
    return bool(by) and all(name in CREATED or name == "policy" or _is_single(name) for name in by)


def _is_single(name: str) -> bool:
    return name.startswith("fields.") or (name in FIELD and FIELD[name].kind != "list")


def grouping_of(desk: Desk, name: str) -> Grouping:
    """Return how the index tells a grouping."""
    if name == "policy":
        names = [policy.name for policy in desk.settings.policies]
        return Grouping("policy", lambda told: ("" if told is None else names[told],), False)
    if name in CREATED:
        zone = desk.settings.zone

        def label(told: int) -> _Values:
            return (label_of(datetime.fromtimestamp(told, zone).date(), name),)

        return Grouping("created", label, False)
    if name == "assignee":
        handles = [
            person.handle
            for person in desk.settings.people.values()
            if person.handle == folded(person.handle)
        ]
        return Grouping(assignee_column(handles), _one, False)
    is_list = name in FIELD and FIELD[name].kind == "list"
    return Grouping(grouping_column(name), _many if is_list else _one, True)


def _one(told: str | None) -> _Values:
    return (told or "",)


def _many(told: str | None) -> _Values:
    return tuple(dict.fromkeys(json.loads(told))) if told else ("",)
