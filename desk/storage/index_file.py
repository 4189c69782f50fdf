"""The file of the index: made, replaced, changed all or not at all, and what it says of itself.

It lies in the git directory, is never committed, and never writes a ticket. Its first table says
what it was made from: another version of the program, another config.yaml or another time zone
database empties it. See docs/adr/0008-index.md.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from desk.storage.index_functions import FUNCTIONS
from desk.storage.index_tables import SCHEMA, VERSION

# Of each None in a row sqlite3 asks in vain how it is to be adapted, which takes a third of the
# time that it takes to add the row; this answers at once.
sqlite3.register_adapter(type(None), lambda nothing: nothing)

_BUSY_SECONDS = 5.0
_IN_MEMORY = Path(":memory:")


class IndexUnusable(Exception):
    """The index cannot be used now: the files must be read instead. `is_held`: because others hold
    it."""

    def __init__(self, reason: str, is_held: bool = False) -> None:
        super().__init__(reason)
        self.is_held = is_held or "locked" in reason


class IndexDamaged(sqlite3.DatabaseError):
    """The index says what it cannot say."""


FAILURES = (IndexUnusable, sqlite3.Error, UnicodeError)
"""What may come of any use of an index: others hold it, it is damaged, or a name (of a file, in a
query) is no Unicode text, which SQLite cannot hold. The files answer then."""


def is_damage(error: BaseException) -> bool:
    """Tell whether an error says that the file is no whole index."""
    if isinstance(error, sqlite3.OperationalError):
        return "decode" in str(error)  # bytes that are no text
    return isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError))


class IndexFile:
    """An open index, as a file with facts about itself."""

    def __init__(self, path: Path, made_from: str) -> None:
        """Open the index, made anew where it is missing, corrupt, foreign or made from something
        else than `made_from`. IndexUnusable where that cannot be."""
        self._path, self._made_from = path, made_from
        try:
            self._open(made_from)
        except sqlite3.OperationalError as error:
            raise IndexUnusable(str(error)) from None
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self._replace(made_from)

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty index, for this once."""
        return cls(_IN_MEMORY, "")

    @property
    def is_on_disk(self) -> bool:
        """Whether other processes can open it too."""
        return self._path != _IN_MEMORY

    def again(self) -> Self:
        """Return the same index, opened anew: a process that was forked may not use this one."""
        return type(self)(self._path, self._made_from)

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
        """Return a fact that is a number, 0 where there is none; IndexDamaged where it is
        no number."""
        try:
            return int(self.fact(key) or 0)
        except ValueError as error:
            raise IndexDamaged(f"{key}: {error}") from None

    def keep_paths(self, key: str, paths: Iterable[str]) -> None:
        """Keep a fact that is a set of paths."""
        self.keep(key, json.dumps(sorted(paths)))

    def paths(self, key: str) -> frozenset[str]:
        """Return what `keep_paths` kept; IndexDamaged where it is no such thing."""
        try:
            return frozenset(map(str, json.loads(self.fact(key) or "[]")))
        except (ValueError, TypeError, RecursionError) as error:
            raise IndexDamaged(f"{key}: {error}") from None

    def stamps(self, table: str) -> dict[str, str]:
        """Return the stamps of `folder` or `watched`, by path."""
        return dict(self._database.execute(f"SELECT path, stamp FROM {table}"))

    def set_stamps(self, table: str, stamps: Mapping[str, str]) -> None:
        """Replace all stamps of `folder` or `watched`."""
        run = self._database
        run.execute(f"DELETE FROM {table}")
        run.executemany(f"INSERT INTO {table} VALUES (?, ?)", stamps.items())
