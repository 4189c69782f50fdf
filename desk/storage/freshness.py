"""What changed below tickets/ since the index was made, without reading every file.

Three are asked, each for what it alone knows. The folders: when names in them last changed (their
ctime, which nobody can set back). Git: which commit's tickets the work tree has, and which tracked
files differ from it; it looks at every file's stamp, quicker than we could. Ourselves: the stamps
of the few files that Git does not watch, because they are not tracked, differ from HEAD anyway, or
are marked so that Git does not look.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from desk.storage.files import TOP, list_folder
from desk.storage.repository import Repository

RACY_NANOSECONDS = 2_000_000_000
"""A change may follow so soon that it leaves no other stamp than the one before it."""

UNSURE = "?"
"""The stamp of what has to be looked at again, whatever its stamp is then."""

_EXACT = (
    *("-c", "core.trustctime=true", "-c", "core.checkStat=default"),
    *("-c", "core.fsmonitor=false", "-c", "core.preloadIndex=true"),
)
_STATUS = (
    *("--no-optional-locks", *_EXACT, "status", "--porcelain=v2", "-z"),
    *("--untracked-files=no", "--no-renames", "--ignore-submodules=all", "--", TOP),
)
_MANY = 500


class Seen(NamedTuple):
    """What the index is in step with: the commit's tickets (an object's name, "" for none), the
    stamps of folders and of watched files, the stamp of Git's index, and the paths in it that git
    was told not to look at: `hidden`, and of these `sparse`, which need not be on disk."""

    tree: str = ""
    folders: Mapping[str, str] = {}
    watched: Mapping[str, str] = {}
    git_index: str = ""
    hidden: frozenset[str] = frozenset()
    sparse: frozenset[str] = frozenset()


@dataclass(eq=False, repr=False)
class Changes:
    """What to read again, which folders to list again, and what is seen once that is done.

    `is_all` says that nothing is known: read and list everything. `deleted` are tracked files that
    somebody removed by hand.
    """

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    is_all: bool = False
    seen: Seen = field(default_factory=Seen)

    @property
    def is_empty(self) -> bool:
        """Whether the index is in step as it is."""
        return not (self.files or self.folders or self.is_all)


def begin_to_look(repository: Repository) -> None:
    """Let git look at the files while we do something else: see `changes_since`."""
    repository.begin_to_find()
    repository.begin(*_STATUS)


def changes_since(repository: Repository, root: Path, seen: Seen, now_ns: int) -> Changes:
    """Return what changed since `seen`; OutsideError where git does not tell.

    Where git began to look before (`begin_to_look`), that nothing changed is taken from it, and
    nothing else: what is written into the index must have been looked at after `seen` was.
    """
    if not seen.folders:
        repository.stop_begun()
    elif repository.has_begun(*_STATUS):
        found = _changes(repository, root, seen, now_ns, repository.first_tree)
        if found.is_empty and found.seen == seen:
            return found
    return _changes(repository, root, seen, now_ns, repository.tree_of(TOP))


def _changes(repository: Repository, root: Path, seen: Seen, now_ns: int, tree: str) -> Changes:
    changed = _changed(repository)
    git_index = stamp_of(str(repository.git_dir / "index"), 0)
    hidden, sparse = seen.hidden, seen.sparse
    if git_index != seen.git_index:
        hidden, sparse = _hidden(repository)
    folders = _folder_stamps(root, now_ns)
    found = Changes(is_all=not seen.folders)
    found.folders = {
        path
        for path, stamp in folders.items()
        if stamp == UNSURE or seen.folders.get(path) != stamp
    } | (seen.folders.keys() - folders.keys())
    forgotten: set[str] = set()
    if tree != seen.tree and not found.is_all:
        between = _between(repository, seen.tree, tree)
        if between is None:
            found.is_all = True
        else:
            found.files |= between.keys()
            gone = (path for path, change in between.items() if change == b"D")
            forgotten = {path for path in gone if os.path.lexists(os.path.join(root, path))}
    watched = {}
    for path in {*changed, *hidden, *seen.watched, *forgotten}:
        stamp = stamp_of(os.path.join(root, path), now_ns)
        if stamp == UNSURE or seen.watched.get(path) != stamp:
            found.files.add(path)
        if not stamp and path in (changed | hidden) - sparse:
            found.deleted.add(path)
        watched[path] = stamp
    unsure = watched.keys() - changed - hidden
    for path in unsure - untracked(repository, unsure):
        del watched[path]
    found.seen = Seen(tree, folders, watched, git_index, hidden, sparse)
    return found


def _changed(repository: Repository) -> set[str]:
    """Return the tracked files below tickets/ that differ from HEAD, in the index or on disk."""
    told = repository.run(*_STATUS)
    found = set()
    for entry in told.split(b"\0"):
        blanks = {b"1 ": 8, b"u ": 10}.get(entry[:2])
        if blanks:
            path = os.fsdecode(entry.split(b" ", blanks)[blanks])
            found.add(path.removeprefix(repository.prefix))
    return found


def _hidden(repository: Repository) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tracked files that git does not look at: all, and those of skip-worktree."""
    listed = repository.run("ls-files", "-v", "-z", "--", TOP)
    seen = listed.count(b"\0H ") + listed.startswith(b"H ")
    if seen == listed.count(b"\0"):
        return frozenset(), frozenset()
    entries = [each for each in listed.split(b"\0") if each and each[:1] != b"H"]
    sparse = (os.fsdecode(each[2:]) for each in entries if each[:1] in b"Ss")
    return frozenset(os.fsdecode(each[2:]) for each in entries), frozenset(sparse)


