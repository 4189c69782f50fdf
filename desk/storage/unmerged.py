"""Files in conflict: what Git keeps of them, and what it wrote into the work tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from desk.domain.patterns import pattern
from desk.storage.repository import Repository
from desk.storage.versions import contents_of

BASE, OURS, THEIRS = 1, 2, 3

_PLAIN_FILES = ("100644", "100755")
_HUNK = pattern(
    rb"<<<<<<< [^\n]*\n(?P<ours>.*?)(?:^\|\|\|\|\|\|\|(?: [^\n]*)?\n(?P<base>.*?))?"
    rb"^=======\n(?P<theirs>.*?)^>>>>>>> [^\n]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_DIVIDER = pattern(rb"^=======$", re.MULTILINE)
_MARKER = pattern(rb"^(?:<<<<<<<|>>>>>>>)", re.MULTILINE)


class Stages(NamedTuple):
    """The object names of a file in conflict: of the common ancestor, ours and theirs, "" for what
    has none; `is_plain` where all of them are files, and no links or submodules."""

    base: str
    ours: str
    theirs: str
    is_plain: bool


def files_in_conflict(repository: Repository) -> dict[str, Stages]:
    """Return the files below the repository's folder that Git could not merge, by path."""
    listed = repository.run("ls-files", "--unmerged", "-z").decode(errors="surrogateescape")
    names: dict[str, dict[int, str]] = {}
    odd = set()
    for line in listed.split("\0")[:-1]:
        told, _, path = line.partition("\t")
        mode, name, stage = told.split(" ")
        names.setdefault(path, {})[int(stage)] = name
        if mode not in _PLAIN_FILES:
            odd.add(path)
    return {
        path: Stages(
            found.get(BASE, ""), found.get(OURS, ""), found.get(THEIRS, ""), path not in odd
        )
        for path, found in names.items()
    }


def contents_in_conflict(
    repository: Repository, files: Mapping[str, Stages]
) -> dict[str, tuple[bytes | None, bytes | None, bytes | None]]:
    """Return what base, ours and theirs of files in conflict hold."""
    found = contents_of(repository, [name for each in files.values() for name in each[:3]])
    return {
        path: (found.get(each.base), found.get(each.ours), found.get(each.theirs))
        for path, each in files.items()
    }


def staged_content(repository: Repository, path: str) -> bytes | None:
    """Return what the index has at a path that is not in conflict."""
    done = repository.start(["cat-file", "blob", f":./{path}"])
    return None if done.returncode else done.stdout


def marked_tickets(repository: Repository) -> list[str]:
    """Return the tickets in the work tree that hold conflict markers, by path."""
    done = repository.start(
        [
            *("grep", "--untracked", "-l", "-z", "-E", "-e", "^(<<<<<<<|>>>>>>>) "),
            *("--", "tickets"),
        ]
    )
    names = done.stdout.decode(errors="surrogateescape").split("\0")[:-1]
    return sorted(names)


def _side(name: str, hunk: re.Match[bytes]) -> bytes:
    return hunk[name] or b""


def sides_of(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return base, ours and theirs of a file with conflict markers; None where these do not add up.

    The base is empty where the markers do not tell it.
    """
    data = data.replace(b"\r\n", b"\n")
    hunks = list(_HUNK.finditer(data))
    tells_base = all(hunk["base"] is not None for hunk in hunks)
    sides = tuple(_HUNK.sub(partial(_side, side), data) for side in ("base", "ours", "theirs"))
    is_unclear = any(_DIVIDER.search(hunk["theirs"]) for hunk in hunks)
    if not hunks or is_unclear or any(_MARKER.search(side) for side in sides):
        return None
    base, ours, theirs = sides
    return (base if tells_base else b""), ours, theirs


def is_as_git_wrote_it(data: bytes, versions: Sequence[bytes | None]) -> bool:
    """Tell whether a file in conflict has no line but those of its versions and Git's markers:
    then nobody has worked on it by hand."""
    known = {line for version in versions if version for line in _lines(version)}
    return all(
        line in known or line == b"=======" or line.startswith((b"<<<<<<<", b">>>>>>>", b"|||||||"))
        for line in _lines(data)
    )


def _lines(data: bytes) -> list[bytes]:
    return data.replace(b"\r\n", b"\n").split(b"\n")


def under_way(git_dir: Path) -> str:
    """Return the command that concludes what is under way, "" where nothing is."""
    for name, command in (
        ("rebase-merge", "git rebase --continue"),
        ("rebase-apply/applying", "git am --continue"),
        ("rebase-apply", "git rebase --continue"),
        ("CHERRY_PICK_HEAD", "git cherry-pick --continue"),
        ("REVERT_HEAD", "git revert --continue"),
        ("MERGE_HEAD", "git commit"),
    ):
        if (git_dir / name).exists():
            return command
    return ""
