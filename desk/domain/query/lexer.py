"""A query's text, cut into words, parentheses and signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from desk.domain.query.tree import QueryError

KEYWORDS = ("or", "and", "not")
_QUOTED = "\0"
_ESCAPED = ('"', "\\")


class Piece(NamedTuple):
    """Characters of one word.

    `text` has them as they are meant, quotation marks and backslashes resolved; `plain` is the
    same with a NUL for each one that was quoted, so that searching it finds signs alone; `places`
    gives each one's position in the query, and one more for the end.
    """

    text: str
    plain: str
    places: tuple[int, ...]

    @property
    def at(self) -> int:
        """The position of its first character in the query."""
        return self.places[0]

    def cut(self, start: int, end: int | None = None) -> Piece:
        """Return the characters from `start` up to `end`."""
        end = len(self.text) if end is None else end
        return Piece(self.text[start:end], self.plain[start:end], self.places[start : end + 1])

    def split(self, sign: str) -> list[Piece]:
        """Return the pieces between the occurrences of an unquoted sign; at least one."""
        parts, start = [], 0
        while (end := self.plain.find(sign, start)) >= 0:
            parts.append(self.cut(start, end))
            start = end + len(sign)
        return [*parts, self.cut(start)]


class Token(NamedTuple):
    """`kind` is ``(``, ``)``, ``-``, a keyword, ``word`` or ``end``."""

    kind: str
    piece: Piece


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, ``end`` last; QueryError for a quotation mark left open."""
    place = 0
    while place < len(text):
        character = text[place]
        if character.isspace():
            place += 1
        elif character in "()" or (character == "-" and _negates(text, place)):
            yield Token(character, Piece(character, character, (place, place + 1)))
            place += 1
        else:
            piece, place = _word(text, place)
            lowered = piece.plain.lower()
            yield Token(lowered if lowered in KEYWORDS else "word", piece)
    yield Token("end", Piece("", "", (len(text),)))


def _negates(text: str, place: int) -> bool:
    """Tell whether the hyphen stands before something that it can negate."""
    following = text[place + 1 : place + 2]
    if following == "-":
        raise QueryError(
            "`--` is no part of a query", text, place, "one `-` negates what it stands before"
        )
    return bool(following) and not following.isspace() and following != ")"


def _word(text: str, place: int) -> tuple[Piece, int]:
    """Read up to a blank or a parenthesis outside of quotation marks."""
    found: list[tuple[str, str, int]] = []
    opening: int | None = None
    while place < len(text):
        character = text[place]
        if character == '"':
            opening = place if opening is None else None
        elif opening is not None:
            if character == "\\" and text[place + 1 : place + 2] in _ESCAPED:
                place += 1
            found.append((text[place], _QUOTED, place))
        elif character.isspace() or character in "()":
            break
        else:
            found.append((character, character, place))
        place += 1
    if opening is not None:
        raise QueryError(
            "a quotation mark opens here and never closes", text, opening, 'end it with `"`'
        )
    characters, plain, places = zip(*found, strict=True) if found else ((), (), ())
    return Piece("".join(characters), "".join(plain), (*places, place)), place
