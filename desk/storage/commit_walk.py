"""Walking a history, parents first: each commit, what it changed against each parent, and files.

Three git processes do it, however many commits there are: one lists them, one compares trees, one
reads contents. What they say is read as it comes, and nothing of it kept.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from desk.errors import OutsideError
from desk.storage.history import PLAIN, authored_at
from desk.storage.ticket_file import MAX_TICKET_BYTES

if TYPE_CHECKING:
    from desk.storage.audited import AuditedRepository
    from desk.storage.git_program import Conversation

_FIELDS = (
    *("%H", "%P", "%aI", "%cI", "%an", "%ae", "%s"),
    "%(trailers:key=Desk-Verb,valueonly,separator=%x2C)",
)
_SIGNATURE = ("%G?", "%GS")

_AT_A_TIME = 150
"""So many pairs of commits are asked about in one go: few enough for a pipe to hold the question,
so that neither side waits for the other to read."""

_CHUNK = 1 << 16
_CHANGE = re.compile(rb":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
_FILE_MODES = (b"100644", b"100755", b"100664")

WATCHED = ("tickets", "kb", "config.yaml")
"""What of a help desk an audit looks at."""


class FileChange(NamedTuple):
    """A file before and after: its path from the workspace, the names of its contents ("": there
    was, or is, none), and whether it is a plain file afterwards."""

    path: str
    before: str
    after: str
    is_file: bool = True


class WalkedCommit(NamedTuple):
    """A commit: `changes` has, for each parent, what is different from it (one part for a commit
    without parents). `signature` is what Git says of it (`G`: good), `signer` whose it is; both are
    empty unless asked for."""

    name: str
    parents: tuple[str, ...]
    at: datetime | None
    committed_at: datetime | None
    author: str
    email: str
    subject: str
    verb: str
    changes: tuple[tuple[FileChange, ...], ...] = ()
    signature: str = ""
    signer: str = ""


class CommitWalk:
    """Reads the history of one help desk, which lies at `prefix` in its repository."""

    def __init__(self, repository: AuditedRepository, prefix: str) -> None:
        self.repository = repository
        self.prefix = prefix
        self._open = contextlib.ExitStack()
        self._cat: Conversation | None = None

    def __enter__(self) -> CommitWalk:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._cat = None
        self._open.close()

    def commits(
        self,
        revisions: Sequence[str],
        options: Sequence[str] = (),
        paths: Sequence[str] = (),
        signed: bool = False,
    ) -> Iterator[WalkedCommit]:
        """Yield the commits that revisions lead to, parents before children; with `paths` (from the
        workspace) only those that changed them, merges aside."""
        fields = (*_FIELDS, *(_SIGNATURE if signed else ()))
        limits = ["--no-merges", "--", *(f"{self.prefix}{path}" for path in paths)]
        listing = (
            *(*PLAIN, "log", "-z", "--no-patch", "--topo-order", "--reverse", "--no-mailmap"),
            *("--no-notes", f"--format={'%x00'.join(fields)}", *options, *revisions),
            *(limits if paths else ("--",)),
        )
        watched = [f"{self.prefix}{path}" for path in paths or WATCHED]
        with (
            self.repository.talking(*listing) as log,
            self.repository.talking(
                *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--root"),
                *("--always", "--no-abbrev", "--", *watched),
            ) as trees,
        ):
            parts = _parts(log)
            commits = (_commit(each) for each in iter(lambda: list(islice(parts, len(fields))), []))
            while some := list(islice(commits, _AT_A_TIME)):
                yield from self._compared(trees, some)

    def _compared(
        self, trees: Conversation, commits: Sequence[WalkedCommit]
    ) -> Iterator[WalkedCommit]:
        pairs = [(commit, parent) for commit in commits for parent in (commit.parents or ("",))]
        found: list[tuple[FileChange, ...]] = []
        for start in range(0, len(pairs), _AT_A_TIME):
            some = pairs[start : start + _AT_A_TIME]
            lines = "".join(f"{commit.name} {parent}".rstrip() + "\n" for commit, parent in some)
            found += self._differences(trees, lines, len(some))
        place = iter(found)
        for commit in commits:
            yield commit._replace(changes=tuple(islice(place, len(commit.parents) or 1)))

    def _differences(
        self, trees: Conversation, lines: str, count: int
    ) -> list[tuple[FileChange, ...]]:
        """Ask for differences; git echoes a line that names no commit, and flushes then."""
        try:
            trees.ask.write(f"{lines}{_END}\n".encode())
            trees.ask.flush()
        except BrokenPipeError:
            raise _stopped("diff-tree") from None
        answer = b""
        pieces = []
        while not answer.endswith(_ENDED):
            piece = os.read(trees.answer.fileno(), _CHUNK)
            if not piece:
                raise _stopped("diff-tree")
            pieces.append(piece)
            answer = (answer + piece)[-len(_ENDED) :]
        parts = b"".join(pieces)[: -len(_ENDED)].split(b"\0")[:-1]
        found: list[list[FileChange]] = []
        place = 0
        while place < len(parts):
            match = _CHANGE.fullmatch(parts[place])
            if match is None:
                found.append([])
                place += 1
                continue
            found[-1].append(self._change(match, parts[place + 1]))
            place += 2
        if len(found) != count:
            raise _stopped("diff-tree")
        return [tuple(each) for each in found]

    def _change(self, match: re.Match[bytes], path: bytes) -> FileChange:
        _, mode, before, after, _ = match.groups()
        return FileChange(
            path.decode(errors="surrogateescape")[len(self.prefix) :],
            before.decode() if before.strip(b"0") else "",
            after.decode() if after.strip(b"0") else "",
            mode in _FILE_MODES or not after.strip(b"0"),
        )

    def between(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Return the files that differ between two commits."""
        out = self.repository.run(
            *("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new, "--"),
            *(f"{self.prefix}{path}" for path in WATCHED),
        )
        parts = out.split(b"\0")[:-1]
        return tuple(
            self._change(match, path)
            for line, path in zip(parts[::2], parts[1::2], strict=True)
            if (match := _CHANGE.fullmatch(line))
        )

    def content(self, name: str) -> bytes | None:
        """Return what has this name (of contents, or `commit:path`); None where there is no such
        file, or it is larger than a ticket may be."""
        return self.named_content(name)[1]

    def content_at(self, commit: str, path: str) -> tuple[str, bytes | None]:
        """Return the name and the content of a commit's file, ("", None) where it has none."""
        path = f"{self.prefix}{path}"
        return ("", None) if "\n" in path else self.named_content(f"{commit}:{path}")

    def named_content(self, name: str) -> tuple[str, bytes | None]:
        """Return the object name behind a name, and the content."""
        if self._cat is None:
            self._cat = self._open.enter_context(self.repository.talking("cat-file", "--batch"))
        ask, answer = self._cat
        try:
            ask.write(name.encode(errors="surrogateescape") + b"\n")
            ask.flush()
        except BrokenPipeError:
            raise _stopped("cat-file") from None
        head = answer.readline()
        if not head:
            raise _stopped("cat-file")
        if head.endswith((b" missing\n", b" ambiguous\n")):
            return "", None
        found, kind, size = head.split()
        left = int(size)
        if left > MAX_TICKET_BYTES or kind != b"blob":
            left += 1  # the line end behind it
            while left > 0 and (piece := answer.read(min(left, _CHUNK))):
                left -= len(piece)
            return found.decode(), None
        return found.decode(), answer.read(left + 1)[:-1]


_END = "that is all"
_ENDED = f"{_END}\n".encode()


def _stopped(name: str) -> OutsideError:
    return OutsideError(f"git {name} stopped", "`git fsck` tells whether the repository is whole")


def _parts(process: Conversation) -> Iterator[bytes]:
    """Yield what git prints, each part without the NUL at its end."""
    rest = b""
    while chunk := process.answer.read(_CHUNK):
        *parts, rest = (rest + chunk).split(b"\0")
        yield from parts
    if rest:
        yield rest


def _commit(parts: list[bytes]) -> WalkedCommit:
    name, parents, authored, committed, author, email, subject, verb, *signed = (
        part.decode(errors="replace") for part in parts
    )
    at = authored_at(authored, committed)
    return WalkedCommit(
        name,
        tuple(parents.split()),
        at,
        at if committed == authored else authored_at(committed, authored),
        author,
        email,
        subject,
        verb,
        (),
        *signed,
    )
