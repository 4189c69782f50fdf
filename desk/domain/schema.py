"""JSON Schemas (draft 2020-12) of config.yaml and of a ticket's front matter, for editors.

Made from the tables of settings and fields. They describe shapes; what names what (a policy its
calendar, a person a team) only desk itself checks. Editors read YAML with its own types, so where
desk sees characters, numbers and booleans pass as well, and nothing passes where a key may be
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from desk.domain.fields import FIELDS, Field
from desk.domain.ids import ALPHABET, PREFIX, RANDOM_LENGTH
from desk.domain.report.catalogue import BUILT_IN
from desk.domain.report.metrics import METRICS
from desk.domain.settings import HANDLE, ROLES
from desk.domain.settings_table import SECTIONS, SETTING, Setting, known_keys, required_keys
from desk.domain.sla import CLOCKS

Schema: TypeAlias = dict[str, object]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_SPAN = r"[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d"
_DATE = r"^\d{4}-\d\d-\d\d$"
_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_TARGET: Schema = {"type": "string", "pattern": r"^(\d+[hms])+$"}
_TEXT: Schema = {"type": ["string", "number", "boolean"]}

_KINDS: Mapping[str, Schema] = {
    "text": _TEXT,
    "texts": {"type": "array", "items": _TEXT, "uniqueItems": True},
    "boolean": {"enum": [True, False, "true", "false"]},
    "prefix": {"type": "string", "pattern": f"^{PREFIX.pattern}$"},
    "email": {"type": "string", "pattern": r"^[^\s@]+@[^\s@]+$", "maxLength": 254},
    "hours": {"type": "string", "pattern": rf"^(closed|{_SPAN}(\s+{_SPAN})*)$"},
    "dates": {"type": "array", "items": {"type": "string", "pattern": _DATE}},
    "query": _TEXT,
    "target": {
        "anyOf": [_TARGET, {"type": "object", "minProperties": 1, "additionalProperties": _TARGET}]
    },
    "span": {"type": "string", "pattern": r"^(\d+[dhms])+$"},
    "percent": {"type": "string", "pattern": r"^[1-9]\d{0,3}%$"},
    "share or off": {"type": "string", "pattern": r"^(off|[1-9]\d?%|100%)$"},
    "action": {"type": "string", "pattern": r"^(escalate|priority up|(assign|tag|note) .+)$"},
    "report": {"enum": [kind.name for kind in BUILT_IN.values() if not kind.is_apart]},
    "metrics": {
        "type": "array",
        "items": {"enum": [metric.name for metric in METRICS.values() if not metric.is_apart]},
        "uniqueItems": True,
    },
}
"""What a value of each kind of setting looks like."""

_NAMES: Mapping[str, Schema] = {
    "HANDLE": {"pattern": f"^{HANDLE.pattern}$"},
    "ROLE": {"enum": list(ROLES)},
    "CLOCK": {"enum": list(CLOCKS)},
    "DATE": {"pattern": _DATE},
    "DAYS": {"pattern": r"^[a-z]{3}(-[a-z]{3})?(,[a-z]{3}(-[a-z]{3})?)*$"},
    "IMPACT/URGENCY": {"pattern": "^[^/]+/[^/]+$"},
}
"""What keys look like where they are names of one's own; those not here may be anything."""


def config_schema() -> Schema:
    """Return the schema of config.yaml."""
    return {"$schema": DRAFT, "title": "config.yaml of a desk workspace", **_mapping("")}


def _mapping(path: str) -> Schema:
    """Return the schema of the mapping at a path of the table of settings."""
    keys = known_keys(path)
    if len(keys) == 1 and keys[0].isupper():
        below = _node(f"{path}.{keys[0]}")
        names = {"propertyNames": _NAMES[keys[0]]} if keys[0] in _NAMES else {}
        return {"type": "object", **names, "additionalProperties": below}
    required = required_keys(path) if path else ("desk",)
    properties = {}
    for key in keys:
        below = _node(f"{path}.{key}" if path else key)
        properties[key] = below if key in required else _or_nothing(below)
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": list(required),
    }


def _node(path: str) -> Schema:
    if path in SETTING:
        return _value(SETTING[path])
    described: Schema = {"description": SECTIONS[path]} if path in SECTIONS else {}
    if known_keys(f"{path}[]"):
        return {**described, "type": "array", "items": _mapping(f"{path}[]")}
    return {**described, **_mapping(path)}


def _value(row: Setting) -> Schema:
    meaning = f"{row.meaning[0].upper()}{row.meaning[1:]}."
    default = f" Left out: {row.default}." if row.default else ""
    shape = _KINDS[row.kind]
    if row.values and row.kind == "texts":
        shape = {**shape, "items": {"enum": list(row.values)}}
    elif row.values:
        shape = {"enum": _as_written(row.values)}
    return {"description": f"{meaning}{default} Example: {row.example}", **shape}


def _as_written(values: Iterable[str]) -> list[object]:
    """Return values as an editor may see them: `1` as a number too."""
    return [
        form for value in values for form in ((value, int(value)) if value.isdigit() else (value,))
    ]


def _or_nothing(schema: Schema) -> Schema:
    """Return a schema that takes an empty value as well, which stands for an absent key."""
    rest = {key: value for key, value in schema.items() if key != "description"}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**described, "anyOf": [rest, {"type": "null"}]}


def ticket_schema() -> Schema:
    """Return the schema of a ticket's front matter. Keys that it does not know are let pass, as
    they are by every command."""
    return {
        "$schema": DRAFT,
        "title": "front matter of a desk ticket",
        "type": "object",
        "properties": {field.name: _field(field) for field in FIELDS},
        "required": list(_TICKET_NEEDS),
    }


_TICKET_NEEDS = ("id", "title", "created")

_FIELD_KINDS: Mapping[str, Schema] = {
    "text": _TEXT,
    "list": {"type": "array", "items": _TEXT},
    "mapping": {"type": "object", "additionalProperties": _TEXT},
    "instant": {"type": "string", "pattern": _INSTANT},
}


def _field(field: Field) -> Schema:
    shape = _FIELD_KINDS[field.kind]
    meaning = f"{field.meaning[0].upper()}{field.meaning[1:]}."
    if field.name == "id":
        letters = f"[{ALPHABET}]{{{RANDOM_LENGTH}}}"
        pattern = rf"^{PREFIX.pattern}-\d\d(0[1-9]|1[0-2])-{letters}$"
        shape = {"type": "string", "pattern": pattern}
    elif field.values:
        shape = {"enum": list(field.values)}
    elif field.setting:
        meaning += f" One of config.yaml's `{field.setting}`."
    schema = {"description": meaning, **shape}
    return schema if field.name in _TICKET_NEEDS else _or_nothing(schema)
