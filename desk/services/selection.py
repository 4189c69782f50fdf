"""Which files a check was asked about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from desk.domain import ids
from desk.domain.texts import visible
from desk.errors import Diagnostic, NotFound
from desk.services.desk import Desk
from desk.storage.ticket_store import Shelf


def stem(path: str) -> str:
    """Return what a file's name says its ID or slug is."""
    return path.rpartition("/")[2].removesuffix(".md")


def paths_of(unreadable: Iterable[Diagnostic]) -> list[str]:
    """Return the files that cannot be read, but for those that lie where nothing is read."""
    return list(dict.fromkeys(each.path for each in unreadable if each.code != "stray"))


def ticket_paths(shelf: Shelf) -> list[str]:
    """Return the paths of all tickets, unreadable ones too."""
    return [*(filed.path for filed in shelf.tickets), *paths_of(shelf.unreadable)]


class Selection:
    """The paths that somebody named: by an ID, or its unique end, or as they are, absolute or from
    the workspace. A folder stands for all that is in it, a ticket for its attachments too; where
    nothing was named, everything is meant.

    NotFound for what is not there.
    """

    def __init__(self, desk: Desk, shelf: Shelf, given: Sequence[str]) -> None:
        self._by_id = {stem(path): path for path in ticket_paths(shelf) if ids.is_id(stem(path))}
        self._paths = {self._path(desk, each) for each in given}
        self._folders = tuple(f"{path.removesuffix('.md')}/" for path in self._paths)

    def has(self, path: str) -> bool:
        """Tell whether a path is one of those, or lies below one."""
        everything = not self._paths or "." in self._paths
        return everything or path in self._paths or path.startswith(self._folders)

    def _path(self, desk: Desk, given: str) -> str:
        if "/" in given or given.endswith(".md") or (desk.root / given).exists():
            return _from_workspace(desk.root, given)
        wanted = ids.normalise(given)
        if wanted in self._by_id:
            return self._by_id[wanted]
        found = [path for ticket_id, path in self._by_id.items() if ids.names(wanted, ticket_id)]
        return found[0] if len(found) == 1 else desk.store.find(given).path


def _from_workspace(root: Path, given: str) -> str:
    folder, name = os.path.split(os.path.normpath(root / given))
    full_path = Path(os.path.realpath(folder), name)
    try:
        path = full_path.relative_to(os.path.realpath(root)).as_posix()
    except ValueError:
        raise NotFound(
            f"{visible(given)} lies outside of this help desk", "name a file in it"
        ) from None
    if not os.path.lexists(full_path):
        raise NotFound(f"there is no file {visible(given)}", "check the path")
    return path
