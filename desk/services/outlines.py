"""Live tickets in outline: their fields and promises without their logs, for views of all of them.

They come from the index without a look into the files; where it cannot be used, from the files.
"""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from desk.domain.instants import instant_at
from desk.domain.sla import CLOCKS, ClockName, Course, Courses
from desk.domain.ticket import Fields
from desk.domain.unanswered import unanswered
from desk.errors import Diagnostic
from desk.services.answering import known_to
from desk.services.desk import Desk
from desk.services.indexing import answered
from desk.services.reading import Found, Question, asked, find, matching
from desk.services.service_levels import Standing
from desk.storage.index import Index
from desk.storage.index_file import IndexDamaged
from desk.storage.index_tables import CLOCK_PARTS
from desk.storage.ticket_file import field_line


class Outline(NamedTuple):
    """A ticket's fields, where it lies (from the workspace), how its promises stand, since when
    the requester waits for an answer, and the line on which the file has its status."""

    path: str
    fields: Fields
    standing: Standing
    unanswered_at: datetime | None
    status_line: int


class Outlines(NamedTuple):
    """Tickets in outline, by path, and the files that could not be read."""

    tickets: tuple[Outline, ...]
    unreadable: tuple[Diagnostic, ...]


def live_outlines(desk: Desk, query_text: str = "") -> Outlines:
    """Return the live tickets that a query finds; QueryError."""
    question = asked(desk, query_text, only_live=True)
    outlines = answered(desk, lambda index: _from_index(desk, index, question))
    if outlines is None:
        listing = find(desk, query_text, only_live=True)
        outlines = Outlines(tuple(map(outline_of, listing.shown)), listing.unreadable)
    return outlines._replace(tickets=tuple(sorted(outlines.tickets, key=lambda each: each.path)))


def outline_of(found: Found) -> Outline:
    """Return a ticket that was read from its file in outline."""
    fields = Fields(found.ticket.values)
    waiting = unanswered(found.ticket, found.desk.settings)
    line = field_line(found.data, "status")
    return Outline(found.path, fields, found.standing, waiting.at if waiting else None, line)


def fields_of(told: str) -> Fields:
    """Return the front matter that the index has as JSON; IndexDamaged where it is none."""
    try:
        values: dict[str, Any] = json.loads(told)
    except (ValueError, TypeError, RecursionError) as error:
        raise IndexDamaged(f"fields: {error}") from None
    return Fields({k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


_TOLD = ("path", "status_line", "unanswered", "policy", "counted_to")
COLUMNS = (*_TOLD, *(f"{part}_{clock}" for clock in CLOCKS for part in CLOCK_PARTS))
"""The columns of the index that an outline is made of, beside the front matter."""


def _from_index(desk: Desk, index: Index, question: Question) -> Outlines | None:
    known = known_to(desk, index, question)
    if known is None:
        return None
    condition, ahead = known
    outlines = [outline_of_row(desk, row) for row in index.values(COLUMNS, condition)]
    outlines += map(outline_of, matching(desk, ahead, question))
    return Outlines(tuple(outlines), index.problems())


def outline_of_row(desk: Desk, row: tuple[Any, ...]) -> Outline:
    """Return a ticket in outline from what the index has of it: `COLUMNS` and the front matter."""
    path, line, waiting, policy, counted_to = row[: len(_TOLD)]
    found = None
    if counted_to is not None:
        parts = iter(row[len(_TOLD) : -1])
        clocks: dict[ClockName, Course | None] = {
            clock: _course(*islice(parts, len(CLOCK_PARTS))) for clock in CLOCKS
        }
        found = Courses(counted_to, clocks, ())
    standing = desk.levels.standing_of(policy, found, desk.now)
    waiting_since = None if waiting is None else instant_at(waiting)
    return Outline(path, fields_of(row[-1]), standing, waiting_since, line)


def _course(
    state: str | None,
    started: int,
    ended: int | None,
    target: int,
    elapsed: int,
    due: int | None,
    risk: int | None,
) -> Course | None:
    if state is None:
        return None
    return Course(started, ended, state == "paused", target, elapsed, due, risk)
