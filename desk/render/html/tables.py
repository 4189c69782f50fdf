"""Tables of figures on a page: what each cell says, where it leads, by what it is sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.render.reports import figure_text

_UNBROKEN = "\N{NON-BREAKING HYPHEN}"


class BarPart(NamedTuple):
    """A part of a bar: its class, where it starts and how long it is, in hundredths of a row."""

    kind: str
    start: float
    size: float


class Cell(NamedTuple):
    """A cell: its text, its class, where it leads, the value it is sorted by (None: its text), its
    bar."""

    text: str
    kind: str = ""
    href: str = ""
    sort: object = None
    parts: tuple[BarPart, ...] = ()


class Heading(NamedTuple):
    """What stands above a column, and what it leads to and means."""

    text: str
    is_number: bool = False
    href: str = ""
    title: str = ""


class Row(NamedTuple):
    """A row; the last one may be that of all."""

    cells: list[Cell]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, what is said above and below it."""

    caption: str
    headings: list[Heading]
    rows: list[Row]
    hint: str = ""
    is_sortable: bool = True
    lead: str = ""


def metric_heading(name: str, words: str = "") -> Heading:
    """Return the heading of a metric's column, with its definition."""
    metric = METRICS[name]
    text = words or metric.words
    if " " not in text:
        text = text.replace("-", _UNBROKEN)  # 7-30d stays on one line
    return Heading(text, True, f"#m-{name}", metric.definition)


def figure_cell(name: str, figure: Figure, href: str = "") -> Cell:
    """Return a metric's figure."""
    sort = "" if figure is None else figure
    return Cell(figure_text(METRICS[name], figure), "n", href, sort)


def bar_cell(amount: float, most: float) -> Cell:
    """Return a bar as long as an amount is of the greatest one; what is more than nothing is
    seen."""
    size = max(0.8, round(100 * amount / most, 1)) if amount > 0 and most > 0 else 0
    return Cell("", "b", sort=amount, parts=(BarPart("base", 0, 100), BarPart("part", 0, size)))


def share_cell(share: Figure) -> Cell:
    """Return a bar of what was kept, and of what was not."""
    if share is None:
        return Cell("", "b", sort="")
    kept = round(100 * share, 1)
    parts = (BarPart("kept", 0, kept), BarPart("lost", kept, round(100 - kept, 1)))
    return Cell("", "b", sort=share, parts=parts)


def stacked_cell(amounts: Sequence[float], most: float) -> Cell:
    """Return a bar of several parts, `a0` and so on, as long together as they are of the greatest
    sum."""
    parts, start = [BarPart("base", 0, 100)], 0.0
    for number, amount in enumerate(amounts):
        size = round(100 * amount / most, 1) if most else 0
        parts.append(BarPart(f"a{number}", round(start, 1), size))
        start += size
    return Cell("", "b", sort=sum(amounts), parts=tuple(parts))
