"""Locks of Git's that a process left behind when it was killed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from desk.domain.patterns import pattern
from desk.storage.commits import PRIVATE_INDEX

_PROCESSES = Path("/proc")
_LOCKS = (
    *("HEAD.lock", "ORIG_HEAD.lock", "packed-refs.lock", "shallow.lock", "config.lock"),
    "objects/maintenance.lock",  # with it there, git would never tidy up again
)
_FALSE_INDEX = pattern(r"next-index-(\d+)\.lock")


def remove_dead_locks(top: Path, git_dir: Path) -> bool:
    """Remove the locks of an index, of branches and other names, of git's settings and of its
    housekeeping whose git is dead; tell whether the index's main lock was there.

    Only for a repository in which a writer of ours is known to have died. Where a git is still at
    work in it, or the system does not tell which processes run, nothing is removed.
    """
    with contextlib.suppress(OSError):
        for name in os.listdir(git_dir):
            if name.startswith(PRIVATE_INDEX):
                (git_dir / name).unlink(missing_ok=True)
    if not _PROCESSES.joinpath("self").exists() or any(_gits_in(top, git_dir)):
        return False
    for name in os.listdir(git_dir):
        match = _FALSE_INDEX.fullmatch(name)
        if match and not _is_alive(_PROCESSES / match[1]):
            (git_dir / name).unlink(missing_ok=True)
    for place in (*(git_dir / name for name in _LOCKS), *(git_dir / "refs").rglob("*.lock")):
        place.unlink(missing_ok=True)
    lock = git_dir / "index.lock"
    if not lock.exists():
        return False
    lock.unlink(missing_ok=True)
    return True


def _other_work_trees(git_dir: Path) -> Iterator[Path]:
    """Yield the work trees that share a repository with its main one."""
    for place in (git_dir / "worktrees").glob("*/gitdir"):
        with contextlib.suppress(OSError, ValueError):
            yield Path(place.read_text().strip()).parent


def _is_alive(process: Path) -> bool:
    """Tell whether a process still runs: one that is dead and not yet buried has no folder."""
    try:
        os.readlink(process / "cwd")
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _gits_in(top: Path, git_dir: Path) -> Iterator[int]:
    """Yield the processes of git that run somewhere in a work tree or its git directory."""
    folders = [os.path.realpath(each) for each in (top, git_dir, *_other_work_trees(git_dir))]
    for entry in _PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if not (entry / "comm").read_text().startswith("git"):
                continue
            here = os.readlink(entry / "cwd")
            if any(here == folder or here.startswith(f"{folder}/") for folder in folders):
                yield int(entry.name)
