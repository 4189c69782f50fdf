"""What Git remembers of tickets: the commits, and the files before and after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from desk.domain.instants import is_in_reach
from desk.storage.repository import Repository

_FIELDS = (
    *("%H", "%aI", "%cI", "%an", "%ae", "%s"),
    "%(trailers:key=Desk-Verb,valueonly,separator=%x2C)",
)
"""What is asked of each commit; with `-z` each ends with a NUL, which no part of a commit holds."""


class Commit(NamedTuple):
    """A commit: its name, when it was authored (UTC; None where it does not say), its author,
    subject, and the command of ours that made it ("" for another's)."""

    name: str
    at: datetime | None
    author: str
    email: str
    subject: str
    verb: str


PLAIN = (
    *("-c", "log.showSignature=false", "-c", "grep.patternType=default"),
    *("-c", "log.follow=false", "-c", "log.showRoot=true"),
    *("-c", "trailer.separators=:", "-c", "i18n.logOutputEncoding=UTF-8"),
)
"""Settings of the user's that would change what `git log` prints or finds."""


def _commits(repository: Repository, *options: str) -> Iterator[Commit]:
    if not repository.has_commits():
        return
    out = repository.run(*PLAIN, "log", "-z", f"--format={'%x00'.join(_FIELDS)}", *options)
    parts = iter(out.decode(errors="replace").split("\0")[:-1])
    for name, authored, committed, *rest in zip(*[parts] * len(_FIELDS), strict=True):
        yield Commit(name, authored_at(authored, committed), *rest)


def authored_at(authored: str, committed: str) -> datetime | None:
    """Return the first of a commit's two dates (ISO, as Git gives them) that can be read, in UTC;
    None where neither can: anybody's commits may hold what they like."""
    for text in (authored, committed):
        try:
            at = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if is_in_reach(at):
            return at
    return None


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
