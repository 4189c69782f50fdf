"""Tickets by what people type: an ID, a part of one, the path of a file."""

from __future__ import annotations

from desk.domain import ids
from desk.domain.texts import visible
from desk.errors import DeskError
from desk.storage.ticket_store import AmbiguousId, Filed, TicketStore

MOST_CANDIDATES = 8


class NamedTickets(TicketStore):
    """The tickets of a help desk, for people: a ticket's path names it too, wherever it is seen
    from, and what is ambiguous is told with titles."""

    def find(self, given: str) -> Filed:
        """Return the ticket that somebody named; see `TicketStore.find`.

        Of a path nothing but the ID is used: no path leads out of the help desk.
        """
        try:
            return super().find(ids.id_in_path(given) or given)
        except AmbiguousId as error:
            error.details = tuple(self._candidates(given))
            raise

    def _candidates(self, given: str) -> list[str]:
        found = list(self.named(ids.normalise(given)).items())
        return [f"  {name}  {self._title(path)}".rstrip() for name, path in found[:MOST_CANDIDATES]]

    def _title(self, path: str) -> str:
        try:
            return visible(self.read(path).ticket.title)
        except DeskError:
            return ""
