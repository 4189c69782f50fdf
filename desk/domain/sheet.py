"""A ticket laid out for checking, and what it is checked against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from desk.domain.findings import Problem
from desk.domain.links import LinkBook, link_book
from desk.domain.settings import Settings
from desk.domain.ticket import Entry, Ticket

LONGEST_VALUE = 80
"""So many characters of a value are quoted in a message."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a ticket is checked against.

    `paths` has, for each ID, the files that say it is theirs or, where they cannot be read, are
    named so; `former` those of the tickets that had it before. `slugs` are those of all articles,
    unreadable ones too.
    """

    settings: Settings
    now: datetime
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: LinkBook = field(default_factory=LinkBook)
    slugs: frozenset[str] = frozenset()


class Sheet(NamedTuple):
    """A ticket as its file has it: where it lies, and its entries in the order of the file."""

    path: str
    ticket: Ticket
    entries: tuple[Entry, ...]


TicketCheck = Callable[[Sheet, Known], Iterator[Problem]]


def shortened(text: str) -> str:
    """Return a value as a message quotes it."""
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def known_of(
    settings: Settings,
    now: datetime,
    tickets: Iterable[tuple[str, Ticket]],
    named: Iterable[tuple[str, str]] = (),
    slugs: Iterable[str] = (),
) -> Known:
    """Gather what tickets are checked against: all tickets with their paths, the paths of files
    that cannot be read with the IDs they are `named` by, and the slugs of all articles."""
    tickets = tuple(tickets)
    paths: defaultdict[str, list[str]] = defaultdict(list)
    former: defaultdict[str, list[str]] = defaultdict(list)
    for path, ticket in tickets:
        paths[ticket.id].append(path)
        for earlier in ticket.items("former_ids"):
            former[earlier].append(path)
    for path, ticket_id in named:
        paths[ticket_id].append(path)
    book = link_book(ticket for _, ticket in tickets)
    return Known(settings, now, dict(paths), dict(former), book, frozenset(slugs))
