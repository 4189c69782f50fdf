"""How many tickets there are, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain.texts import visible
from desk.render.machine import json_document, unreadable_objects
from desk.render.rows import Row, rows_text
from desk.render.tables import Cell, screen_table
from desk.services.counting import Counts

FORMATS = ("table", "plain", "json", "jsonl", "csv", "md")


def counts_text(
    counts: Counts, form: str, by: str = "", width: int = 0, has_color: bool = False
) -> str:
    """Return the number alone or, `by` a field, a line a value in one of `FORMATS`. A ticket
    without a value counts for "", null in JSON, on a terminal `none`."""
    rows: list[Row] = [
        {"value": value or (None if form.startswith("json") else ""), "count": number}
        for value, number in counts.values
    ]
    if form == "json":
        return json_document(
            {
                "schema": "desk.counts/1",
                "total": counts.total,
                "by": by or None,
                "counts": rows,
                "unreadable": unreadable_objects(counts.unreadable),
            }
        )
    if not by:
        named = form in ("jsonl", "csv")
        return (
            rows_text(form, ("count",), [{"count": counts.total}])
            if named
            else (f"{counts.total}\n")
        )
    if form == "table":
        return _table(counts.values, by, width, has_color)
    if form == "md":
        rows = [{"value": visible(value) or "none", "count": n} for value, n in counts.values]
    return rows_text(form, ("value", "count"), rows)


def _table(values: Sequence[tuple[str, int]], by: str, width: int, has_color: bool) -> str:
    if not values:
        return ""
    rows = [[Cell(value or "none", "" if value else "dim"), Cell(str(n))] for value, n in values]
    return screen_table((by, "tickets"), rows, width, has_color, wide=(by,), right=("tickets",))
