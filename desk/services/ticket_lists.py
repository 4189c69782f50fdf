"""The tickets behind many figures at once: what `desk list` would show of each, its first ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from desk.domain.query import expand
from desk.services.answering import known_to
from desk.services.desk import Desk
from desk.services.indexing import answered, one_look
from desk.services.outlines import COLUMNS, Outline, outline_of, outline_of_row
from desk.services.reading import asked, find, matching
from desk.services.side_by_side import side_by_side
from desk.storage.index import Index
from desk.storage.query_sql import order_by


class TicketList(NamedTuple):
    """The first tickets of those that a query finds, in its order, and how many there are. `query`
    is "" where no query finds just these."""

    query: str
    total: int
    tickets: tuple[Outline, ...]


MOST_ROWS = 3_000
"""So many rows all lists of a page may have together."""

_MOST, _LEAST = 25, 1


def rows_of_each(count: int) -> int:
    """Return how many tickets each of so many lists may show."""
    return min(_MOST, max(_LEAST, MOST_ROWS // max(count, 1)))


def ticket_lists(desk: Desk, queries: Iterable[str]) -> Mapping[str, TicketList]:
    """Return the list of each query; QueryError."""
    wanted = list(dict.fromkeys(queries))
    limit = rows_of_each(len(wanted))
    with one_look(desk):
        found = side_by_side(desk, wanted, lambda query: ticket_list(desk, query, limit))
        return {each.query: each for each in found}


def ticket_list(desk: Desk, query: str, limit: int) -> TicketList:
    """Return the list of a query, of so many tickets at most; QueryError."""
    found = answered(desk, lambda index: _listed(desk, index, query, limit))
    if found is None:
        listing = find(desk, query, limit)
        found = TicketList(query, listing.total, tuple(map(outline_of, listing.shown)))
    return found


def _listed(desk: Desk, index: Index, query: str, limit: int) -> TicketList | None:
    question = asked(desk, query)
    known = known_to(desk, index, question)
    if known is None:
        return None
    condition, ahead = known
    order = order_by(expand(question.query, question.context.names).sort, question.context)
    tickets = [outline_of(each) for each in matching(desk, ahead, question)]
    total = len(tickets)
    rows = [outline_of_row(desk, row) for row in index.first(COLUMNS, condition, order, limit)]
    total += len(rows) if len(rows) < limit else index.count(condition)
    return TicketList(query, total, tuple([*tickets, *rows][:limit]))
