"""What a query asks of a ticket's record, in the few conditions that a record can answer.

This is where values get their meaning: dates become spans of time, priorities places in their
list, `@me` a person, `is:overdue` a due that has passed. What is left is so plain that a predicate
and an SQL condition made of it cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from desk.domain.dates import read_span
from desk.domain.fields import DONE
from desk.domain.instants import parse_duration
from desk.domain.query.fields import QueryField, field_named
from desk.domain.query.tree import (
    Among,
    Exact,
    Group,
    Has,
    InState,
    Like,
    Me,
    Named,
    Node,
    Not,
    Operand,
    Pattern,
    Query,
    Range,
    Term,
    Within,
)
from desk.domain.query.views import QueryNames, expand, rank_of
from desk.domain.words import folded

_SECOND = timedelta(seconds=1)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": _SECOND}


class QueryContext(NamedTuple):
    """Who asks, when and where: `me` is a handle or an e-mail address (empty: nobody is known),
    `now` an aware instant, `zone` the workspace's."""

    me: str
    now: datetime
    zone: tzinfo
    names: QueryNames = QueryNames()


def meaning(query: Query, context: QueryContext) -> Node:
    """Return what a query comes to: a tree without terms and views, their conditions in place.
    QueryError as for `check_query`."""
    return _Reading(context).condition(expand(query, context.names).where)


class _Reading:
    def __init__(self, context: QueryContext) -> None:
        self.context = context
        self.now = context.now.replace(microsecond=0)
        self.is_open = Not(Among("status", frozenset(DONE)))
        lowest = context.names.levels[:1]
        self.absent = {"status": "new", "assignee": "nobody", "level": folded("".join(lowest))}
        """What a ticket counts as that lacks the field."""

    def condition(self, node: Node) -> Node:
        match node:
            case Group(joiner, parts):
                return Group(joiner, tuple(map(self.condition, parts)))
            case Not(part):
                return Not(self.condition(part))
            case Term(name, operands):
                return self.term(field_named(name), operands)
        return node

    def term(self, field: QueryField, operands: tuple[Operand, ...]) -> Node:
        values: set[str] = set()
        parts: list[Node] = []
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
            parts.append(Not(Has(field.name)))
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def operand(self, field: QueryField, operand: Operand) -> Node | frozenset[str]:
        """Return what a value comes to: a condition, or values any of which will do."""
        match operand:
            case Me():
                return self.identities(self.context.me)
            case Pattern(pieces):
                return self.like(field, tuple(map(folded, pieces)))
            case Range(low, high):
                return self.between(field, low, high)
            case Exact(text):
                return self.exactly(field, text)

    def exactly(self, field: QueryField, text: str) -> Node | frozenset[str]:
        match field.kind:
            case "flag":
                return self.flag(text)
            case "id":
                return Named(text)
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
    ) -> Node | frozenset[str]:
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
    ) -> Node:
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

    def like(self, field: QueryField, pieces: tuple[str, ...]) -> Node:
        """Ask for a value of these pieces; of a person also where their name has them."""
        condition = Like(field.name, pieces)
        if field.kind != "person":
            return condition
        wanted = re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)
        people = self.people(lambda text: wanted.fullmatch(text) is not None)
        return Group("or", (condition, Among(field.name, people))) if people else condition

    def identities(self, who: str) -> frozenset[str]:
        """Return everything that can stand for a person whom `who` names: a handle, an address or
        a name."""
        wanted = folded(who)
        return self.people(lambda text: text == wanted) | {wanted} if wanted else frozenset()

    def people(self, is_meant: Callable[[str], bool]) -> frozenset[str]:
        """Return handles and addresses of the people of whom a handle, an address or a name is
        meant."""
        names = self.context.names
        found: set[str] = set()
        for handle, email in names.people.items():
            texts = [folded(text) for text in (handle, email, names.called.get(handle, "")) if text]
            if any(map(is_meant, texts)):
                found |= {folded(handle), folded(email)}
        return frozenset(found - {""})

    def flag(self, name: str) -> Node | frozenset[str]:
        match name:
            case "open":
                return self.is_open
            case "done":
                return Not(self.is_open)
            case "mine":
                return Among("assignee", self.identities(self.context.me))
            case "unassigned":
                return Not(Has("assignee"))
            case "overdue":
                return Group("and", (self.is_open, Within("due", None, self.now)))
            case "escalated":
                return Has("escalations")
            case "reopened":
                return Has("reopens")
        return InState("", frozenset({name.replace("-", "_")}))
