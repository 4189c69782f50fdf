"""Git, by way of the git program: the only module that starts it.

Every call has a clean environment (`ENVIRONMENT_OF_A_REPOSITORY` scrubbed), literal pathspecs and
English messages. See docs/adr/0002-git-program.md.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from desk.errors import Conflict, OutsideError, WorkspaceError
from desk.storage.lock import HELD_BY

ENVIRONMENT_OF_A_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_REF_FORMAT",
    "GIT_REFERENCE_BACKEND",
)
"""What `git rev-parse --local-env-vars` lists, but for what `git -c` hands to its children."""

INDEX_LOCK_SECONDS = 10.0
BULK = 100
"""So many paths and more are committed by way of a private index."""

_BUSY = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
}


class Identity(NamedTuple):
    """A name and an address, as Git signs with them."""

    name: str
    email: str


class CommitRefused(OutsideError):
    """git did not make the commit: a hook, a signature, an identity."""


@dataclass(frozen=True)
class Repository:
    """The repository that a folder lies in; `folder` is where every git process runs."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        allowed: Iterable[int] = (0,),
        extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run git and return what it prints; OutsideError, with its words, for another exit code
        than the `allowed`."""
        done = self._start(arguments, stdin, extra or {})
        if done.returncode not in allowed:
            said = _words(done.stderr)
            raise OutsideError(f"git {arguments[0]} failed", details=said)
        return done.stdout

    def _start(
        self, arguments: Sequence[str], stdin: bytes, extra: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {
            name: value
            for name, value in self.environment.items()
            if name not in ENVIRONMENT_OF_A_REPOSITORY
        }
        environment |= {"GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C.UTF-8", **extra}
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env=environment,
                input=stdin,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise OutsideError(
                f"cannot run git: {error.strerror}", "install git 2.38 or newer"
            ) from error

    @cached_property
    def _places(self) -> tuple[Path, Path, Path]:
        done = self._start(
            ["rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir"], b"", {}
        )
        lines = done.stdout.decode(errors="surrogateescape").split("\n")
        if done.returncode or len(lines) < 3:
            raise WorkspaceError(
                f"{self.folder} is not inside a Git work tree",
                "make it one with `git init`, or a new help desk with `desk init`",
                details=_words(done.stderr),
            )
        return Path(lines[0]), Path(lines[1]), (self.folder / lines[2]).resolve()

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

    def identity(self) -> Identity | None:
        """Return who Git takes the user for, None where it does not know."""
        done = self._start(["var", "GIT_AUTHOR_IDENT"], b"", {})
        name, bracket, rest = done.stdout.decode(errors="replace").partition(" <")
        if done.returncode or not bracket:
            return None
        return Identity(name, rest.partition(">")[0])

    def contents_at(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        """Return what a commit has at these paths (from `folder`), where it has anything."""
        asked = _nul(f"{commit}:./{path}" for path in paths)
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

    def why_not_now(self) -> str:
        """Return what is under way that a commit of ours would spoil, "" where nothing is."""
        if self.environment.get("GIT_INDEX_FILE"):
            return "a commit of yours"
        for name, what in _BUSY.items():
            if (self.git_dir / name).exists():
                return what
        return ""

    def stage(self, paths: Sequence[str]) -> None:
        """Put files into the index; inside a hook of a commit, into that commit's own."""
        inside = self.environment.get("GIT_INDEX_FILE")
        extra = {"GIT_INDEX_FILE": str(Path(inside).absolute())} if inside else {}
        self._on_index(
            lambda: self.run(
                "update-index", "--add", "-z", "--stdin", stdin=_nul(paths), extra=extra
            )
        )

    def commit(
        self, paths: Sequence[str], message: str, dated: str = "", author: Identity | None = None
    ) -> None:
        """Commit exactly these paths, with the user's hooks, signature and identity.

        `dated` (an instant) dates both author and committer. CommitRefused, with the index as it
        was, where git does not make the commit.
        """
        extra = {HELD_BY: str(os.getpid())}
        if dated:
            extra |= {"GIT_AUTHOR_DATE": dated, "GIT_COMMITTER_DATE": dated}
        if author:
            extra |= {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
        if len(paths) < BULK:
            self._commit_only(paths, message, extra)
        else:
            self._commit_by_index(paths, message, extra)

    def _commit_only(self, paths: Sequence[str], message: str, extra: Mapping[str, str]) -> None:
        before = self.run("ls-files", "--stage", "-z", "--full-name", "--", *paths)
        known = {entry.partition(b"\t")[2] for entry in before.split(b"\0") if entry}
        if len(known) < len(paths):
            self._on_index(lambda: self.run("add", "--force", "--sparse", "--", *paths))
        try:
            self._on_index(lambda: self._commit(["--only", "--", *paths], message.encode(), extra))
        except (OutsideError, Conflict):
            if len(known) < len(paths):
                self._restore_index(paths, before)
            raise

    def _commit_by_index(
        self, paths: Sequence[str], message: str, extra: Mapping[str, str]
    ) -> None:
        index = self.git_dir / f"desk-index-{os.getpid()}"
        own = {**extra, "GIT_INDEX_FILE": str(index)}
        head = self.run("rev-parse", "--verify", "--quiet", "HEAD", allowed=(0, 1)).strip()
        try:
            self.run("read-tree", *(["HEAD"] if head else ["--empty"]), extra=own)
            listed = _nul(paths)
            self.run("update-index", "--add", "-z", "--stdin", stdin=listed, extra=own)
            self._commit([], message.encode(), own)
        finally:
            index.unlink(missing_ok=True)
        self.stage(paths)

    def _commit(self, options: Sequence[str], message: bytes, extra: Mapping[str, str]) -> None:
        arguments = ["commit", "--quiet", "--cleanup=whitespace", "--file=-", *options]
        done = self._start(arguments, message, extra)
        if done.returncode:
            _raise_if_locked(done.stderr)
            raise CommitRefused("git refused the commit", details=_words(done.stderr))

    def _restore_index(self, paths: Sequence[str], before: bytes) -> None:
        """Put back the entries that these paths had in the index, or none."""
        self._on_index(
            lambda: self.run(
                "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--sparse", "--", *paths
            )
        )
        if before:
            self._on_index(lambda: self.run("update-index", "-z", "--index-info", stdin=before))

    def _on_index(self, work: Callable[[], object]) -> None:
        """Do something to the index; wait while another process holds its lock."""
        deadline = time.monotonic() + INDEX_LOCK_SECONDS
        while True:
            try:
                work()
            except OutsideError as error:
                locked = any("index.lock" in line for line in error.details)
                if not locked:
                    raise
                if time.monotonic() > deadline:
                    raise Conflict(
                        f"Git's index has been locked for {INDEX_LOCK_SECONDS:g} seconds",
                        f"wait for the other git to end or, if none runs, remove {self.git_dir}"
                        "/index.lock",
                    ) from None
                time.sleep(0.05)
            else:
                return


def make_repository(folder: Path) -> None:
    """Make a repository in a folder, on Git's default branch."""
    Repository(folder).run("init", "--quiet")


def _raise_if_locked(said: bytes) -> None:
    if b"index.lock" in said:
        raise OutsideError("the index is locked", details=_words(said))


def _words(said: bytes) -> list[str]:
    return [line for line in said.decode(errors="replace").split("\n") if line.strip()]


def _nul(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _line_at(data: bytes, start: int) -> tuple[bytes, int]:
    end = data.find(b"\n", start)
    return data[start:end], end + 1
