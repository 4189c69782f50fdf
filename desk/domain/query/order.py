"""The order in which a query lists what it finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from desk.domain.fields import STATUSES
from desk.domain.query.forms import Record, custom_value
from desk.domain.query.meaning import QueryContext
from desk.domain.query.tree import Query, SortKey
from desk.domain.query.views import expand
from desk.domain.words import folded, name_key

Place: TypeAlias = "int | float | str | None"
"""Where a record stands in one order; None, last, where it lacks the field."""

TIES = (SortKey("created"), SortKey("id"))
"""What decides between tickets that are equal in everything that was asked for."""


def sort_key(query: Query, context: QueryContext) -> Callable[[Record], tuple[object, ...]]:
    """Return the key by which `sorted` puts records in the query's order.

    Priorities and levels go by config.yaml's lists, the most urgent and the lowest first; statuses
    by a ticket's life; text without regard to case. What lacks a field comes last in either
    direction, apart from `status` and `level`, where it counts as new and as the lowest. Ties go
    by `created`, then `id`. A query without an order goes by these alone.
    """
    keys = (*expand(query, context.names).sort, *TIES)
    places = [(_place(key.field, context), key.descending) for key in keys]

    def key_of(record: Record) -> tuple[object, ...]:
        parts: list[object] = []
        for place, descending in places:
            found = place(record)
            parts.append(found is None)
            parts.append(_backwards(found) if descending and found is not None else found)
        return tuple(parts)

    return key_of


class _Backwards(str):
    """Text in the opposite order."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def _backwards(place: int | float | str) -> object:
    return _Backwards(place) if isinstance(place, str) else -place


def _place(field: str, context: QueryContext) -> Callable[[Record], Place]:
    match field:
        case "status":
            return _rank(field, STATUSES, STATUSES[0])
        case "priority":
            return _rank(field, context.names.priorities)
        case "level":
            return _rank(field, context.names.levels, *context.names.levels[:1])
        case "age":
            return lambda record: _since(record.get("created"))
        case "idle":
            return lambda record: _since(record.get("updated"))
    if field.startswith("fields."):
        return lambda record: _comparable(custom_value(record, field))
    return lambda record: _comparable(record.get(field))


def _rank(field: str, ranks: tuple[str, ...], default: str = "") -> Callable[[Record], Place]:
    """Order by a list; a value outside of it counts as none, and none as the default."""
    places = {name_key(name): place for place, name in enumerate(ranks)}
    return lambda record: places.get(name_key(str(record.get(field) or default)))


def _since(at: object) -> float | None:
    """The longer ago, the greater."""
    return -at.timestamp() if isinstance(at, datetime) else None


def _comparable(value: object) -> Place:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, int):
        return value
    return folded(value) if isinstance(value, str) and value else None
