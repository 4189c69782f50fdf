"""Commits of exactly the paths that were written, by the user's git with its hooks.

A few paths go by `git commit --only`. Many go by a private index, while Git's own index is locked
as git itself locks it, so that nobody commits in between and no kill leaves it behind HEAD.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from desk.errors import Conflict, OutsideError
from desk.storage.git_program import nul_ended, words
from desk.storage.lock import HELD_BY
from desk.storage.repository import Identity, Repository

INDEX_LOCK_SECONDS = 10.0
BULK = 100
"""So many paths and more are committed by way of a private index."""

PRIVATE_INDEX = "desk-index-"
"""How the names of our own index files in the git directory begin."""

_LOCKED = "index.lock': File exists"


class CommitRefused(OutsideError):
    """git did not make the commit: a hook, a signature, an identity."""


def commit(
    repository: Repository,
    paths: Sequence[str],
    message: str,
    dated: str = "",
    author: Identity | None = None,
) -> None:
    """Commit exactly these paths, with the user's hooks, signature and identity.

    `dated` (an instant) dates both author and committer. CommitRefused, with the index as it was,
    where git does not make the commit; Conflict where others hold the index for too long.
    """
    extra = {HELD_BY: str(os.getpid())}
    if dated:
        extra |= {"GIT_AUTHOR_DATE": dated, "GIT_COMMITTER_DATE": dated}
    if author:
        extra |= {"GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email}
    if len(paths) < BULK:
        _commit_only(repository, paths, message, extra)
    else:
        _commit_by_index(repository, paths, message, extra)


def stage(repository: Repository, paths: Sequence[str]) -> None:
    """Put files into the index; inside a hook of a commit, into that commit's own."""
    extra = repository.index_environment
    listed = nul_ended(paths)
    on_index(
        repository,
        lambda: repository.run("update-index", "--add", "-z", "--stdin", stdin=listed, extra=extra),
    )


def index_from_head(repository: Repository, paths: Sequence[str]) -> None:
    """Give these paths in the index what HEAD has there."""
    listed = b""
    for start in range(0, len(paths), BULK):
        some = paths[start : start + BULK]
        listed += repository.run("ls-tree", "-z", "--full-name", "HEAD", "--", *some)
    on_index(repository, lambda: repository.run("update-index", "-z", "--index-info", stdin=listed))


def _commit_only(
    repository: Repository, paths: Sequence[str], message: str, extra: Mapping[str, str]
) -> None:
    listed = repository.run("ls-files", "-v", "--stage", "-z", "--full-name", "--", *paths)
    entries = [entry for entry in listed.split(b"\0") if entry]
    is_new = len({entry.partition(b"\t")[2] for entry in entries}) < len(paths)
    with _unhidden(repository, paths, any(not entry.startswith(b"H") for entry in entries)):
        if is_new:
            on_index(repository, lambda: repository.run("add", "--force", "--sparse", "--", *paths))
        try:
            options = ["--only", "--", *paths]
            on_index(repository, lambda: _commit(repository, options, message, extra))
        except BaseException:
            if is_new:
                _restore_index(repository, paths, b"".join(entry[2:] + b"\0" for entry in entries))
            raise


@contextmanager
def _unhidden(repository: Repository, paths: Sequence[str], is_needed: bool) -> Iterator[None]:
    """Take off, for a while, the marks that hide changes of these files from git."""
    if not is_needed:
        yield
        return
    listed = repository.run("ls-files", "-v", "-z", "--", *paths).split(b"\0")
    hidden = [os.fsdecode(entry[2:]) for entry in listed if entry[:1] in (b"h", b"s", b"S")]
    assumed = [os.fsdecode(entry[2:]) for entry in listed if entry[:1].islower()]
    for mark in ("--no-skip-worktree", "--no-assume-unchanged"):  # git heeds one at a time
        _mark(repository, mark, hidden)
    try:
        yield
    finally:
        if assumed:
            _mark(repository, "--assume-unchanged", assumed)


def _mark(repository: Repository, mark: str, paths: Sequence[str]) -> None:
    on_index(repository, lambda: repository.run("update-index", mark, "--", *paths))


def _commit_by_index(
    repository: Repository, paths: Sequence[str], message: str, extra: Mapping[str, str]
) -> None:
    folder, listed = repository.git_dir, nul_ended(paths)
    private = folder / f"{PRIVATE_INDEX}{os.getpid()}"
    after = folder / f"{PRIVATE_INDEX}{os.getpid()}-next"
    with index_locked(folder):
        try:
            own = {**extra, "GIT_INDEX_FILE": str(private)}
            base = ["HEAD"] if repository.has_commits() else ["--empty"]
            repository.run("read-tree", *base, extra=own)
            if (folder / "index").exists():
                shutil.copyfile(folder / "index", after)
            for index in (private, after):
                repository.run(
                    "update-index",
                    *("--add", "-z", "--stdin"),
                    stdin=listed,
                    extra={"GIT_INDEX_FILE": str(index)},
                )
            _commit(repository, [], message, own)
            after.replace(folder / "index")
        finally:
            private.unlink(missing_ok=True)
            after.unlink(missing_ok=True)


@contextmanager
def index_locked(folder: Path) -> Iterator[None]:
    """Hold Git's index as git itself does: by a file that must not be there."""
    lock = folder / "index.lock"
    deadline = time.monotonic() + INDEX_LOCK_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            break
        except FileExistsError:
            _wait_for_index(folder, deadline)
        except OSError as error:
            raise OutsideError(
                f"cannot lock Git's index: {error.strerror}", f"see who owns {folder}"
            ) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _commit(
    repository: Repository, options: Sequence[str], message: str, extra: Mapping[str, str]
) -> None:
    encoding = ("-c", "i18n.commitEncoding=UTF-8")
    arguments = [*encoding, "commit", "--quiet", "--cleanup=whitespace", "--file=-", *options]
    done = repository.start(arguments, message.encode(), extra)
    if done.returncode:
        said = words(done.stderr) or words(done.stdout)
        if any(_LOCKED in line for line in said):
            raise OutsideError("the index is locked", details=said)
        raise CommitRefused("git refused the commit", details=said)


def _restore_index(repository: Repository, paths: Sequence[str], before: bytes) -> None:
    """Put back the entries that these paths had in the index, or none."""
    out = ("rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--sparse", "--")
    on_index(repository, lambda: repository.run(*out, *paths))
    if before:
        on_index(
            repository, lambda: repository.run("update-index", "-z", "--index-info", stdin=before)
        )


def on_index(repository: Repository, work: Callable[[], object]) -> None:
    """Do something to the index; wait while another process holds its lock."""
    deadline = time.monotonic() + INDEX_LOCK_SECONDS
    while True:
        try:
            work()
        except OutsideError as error:
            if not any(_LOCKED in line for line in error.details):
                raise
            _wait_for_index(repository.git_dir, deadline)
        else:
            return


def _wait_for_index(folder: Path, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise Conflict(
            f"Git's index has been locked for {INDEX_LOCK_SECONDS:g} seconds",
            f"wait for the other git to end or, if none runs, remove {folder}/index.lock",
        )
    time.sleep(0.05)
