"""What queries look at, of one ticket; see `desk.domain.query.Record`."""

from __future__ import annotations

from desk.domain.facts import Facts
from desk.domain.fields import FIELDS
from desk.domain.instants import parse_instant
from desk.domain.ticket import Ticket


def record_of(ticket: Ticket, derived: Facts, with_text: bool = True) -> dict[str, object]:
    """Return a ticket's record; without its texts, which take the longest, where nobody asks."""
    record: dict[str, object] = dict.fromkeys(each.name for each in FIELDS)
    record.update(ticket.values)
    record["status"] = ticket.status
    record["created"] = ticket.created
    until = ticket.text("until")
    record["until"] = parse_instant(until) if until else None
    record |= {
        "updated": derived.updated,
        "resolved": derived.resolved_at,
        "closed": derived.closed_at,
        "due": None,
        "replies": derived.replies,
        "reopens": derived.reopens,
        "escalations": derived.escalations,
        "handovers": derived.handovers,
        "worked_minutes": derived.worked_minutes,
        "rating": derived.rating,
        "sla": None,
    }
    if with_text:
        record["text"] = text_of(ticket)
    return record


def text_of(ticket: Ticket) -> str:
    """Return all that a search for words looks at: the title, the ID, what was said."""
    return "\n".join((ticket.title, ticket.id, *(entry.text for entry in ticket.log)))
