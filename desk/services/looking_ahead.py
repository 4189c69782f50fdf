"""What Git can do already while the rest of the program is still being loaded."""

from __future__ import annotations

from pathlib import Path

from desk.errors import WorkspaceError
from desk.storage.freshness import begin_to_look
from desk.storage.repository import Repository
from desk.storage.root import find_root


def look_ahead(start: Path) -> Repository | None:
    """Let git look for changed tickets: for a command that will ask the index of the help desk that
    `start` lies in. None where there is none, which opening it will say."""
    try:
        root = find_root(start)
    except WorkspaceError:
        return None
    repository = Repository(root)
    begin_to_look(repository)
    return repository
