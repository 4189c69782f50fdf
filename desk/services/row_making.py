"""Rows of many tickets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.processes import in_portions
from desk.services.rows import row_of
from desk.storage.index import Row
from desk.storage.ticket_store import read_ticket

_AT_A_TIME = 25
"""So many files are read before their rows are made: by turns, file for file, a processor finds
neither piece of the program in its nearest memory, and takes a sixth longer."""


class Made(NamedTuple):
    """The rows of some tickets, and what is wrong with files that gave none."""

    rows: list[Row]
    problems: list[Diagnostic]


def made(desk: Desk, paths: Sequence[str], contents: Mapping[str, bytes]) -> Iterator[Made]:
    """Yield the rows of all tickets at these paths, in order, some at a time. `contents` are those
    of files that do not lie on disk."""
    desk.levels.make_ready()

    def make(portion: Sequence[str]) -> Made:
        found = Made([], [])
        for start in range(0, len(portion), _AT_A_TIME):
            read = [
                read_ticket(desk.root, path, contents.get(path))
                for path in portion[start : start + _AT_A_TIME]
            ]
            for filed, problems in read:
                found.problems.extend(problems)
                if filed is not None:
                    found.rows.append(row_of(filed, desk.levels))
        return found

    return in_portions(paths, make)
