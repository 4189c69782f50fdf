"""Import maps: how a row of a CSV file becomes fields, instants and entries of a ticket.

An `ImportMap` is free of contradictions: `desk.domain.map_check` makes one only of a map without a
single problem. docs/import.md is the specification.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.editing import MAX_LINE
from desk.domain.fields import FIELD
from desk.domain.headings import is_who
from desk.domain.instants import format_instant
from desk.domain.patterns import pattern
from desk.domain.people import address_in
from desk.domain.settings import Settings, as_handle
from desk.domain.texts import visible
from desk.domain.ticket import Change

BY = -1
"""In a template: the handle of whoever did it, and no cell."""

AUTOMATION = "desk"
"""Who signs what a row tells without saying who did it."""

EVENT_VERBS = ("changed", "noted", "wrote", "replied", "described", "escalated")
"""What an event may be; `changed` unless the map says otherwise."""

_LINE_ENDS = pattern(r"[ \t]*[\r\n]+[ \t]*")
_SHOWN = 60


class Template(NamedTuple):
    """A text with cells in it: pieces as they stand and, as numbers, places in the row."""

    parts: tuple[str | int, ...]

    def of(self, cells: tuple[str, ...], by: str = "") -> str:
        """Return the text for a row; `by` stands in for `BY`."""
        pieces = [
            part if isinstance(part, str) else by if part == BY else cells[part]
            for part in self.parts
        ]
        return "".join(pieces)

    @property
    def constant(self) -> str | None:
        """The text where it is the same for every row, else None."""
        if all(isinstance(part, str) for part in self.parts):
            return self.of(())
        return None


class Choice(NamedTuple):
    """A cell, translated: what stands in `values` by the table, the rest as `rest` says (None: it
    is itself)."""

    place: int
    values: Mapping[str, Template]
    rest: Template | None

    def of(self, cells: tuple[str, ...], by: str = "") -> str:
        """Return the text for a row. Blanks around the cell do not count."""
        cell = cells[self.place].strip()
        chosen = self.values.get(cell, self.rest)
        return cell if chosen is None else chosen.of(cells, by)


Expression: TypeAlias = "Template | Choice"

Wanted: TypeAlias = "Mapping[str, tuple[Expression, ...]]"
"""What fields are to be, by key (custom ones under ``fields.<name>``): one expression each, for a
list as many as there are elements, or one whose text is cut at commas and semicolons."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A cell that holds an instant; `form` is a strptime format, empty for ISO 8601. What names no
    offset of its own is local time in `zone`; where clocks repeat it, the first time round."""

    place: int
    column: str
    form: str
    zone: tzinfo
    _has_offset: bool = field(init=False, repr=False)
    _quick: tuple[re.Pattern[str], tuple[str, ...]] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_has_offset", "%z" in self.form.replace("%%", ""))
        object.__setattr__(self, "_quick", _quick_form(self.form))

    def of(self, cells: tuple[str, ...]) -> datetime | None:
        """Return the instant in UTC and whole seconds, None for an empty cell.

        ValueError for what cannot be read, and outside of 2000 to 2099, the years of ticket IDs.
        """
        text = cells[self.place].strip()
        return self.read(text) if text else None

    def needed(self, cells: tuple[str, ...]) -> datetime:
        """Return the instant; ValueError where there is none."""
        at = self.of(cells)
        if at is None:
            raise ValueError(f"`{self.column}` is empty, and says when it was")
        return at

    def read(self, text: str) -> datetime:
        """Read an instant as this cell has them."""
        try:
            at = self._parsed(text).replace(microsecond=0)
        except (ValueError, OverflowError):
            form = f"of the form `{self.form}`" if self.form else "like 2026-11-22T09:34:35Z"
            raise ValueError(f"`{self.column}`: {shown(text)} is not {form}") from None
        if not 2000 <= at.year <= 2099:
            raise ValueError(f"`{self.column}`: {shown(text)} is out of reach: years go from 2000")
        return at

    def _parsed(self, text: str) -> datetime:
        if self._quick is not None:
            looks, names = self._quick
            match = looks.fullmatch(text)
            if match:
                parts = (*map(int, match.group(*names)), 0, 0, 0)[:6]
                year, month, day, hour, minute, second = parts
                at = datetime(year, month, day, hour, minute, second, tzinfo=self.zone)
                return at.astimezone(UTC)
        if self._has_offset:
            return datetime.strptime(text, self.form).astimezone(UTC)
        if self.form:
            return datetime.strptime(text, self.form).replace(tzinfo=self.zone).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)


_PARTS = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%M": "minute", "%S": "second"}


def _quick_form(form: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """Return a pattern for what most dates in this form look like, and the names of its groups;
    None for a form with other parts. strptime takes three times as long."""
    looks = ""
    for piece in re.split(r"(%.)", form):
        if piece in _PARTS and form.count(piece) == 1:
            looks += f"(?P<{_PARTS[piece]}>{r'[0-9]{4}' if piece == '%Y' else '[0-9]{2}'})"
        elif piece == "%f":
            looks += "[0-9]{1,6}"
        elif piece.startswith("%"):
            return None
        else:
            looks += re.escape(piece)
    found = tuple(name for part, name in _PARTS.items() if part in form)
    if found != tuple(_PARTS.values())[: len(found)] or len(found) < 3:
        return None
    return re.compile(looks), found


class Event(NamedTuple):
    """What an activity becomes: an entry of this verb, its changes, and its text (None: none
    for `changed`, the activity's name for any other verb)."""

    verb: str
    wanted: Wanted
    text: Expression | None


class Events(NamedTuple):
    """How the rows of an event log become entries; `notes_rest` is false where an activity that is
    not in `values`, or a row that changes nothing, is passed over."""

    place: int
    values: Mapping[str, Event]
    notes_rest: bool


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A checked map. `columns` are the places, in a row of the file, of the cells that it needs:
    every place in it counts within those.

    `by` is None where the map names nobody. `dates` holds `resolved_at`, `closed_at` and
    `updated_at`, as far as they are mapped, and `events` is None, for ``rows: tickets``.
    """

    source: str
    columns: tuple[int, ...]
    key: int
    at: Moment
    by: Template | None
    wanted: Wanted
    description: Expression | None = None
    dates: Mapping[str, Moment] = field(default_factory=dict)
    events: Events | None = None

    @property
    def rows(self) -> Literal["tickets", "events"]:
        """What a row of the file is."""
        return "tickets" if self.events is None else "events"

    def external_id(self, cells: tuple[str, ...]) -> str:
        """Return the name that the ticket has in its source; ValueError where the row has none."""
        key = line_value("key", cells[self.key])
        if not key:
            raise ValueError("the key is empty")
        return key

    def who(self, cells: tuple[str, ...], settings: Settings) -> str:
        """Return who did it: a handle made of what the row says, or an address, or its owner's
        handle; empty where it names nobody."""
        said = self.by.of(cells).strip() if self.by else ""
        address = address_in(said) if "@" in said else ""
        if address:
            person = settings.person(address)
            who = person.handle if person else address
        else:
            who = _handle(said)
        if who and not is_who(who):
            raise ValueError(f"{shown(who)} cannot sign an entry")
        return who

    def changes(
        self, wanted: Wanted, cells: tuple[str, ...], by: str, settings: Settings
    ) -> tuple[Change, ...]:
        """Return what a row wants the fields to be; an empty value clears its field, but for
        `status` and `title`, which it leaves as they are.

        ValueError for a value that the field cannot have.
        """
        changes: list[Change] = []
        for key, expressions in wanted.items():
            texts = [expression.of(cells, by) for expression in expressions]
            if key in FIELD and FIELD[key].kind == "list":
                changes += [Change(key, "+=", element) for element in _elements(key, texts)]
                continue
            value = line_value(key, texts[0])
            if key == "until" and value:
                value = format_instant(self.at.read(value))
            elif key == "assignee" and "@" in value:
                person = settings.person(address_in(value))
                value = person.handle if person else value
            if value or key not in ("status", "title"):
                changes.append(Change(key, "=", value))
        return tuple(changes)


@lru_cache(maxsize=4096)
def _handle(said: str) -> str:
    return as_handle(said)


def line_value(key: str, text: str) -> str:
    """Return a value as a field holds it: on one line, in the letters of its closed set if it has
    one. ValueError where the set lacks it, or it is too long."""
    value = text.strip()
    if "\n" in value or "\r" in value:
        value = _LINE_ENDS.sub(" ", value)
    if len(value) > MAX_LINE:
        raise ValueError(f"the {key} is {len(value):,} characters long; {MAX_LINE:,} is the most")
    if key == "requester" and "<" in value:
        name, _, address = value.partition("<")
        if not name.strip() or not address.strip(" >"):
            value = name.strip() or address.strip(" >")
    known = FIELD[key].values if key in FIELD else ()
    if value and known and value not in known:
        folded = value.casefold()
        if folded not in known:
            raise ValueError(f"{shown(value)} is no {key}: it is one of {', '.join(known)}")
        return folded
    return value


def _elements(key: str, texts: list[str]) -> list[str]:
    if len(texts) == 1:
        texts = re.split(r"[,;\r\n]", texts[0])
    values = [line_value(key, text) for text in texts]
    if key == "tags":
        values = [re.sub(r'[\s,"]+', "-", value) for value in values]
    return [value for value in dict.fromkeys(values) if value]


def shown(text: str) -> str:
    """Return a cell as a message quotes it: short, on one line, without control characters."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return f"`{visible(short)}`"
