"""The index: one row of facts a ticket, in SQLite, derived from the files and safe to delete.

See `desk.storage.index_file` for the file itself, and docs/adr/0008-index.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from desk.errors import Diagnostic
from desk.storage.full_text import add_texts, ranking
from desk.storage.index_file import IndexFile
from desk.storage.index_tables import COLUMNS, ENTRY, ENTRY_COLUMNS, LOOKUPS, TEXTS, TEXTS_SCHEMA
from desk.storage.query_sql import Condition

_STALE_TEXTS = 1_000


class Row(NamedTuple):
    """What the index has of a ticket: the values of `index_tables.COLUMNS`, in order, and the front
    matter as JSON."""

    values: Sequence[object]
    fields: str


class Index(IndexFile):
    """An open index: the tickets in it."""

    def paths_in(self, folder: str) -> set[str]:
        """Return the files of a folder that have a row or a problem."""
        low, high = f"{folder}/", f"{folder}0"
        found = self._database.execute(
            "SELECT path FROM ticket WHERE path > ? AND path < ? "
            "UNION SELECT path FROM problem WHERE path > ? AND path < ?",
            (low, high, low, high),
        )
        return {path for (path,) in found if "/" not in path[len(low) :]}

    def clear(self) -> None:
        """Forget all files; what is then added is looked up slowly until `sort`."""
        for name in LOOKUPS:
            self._database.execute(f"DROP INDEX IF EXISTS {name}")
        for table in ("ticket", "told", ENTRY, "problem"):
            self._database.execute(f"DELETE FROM {table}")

    def sort(self) -> None:
        """Make the lookups that are missing: all at once is quicker than ticket by ticket."""
        for name, what in LOOKUPS.items():
            self._database.execute(f"CREATE INDEX IF NOT EXISTS {name} ON ticket {what}")

    def remove(self, paths: Iterable[str]) -> None:
        """Forget files."""
        many = [(path,) for path in paths]
        for table, key in (("told", "number"), (ENTRY, "ticket")):
            number = "SELECT number FROM ticket WHERE path = ?"
            self._database.executemany(f"DELETE FROM {table} WHERE {key} = ({number})", many)
        self._database.executemany("DELETE FROM ticket WHERE path = ?", many)
        self._database.executemany("DELETE FROM problem WHERE path = ?", many)

    def add(self, rows: Iterable[Row], problems: Iterable[Diagnostic]) -> None:
        """Add tickets, and what was wrong with files that gave none."""
        number = last = self._last_number()
        tickets, told = [], []
        for number, row in enumerate(rows, last + 1):
            tickets.append((number, *row.values))
            told.append((number, row.fields))
        add = self._database.executemany
        add(f"INSERT INTO ticket VALUES (?, {_marks(COLUMNS)})", tickets)
        add("INSERT INTO told VALUES (?, ?)", told)
        add(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?)",
            [(each.path, each.code, each.line, each.column, each.message) for each in problems],
        )
        self.keep("last_number", str(number))

    def _last_number(self) -> int:
        return self.number("last_number")

    def is_filled(self, table: str) -> bool:
        """Tell whether `ENTRY` or `TEXTS` has all tickets."""
        return self.fact(f"{table}_to") == str(self._last_number())

    def begin_to_fill(self, table: str) -> list[tuple[int, str]]:
        """Return the numbers and paths of the tickets that `ENTRY` or `TEXTS` lacks; the index is
        being changed. The texts are begun anew where most are of tickets as they were."""
        run = self._database.execute
        filled_to = self.number(f"{table}_to")
        if table == TEXTS:
            (count,) = run("SELECT count(*) FROM ticket").fetchone()
            if not filled_to or self.number("texts") > 2 * count + _STALE_TEXTS:
                run(f"DROP TABLE IF EXISTS {TEXTS}")
                run(TEXTS_SCHEMA)
                filled_to = 0
                self.keep("texts", "0")
        found = run(
            "SELECT number, path FROM ticket WHERE number > ? ORDER BY number", (filled_to,)
        ).fetchall()
        if table == TEXTS:
            self.keep("texts", str(self.number("texts") + len(found)))
        self.keep(f"{table}_to", str(self._last_number()))
        return found

    def add_texts(self, texts: Iterable[tuple[int, str, str]]) -> None:
        """Add tickets' numbers, titles and whole texts, both `searchable`."""
        add_texts(self._database, TEXTS, texts)

    def add_entries(self, entries: Iterable[Sequence[object]]) -> None:
        """Add entries: the values of `index_tables.ENTRY_COLUMNS`, in order."""
        marks = _marks(ENTRY_COLUMNS)
        self._database.executemany(f"INSERT INTO {ENTRY} VALUES ({marks})", entries)

    def problems(self) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the files that gave no row, by path."""
        found = self._database.execute(
            "SELECT code, path, line, place, message FROM problem ORDER BY path, line, place"
        )
        return tuple(Diagnostic(*row) for row in found)

    def select(self, condition: Condition, order: str, limit: int = -1) -> list[str]:
        """Return the paths of the tickets that fulfil a condition, in an order."""
        sql = f"SELECT path FROM ticket WHERE {condition.sql} ORDER BY {order} LIMIT {limit:d}"
        return [path for (path,) in self._database.execute(sql, condition.parameters)]

    def paths_where(self, sql: str, limit: int) -> list[str]:
        """Return the paths of so many tickets at most, by path, of which a condition without
        parameters holds."""
        found = self._database.execute(f"SELECT path FROM ticket WHERE {sql} LIMIT {limit:d}")
        return sorted(path for (path,) in found)

    def count(self, condition: Condition, match: str = "") -> int:
        """Return how many tickets fulfil a condition and, if given, a MATCH of their texts."""
        sql = f"SELECT count(*) FROM ticket WHERE {condition.sql}"
        parameters = [*condition.parameters]
        if match:
            sql += f" AND number IN (SELECT rowid FROM {TEXTS} WHERE {TEXTS} MATCH ?)"
            parameters.append(match)
        return int(self._database.execute(sql, parameters).fetchone()[0])

    def count_all(self) -> int:
        """Return how many tickets there are."""
        return int(self._database.execute("SELECT count(*) FROM ticket").fetchone()[0])

    def word_counts(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many texts each of these words is that is in any."""
        run = self._database.execute
        run(f"CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, {TEXTS}, row)")
        found = (run("SELECT term, doc FROM word WHERE term = ?", (each,)) for each in words)
        return {word: count for rows in found for word, count in rows}

    def values(self, columns: Sequence[str], condition: Condition) -> Iterator[tuple[Any, ...]]:
        """Yield these columns, and the front matter as JSON, of the tickets that fulfil a
        condition."""
        return self.figures((*columns, "fields"), condition, with_fields=True)

    def first(
        self, columns: Sequence[str], condition: Condition, order: str, limit: int
    ) -> list[tuple[Any, ...]]:
        """Return the same of the first tickets in an order: the others' front matter is not read
        for it."""
        numbers = (
            f"SELECT number FROM ticket WHERE {condition.sql} ORDER BY {order} LIMIT {limit:d}"
        )
        found = self._database.execute(
            f"SELECT {', '.join(columns)}, fields FROM ticket JOIN told USING (number) "
            f"WHERE number IN ({numbers}) ORDER BY {order}",
            condition.parameters,
        )
        return found.fetchall()

    def figures(
        self, columns: Sequence[str], condition: Condition, with_fields: bool
    ) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of the tickets that fulfil a condition; `with_fields`, columns may
        be made of the front matter (`fields`), which takes time."""
        told = " JOIN told USING (number)" if with_fields else ""
        return self._database.execute(
            f"SELECT {', '.join(columns)} FROM ticket{told} WHERE {condition.sql}",
            condition.parameters,
        )

    def search(self, match: str, condition: Condition, limit: int = -1) -> list[str]:
        """Return the paths of the tickets whose texts fulfil a MATCH, and that fulfil a condition,
        the best first."""
        sql = (
            f"SELECT path FROM {TEXTS} JOIN ticket ON number = {TEXTS}.rowid "
            f"WHERE {TEXTS} MATCH ? AND {condition.sql} "
            f"ORDER BY {ranking(TEXTS)}, updated DESC, id LIMIT {limit:d}"
        )
        return [path for (path,) in self._database.execute(sql, (match, *condition.parameters))]

    def connection(self) -> sqlite3.Connection:
        """Return the connection itself, for `desk.storage.sql_reader`; nothing else may use the
        index afterwards."""
        return self._database


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))
