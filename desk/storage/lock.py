"""One writer at a time in all work trees of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errors import Conflict, OutsideError

WAIT_SECONDS = 30.0
HELD_BY = "DESK_LOCK_HELD_BY"
"""Set for the git processes of a writer, so that a `desk` in one of their hooks does not wait for
the very process that waits for the hook."""


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the writers' lock in `folder` (below the common git directory); in a hook of a writer's
    own commit, which waits for the hook, a second one that its hooks share.

    The kernel releases it when the process dies. Conflict, naming who holds it, after
    `WAIT_SECONDS`; OutsideError where the folder cannot be written.
    """
    import filelock

    is_inside = is_in_writers_hook(folder)
    name = "hook" if is_inside else "writer"
    note = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / ("lock.hook" if is_inside else "lock"), WAIT_SECONDS)
        lock.acquire()
    except filelock.Timeout:
        holder = _holder(note) or "another process"
        raise Conflict(
            f"another desk command has been writing for {WAIT_SECONDS:g} seconds: {holder}",
            "try again when it is done",
        ) from None
    except OSError as error:
        raise OutsideError(
            f"cannot write below the git directory: {error.strerror}",
            "check who owns it and whether the disk is full",
        ) from error
    try:
        note.write_text(f"{os.getpid()} (process on {os.uname().nodename})\n", encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def is_in_writers_hook(folder: Path) -> bool:
    """Tell whether we run in a hook of the commit that the present holder of the lock makes."""
    holder = os.environ.get(HELD_BY)
    return bool(holder) and holder == _holder(folder / "writer").partition(" ")[0]


def _holder(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
