"""What a SELECT of somebody's own found, and the tables that it can ask."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from desk.domain.sql_tables import TABLES
from desk.render.machine import Json, json_document, unreadable_objects
from desk.render.rows import Row, chosen, rows_text
from desk.render.spreadsheet import cell_text
from desk.render.tables import Cell, screen_table

if TYPE_CHECKING:
    from desk.services.curious import SqlAnswer


_INTRODUCTION = """\
`desk sql` answers a SELECT of SQLite over these tables. It only reads. Instants are texts like
2026-11-22T09:34:35Z, spans of time whole seconds, lists and mappings JSON (see SQLite's
`json_each`); what a ticket has not is NULL."""


_SHORT = len("2026-11-22T09:34:35Z")
_LEAST = 12
_GAP = 2


def sql_text(answer: SqlAnswer, form: str, fields: str = "") -> str:
    """Write an answer as `plain`, `csv`, `jsonl`, `md` or `json` (`desk.sql/1`)."""
    names = _distinct(answer.columns)
    rows = [dict(zip(names, map(_value, row), strict=True)) for row in answer.rows]
    columns = chosen(fields, names)
    if form != "json":
        return rows_text(form, columns, rows)
    picked: list[Row] = [{name: row[name] for name in columns} for row in rows]
    unreadable = unreadable_objects(answer.unreadable)
    return json_document({"schema": "desk.sql/1", "rows": picked, "unreadable": unreadable})


def sql_table(answer: SqlAnswer, width: int, has_color: bool) -> str:
    """Write an answer as a table: long texts give way to the others."""
    if not answer.rows:
        return ""
    names = _distinct(answer.columns)
    rows = [[Cell(cell_text(_value(value))) for value in row] for row in answer.rows]
    numbers = [
        name
        for place, name in enumerate(names)
        if all(isinstance(row[place], int | float | None) for row in answer.rows)
    ]
    sizes = {
        name: max(len(name), *(len(row[place].text) for row in rows))
        for place, name in enumerate(names)
    }
    texts = [name for name in names if name not in numbers]
    # IDs and instants are of no use cut: they stay whole where there is room for all of them.
    longer = [name for name in texts if sizes[name] > _SHORT]
    least = sum(_LEAST if name in longer else size for name, size in sizes.items())
    if least + _GAP * (len(names) - 1) <= width:
        texts = longer
    return screen_table(names, rows, width, has_color, wide=texts, right=numbers)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names of columns, each once: SQL lets two have the same."""
    found: list[str] = []
    for name in names:
        candidate, number = name, 2
        while candidate in found:
            candidate, number = f"{name}_{number}", number + 1
        found.append(candidate)
    return found


def _value(value: object) -> Json:
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON has no such numbers
    if value is None or isinstance(value, int | float | str):
        return value
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)


def sql_page() -> str:
    """Return the page about the tables, in Markdown."""
    parts = [_INTRODUCTION]
    for name, table in TABLES.items():
        rows = "\n".join(f"| `{column}` | {meaning} |" for column, meaning in table.columns.items())
        heading = f"## {name}\n\n{table.meaning[:1].upper()}{table.meaning[1:]}."
        parts.append(f"{heading}\n\n| column | what it says |\n|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"
