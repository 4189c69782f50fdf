"""The check of an import map: an `ImportMap`, or everything that is wrong with the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

from desk.domain.config.nodes import Node, Pairs, Text
from desk.domain.fields import FIELD
from desk.domain.headings import CUSTOM_NAME
from desk.domain.import_map import (
    EVENT_VERBS,
    Event,
    Events,
    Expression,
    ImportMap,
    Moment,
    Wanted,
)
from desk.domain.map_nodes import MapReader, is_absent
from desk.domain.zone import zone_named
from desk.errors import Diagnostic, did_you_mean

Parts: TypeAlias = dict[str, tuple[Text, Node]]

_DATES = ("resolved_at", "closed_at", "updated_at")
_COMMON = ("rows", "key", "source", "at", "by", "ticket")
_KEYS = {"tickets": (*_COMMON, *_DATES), "events": (*_COMMON, "events")}

_MADE = {
    "id": "it is made from the source and the key",
    "external_id": "it is what `key` says",
    "created": "it is what `at` says",
    "former_ids": "a new ticket has none",
    "links": "the IDs of the other tickets are not known yet",
}
"""Fields that no map sets, and why."""

_STANDING = ("status", "resolution", "until")
"""What the tickets of an event log get from their events alone."""

_SAMPLE = datetime(2011, 10, 29, 19, 48, 57, tzinfo=UTC)
"""An instant whose parts cannot be taken for each other."""


def check_map(
    root: Node | None, path: str, header: Sequence[str], source: str, zone: tzinfo
) -> tuple[ImportMap | None, tuple[Diagnostic, ...]]:
    """Return the map, or every problem in the order of the file.

    `header` are the columns of the file to be imported, `path` is what diagnostics call the map,
    `source` names the source where the map does not, and `zone` is that of dates without one.
    """
    reader = MapReader(path, header)
    if not isinstance(root, Pairs):
        nowhere = Text("", 1, 1)
        reader.problem(root or nowhere, "shape", "the map is no list of `key: value` lines")
        return None, reader.problems()
    kind = _kind(root, reader)
    everything = reader.section(root, "", _KEYS[kind])
    parts = {key: (at, node) for key, (at, node) in everything.items() if not is_absent(node)}
    needed = ("rows", "key", "at", "ticket", *(("events",) if kind == "events" else ()))
    for key in needed:
        if key not in parts:
            at = everything[key][0] if key in everything else root
            reader.problem(at, "missing", f"`{key}` is missing")
    found = _map(kind, parts, reader, source, zone, root)
    problems = reader.problems()
    return (None if problems else found), problems


def _kind(root: Pairs, reader: MapReader) -> str:
    for key, node in root.pairs:
        if key.text == "rows" and not is_absent(node):
            kind = reader.choice(node, "rows", tuple(_KEYS))
            if kind:
                return kind
    # Nobody said what can be read: whoever writes `events` means an event log.
    return "events" if any(key.text == "events" for key, _ in root.pairs) else "tickets"


def _map(
    kind: str, parts: Parts, reader: MapReader, source: str, zone: tzinfo, root: Node
) -> ImportMap | None:
    key = reader.column(parts["key"][1], "key") if "key" in parts else 0
    by = reader.template(parts["by"][1], "by", has_by=False) if "by" in parts else None
    reader.names_by = by is not None
    at = _moment(parts["at"][1], "at", reader, zone) if "at" in parts else None
    if "source" in parts:
        source = reader.text(parts["source"][1], "source").strip()
    elif not source:
        reader.problem(root, "missing", "`source` is missing: the map's own name gives none")
    dates = {
        name: moment
        for name in _DATES
        if name in parts
        and (moment := _moment(parts[name][1], name, reader, at.zone if at else zone, at))
    }
    wanted: Wanted = {}
    description = None
    if "ticket" in parts:
        wanted, description = _ticket(parts["ticket"][1], kind, reader)
    events = None
    if kind == "events" and "events" in parts:
        events = _events(parts["events"][1], reader)
    if at is None:
        return None
    columns = reader.columns
    return ImportMap(source, columns, key, at, by, wanted, description, dates, events)


def _moment(
    node: Node, name: str, reader: MapReader, zone: tzinfo, like: Moment | None = None
) -> Moment | None:
    """Read an instant's column; a text alone names it. What is left out is as in `like`."""
    if isinstance(node, Text):
        node = Pairs(((Text("column", node.line, node.column), node),), node.line, node.column)
    parts = reader.section(node, name, ("column", "format", "timezone"))
    parts = {key: (at, given) for key, (at, given) in parts.items() if not is_absent(given)}
    if "column" not in parts:
        reader.problem(node, "missing", f"`{name}.column` is missing")
        return None
    column = reader.text(parts["column"][1], f"{name}.column").strip()
    place = reader.column(parts["column"][1], f"{name}.column")
    form = like.form if like else ""
    if "format" in parts:
        form = reader.text(parts["format"][1], f"{name}.format")
        fault = _format_fault(form)
        if fault:
            reader.problem(parts["format"][1], "value", f"`{name}.format`: {fault}")
    if "timezone" in parts:
        try:
            zone = zone_named(reader.text(parts["timezone"][1], f"{name}.timezone"))
        except ValueError as error:
            reader.problem(parts["timezone"][1], "unknown", f"`{name}.timezone`: {error}")
    return Moment(place, column, form, zone)


