"""A query asked again and again: what came, what changed, what went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.domain.ticket import Ticket
from desk.services.desk import Desk
from desk.services.reading import Found, Listing, find

NEW, CHANGED = "+", "*"
"""What marks a ticket that was not there at the last look, or not like that."""


@dataclass(frozen=True)
class Look:
    """What a query found, beside what it found before.

    `marks` are `NEW` or `CHANGED`, by ID, and empty at the first look; `gone` are the IDs that are
    no longer found. A ticket has changed where its file says something else, or a clock of its
    promises came into another state.
    """

    desk: Desk
    listing: Listing
    marks: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @property
    def new(self) -> list[Found]:
        """The tickets that are marked."""
        return [each for each in self.listing.shown if each.ticket.id in self.marks]

    def marked(self, mark: str) -> int:
        """Return how many have this mark."""
        return sum(each == mark for each in self.marks.values())

    def seen(self) -> dict[str, tuple[Ticket, dict[str, str]]]:
        """Return what another look is compared with."""
        return {each.ticket.id: (each.ticket, each.standing.states) for each in self.listing.shown}


def look(desk: Desk, query_text: str, limit: int = 0, before: Look | None = None) -> Look:
    """Ask a query, of a help desk opened anew; QueryError."""
    now = Look(desk, find(desk, query_text, limit))
    if before is None:
        return now
    then, seen = before.seen(), now.seen()
    marks = {
        name: CHANGED if name in then else NEW
        for name, told in seen.items()
        if then.get(name) != told
    }
    return Look(desk, now.listing, marks, tuple(name for name in then if name not in seen))
