"""Rows that are no tickets (entries, commits, loads, clocks): for programs, and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from desk.domain.patterns import pattern
from desk.domain.texts import visible
from desk.errors import UsageError, did_you_mean
from desk.render.machine import Json, json_line
from desk.render.spreadsheet import cell_text, csv_lines, plain_lines

Row = Mapping[str, Json]


def chosen(given: str, known: Sequence[str], default: Sequence[str] = ()) -> Sequence[str]:
    """Return the columns that --fields names; for "" the default ones, or all. UsageError for one
    that these rows do not have."""
    if not given:
        return default or known
    names = [word.strip().replace("-", "_") for word in given.split(",")]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
            raise UsageError(f"there is no field `{visible(name)}` to show", hint)
    return names


def rows_text(form: str, columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Write rows as `plain`, `csv`, `jsonl` or `md`."""
    if form == "csv":
        return "".join(csv_lines(columns, rows))
    if form == "jsonl":
        return "".join(json_line(picked(row, columns)) for row in rows)
    if form == "md":
        return markdown_rows(columns, ([cell_text(row[name]) for name in columns] for row in rows))
    return "".join(plain_lines(columns, rows))


def picked(row: Row, columns: Sequence[str]) -> Row:
    """Return the row with these columns alone, in this order."""
    return {name: row[name] for name in columns}


def markdown_rows(headings: Sequence[str], rows: Iterable[Sequence[str]], figures: int = 0) -> str:
    """Return a Markdown table of any texts; the last so many columns are of figures."""
    marks = "---|" * (len(headings) - figures) + "--:|" * figures
    lines = [f"| {' | '.join(headings)} |\n", f"|{marks}\n"]
    for row in rows:
        lines.append(f"| {' | '.join(markdown_words(visible(cell)) for cell in row)} |\n")
    return "".join(lines)


_MARKS = pattern(r"[\\|<&`\[*_~$]")
_CALL = pattern(r"(?<![\w@])@+(?=\w)")
_NO_CALL = "&#8203;"


def markdown_words(cell: str) -> str:
    """Return words that mean nothing to Markdown, and call nobody: on a forge `@ana` would."""
    marked = _MARKS.sub(r"\\\g<0>", cell)
    return _CALL.sub(rf"\g<0>{_NO_CALL}", marked)
