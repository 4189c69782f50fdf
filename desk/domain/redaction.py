"""Taking a text out of a log for good: the entry stays, and another one says what was removed.

An entry `redacted` names what it removed as ``entry=<instant>/<who>/<verb>``. All entries of that
name are without text from then on, whatever a later merge brings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desk.domain.instants import format_instant
from desk.domain.ticket import Entry, Ticket

REDACTED = "[redacted]"
"""What the text of an entry becomes that was redacted."""


def name_of(entry: Entry) -> str:
    """Return the name by which an entry `redacted` speaks of another."""
    return f"{format_instant(entry.at)}/{entry.by}/{entry.verb}"


def redacted_names(log: Iterable[Entry]) -> frozenset[str]:
    """Return the names of the entries whose text was taken out."""
    named = (entry.change_of("entry") for entry in log if entry.verb == "redacted")
    return frozenset(name for name in named if name)


def without_text(ticket: Ticket, name: str) -> Ticket:
    """Return the ticket with no text in the entries of a name; equal ones become one, as in every
    merge from then on."""
    log: list[Entry] = []
    for entry in ticket.log:
        if entry.text and name_of(entry) == name:
            entry = entry._replace(text=REDACTED)
            if entry in log:
                continue
        log.append(entry)
    return replace(ticket, log=tuple(log))
