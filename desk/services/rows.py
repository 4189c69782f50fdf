"""A ticket as a row of the index: everything about it that does not depend on now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from desk.domain.facts import facts
from desk.domain.fields import FIELD
from desk.domain.query import forms_of
from desk.domain.sla import Course
from desk.domain.ticket import Ticket
from desk.domain.words import folded, searchable
from desk.services.records import record_of
from desk.services.service_levels import ServiceLevels
from desk.storage.index import Row
from desk.storage.index_tables import COLUMNS, NUMBER_COLUMNS
from desk.storage.query_sql import MANY_FORMS, escaped, joined
from desk.storage.ticket_file import field_line
from desk.storage.ticket_store import Filed

_ONE_FORM = tuple(
    name
    for name, field in FIELD.items()
    if name not in (*MANY_FORMS, "fields") and field.kind == "text"
)


def row_of(filed: Filed, levels: ServiceLevels) -> Row:
    """Return what the index has of a ticket."""
    path, ticket, data = filed
    derived = facts(ticket)
    record = record_of(ticket, derived, with_text=False)
    values: dict[str, object] = {
        "path": path,
        "id": ticket.id,
        "tail": ticket.id.rpartition("-")[2],
        "t_title": searchable(ticket.title) if ticket.title else None,
        "v_requester": folded(ticket.requester) or None,
        "v_category": folded(ticket.text("category")) or None,
        "is_live": int(ticket.is_live),
        "first_response": _second(derived.first_response_at),
        "owned": _second(derived.owned_at),
        "status_line": field_line(data, "status") if ticket.is_live else None,
    }
    for name in _ONE_FORM:
        for form in forms_of(record, name):
            values[f"f_{name}"] = escaped(form)
    for name in MANY_FORMS:
        values[f"f_{name}"] = joined(forms_of(record, name))
    if ticket.custom:
        told = {name: escaped(folded(value)) for name, value in ticket.custom.items()}
        values["custom"] = json.dumps(told)
        values["f_fields"] = "1"
    for name in NUMBER_COLUMNS:
        if name in record:
            values[name] = _number(record[name])
    values |= _clocks(ticket, levels)
    return Row(tuple(map(values.get, COLUMNS)), json.dumps(ticket.values))


def entries_of(number: int, ticket: Ticket) -> Iterator[tuple[object, ...]]:
    """Yield the values of `index_tables.ENTRY_COLUMNS` of each entry of the ticket of a number."""
    for place, (at, by, verb, changes, text, _) in enumerate(ticket.log, 1):
        yield number, place, _second(at), by, verb, json.dumps(changes), text


def _number(value: object) -> object:
    return _second(value) if isinstance(value, datetime) else value


def _second(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _clocks(ticket: Ticket, levels: ServiceLevels) -> dict[str, object]:
    policy, found = levels.courses(ticket)
    values: dict[str, object] = {"policy": levels.place_of(policy) if policy else None}
    if found is None:
        return values
    values["counted_to"] = _second(found.counted_to)
    dues = []
    for clock, course in found.clocks.items():
        if course is None:
            continue
        due = _second(course.due)
        values[f"s_{clock}"] = _state(course)
        values[f"due_{clock}"] = due
        values[f"risk_{clock}"] = _second(course.at_risk_at)
        values[f"started_{clock}"] = _second(course.started_at)
        values[f"ended_{clock}"] = _second(course.ended_at)
        values[f"target_{clock}"] = course.target_seconds
        values[f"elapsed_{clock}"] = course.elapsed_seconds
        if course.ended_at is None and due is not None:
            dues.append(due)
    values["due"] = min(dues, default=None) if ticket.is_live else None
    return values


def _state(course: Course) -> str:
    if course.ended_at is None:
        return "paused" if course.is_paused else "running"
    return "met" if course.due is None or course.ended_at <= course.due else "missed"
