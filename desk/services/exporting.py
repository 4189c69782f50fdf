"""Exporting: tickets with what follows from them, one at a time, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from desk.domain.facts import Facts, facts
from desk.domain.replay import as_of
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.storage.files import walk_tickets
from desk.storage.ticket_store import Filed


class Exported(NamedTuple):
    """A ticket, where it lies (from the workspace), and what follows from its log."""

    path: str
    ticket: Ticket
    facts: Facts


@dataclass(frozen=True)
class Export:
    """Tickets to be gone through once; `unreadable` is complete when that is done."""

    tickets: Iterator[Exported]
    unreadable: list[Diagnostic] = field(default_factory=list)
