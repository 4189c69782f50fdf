"""New versions of files: made whole outside of the work tree, then let into their places one by
one, so that each file is the old one or the new one at any instant."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from desk.storage.files import has_link
from desk.storage.git_program import GitProgram
from desk.storage.merging_trees import ATTRIBUTES, Difference
from desk.storage.repository import Repository
from desk.storage.standing import look
from desk.storage.writing import BULK, TEMPORARY, discard, sync_folder

_ASIDE = (
    *("-c", "core.hooksPath=/dev/null", "-c", "submodule.recurse=false"),
    *("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "core.splitIndex=no"),
)
"""What a work tree for a moment needs nothing of."""


def make_ready(
    top: Repository, old: str, new: str, folder: Path, untracked_attributes: Iterable[str] = ()
) -> Path:
    """Let git write into a folder what it would write into the work tree on the way from one commit
    to another, with the clone's filters, line ends and sparse checkout; return where it lies.
    OutsideError where git, or the disk, refuses."""
    ready = folder / "tree"
    ready.mkdir()
    for path in untracked_attributes:  # git heeds them too
        (ready / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(top.folder / path, ready / path)
    own = {
        "GIT_DIR": str(top.git_dir),
        "GIT_WORK_TREE": str(ready),
        "GIT_INDEX_FILE": str(folder / "index"),
    }
    git = GitProgram(ready, top.environment)
    git.run(*_ASIDE, "read-tree", old, extra=own)
    git.run(*_ASIDE, "read-tree", "-m", "-u", old, new, extra=own)
    return ready


def make_durable(ready: Path, changed: Sequence[Difference]) -> None:
    """Make what is ready as durable as what is committed."""
    if len(changed) >= BULK:
        os.sync()
        return
    for each in changed:
        if each.is_plain and os.path.isfile(ready / each.path):
            _sync(str(ready / each.path))


def attributes_on_the_way(top: Repository, changed: Sequence[Difference]) -> list[str]:
    """Return the files of attributes in the work tree that tell of some of these paths."""
    folders = {os.path.dirname(each.path) for each in changed}
    above = {str(folder) for each in folders for folder in (Path(each), *Path(each).parents)}
    places = [os.path.normpath(os.path.join(folder, ATTRIBUTES)) for folder in sorted(above)]
    return [place for place in places if os.path.isfile(top.folder / place)]


def in_order(changed: Iterable[Difference]) -> list[Difference]:
    """Return the order in which files take their places. Attributes come last: as long as they are
    the old ones, git can tell an old file from one that somebody edited."""
    return sorted(changed, key=lambda each: (each.path.rpartition("/")[2] == ATTRIBUTES, each.path))


def put(top: Repository, ready: Path, each: Difference, seen: str, token: str) -> bool:
    """Let the new version of a path take its place, or remove the old one; False, with nothing
    touched, where it is no longer what was `seen` there. The caller syncs the folder."""
    target = f"{top.folder}/{each.path}"
    folder = os.path.dirname(each.path)
    if look(target, len(each.name or each.other_name)) != seen:
        return False
    if folder and has_link(top.folder, folder):
        return False
    if not each.other_name:
        os.unlink(target)
        remove_empty_folders(top.folder, each.path)
        return True
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False
    source = str(ready / each.path)
    try:
        return _place(source, target, is_new=not seen)
    except OSError as error:
        if error.errno != errno.EXDEV:  # the git directory is on another file system
            raise
    beside = temporary_of(target, token)
    try:
        shutil.copy(source, beside)
        _sync(beside)
    except OSError:
        discard(beside)
        raise
    try:
        return _place(beside, target, is_new=not seen)
    finally:
        discard(beside)


def temporary_of(target: str, token: str) -> str:
    """Return the name that a file has beside its place for a moment; the token is one that nobody
    can have known who wrote the file."""
    return f"{os.path.dirname(target)}/.{os.path.basename(target)}.{token[:12]}{TEMPORARY}"


def _place(source: str, target: str, is_new: bool) -> bool:
    if not is_new:
        os.replace(source, target)
        return True
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise
        if os.path.lexists(target):  # a file system without hard links
            return False
        os.rename(source, target)
    else:
        discard(source)
    return True


def sync_folders_of(top: Repository, changed: Iterable[Difference]) -> None:
    """Make the names of files as durable as their contents."""
    for folder in {os.path.dirname(f"{top.folder}/{each.path}") for each in changed}:
        if os.path.isdir(folder):
            sync_folder(folder)


def remove_empty_folders(top: Path, path: str) -> None:
    """Remove the folders that a file left empty, as git does."""
    for folder in list(Path(path).parents)[:-1]:
        try:
            (top / folder).rmdir()
        except OSError:
            return


def _sync(full_path: str) -> None:
    handle = os.open(full_path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
