"""Reading tickets: all of them, or those that a query finds, now or as of an earlier instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from desk.domain.facts import Facts, facts
from desk.domain.query import (
    Query,
    QueryContext,
    QueryNames,
    Record,
    check_query,
    compile_predicate,
    expand,
    fields_used,
    parse_query,
    sort_key,
    speaks_of_done_alone,
    speaks_of_live_alone,
    speaks_of_me,
    speaks_of_status,
)
from desk.domain.replay import as_of
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic, NotFound, OutsideError, WorkspaceError
from desk.services.desk import Desk
from desk.services.finding import find_all
from desk.services.records import record_of
from desk.services.service_levels import Standing
from desk.storage.freshness import absent_at_head, left_out
from desk.storage.history import Commit, commits_of
from desk.storage.ticket_store import Filed, Shelf, read_ticket


@dataclass(frozen=True, eq=False, repr=False)
class Found:
    """A ticket with its facts, the record that queries look at, and how its promises stand."""

    path: str
    ticket: Ticket
    facts: Facts
    record: Record
    data: bytes
    desk: Desk

    @cached_property
    def standing(self) -> Standing:
        """Its policy and clocks, worked out when first asked for."""
        return self.desk.levels.standing(self.ticket, self.desk.now)


class Question(NamedTuple):
    """A query with what it depends on; `only_live` asks for live tickets alone, whatever it
    says."""

    query: Query
    context: QueryContext
    only_live: bool


class Listing(NamedTuple):
    """What a query found, in its order: what is shown of it, how many there are, and the files
    that could not be read, whatever the query."""

    shown: tuple[Found, ...]
    total: int
    unreadable: tuple[Diagnostic, ...]


def read_all(desk: Desk) -> Shelf:
    """Read every ticket, as it is now or (`desk.is_past`) as its log had it then, from the files or
    from `desk.commit`; what a sparse checkout leaves out is read from HEAD."""
    shelf = _committed(desk) if desk.commit else _with_left_out(desk, desk.store.all())
    if not desk.is_past:
        return shelf
    then = [(filed, as_of(filed.ticket, desk.now)) for filed in shelf.tickets]
    kept = tuple(filed._replace(ticket=ticket) for filed, ticket in then if ticket is not None)
    return Shelf(kept, shelf.unreadable)


def _committed(desk: Desk) -> Shelf:
    from desk.storage.committed import contents, tickets_at

    listed = tickets_at(desk.repository, desk.commit)
    tickets, unreadable = [], [*listed.problems]
    for file, data in contents(desk.repository, listed.files):
        if isinstance(data, Diagnostic):
            unreadable.append(data)
            continue
        filed, problems = read_ticket(desk.root, file.path, data)
        tickets += [filed] if filed else []
        unreadable += problems
    return Shelf(tuple(tickets), tuple(unreadable))


def _with_left_out(desk: Desk, shelf: Shelf) -> Shelf:
    contents: dict[str, bytes] = {}
    with suppress(OutsideError, WorkspaceError):  # a git that does not trust the work tree
        contents = absent_at_head(desk.repository, left_out(desk.repository, desk.root))
    if not contents:
        return shelf
    tickets, unreadable = [*shelf.tickets], [*shelf.unreadable]
    for path, data in contents.items():
        filed, problems = read_ticket(desk.root, path, data)
        tickets += [filed] if filed else []
        unreadable += problems
    tickets.sort(key=lambda each: each.path)
    unreadable.sort(key=lambda each: each.path)
    return Shelf(tuple(tickets), tuple(unreadable))


def read_some(desk: Desk, given: Sequence[str]) -> list[Filed]:
    """Return the tickets named, now or as they were then; NotFound for what was not there yet."""
    found = find_all(desk, given, left_out_too=True)
    if not desk.is_past:
        return found
    past = []
    for filed in found:
        ticket = as_of(filed.ticket, desk.now)
        if ticket is None:
            raise NotFound(f"{filed.ticket.id} was not there yet", "give a later --as-of")
        past.append(filed._replace(ticket=ticket))
    return past


def history(desk: Desk, given: Sequence[str], limit: int = 0) -> list[Commit]:
    """Return the commits that touched the tickets named, the newest first."""
    paths = [each.path for each in find_all(desk, given, left_out_too=True)]
    return commits_of(desk.repository, paths, limit)


ALL = Query()
"""The query that every ticket fulfils."""


def find(
    desk: Desk,
    query_text: str,
    limit: int = 0,
    default_sort: str = "",
    live_by_default: bool = True,
    only_live: bool = False,
    within: Query = ALL,
) -> Listing:
    """Return the tickets that a query finds, at most `limit` of them (0: all).

    What is open is meant unless the query speaks of the status; with `only_live`, whatever it
    says. `within` is another query, which the tickets fulfil too. QueryError for a query that does
    not parse or names what this help desk does not have.
    """
    from desk.services.answering import ask

    question = asked(desk, query_text, default_sort, live_by_default, only_live, within)
    answer = ask(desk, question, limit)
    if answer is None:
        return _find_in_files(desk, question, limit)
    shown = [found(desk, filed, with_text=False) for filed in answer.tickets]
    ahead = matching(desk, answer.ahead, question)
    if ahead:
        order = sort_key(question.query, question.context)
        shown = sorted([*shown, *ahead], key=lambda each: order(each.record))[: limit or None]
    return Listing(tuple(shown), answer.total + len(ahead), answer.unreadable)


def asked(
    desk: Desk,
    query_text: str,
    default_sort: str = "",
    live_by_default: bool = True,
    only_live: bool = False,
    within: Query = ALL,
) -> Question:
    """Return what a query asks of this help desk, as `find` takes it; QueryError."""
    names = desk.settings.query_names
    query = parse_query(query_text)
    check_query(query, names)
    me = _me(desk) if speaks_of_me(query, names.views) else ""
    context = QueryContext(me, desk.now, desk.settings.zone, names)
    if live_by_default and not speaks_of_status(query, names.views):
        only_live = True
    only_live = only_live or speaks_of_live_alone(query, names.views)
    query = _sorted(query.narrowed_to(within), default_sort, names)
    return Question(query, context, only_live)


def matching(desk: Desk, tickets: Iterable[Filed], question: Question) -> list[Found]:
    """Return those of some tickets that are asked for."""
    fields = fields_used(expand(question.query, question.context.names))
    with_sla = any(name in ("is", "due") or name.startswith("sla") for name in fields)
    matches = compile_predicate(question.query, question.context)
    records = (
        found(desk, filed, "text" in fields, with_sla)
        for filed in tickets
        if not question.only_live or filed.ticket.is_live
    )
    return [each for each in records if matches(each.record)]


def _find_in_files(desk: Desk, question: Question, limit: int) -> Listing:
    shelf = read_all(desk)
    all_found = matching(desk, shelf.tickets, question)
    order = sort_key(question.query, question.context)
    all_found.sort(key=lambda each: order(each.record))
    return Listing(tuple(all_found[: limit or None]), len(all_found), shelf.unreadable)


def _sorted(query: Query, default_sort: str, names: QueryNames) -> Query:
    """Return the query with an order of its own, or else with the default one; with "" what is due
    next comes first or, where only done tickets are asked for, what ended last."""
    if expand(query, names).sort:
        return query
    if not default_sort:
        is_of_done = speaks_of_done_alone(query, names.views)
        default_sort = "sort:-resolved" if is_of_done else "sort:due sort:priority"
    return query.sorted_by(*parse_query(default_sort).sort)


def _me(desk: Desk) -> str:
    return desk.actor.sign


def found(desk: Desk, filed: Filed, with_text: bool = True, with_sla: bool = True) -> Found:
    """Return a ticket with its facts and its record; without what takes time, where not needed."""
    derived = facts(filed.ticket)
    record = record_of(filed.ticket, derived, with_text)
    made = Found(filed.path, filed.ticket, derived, record, filed.data, desk)
    if with_sla:
        due = made.standing.due if filed.ticket.is_live else None
        record["due"] = due.due if due else None
        record["sla"] = made.standing.states
    return made
