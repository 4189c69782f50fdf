"""What Git remembers of tickets: the commits, and the files before and after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from desk.storage.repository import Repository

_FORMAT = "%H%x00%aI%x00%an%x00%ae%x00%s%x00%(trailers:key=Desk-Verb,valueonly,separator=%x2C)%x01"


class Commit(NamedTuple):
    """A commit: its name, its author's date (ISO, as Git gives it), author, subject, and the
    command of ours that made it ("" for another's)."""

    name: str
    at: str
    author: str
    email: str
    subject: str
    verb: str


_PLAIN = (
    *("-c", "log.showSignature=false", "-c", "grep.patternType=default"),
    *("-c", "trailer.separators=:", "-c", "i18n.logOutputEncoding=UTF-8"),
)
"""Settings of the user's that would change what `git log` prints or finds."""


def _commits(repository: Repository, *options: str) -> Iterator[Commit]:
    if not repository.has_commits():
        return
    out = repository.run(*_PLAIN, "log", f"--format={_FORMAT}", *options)
    for record in out.decode(errors="replace").split("\x01"):
        parts = record.lstrip("\n").split("\0")
        if len(parts) == 6:
            yield Commit(*parts)


def commits_of(repository: Repository, paths: Sequence[str], limit: int = 0) -> list[Commit]:
    """Return the commits that touched these paths, the newest first."""
    options = [f"--max-count={limit}"] if limit else []
    return list(_commits(repository, *options, "--", *paths))


def commits_by(repository: Repository, email: str) -> list[Commit]:
    """Return the last commands of one author: commits with a verb of ours, the newest first."""
    found = _commits(repository, "--max-count=2000", "--grep=^Desk-Verb: ", "HEAD")
    return [each for each in found if each.verb and each.email.casefold() == email.casefold()]


def tickets_at(repository: Repository, commit: str) -> list[tuple[str, bytes | None, bytes | None]]:
    """Return the tickets that a commit changed: path (from the workspace), content before, content
    after; None where there was, or is, no such file."""
    listed = repository.run(
        "diff-tree",
        "-r",
        "-z",
        "--root",
        "--relative",
        "--no-renames",
        "--no-commit-id",
        "--name-only",
        commit,
        "--",
        "tickets",
    )
    paths = [path for path in listed.decode(errors="surrogateescape").split("\0") if path]
    tickets = [path for path in paths if path.endswith(".md") and path.count("/") == 3]
    before = repository.contents_at(f"{commit}^", tickets)
    after = repository.contents_at(commit, tickets)
    return [(path, before.get(path), after.get(path)) for path in tickets]
