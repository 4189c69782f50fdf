"""A query as one condition, and one order, of SQL on the index.

Every condition is 0 or 1 of a row, never NULL, so that its negation is what it says; a test holds
them equal to the predicate of the same tree (`desk.domain.query.predicate`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import datetime

from desk.domain.fields import STATUSES
from desk.domain.ids import normalise
from desk.domain.query import QueryContext, SortKey
from desk.domain.query.order import TIES
from desk.domain.query.tree import (
    Among,
    Group,
    Has,
    InState,
    Like,
    Named,
    Node,
    Not,
    Within,
    Words,
    walk,
)
from desk.domain.sla import CLOCKS
from desk.domain.words import name_key, words
from desk.storage.full_text import Phrase
from desk.storage.index_tables import TEXTS

MANY_FORMS = ("requester", "category", "tags", "links", "kb", "watchers", "former_ids")
"""The fields whose column holds every form of them, each between two `SEPARATOR`s."""

SEPARATOR = "\x1f"
_ESCAPES = str.maketrans({"\x1e": "\x1e0", SEPARATOR: "\x1e1"})

_INSTANTS = ("created", "updated", "resolved", "closed", "due", "until")
_NUMBERS = ("replies", "reopens", "escalations", "handovers", "worked_minutes", "rating")


def escaped(form: str) -> str:
    """Return a form as a column holds it that has one form alone."""
    return form if form.isprintable() else form.translate(_ESCAPES)


def unescaped(held: str) -> str:
    """Return the form that a column holds so."""
    if "\x1e" not in held:
        return held
    return held.replace("\x1e1", SEPARATOR).replace("\x1e0", "\x1e")


def joined(forms: Sequence[str]) -> str | None:
    """Return the forms of a field as its column holds them, None where there are none."""
    if not forms:
        return None
    inside = SEPARATOR.join(map(escaped, forms))
    return f"{SEPARATOR}{inside}{SEPARATOR}"


def asks_for_texts(node: Node) -> bool:
    """Tell whether a condition needs the full-text table of the index."""
    return any(isinstance(each, Words) and each.field == "text" for each in walk(node))


class Condition:
    """The SQL of a condition, and its parameters in order."""

    def __init__(self, node: Node, now: datetime) -> None:
        self.now = int(now.timestamp())
        self.parameters: list[object] = []
        self.sql = self._condition(node)

    def narrowed(self, sql: str) -> Condition:
        """Return the condition of what fulfils this one and another, which has no parameters."""
        both = copy(self)
        both.sql = f"{sql} AND {self.sql}"
        return both

    def _condition(self, node: Node) -> str:
        match node:
            case Group("and", ()):
                return "1"
            case Group(joiner, parts):
                return f"({f' {joiner.upper()} '.join(map(self._condition, parts))})"
            case Not(part):
                return f"NOT {self._condition(part)}"
            case Has(field):
                return self._has(field)
            case Among(field, values):
                return self._among(field, sorted(values))
            case Like(field, pieces):
                return self._like(field, pieces)
            case Within(field, low, high):
                return self._within(field, low, high)
            case InState(clock, states):
                clocks = [clock] if clock else CLOCKS
                return _any_of(self._state(name, state) for name in clocks for state in states)
            case Words("title", phrase, prefix):
                end = "" if prefix else " "
                return self._instr("t_title", f" {' '.join(words(phrase))}{end}")
            case Words(_, phrase, prefix):
                match_of = f"SELECT rowid FROM {TEXTS} WHERE {TEXTS} MATCH ?"
                return self._with(f"number IN ({match_of})", Phrase.of(phrase, prefix).match)
            case Named(given):
                return self._named(normalise(given))
        raise LookupError(f"{type(node).__name__} is no condition of the index")

    def _with(self, sql: str, *parameters: object) -> str:
        self.parameters += parameters
        return sql

    def _has(self, field: str) -> str:
        group, _, rest = field.partition(".")
        if group == "sla":
            return _any_of(f"s_{clock} IS NOT NULL" for clock in ([rest] if rest else CLOCKS))
        if rest:
            return self._with("COALESCE(desk_custom(custom, ?), '') <> ''", field)
        if field in _NUMBERS:
            return f"COALESCE({field}, 0) <> 0"
        return f"{_column(field)} IS NOT NULL"

    def _among(self, field: str, values: Sequence[str]) -> str:
        if field in MANY_FORMS:
            inside = (f"{SEPARATOR}{value.translate(_ESCAPES)}{SEPARATOR}" for value in values)
            return _any_of(self._instr(_column(field), value) for value in inside)
        if "." in field:
            marks = self._marks(values)
            self.parameters.insert(len(self.parameters) - len(values), field)
            return f"COALESCE(desk_custom(custom, ?) IN ({marks}), 0)"
        return f"COALESCE({_column(field)} IN ({self._marks(values)}), 0)"

    def _marks(self, values: Sequence[str]) -> str:
        self.parameters += [value.translate(_ESCAPES) for value in values]
        return ", ".join("?" * len(values))

    def _instr(self, column: str, wanted: str) -> str:
        return self._with(f"COALESCE(instr({column}, ?) > 0, 0)", wanted)

    def _like(self, field: str, pieces: Sequence[str]) -> str:
        pattern = SEPARATOR.join(piece.translate(_ESCAPES) for piece in pieces)
        if "." in field:
            return self._with("COALESCE(desk_like(desk_custom(custom, ?), ?), 0)", field, pattern)
        return self._with(f"COALESCE(desk_like({_column(field)}, ?), 0)", pattern)

    def _within(self, field: str, low: datetime | int | None, high: datetime | int | None) -> str:
        parts = [f"{field} IS NOT NULL"]
        if low is not None:
            parts.append(self._with(f"{field} >= ?", _number(low)))
        if high is not None:
            parts.append(self._with(f"{field} < ?", _number(high)))
        return f"({' AND '.join(parts)})"

    def _state(self, clock: str, state: str) -> str:
        return f"COALESCE({_states(clock, self.now)[state]}, 0)"

    def _named(self, given: str) -> str:
        former = self._with("COALESCE(desk_names(?, f_former_ids), 0)", given)
        size = len(given)
        if "-" in given:
            return self._with(
                f"({former} OR ({size} > length(id) - 5 AND substr(id, 1, {size}) = ?))", given
            )
        if not given:
            return former
        return self._with(
            f"({former} OR substr(tail, 1, {size}) = ? OR substr(tail, -{size}) = ?)", given, given
        )


def state_case(clock: str, now: datetime) -> str:
    """Return the expression of a clock's state at `now`, NULL where it has none."""
    states = _states(clock, int(now.timestamp()))
    cases = " ".join(f"WHEN {condition} THEN '{state}'" for state, condition in states.items())
    return f"CASE {cases} END"


