"""Writing files below the workspace: whole ones only, all or none, and never over anything unseen.

Each file is first complete beside its place, synced; then all take their places by renaming. What
stood there before stays linked under a temporary name until it is not needed any more, so that
taking back needs no room on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from desk.errors import Conflict, OutsideError
from desk.storage.files import LinkError, NewFile, has_link, read_plain

BULK = 50
"""From so many files on, one sync of the file system replaces one of each file."""

TEMPORARY = ".desk-tmp"
"""How the names of our temporary files end."""


class Step(NamedTuple):
    """A file on its way: its full place, the temporary file that holds what is to be there, and the
    name under which what was there is kept."""

    file: NewFile
    target: str
    temporary: str
    backup: str


@dataclass
class Placed:
    """Files that took their places, until it is settled whether they stay."""

    root: Path
    steps: list[Step] = field(default_factory=list)

    def settle(self) -> None:
        """Forget what was there before."""
        for step in self.steps:
            discard(step.backup)
        self.steps = []

    def take_back(self) -> list[str]:
        """Put back what was there before; return what could not be, in words: a file that is no
        longer the one we wrote is left as somebody made it."""
        stuck = []
        for step in reversed(self.steps):
            path = step.file.path
            try:
                if not _is(step.target, step.file.data):
                    stuck.append(f"{path} was changed meanwhile, and stays as it is")
                    discard(step.backup)
                    continue
                _take_back(self.root, step)
            except OSError as error:
                stuck.append(f"{path} cannot be put back: {error.strerror or error}")
        self.steps = []
        return stuck


Announce = Callable[[Sequence[Step]], None]
"""Told of the steps before the first temporary file is written."""


def write_files(root: Path, files: Iterable[NewFile], announce: Announce | None = None) -> Placed:
    """Write files so that each is whole at any instant.

    FileExistsError where a new file's name is taken; Conflict where a file is no longer what it was
    before; OutsideError where the system refuses. Then, and when it is interrupted, everything is
    as it was.
    """
    files = list(files)
    placed = Placed(root)
    steps = [_step(root, file) for file in files]
    path = ""
    try:
        if announce:
            announce(steps)
        for step in steps:
            path = step.file.path
            _write_beside(root, step, sync=len(files) < BULK)
        if len(files) >= BULK:
            os.sync()
        for step in steps:
            path = step.file.path
            place(step)
            placed.steps.append(step)
        sync_folders(steps)
    except BaseException as error:
        for step in steps:
            discard(step.temporary)
        stuck = placed.take_back()
        for file in files:
            if file.before is None:
                _remove_empty_folders(root, file.path)
        if not isinstance(error, OSError) or isinstance(error, FileExistsError):
            raise
        reason = error.strerror or str(error)
        raise OutsideError(
            f"cannot write {path}: {reason}",
            "nothing was changed" if not stuck else "see `git status`",
            stuck,
        ) from error
    return placed


def _step(root: Path, file: NewFile) -> Step:
    target = root / file.path
    name = f"{target.parent}/.{target.name}.{os.urandom(4).hex()}"
    return Step(file, str(target), f"{name}{TEMPORARY}", f"{name}-old{TEMPORARY}")


def _write_beside(root: Path, step: Step, sync: bool) -> None:
    """Write a step's temporary file, and make the folder that it needs."""
    folder = os.path.dirname(step.target)
    if has_link(root, os.path.dirname(step.file.path)):
        raise LinkError(None, "a symbolic link leads out of the workspace", folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder) from None
    handle = os.open(step.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(step.file.data)
            stream.flush()
            if sync:
                os.fsync(handle)
    except BaseException:
        discard(step.temporary)
        raise


def place(step: Step) -> None:
    """Let a file take its place, if what is there is what was there before.

    Conflict where it is not; FileExistsError where there should be nothing.
    """
    file, target, temporary, backup = step
    if file.before is None:
        _place_new(temporary, target)
        return
    if not _is(target, file.before):
        raise Conflict(
            f"{file.path} was changed by somebody else meanwhile",
            "nothing was changed; run the command again",
        )
    with contextlib.suppress(OSError):
        os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
    with contextlib.suppress(OSError):  # a file system without hard links
        os.link(target, backup)
    try:
        os.replace(temporary, target)
    except BaseException:
        discard(backup)
        raise


def _place_new(temporary: str, target: str) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        try:
            os.replace(temporary, target)
        except BaseException:
            discard(target)
            raise
    else:
        discard(temporary)


def _is(target: str, data: bytes) -> bool:
    """Tell whether a file holds exactly these bytes."""
    try:
        return read_plain(target, len(data)) == data
    except FileNotFoundError:
        return False


def _take_back(root: Path, step: Step) -> None:
    file, target, _, backup = step
    if file.before is None:
        os.unlink(target)
        _remove_empty_folders(root, file.path)
        return
    if os.path.lexists(backup):
        os.replace(backup, target)
        return
    again = _step(root, NewFile(file.path, file.before, file.data))
    _write_beside(root, again, sync=True)
    try:
        place(again)
    except BaseException:
        discard(again.temporary)
        raise
    discard(again.backup)


def discard(path: str) -> None:
    """Remove a file that nobody needs, if it is there."""
    with contextlib.suppress(OSError):
        os.unlink(path)


def sync_folders(steps: Iterable[Step]) -> None:
    """Make the files' names as durable as their contents."""
    for folder in {os.path.dirname(step.target) for step in steps}:
        sync_folder(folder)


def sync_folder(folder: str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # what a file system that cannot sync a folder says
            raise
    finally:
        os.close(handle)


def _remove_empty_folders(root: Path, path: str) -> None:
    """Remove the folders that a file taken back leaves empty, up to the workspace's own."""
    for folder in list(Path(path).parents)[:-2]:
        try:
            (root / folder).rmdir()
        except OSError:
            return
