"""Rows of many tickets, made on all processors where that is quicker."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.rows import row_of
from desk.storage.index import Row
from desk.storage.ticket_store import read_ticket

MANY = 2_000
"""From so many tickets on, more processes than one are worth their start."""

_AT_A_TIME = 250


class Made(NamedTuple):
    """The rows of some tickets, and what is wrong with files that gave none."""

    rows: list[Row]
    problems: list[Diagnostic]


def made(desk: Desk, paths: Sequence[str], contents: Mapping[str, bytes]) -> Iterator[Made]:
    """Yield the rows of all tickets at these paths, in order, some at a time. `contents` are those
    of files that do not lie on disk."""
    portions = [paths[start : start + _AT_A_TIME] for start in range(0, len(paths), _AT_A_TIME)]
    processes = min(os.cpu_count() or 1, 8)
    if len(paths) < MANY or processes < 2 or sys.platform != "linux":
        yield from (_make(desk, portion, contents) for portion in portions)
        return
    yield from _made_by_many(desk, portions, contents, processes)


def _make(desk: Desk, paths: Sequence[str], contents: Mapping[str, bytes]) -> Made:
    found = Made([], [])
    for path in paths:
        filed, problems = read_ticket(desk.root, path, contents.get(path))
        found.problems.extend(problems)
        if filed is not None:
            found.rows.append(row_of(filed, desk.levels))
    return found


_shared: list[tuple[Desk, Mapping[str, bytes]]] = []
"""What the other processes work on: they are forked, and so have it already."""


def _make_shared(paths: Sequence[str]) -> Made:
    return _make(_shared[-1][0], paths, _shared[-1][1])


def _made_by_many(
    desk: Desk, portions: Sequence[Sequence[str]], contents: Mapping[str, bytes], processes: int
) -> Iterator[Made]:
    from multiprocessing import get_context

    _shared.append((desk, contents))
    try:
        desk.levels.make_ready()
        try:
            pool = get_context("fork").Pool(processes)
        except OSError:  # where processes cannot share a semaphore
            yield from map(_make_shared, portions)
            return
        with pool:
            yield from pool.imap(_make_shared, portions)
    finally:
        _shared.pop()
