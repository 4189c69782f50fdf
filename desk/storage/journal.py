"""What a command is about to write and commit, noted so that the next one can finish it.

The note lies in the git directory from just before the first temporary file is written until the
commit is made or everything is taken back. Whoever finds it while holding the writers' lock knows
that its writer is dead.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from desk.errors import OutsideError
from desk.storage.files import NewFile, read_plain
from desk.storage.repository import Identity
from desk.storage.writing import Step, discard

_NAME = "pending"
_MOST_BYTES = 100_000_000


class Order(NamedTuple):
    """A commit to be made: its message, its date ("": when it is made) and its author (None:
    Git's own)."""

    message: str
    dated: str
    author: Identity | None

    @property
    def subject(self) -> str:
        """The first line of its message."""
        return self.message.partition("\n")[0]


class Pending(NamedTuple):
    """One file of a command that was stopped: its path, the digests of what was there ("" where
    nothing was) and of what is to be there, and the temporary files."""

    path: str
    before: str
    after: str
    temporary: str
    backup: str


def note(folder: Path, order: Order, steps: Sequence[Step]) -> None:
    """Note what is about to be done, in `folder` (`desk` in the git directory)."""
    files = [
        Pending(
            step.file.path,
            "" if step.file.before is None else digest(step.file.before),
            digest(step.file.data),
            step.temporary,
            step.backup,
        )
        for step in steps
    ]
    text = json.dumps({"order": order, "files": files})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{_NAME}.new"
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(folder / _NAME)
    except OSError as error:
        raise OutsideError(
            f"cannot write below the git directory: {error.strerror}",
            "check who owns it and whether the disk is full",
        ) from error


def forget(folder: Path) -> None:
    """Remove the note: what it tells of is done, or taken back."""
    with contextlib.suppress(OSError):
        (folder / _NAME).unlink()


def pending(folder: Path) -> tuple[Order, list[Pending]] | None:
    """Return what a command that was stopped had begun, None where there is nothing."""
    try:
        data = read_plain(str(folder / _NAME), _MOST_BYTES)
    except OSError:
        return None
    try:
        told = json.loads(data)
        message, dated, author = told["order"]
        order = Order(str(message), str(dated), Identity(*author) if author else None)
        return order, [Pending(*map(str, each)) for each in told["files"]]
    except (ValueError, TypeError, KeyError):
        forget(folder)
        return None


def roll_forward(root: Path, files: Sequence[Pending]) -> Literal["done", "begun", "changed"]:
    """Let every file take its place that has not yet.

    `done`: all of them are there now. `begun`: none was, and not all are whole, so that there is
    nothing to finish. `changed`: one of them is neither what it was nor what it was to be; nothing
    is touched then.
    """
    states = [_state(root, each) for each in files]
    if "other" in states or {"there", "half"} <= set(states):
        return "changed"
    if "half" in states:
        return "begun"
    for each, state in zip(files, states, strict=True):
        if state == "ready":
            target = root / each.path
            if each.before:
                os.replace(each.temporary, target)
            else:
                os.link(each.temporary, target)
    return "done"


def _state(root: Path, each: Pending) -> str:
    now = _digest_of(str(root / each.path))
    if now == each.after:
        return "there"
    if now == each.before:
        return "ready" if _digest_of(each.temporary) == each.after else "half"
    return "other"


def clear_temporaries(files: Sequence[Pending]) -> None:
    """Remove what a stopped command left beside the files."""
    for each in files:
        discard(each.temporary)
        discard(each.backup)


def digest(data: bytes) -> str:
    """Return a name for a file's contents."""
    return hashlib.sha256(data).hexdigest()


def _digest_of(full_path: str) -> str:
    try:
        return digest(read_plain(full_path, _MOST_BYTES))
    except FileNotFoundError:
        return ""
    except OSError:
        return "unreadable"


def new_files(root: Path, files: Sequence[Pending]) -> list[NewFile]:
    """Return the files as they are now, as written by the stopped command."""
    return [
        NewFile(each.path, read_plain(str(root / each.path), _MOST_BYTES), None) for each in files
    ]
