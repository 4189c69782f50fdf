"""The settings in force, for people and programs: in the words of config.yaml."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from desk.domain.instants import format_duration, format_open
from desk.domain.policy import Policy
from desk.domain.settings import Action, EscalationRule, Person, ReportDefinition, Settings
from desk.domain.texts import visible

_WORDS = {"query_text": "if", "at_percent": "at", "action": "do", "open_hours": "in_opening_hours"}
"""What config.yaml calls what the program calls otherwise."""


def settings_object(settings: Settings) -> dict[str, object]:
    """Return every setting, defaults filled in, as JSON can hold it; spans of time in seconds."""
    return {
        field.name: _plain(getattr(settings, field.name))
        for field in dataclasses.fields(settings)
        if not field.name.startswith("_")
    }


def _plain(value: object) -> object:
    if isinstance(value, Policy):
        return {
            "name": value.name,
            "if": value.query_text or None,
            "calendar": value.calendar_name or None,
            "warn_at": None if value.warn_at is None else f"{float(value.warn_at):.0%}",
            "pause_in": _plain(value.pause_in),
            "targets": _plain(value.targets),
        }
    if isinstance(value, (Person, EscalationRule, ReportDefinition)):
        return {_WORDS.get(name, name): _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(str(item) for item in value)
    if isinstance(value, Action):
        return " ".join(part for part in value if part)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _key(key: object) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)


def settings_text(settings: Settings) -> str:
    """Return the settings as indented lines of `name: value`; spans of time in hours."""
    lines = []
    for name, value in settings_object(settings).items():
        if name == "close_resolved_after" and isinstance(value, int):
            value = format_duration(value)
        lines += _lines(name, value, "")
    return "".join(f"{line}\n" for line in lines)


def _lines(name: str, value: object, indent: str) -> list[str]:
    if name == "targets":
        value = _in_hours(value)
    items: list[tuple[str, object]] = []
    if isinstance(value, Mapping) and any(isinstance(v, (Mapping, list)) for v in value.values()):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        items = [_titled(item) for item in value]
    if not items:
        return [f"{indent}{visible(name)}: {visible(_words(value))}"]
    inner = [line for key, item in items for line in _lines(key, item, f"{indent}  ")]
    return [f"{indent}{visible(name)}:", *inner]


def _titled(item: Mapping[str, object]) -> tuple[str, object]:
    """Return an element of a list under its own name, or its clock's."""
    key = "name" if "name" in item else "clock"
    return str(item[key]), {name: value for name, value in item.items() if name != key}


def _in_hours(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _in_hours(item) for key, item in value.items()}
    return format_open(value) if isinstance(value, int) else value


def _words(value: object) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items())
    return str(value)
