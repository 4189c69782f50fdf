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
    """Hold the writers' lock in `folder` (below the common git directory).

    The kernel releases it when the process dies. Conflict, naming who holds it, after
    `WAIT_SECONDS`; OutsideError where the folder cannot be written.
    """
    import filelock

    note = folder / "writer"
    if os.environ.get(HELD_BY) and os.environ.get(HELD_BY) == _holder(note).split(" ")[0]:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / "lock", timeout=WAIT_SECONDS)
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
        lock.release()


def _holder(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
