"""Queries as text: a tree written out, and the words of a command line put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desk.domain.patterns import pattern
from desk.domain.query.fields import find_field
from desk.domain.query.lexer import KEYWORDS
from desk.domain.query.tree import (
    EVERYTHING,
    Exact,
    Group,
    Has,
    Me,
    Node,
    Not,
    Operand,
    Pattern,
    Query,
    Range,
    SortKey,
    Term,
    ViewRef,
    Words,
)

_TERM = pattern(r'-(?:[@("]|[^\W\d_][\w.-]+:)')
_FIELD_AND_WORDS = pattern(r"(-?)([^\W\d_][\w.-]+):(?=\S)(.+)", re.DOTALL)
_SPECIAL = pattern(r'["(),]|\.\.|(?<!\S)(?:[-@]|[^\W\d][\w.-]+:|(?:or|not)(?!\S))', re.IGNORECASE)
_NEEDS_QUOTES = pattern(r'[\s"(),*]|\.\.|^@|^\.|\.$')


def to_text(query: Query) -> str:
    """Write a query so that reading it gives the same tree, order included."""
    where = [] if query.where == EVERYTHING else [_node(query.where)]
    return " ".join([*where, *map(_sort, query.sort)])


def _sort(key: SortKey) -> str:
    return f"sort:{'-' if key.descending else ''}{key.field}"


def _node(node: Node) -> str:
    match node:
        case Group("and", parts):
            return " ".join(map(_grouped, parts))
        case Group(_, parts):
            return " or ".join(map(_alternative, parts))
        case Not(Has(field)):
            return f"no:{field}"
        case Not(part):
            return f"{'not ' if isinstance(part, Not) else '-'}{_grouped(part)}"
        case Has(field):
            return f"has:{field}"
        case Words(field, phrase, prefix):
            return _words(field, phrase) + ("*" if prefix else "")
        case Term(field, operands):
            return f"{field}:{','.join(map(_operand, operands))}"
        case ViewRef(name):
            return f"@{name}"
        case _:
            raise LookupError(f"nobody writes {node}")


def _grouped(node: Node) -> str:
    return f"({_node(node)})" if isinstance(node, Group) else _node(node)


def _alternative(node: Node) -> str:
    """Write a part of an `or`; an `and` binds tighter and needs no parentheses there."""
    return _node(node) if isinstance(node, Group) and node.joiner == "and" else _grouped(node)


def _words(field: str, phrase: str) -> str:
    is_plain = phrase.isalnum() and phrase.lower() not in KEYWORDS
    written = phrase if is_plain else _quoted(phrase)
    return written if field == "text" else f"{field}:{written}"


def _operand(operand: Operand) -> str:
    match operand:
        case Exact(text):
            return _value(text)
        case Pattern(pieces):
            return "*".join(_value(piece) if piece else "" for piece in pieces)
        case Range(low, high):
            return f"{_value(low) if low else ''}..{_value(high) if high else ''}"
        case Me():
            return "@me"


def needs_quotes(value: str) -> bool:
    """Tell whether a value of a field is read as it is only between quotation marks."""
    return bool(_NEEDS_QUOTES.search(value)) or value.lower() == "me"


def _value(text: str) -> str:
    return _quoted(text) if needs_quotes(text) else text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def from_arguments(arguments: Sequence[str]) -> str:
    """Put the words of a command line together as one query.

    A shell has taken the quotes of ``company:"Value 22"`` away: an argument that is a field's
    name, a colon, and words with blanks and nothing else special, is one term, and is quoted
    again. So `status:open printer` as one argument stays two conditions, since no status has a
    blank in it.
    """
    return " ".join(map(_argument, arguments))


def _argument(argument: str) -> str:
    match = _FIELD_AND_WORDS.fullmatch(argument)
    if match is None or not re.search(r"\s", match[3]) or _SPECIAL.search(match[3]):
        return argument
    field = find_field(match[2])
    if field is None or field.kind in _BLANKLESS:
        return argument
    written = "*".join(_quoted(part) if part else "" for part in match[3].split("*"))
    return f"{match[1]}{match[2]}:{written}"


_BLANKLESS = frozenset({"flag", "state", "choice", "suggestion", "duration", "number", "id"})
"""Kinds whose values never hold a blank."""


def is_query_option(argument: str) -> bool:
    """Tell whether a command-line argument is negated, like ``-tag:printer``, ``-@mine`` and
    ``-(a or b)``, and so never an option; of commands that take a query."""
    return _TERM.match(argument) is not None
