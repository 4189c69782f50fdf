"""Tickets for programs: objects, and the JSON and JSON lines that hold them.

Programs rely on the shape of a ticket object: keys are only ever added. docs/export.md has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from desk.domain.facts import Facts
from desk.domain.fields import FIELD, FIELDS
from desk.domain.instants import format_instant
from desk.domain.patterns import pattern
from desk.domain.sla import CLOCKS, Clock
from desk.domain.texts import STRANGE_CLASS
from desk.domain.ticket import Entry, Ticket
from desk.errors import Diagnostic
from desk.services.reading import Found
from desk.services.service_levels import Standing

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = dict[str, Json]

DERIVED = ("path", "updated", "first_response_at", "owned_at", "resolved_at", "closed_at")
COUNTS = ("replies", "reopens", "escalations", "handovers", "worked_minutes", "rating")
_OWN_KEYS = frozenset({*DERIVED, *COUNTS, "sla", "log"})
_EMPTY: dict[str, Json] = {"text": None, "instant": None, "list": [], "mapping": {}}

_RAW = pattern(f"(?!\n)[{STRANGE_CLASS}]")


def ticket_object(
    path: str,
    ticket: Ticket,
    facts: Facts,
    with_log: bool,
    sla: Mapping[str, Json] | None = None,
) -> Object:
    """Return a ticket as programs see it; `path` is from the workspace.

    Every key of the front matter under its name, absent ones null, lists `[]`, `fields` `{}`; then
    the keys that no field has, as they stand, and what is derived. An absent status is `new`.
    `sla` is there only where it is given.
    """
    values = ticket.values
    item: Object = {field.name: values.get(field.name, _EMPTY[field.kind]) for field in FIELDS}
    item["status"] = ticket.status
    for key, value in values.items():
        if key not in FIELD and key not in _OWN_KEYS:
            item[key] = value
    item |= {
        "path": path,
        "updated": format_instant(facts.updated),
        "first_response_at": instant(facts.first_response_at),
        "owned_at": instant(facts.owned_at),
        "resolved_at": instant(facts.resolved_at),
        "closed_at": instant(facts.closed_at),
        "replies": facts.replies,
        "reopens": facts.reopens,
        "escalations": facts.escalations,
        "handovers": facts.handovers,
        "worked_minutes": facts.worked_minutes,
        "rating": facts.rating,
    }
    if sla is not None:
        item["sla"] = sla
    if with_log:
        item["log"] = log_objects(ticket)
    return item


def sla_object(standing: Standing) -> Object:
    """Return a ticket's `sla`: policy, calendar, and each clock or null."""
    policy = standing.policy
    return {
        "policy": policy.name if policy else None,
        "calendar": policy.calendar_name or None if policy else None,
        **{name: clock_object(standing.clocks.get(name)) for name in CLOCKS},
    }


def clock_object(clock: Clock | None) -> Object | None:
    """Return a clock for JSON."""
    if clock is None:
        return None
    return {
        "state": clock.state,
        "due": instant(clock.due),
        "ended_at": instant(clock.ended_at),
        "target_seconds": clock.target_seconds,
        "elapsed_seconds": clock.elapsed_seconds,
        "remaining_seconds": clock.remaining_seconds,
    }


def instant(at: datetime | None) -> str | None:
    """Return an instant as JSON has it."""
    return format_instant(at) if at else None


def log_objects(ticket: Ticket) -> list[Object]:
    """Return a ticket's entries in their order, each as {at, by, verb, changes, text}.

    In `changes` a key has its new value, null where it was cleared; a list {add, remove}, also
    where it was cleared as a whole.
    """
    lists: dict[str, list[str]] = {}
    return [
        {
            "at": format_instant(entry.at),
            "by": entry.by,
            "verb": entry.verb,
            "changes": _changes(entry, lists),
            "text": entry.text,
        }
        for entry in ticket.log
    ]


def _changes(entry: Entry, lists: dict[str, list[str]]) -> Object:
    """Return an entry's changes; `lists` holds what is in each list, and is brought up to date."""
    scalars: dict[str, Json] = {}
    moved: dict[str, tuple[list[str], list[str]]] = {}
    for key, op, value in entry.changes:
        is_list = op != "=" or (key in FIELD and FIELD[key].kind == "list")
        if not is_list:
            scalars[key] = value or None
            continue
        added, removed = moved.setdefault(key, ([], []))
        scalars.setdefault(key, None)
        elements = lists.setdefault(key, [])
        if op == "-=":
            removed.append(value)
            elements[:] = [element for element in elements if element != value]
            continue
        if op == "=":
            removed += elements
            elements.clear()
        if value:
            added.append(value)
            elements.append(value)
    both: Object = {key: {"add": add, "remove": remove} for key, (add, remove) in moved.items()}
    return {**scalars, **both}


