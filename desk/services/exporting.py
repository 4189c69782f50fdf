"""Exporting: every ticket, or those that a query finds, with what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.reading import Found, find, found, read_all


@dataclass(frozen=True, slots=True)
class Export:
    """Tickets, to be gone through once, how many there are with those that a limit cut off, and the
    files that no ticket came out of."""

    tickets: Iterator[Found]
    total: int
    unreadable: tuple[Diagnostic, ...]


def export(desk: Desk, query_text: str = "", limit: int = 0) -> Export:
    """Return all tickets by path, done ones too, or those that a query finds in its order, at most
    `limit` of them (0: all); now, or as they were then (`desk.is_past`). QueryError for a query
    that does not parse."""
    if query_text:
        listing = find(desk, query_text, limit, default_sort="sort:id", live_by_default=False)
        return Export(iter(listing.shown), listing.total, listing.unreadable)
    shelf = read_all(desk)
    kept = shelf.tickets[: limit or None]
    everything = (found(desk, filed, False, False) for filed in kept)
    return Export(everything, len(shelf.tickets), shelf.unreadable)