def _format_fault(form: str) -> str:
    """Return what is wrong with a strptime format, in one sentence, or an empty string."""
    try:
        back = datetime.strptime(_SAMPLE.strftime(form), form).replace(tzinfo=UTC)
    except (ValueError, re.error) as error:
        return f"`{form}` is not a format like %Y-%m-%d %H:%M:%S ({error})"
    if back.date() != _SAMPLE.date():
        return f"`{form}` does not tell the year, the month and the day"
    if back.hour not in (0, _SAMPLE.hour):
        return f"`{form}` has %I, which needs %p to tell morning from evening"
    return ""


def _ticket(node: Node, kind: str, reader: MapReader) -> tuple[Wanted, Expression | None]:
    settable = tuple(key for key in FIELD if key not in _MADE)
    if kind == "events":
        settable = tuple(key for key in settable if key not in _STANDING)
    reasons = dict(_MADE)
    if kind == "events":
        reasons |= dict.fromkeys(_STANDING, "a ticket begins as new, and `events` change it")
    parts = _without_made(node, "ticket", reader, reasons)
    wanted = _wanted(parts, "ticket", reader, (*settable, "description"))
    description = wanted.pop("description", (None,))[0]
    if "title" not in wanted and isinstance(node, Pairs):
        reader.problem(node, "missing", "`ticket.title` is missing")
    return wanted, description


def _without_made(node: Node, name: str, reader: MapReader, reasons: dict[str, str]) -> Parts:
    """Return a mapping of fields without those that no map sets, each of which is a problem."""
    parts = reader.section(node, name)
    for key in reasons.keys() & parts.keys():
        message = f"`{name}.{key}` cannot be set: {reasons[key]}"
        reader.problem(parts.pop(key)[0], "value", message)
    return parts


def _wanted(
    parts: Parts, name: str, reader: MapReader, settable: Sequence[str], clears: bool = False
) -> dict[str, tuple[Expression, ...]]:
    """Read what fields are to be; with `clears` a key that has no value clears its field."""
    wanted: dict[str, tuple[Expression, ...]] = {}
    for key, (at, node) in parts.items():
        inner = f"{name}.{key}"
        if key not in settable:
            advice = did_you_mean(key, settable) or "fields of your own go under `fields`"
            reader.problem(at, "unknown", f"unknown field `{key}` in `{name}`; {advice}")
        elif is_absent(node) and not clears:
            continue
        elif key == "fields":
            for custom, (place, value) in reader.section(node, inner).items():
                if not CUSTOM_NAME.fullmatch(custom):
                    message = f"`{inner}`: `{custom}` can name no field: use letters and digits"
                    reader.problem(place, "value", message)
                elif clears or not is_absent(value):
                    wanted[f"fields.{custom}"] = (reader.expression(value, f"{inner}.{custom}"),)
        else:
            wanted[key] = reader.expressions(node, inner, key)
    return wanted


def _events(node: Node, reader: MapReader) -> Events:
    parts = reader.section(node, "events", ("column", "values", "else"))
    if "column" not in parts:
        reader.problem(node, "missing", "`events.column` is missing: which column is the activity?")
        place = 0
    else:
        place = reader.column(parts["column"][1], "events.column")
    values: dict[str, Event] = {}
    if "values" in parts and not is_absent(parts["values"][1]):
        for activity, (_, value) in reader.section(parts["values"][1], "events.values").items():
            values[activity.strip()] = _event(value, f"events.values.{activity}", reader)
    rest = "note"
    if "else" in parts and not is_absent(parts["else"][1]):
        rest = reader.choice(parts["else"][1], "events.else", ("note", "skip"))
    return Events(place, values, rest != "skip")


def _event(node: Node, name: str, reader: MapReader) -> Event:
    parts = {} if is_absent(node) else _without_made(node, name, reader, _MADE)
    verb = "changed"
    if "verb" in parts:
        given = parts.pop("verb")[1]
        if isinstance(given, Text) and given.text not in EVENT_VERBS:
            reader.unknown(given, f"{name}.verb", "verb", EVENT_VERBS)
        else:
            verb = reader.text(given, f"{name}.verb")
    text = None
    if "text" in parts:
        text = reader.expression(parts.pop("text")[1], f"{name}.text")
    settable = (*(key for key in FIELD if key not in _MADE), "verb", "text")
    return Event(verb, _wanted(parts, name, reader, settable, clears=True), text)
