"""The entries of logs, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain.instants import format_instant
from desk.domain.texts import visible
from desk.domain.ticket import Entry, Ticket
from desk.render.columns import COLUMNS, value_text
from desk.render.machine import json_document, log_objects
from desk.render.rows import Row, chosen, picked, rows_text
from desk.render.spreadsheet import ALL_COLUMNS
from desk.services.reading import Found

ENTRY_COLUMNS = ("at", "by", "verb", "changes", "text", "id", "number")
"""The columns of a log: `changes` as the heading has them, the ticket's ID, and the number by which
`split` knows the entry."""


def entry_rows(ticket: Ticket) -> list[Row]:
    """Return a ticket's entries with all of `ENTRY_COLUMNS`."""
    return [
        {**each, "changes": changes_text(entry)}
        for entry, each in zip(ticket.log, entry_objects(ticket), strict=True)
    ]


def entry_objects(ticket: Ticket) -> list[Row]:
    """Return a ticket's entries as JSON has them, each with the ticket's ID and its own number."""
    return [
        {**each, "id": ticket.id, "number": number}
        for number, each in enumerate(log_objects(ticket), 1)
    ]


def log_text(
    tickets: Sequence[Ticket],
    form: str,
    fields: str = "",
    newest_first: bool = False,
    most: int = 0,
) -> str:
    """Return the logs of tickets as `json`, `jsonl`, `csv`, `plain` or `md`, of each at most `most`
    entries (0: all), with the columns that `fields` names. UsageError for one that there is not."""
    columns = chosen(fields, ENTRY_COLUMNS)
    is_json = form in ("json", "jsonl")
    logs: list[tuple[str, list[Row]]] = []
    for ticket in tickets:
        rows = entry_objects(ticket) if is_json else entry_rows(ticket)
        rows = rows[::-1] if newest_first else rows
        logs.append((ticket.id, [picked(row, columns) for row in rows[: most or None]]))
    if form != "json":
        return rows_text(form, columns, [row for _, rows in logs for row in rows])
    told = [{"id": ticket_id, "log": rows} for ticket_id, rows in logs]
    if len(told) == 1:
        return json_document({"schema": "desk.log/1", **told[0]})
    return json_document({"schema": "desk.logs/1", "logs": told})


def changes_text(entry: Entry) -> str:
    """Return what an entry changed, as its heading says it: `status=open tags+=vpn`."""
    return "".join(entry.heading.split(" ", 3)[3:])


def ticket_lines(found: Found, attachments: Sequence[str] = ()) -> str:
    """Return a ticket as lines of `field<TAB>value`, then a line an entry: instant, who, verb,
    changes, text.

    Fields that are empty are left out; the path of each attachment has a line.
    """
    ticket = found.ticket
    rows = [(name, COLUMNS[name].plain(found)) for name in ALL_COLUMNS]
    rows += [(f"fields.{name}", value) for name, value in sorted(ticket.custom.items())]
    rows += [(key, value_text(ticket, key)) for key in ticket.values if key not in COLUMNS]
    folder = found.path.removesuffix(".md")
    rows += [("attached", f"{folder}/{name}") for name in attachments]
    entries = [
        (format_instant(entry.at), entry.by, entry.verb, changes_text(entry), entry.text)
        for entry in ticket.log
    ]
    return _lines([row for row in rows if row[1]]) + _lines(entries)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return "".join("\t".join(map(visible, row)) + "\n" for row in rows)
