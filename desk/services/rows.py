"""A ticket as a row of the index: everything about it that does not depend on now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from desk.domain.facts import facts
from desk.domain.fields import FIELD
from desk.domain.instants import parse_instant, second_of
from desk.domain.query import forms_of
from desk.domain.report.rows import written_exchanges, written_steps
from desk.domain.sla import CLOCKS, Course, Courses
from desk.domain.ticket import Ticket
from desk.domain.unanswered import unanswered
from desk.domain.words import folded, searchable
from desk.services.service_levels import ServiceLevels
from desk.storage.index import Row
from desk.storage.index_tables import CLOCK_COLUMNS, CLOCK_PARTS, COLUMNS
from desk.storage.query_sql import MANY_FORMS, escaped, joined
from desk.storage.ticket_file import field_line
from desk.storage.ticket_store import Filed

_FORMED = frozenset(name for name, field in FIELD.items() if field.kind == "text") | {*MANY_FORMS}
_NOTHING: dict[str, object] = dict.fromkeys(COLUMNS[: -len(CLOCK_COLUMNS)])


def row_of(filed: Filed, levels: ServiceLevels) -> Row:
    """Return what the index has of a ticket."""
    path, ticket, data = filed
    derived = facts(ticket)
    policy, found = levels.courses(ticket)
    until = ticket.text("until")
    values = _NOTHING | {
        "path": path,
        "id": ticket.id,
        "tail": ticket.id.rpartition("-")[2],
        "t_title": searchable(ticket.title) if ticket.title else None,
        "v_requester": folded(ticket.requester) or None,
        "v_category": folded(ticket.text("category")) or None,
        "f_status": _forms("status", ticket.status),
        "policy": levels.place_of(policy) if policy else None,
        "created": _second(ticket.created),
        "updated": _second(derived.updated),
        "resolved": _second(derived.resolved_at),
        "closed": _second(derived.closed_at),
        "until": _second(parse_instant(until)) if until else None,
        "replies": derived.replies,
        "reopens": derived.reopens,
        "escalations": derived.escalations,
        "handovers": derived.handovers,
        "worked_minutes": derived.worked_minutes,
        "rating": derived.rating,
        "is_live": int(ticket.is_live),
        "first_response": _second(derived.first_response_at),
        "owned": _second(derived.owned_at),
        "answers": derived.answers,
        "steps": written_steps(derived.steps),
    }
    for name, value in ticket.values.items():
        if name in _FORMED and isinstance(value, (str, tuple)):
            values[f"f_{name}"] = _forms(name, value)
    if ticket.custom:
        told = {name: escaped(folded(value)) for name, value in ticket.custom.items()}
        values["custom"] = json.dumps(told)
        values["f_fields"] = "1"
    if ticket.is_live:
        values["status_line"] = field_line(data, "status")
        waiting = unanswered(ticket, levels.settings)
        values["unanswered"] = _second(waiting.at) if waiting else None
        values["due"] = _next_due(found)
    if found is not None:
        values["counted_to"] = found.counted_to
        if len(found.exchanges) > 1:
            values["exchanges"] = written_exchanges(found.exchanges[:-1])
    return Row((*values.values(), *_clock_values(found)), json.dumps(ticket.values))


@lru_cache(maxsize=8192)
def _forms(name: str, value: str | tuple[str, ...]) -> str | None:
    """Return the forms under which a field's value can be found, as its column has them. Kept: the
    same few people, companies and categories come again and again."""
    forms = forms_of({name: value}, name)
    return joined(forms) if name in MANY_FORMS else escaped(forms[0])


def entries_of(number: int, ticket: Ticket) -> Iterator[tuple[object, ...]]:
    """Yield the values of `index_tables.ENTRY_COLUMNS` of each entry of the ticket of a number."""
    for place, (at, by, verb, changes, text, _) in enumerate(ticket.log, 1):
        yield number, place, _second(at), by, verb, json.dumps(changes), text


def _second(at: datetime | None) -> int | None:
    return None if at is None else second_of(at)


def _next_due(found: Courses | None) -> int | None:
    """Return when a clock that runs is due next."""
    courses = found.clocks.values() if found else ()
    dues = [course.due for course in courses if course and course.ended_at is None and course.due]
    return min(dues, default=None)


def _clock_values(found: Courses | None) -> list[object]:
    """Return the values of `index_tables.CLOCK_COLUMNS`."""
    values: list[object] = []
    for clock in CLOCKS:
        course = found.clocks[clock] if found else None
        if course is None:
            values += _NO_CLOCK
            continue
        started, ended, _, target, elapsed, due, risk = course
        values += (_state(course), started, ended, target, elapsed, due, risk)
    return values


_NO_CLOCK = (None,) * len(CLOCK_PARTS)


def _state(course: Course) -> str:
    if course.ended_at is None:
        return "paused" if course.is_paused else "running"
    return "met" if course.due is None or course.ended_at <= course.due else "missed"
