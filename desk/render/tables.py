"""Tables for the screen: the one place that lays out with Rich."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from typing import NamedTuple

from desk.domain.texts import visible
from desk.render.style import display_width

_GAP = 2
_LEAST = 12


class Cell(NamedTuple):
    """A text, strange characters and all, and the style it is shown in."""

    text: str
    style: str = ""


def screen_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    width: int,
    has_color: bool,
    wide: Collection[str] = (),
    right: Collection[str] = (),
) -> str:
    """Return a table that fits `width` columns: those headed by one of `wide` take what the others
    leave, cut off with an ellipsis; those of `right` are aligned there."""
    from rich.table import Table
    from rich.text import Text

    shown = [[cell._replace(text=visible(cell.text)) for cell in row] for row in rows]
    widest = [
        max([display_width(heading), *(display_width(row[place].text) for row in shown)])
        for place, heading in enumerate(headings)
    ]
    narrow = sum(
        size + _GAP for size, heading in zip(widest, headings, strict=True) if heading not in wide
    )
    room = max(_LEAST, width - narrow)
    grid = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for size, heading in zip(widest, headings, strict=True):
        grid.add_column(
            heading,
            no_wrap=True,
            overflow="ellipsis",
            justify="right" if heading in right else "left",
            width=min(size, room) if heading in wide else size,
        )
    for row in shown:
        grid.add_row(*(Text(cell.text, style=cell.style) for cell in row))
    return _printed(grid, max(width, narrow + _LEAST), has_color)


def _printed(renderable: object, width: int, has_color: bool) -> str:
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
