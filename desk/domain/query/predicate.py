"""A query as a function that tells of one ticket's record whether the query finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from desk.domain.ids import names, normalise
from desk.domain.query.forms import Record, custom_value, forms_of
from desk.domain.query.meaning import QueryContext, meaning
from desk.domain.query.tree import (
    Among,
    Group,
    Has,
    InState,
    Like,
    Named,
    Node,
    Not,
    Query,
    Term,
    ViewRef,
    Within,
    Words,
)
from desk.domain.words import occurs, words

Predicate: TypeAlias = Callable[[Record], bool]


def compile_predicate(query: Query, context: QueryContext) -> Predicate:
    """Return the test of one record (`desk.domain.query.forms.Record`) that the query comes to.

    QueryError, as for `check_query`, for what this help desk does not have.
    """
    return predicate_of(meaning(query, context))


def predicate_of(node: Node) -> Predicate:
    """Return the test of one record that a condition, free of terms and views, comes to."""
    match node:
        case Group("and", parts):
            return _all_of([predicate_of(part) for part in parts])
        case Group(_, parts):
            return _any_of([predicate_of(part) for part in parts])
        case Not(part):
            fails = predicate_of(part)
            return lambda record: not fails(record)
        case Has(field):
            return _has(field)
        case Among(field, values):
            return lambda record: not values.isdisjoint(forms_of(record, field))
        case Like(field, pieces):
            return lambda record: any(has_pieces(form, pieces) for form in forms_of(record, field))
        case Within(field, low, high):
            return _within(field, low, high)
        case InState(clock, states):
            return lambda record: not states.isdisjoint(_states(record, clock))
        case Words(field, phrase, prefix):
            wanted = words(phrase)
            return lambda record: occurs(wanted, _text(record, field), prefix)
        case Named(given):
            name = normalise(given)
            return lambda record: any(names(name, ticket_id) for ticket_id in _ids(record))
        case Term(field) | ViewRef(field):
            raise LookupError(f"`{field}` has not been given its meaning")


def _all_of(parts: list[Predicate]) -> Predicate:
    def test(record: Record) -> bool:
        return all(part(record) for part in parts)

    return parts[0] if len(parts) == 1 else test


def _any_of(parts: list[Predicate]) -> Predicate:
    def test(record: Record) -> bool:
        return any(part(record) for part in parts)

    return parts[0] if len(parts) == 1 else test


def _has(field: str) -> Predicate:
    if field.startswith("fields."):
        return lambda record: bool(custom_value(record, field))
    if field.partition(".")[0] == "sla":
        clock = field.partition(".")[2]
        return lambda record: any(_states(record, clock))
    return lambda record: bool(record.get(field))


def _states(record: Record, clock: str) -> tuple[object, ...]:
    states = record.get("sla")
    if not isinstance(states, Mapping):
        return ()
    return (states.get(clock),) if clock else tuple(states.values())


def _ids(record: Record) -> list[str]:
    former = record.get("former_ids")
    return [_text(record, "id"), *(former if isinstance(former, (tuple, list)) else ())]


def _text(record: Record, field: str) -> str:
    value = record.get(field)
    return value if isinstance(value, str) else ""


def _within(field: str, low: datetime | int | None, high: datetime | int | None) -> Predicate:
    def test(record: Record) -> bool:
        value = record.get(field)
        return value is not None and (
            (low is None or not _is_less(value, low)) and (high is None or _is_less(value, high))
        )

    return test


def _is_less(value: object, bound: datetime | int) -> bool:
    if isinstance(bound, datetime):
        return isinstance(value, datetime) and value < bound
    return isinstance(value, int) and value < bound


def has_pieces(form: str, pieces: tuple[str, ...]) -> bool:
    """Tell whether a form has these pieces in order: the first at its beginning, the last at its
    end."""
    first, last = pieces[0], pieces[-1]
    if not (form.startswith(first) and form.endswith(last)):
        return False
    place, end = len(first), len(form) - len(last)
    for piece in pieces[1:-1]:
        found = form.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= end
