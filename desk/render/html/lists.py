"""The lists of tickets on a page, and the links to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import NamedTuple

from desk.domain.fields import LIVE
from desk.render.shell import shell_words
from desk.render.style import local
from desk.services.outlines import Outline
from desk.services.ticket_lists import TicketList


class TicketRow(NamedTuple):
    """A ticket in a list: its cells, by what its due is sorted, and how it stands."""

    id: str
    title: str
    priority: str
    assignee: str
    status: str
    due: str
    sort: str
    tone: str


class Section(NamedTuple):
    """A list on the page, under its anchor."""

    id: str
    heading: str
    total: str
    command: str
    more: str
    tickets: list[TicketRow]


class Lists:
    """The lists that a page may lead to; those that something does lead to stand on it, each under
    the name that was first given to it."""

    def __init__(self, lists: Mapping[str, TicketList]) -> None:
        self._lists = lists
        self._used: dict[str, tuple[int, str]] = {}

    def href(self, query: str, heading: str) -> str:
        """Return where the tickets of a query stand, "" where there are none."""
        if query not in self._lists or not self._lists[query].total:
            return ""
        number, _ = self._used.setdefault(query, (len(self._used) + 1, heading))
        return f"#t{number}"

    def items(self) -> Iterable[tuple[str, TicketList]]:
        """Yield the heading and the tickets of each list that is led to, in order."""
        for query, (_, heading) in self._used.items():
            yield heading, self._lists[query]


def list_sections(lists: Lists, zone: tzinfo) -> list[Section]:
    """Return the lists that a page leads to."""
    sections = []
    for number, (heading, each) in enumerate(lists.items(), 1):
        command = f"desk list {shell_words(each.query)}" if each.query else ""
        rest = each.total - len(each.tickets)
        more = ""
        if rest:
            how = "the command above shows all" if command else "`desk team` counts them by person"
            more = f"{rest:,} more; {how}."
        rows = [ticket_row(ticket, zone) for ticket in each.tickets]
        sections.append(Section(f"t{number}", heading, f"{each.total:,}", command, more, rows))
    return sections


def ticket_row(ticket: Outline, zone: tzinfo) -> TicketRow:
    """Return a ticket as a row of a list."""
    fields, due = ticket.fields, ticket.standing.due
    tone, word = "", ""
    if due is not None and ticket.standing.is_late:
        tone, word = "late", "late, " if due.clock.state == "breached" else "a promise broken, "
    elif due is not None and ticket.standing.is_at_risk:
        tone, word = "watch", "at risk, "
    return TicketRow(
        id=fields.id,
        title=fields.text("title"),
        priority=fields.text("priority"),
        assignee=fields.text("assignee") or ("nobody" if fields.status in LIVE else ""),
        status=fields.status,
        due=f"{word}{local(due.due, zone)}" if due else "",
        sort=str(int(due.due.timestamp())) if due else "",
        tone=tone,
    )
