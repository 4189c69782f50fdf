"""Lists of tickets for people: a table on a terminal, tab-separated lines elsewhere, Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from desk.domain.texts import visible
from desk.render.columns import COLUMNS, Column
from desk.render.rows import markdown_rows
from desk.render.sla import due_style, due_words
from desk.render.style import STATUS_STYLES
from desk.render.tables import Cell, screen_table
from desk.services.reading import Found


def plain_list(found: Sequence[Found], columns: Sequence[Column]) -> str:
    """Return a line a ticket, cells between tabs, nothing cut off, times in ISO."""
    return "".join(
        "\t".join(visible(column.plain(each)) for column in columns) + "\n" for each in found
    )


def markdown_list(found: Sequence[Found], columns: Sequence[Column]) -> str:
    """Return a Markdown table, times in ISO: it will be read on another day."""
    is_over = _is_over(found)
    shown = [
        COLUMNS["resolved_at"]._replace(heading="ended")
        if is_over and column.name == "due"
        else column._replace(heading="created")
        if column.name == "created"
        else column
        for column in columns
    ]
    rows = ([column.plain(each) for column in shown] for each in found)
    return markdown_rows([column.heading for column in shown], rows)


def _is_over(found: Sequence[Found]) -> bool:
    """Tell whether what is listed is done, so that of it not a due is shown but the end."""
    return bool(found) and not any(each.ticket.is_live for each in found)


_YIELDING = ("updated", "due", "assignee", "status", "due", "priority")
"""Which of the usual columns give way, in this order, before a title becomes shorter than
`_LEAST_TITLE`: `due` first loses the name of its clock."""

_LEAST_TITLE = 20


def table(
    found: Sequence[Found],
    columns: Sequence[Column],
    now: datetime,
    width: int,
    has_color: bool,
    yields: bool = False,
    marks: Mapping[str, str] | None = None,
) -> str:
    """Return a table; the title takes what the other columns leave. With `yields`, columns give way
    until it fits the terminal. `marks` are signs of one column each, by ID: a column before the
    others."""
    rows = [[_cell(each, column, now) for column in columns] for each in found]
    wide = {column.heading for column in columns if column.name in ("title", "path")}
    is_over = _is_over(found)
    headings = [
        "ended" if column.name == "due" and is_over else column.heading for column in columns
    ]
    by_name = {column.name: heading for column, heading in zip(columns, headings, strict=True)}
    if marks is not None:
        headings = [" ", *headings]
        rows = [
            [Cell(marks.get(each.ticket.id, " "), "bold"), *row]
            for each, row in zip(found, rows, strict=True)
        ]
    yielding = [by_name[name] for name in _YIELDING if name in by_name] if yields else []
    return screen_table(
        headings, rows, width, has_color, wide, yielding=yielding, least=_LEAST_TITLE
    )


def _cell(found: Found, column: Column, now: datetime) -> Cell:
    short = due_words(found, has_name=False) if column.name == "due" else ""
    return Cell(column.shown(found, now), _style(found, column), short)


def _style(found: Found, column: Column) -> str:
    if column.name == "status":
        return STATUS_STYLES.get(found.ticket.status, "")
    if column.name == "due":
        return due_style(found)
    return {"id": "cyan", "updated": "dim", "created": "dim"}.get(column.name, "")