def _states(clock: str, now: int) -> dict[str, str]:
    """Return the condition of each state of a clock; at most one holds."""
    due, risk = f"due_{clock}", f"risk_{clock}"
    is_kept = f"({due} IS NULL OR {due} >= {now})"
    goes_on = f"s_{clock} = 'running' AND {is_kept}"
    return {
        "met": f"s_{clock} = 'met'",
        "missed": f"s_{clock} = 'missed'",
        "breached": f"s_{clock} IN ('running', 'paused') AND {due} < {now}",
        "paused": f"s_{clock} = 'paused' AND {is_kept}",
        "at_risk": f"{goes_on} AND {risk} <= {now}",
        "running": f"{goes_on} AND ({risk} IS NULL OR {risk} > {now})",
    }


def _any_of(parts: Iterator[str]) -> str:
    return f"({' OR '.join(parts)})"


def _column(field: str) -> str:
    return field if field in _INSTANTS else f"f_{field}"


def _number(bound: datetime | int) -> int:
    """Return a bound in whole seconds: instants are whole, and less than a fraction is less than
    the next second."""
    return bound if isinstance(bound, int) else -int(-bound.timestamp() // 1)


def order_by(keys: Sequence[SortKey], context: QueryContext) -> str:
    """Return the terms of ORDER BY; what lacks a field comes last in either direction. Two files
    of one ID stand as they lie."""
    terms = []
    for field, descending in (*keys, *TIES):
        expression = _place(field, context)
        terms += [f"{expression} IS NULL", f"{expression}{' DESC' if descending else ''}"]
    return ", ".join([*terms, "path"])


def _place(field: str, context: QueryContext) -> str:
    ranks: dict[str, Callable[[], str]] = {
        "status": lambda: _rank("f_status", STATUSES, STATUSES[0]),
        "priority": lambda: _rank("f_priority", context.names.priorities),
        "level": lambda: _rank("f_level", context.names.levels, *context.names.levels[:1]),
    }
    if field in ranks:
        return ranks[field]()
    if field in ("age", "idle"):
        return "-created" if field == "age" else "-updated"
    if field in ("requester", "category"):
        return f"v_{field}"
    return field if field in (*_INSTANTS, *_NUMBERS) else _column(field)


def _rank(column: str, ranks: Sequence[str], default: str = "") -> str:
    places = {name_key(name): place for place, name in enumerate(ranks)}
    cases = " ".join(f"WHEN {_quoted(name)} THEN {place}" for name, place in places.items())
    if not cases:
        return "NULL"
    key = f"replace(COALESCE({column}, {_quoted(name_key(default))}), '-', '_')"
    return f"CASE {key} {cases} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\0", "") + "'"
