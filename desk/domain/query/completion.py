"""What a shell may offer while a query is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from desk.domain.dates import DAY_WORDS
from desk.domain.query.fields import (
    FLAGS,
    PREFIXES,
    QUERY_FIELDS,
    QueryField,
    find_field,
)
from desk.domain.query.views import QueryNames
from desk.domain.query.writing import needs_quotes

Seen = Callable[[str], Iterable[str]]
"""The values that a help desk's tickets have of a field, by its name."""


def none_seen(field: str) -> Iterable[str]:
    """Return no values: those of the tickets are not known."""
    return ()


class Completion(NamedTuple):
    """A whole word to put in place of the one begun, and what it means."""

    text: str
    meaning: str = ""


def completions(begun: str, names: QueryNames, seen: Seen = none_seen) -> list[Completion]:
    """Return what the word begun may become: names of fields with their colon, values of closed
    sets, people, teams, categories, dates, views; of any other field those that were `seen` and
    need no quotes. Of a list, the last value is completed."""
    sign = "-" if begun.startswith("-") else ""
    word = begun[len(sign) :]
    name, colon, value = word.partition(":")
    if not colon:
        found = [*_names(), *_views(names)]
    else:
        head = f"{name}:{value[: value.rfind(',') + 1]}"
        values = _values(name.lower(), names, seen)
        found = [Completion(head + text, meaning) for text, meaning in values]
    return [
        Completion(sign + text, meaning)
        for text, meaning in found
        if text.lower().startswith(word.lower())
    ]


def _names() -> Iterator[Completion]:
    yield from (Completion(f"{field.name}:", field.meaning) for field in QUERY_FIELDS)
    yield from (
        Completion(f"{name}:", meaning)
        for name, meaning in zip(
            PREFIXES, ("the field is not empty", "the field is empty", "the order"), strict=True
        )
    )


def _views(names: QueryNames) -> Iterator[Completion]:
    yield from (Completion(f"@{name}", query) for name, query in names.views.items())


def _values(name: str, names: QueryNames, seen: Seen) -> Iterable[Completion]:
    if name == "sort":
        sortable = [field for field in QUERY_FIELDS if field.is_sortable]
        for sign in ("", "-"):
            yield from (Completion(f"{sign}{field.name}", field.meaning) for field in sortable)
    elif name in PREFIXES:
        optional = [field for field in QUERY_FIELDS if field.is_optional]
        yield from (Completion(field.name, field.meaning) for field in optional)
    elif (field := find_field(name)) is not None:
        yield from _values_of(field, names, seen)


def _values_of(field: QueryField, names: QueryNames, seen: Seen) -> Iterable[Completion]:
    match field.kind:
        case "flag":
            yield from (Completion(value, meaning) for value, meaning in FLAGS.items())
        case "person":
            yield Completion("@me", "you")
            yield from (Completion(handle, email) for handle, email in names.people.items())
        case "date":
            yield from map(Completion, [*DAY_WORDS, "-7d.."])
        case "rank":
            yield from map(Completion, names.ranks(field.name))
        case "path":
            yield from map(Completion, names.categories)
        case "text" | "list" if field.name != "team":
            found = (value for value in seen(field.name) if value and not needs_quotes(value))
            yield from map(Completion, found)
        case _:
            yield from map(Completion, names.teams if field.name == "team" else field.values)
