"""Bringing branch, index and work tree from one commit to a later one; it can be stopped anywhere
and gone on with.

The note of both commits lies in the git directory from before the first file changes until the
branch has moved. Nothing that a person wrote is ever written over.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from desk.errors import Conflict, OutsideError
from desk.storage.commits import on_index
from desk.storage.files import read_plain
from desk.storage.git_program import nul_ended, words
from desk.storage.lock import HELD_BY
from desk.storage.merging_trees import Difference, commit_of, differences
from desk.storage.repository import Repository
from desk.storage.versions import contents_of

_NAME = "advance"
_MOST_BYTES = 200_000_000


class Advance(NamedTuple):
    """Two commits: where the branch was, and where it is to be."""

    old: str
    new: str


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
        told = json.loads(read_plain(str(folder / _NAME), 10_000))
        return Advance(str(told["old"]), str(told["new"]))
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
    changed = differences(top, *step)
    dirty = dirty_paths(top)
    doubtful = [each for each in changed if each.path in dirty or _is_new_here(top, each)]
    states = _states(top, doubtful)
    ours = [path for path, state in states.items() if state in ("other", "half")]
    if ours:
        raise InTheWay(sorted(ours))
    folder = repository.git_dir / "desk"
    _note(folder, step)
    _index_as_new(top, [each for each in doubtful if states[each.path] == "new"])
    moved = _taken_along(top, step, changed)
    forget(folder)
    return moved


def resume(repository: Repository, step: Advance) -> list[str]:
    """Go on with what was begun; return the paths that somebody changed since, because of which it
    is left as it is (none where it is done)."""
    top = Repository(repository.top)
    folder = repository.git_dir / "desk"
    if commit_of(top, "HEAD") != step.old:
        forget(folder)
        return []
    changed = differences(top, *step)
    states = _states(top, changed)
    ours = [path for path, state in states.items() if state == "other"]
    if ours:
        forget(folder)
        return sorted(ours)
    half = [each for each in changed if states[each.path] == "half"]
    _write_anew(top, step.new, [each.path for each in half])
    _index_as_new(top, [each for each in changed if states[each.path] == "new"])
    _taken_along(top, step, changed)
    forget(folder)
    return []


def _taken_along(top: Repository, step: Advance, changed: Sequence[Difference]) -> bool:
    """Fast-forward; where git refuses, and has not begun, there is nothing to go on with."""
    try:
        return _fast_forward(top, step.new)
    except OutsideError:
        if set(_states(top, changed).values()) <= {"old"}:
            forget(top.git_dir / "desk")
        raise


def dirty_paths(top: Repository) -> set[str]:
    """Return the tracked files that differ from HEAD, on disk or in the index."""
    out = top.run(
        *("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"),
        "--ignore-submodules=all",
        extra={"GIT_OPTIONAL_LOCKS": "0"},
    )
    return {part[3:] for part in out.decode(errors="surrogateescape").split("\0") if part}


def _is_new_here(top: Repository, each: Difference) -> bool:
    return not each.name and os.path.lexists(top.folder / each.path)


def _states(top: Repository, changed: Sequence[Difference]) -> dict[str, str]:
    """Tell for each path how the work tree has it: as the `old` commit, as the `new` one, `half`
    written on the way from one to the other, or as neither (`other`)."""
    there = [each for each in changed if _is_file(top.folder / each.path)]
    named = [each for each in there if "\n" not in each.path]
    asked = b"".join(os.fsencode(each.path) + b"\n" for each in named)
    names = top.run("hash-object", "--stdin-paths", stdin=asked).decode().split() if named else []
    now = {each.path: name for each, name in zip(named, names, strict=True)}
    states = {}
    for each in changed:
        if os.path.lexists(top.folder / each.path) and each.path not in now:
            states[each.path] = "old" if not each.is_plain else "other"
            continue
        name = now.get(each.path, "")
        states[each.path] = (
            "new" if name == each.other_name else "old" if name == each.name else "other"
        )
    doubtful = [each for each in changed if states[each.path] == "other"]
    return states | _half_written(top, doubtful)


def _half_written(top: Repository, doubtful: Sequence[Difference]) -> dict[str, str]:
    """Find the files of which git had written a part, and those that it will write anyway."""
    contents = contents_of(top, [each.other_name for each in doubtful])
    found = {}
    for each in doubtful:
        whole = contents.get(each.other_name)
        if whole is None:
            continue
        try:
            data = read_plain(str(top.folder / each.path), _MOST_BYTES)
        except FileNotFoundError:  # git had removed the old one, or sparse checkout leaves it out
            found[each.path] = "old"
            continue
        except OSError:
            continue
        if whole.startswith(data):
            found[each.path] = "half"
    return found


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _index_as_new(top: Repository, changed: Sequence[Difference]) -> None:
    """Let the index have the new version of files that the work tree has already."""
    lines = [
        f"{each.other_mode or 0} {each.other_name or '0' * len(each.name)}\t{each.path}"
        for each in changed
    ]
    if lines:
        told = nul_ended(lines)
        on_index(top, lambda: top.run("update-index", "-z", "--index-info", stdin=told))


def _write_anew(top: Repository, commit: str, paths: Sequence[str]) -> None:
    if paths:
        how = ("checkout", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul", commit)
        on_index(top, lambda: top.run(*how, stdin=nul_ended(paths)))


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
            forget(top.git_dir / "desk")
            raise InTheWay([line.strip() for line in said if line.startswith("\t")], said[:1])
        raise OutsideError("git cannot bring the files along", "mend what it names", said)

    answers: list[bool] = []
    on_index(top, lambda: answers.append(merge()))
    return answers[-1]
