"""A query as a function that tells of one ticket's record whether the query finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from desk.domain.ids import names
from desk.domain.query.forms import Record, custom_value, forms_of
from desk.domain.query.meaning import (
    AllOf,
    Among,
    AnyOf,
    Condition,
    InState,
    Like,
    Named,
    Opposite,
    Phrase,
    Present,
    QueryContext,
    Within,
    meaning,
)
from desk.domain.query.tree import Query
from desk.domain.words import searchable

Predicate: TypeAlias = Callable[[Record], bool]


def compile_predicate(query: Query, context: QueryContext) -> Predicate:
    """Return the test of one record (`desk.domain.query.forms.Record`) that the query comes to.

    QueryError, as for `check_query`, for what this help desk does not have.
    """
    return predicate_of(meaning(query, context))


def predicate_of(condition: Condition) -> Predicate:
    """Return the test of one record that a condition comes to."""
    match condition:
        case AllOf(parts):
            return _all_of([predicate_of(part) for part in parts])
        case AnyOf(parts):
            return _any_of([predicate_of(part) for part in parts])
        case Opposite(part):
            fails = predicate_of(part)
            return lambda record: not fails(record)
        case Present(field):
            return _present(field)
        case Among(field, values):
            return lambda record: not values.isdisjoint(forms_of(record, field))
        case Like(field, pieces):
            return lambda record: any(_is_like(form, pieces) for form in forms_of(record, field))
        case Within(field, low, high):
            return _within(field, low, high)
        case InState(clock, states):
            return lambda record: not states.isdisjoint(_states(record, clock))
        case Phrase(field, words, prefix):
            needle = f" {' '.join(words)}{'' if prefix else ' '}"
            return lambda record: needle in searchable(_text(record, field))
        case Named(given):
            return lambda record: any(
                names(given, ticket_id) for ticket_id in (record.get("id"), *_former(record))
            )


def _all_of(parts: list[Predicate]) -> Predicate:
    def test(record: Record) -> bool:
        return all(part(record) for part in parts)

    return parts[0] if len(parts) == 1 else test


def _any_of(parts: list[Predicate]) -> Predicate:
    def test(record: Record) -> bool:
        return any(part(record) for part in parts)

    return parts[0] if len(parts) == 1 else test


def _present(field: str) -> Predicate:
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
