"""Links between tickets: `<relation> <ID>`, which both sides carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from desk.domain import ids
from desk.domain.fields import RELATIONS
from desk.domain.ticket import Ticket


class Link(NamedTuple):
    """A relation and the ID of the other ticket."""

    relation: str
    target: str

    def __str__(self) -> str:
        return f"{self.relation} {self.target}"

    def inverse(self, source: str) -> Link:
        """Return what the other ticket carries for a link that stands in `source`."""
        return Link(RELATIONS[self.relation], source)


def parse_link(element: str) -> Link:
    """Read an element of `links`; ValueError, in one sentence, where it is none."""
    relation, _, target = element.partition(" ")
    if not ids.is_id(target):
        raise ValueError(f"`{element}` is no link: write it like `relates HD-2611-7K3QF`")
    if relation not in RELATIONS:
        raise ValueError(f"unknown relation `{relation}`: there are {', '.join(RELATIONS)}")
    return Link(relation, target)


@dataclass(frozen=True, slots=True)
class LinkBook:
    """The links of all tickets: `links` by ID, `now_called` the present ID behind each former one.

    Links by former IDs are as good as others.
    """

    links: Mapping[str, frozenset[Link]] = field(default_factory=dict)
    now_called: Mapping[str, str] = field(default_factory=dict)

    def current(self, ticket_id: str) -> str:
        """Return the ID that a ticket has now."""
        return self.now_called.get(ticket_id, ticket_id)

    def missing_inverse(self, source: str, link: Link) -> Link | None:
        """Return what the other ticket should carry for this link and does not; None where it has
        it, or where there is no such ticket to carry anything."""
        target = self.current(link.target)
        inverse = link.inverse(source)
        if target == source or target not in self.links or inverse in self.links[target]:
            return None
        return inverse


def link_book(tickets: Iterable[Ticket]) -> LinkBook:
    """Gather the links of tickets; elements that are none are passed over."""
    tickets = tuple(tickets)
    present = {ticket.id for ticket in tickets}
    now_called = {
        former: ticket.id
        for ticket in tickets
        for former in ticket.items("former_ids")
        if former not in present
    }
    book: dict[str, frozenset[Link]] = {}
    for ticket in tickets:
        found = frozenset(
            link._replace(target=now_called.get(link.target, link.target))
            for link in links_of(ticket)
        )
        book[ticket.id] = book.get(ticket.id, frozenset()) | found
    return LinkBook(book, now_called)


def links_of(ticket: Ticket) -> list[Link]:
    """Return the links of a ticket that can be read."""
    found = []
    for element in ticket.items("links"):
        try:
            found.append(parse_link(element))
        except ValueError:
            continue
    return found
