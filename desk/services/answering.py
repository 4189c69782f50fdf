"""Queries answered by the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from desk.domain.query import expand, meaning
from desk.domain.ticket import Ticket
from desk.domain.words import searchable
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.indexing import answered, is_there, say_wait, sparse_paths
from desk.services.processes import in_portions
from desk.services.reading import Question
from desk.services.records import text_of
from desk.storage.freshness import absent_at_head
from desk.storage.index import Index
from desk.storage.index_tables import ENTRY, TEXTS
from desk.storage.query_sql import Condition, asks_for_texts, order_by
from desk.storage.ticket_store import Filed, read_ticket

_MOST_AHEAD = 1_000

Row = TypeVar("Row")


class Answer(NamedTuple):
    """What the index says to a query: the tickets, in its order, how many there are, and what is
    wrong with files that are none.

    `ahead` are those, not among them, about which the index cannot tell: some of their entries lie
    ahead of now, and count for no clock yet.
    """

    tickets: tuple[Filed, ...]
    total: int
    unreadable: tuple[Diagnostic, ...]
    ahead: tuple[Filed, ...]


def ask(
    desk: Desk, question: Question, limit: int, match_of: Callable[[Index], str] | None = None
) -> Answer | None:
    """Answer a query from the index, brought up to date first; with `match_of`, which is given the
    index, only what fulfils that MATCH of the texts too, and the best first.

    None where the files have to be read: for an earlier instant, where the index cannot be used,
    where most tickets are ahead of now.
    """

    if desk.is_past:  # the tickets themselves are shown, which only the files have
        return None

    def answer(index: Index) -> Answer | None:
        known = known_to(desk, index, question, match_of is not None)
        if known is None:
            return None
        condition, ahead = known
        match = match_of(index) if match_of else ""
        if match:
            paths = index.search(match, condition, limit or -1)
        elif match_of:
            paths = []
        else:
            sort = expand(question.query, question.context.names).sort
            paths = index.select(condition, order_by(sort, question.context), limit or -1)
        total = len(paths)
        if limit and total == limit:
            total = index.count(condition, match)
        tickets = read_known(desk, paths, sparse_paths(index))
        if tickets is None:
            return None
        return Answer(tickets, total, index.problems(), ahead)

    return answered(desk, answer)


def known_to(
    desk: Desk, index: Index, question: Question, with_texts: bool = False
) -> tuple[Condition, tuple[Filed, ...]] | None:
    """Return the condition of what the index can tell of the tickets that are asked for; and the
    tickets, asked for or not, of which it cannot, as they have entries that lie ahead of now.

    None where these are too many, or are being changed; and where the texts of an earlier instant
    are asked for. An index that is held for such an instant has the tickets as they were then.
    """
    node = meaning(question.query, question.context)
    condition = Condition(node, desk.now)
    if question.only_live:
        condition = condition.narrowed("is_live")
    needs_texts = with_texts or asks_for_texts(node)
    if desk.is_past:
        return None if needs_texts else (condition, ())
    if needs_texts:
        fill_texts(desk, index)
    now = int(desk.now.timestamp())
    paths = index.paths_where(f"updated >= {now}", _MOST_AHEAD + 1)
    ahead = read_known(desk, paths, sparse_paths(index)) if len(paths) <= _MOST_AHEAD else None
    if ahead is None:
        return None
    # With the plus no index on `updated` is used for it: nearly all rows are of the past.
    return condition.narrowed(f"+updated < {now}"), ahead


def fill_texts(desk: Desk, index: Index) -> None:
    """Read into the index the texts that it lacks; IndexUnusable."""

    def text(number: int, ticket: Ticket) -> tuple[int, str, str]:
        return number, searchable(ticket.title), searchable(text_of(ticket))

    _fill(desk, index, TEXTS, lambda number, ticket: [text(number, ticket)], index.add_texts)


def fill_entries(desk: Desk, index: Index) -> None:
    """Read into the index the entries that it lacks; IndexUnusable."""
    from desk.services.rows import entries_of

    _fill(desk, index, ENTRY, entries_of, index.add_entries)


def _fill(
    desk: Desk,
    index: Index,
    table: str,
    rows_of: Callable[[int, Ticket], Iterable[Row]],
    add: Callable[[list[Row]], None],
) -> None:
    if index.is_filled(table):
        return
    sparse = sparse_paths(index)

    def made(portion: Sequence[tuple[int, str]]) -> list[Row]:
        found: list[Row] = []
        for number, path in portion:
            known = read_known(desk, [path], sparse)
            if known:  # else it changed just now, and the next command takes it up
                found += rows_of(number, known[0].ticket)
        return found

    with index.changing():
        lacking = index.begin_to_fill(table)
        say_wait(desk, len(lacking), f"tickets for {'words' if table == TEXTS else 'entries'}")
        for rows in in_portions(lacking, made):
            add(rows)


def read_known(
    desk: Desk, paths: Sequence[str], sparse: frozenset[str]
) -> tuple[Filed, ...] | None:
    """Read tickets that the index knows, those of a sparse checkout (`sparse_paths`) from HEAD;
    None where one of them changed since."""
    absent = [path for path in paths if path in sparse and not is_there(desk, path)]
    at_head = absent_at_head(desk.repository, absent)
    found = []
    for path in paths:
        filed, _ = read_ticket(desk.root, path, at_head.get(path))
        if filed is None:
            return None
        found.append(filed)
    return tuple(found)
