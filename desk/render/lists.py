"""Lists of tickets for people: a table on a terminal, tab-separated lines elsewhere, Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.domain.texts import visible
from desk.render.columns import Column, cells
from desk.render.rows import markdown_rows
from desk.render.sla import due_style
from desk.render.style import STATUS_STYLES
from desk.render.tables import Cell, screen_table
from desk.services.reading import Found


def plain_list(found: Sequence[Found], columns: Sequence[Column]) -> str:
    """Return a line a ticket, cells between tabs, nothing cut off, times in ISO."""
    return "".join(
        "\t".join(visible(column.plain(each)) for column in columns) + "\n" for each in found
    )


def markdown_list(found: Sequence[Found], columns: Sequence[Column], now: datetime) -> str:
    """Return a Markdown table."""
    headings = [column.heading for column in columns]
    return markdown_rows(headings, (cells(each, columns, now) for each in found))


def table(
    found: Sequence[Found],
    columns: Sequence[Column],
    now: datetime,
    width: int,
    has_color: bool,
) -> str:
    """Return a table that fits the terminal; the title takes what the other columns leave."""
    rows = [
        [Cell(column.shown(each, now), _style(each, column)) for column in columns]
        for each in found
    ]
    wide = {column.heading for column in columns if column.name in ("title", "path")}
    return screen_table([column.heading for column in columns], rows, width, has_color, wide)


def _style(found: Found, column: Column) -> str:
    if column.name == "status":
        return STATUS_STYLES.get(found.ticket.status, "")
    if column.name == "due":
        return due_style(found)
    return {"id": "cyan", "updated": "dim", "created": "dim"}.get(column.name, "")
