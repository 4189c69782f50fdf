"""What a requester said and no agent has answered."""

from __future__ import annotations

from desk.domain.people import address_in
from desk.domain.settings import Settings
from desk.domain.ticket import Entry, Ticket


def unanswered(ticket: Ticket, settings: Settings) -> Entry | None:
    """Return the first thing that the requester said and no agent has answered, the request itself
    included; None too for somebody's own ticket, and while it is the requester's turn."""
    if ticket.status == "waiting" or _is_own(ticket, settings):
        return None
    first = None
    for entry in ticket.log:
        if entry.verb in ("wrote", "opened"):
            first = first or entry
        elif entry.verb == "replied" and entry.by != "desk":
            first = None
    return first


def _is_own(ticket: Ticket, settings: Settings) -> bool:
    person = settings.person(address_in(ticket.requester) or ticket.requester)
    return person is not None and person.handle == ticket.text("assignee")
