"""Markdown for the screen: the pages of `desk help`, and articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, TableElement
from rich.table import Table

from desk.domain.texts import visible, visible_lines
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

    def __init__(self, text: str) -> None:
        super().__init__(text, hyperlinks=False)
        _make_visible(self.parsed)


def _make_visible(tokens: Iterable[Token]) -> None:
    """Escape strange characters, which `&#27;` makes out of plain ones."""
    for token in tokens:
        token.content = visible_lines(token.content)
        token.attrs = {
            key: visible(value) if isinstance(value, str) else value
            for key, value in token.attrs.items()
        }
        _make_visible(token.children or ())


def markdown_screen(text: str, width: int, has_color: bool) -> str:
    """Return a page of Markdown laid out for a terminal of so many columns; where links lead can be
    read."""
    return printed(_Page(text), width, has_color).strip("\n") + "\n"
