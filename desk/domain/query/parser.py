"""The parser: from a query's text to its tree, by recursive descent."""

from __future__ import annotations

from desk.domain.query.fields import PREFIXES, QueryField, field_names, find_field, is_name
from desk.domain.query.lexer import Piece, Token, tokens
from desk.domain.query.operands import read_operand
from desk.domain.query.tree import (
    EVERYTHING,
    Group,
    Has,
    Node,
    Not,
    Query,
    QueryError,
    SortKey,
    Term,
    ViewRef,
    Words,
)
from desk.domain.words import name_key, words
from desk.errors import did_you_mean

MAX_DEPTH = 10
"""How deep parentheses and `not` may nest: deeper than people write, not too deep for SQLite."""


def parse_query(text: str) -> Query:
    """Read a query; QueryError, with the place in the text, for what is none.

    Priorities, levels and views are known to a help desk's settings alone: `check_query` looks at
    those.
    """
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.place = 0
        self.sort: list[SortKey] = []
        self.places: dict[ViewRef | Term, int] = {}

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def error(self, message: str, at: int, hint: str = "") -> QueryError:
        return QueryError(message, self.text, at, hint)

    def query(self) -> Query:
        where = self.alternatives(0)
        if self.next.kind != "end":
            raise self.error("this parenthesis closes none", self.next.piece.at)
        return Query(where, tuple(self.sort), self.text, self.places)

    def alternatives(self, depth: int) -> Node:
        parts = [self.conditions(depth)]
        while self.next.kind == "or":
            token = self.take()
            parts.append(self.conditions(depth))
            if EVERYTHING in parts[-2:]:
                raise self.error(
                    "`or` needs a condition on either side",
                    token.piece.at,
                    'to search for the word, write `"or"`',
                )
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def conditions(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.next.kind not in ("or", ")", "end"):
            if self.next.kind == "and":
                token = self.take()
                if not parts or self.next.kind in ("or", "and", ")", "end"):
                    raise self.error(
                        "`and` needs a condition on either side",
                        token.piece.at,
                        'to search for the word, write `"and"`',
                    )
            elif depth == 0 and _is_sort(self.next):
                self.sort += self.sort_keys(self.take().piece)
            else:
                parts.append(self.condition(depth))
        return parts[0] if len(parts) == 1 else Group("and", tuple(parts))

    def condition(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "word":
            return self.term(token.piece)
        if depth >= MAX_DEPTH:
            raise self.error(
                f"the query nests deeper than {MAX_DEPTH} levels",
                token.piece.at,
                "give a part of it a name, as a view in config.yaml",
            )
        if token.kind == "(":
            return self.parenthesis(token, depth)
        if self.next.kind in ("or", "and", ")", "end"):
            raise self.error(f"`{token.piece.text}` has nothing to negate", token.piece.at)
        return Not(self.condition(depth + 1))

    def parenthesis(self, opening: Token, depth: int) -> Node:
        inner = self.alternatives(depth + 1)
        if self.next.kind != ")":
            raise self.error("this parenthesis is never closed", opening.piece.at)
        self.take()
        if inner == EVERYTHING:
            raise self.error("there is nothing in these parentheses", opening.piece.at)
        return inner

    def term(self, piece: Piece) -> Node:
        if piece.plain.startswith("@"):
            return self.view(piece)
        colon = piece.plain.find(":")
        if colon < 0 or "\0" in piece.plain[:colon]:
            return self.words("text", piece)
        name, value = piece.cut(0, colon), piece.cut(colon + 1)
        key = name_key(name.text)
        if key == "sort":
            raise self.error(
                "`sort` is no condition",
                piece.at,
                "write it on its own, outside of parentheses; `sort:-field` turns the order round",
            )
        if key in PREFIXES:
            return self.presence(key, value)
        return self.field_term(self.field(name, PREFIXES), value)

    def view(self, piece: Piece) -> Node:
        name = piece.text[1:]
        if name_key(name) == "me":
            raise self.error(
                "`@me` is a person, not a condition",
                piece.at,
                "write `assignee:@me`, `requester:@me` or `is:mine`",
            )
        if not is_view_name(name):
            raise self.error(
                "`@` stands before the name of a view",
                piece.at,
                "put an `@` that belongs to a text in quotes",
            )
        ref = ViewRef(name)
        self.places.setdefault(ref, piece.at)
        return ref

    def field(self, name: Piece, others: tuple[str, ...] = ()) -> QueryField:
        field = find_field(name.text)
        if field is not None:
            return field
        shown = name.text if len(name.text) <= 60 else name.text[:57] + "..."
        hint = did_you_mean(name.text[:80], [*others, *field_names()])
        if not hint:
            hint = "text that has a colon goes in quotes" if others else ""
            if name.text[:1].isalpha() and find_field(f"fields.{name.text}"):
                hint = f"a custom field is written `fields.{shown}`{', and ' if hint else ''}{hint}"
            hint = hint or "`desk help query` names the fields"
        if not shown:
            raise self.error("there is no field before this colon", name.at, hint)
        raise self.error(f"unknown field `{shown}`", name.at, hint)

    def presence(self, key: str, value: Piece) -> Node:
        found = [self.optional_field(key, part) for part in self.values(key, value)]
        parts: list[Node] = [Has(field.name) for field in found]
        if key == "no":
            parts = [Not(part) for part in parts]
        return _any_of(parts)

    def optional_field(self, key: str, piece: Piece) -> QueryField:
        field = self.field(piece)
        if not field.is_optional:
            raise self.error(f"`{key}` takes a field that a ticket may lack", piece.at)
        return field

    def field_term(self, field: QueryField, value: Piece) -> Node:
        parts = self.values(field.name, value)
        if field.kind == "custom":
            raise self.error(
                "`fields` needs the name of a custom field",
                value.at,
                "write `fields.asset:value`, or `has:fields`",
            )
        if field.kind == "words":
            return _any_of([self.words(field.name, part) for part in parts])
        operands = tuple(read_operand(field, part, self.text) for part in parts)
        if field.kind == "rank":
            for operand, part in zip(operands, parts, strict=True):
                self.places.setdefault(Term(field.name, (operand,)), part.at)
        return Term(field.name, operands)

    def values(self, name: str, value: Piece) -> list[Piece]:
        if not value.text:
            field = find_field(name)
            instead = f", or `no:{name}`" if field and field.is_optional else ""
            raise self.error(
                f"`{name}:` has no value",
                value.at - 1,
                f"write one right after the colon, without a blank{instead}",
            )
        parts = value.split(",")
        for part in parts:
            if not part.text:
                raise self.error(
                    f"`{name}` has an empty value here",
                    part.at,
                    "put a comma that belongs to the value in quotes",
                )
        return parts

    def words(self, field: str, piece: Piece) -> Words:
        prefix = piece.plain.endswith("*")
        phrase = piece.cut(0, len(piece.text) - 1) if prefix else piece
        star = phrase.plain.find("*")
        if star >= 0:
            raise self.error(
                "among words, `*` stands only at the end", phrase.places[star], "move it there"
            )
        if not words(phrase.text):
            raise self.error(
                "there is no letter or digit here to search for",
                piece.at,
                "signs alone are no words",
            )
        return Words(field, phrase.text, prefix)

    def sort_keys(self, piece: Piece) -> list[SortKey]:
        keys = []
        for part in self.values("sort", piece.cut(len("sort:"))):
            descending = part.plain.startswith("-")
            name = part.cut(1) if descending else part
            field = self.field(name)
            if not field.is_sortable:
                raise self.error(f"tickets cannot be sorted by `{field.name}`", name.at)
            keys.append(SortKey(field.name, descending))
        return keys


def is_view_name(name: str) -> bool:
    """Tell whether a view can be called that: letters, digits, `-`, `_` and `.`, and not `me`."""
    return is_name(name) and name_key(name) != "me"


def _is_sort(token: Token) -> bool:
    return token.kind == "word" and token.piece.plain.lower().startswith("sort:")


def _any_of(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Group("or", tuple(parts))
