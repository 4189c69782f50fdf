"""The syntax tree of a query, and the refusal of one that cannot be read.

What people write are groups, negations, terms, words and views. `desk.domain.query.meaning` puts
the conditions at the end of this module in the place of terms: plain questions that a record, or a
row of the index, can answer.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from desk.domain.texts import visible
from desk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class QueryError(UsageError):
    """A query that cannot be read or does not fit this help desk.

    `text` is the whole query, `position` the character in it (from 0) that the message is about:
    always one of the text's, or 0 where the text is empty.
    """

    def __init__(self, message: str, text: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.position = max(0, min(position, len(text) - 1))
        self.details = tuple(self.pointed().split("\n"))

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
    """The part does not hold."""

    part: Node


class Has(NamedTuple):
    """The field is there and not empty; a number, not 0; of `sla`, any clock has a state.
    `no:field` is its `Not`."""

    field: str


class Words(NamedTuple):
    """The words of `phrase` stand side by side in the field (`text` or `title`), in this order;
    with `prefix`, the last one needs only to begin like that (`desk.domain.words.occurs`)."""

    field: str
    phrase: str
    prefix: bool = False


class Term(NamedTuple):
    """At least one of the operands fits the field."""

    field: str
    operands: tuple[Operand, ...]


class ViewRef(NamedTuple):
    """`@name`: the conditions of a view from config.yaml."""

    name: str


class Among(NamedTuple):
    """One of the field's forms (`desk.domain.query.forms`), folded, is one of these values."""

    field: str
    values: frozenset[str]


class Like(NamedTuple):
    """One of the field's forms, folded, has these pieces in order: the first at its beginning,
    the last at its end, anything in between."""

    field: str
    pieces: tuple[str, ...]


class Within(NamedTuple):
    """The field, an instant or a number, is at least `low` and less than `high`; None: no bound."""

    field: str
    low: datetime | int | None
    high: datetime | int | None


class InState(NamedTuple):
    """A clock is in one of these states; `clock` empty: any clock is."""

    clock: str
    states: frozenset[str]


class Named(NamedTuple):
    """`given` names the ticket (`desk.domain.ids.names`), by its ID or by a former one."""

    given: str


Node: TypeAlias = (
    "Group | Not | Has | Words | Term | ViewRef | Among | Like | Within | InState | Named"
)
"""Each is true or false of a ticket, never unknown: what a ticket lacks makes a condition of it
false, and so its `Not` true."""

EVERYTHING = Group("and", ())
"""The condition of a query without conditions."""


class SortKey(NamedTuple):
    """One field to sort by. What lacks it comes last, whatever the direction."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and in which order.

    `text` is how it was written. `places` are positions in it: of views, and of terms with one
    operand for each value, where only a help desk's settings know if there is such a thing.
    """

    where: Node = EVERYTHING
    sort: tuple[SortKey, ...] = ()
    text: str = dataclasses.field(default="", compare=False)
    places: Mapping[ViewRef | Term, int] = dataclasses.field(
        default_factory=dict, compare=False, repr=False
    )

    def narrowed_to(self, other: Query) -> Query:
        """Return what fulfils both, in this order if there is one, else in the other's. The text
        and its places stay this one's."""
        both = [where for where in (self.where, other.where) if where != EVERYTHING]
        where = both[0] if len(both) == 1 else Group("and", tuple(both))
        return dataclasses.replace(self, where=where, sort=self.sort or other.sort)

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
