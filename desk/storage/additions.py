"""Which files came into Git, when, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from desk.storage.history import PLAIN, authored_at
from desk.storage.repository import Repository

_FIELDS = ("%x01%H", "%aI", "%cI", "%ae")


class Addition(NamedTuple):
    """A file (its path from the workspace) that a commit added: when it was authored (UTC), and by
    which address."""

    path: str
    at: datetime
    email: str


def additions(repository: Repository, folder: str) -> Iterator[Addition]:
    """Yield the files of a folder that commits up to HEAD added, the newest first; what a shallow
    history begins with nobody added."""
    if not repository.has_commits():
        return
    out = repository.run(
        *(*PLAIN, "log", "-z", "--diff-filter=A", "--no-renames", "--name-only", "--relative"),
        *(f"--format={'%x00'.join(_FIELDS)}", "--", folder),
    )
    ends = repository.shallow_ends
    for commit in out.decode(errors="surrogateescape").split("\x01")[1:]:
        name, authored, committed, email, *paths = commit.split("\0")
        at = authored_at(authored, committed)
        if at is not None and name not in ends:
            yield from (Addition(path.lstrip("\n"), at, email) for path in paths if path.strip())
