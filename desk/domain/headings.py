"""Headings of entries: ``2026-11-22T09:40:02Z ana changed status=open tags+=floor-3``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime

from desk.domain.fields import ENTRY_KEYS, FIELD, VERBS
from desk.domain.instants import format_instant, parse_instant
from desk.domain.texts import STRANGE, STRANGE_CLASS, quoted, stored
from desk.domain.ticket import Change, Entry, Op

_KEY = re.compile(r"[^\W\d][\w-]*?|fields\.\w(?:[\w.-]*\w)?")
CUSTOM_NAME = re.compile(r"\w(?:[\w.-]*\w)?")
"""What the name of a custom field looks like."""

_BARE = re.compile(f"[^ \"'={STRANGE_CLASS}]+")
_TOKEN = re.compile(r'([^ "=]*?)(\+=|-=|=)("(?:[^"\\]|\\.)*"|[^ "=][^ =]*|)(?: |\Z)')
_WHO = re.compile(f'[^\\s"={STRANGE_CLASS}]{{1,254}}')
_KNOWN_KEYS = frozenset({*FIELD, *ENTRY_KEYS.values()})
_LISTS = frozenset(name for name, field in FIELD.items() if field.kind == "list")


def is_who(text: str) -> bool:
    """Tell whether `text` can sign an entry: a handle, an e-mail address, `requester`, `desk`."""
    return _WHO.fullmatch(text) is not None


def new_entry(
    at: datetime, by: str, verb: str, changes: Iterable[Change] = (), text: str = ""
) -> Entry:
    """Make an entry and write its heading. ValueError for a text that no ticket may hold."""
    changes = tuple(changes)
    at = parse_instant(format_instant(at))
    heading = " ".join([format_instant(at), by, verb, *map(_write_change, changes)])
    return Entry(at, by, verb, changes, stored(text), heading)


def _write_change(change: Change) -> str:
    key, op, value = change
    bare = not value or _BARE.fullmatch(value)
    return f"{key}{op}{value if bare else quoted(value)}"


def parse_heading(heading: str) -> Entry:
    """Read a heading (without ``## ``) as an entry that has no text yet.

    ValueError, in one sentence, where it does not say when, who and what, or a ``key=value`` is
    not well formed.
    """
    parts = heading.split(" ", 3)
    if len(parts) < 3:
        raise ValueError("an entry's heading needs an instant, a person and a verb")
    instant, by, verb = parts[:3]
    at = parse_instant(instant)
    if not _WHO.fullmatch(by):
        raise ValueError(f"`{by}` is neither a handle nor an e-mail address")
    if verb not in VERBS:
        raise ValueError(f"unknown verb `{verb}`: an entry is one of {', '.join(VERBS)}")
    if len(parts) == 3:
        return Entry(at, by, verb, (), "", heading)
    if STRANGE.search(heading):
        raise ValueError("a control character in an entry's heading: write it as \\u.... in quotes")
    return Entry(at, by, verb, _parse_changes(parts[3]), "", heading)


def _parse_changes(text: str) -> tuple[Change, ...]:
    changes = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"`{text[place:].partition(' ')[0]}` is not of the form key=value")
        changes.append(_change(match[1], match[2], match[3]))
        place = match.end()
    return tuple(changes)


def _change(key: str, sign: str, written: str) -> Change:
    if key not in _KNOWN_KEYS and not _KEY.fullmatch(key):
        raise ValueError(f"`{key}` is not the name of a field")
    op: Op = "+=" if sign == "+=" else "-=" if sign == "-=" else "="
    if op != "=" and (key.startswith("fields.") or (key in _KNOWN_KEYS and key not in _LISTS)):
        raise ValueError(f"`{key}` is no list: write {key}=value")
    value = unquoted(written) if written.startswith('"') else written
    if op == "=" and value and key in _LISTS:
        raise ValueError(f"`{key}` is a list: write {key}+=element or {key}-=element")
    return Change(key, op, value)


def unquoted(written: str) -> str:
    """Read a value in double quotes; ValueError where it is no JSON string of Unicode text."""
    try:
        value = json.loads(written)
        value.encode()
    except (ValueError, AttributeError):
        raise ValueError(f"{written} is not a JSON string") from None
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{written} is not a text that a ticket may hold")
    return value
