"""The repository that an audit looks at: a clone with a work tree, or a bare one on a server."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from desk.errors import NotFound, OutsideError, WorkspaceError
from desk.storage.git_program import GitProgram, nul_ended, words
from desk.storage.root import CONFIG, find_root, looks_like_workspace

_QUARANTINE = "GIT_QUARANTINE_PATH"
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")

AS_IT_WAS = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
"""Commits as they were made: whoever has a clone can put others in their place, for that clone."""


@dataclass(frozen=True, eq=False, repr=False)
class AuditedRepository(GitProgram):
    """A repository with its history as it was made, `git replace` and grafts left aside."""

    options = ("-c", "core.fsmonitor=false")

    seen_from: Path = Path()
    """Where somebody looks at it from; `folder` is the top of the work tree, if there is one."""

    @cached_property
    def _places(self) -> tuple[Path, bool, str]:
        """Return the common git directory, whether there is a work tree, and the way to its top."""
        asked = ("--git-common-dir", "--is-inside-work-tree", "--show-cdup")
        done = self.start(["rev-parse", *asked])
        lines = done.stdout.decode(errors="surrogateescape").split("\n")
        if done.returncode or len(lines) not in (3, 4):
            is_foreign = b"dubious ownership" in done.stderr
            raise WorkspaceError(
                f"Git does not trust {self.folder}: it belongs to somebody else"
                if is_foreign
                else f"{self.folder} is not inside a Git repository",
                "if you do, run the `git config` command that Git names here"
                if is_foreign
                else "name one with -C",
                details=words(done.stderr),
            )
        common, is_inside, upward = lines[:3]
        return (self.folder / common).resolve(), is_inside == "true", upward

    @property
    def common_dir(self) -> Path:
        """The git directory that all work trees share."""
        return self._places[0]

    def from_top(self) -> AuditedRepository:
        """Return the repository as its git is run from the top: paths are meant from there."""
        _, is_inside, upward = self._places
        return replace(self, folder=self.folder / upward) if is_inside else self

    def help_desks(self, commits: tuple[str, ...] = ("HEAD",)) -> list[str]:
        """Return where help desks lie in the repository: "" at its top, else with a slash at the
        end. In a work tree that is the one around `folder`; else those that the commits have."""
        if self._places[1]:
            inside = find_root(self.seen_from).resolve().relative_to(self.folder.resolve())
            return ["".join(f"{part}/" for part in inside.parts)]
        return sorted({prefix for commit in commits for prefix in self._desks_in(commit)})

    def _desks_in(self, commit: str) -> Iterator[str]:
        done = self.start(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])
        if done.returncode:
            return
        paths = done.stdout.decode(errors="surrogateescape").split("\0")
        for path in paths:
            folder, _, name = path.rpartition("/")
            if name == CONFIG and "\n" not in path:
                asked = nul_ended([f"{commit}:{path}"])
                out = self.run("cat-file", "--batch", "-z", stdin=asked)
                if looks_like_workspace(out.partition(b"\n")[2]):
                    yield f"{folder}/" if folder else ""

    def commits_named(self, revisions: str) -> list[str]:
        """Return the commits that a revision or a range stands for, those that it leaves out with a
        `^` before them. NotFound where Git knows no such commit."""
        hint = "name a branch, a commit or a range such as main..feature"
        if not revisions or revisions.startswith("-") or "\0" in revisions:
            raise NotFound(f"`{revisions}` is no revision", hint)
        done = self.start(["rev-parse", "--revs-only", "--end-of-options", revisions])
        named = [
            line for line in done.stdout.decode().split("\n") if line and not line.startswith("-")
        ]
        if done.returncode or not named:
            raise NotFound(f"there is no revision `{revisions}`", hint)
        return [self._as_commit(name, revisions) for name in named]

    def _as_commit(self, name: str, given: str) -> str:
        sign, plain = ("^", name[1:]) if name.startswith("^") else ("", name)
        found = self.commit_named(plain)
        if not found:
            raise NotFound(f"`{given}` names no commit", "name a branch or a commit")
        return sign + found

    def commit_named(self, name: str) -> str:
        """Return the commit that a name leads to, "" where there is none."""
        asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
        done = self.start(asked)
        lines = done.stdout.decode().split()
        return lines[-1] if done.returncode == 0 and lines else ""

    def has_object(self, name: str) -> bool:
        """Tell whether there is something of this name, a commit or not."""
        return self.start(["cat-file", "-e", name]).returncode == 0

    def is_ancestor(self, one: str, other: str) -> bool:
        """Tell whether a commit is among those that another one leads back to."""
        done = self.start(["merge-base", "--is-ancestor", one, other])
        if done.returncode > 1:
            raise OutsideError("git merge-base failed", "see what it says", words(done.stderr))
        return done.returncode == 0

    def merge_bases(self, commits: tuple[str, ...]) -> list[str]:
        """Return the common ancestors that a merge of these commits starts from."""
        done = self.start(["merge-base", "--all", *commits])
        return done.stdout.decode().split() if done.returncode == 0 else []

    def merged_lines(self, ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
        """Return what Git makes of two versions of a text; None where they conflict."""
        with tempfile.TemporaryDirectory(prefix="desk-") as folder:
            paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
            for path, data in zip(paths, (ours, base, theirs), strict=True):
                path.write_bytes(data)
            done = self.start(["merge-file", "-p", "-q", *map(str, paths)])
        return done.stdout if done.returncode == 0 else None

    @cached_property
    def default_branch(self) -> str:
        """The branch that HEAD names, born or not: `refs/heads/main`."""
        return self.start(["symbolic-ref", "--quiet", "HEAD"]).stdout.decode().strip()

    @cached_property
    def shallow_ends(self) -> frozenset[str]:
        """The commits at which a shallow history ends."""
        try:
            return frozenset((self.common_dir / "shallow").read_text(encoding="ascii").split())
        except FileNotFoundError:
            return frozenset()


def audited_repository(folder: Path, environment: Mapping[str, str]) -> AuditedRepository:
    """Open the repository that a folder lies in. Inside a receive hook of it, what is being pushed
    lies in quarantine, and is read from there."""
    folder = folder.absolute()
    fixed = {**AS_IT_WAS, **_without_advice(environment)}
    quarantine = environment.get(_QUARANTINE)
    if quarantine and Path(quarantine).resolve().is_relative_to(folder.resolve()):
        fixed |= {name: environment[name] for name in _OBJECTS if name in environment}
    return AuditedRepository(folder, environment, fixed, seen_from=folder).from_top()


def _without_advice(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return what keeps git from advice on graft files, as one more setting by environment."""
    given = environment.get("GIT_CONFIG_COUNT", "")
    count = int(given) if given.isdecimal() else 0
    return {
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": "advice.graftFileDeprecated",
        f"GIT_CONFIG_VALUE_{count}": "false",
    }
