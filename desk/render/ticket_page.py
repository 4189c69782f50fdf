"""One ticket in full, and its log, for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from desk.domain.facts import facts
from desk.domain.fields import FIELD, PUBLIC_VERBS
from desk.domain.instants import format_open
from desk.domain.texts import visible, visible_lines
from desk.domain.ticket import Change, Entry, Ticket
from desk.render.columns import value_text
from desk.render.style import STATUS_STYLES, ago, local, local_value, padded, styled

_ABOVE = ("id", "title", "status", "created", "fields")
_SAID = {
    "opened": "opened it",
    "wrote": "wrote",
    "replied": "replied",
    "noted": "noted, internally",
    "changed": "changed",
    "described": "described it anew",
    "escalated": "escalated",
    "worked": "worked",
    "rated": "rated",
    "redacted": "redacted",
}


def ticket_page(
    ticket: Ticket,
    now: datetime,
    zone: tzinfo,
    has_color: bool,
    attachments: Sequence[str] = (),
    path: str = "",
    promises: Sequence[tuple[str, str]] = (),
) -> str:
    """Return a ticket as a page: what it is, its fields, how its `promises` stand (a name and words
    for each), then everything said and done."""
    status = styled(visible(ticket.status), STATUS_STYLES.get(ticket.status, ""), has_color)
    lines = [_name(ticket, has_color), ""]
    resolution = f" ({visible(ticket.text('resolution'))})" if ticket.text("resolution") else ""
    rows = [("status", f"{status}{resolution}")]
    rows += _field_rows(ticket, zone)
    rows += [
        ("created", f"{local(ticket.created, zone)} ({_since(ticket.created, now)})"),
        ("updated", f"{local(ticket.updated, zone)} ({_since(ticket.updated, now)})"),
    ]
    rows += [(visible(name), visible(value)) for name, value in sorted(ticket.custom.items())]
    rows += _sums(ticket)
    rows += promises
    folder = path.removesuffix(".md")
    labels = ("attached", *("" for _ in attachments[1:]))
    rows += [
        (label, visible(f"{folder}/{name}"))
        for label, name in zip(labels, attachments, strict=False)
    ]
    if path:
        rows.append(("file", visible(path)))
    return (
        "\n".join([*lines, *_named(rows, has_color)]) + "\n\n" + log_page(ticket, zone, has_color)
    )


def _name(ticket: Ticket, has_color: bool) -> str:
    title = styled(visible(ticket.title), "bold", has_color)
    return f"{styled(ticket.id, 'cyan', has_color)}  {title}"


def _named(rows: Sequence[tuple[str, str]], has_color: bool) -> list[str]:
    width = max(len(name) for name, _ in rows)
    return [
        f"{styled(padded(name, width), 'dim', has_color)}  {value}".rstrip() for name, value in rows
    ]


def _sums(ticket: Ticket) -> list[tuple[str, str]]:
    """Return what the log adds up to: time spent, how content the requester is."""
    told = facts(ticket)
    rows = []
    if told.worked_minutes:
        rows.append(("worked", format_open(told.worked_minutes * 60)))
    if told.rating is not None:
        rows.append(("rating", f"{told.rating} of 5"))
    return rows


def _since(at: datetime, now: datetime) -> str:
    words = ago(at, now)
    return words if words == "now" or words.startswith("in ") else f"{words} ago"


def _field_rows(ticket: Ticket, zone: tzinfo) -> list[tuple[str, str]]:
    rows = []
    for name in (*FIELD, *(key for key in ticket.values if key not in FIELD)):
        if name in _ABOVE or name == "resolution" or name not in ticket.values:
            continue
        value = local_value(name, value_text(ticket, name), zone)
        rows.append((visible(name.replace("_", " ")), visible(value)))
    return rows


def log_page(
    ticket: Ticket,
    zone: tzinfo,
    has_color: bool,
    numbers: bool = False,
    newest_first: bool = False,
    most: int | None = None,
    has_name: bool = False,
) -> str:
    """Return a ticket's entries, at most so many, each with its text indented below it; `has_name`
    puts the ticket's ID and title above them."""
    numbered = list(enumerate(ticket.log, 1))
    if newest_first:
        numbered.reverse()
    pages = [_name(ticket, has_color)] if has_name else []
    pages += [
        _entry(entry, f"#{number} " if numbers else "", zone, has_color)
        for number, entry in numbered[:most]
    ]
    return "\n\n".join(pages) + "\n" if pages else ""


def _entry(entry: Entry, number: str, zone: tzinfo, has_color: bool) -> str:
    when = styled(local(entry.at, zone), "dim", has_color)
    who = styled(visible(entry.by), "bold", has_color)
    changes = "" if entry.verb == "opened" else _changes(entry.changes, zone)
    head = f"{number}{when}  {who} {_SAID[entry.verb]}{': ' + changes if changes else ''}"
    if not entry.text:
        return head
    is_public = entry.verb in PUBLIC_VERBS
    body = [
        styled(f"  {line}", "" if is_public else "dim", has_color) if line else ""
        for line in visible_lines(entry.text).split("\n")
    ]
    return "\n".join([head, *body])


def _changes(changes: Sequence[Change], zone: tzinfo) -> str:
    return ", ".join(_change(change, zone) for change in changes)


def _change(change: Change, zone: tzinfo) -> str:
    key, op, value = change
    value = local_value(key, value, zone)
    name = visible(key.removeprefix("fields.").replace("_", " "))
    if op != "=":
        return f"{name} {'+' if op == '+=' else '-'}{visible(value)}"
    return f"{name} {visible(value)}" if value else f"no {name}"
