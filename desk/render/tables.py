"""Tables for the screen: the one place that lays out with Rich."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from desk.domain.texts import visible
from desk.render.style import display_width

_GAP = 2
_LEAST = 12


class Cell(NamedTuple):
    """A text, strange characters and all, the style it is shown in, and a shorter text for where
    there is little room."""

    text: str
    style: str = ""
    short: str = ""


def screen_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    width: int,
    has_color: bool,
    wide: Collection[str] = (),
    right: Collection[str] = (),
    yielding: Sequence[str] = (),
    least: int = _LEAST,
) -> str:
    """Return a table that fits `width` columns: those headed by one of `wide` take what the others
    leave, cut off with an ellipsis; those of `right` are aligned there.

    Where less than `least` would be left, the columns headed by `yielding` give way in that order:
    to their shorter texts where they have some, the next time they are named altogether.
    """
    from rich.table import Table
    from rich.text import Text

    columns = _Columns(headings, rows, wide)
    for heading in yielding:
        if columns.least_width(least) <= width:
            break
        columns.give_way(heading)
    headings, shown, widest = columns.headings, columns.rows, columns.widths()
    gaps = _GAP * (len(headings) - 1)
    narrow = gaps + sum(
        size for size, heading in zip(widest, headings, strict=True) if heading not in wide
    )
    rooms = _shared(
        {place: widest[place] for place, heading in enumerate(headings) if heading in wide},
        width - narrow,
    )
    grid = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for place, (size, heading) in enumerate(zip(widest, headings, strict=True)):
        grid.add_column(
            heading,
            no_wrap=True,
            overflow="ellipsis",
            justify="right" if heading in right else "left",
            width=rooms.get(place, size),
        )
    for row in shown:
        grid.add_row(*(Text(cell.text, style=cell.style) for cell in row))
    return printed(grid, max(width, narrow + sum(rooms.values())), has_color)


def _shared(sizes: Mapping[int, int], room: int) -> dict[int, int]:
    """Return the widths of columns of these sizes that share a room: the small ones whole, the
    others alike, none less than it takes to be of use."""
    widths = {}
    for count, (place, size) in enumerate(sorted(sizes.items(), key=lambda each: each[1])):
        widths[place] = min(size, max(_LEAST, room // (len(sizes) - count)))
        room -= widths[place]
    return widths


class _Columns:
    """The columns of a table while it is made to fit."""

    def __init__(
        self, headings: Sequence[str], rows: Sequence[Sequence[Cell]], wide: Collection[str]
    ) -> None:
        self.headings = list(headings)
        self.rows = [
            [cell._replace(text=visible(cell.text), short=visible(cell.short)) for cell in row]
            for row in rows
        ]
        self._wide = wide

    def widths(self) -> list[int]:
        """Return how wide each column is, nothing cut off."""
        return [
            max([display_width(heading), *(display_width(row[place].text) for row in self.rows)])
            for place, heading in enumerate(self.headings)
        ]

    def least_width(self, least: int) -> int:
        """Return how wide the table is with every wide column at its least."""
        sizes = zip(self.headings, self.widths(), strict=True)
        narrowed = (min(size, least) if name in self._wide else size for name, size in sizes)
        return sum(narrowed) + _GAP * (len(self.headings) - 1)

    def give_way(self, heading: str) -> None:
        """Show a column's shorter texts or, where it has none (any more), leave it out."""
        if heading not in self.headings:
            return
        place = self.headings.index(heading)
        if any(row[place].short for row in self.rows):
            for row in self.rows:
                row[place] = row[place]._replace(text=row[place].short, short="")
        else:
            del self.headings[place]
            for row in self.rows:
                del row[place]


def printed(renderable: object, width: int, has_color: bool) -> str:
    """Return what Rich makes of something, in lines of at most `width` columns."""
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
