"""The syntax tree of a query, and the refusal of one that cannot be read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from desk.domain.texts import visible
from desk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class QueryError(UsageError):
    """A query that cannot be read or does not fit this help desk.

    `text` is the whole query, `position` the character in it (from 0) that the message is about:
    always one of the text's, or 0 where the text is empty.
    """

    def __init__(self, message: str, text: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.position = max(0, min(position, len(text) - 1))

    def pointed(self, width: int = 76) -> str:
        """Return two lines: the query, strange characters escaped, and a caret below the place.

        Of a query longer than `width` columns, the part around the place is shown.
        """
        blanks = str.maketrans("\t\r\n", "   ")
        before = visible(self.text[: self.position].translate(blanks))
        after = visible(self.text[self.position :].translate(blanks))
        if len(before) + len(after) > width:
            if len(before) > width // 2:
                before = "..." + before[3 - width // 2 :]
            room = width - len(before)
            after = after if len(after) <= room else after[: room - 3] + "..."
        return f"{before}{after}\n{' ' * _columns(before)}^"


def _columns(text: str) -> int:
    """Return how wide a text is on a terminal: ideographs take two columns, accents none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(category(character) in ("Mn", "Me", "Cf") for character in text)


class Exact(NamedTuple):
    """The whole value, apart from case."""

    text: str


class Pattern(NamedTuple):
    """A value that has these pieces in this order, with anything at all between them: what was
    written with `*`. The first piece begins the value and the last one ends it."""

    pieces: tuple[str, ...]


class Me(NamedTuple):
    """`@me`: the acting person, by handle or e-mail address."""


class Range(NamedTuple):
    """From `low` to `high`, both included; an end that is open is None."""

    low: str | None
    high: str | None


Operand: TypeAlias = "Exact | Pattern | Me | Range"


class Group(NamedTuple):
    """`and`: every part holds (and none is needed, so that an empty query means everything);
    `or`: at least one of two or more does."""

    joiner: Literal["and", "or"]
    parts: tuple[Node, ...]


class Not(NamedTuple):
    """The part does not hold. A ticket that lacks a field does not fulfil a term of it, so it
    does fulfil the term's `not`."""

    part: Node


class Has(NamedTuple):
    """The field is there and not empty; a number, not 0. `no:field` is its `Not`."""

    field: str


class Words(NamedTuple):
    """The words of `phrase` stand side by side in the field (`text` or `title`), in this order;
    with `prefix`, the last one needs only to begin like that."""

    field: str
    phrase: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """At least one of the operands fits the field. `places` are their positions in the text."""

    field: str
    operands: tuple[Operand, ...]
    places: tuple[int, ...] = dataclasses.field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ViewRef:
    """`@name`: the conditions of a view from config.yaml; `place` is its position in the text."""

    name: str
    place: int = dataclasses.field(default=0, compare=False, repr=False)


Node: TypeAlias = "Group | Not | Has | Words | Term | ViewRef"

EVERYTHING = Group("and", ())
"""The condition of a query without conditions."""


class SortKey(NamedTuple):
    """One field to sort by. What lacks it comes last, whatever the direction."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and in which order; `text` is how it was written."""

    where: Node = EVERYTHING
    sort: tuple[SortKey, ...] = ()
    text: str = dataclasses.field(default="", compare=False)

    def sorted_by(self, *keys: SortKey) -> Query:
        """Return the same query in this order, unless it names one itself."""
        return self if self.sort else dataclasses.replace(self, sort=keys)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, Group):
            waiting += reversed(current.parts)
        elif isinstance(current, Not):
            waiting.append(current.part)