def unreadable_objects(unreadable: Iterable[Diagnostic]) -> list[Object]:
    """Return files that could not be read, each problem of them, as {path, line, message}."""
    return [
        {"path": found.path, "line": found.line, "message": found.message} for found in unreadable
    ]


def json_document(document: Mapping[str, object]) -> str:
    """Write a document for programs, and for whoever looks over their shoulder."""
    return _safe(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def json_line(item: Mapping[str, object]) -> str:
    """Write an object as one line."""
    return _safe(json.dumps(item, ensure_ascii=False)) + "\n"


def _safe(text: str) -> str:
    """Escape what JSON may leave raw and a terminal may obey; the data are the same."""
    return _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def ticket_document(item: Object, beside: Object | None = None) -> str:
    """Write one ticket as a document, with other keys `beside` it."""
    told: Object = {"schema": "desk.ticket/1", "ticket": item, **(beside or {}), "unreadable": []}
    return json_document(told)


def tickets_document(items: Iterable[Object], unreadable: Sequence[Diagnostic]) -> Iterator[str]:
    """Write tickets as one document, piece by piece, a line each.

    `unreadable` is looked at last, so it may be filled while the tickets are read.
    """
    yield '{"schema": "desk.tickets/1", "tickets": ['
    for place, item in enumerate(items):
        yield ("," if place else "") + "\n" + json_line(item).rstrip("\n")
    yield "\n], " + json_line({"unreadable": unreadable_objects(unreadable)})[1:]


def ticket_pieces(
    told: Iterable[Found],
    unreadable: Sequence[Diagnostic],
    form: str,
    columns: Sequence[str] = (),
    with_log: bool = False,
) -> Iterator[str]:
    """Write tickets as `json`, `jsonl`, `csv`, `ids` or `plain`, piece by piece.

    `columns` are the only keys, in this order, where there are any; CSV has all of them else, and
    never the log. `unreadable` goes into `json`, and is looked at last.
    """
    with_log = "log" in columns or (with_log and not columns and form in ("json", "jsonl"))
    items = (_item(each, with_log, bool(columns)) for each in told)
    if form in ("json", "jsonl"):
        chosen = (_chosen(item, columns) for item in items) if columns else items
        if form == "json":
            yield from tickets_document(chosen, unreadable)
        else:
            yield from map(json_line, chosen)
        return
    from desk.render import spreadsheet

    if form == "ids":
        yield from spreadsheet.id_lines(items)
    elif form == "plain":
        yield from spreadsheet.plain_lines(columns or spreadsheet.ALL_COLUMNS, items)
    elif columns:
        yield from spreadsheet.csv_lines(columns, items)
    else:
        everything = list(items)
        yield from spreadsheet.csv_lines(spreadsheet.columns_of(everything), everything)


def _item(found: Found, with_log: bool, with_columns: bool = False) -> Object:
    """Return a ticket's object, `with_columns` that lists have besides its keys."""
    standing = found.standing
    item = ticket_object(found.path, found.ticket, found.facts, with_log, sla_object(standing))
    if with_columns:
        due = standing.due if found.ticket.is_live else None
        item["due"] = instant(due.due) if due else None
        item["policy"] = standing.policy.name if standing.policy else None
    return item


def _chosen(item: Object, columns: Sequence[str]) -> Object:
    from desk.render.spreadsheet import cell_of

    return {column: cell_of(item, column) for column in columns}


def tickets_text(
    told: Sequence[Found],
    unreadable: Sequence[Diagnostic],
    form: str,
    fields: str = "",
    is_one: bool = False,
    beside: Object | None = None,
) -> str:
    """Write tickets in one of the formats of `ticket_pieces`. `fields` are names as --fields has
    them; `is_one` adds the log, and makes a document of a single ticket, with what is told `beside`
    it. UsageError for a field that there is not."""
    from desk.render.columns import keys_named

    columns = keys_named(fields, form)
    if form == "json" and is_one and len(told) == 1:
        item = _item(told[0], not columns or "log" in columns, bool(columns))
        return ticket_document(_chosen(item, columns) if columns else item, beside)
    return "".join(ticket_pieces(told, unreadable, form, columns, with_log=is_one))
