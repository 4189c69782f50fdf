"""The versions of files that Git has: which commit made each, and what it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from desk.storage.repository import Repository

MANY = 100
"""From so many files on, the history of all tickets is read, and the others' left aside."""

_FORMAT = "%x01%H%x00%aI%x00%ae"
_CHANGE = re.compile(r"\n?:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*", re.ASCII)


class Version(NamedTuple):
    """One commit's change of a file: when (UTC) and by whom it was authored, and the names of the
    contents before and after, "" where there was, or is, no file."""

    commit: str
    at: datetime
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
        *("-c", "log.showSignature=false"),
        "log",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        "--relative",
        f"--format={_FORMAT}",
        "--",
        *(paths if len(paths) < MANY else ["tickets"]),
    )
    ends = repository.shallow_ends
    for record in out.decode(errors="surrogateescape").split("\x01"):
        commit, _, rest = record.partition("\0")
        if commit and commit not in ends:
            for path, version in _versions(commit, rest.split("\0")):
                if path in wanted:
                    found[path].append(version)
    return found


def _versions(commit: str, parts: list[str]) -> Iterator[tuple[str, Version]]:
    try:
        at = datetime.fromisoformat(parts[0]).astimezone(UTC)
    except (ValueError, OverflowError):
        return
    for place, part in enumerate(parts):
        change = _CHANGE.fullmatch(part)
        if change and place >= 2 and place + 1 < len(parts):
            before, after = (name if name.strip("0") else "" for name in change.groups())
            yield parts[place + 1], Version(commit, at, parts[1], before, after)


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
