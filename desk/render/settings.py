"""The settings in force, for people and programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from desk.domain.instants import format_duration
from desk.domain.settings import Settings
from desk.domain.texts import visible


def settings_object(settings: Settings) -> dict[str, object]:
    """Return every setting under its own name, as JSON can hold it."""
    return {
        field.name: _plain(getattr(settings, field.name))
        for field in dataclasses.fields(settings)
        if not field.name.startswith("_")
    }


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(str(item) for item in value)
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _key(key: object) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)


def settings_text(settings: Settings) -> str:
    """Return the settings as lines of `name: value`."""
    lines = []
    for name, value in settings_object(settings).items():
        if name == "close_resolved_after" and isinstance(value, int):
            value = format_duration(value)
        lines += _lines(name, value, "")
    return "".join(f"{line}\n" for line in lines)


def _lines(name: str, value: object, indent: str) -> list[str]:
    if (
        isinstance(value, dict)
        and value
        and any(isinstance(v, (dict, list)) for v in value.values())
    ):
        inner = [line for key, item in value.items() for line in _lines(key, item, f"{indent}  ")]
        return [f"{indent}{visible(name)}:", *inner]
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        inner = [line for item in value for line in _lines("-", item, f"{indent}  ")]
        return [f"{indent}{visible(name)}:", *inner]
    return [f"{indent}{visible(name)}: {visible(_words(value))}"]


def _words(value: object) -> str:
    if value is None or value == [] or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(
            f"{key} {_words(item)}" for key, item in value.items() if item not in ("", None)
        )
    return str(value)
