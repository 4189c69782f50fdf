"""Headings of entries: ``2026-11-22T09:40:02Z ana changed status=open tags+=floor-3``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from desk.domain.fields import ENTRY_KEYS, FIELD, VERBS
from desk.domain.instants import format_instant, parse_instant
from desk.domain.patterns import pattern
from desk.domain.texts import STRANGE, STRANGE_CLASS, quoted, stored
from desk.domain.ticket import OTHER_KEY, Change, Entry, Op

CUSTOM_NAME = pattern(r"\w(?:[\w.-]*\w)?")
"""What the name of a custom field looks like; see `is_custom_name`."""

_LONGEST_NAME = 100
"""YAML knows no key of more than 1,024 characters."""

_BARE = pattern(f"[^ \"'={STRANGE_CLASS}]+")
_TOKEN = pattern(r'(([^ "=]*[^ "=+-]|)([+-]?=)("[^"\\]*(?:\\.[^"\\]*)*"|[^ "=][^ =]*|))(?: |\Z)')
_WHO = pattern(f'[^\\s"={STRANGE_CLASS}]{{1,254}}')
_KNOWN_KEYS = frozenset({*FIELD, *ENTRY_KEYS.values()})
_KIND = {name: field.kind for name, field in FIELD.items() if field.kind != "text"}


def is_who(text: str) -> bool:
    """Tell whether `text` can sign an entry: a handle, an e-mail address, `requester`, `desk`."""
    return _WHO.fullmatch(text) is not None


def is_custom_name(text: str) -> bool:
    """Tell whether `text` can name a custom field."""
    return len(text) <= _LONGEST_NAME and CUSTOM_NAME.fullmatch(text) is not None


def new_entry(
    at: datetime, by: str, verb: str, changes: Iterable[Change] = (), text: str = ""
) -> Entry:
    """Make an entry and write its heading. ValueError for a text, a signature or a value that no
    ticket may hold."""
    if not is_who(by):
        raise ValueError(f"`{by}` cannot sign an entry")
    changes = tuple(changes)
    at = parse_instant(format_instant(at))
    heading = " ".join([format_instant(at), by, verb, *map(_write_change, changes)])
    return Entry(at, by, verb, changes, stored(text), heading)


def _write_change(change: Change) -> str:
    key, op, value = change
    _refuse_misfit(key, op, value)
    if not value or _BARE.fullmatch(value):
        return f"{key}{op}{value}"
    written = quoted(value)
    unquoted(written)
    return f"{key}{op}{written}"


def parse_heading(heading: str, text: str = "") -> Entry:
    """Read a heading (without ``## ``) as an entry with this text.

    ValueError, in one sentence, where it does not say when, who and what, or a ``key=value`` is
    not well formed.
    """
    instant, _, told = heading.partition(" ")
    if " " not in told:
        raise ValueError("an entry's heading needs an instant, a person and a verb")
    at = parse_instant(instant)
    return Entry(at, *_parse_told(told), text, heading)


@lru_cache(maxsize=8192)
def _parse_told(told: str) -> tuple[str, str, tuple[Change, ...]]:
    """Read what a heading says behind its instant; kept, as most of those in a help desk's logs
    are the same few."""
    by, verb, *rest = told.split(" ", 2)
    if not _WHO.fullmatch(by):
        raise ValueError(f"`{by}` is neither a handle nor an e-mail address")
    if verb not in VERBS:
        raise ValueError(f"unknown verb `{verb}`: an entry is one of {', '.join(VERBS)}")
    if not rest:
        return by, verb, ()
    if not told.isprintable() and STRANGE.search(told):
        raise ValueError("a control character in an entry's heading: write it as \\u.... in quotes")
    return by, verb, _parse_changes(rest[0])


def _parse_changes(text: str) -> tuple[Change, ...]:
    if text and '"' not in text:
        return tuple(map(_parse_change, text.removesuffix(" ").split(" ")))
    changes = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        token = match[1] if match else text[place:].partition(" ")[0]
        changes.append(_parse_change(token))
        place += len(token) + 1
    return tuple(changes)


@lru_cache(maxsize=4096)
def _parse_change(token: str) -> Change:
    """Read one change; kept, as most of those in a help desk's logs are the same few."""
    if not token:
        raise ValueError("one blank stands between the parts of a heading, not two")
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ValueError(f"`{token}` is not of the form key=value")
    _, key, sign, written = match.groups()
    op: Op = "+=" if sign == "+=" else "-=" if sign == "-=" else "="
    value = unquoted(written) if written.startswith('"') else written
    _refuse_misfit(key, op, value)
    return Change(key, op, value)


def _refuse_misfit(key: str, op: Op, value: str) -> None:
    """ValueError for a change whose key is no name of a field, or that is not of its kind."""
    kind = _KIND.get(key, "text")
    if key not in _KNOWN_KEYS:
        is_custom = key.startswith("fields.")
        if not (is_custom_name(key[7:]) if is_custom else OTHER_KEY.fullmatch(key)):
            raise ValueError(f"`{key}` is not the name of a field")
        kind = "text" if is_custom else "unknown"
    if op != "=" and kind not in ("list", "unknown"):
        raise ValueError(f"`{key}` is no list: write {key}=value")
    if op != "=" or not value:
        return
    if kind == "list":
        raise ValueError(f"`{key}` is a list: write {key}+=element or {key}-=element")
    if kind == "mapping":
        raise ValueError(f"`{key}` is a mapping: write {key}.name=value")
    if kind == "instant":
        parse_instant(value)


def unquoted(written: str) -> str:
    """Read a value in double quotes; ValueError where it is no JSON string of Unicode text."""
    inner = written[1:-1]
    if inner.isprintable() and '"' not in inner and "\\" not in inner and written == f'"{inner}"':
        return inner
    try:
        value = json.loads(written)
        value.encode()
    except (ValueError, AttributeError):
        raise ValueError(f"{written} is not a JSON string") from None
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{written} is not a text that a ticket may hold")
    return value
