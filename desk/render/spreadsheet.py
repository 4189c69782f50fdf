"""Tickets in rows and columns for programs: CSV, tab-separated lines, IDs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from desk.domain.fields import FIELDS
from desk.domain.patterns import pattern
from desk.domain.sla import CLOCKS
from desk.domain.texts import STRANGE_CLASS, visible
from desk.render.machine import COUNTS, DERIVED, Json

_SLA_COLUMNS = ("policy", *(f"{clock}.{part}" for clock in CLOCKS for part in ("state", "due")))

ALL_COLUMNS = (
    *(field.name for field in FIELDS if field.name != "fields"),
    *DERIVED,
    *COUNTS,
    *(f"sla.{column}" for column in _SLA_COLUMNS),
)
"""The columns where nobody names others; custom fields follow, a column each."""

_STRANGE = pattern(f"(?![\n\r\t])[{STRANGE_CLASS}]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def columns_of(items: Iterable[Mapping[str, Json]]) -> tuple[str, ...]:
    """Return every column that these tickets fill: all fields, then the custom ones by name."""
    names = {
        name for item in items if isinstance(fields := item["fields"], Mapping) for name in fields
    }
    return (*ALL_COLUMNS, *(f"fields.{name}" for name in sorted(names)))


def cell_of(item: Mapping[str, Json], column: str) -> Json:
    """Return what an object has in a column: a key, ``fields.<name>``, or a path of keys like
    ``sla.resolution.due``; None where it has nothing."""
    if column in item:
        return item[column]
    found: Json = item
    head, _, rest = column.partition(".")
    for key in (head, rest) if head == "fields" else column.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def cell_text(value: Json) -> str:
    """Return a value as one text: lists joined by `; `, mappings as `name=value; name=value`,
    nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={cell_text(each)}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(cell_text, value))
    return str(value)


def csv_lines(columns: Sequence[str], items: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    """Write CSV: the columns' names, then a row an object. Rows end at LF.

    A text that a spreadsheet would run as a formula gets a leading `'`; control characters other
    than tabs and line ends are escaped, the rest is as it is stored.
    """
    import csv

    rows = _Rows()
    writer = csv.writer(rows, lineterminator="\r\n")
    writer.writerow([_csv_cell(column) for column in columns])
    for item in items:
        writer.writerow([_csv_cell(cell_of(item, column)) for column in columns])
        yield rows.taken()
    yield rows.taken()


class _Rows:
    """Where the CSV writer writes, row by row.

    It is told that rows end at CR LF, or it would leave a CR within a cell without quotes.
    """

    def __init__(self) -> None:
        self._text = ""

    def write(self, row: str) -> None:
        self._text += row.removesuffix("\r\n") + "\n"

    def taken(self) -> str:
        text, self._text = self._text, ""
        return text


def _csv_cell(value: Json) -> str:
    text = cell_text(value)
    if isinstance(value, int):
        return text
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return _STRANGE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def plain_lines(columns: Sequence[str], items: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    """Write a line an object, cells between tabs, nothing cut off, without a heading; tabs, line
    ends and other strange characters are escaped."""
    for item in items:
        yield "\t".join(visible(cell_text(cell_of(item, column))) for column in columns) + "\n"


def id_lines(items: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    """Write the IDs, one a line."""
    for item in items:
        yield f"{visible(cell_text(item['id']))}\n"
