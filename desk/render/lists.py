"""Lists of tickets for people: a table on a terminal, tab-separated lines elsewhere, Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desk.domain.texts import visible
from desk.render.columns import Column, cells
from desk.render.style import STATUS_STYLES, display_width
from desk.services.reading import Found

if TYPE_CHECKING:
    from rich.text import Text


def plain_list(found: Sequence[Found], columns: Sequence[Column]) -> str:
    """Return a line a ticket, cells between tabs, nothing cut off, times in ISO."""
    return "".join(
        "\t".join(visible(column.plain(each)) for column in columns) + "\n" for each in found
    )


def markdown_list(found: Sequence[Found], columns: Sequence[Column], now: datetime) -> str:
    """Return a Markdown table."""
    lines = [
        "| " + " | ".join(column.heading for column in columns) + " |",
        "|" + "---|" * len(columns),
    ]
    for each in found:
        row = [_markdown(cell) for cell in cells(each, columns, now)]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def _markdown(cell: str) -> str:
    for mark in ("\\", "|", "<", "`", "[", "*", "_"):
        cell = cell.replace(mark, f"\\{mark}")
    return cell


def table(
    found: Sequence[Found],
    columns: Sequence[Column],
    now: datetime,
    width: int,
    has_color: bool,
) -> str:
    """Return a table that fits the terminal; the title takes what the other columns leave."""
    from rich.table import Table

    rows = [cells(each, columns, now) for each in found]
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    taken = 0
    for place, column in enumerate(columns):
        widest = max(
            display_width(cell) for cell in (column.heading, *(row[place] for row in rows))
        )
        if column.name not in _WIDE:
            taken += widest + 2
        fixed = widest if column.name not in _WIDE else max(12, min(widest, width - taken))
        grid.add_column(column.heading, no_wrap=True, overflow="ellipsis", width=fixed)
    for each, row in zip(found, rows, strict=True):
        grid.add_row(*_styled_row(each, columns, row))
    return printed(grid, max(width, taken + 12), has_color)


_WIDE = ("title", "path")
"""Columns that take what the others leave."""


def _styled_row(each: Found, columns: Sequence[Column], row: Sequence[str]) -> list[Text]:
    from rich.text import Text

    styles = {
        "status": STATUS_STYLES.get(each.ticket.status, ""),
        "id": "cyan",
        "updated": "dim",
        "created": "dim",
    }
    return [
        Text(cell, style=styles.get(column.name, ""))
        for column, cell in zip(columns, row, strict=True)
    ]


def printed(renderable: object, width: int, has_color: bool) -> str:
    """Return what Rich makes of something, as text."""
    import io

    from rich.console import Console

    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=has_color,
        no_color=not has_color,
        color_system="standard" if has_color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    console.print(renderable)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
