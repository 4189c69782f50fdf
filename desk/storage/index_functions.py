"""Functions of our own that conditions of the index call (`desk.storage.query_sql`)."""

from __future__ import annotations

import json
from collections.abc import Callable

from desk.domain.ids import names
from desk.domain.query.predicate import has_pieces
from desk.domain.words import name_key
from desk.storage.query_sql import SEPARATOR, unescaped


def _is_like(forms: str | None, pattern: str) -> bool:
    """Tell whether one of a column's forms has the pattern's pieces; SQL's `desk_like`."""
    if forms is None:
        return False
    inside = forms[1:-1].split(SEPARATOR) if forms.startswith(SEPARATOR) else [forms]
    pieces = tuple(map(unescaped, pattern.split(SEPARATOR)))
    return any(has_pieces(unescaped(form), pieces) for form in inside)


def _custom(custom: str | None, field: str) -> str | None:
    """Return the value of ``fields.<name>`` from a row's custom fields; SQL's `desk_custom`."""
    if custom is None:
        return None
    told = json.loads(custom)
    name = field.removeprefix("fields.")
    if name in told:
        return str(told[name])
    key = name_key(name)
    return next((str(value) for known, value in told.items() if name_key(known) == key), None)


def _is_named(given: str, former_ids: str | None) -> bool:
    """Tell whether one of a ticket's former IDs is named; SQL's `desk_names`."""
    if former_ids is None:
        return False
    return any(names(given, each.upper()) for each in former_ids[1:-1].split(SEPARATOR))


FUNCTIONS: tuple[tuple[str, int, Callable[..., str | bool | None]], ...] = (
    ("desk_custom", 2, _custom),
    ("desk_like", 2, _is_like),
    ("desk_names", 2, _is_named),
)
"""Each by its name in SQL, with how many arguments it takes."""
