"""Rows of tickets of which the index knows nothing: made of every file, or every file of a commit,
for this once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TypeAlias

from desk.domain.query import Query, meaning
from desk.domain.query.tree import EVERYTHING
from desk.domain.replay import as_of
from desk.errors import Diagnostic, OutsideError, WorkspaceError
from desk.services.desk import Desk
from desk.services.processes import in_portions
from desk.services.reading import Question, asked, matching
from desk.services.row_making import Made
from desk.services.rows import row_of
from desk.storage.committed import contents, tickets_at
from desk.storage.files import walk_tickets
from desk.storage.freshness import absent_at_head, left_out
from desk.storage.index import Index
from desk.storage.query_sql import Condition
from desk.storage.ticket_store import Filed, problem_of, read_ticket

_AT_A_TIME = 20_000
"""So many tickets of a commit are in memory at once."""

TicketFile: TypeAlias = tuple[str, bytes | None]
"""Where a ticket lies, and its content; None: it is on disk."""


def made_index(desk: Desk, question: Question) -> tuple[Index, Condition, tuple[Diagnostic, ...]]:
    """Return an index in memory of the tickets that are asked for, each as its log had it then; the
    condition that all of them fulfil; and what is wrong with files that gave none."""
    index = _index(desk, question)
    context = asked(desk, "", live_by_default=False).context
    return index, Condition(meaning(Query(), context), desk.now), index.problems()


def index_of_all(desk: Desk) -> Index:
    """Return an index in memory of all tickets, each as its log had it then."""
    return _index(desk, asked(desk, "", live_by_default=False))


def _index(desk: Desk, question: Question) -> Index:
    index = Index.in_memory()
    for each in _made(desk, question):
        index.add(each.rows, each.problems)
    return index


def _made(desk: Desk, question: Question) -> Iterator[Made]:
    desk.levels.make_ready()
    needs_match = question.only_live or question.query.where != EVERYTHING
    for files, problems in _batches(desk):
        yield Made([], problems)

        def make(places: Sequence[int], files: Sequence[TicketFile] = files) -> Made:
            # The files are there in every process; only their places have to be sent to it.
            found = Made([], [])
            for path, data in (files[place] for place in places):
                filed, wrong = read_ticket(desk.root, path, data)
                found.problems.extend(wrong)
                filed = filed and _then(desk, filed)
                if filed and (not needs_match or matching(desk, [filed], question)):
                    found.rows.append(row_of(filed, desk.levels))
            return found

        yield from in_portions(range(len(files)), make)


def _then(desk: Desk, filed: Filed) -> Filed | None:
    """Return a ticket as its log has it now, or had it then; None where it was not there yet."""
    if not desk.is_past and filed.ticket.updated <= desk.now:
        return filed
    ticket = as_of(filed.ticket, desk.now)
    return None if ticket is None else filed._replace(ticket=ticket)


def _batches(desk: Desk) -> Iterator[tuple[list[TicketFile], list[Diagnostic]]]:
    """Yield all files of tickets, some at a time, and what is wrong with others."""
    if desk.commit:
        yield from _committed(desk)
        return
    found = [*walk_tickets(desk.root)]
    files: list[TicketFile] = [(path, None) for kind, path, _ in found if kind == "ticket"]
    with suppress(OutsideError, WorkspaceError):  # a git that does not trust the work tree
        files += absent_at_head(desk.repository, left_out(desk.repository, desk.root)).items()
    yield files, [problem_of(kind, path) for kind, path, _ in found if kind != "ticket"]


def _committed(desk: Desk) -> Iterator[tuple[list[TicketFile], list[Diagnostic]]]:
    listed = tickets_at(desk.repository, desk.commit)
    yield [], listed.problems
    waiting = contents(desk.repository, listed.files)
    while some := list(islice(waiting, _AT_A_TIME)):
        files: list[TicketFile] = [
            (file.path, data) for file, data in some if isinstance(data, bytes)
        ]
        yield files, [wrong for _, wrong in some if isinstance(wrong, Diagnostic)]
