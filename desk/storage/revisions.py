"""Commits by what people call them: a revision of Git's, or a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from desk.domain.instants import FIRST_YEAR, LAST_YEAR, is_in_reach
from desk.domain.texts import visible
from desk.errors import NotFound, did_you_mean
from desk.storage.repository import Repository

_HINT = "name a commit, a branch, a tag or a date"
_SHALLOW = "this clone has not the whole history: `git fetch --unshallow` gets the rest"
_MOST_NAMES = 2_000


class Dated(NamedTuple):
    """A commit: its object's name, and when it was committed (UTC)."""

    name: str
    at: datetime


def is_ref(repository: Repository, given: str) -> bool:
    """Tell whether a branch or a tag is called just so."""
    if not _is_askable(given):
        return False
    asked = [f"{place}/{given}" for place in ("refs/heads", "refs/tags", "refs/remotes")]
    found = repository.start(["for-each-ref", "--format=%(refname)", "--", *asked])
    lines = found.stdout.decode(errors="surrogateescape").splitlines()
    return any(line in asked for line in lines)


def commit_called(repository: Repository, given: str) -> Dated:
    """Return the commit that a revision leads to; NotFound. Whatever it is, git takes it for no
    option and no path."""
    found = ""
    if _is_askable(given):
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}")
        done = repository.start(asked)
        found = "" if done.returncode else (done.stdout.decode().split() or [""])[-1]
    if not found or found.startswith("^"):  # `^main`: all but a commit
        shown = visible(given)
        guess = did_you_mean(given, _names(repository)) if len(given) < 200 else ""
        hint = guess or (_SHALLOW if repository.shallow_ends else _HINT)
        raise NotFound(f"there is no commit `{shown}`", hint)
    return _dated(repository.run("rev-list", "-1", "--timestamp", found, "--"))


def last_commit_by(repository: Repository, when: datetime) -> Dated:
    """Return the last commit that HEAD's branch had at an instant; NotFound where there was none.

    Only first parents count: what was merged later was not there yet.
    """
    seconds = int(when.timestamp())
    out = b""
    if seconds >= 0 and repository.has_commits():
        out = repository.run(
            *("rev-list", "-1", "--timestamp", "--first-parent", f"--min-age={seconds}"),
            *("HEAD", "--"),
        )
    if not out:
        hint = _SHALLOW if repository.shallow_ends else "give a later date"
        raise NotFound(f"there was no commit yet at {when:%Y-%m-%dT%H:%M:%SZ}", hint)
    return _dated(out)


def _is_askable(given: str) -> bool:
    return bool(given) and not given.startswith("-") and not set(given) & {"\0", "\n"}


def _names(repository: Repository) -> Iterator[str]:
    out = repository.run(
        *("for-each-ref", f"--count={_MOST_NAMES}", "--format=%(refname:short)"),
        *("refs/heads", "refs/tags", "refs/remotes"),
    )
    yield from out.decode(errors="replace").splitlines()


def _dated(line: bytes) -> Dated:
    """Read a line of `git rev-list --timestamp`; NotFound for a date that nothing can be as of:
    anybody's commits may hold what they like."""
    seconds, name = line.decode().split()
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        at = None
    if at is None or not is_in_reach(at):
        raise NotFound(
            f"the commit {name[:9]} is dated outside of the years {FIRST_YEAR} to {LAST_YEAR}",
            "name another one",
        )
    return Dated(name, at)
