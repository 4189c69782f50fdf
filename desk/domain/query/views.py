"""What a query means to one help desk: its views put in place, its names looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from desk.domain.query.fields import QUERY_FIELDS
from desk.domain.query.operands import backwards, suggestion
from desk.domain.query.parser import parse_query
from desk.domain.query.tree import (
    Exact,
    Group,
    Node,
    Not,
    Operand,
    Query,
    QueryError,
    Range,
    Term,
    ViewRef,
)
from desk.domain.words import name_key
from desk.errors import did_you_mean

MAX_NODES = 2_000
"""How many conditions a query may have, those of its views included."""

MAX_LEVELS = 22
"""How deep its tree may be, views included; SQLite reads no deeper ones."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class QueryNames(NamedTuple):
    """What a help desk's settings say that a query can name.

    `priorities` begin with the most urgent, `levels` with the lowest; where one is empty, values
    of it are not checked. `views` are queries by name, `people` e-mail addresses by handle.
    `teams` and `categories` serve completion alone.
    """

    priorities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    views: Mapping[str, str] = NOTHING
    people: Mapping[str, str] = NOTHING
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def ranks(self, field: str) -> tuple[str, ...]:
        """Return the values of a field whose order config.yaml gives, in that order."""
        return self.priorities if field == "priority" else self.levels


def rank_of(given: str, ranks: Sequence[str]) -> int | None:
    """Return where a priority or level stands in its list, None where it is not in it."""
    key = name_key(given)
    return next((place for place, name in enumerate(ranks) if name_key(name) == key), None)


def check_query(query: Query, names: QueryNames) -> None:
    """Raise QueryError for a priority, level or view that this help desk does not have, and for
    views that name each other in a ring; what is wrong within a view is said at its `@name`."""
    expand(query, names)


def expand(query: Query, names: QueryNames) -> Query:
    """Return the query with the conditions of each view in its place, all names checked.

    A query that names no order of its own takes that of the first view, among the conditions
    that must all hold, that has one. QueryError as for `check_query`, and for a query that grows
    beyond `MAX_NODES` or `MAX_LEVELS` in this way.
    """
    return _Expansion(names).expand(query, ())


class _Expansion:
    def __init__(self, names: QueryNames) -> None:
        self.names = names
        self.views = {name_key(name): name for name in names.views}
        self.expanded: dict[str, Query] = {}

    def expand(self, query: Query, trail: tuple[str, ...]) -> Query:
        where = self.node(query.where, query, trail)
        if not _fits(where):
            raise QueryError(
                "the query is too large, its views included", query.text, 0, "ask for less at once"
            )
        sort = query.sort
        for ref in _outermost_views(query.where):
            sort = sort or self.view(ref, query, trail).sort
        return replace(query, where=where, sort=sort)

    def node(self, node: Node, query: Query, trail: tuple[str, ...]) -> Node:
        match node:
            case Group(joiner, parts):
                return Group(joiner, tuple(self.node(part, query, trail) for part in parts))
            case Not(part):
                return Not(self.node(part, query, trail))
            case ViewRef():
                return self.view(node, query, trail).where
            case Term(field) if field in _RANKED:
                _check_ranks(node, self.names.ranks(field), query.text)
        return node

    def view(self, ref: ViewRef, query: Query, trail: tuple[str, ...]) -> Query:
        name = self.views.get(name_key(ref.name))
        if name is None:
            hint = did_you_mean(ref.name[:80], self.names.views)
            known = ", ".join(f"`@{view}`" for view in list(self.names.views)[:12])
            raise QueryError(
                f"there is no view `@{ref.name[:60]}`",
                query.text,
                ref.place,
                hint or (f"there are {known}" if known else "config.yaml names no views"),
            )
        if name in trail:
            ring = " -> ".join(f"`@{view}`" for view in (*trail[trail.index(name) :], name))
            raise _InView(
                f"views name each other in a ring: {ring}",
                query.text,
                ref.place,
                "take one of them out",
            )
        if name not in self.expanded:
            try:
                view = parse_query(self.names.views[name])
                self.expanded[name] = self.expand(view, (*trail, name))
            except QueryError as error:
                message = error.message
                if not isinstance(error, _InView):
                    message = f"in the view `@{name}`: {message}"
                raise _InView(message, query.text, ref.place, error.hint) from None
        return self.expanded[name]


class _InView(QueryError):
    """Something is wrong within a view that the query names."""


_RANKED = frozenset(field.name for field in QUERY_FIELDS if field.kind == "rank")


def _outermost_views(node: Node) -> Iterator[ViewRef]:
    if isinstance(node, ViewRef):
        yield node
    elif isinstance(node, Group) and node.joiner == "and":
        yield from (part for part in node.parts if isinstance(part, ViewRef))


def _fits(where: Node) -> bool:
    level: list[Node] = [where]
    nodes = 0
    for _ in range(MAX_LEVELS):
        nodes += len(level)
        if not level or nodes > MAX_NODES:
            break
        level = [part for node in level for part in _parts(node)]
    return not level and nodes <= MAX_NODES


def _parts(node: Node) -> Sequence[Node]:
    if isinstance(node, Group):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()


def _check_ranks(term: Term, ranks: tuple[str, ...], text: str) -> None:
    if not ranks:
        return
    for operand, place in zip(term.operands, term.places or (0,) * len(term.operands), strict=True):
        ends = operand if isinstance(operand, Range) else (_text_of(operand),)
        for end in ends:
            if end is not None and rank_of(end, ranks) is None:
                raise QueryError(
                    f"`{term.field}` is never `{end[:60]}`", text, place, suggestion(end, ranks)
                )
        if isinstance(operand, Range) and operand.low and operand.high:
            low, high = rank_of(operand.low, ranks), rank_of(operand.high, ranks)
            if low is not None and high is not None and low > high:
                raise backwards(operand.low, operand.high, text, place)


def _text_of(operand: Operand) -> str:
    return operand.text if isinstance(operand, Exact) else ""
