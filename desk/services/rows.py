"""A ticket as a row of the index: everything about it that does not depend on now."""

from __future__ import annotations

import json
from datetime import datetime

from desk.domain.facts import facts
from desk.domain.fields import FIELD
from desk.domain.query import forms_of
from desk.domain.sla import CLOCKS, Course
from desk.domain.ticket import Ticket
from desk.domain.words import folded, searchable
from desk.services.records import record_of
from desk.services.service_levels import ServiceLevels
from desk.storage.index import COLUMNS, NUMBER_COLUMNS
from desk.storage.query_sql import MANY_FORMS, escaped, joined

_ONE_FORM = tuple(
    name
    for name, field in FIELD.items()
    if name not in (*MANY_FORMS, "fields") and field.kind == "text"
)


def row_of(path: str, ticket: Ticket, levels: ServiceLevels) -> tuple[object, ...]:
    """Return the values of `desk.storage.index.COLUMNS`, in order."""
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
    return tuple(map(values.get, COLUMNS))


def _number(value: object) -> object:
    return _second(value) if isinstance(value, datetime) else value


def _second(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _clocks(ticket: Ticket, levels: ServiceLevels) -> dict[str, object]:
    found = levels.courses(ticket)
    values: dict[str, object] = {}
    dues = []
    for clock in CLOCKS if found else ():
        course = found.clocks[clock] if found else None
        if course is None:
            continue
        due = _second(course.due)
        values[f"s_{clock}"] = _state(course)
        values[f"due_{clock}"] = due
        values[f"risk_{clock}"] = _second(course.at_risk_at)
        if course.ended_at is None and due is not None:
            dues.append(due)
    values["due"] = min(dues, default=None) if ticket.is_live else None
    return values


def _state(course: Course) -> str:
    if course.ended_at is None:
        return "paused" if course.is_paused else "running"
    return "met" if course.due is None or course.ended_at <= course.due else "missed"
