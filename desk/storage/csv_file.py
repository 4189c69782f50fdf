"""CSV files of others: UTF-8, cells between commas, the columns' names on the first line.

Nothing is guessed. A row that cannot be read is told with its line, and hides no other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from desk.domain.imported import Row, Trouble
from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TEXT_BYTES
from desk.errors import NotFound, OutsideError, Refused

_NOT_TEXT = pattern("[\0\ud800-\udfff]")
"""NUL, and what `surrogateescape` makes of bytes that are not UTF-8."""

_MOST_SHARED = 20_000


class UnreadableTable(Refused):
    """No columns come out of the file."""

    def __init__(self, path: Path, reason: str, hint: str) -> None:
        super().__init__(f"{path}:1: {reason}", hint)


class Table:
    """An open CSV file: its header, and then its rows, once."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        lines = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        self._reader = csv.reader(lines, strict=True)
        self._path = path
        self.header = self._read_header()

    def _read_header(self) -> tuple[str, ...]:
        try:
            header = tuple(next(self._reader, ()))
        except csv.Error as error:
            hint = "save it as CSV with commas"
            raise UnreadableTable(self._path, f"not CSV: {error}", hint) from None
        if _NOT_TEXT.search("".join(header)):
            raise UnreadableTable(self._path, "not UTF-8", "save it as `CSV UTF-8`")
        if not any(name.strip() for name in header):
            hint = "the first line names the columns"
            raise UnreadableTable(self._path, "no names of columns", hint)
        return header

    def rows(self, columns: Sequence[int]) -> Iterator[Row | Trouble]:
        """Yield each row's cells of these columns with the line on which it begins, or why it
        cannot be read. Empty lines are passed over."""
        chosen = itemgetter(*columns, columns[0])
        shared: dict[str, str] = {}
        width = len(self.header)
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield Trouble(line, _reason(str(error)))
                continue
            if cells is None:
                return
            if len(cells) == width:
                if _NOT_TEXT.search("".join(cells)):
                    yield Trouble(line, "not UTF-8, or a NUL character")
                else:
                    # The same few texts fill most files: one copy of each is enough.
                    kept = chosen(cells)[:-1]
                    yield Row(line, tuple([shared.setdefault(cell, cell) for cell in kept]))
                    if len(shared) > _MOST_SHARED:
                        shared.clear()
            elif cells:
                yield Trouble(line, f"{len(cells)} cells where the header has {width}")


def _reason(said: str) -> str:
    if said == "unexpected end of data":
        return "a quote begins here that is never closed"
    if said.startswith("field larger than"):
        return f"a cell is longer than {MAX_TEXT_BYTES:,} characters, or a quote is never closed"
    return f"not CSV: {said}"


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV file; NotFound, OutsideError or UnreadableTable where there is none to read."""
    before = csv.field_size_limit(MAX_TEXT_BYTES)
    try:
        with path.open("rb") as stream:
            yield Table(stream, path)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "check the path") from None
    except OSError as error:
        raise OutsideError(f"cannot read {path}: {error.strerror}", "check its rights") from error
    finally:
        csv.field_size_limit(before)
