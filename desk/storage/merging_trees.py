"""Two commits merged outside the work tree: trees, blobs and the commit, a process or two for each
step however many files there are."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from desk.errors import OutsideError
from desk.storage.git_program import GitProgram, nul_ended, words
from desk.storage.repository import Identity, Repository

FILE = "100644"
ATTRIBUTES = ".gitattributes"
SCRATCH = "scratch-"
"""How the names of folders begin that are needed for a moment."""

_NO_RENAMES = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
_TICKETS_ASIDE = ("-c", "merge.desk.driver=true", "-c", "merge.desk.recursive=binary")
"""Lets git's own merge take any version of a ticket: ours is put in its place."""


class Difference(NamedTuple):
    """A path (from the workspace) that two trees have otherwise: modes and object names, "" where
    one has nothing."""

    path: str
    mode: str
    other_mode: str
    name: str
    other_name: str

    @property
    def is_plain(self) -> bool:
        """Whether what is there on either side is a file, no link and no submodule."""
        return {self.mode, self.other_mode} <= {"", FILE, "100755"}


def commit_of(repository: Repository, name: str) -> str:
    """Return the commit that a name stands for, "" where there is none."""
    done = repository.start(["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"])
    return done.stdout.decode().strip() if done.returncode == 0 else ""


def merge_bases(repository: Repository, commit: str, others: Sequence[str]) -> list[str]:
    """Return the best common ancestors of a commit and what the others would be merged; none where
    they have nothing in common."""
    done = repository.start(["merge-base", "--all", commit, *others])
    if done.returncode > 1:
        raise OutsideError("git merge-base failed", "see `git fsck`", words(done.stderr))
    return done.stdout.decode().split()


def count_commits(repository: Repository, new: str, old: str) -> int:
    """Return how many commits one has that another has not, merges aside."""
    return int(repository.run("rev-list", "--count", "--no-merges", new, f"^{old}"))


def differences(repository: Repository, one: str, other: str, *paths: str) -> list[Difference]:
    """Return what two commits or trees have otherwise, below the repository's folder."""
    out = repository.run(
        *("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--relative"),
        *(one, other, "--", *paths),
    )
    parts = out.decode(errors="surrogateescape").split("\0")
    found = []
    for told, path in zip(parts[:-1:2], parts[1::2], strict=True):
        mode, other_mode, name, other_name, _ = told[1:].split(" ")
        pairs = ((mode, name), (other_mode, other_name))
        (mode, name), (other_mode, other_name) = (
            pair if pair[1].strip("0") else ("", "") for pair in pairs
        )
        found.append(Difference(path, mode, other_mode, name, other_name))
    return found


class Rest(NamedTuple):
    """What git's own merge makes of two commits: a tree, and the paths (from the top) that it could
    not merge, each with the mode and object name of its stages."""

    tree: str
    conflicts: dict[str, dict[int, tuple[str, str]]]


def merge_rest(repository: Repository, ours: str, theirs: str) -> Rest:
    """Let git merge two commits without the work tree; tickets come out in any version.

    Git writes what it hands to merge drivers into the folder that it runs in, and leaves it there
    when it is killed. So it runs in one of ours, in which it finds the attributes alone.
    """
    with scratch_folder(repository) as folder:
        for place in _places_of_attributes(repository):
            _copy(repository.top / place / ATTRIBUTES, folder / place / ATTRIBUTES)
        own = {"GIT_DIR": str(repository.git_dir), "GIT_WORK_TREE": str(folder)}
        words_of_git = ("merge-tree", "--write-tree", "-z", ours, theirs)
        done = GitProgram(folder, repository.environment).start(
            [*_NO_RENAMES, *_TICKETS_ASIDE, *words_of_git], extra=own
        )
    if done.returncode > 1:
        raise OutsideError("git merge-tree failed", "install git 2.38 or newer", words(done.stderr))
    parts = done.stdout.decode(errors="surrogateescape").split("\0")
    conflicts: dict[str, dict[int, tuple[str, str]]] = {}
    for part in parts[1:] if done.returncode else ():
        if not part:
            break
        told, _, path = part.partition("\t")
        mode, name, stage = told.split(" ")
        conflicts.setdefault(path, {})[int(stage)] = (mode, name)
    return Rest(parts[0].strip(), conflicts)


def _places_of_attributes(repository: Repository) -> list[str]:
    """Return the folders, from the top, whose attributes tell of a help desk's files."""
    prefix = repository.prefix.strip("/")
    above = [str(folder) for folder in Path(prefix).parents] if prefix else []
    return ["", *above, prefix, *(f"{prefix}/{name}".strip("/") for name in ("tickets", "kb"))]


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def write_blobs(repository: Repository, contents: Sequence[bytes]) -> list[str]:
    """Store contents, and return their object names."""
    if not contents:
        return []
    with scratch_folder(repository) as folder:
        for number, data in enumerate(contents):
            (folder / str(number)).write_bytes(data)
        asked = "".join(f"{folder / str(number)}\n" for number in range(len(contents)))
        out = repository.run(
            *("hash-object", "-w", "--no-filters", "--stdin-paths"),
            stdin=os.fsencode(asked),
        )
    return out.decode().split()


def tree_with(
    repository: Repository, tree: str, files: Mapping[str, tuple[str, str] | None]
) -> str:
    """Return a tree that has other files (mode, object name; None: none) at some paths (from the
    top of the work tree)."""
    if not files:
        return tree
    lines = []
    for path, found in files.items():
        mode, name = found or ("0", "0" * len(tree))
        lines.append(f"{mode} {name}\t{path}")
    with scratch_folder(repository) as folder:
        own = {"GIT_INDEX_FILE": str(folder / "index")}
        repository.run("read-tree", tree, extra=own)
        repository.run("update-index", "-z", "--index-info", stdin=nul_ended(lines), extra=own)
        return repository.run("write-tree", extra=own).decode().strip()


def commit_merge(
    repository: Repository,
    tree: str,
    parents: Sequence[str],
    message: str,
    dated: str = "",
    author: Identity | None = None,
) -> str:
    """Make a commit of a tree, signed where Git is told to sign; no branch is moved."""
    extra: dict[str, str] = {}
    if dated:
        extra |= {"GIT_AUTHOR_DATE": dated, "GIT_COMMITTER_DATE": dated}
    if author:
        extra |= {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
    done = repository.start(["config", "--type=bool", "--get", "commit.gpgSign"])
    signed = ["-S"] if done.stdout.strip() == b"true" else []
    given = [word for parent in parents for word in ("-p", parent)]
    out = repository.run(
        *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", *signed, *given, tree),
        stdin=message.encode(),
        extra=extra,
    )
    return out.decode().strip()


@contextmanager
def scratch_folder(repository: Repository) -> Iterator[Path]:
    """Make a folder in the git directory for what is needed for a moment."""
    within = repository.git_dir / "desk"
    within.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=within))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def clear_scratch(repository: Repository) -> None:
    """Remove what killed processes left; for who holds the writers' lock."""
    for left in (repository.git_dir / "desk").glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
