"""Bringing branch, index and work tree from one commit to a later one; it can be stopped anywhere
and gone on with.

Files take their places whole (`desk.storage.changeover`); then the index has them, all at once;
then git moves the branch, and brings what it alone knows to bring (`standing.for_git`). The note
of both commits lies in the git directory from before the first file changes until the branch has
moved. Nothing that a person wrote is ever written over.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from desk.errors import Conflict, OutsideError
from desk.storage.arrivals import make_durable, temporary_of
from desk.storage.changeover import Changeover
from desk.storage.commits import index_locked, on_index
from desk.storage.files import read_plain
from desk.storage.git_program import words
from desk.storage.lock import HELD_BY
from desk.storage.merging_trees import (
    Difference,
    clear_scratch,
    commit_of,
    differences,
    merge_bases,
)
from desk.storage.repository import Repository
from desk.storage.writing import discard

_NAME = "advance"
_MOST_BYTES = 100_000_000


class Advance(NamedTuple):
    """Two commits: where the branch was, and where it is to be; and the paths that the work tree
    `had` as the latter before anything was touched."""

    old: str
    new: str
    had: tuple[str, ...] = ()


class InTheWay(Conflict):
    """Files of a person's own stand where the later commit has others."""

    def __init__(self, paths: Sequence[str], said: Sequence[str] = ()) -> None:
        count = "a file of yours is" if len(paths) == 1 else "files of yours are"
        super().__init__(
            f"{count} in the way, and nothing was touched",
            "commit what is named above, or put it elsewhere, then run `desk sync` again",
            [*paths, *said],
        )


def pending(folder: Path) -> Advance | None:
    """Return what was begun and not finished; `folder` is `desk` in the git directory."""
    try:
        told = json.loads(read_plain(str(folder / _NAME), _MOST_BYTES))
        return Advance(str(told["old"]), str(told["new"]), tuple(map(str, told.get("had", ()))))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        forget(folder)
        return None


def forget(folder: Path) -> None:
    """Remove the note."""
    with contextlib.suppress(OSError):
        (folder / _NAME).unlink()


def _note(folder: Path, step: Advance) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{_NAME}.new"
        with beside.open("w", encoding="utf-8") as stream:
            json.dump(step._asdict(), stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(folder / _NAME)
    except OSError as error:
        raise OutsideError(
            f"cannot write below the git directory: {error.strerror}",
            "check who owns it and whether the disk is full",
        ) from error


def advance(repository: Repository, step: Advance) -> bool:
    """Go from the old commit, which HEAD is at, to the new one; False, with nothing touched, where
    HEAD has moved meanwhile. `InTheWay` where a person's files would be written over."""
    top = Repository(repository.top)
    changed = differences(top, step.old, step.new)
    dirty = dirty_paths(top)
    with index_locked(top.git_dir), Changeover(top, step.old, step.new, changed) as change:
        if commit_of(top, "HEAD") != step.old:
            return False
        ours = change.in_the_way(dirty)
        if ours:
            raise InTheWay(ours)
        make_durable(change.ready, change.changed)
        step = step._replace(had=tuple(change.as_new()))
        _note(_folder(top), step)
        _change_over(change, step)
    return _taken_along(top, step, changed)


def resume(repository: Repository, step: Advance) -> list[str]:
    """Go on with what was begun; return the paths that somebody changed since, because of which
    everything else is as it was before (none where it is done). Conflict where HEAD has moved
    since: then what it has not got is taken back."""
    top = Repository(repository.top)
    clear_scratch(top)
    changed = differences(top, step.old, step.new)
    for each in changed:
        discard(temporary_of(f"{top.folder}/{each.path}", step.new))
    at = commit_of(top, "HEAD")
    if at != step.old:
        if not at or step.new in merge_bases(top, step.new, [at]):
            forget(_folder(top))
            return []
        _all_back(top, step, changed)
        raise Conflict("HEAD is at another commit by now", "run `desk sync` again")
    with index_locked(top.git_dir), Changeover(top, step.old, step.new, changed, True) as change:
        ours = change.in_the_way()
        if ours:
            _take_back(change, step)
            return ours
        make_durable(change.ready, change.changed)
        _change_over(change, step)
    _taken_along(top, step, changed)
    return []


def _folder(top: Repository) -> Path:
    return top.git_dir / "desk"


def _change_over(change: Changeover, step: Advance) -> None:
    """Bring files and index along; take everything back where that cannot be."""
    try:
        stopped_at = change.put_all()
        if not stopped_at:
            change.into_index()
            return
    except (OSError, OutsideError) as error:
        with contextlib.suppress(OSError, OutsideError):  # the next command will have to do it
            _take_back(change, step)
        if isinstance(error, OutsideError):
            raise
        raise OutsideError(
            f"cannot write {error.filename2 or error.filename}: {error.strerror}",
            "mend that, then run `desk sync` again",
        ) from error
    _take_back(change, step)
    raise InTheWay([stopped_at])


def _take_back(change: Changeover, step: Advance) -> None:
    """Put the old versions back where the new ones are, but where they were before all this, in the
    index too; and forget the note."""
    if change.as_new():
        with change.backwards() as back:
            back.put_all(keep=step.had)
            back.into_index(besides=step.had)
    forget(_folder(change.top))


def _taken_along(top: Repository, step: Advance, changed: Sequence[Difference]) -> bool:
    """Fast-forward; where git refuses, everything is as it was before."""
    try:
        moved = _fast_forward(top, step.new)
    except (OutsideError, InTheWay):
        if commit_of(top, "HEAD") != step.new:
            _all_back(top, step, changed)
        raise
    if moved:
        forget(_folder(top))
    else:
        _all_back(top, step, changed)
    return moved


def _all_back(top: Repository, step: Advance, changed: Sequence[Difference]) -> None:
    """Have everything as it was before, but what HEAD, moved by somebody, has otherwise by now."""
    at = commit_of(top, "HEAD") or step.old
    other = {each.path for each in differences(top, step.old, at)} if at != step.old else set()
    left = [each for each in changed if each.path not in other]
    with index_locked(top.git_dir), Changeover(top, step.old, step.new, left, True) as change:
        _take_back(change, step)


def dirty_paths(top: Repository) -> set[str]:
    """Return the tracked files that differ from HEAD, on disk or in the index."""
    out = top.run(
        *("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"),
        "--ignore-submodules=all",
        extra={"GIT_OPTIONAL_LOCKS": "0"},
    )
    return {part[3:] for part in out.decode(errors="surrogateescape").split("\0") if part}


def _fast_forward(top: Repository, commit: str) -> bool:
    """Let git take branch, index and work tree along; False where HEAD is somewhere else by now."""
    extra: Mapping[str, str] = {HELD_BY: str(os.getpid()), "GIT_REFLOG_ACTION": "desk sync"}

    def merge() -> bool:
        done = top.start(
            [
                *("merge", "--ff-only", "--quiet", "--no-autostash", "--no-overwrite-ignore"),
                commit,
            ],
            extra=extra,
        )
        if done.returncode == 0:
            return True
        said = words(done.stderr) or words(done.stdout)
        if any("Not possible to fast-forward" in line for line in said):
            return False
        if any("would be overwritten" in line or "would lose" in line for line in said):
            raise InTheWay([line.strip() for line in said if line.startswith("\t")], said[:1])
        raise OutsideError("git cannot bring the files along", "mend what it names", said)

    answers: list[bool] = []
    on_index(top, lambda: answers.append(merge()))
    return answers[-1]
