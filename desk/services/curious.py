"""SQL of somebody's own, answered from the index."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from desk.errors import Conflict, Diagnostic
from desk.services.answering import fill_entries
from desk.services.desk import Desk
from desk.services.indexing import answered
from desk.storage.index import Index
from desk.storage.index_tables import ENTRY
from desk.storage.sql_reader import read
from desk.storage.sql_views import ELAPSED_FUNCTION, views


class SqlAnswer(NamedTuple):
    """The columns and rows that a statement found; `has_more` where there are others."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    has_more: bool
    unreadable: tuple[Diagnostic, ...]


def select(desk: Desk, statement: str, limit: int = 0) -> SqlAnswer:
    """Run a SELECT over `desk.domain.sql_tables.TABLES` and return at most `limit` rows (0: all).

    UsageError for what is no SELECT; Conflict where the tickets keep changing meanwhile.
    """

    def passed(policy: int, counted_to: int) -> int:
        name = desk.settings.policies[policy].calendar_name
        since = datetime.fromtimestamp(counted_to, UTC)
        return desk.levels.calendar(name).between(since, max(since, desk.now))

    def answer(index: Index) -> SqlAnswer:
        if re.search(rf"\b{ENTRY}\b", statement, re.IGNORECASE):
            fill_entries(desk, index)
        problems = index.problems()
        ahead = index.paths_where(f"updated > {int(desk.now.timestamp())}", 1)
        if ahead:
            desk.notices.append("some tickets have entries later than now: they count already")
        tables = views(desk.now, [policy.name for policy in desk.settings.policies])
        functions = {ELAPSED_FUNCTION: (2, passed)}
        columns, rows = read(index.connection(), tables, functions, statement)
        found = tuple(islice(rows, limit + 1) if limit else rows)
        has_more = 0 < limit < len(found)
        return SqlAnswer(columns, found[: limit or None], has_more, problems)

    found = answered(desk, answer, in_memory=True)
    if found is None:
        raise Conflict("the tickets keep changing", "try again")
    return found
