"""A SELECT of somebody's own on the index, which can do nothing but read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from desk.domain.sql_tables import TABLES
from desk.errors import UsageError, did_you_mean

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_STEPS = 1_000
"""So many steps of SQLite's machine lie between two looks at whether somebody pressed Ctrl-C: a
row that has megabytes to move takes a few of them."""

_MAX_CELL = 10_000_000


class SqlRows(NamedTuple):
    """What a SELECT found: its columns' names, and rows that are read as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


def read(
    database: sqlite3.Connection,
    views: Sequence[str],
    functions: Mapping[str, tuple[int, Callable[..., int]]],
    statement: str,
) -> SqlRows:
    """Run one SELECT over these views; UsageError for a statement that is no such thing.

    The connection is good for nothing else afterwards.
    """
    for name, (count, function) in functions.items():
        database.create_function(name, count, function)
    for view in views:
        database.execute(view)
    database.execute("PRAGMA query_only = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL)
    database.set_authorizer(_authorized)
    database.set_progress_handler(_go_on, _STEPS)
    try:
        cursor = database.execute(statement)
    except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError) as error:
        raise _refusal(error, statement) from None
    if cursor.description is None:
        raise UsageError("that is no SELECT", "`desk sql` only reads: begin with SELECT")
    return SqlRows(tuple(each[0] for each in cursor.description), _rows(cursor, statement))


def _go_on() -> int:
    return 0


def _authorized(action: int, *about: str | None) -> int:
    is_known = action in _ALLOWED and about[1:2] != ("load_extension",)
    return sqlite3.SQLITE_OK if is_known else sqlite3.SQLITE_DENY


def _rows(cursor: sqlite3.Cursor, statement: str) -> Iterator[tuple[object, ...]]:
    with closing(cursor):
        try:
            yield from cursor
        except sqlite3.Error as error:
            raise _refusal(error, statement) from None


def _refusal(error: Exception, statement: str) -> BaseException:
    message = str(error)
    if message == "interrupted":
        return KeyboardInterrupt()
    if "not authorized" in message or "readonly" in message or "query_only" in message:
        return UsageError("`desk sql` only reads", "write a SELECT over its tables")
    if "one statement" in message:
        return UsageError("`desk sql` takes one statement", "leave out what follows the `;`")
    missing = re.fullmatch(r"no such (table|column): (?:\w+\.)?(.+)", message)
    if missing:
        kind, name = missing.groups()
        columns = {column for table in TABLES.values() for column in table.columns}
        known = TABLES if kind == "table" else columns
        hint = did_you_mean(name, known) or "see `desk help sql`"
        return UsageError(f"there is no {kind} `{name}`", hint)
    return UsageError(f"SQLite cannot read this: {message}", "see `desk help sql`")
