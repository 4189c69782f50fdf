"""Markdown for the screen: the pages of `desk help`."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, TableElement
from rich.table import Table

from desk.render.tables import printed


class _Table(TableElement):
    """A table in which long words go on in the next line; none is cut off."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                for column in part.columns:
                    column.overflow = "fold"
            yield part


class _Page(Markdown):
    elements: ClassVar = {**Markdown.elements, "table_open": _Table}


def markdown_screen(text: str, width: int, has_color: bool) -> str:
    """Return a page of Markdown laid out for a terminal of so many columns."""
    return printed(_Page(text), width, has_color).strip("\n") + "\n"
