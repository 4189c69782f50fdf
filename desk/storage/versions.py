"""The versions of files that Git has: which commit made each, and what it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from desk.domain.patterns import pattern
from desk.storage.history import PLAIN, authored_at
from desk.storage.repository import Repository

MANY = 100
"""From so many files on, the history of all tickets is read, and the others' left aside."""

_FIELDS = ("%H", "%aI", "%cI", "%ae")
_CHANGE = pattern(r"\n?:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*", re.ASCII)


class Version(NamedTuple):
    """One commit's change of a file: when (UTC; None where it does not say) and by whom it was
    authored, and the names of the contents before and after, "" where there was, or is, no file."""

    commit: str
    at: datetime | None
    email: str
    before: str
    after: str


def versions_of(repository: Repository, paths: Sequence[str]) -> dict[str, list[Version]]:
    """Return the versions of each path (from the repository's folder), the newest first.

    Merges are passed over, and so is the commit at which a shallow history ends: what it changed
    nobody can tell.
    """
    wanted = set(paths)
    found: defaultdict[str, list[Version]] = defaultdict(list)
    if not wanted:
        return found
    if not repository.has_commits():
        return found
    out = repository.run(
        *PLAIN,
        "log",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        "--relative",
        f"--format={'%x00'.join(_FIELDS)}",
        "--",
        *(paths if len(paths) < MANY else ["tickets"]),
    )
    ends = repository.shallow_ends
    for path, version in _versions(out.decode(errors="surrogateescape").split("\0")[:-1]):
        if path in wanted and version.commit not in ends:
            found[path].append(version)
    return found


def _versions(parts: list[str]) -> Iterator[tuple[str, Version]]:
    """Read what `git log -z --raw` prints, each part of which ends with a NUL: the fields of a
    commit, then two parts, what became of it and its path, for each file that it changed."""
    place = 0
    while place < len(parts):
        commit, authored, committed, email = parts[place : place + len(_FIELDS)]
        at = authored_at(authored, committed)
        place += len(_FIELDS)
        while place < len(parts) and (change := _CHANGE.fullmatch(parts[place])):
            before, after = (name if name.strip("0") else "" for name in change.groups())
            yield parts[place + 1], Version(commit, at, email, before, after)
            place += 2


def contents_of(repository: Repository, names: Sequence[str]) -> dict[str, bytes]:
    """Return what has these object names, where Git has it."""
    names = [name for name in dict.fromkeys(names) if name]
    if not names:
        return {}
    asked = "".join(f"{name}\n" for name in names).encode()
    out = repository.run("cat-file", "--batch", stdin=asked)
    found = {}
    place = 0
    for name in names:
        end = out.index(b"\n", place)
        line, place = out[place:end], end + 1
        if line.endswith(b" missing"):
            continue
        size = int(line.rsplit(b" ", 1)[1])
        found[name] = out[place : place + size]
        place += size + 1
    return found
