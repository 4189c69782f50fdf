"""Exporting: every ticket, or those that a query finds, with what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from desk.domain.facts import Facts, facts
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.reading import find, read_all


class Exported(NamedTuple):
    """A ticket, where it lies (from the workspace), and what follows from its log."""

    path: str
    ticket: Ticket
    facts: Facts


@dataclass(frozen=True, slots=True)
class Export:
    """Tickets, to be gone through once, and the files that no ticket came out of."""

    tickets: Iterator[Exported]
    unreadable: tuple[Diagnostic, ...]


def export(desk: Desk, query_text: str = "") -> Export:
    """Return all tickets by path, done ones too, or those that a query finds in its order; now, or
    as they were then (`desk.is_past`). QueryError for a query that does not parse."""
    if query_text:
        listing = find(desk, query_text, default_sort="sort:id", live_by_default=False)
        found = (Exported(each.path, each.ticket, each.facts) for each in listing.shown)
        return Export(found, listing.unreadable)
    shelf = read_all(desk)
    everything = (Exported(path, ticket, facts(ticket)) for path, ticket, _ in shelf.tickets)
    return Export(everything, shelf.unreadable)
