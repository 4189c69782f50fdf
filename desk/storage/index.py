"""The index: one row of facts a ticket, in SQLite, derived from the files and safe to delete.

It lies in the git directory, is never committed, and never writes a ticket. Its first table says
what it was made from: another version of the program, another config.yaml or another time zone
database empties it. See docs/adr/0008-index.md.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from desk.errors import Diagnostic
from desk.storage.full_text import add_texts, ranking
from desk.storage.index_functions import FUNCTIONS
from desk.storage.index_tables import (
    COLUMNS,
    ENTRY,
    ENTRY_COLUMNS,
    SCHEMA,
    TEXTS,
    TEXTS_SCHEMA,
    VERSION,
)
from desk.storage.query_sql import Condition

_BUSY_SECONDS = 5.0
_STALE_TEXTS = 1_000


class Row(NamedTuple):
    """What the index has of a ticket: the values of `index_tables.COLUMNS`, in order, and the front
    matter as JSON."""

    values: Sequence[object]
    fields: str


class IndexUnusable(Exception):
    """The index cannot be used now: the files must be read instead. `is_held`: because others hold
    it."""

    def __init__(self, reason: str, is_held: bool = False) -> None:
        super().__init__(reason)
        self.is_held = is_held or "locked" in reason


FAILURES = (IndexUnusable, sqlite3.Error, UnicodeEncodeError)
"""What may come of any use of an index: others hold it, it is damaged, or a name (of a file, in a
query) is no Unicode text, which SQLite cannot hold. The files answer then."""


def is_damage(error: BaseException) -> bool:
    """Tell whether an error says that the file is no whole index."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError
    )


class Index:
    """An open index. Use it as a context: what was written is kept if nothing went wrong."""

    def __init__(self, path: Path, made_from: str) -> None:
        """Open the index, made anew where it is missing, corrupt, foreign or made from something
        else than `made_from`. IndexUnusable where that cannot be."""
        self._path = path
        try:
            self._open(made_from)
        except sqlite3.OperationalError as error:
            raise IndexUnusable(str(error)) from None
        except sqlite3.DatabaseError:
            self._replace(made_from)

    def _replace(self, made_from: str) -> None:
        try:
            self._database.close()
            self._path.unlink(missing_ok=True)
            self._open(made_from)
        except (sqlite3.Error, OSError) as error:
            raise IndexUnusable(str(error)) from None

    def _open(self, made_from: str) -> None:
        self._database = sqlite3.connect(self._path, _BUSY_SECONDS, isolation_level=None)
        run = self._database.execute
        run("PRAGMA synchronous = OFF")
        for name, count, function in FUNCTIONS:
            self._database.create_function(name, count, function, deterministic=True)
        is_ours = run("PRAGMA user_version").fetchone()[0] == VERSION
        if not is_ours or self.fact("made_from") != made_from:
            self._make(made_from)

    def _make(self, made_from: str) -> None:
        run = self._database.execute
        run("BEGIN IMMEDIATE")
        with self._kept():
            for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if not name.startswith("sqlite_"):
                    quoted = name.replace('"', '""')
                    run(f'DROP TABLE IF EXISTS "{quoted}"')
            for statement in SCHEMA:
                run(statement)
            run(f"PRAGMA user_version = {VERSION}")
            self.keep("made_from", made_from)

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Change rows: all of it is kept, or none. IndexUnusable where others hold the index."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            with self._kept():
                yield
        except sqlite3.Error as error:
            raise IndexUnusable(str(error)) from None

    def close(self, is_damaged: bool = False) -> None:
        """Let go of the file; where it `is_damaged`, remove it, and the next one is made anew."""
        self._database.close()
        if is_damaged:
            self._path.unlink(missing_ok=True)

    def fact(self, key: str) -> str:
        """Return a fact about the index itself, "" where it has none."""
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, key: str, value: str) -> None:
        """Keep a fact about the index itself."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def number(self, key: str) -> int:
        """Return a fact that is a number, 0 where there is none; the error of a damaged index
        where it is no number."""
        try:
            return int(self.fact(key) or 0)
        except ValueError as error:
            raise sqlite3.DatabaseError(f"{key}: {error}") from None

    def keep_paths(self, key: str, paths: Iterable[str]) -> None:
        """Keep a fact that is a set of paths."""
        self.keep(key, json.dumps(sorted(paths)))

    def paths(self, key: str) -> frozenset[str]:
        """Return what `keep_paths` kept; the error of a damaged index where it is no such thing."""
        try:
            return frozenset(map(str, json.loads(self.fact(key) or "[]")))
        except (ValueError, TypeError, RecursionError) as error:
            raise sqlite3.DatabaseError(f"{key}: {error}") from None

    def stamps(self, table: str) -> dict[str, str]:
        """Return the stamps of `folder` or `watched`, by path."""
        return dict(self._database.execute(f"SELECT path, stamp FROM {table}"))

    def set_stamps(self, table: str, stamps: Mapping[str, str]) -> None:
        """Replace all stamps of `folder` or `watched`."""
        run = self._database
        run.execute(f"DELETE FROM {table}")
        run.executemany(f"INSERT INTO {table} VALUES (?, ?)", stamps.items())

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
        """Forget all files."""
        for table in ("ticket", "told", ENTRY, "problem"):
            self._database.execute(f"DELETE FROM {table}")

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

    def values(
        self, columns: Sequence[str], condition: Condition, order: str = "", limit: int = -1
    ) -> Iterator[tuple[Any, ...]]:
        """Yield these columns, and the front matter as JSON, of the tickets that fulfil a
        condition."""
        order = f"ORDER BY {order}" if order else ""
        yield from self._database.execute(
            f"SELECT {', '.join(columns)}, fields FROM ticket JOIN told USING (number) "
            f"WHERE {condition.sql} {order} LIMIT {limit:d}",
            condition.parameters,
        )

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
