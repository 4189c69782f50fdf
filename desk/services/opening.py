"""New tickets: opened by somebody, or split off another one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from desk.domain import ids
from desk.domain.editing import Wishes, opening_values
from desk.domain.fields import FIELD
from desk.domain.headings import new_entry
from desk.domain.instants import format_instant
from desk.domain.people import address_in
from desk.domain.ticket import Change, Ticket, Value, changes_between
from desk.domain.workflow import Act, perform, step
from desk.errors import Conflict, NotFound, Refused, UsageError
from desk.services.acting import Outcome, write_acts
from desk.services.attaching import mention, take_files
from desk.services.desk import Desk
from desk.services.saving import Save, take_up_hand_edits

_TRIES = 20

_KEPT_BY_SPLIT = frozenset(FIELD) - {
    *("id", "title", "status", "resolution", "assignee", "created", "until", "links", "kb"),
    *("watchers", "external_id", "former_ids"),
}


def open_ticket(
    desk: Desk, wishes: Wishes, description: str = "", attachments: Sequence[Path] = ()
) -> Outcome:
    """Open a ticket, with a description and attachments, in one commit."""
    desk.require("new")
    if wishes.fields.get("assignee"):
        desk.require("assign")
    values = opening_values(wishes, desk.settings, desk.actor)
    with desk.writing():

        def write(ticket_id: str) -> Outcome:
            ticket = opened(desk, ticket_id, values, description)
            path = ids.path_of(ticket_id)
            files = take_files(desk, path, attachments)
            if files:
                told = Act("noted", text=mention(path, files))
                ticket = perform(ticket, told, desk.now, _by(desk, values), desk.settings)
            return write_acts(desk, "new", [], files, [Save(path, ticket)])

        return under_new_id(desk, write)


def under_new_id(desk: Desk, write: Callable[[str], Outcome]) -> Outcome:
    """Write something under an ID that nobody has: random, and tried again on a collision."""
    candidates = ids.random_ids(desk.settings.prefix, desk.now, secrets.choice)
    for _ in range(_TRIES):
        try:
            ticket_id = next(candidates)
        except ValueError as error:
            raise Refused(str(error), "set the clock, or DESK_NOW") from None
        if desk.store.exists(ticket_id):
            continue
        try:
            return write(ticket_id)
        except FileExistsError:
            continue
    raise Conflict(f"{_TRIES} new IDs were all taken", "try again")


def opened(desk: Desk, ticket_id: str, values: dict[str, Value], description: str = "") -> Ticket:
    """Return a new ticket with its first entry, which carries every field it starts with."""
    changes = [
        change
        for change in changes_between({}, values)
        if change.key not in FIELD or FIELD[change.key].logged
    ]
    try:
        entry = new_entry(desk.now, _by(desk, values), "opened", changes, description)
    except ValueError as error:
        raise Refused(f"the description is refused: {error}", "attach it as a file") from None
    whole: dict[str, Value] = {"id": ticket_id, "created": format_instant(entry.at), **values}
    return Ticket({key: whole[key] for key in (*FIELD, *values) if key in whole}, (entry,))


def _by(desk: Desk, values: dict[str, Value]) -> str:
    """`opened` is signed by whoever runs it, unless that is the requester: then as such."""
    requester = str(values.get("requester", ""))
    if desk.actor.asked_for(requester):
        return address_in(requester) or desk.actor.requester_sign
    return desk.actor.sign


def split(desk: Desk, given: str, entries: Sequence[str], title: str = "") -> Outcome:
    """Open a ticket that quotes some entries of another one; the two are linked.

    `entries` are numbers as `desk log` shows them, or instants.
    """
    with desk.writing():
        found = desk.store.find(given)
        desk.require("split", found.ticket)
        filed = take_up_hand_edits(desk, [found])[0]
        quoted = _quoted(filed.ticket, entries)
        values = {key: value for key, value in filed.ticket.values.items() if key in _KEPT_BY_SPLIT}
        values |= {
            "title": title or f"{filed.ticket.title} (split off)",
            "status": "new",
            "links": (f"relates {filed.ticket.id}",),
        }

        def write(ticket_id: str) -> Outcome:
            text = f"Split off {filed.ticket.id}.\n\n{quoted}"
            new = opened(desk, ticket_id, dict(values), text)
            link = Change("links", "+=", f"relates {ticket_id}")
            return write_acts(
                desk,
                "split",
                [(filed, lambda old: step(old, "split", others=(link,)))],
                new=[Save(ids.path_of(ticket_id), new)],
            )

        return under_new_id(desk, write)


def _quoted(ticket: Ticket, entries: Sequence[str]) -> str:
    if not entries:
        raise UsageError("name the entries to split off", f"`desk log {ticket.id}` numbers them")
    quotes = []
    for name in entries:
        entry = ticket.log[entry_number(ticket, name) - 1]
        lines = [f"{format_instant(entry.at)} {entry.by} {entry.verb}:"]
        lines += ["", *entry.text.split("\n")] if entry.text else []
        quotes.append("\n".join(f"> {line}".rstrip() for line in lines))
    return "\n\n".join(quotes)


def entry_number(ticket: Ticket, name: str) -> int:
    """Return the number, from 1, of the entry that a number or an instant names; NotFound."""
    number = name.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 8:
        if 1 <= int(number) <= len(ticket.log):
            return int(number)
    else:
        found = [
            place for place, entry in enumerate(ticket.log, 1) if format_instant(entry.at) == name
        ]
        if len(found) == 1:
            return found[0]
    raise NotFound(
        f"{ticket.id} has no entry `{name}`",
        f"`desk log {ticket.id}` numbers its {len(ticket.log)}",
    )
