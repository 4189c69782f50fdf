"""A ticket, the entries of its log, and what an entry does to the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.fields import DONE, ENTRY_KEYS, FIELD, ORDER
from desk.domain.instants import parse_instant
from desk.domain.patterns import pattern

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, str]"
"""What a key of the front matter holds: text, a list of texts, or a flat mapping of texts."""

Op = Literal["=", "+=", "-="]


class Change(NamedTuple):
    """One ``key=value`` of a heading: ``=`` sets (an empty value clears), ``+=`` and ``-=`` put an
    element into a list or take it out. The key of a custom field is ``fields.<name>``."""

    key: str
    op: Op
    value: str


class Entry(NamedTuple):
    """One thing that happened: when (UTC, whole seconds), by whom, what, and its text.

    `heading` is the line as the file has it, without the leading ``## ``: two entries are the same
    if and only if heading and text are. Make one with `new_entry`, which writes the heading.
    """

    at: datetime
    by: str
    verb: str
    changes: tuple[Change, ...]
    text: str
    heading: str

    def change_of(self, key: str) -> str | None:
        """Return the value that this entry sets a plain key to, None where it sets none."""
        for name, op, value in self.changes:
            if name == key and op == "=":
                return value
        return None


class Block(NamedTuple):
    """A key's lines in a front matter that is not in canonical form, or (`key` empty) lines of
    comment; `value` is None where the key is absent in effect (empty, ``null`` or ``~``)."""

    key: str
    lines: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Fields:
    """The state of a ticket now: `values`, by key of the front matter. Keys that are empty are
    absent."""

    values: Mapping[str, Value]

    def text(self, key: str) -> str:
        """Return the value of a plain key, empty where it is absent."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def items(self, key: str) -> tuple[str, ...]:
        """Return the elements of a list, none where it is absent."""
        value = self.values.get(key, ())
        return value if isinstance(value, tuple) else ()

    @property
    def custom(self) -> Mapping[str, str]:
        """The custom fields."""
        value = self.values.get("fields", {})
        return value if isinstance(value, Mapping) else {}

    @property
    def id(self) -> str:
        """The ticket's ID."""
        return self.text("id")

    @property
    def title(self) -> str:
        """What it is about, in one line."""
        return self.text("title")

    @property
    def requester(self) -> str:
        """Who asked, as the front matter writes it."""
        return self.text("requester")

    @property
    def status(self) -> str:
        """Where it stands; `new` where the file does not say."""
        return self.text("status") or "new"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status not in DONE

    @property
    def created(self) -> datetime:
        """When the request came in."""
        return parse_instant(self.text("created"))


@dataclass(frozen=True, slots=True)
class Ticket(Fields):
    """The state now and the history (`log`, by instant).

    `head` is how the file wrote its front matter where that was not the canonical way, so that a
    rewrite keeps what it does not change; it is no part of what the ticket says.
    """

    log: tuple[Entry, ...]
    head: tuple[Block, ...] = field(default=(), compare=False)

    @property
    def updated(self) -> datetime:
        """When something last happened."""
        return self.log[-1].at if self.log else self.created

    @property
    def description(self) -> str:
        """The request in full: the text of the last `described`, else of `opened`."""
        for entry in reversed(self.log):
            if entry.verb in ("described", "opened"):
                return entry.text
        return ""

    def with_entry(self, entry: Entry) -> Ticket:
        """Return the ticket after one more entry, whose changes are in force."""
        return replace(
            self, values=apply_changes(self.values, entry.changes), log=(*self.log, entry)
        )


def apply_changes(values: Mapping[str, Value], changes: Iterable[Change]) -> dict[str, Value]:
    """Return the fields after these changes.

    `id`, `created` and the keys that speak of their entry alone (`ENTRY_KEYS`) change no field.
    Adding an element that is there, or removing one that is not, changes nothing.
    """
    after = dict(values)
    parts: dict[str, dict[str, str]] = {}  # elements of lists, and custom fields, until the end
    for key, op, value in changes:
        if key in _UNCHANGEABLE:
            continue
        whole, _, name = key.partition(".")
        if op == "=" and not name and not (key in FIELD and FIELD[key].kind == "list"):
            parts.pop(key, None)
            _set(after, key, value)
            continue
        if whole not in parts:
            parts[whole] = _parts_of(after.get(whole))
        if op == "=" and not name:
            parts[whole].clear()
        if op == "-=" or (name and not value):
            parts[whole].pop(name or value, None)
        elif name:
            parts[whole][name] = value
        elif value:
            parts[whole].setdefault(value, "")
    for key, inside in parts.items():
        _set(after, key, inside if key == "fields" else tuple(inside))
    return after


_UNCHANGEABLE = frozenset({"id", "created", *ENTRY_KEYS.values()})

OTHER_KEY = pattern(r"[^\W\d](?:[\w-]*\w)?")
"""What a key that is no field looks like in a heading. Others stand in front matters alone."""


def _parts_of(value: Value | None) -> dict[str, str]:
    if isinstance(value, tuple):
        return dict.fromkeys(value, "")
    return dict(value) if isinstance(value, Mapping) else {}


def _set(values: dict[str, Value], key: str, value: Value) -> None:
    if value:
        values[key] = value
    else:
        values.pop(key, None)


def changes_between(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Change, ...]:
    """Return the changes that lead from one set of fields to another, in the order of the table.

    `id` and `created` never change, and are passed over; so are keys that no heading can name.
    The order of a list is no change.
    """
    changes: list[Change] = []
    keys = [*FIELD, *sorted({*before, *after} - FIELD.keys())]
    for key in keys:
        old, new = before.get(key), after.get(key)
        if old == new or key in _UNCHANGEABLE:
            continue
        if key not in FIELD and not OTHER_KEY.fullmatch(key):
            continue
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            changes += _custom_changes(
                old if isinstance(old, Mapping) else {}, new if isinstance(new, Mapping) else {}
            )
        elif isinstance(new, tuple) or (isinstance(old, tuple) and new is None):
            was = _parts_of(old)
            will_be = _parts_of(new)
            changes += [Change(key, "-=", element) for element in was if element not in will_be]
            changes += [Change(key, "+=", element) for element in will_be if element not in was]
        else:
            changes.append(Change(key, "=", new or ""))
    return tuple(changes)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order of the table of fields, as an entry has them: custom fields by
    name, then keys that no field has; those of one key as they were."""

    def place(change: Change) -> tuple[int, str]:
        whole = change.key.partition(".")[0]
        return ORDER.get(whole, len(ORDER)), change.key

    return tuple(sorted(changes, key=place))


def _custom_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    return [
        Change(f"fields.{name}", "=", new.get(name, ""))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
