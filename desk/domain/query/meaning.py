"""What a query asks of a ticket's record, in the few conditions that a record can answer.

This is where values get their meaning: dates become spans of time, priorities places in their
list, `@me` a person, `is:overdue` a due that has passed. What is left is so plain that a predicate
and an SQL condition made of it cannot disagree.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple, TypeAlias

from desk.domain.dates import read_span
from desk.domain.fields import DONE
from desk.domain.ids import normalise
from desk.domain.instants import parse_duration
from desk.domain.query.fields import QueryField, field_named
from desk.domain.query.tree import (
    Exact,
    Group,
    Has,
    Me,
    Node,
    Not,
    Operand,
    Pattern,
    Query,
    Range,
    Term,
    ViewRef,
    Words,
)
from desk.domain.query.views import QueryNames, expand, rank_of
from desk.domain.words import folded, words

_SECOND = timedelta(seconds=1)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": _SECOND}


class QueryContext(NamedTuple):
    """Who asks, when and where: `me` is a handle or an e-mail address (empty: nobody is known),
    `now` an aware instant, `zone` the workspace's."""

    me: str
    now: datetime
    zone: tzinfo
    names: QueryNames = QueryNames()


class AllOf(NamedTuple):
    """Every part is true; without parts, true."""

    parts: tuple[Condition, ...]


class AnyOf(NamedTuple):
    """At least one part is true; without parts, false."""

    parts: tuple[Condition, ...]


class Opposite(NamedTuple):
    """The part is false."""

    part: Condition


class Present(NamedTuple):
    """The field is there, not empty and not 0. `sla`: any clock has a state."""

    field: str


class Among(NamedTuple):
    """One of the field's forms (`desk.domain.query.forms`), folded, is one of these."""

    field: str
    values: frozenset[str]


class Like(NamedTuple):
    """One of the field's forms, folded, has these pieces in order: the first at its beginning,
    the last at its end, anything in between."""

    field: str
    pieces: tuple[str, ...]


class Within(NamedTuple):
    """The field, an instant or a number, is at least `low` and less than `high`; None: no bound."""

    field: str
    low: datetime | int | None
    high: datetime | int | None


class InState(NamedTuple):
    """A clock is in one of these states; `clock` empty: any clock is."""

    clock: str
    states: frozenset[str]


class Phrase(NamedTuple):
    """These words stand side by side in the searchable form of the field (`text` or `title`); with
    `prefix`, the last one only begins a word."""

    field: str
    words: tuple[str, ...]
    prefix: bool


class Named(NamedTuple):
    """`given` names the ticket (`desk.domain.ids.names`), by its ID or by a former one."""

    given: str


Condition: TypeAlias = (
    "AllOf | AnyOf | Opposite | Present | Among | Like | Within | InState | Phrase | Named"
)
"""Each is true or false of a record, never unknown: what a record lacks makes it false."""


def meaning(query: Query, context: QueryContext) -> Condition:
    """Return the condition that a query comes to; QueryError as for `check_query`."""
    return _Reading(context).condition(expand(query, context.names).where)


