"""The repository that a help desk lies in: where its parts are, what it has, what is under way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from desk.domain.patterns import pattern
from desk.errors import WorkspaceError
from desk.storage.files import TOP
from desk.storage.git_program import GitProgram, nul_ended, words

_BUSY = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
}


_PLACES = (
    *("rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--show-prefix"),
    *("--revs-only", f"HEAD:./{TOP}"),
)
_OBJECT_NAME = pattern(r"[0-9a-f]{40,}", re.ASCII)


class Identity(NamedTuple):
    """A name and an address, as Git signs with them."""

    name: str
    email: str


@dataclass(frozen=True, eq=False, repr=False)
class Repository(GitProgram):
    """The repository that a folder lies in; `folder` is where every git process runs.

    Files of a work tree may look like a git directory, with settings and hooks of their author's:
    git is told not to take them for one.
    """

    options = ("-c", "safe.bareRepository=explicit")

    @cached_property
    def _places(self) -> tuple[Path, Path, Path, str, str]:
        done = self.start(_PLACES)
        if b"dubious ownership" in done.stderr:
            raise WorkspaceError(
                f"Git does not trust {self.folder}: it belongs to somebody else",
                "if you do, run the `git config` command that Git names here",
                details=words(done.stderr),
            )
        lines = done.stdout.decode(errors="surrogateescape").split("\n")
        if done.returncode or len(lines) < 5:
            raise WorkspaceError(
                f"{self.folder} is not inside a Git work tree",
                "make it one with `git init`, or a new help desk with `desk init`",
                details=words(done.stderr),
            )
        tree = lines.pop(4) if _OBJECT_NAME.fullmatch(lines[4]) else ""
        if len(lines) > 5:
            raise WorkspaceError(
                "the path of this repository has a line end in it", "move it to another path"
            )
        top, git_dir, common_dir, prefix, _ = lines
        return Path(top), Path(git_dir), (self.folder / common_dir).resolve(), prefix, tree

    def begin_to_find(self) -> None:
        """Let git find the places, and the tickets of HEAD, while we do something else."""
        self.begin(*_PLACES)

    @property
    def top(self) -> Path:
        """The top of the work tree."""
        return self._places[0]

    @property
    def git_dir(self) -> Path:
        """This work tree's own git directory."""
        return self._places[1]

    @property
    def common_dir(self) -> Path:
        """The git directory that all work trees share."""
        return self._places[2]

    @property
    def prefix(self) -> str:
        """Where `folder` lies in the work tree: empty at its top, else with a slash at its end."""
        return self._places[3]

    @property
    def first_tree(self) -> str:
        """What `tree_of` the tickets was when git was first asked for the places."""
        return self._places[4]

    def identity(self) -> Identity | None:
        """Return who Git takes the user for, None where it does not know."""
        done = self.start(["var", "GIT_AUTHOR_IDENT"])
        name, bracket, rest = done.stdout.decode(errors="replace").partition(" <")
        if done.returncode or not bracket:
            return None
        return Identity(name, rest.partition(">")[0])

    @cached_property
    def shallow_ends(self) -> frozenset[str]:
        """The commits at which a shallow history ends: what they changed nobody can tell."""
        try:
            lines = (self.common_dir / "shallow").read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return frozenset()
        return frozenset(lines)

    @property
    def is_detached(self) -> bool:
        """Whether HEAD is a commit and no branch, so that a new commit is on none."""
        try:
            return not (self.git_dir / "HEAD").read_bytes().startswith(b"ref:")
        except OSError:
            return False

    def has_commits(self) -> bool:
        """Tell whether HEAD leads to a commit; on a branch without one it does not."""
        done = self.start(["rev-parse", "--verify", "--quiet", "HEAD"])
        return done.returncode == 0

    def tree_of(self, folder: str) -> str:
        """Return the name of what HEAD has of a folder, "" where it has nothing."""
        done = self.start(["rev-parse", "--verify", "--quiet", f"HEAD:./{folder}"])
        return done.stdout.decode().strip() if done.returncode == 0 else ""

    def contents_at(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """Return what a commit has at these paths (from `folder`), where it has anything."""
        paths = [path for path in paths if "\n" not in path]  # git's answer would be cut there
        asked = nul_ended(f"{commit}:./{path}" for path in paths)
        out = self.run("cat-file", "--batch", "-z", stdin=asked)
        found = {}
        place = 0
        for path in paths:
            line, place = _line_at(out, place)
            if line.endswith(b" missing"):
                continue
            size = int(line.rsplit(b" ", 1)[1])
            found[path] = out[place : place + size]
            place += size + 1
        return found

    def modified(self, paths: Sequence[str]) -> set[str]:
        """Return those of these files that differ from HEAD as Git sees it: line ends that it
        converts, and what its filters do, are no difference. HEAD must have them all."""
        named = [path for path in paths if "\n" not in path]
        asked = "".join(f"{path}\n" for path in named).encode(errors="surrogateescape")
        on_disk = self.run("hash-object", "--stdin-paths", stdin=asked).split()
        at_head = self.run(
            "cat-file",
            "--batch-check=%(objectname)",
            "-z",
            stdin=nul_ended(f"HEAD:./{path}" for path in named),
        ).split(b"\n")
        pairs = zip(named, on_disk, at_head, strict=False)
        same = {path for path, one, other in pairs if one == other}
        return set(paths) - same

    @cached_property
    def commit_index(self) -> Path | None:
        """The index of the commit whose hook we run in; None outside of one, and in a hook of
        another repository."""
        given = self.environment.get("GIT_INDEX_FILE")
        if not given:
            return None
        # A relative one is meant from the top of a work tree, where git starts its hooks.
        seen_from_here = Path(given).absolute()
        place = seen_from_here if seen_from_here.exists() else self.top / given
        return place if place.parent.resolve() == self.git_dir.resolve() else None

    def why_not_now(self) -> str:
        """Return what is under way that a commit of ours would spoil, "" where nothing is."""
        if self.commit_index is not None:
            return "a commit of yours"
        for name, what in _BUSY.items():
            if (self.git_dir / name).exists():
                return what
        return ""

    @property
    def index_environment(self) -> Mapping[str, str]:
        """What leads git to the index that files are staged in now: within a hook of a commit, to
        that commit's own."""
        inside = self.commit_index
        return {"GIT_INDEX_FILE": str(inside)} if inside else {}


def make_repository(folder: Path) -> None:
    """Make a repository in a folder, on Git's default branch."""
    GitProgram(folder).run("init", "--quiet")


def _line_at(data: bytes, start: int) -> tuple[bytes, int]:
    end = data.find(b"\n", start)
    return data[start:end], end + 1
