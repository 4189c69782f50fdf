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

from desk.domain.ids import names
from desk.domain.sla import CLOCKS
from desk.errors import Diagnostic
from desk.storage.query_sql import SEPARATOR, is_like

SCHEMA_VERSION = 1
_BUSY_SECONDS = 5.0

TEXT_COLUMNS = (
    *("f_id", "f_title", "f_type", "f_status", "f_resolution", "f_priority", "f_impact"),
    *("f_urgency", "f_requester", "f_company", "f_phone", "f_assignee", "f_team", "f_level"),
    *("f_category", "f_tags", "f_channel", "f_links", "f_kb", "f_watchers", "f_external_id"),
    *("f_former_ids", "f_fields", "v_requester", "v_category", "t_title", "custom"),
)
NUMBER_COLUMNS = (
    *("created", "updated", "resolved", "closed", "due", "until", "replies", "reopens"),
    *("escalations", "handovers", "worked_minutes", "rating", "is_live"),
)
CLOCK_COLUMNS = tuple(f"{part}_{clock}" for clock in CLOCKS for part in ("s", "due", "risk"))
COLUMNS = ("path", "id", "tail", *TEXT_COLUMNS, *NUMBER_COLUMNS, *CLOCK_COLUMNS)

_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE ticket ({", ".join(COLUMNS)}, PRIMARY KEY (path)) WITHOUT ROWID;
CREATE INDEX live ON ticket (is_live) WHERE is_live;
CREATE INDEX by_id ON ticket (id);
CREATE TABLE problem (path TEXT, code TEXT, line INTEGER, place INTEGER, message TEXT);
CREATE INDEX problem_path ON problem (path);
CREATE TABLE folder (path TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE watched (path TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
"""
"""`folder` has a stamp of every folder that was listed; `watched` one of every file that Git does
not watch for us: those that differ from HEAD, and those that it was told not to look at."""


class IndexUnusable(Exception):
    """The index cannot be used now: the files must be read instead."""


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
        for name, count, function in (
            ("desk_custom", 2, _custom),
            ("desk_like", 2, is_like),
            ("desk_names", 2, _is_named),
        ):
            self._database.create_function(name, count, function, deterministic=True)
        if run("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            self._make()
        if self.fact("made_from") != made_from:
            self._empty(made_from)

    def _make(self) -> None:
        run = self._database.execute
        run("BEGIN IMMEDIATE")
        with self._kept():
            for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if not name.startswith("sqlite_"):
                    quoted = name.replace('"', '""')
                    run(f'DROP TABLE IF EXISTS "{quoted}"')
            for statement in _SCHEMA.split(";"):
                run(statement)
            run(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _empty(self, made_from: str) -> None:
        run = self._database.execute
        run("BEGIN IMMEDIATE")
        with self._kept():
            for table in ("meta", "ticket", "problem", "folder", "watched"):
                run(f"DELETE FROM {table}")
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
        self._database.execute("DELETE FROM ticket")
        self._database.execute("DELETE FROM problem")

    def remove(self, paths: Iterable[str]) -> None:
        """Forget files."""
        many = [(path,) for path in paths]
        self._database.executemany("DELETE FROM ticket WHERE path = ?", many)
        self._database.executemany("DELETE FROM problem WHERE path = ?", many)

    def add(self, rows: Iterable[Sequence[object]], problems: Iterable[Diagnostic]) -> None:
        """Add rows (`COLUMNS`, in order), and what was wrong with files that gave none."""
        marks = ", ".join("?" * len(COLUMNS))
        self._database.executemany(f"INSERT OR REPLACE INTO ticket VALUES ({marks})", rows)
        self._database.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?)",
            [(each.path, each.code, each.line, each.column, each.message) for each in problems],
        )

    def problems(self) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the files that gave no row, by path."""
        found = self._database.execute(
            "SELECT code, path, line, place, message FROM problem ORDER BY path, line, place"
        )
        return tuple(Diagnostic(*row) for row in found)

    def select(
        self, condition: str, parameters: Sequence[object], order: str, limit: int = -1
    ) -> list[str]:
        """Return the paths of the tickets that fulfil a condition, in an order."""
        sql = f"SELECT path FROM ticket WHERE {condition} ORDER BY {order} LIMIT {limit:d}"
        return [path for (path,) in self._database.execute(sql, parameters)]

    def count(self, condition: str, parameters: Sequence[object]) -> int:
        """Return how many tickets fulfil a condition."""
        sql = f"SELECT count(*) FROM ticket WHERE {condition}"
        return int(self._database.execute(sql, parameters).fetchone()[0])


def _custom(custom: str | None, field: str) -> str | None:
    """Return the value of ``fields.<name>`` from a row's custom fields; SQL's `desk_custom`."""
    from desk.domain.words import name_key

    if custom is None:
        return None
    told = json.loads(custom)
    name = field.removeprefix("fields.")
    if name in told:
        return str(told[name])
    key = name_key(name)
    return next((str(value) for known, value in told.items() if name_key(known) == key), None)


def _is_named(given: str, former_ids: str | None) -> bool:
    """Tell whether one of a ticket's former IDs is named; SQL's `desk_names`."""
    if former_ids is None:
        return False
    return any(names(given, each.upper()) for each in former_ids[1:-1].split(SEPARATOR))
