"""The words that a query asks for, for searches that rank by them."""

from __future__ import annotations

from dataclasses import replace

from desk.domain.query.tree import EVERYTHING, Group, Node, Query, Words
from desk.domain.query.views import QueryNames, expand


def words_asked(query: Query, names: QueryNames) -> tuple[Words, ...]:
    """Return the words that a query wants to find, in the order of its text; not those that it
    wants to be absent."""
    return tuple(_wanted(expand(query, names).where))


def _wanted(node: Node) -> list[Words]:
    match node:
        case Words():
            return [node]
        case Group(_, parts):
            return [words for part in parts for words in _wanted(part)]
    return []


def without_words(query: Query, names: QueryNames) -> Query:
    """Return the query without the words that it wants to find: what else it asks for."""
    return replace(query, where=_rest(expand(query, names).where))


def _rest(node: Node) -> Node:
    match node:
        case Words():
            return EVERYTHING
        case Group(joiner, parts):
            return Group(joiner, tuple(map(_rest, parts)))
    return node


def has_only_words(query: Query, names: QueryNames) -> bool:
    """Tell whether a query asks for nothing but words."""
    return _is_words(expand(query, names).where)


def _is_words(node: Node) -> bool:
    match node:
        case Words():
            return True
        case Group(_, parts) if parts:
            return all(map(_is_words, parts))
    return False
