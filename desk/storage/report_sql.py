"""What reports ask of the index, in SQL."""

from __future__ import annotations

from collections.abc import Iterable

from desk.domain.fields import FIELD
from desk.domain.report.rows import COLUMNS


def row_columns(live_at: int | None) -> list[str]:
    """Return the columns of a `TicketRow`. Its steps, which take time to read, are there for every
    ticket only where `live_at` is None: else for those that came back, were live then, or were
    done when they came to be somebody's."""
    told = {"resolution": "f_resolution"}
    if live_at is not None:
        told["steps"] = (
            f"CASE WHEN reopens > 0 OR resolved IS NULL OR resolved >= {live_at:d} "
            "OR resolved = owned THEN steps END"
        )
    return [told.get(name, name) for name in COLUMNS]


def assignee_column(handles: Iterable[str]) -> str:
    """Return what tells a ticket's assignee without the front matter, for tickets that one of these
    has, whatever the case it is written in; the front matter tells the others."""
    known = ", ".join("'{}'".format(each.replace("'", "''")) for each in handles)
    told = "SELECT json_extract(fields, '$.assignee') FROM told WHERE told.number = ticket.number"
    return (
        "CASE WHEN f_assignee IS NULL THEN NULL "
        f"WHEN f_assignee IN ({known}) THEN f_assignee ELSE ({told}) END"
    )


def live_or_updated(since: int) -> str:
    """Return the condition of tickets that are live, or that something happened to since then."""
    live = "SELECT number FROM ticket WHERE is_live"
    updated = f"SELECT number FROM ticket WHERE updated >= {since:d}"
    return f"number IN ({live} UNION {updated})"


def grouping_column(name: str) -> str:
    """Return what tells a ticket's values of a field: a text, or a list of them as JSON."""
    if name.startswith("fields."):
        return f"json_extract(fields, '$.fields.\"{name.removeprefix('fields.')}\"')"
    if name == "status":
        return "COALESCE(json_extract(fields, '$.status'), 'new')"
    if name not in FIELD:
        raise LookupError(name)
    return f"json_extract(fields, '$.{name}')"