def untracked(repository: Repository, paths: Collection[str]) -> set[str]:
    """Return those of these paths that git does not track."""
    if not paths:
        return set()
    asked = paths if len(paths) < _MANY else [TOP]
    listed = repository.run("ls-files", "-z", "--", *asked)
    return set(paths) - {os.fsdecode(path) for path in listed.split(b"\0")}


def _between(repository: Repository, old: str, new: str) -> dict[str, bytes] | None:
    """Return the files that differ between two trees of tickets, and how: git's letter, such as
    ``D`` where the new one has it no more. None where git does not tell."""
    nothing = repository.run("hash-object", "-t", "tree", "--stdin").decode().strip()
    trees = (old or nothing, new or nothing)
    done = repository.start(["diff-tree", "-r", "-z", "--name-status", "--no-renames", *trees])
    if done.returncode:
        return None
    told = done.stdout.split(b"\0")
    pairs = zip(told[1::2], told[::2], strict=False)
    return {f"{TOP}/{os.fsdecode(path)}": change for path, change in pairs}


def _folder_stamps(root: Path, now_ns: int) -> dict[str, str]:
    """Return the stamps of tickets/, its years and their months."""
    found: dict[str, str] = {}
    waiting = [TOP]
    while waiting:
        path = waiting.pop()
        found[path] = stamp_of(os.path.join(root, path), now_ns)
        if path.count("/") < 2:
            waiting += list_folder(root, path).folders
    return found


def stamp_of(full_path: str, now_ns: int) -> str:
    """Return what tells whether a file or folder changed: "" where there is none, `UNSURE` where it
    changed just now (0 for `now_ns`: whenever)."""
    try:
        found = os.lstat(full_path)
    except OSError:
        return ""
    if now_ns and found.st_ctime_ns > now_ns - RACY_NANOSECONDS:
        return UNSURE
    return f"{found.st_ino}:{found.st_ctime_ns}:{found.st_mtime_ns}:{found.st_size}"


def absent_at_head(repository: Repository, paths: Collection[str]) -> dict[str, bytes]:
    """Return the contents that HEAD has of files that a sparse checkout leaves out."""
    return repository.contents_at("HEAD", sorted(paths)) if paths else {}


def left_out(repository: Repository, root: Path) -> list[str]:
    """Return the paths of all tickets that a sparse checkout leaves out."""
    _, sparse = _hidden(repository)
    lacking = sorted(path for path in sparse if is_place_of_ticket(path))
    return [path for path in lacking if not os.path.lexists(os.path.join(root, path))]


def is_place_of_ticket(path: str) -> bool:
    """Tell whether a file at a path of the workspace is taken for a ticket."""
    folder, _, name = path.rpartition("/")
    parts = folder.split("/")
    is_hidden = any(part.startswith(".") for part in (*parts, name))
    return len(parts) == 3 and parts[0] == TOP and name.endswith(".md") and not is_hidden
