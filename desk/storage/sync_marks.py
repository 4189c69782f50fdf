"""Marks of syncs at work, so that the next command knows of one that died.

A sync fetches and pushes without the writers' lock, and git may hold locks of its own then. Each
mark is a file that its sync has locked: the kernel lets go of it when the process dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "syncing-"


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Mark a sync as at work; `folder` is `desk` in the git directory. Where that cannot be
    written, a sync goes on without a mark: it will hear of the trouble soon enough."""
    path = folder / f"{_NAME}{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def marks_of_the_dead(folder: Path) -> list[Path]:
    """Return the marks that their syncs left behind."""
    return [path for path in sorted(folder.glob(f"{_NAME}*")) if not _is_held(path)]


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