class _Reading:
    def __init__(self, context: QueryContext) -> None:
        self.context = context
        self.now = context.now.replace(microsecond=0)
        self.is_open = Opposite(Among("status", frozenset(DONE)))
        lowest = context.names.levels[:1]
        self.absent = {"status": "new", "assignee": "nobody", "level": folded("".join(lowest))}
        """What a ticket counts as that lacks the field."""

    def condition(self, node: Node) -> Condition:
        match node:
            case Group("and", parts):
                return AllOf(tuple(map(self.condition, parts)))
            case Group(_, parts):
                return AnyOf(tuple(map(self.condition, parts)))
            case Not(part):
                return Opposite(self.condition(part))
            case Has(field):
                return Present(field)
            case Words(field, phrase, prefix):
                return Phrase(field, tuple(words(phrase)), prefix)
            case ViewRef(name):
                raise LookupError(f"the view {name} is not in its place")
            case Term(name, operands):
                return self.term(field_named(name), operands)

    def term(self, field: QueryField, operands: tuple[Operand, ...]) -> Condition:
        values: set[str] = set()
        parts: list[Condition] = []
        for operand in operands:
            found = self.operand(field, operand)
            if isinstance(found, frozenset):
                values |= found
            else:
                parts.append(found)
        if field.kind == "state":
            return InState(field.name.partition(".")[2], frozenset(values))
        if values:
            parts.append(Among(field.name, frozenset(values)))
        if self.absent.get(field.name) in values:
            parts.append(Opposite(Present(field.name)))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def operand(self, field: QueryField, operand: Operand) -> Condition | frozenset[str]:
        """Return what a value comes to: a condition, or values any of which will do."""
        match operand:
            case Me():
                return self.identities(self.context.me)
            case Pattern(pieces):
                return Like(field.name, tuple(map(folded, pieces)))
            case Range(low, high):
                return self.between(field, low, high)
            case Exact(text):
                return self.exactly(field, text)

    def exactly(self, field: QueryField, text: str) -> Condition | frozenset[str]:
        match field.kind:
            case "flag":
                return self.flag(text)
            case "id":
                return Named(normalise(text))
            case "person":
                return self.identities(text)
            case "rank" | "date" | "number":
                return self.between(field, text, text)
            case "duration":
                shortest = timedelta(seconds=parse_duration(text, days=True))
                return self.lasting(field, shortest, shortest + _UNITS[text[-1]] - _SECOND)
        return frozenset({text if field.kind == "state" else folded(text)})

    def between(
        self, field: QueryField, low: str | None, high: str | None
    ) -> Condition | frozenset[str]:
        match field.kind:
            case "rank":
                return self.ranks(field, low, high)
            case "date":
                now, zone = self.context.now, self.context.zone
                return Within(
                    field.name,
                    read_span(low, now, zone)[0] if low else None,
                    read_span(high, now, zone)[1] if high else None,
                )
            case "duration":
                shortest, longest = (
                    timedelta(seconds=parse_duration(end, days=True)) if end else None
                    for end in (low, high)
                )
                return self.lasting(field, shortest, longest)
        return Within(field.name, int(low) if low else None, int(high) + 1 if high else None)

    def lasting(
        self, field: QueryField, shortest: timedelta | None, longest: timedelta | None
    ) -> Condition:
        """Say of the instant since when, what is asked of the whole seconds since then."""
        return Within(
            "created" if field.name == "age" else "updated",
            None if longest is None else self.now - longest,
            None if shortest is None else self.now - shortest + _SECOND,
        )

    def ranks(self, field: QueryField, low: str | None, high: str | None) -> frozenset[str]:
        names = self.context.names.ranks(field.name)
        if low == high and low is not None and not names:
            return frozenset({folded(low)})
        first = rank_of(low, names) if low else 0
        last = rank_of(high, names) if high else len(names) - 1
        if first is None or last is None:
            return frozenset()
        return frozenset(folded(name) for name in names[first : last + 1])

    def identities(self, who: str) -> frozenset[str]:
        """Return everything that names the person: handle and e-mail address."""
        known = {folded(who)} if who else set()
        for handle, email in self.context.names.people.items():
            if folded(who) in (folded(handle), folded(email)):
                known |= {folded(handle), folded(email)}
        return frozenset(known - {""})

    def flag(self, name: str) -> Condition | frozenset[str]:
        match name:
            case "open":
                return self.is_open
            case "done":
                return Opposite(self.is_open)
            case "mine":
                return Among("assignee", self.identities(self.context.me))
            case "unassigned":
                return Opposite(Present("assignee"))
            case "overdue":
                return AllOf((self.is_open, Within("due", None, self.now)))
            case "escalated":
                return Present("escalations")
            case "reopened":
                return Present("reopens")
        return InState("", frozenset({name.replace("-", "_")}))
