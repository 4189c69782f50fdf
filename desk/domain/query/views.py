"""What a query means to one help desk: its views put in place, its names looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from desk.domain.query.fields import field_named
from desk.domain.query.operands import backwards, suggestion
from desk.domain.query.parser import parse_query
from desk.domain.query.tree import (
    Group,
    Node,
    Not,
    Query,
    QueryError,
    Term,
    ViewRef,
    walk,
)
from desk.domain.words import name_key
from desk.errors import did_you_mean

MAX_NODES = 500
"""How many conditions a query may have, those of its views included; SQLite takes twice that."""

MAX_VIEWS_IN_A_ROW = 10
"""How many views may name each other one after the other."""

MAX_LEVELS = 22
"""How deep its tree may be, views included; SQLite reads no deeper ones."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class QueryNames(NamedTuple):
    """What a help desk's settings say that a query can name.

    `priorities` begin with the most urgent, `levels` with the lowest; where one is empty, values
    of it are not checked. `views` are queries by name, `people` e-mail addresses by handle and
    `called` names by handle. `teams` and `categories` serve completion alone.
    """

    priorities: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    views: Mapping[str, str] = NOTHING
    people: Mapping[str, str] = NOTHING
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    called: Mapping[str, str] = NOTHING

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
        for node in walk(query.where):
            if isinstance(node, ViewRef):
                self.look_up(node.name, trail, query.text, query.places.get(node, 0))
            elif isinstance(node, Term) and field_named(node.field).kind == "rank":
                _check_ranks(node, self.names.ranks(node.field), query)
        where = self.put_in_place(query.where)
        if not _fits(where):
            raise QueryError(
                "the query is too large, its views included", query.text, 0, "ask for less at once"
            )
        orders = (self.expanded[name_key(ref.name)].sort for ref in _outermost_views(query.where))
        return replace(query, where=where, sort=query.sort or next(filter(None, orders), ()))

    def look_up(self, given: str, trail: tuple[str, ...], text: str, place: int) -> None:
        """See that a view is there and can be read, and keep what it comes to."""
        name = self.views.get(name_key(given))
        if name is None:
            known = ", ".join(f"`@{view}`" for view in list(self.names.views)[:12])
            hint = f"there are {known}" if known else "config.yaml has no views"
            guess = did_you_mean(given[:80], self.names.views)
            raise QueryError(f"there is no view `@{given[:60]}`", text, place, guess or hint)
        if name in trail or len(trail) >= MAX_VIEWS_IN_A_ROW:
            row = " -> ".join(f"`@{view}`" for view in (*trail, name)[-MAX_VIEWS_IN_A_ROW:])
            problem = "in a ring" if name in trail else "too deeply"
            raise _InView(
                f"views name each other {problem}: {row}", text, place, "take one of them out"
            )
        if name_key(name) in self.expanded:
            return
        try:
            view = self.expand(parse_query(self.names.views[name]), (*trail, name))
            self.expanded[name_key(name)] = view
        except QueryError as error:
            inside = "" if isinstance(error, _InView) else f"in the view `@{name}`: "
            raise _InView(f"{inside}{error.message}", text, place, error.hint) from None

    def put_in_place(self, node: Node) -> Node:
        match node:
            case Group(joiner, parts):
                return Group(joiner, tuple(map(self.put_in_place, parts)))
            case Not(part):
                return Not(self.put_in_place(part))
            case ViewRef():
                return self.expanded[name_key(node.name)].where
        return node


class _InView(QueryError):
    """Something is wrong within a view that the query names."""


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
        parts = (part for node in level for part in _parts(node))
        level = list(islice(parts, MAX_NODES + 1))
    return not level and nodes <= MAX_NODES


def _parts(node: Node) -> Sequence[Node]:
    if isinstance(node, Group):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()


def _check_ranks(term: Term, ranks: tuple[str, ...], query: Query) -> None:
    if not ranks:
        return
    for operand in term.operands:
        place = query.places.get(Term(term.field, (operand,)), 0)
        ends = [end for end in operand if isinstance(end, str)]
        found: list[int] = []
        for end in ends:
            rank = rank_of(end, ranks)
            if rank is None:
                message = f"`{end[:60]}` is no value of `{term.field}`"
                raise QueryError(message, query.text, place, suggestion(end, ranks))
            found.append(rank)
        if found != sorted(found):
            raise backwards(ends[0], ends[1], query.text, place)
