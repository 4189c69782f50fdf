"""What a query speaks of: fields, the status, who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desk.domain.fields import DONE, FIELD, LIVE
from desk.domain.query.fields import find_field
from desk.domain.query.operands import is_relative
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
    Term,
    Words,
    walk,
)
from desk.domain.query.views import NOTHING, QueryNames, expand


def fields_used(query: Query) -> frozenset[str]:
    """Return every field that the conditions and the order name, `fields.<name>` included.

    Views are not looked into: `expand` the query first.
    """
    named = (node.field for node in walk(query.where) if isinstance(node, (Term, Has, Words)))
    return frozenset([*named, *(key.field for key in query.sort)])


_STATUS_FIELDS = frozenset({"status", "resolution", "resolved", "closed", "reopens"})
_STATUS_FLAGS = frozenset({"open", "done", "reopened"})
_ENDED_STATES = frozenset({"met", "missed"})


def speaks_of_status(query: Query, views: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether a list of this query says itself if it wants open tickets or done ones.

    So do `status`, `resolved`, `closed` and what only a done ticket has: `is:open`, `is:done`,
    `is:reopened`, a state `met` or `missed`, and `resolution`; in views too.
    """
    return any(map(_speaks_of_status, _conditions(query, views)))


def _speaks_of_status(node: Node) -> bool:
    if isinstance(node, Has):
        return node.field in _STATUS_FIELDS
    if not isinstance(node, Term):
        return False
    values = {operand.text for operand in node.operands if isinstance(operand, Exact)}
    return (
        node.field in _STATUS_FIELDS
        or (node.field == "is" and bool(values & _STATUS_FLAGS))
        or (node.field.startswith("sla") and bool(values & _ENDED_STATES))
    )


def speaks_of_done_alone(query: Query, views: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether every ticket that the query can find is done."""
    return _is_of_done(expand(query, QueryNames(views=views)).where)


def _is_of_done(node: Node) -> bool:
    match node:
        case Group("and", parts):
            return any(map(_is_of_done, parts))
        case Group("or", parts):
            return bool(parts) and all(map(_is_of_done, parts))
        case Has(name):
            return name in _ENDS
        case Term(name, operands):
            values = {operand.text if isinstance(operand, Exact) else "" for operand in operands}
            return (
                name in _ENDS
                or (name == "status" and values <= {*DONE})
                or (name == "is" and values == {"done"})
            )
    return False


def speaks_of_live_alone(query: Query, views: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether every ticket that the query can find is live."""
    return _is_of_live(expand(query, QueryNames(views=views)).where)


def _is_of_live(node: Node) -> bool:
    match node:
        case Group("and", parts):
            return any(map(_is_of_live, parts))
        case Group("or", parts):
            return bool(parts) and all(map(_is_of_live, parts))
        case Term(name, operands):
            values = {operand.text if isinstance(operand, Exact) else "" for operand in operands}
            return (name == "status" and values <= {*LIVE}) or (name == "is" and values == {"open"})
    return False


_ENDS = frozenset({"resolution", "resolved", "closed"})
"""What only a done ticket has."""


def speaks_of_me(query: Query, views: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether the answer depends on who asks: `@me` and `is:mine`, in views too."""
    return any(map(_speaks_of_me, _conditions(query, views)))


def _speaks_of_me(node: Node) -> bool:
    return isinstance(node, Term) and (
        Me() in node.operands or (node.field == "is" and Exact("mine") in node.operands)
    )


def is_front_matter_only(query: Query, views: Mapping[str, str] = NOTHING) -> bool:
    """Tell whether the conditions test the front matter alone, as those of policies must: neither
    the log, nor clocks, nor the full text, nor who asks or when. Their order does not count."""
    return all(map(_is_front_matter, _conditions(query, views)))


def _is_front_matter(node: Node) -> bool:
    if isinstance(node, (Group, Not)):
        return True
    if not isinstance(node, (Term, Has, Words)) or node.field.partition(".")[0] not in FIELD:
        return False
    operands = node.operands if isinstance(node, Term) else ()
    return not any(_depends_on_reader(node.field, operand) for operand in operands)


def _depends_on_reader(name: str, operand: Operand) -> bool:
    field = find_field(name)
    if isinstance(operand, Me) or field is None:
        return True
    if isinstance(operand, Pattern):
        return False
    return any(is_relative(field, text) for text in operand if text)


def _conditions(query: Query, views: Mapping[str, str]) -> Iterator[Node]:
    return walk(expand(query, QueryNames(views=views)).where)
