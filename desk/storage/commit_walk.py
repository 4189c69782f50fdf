"""Walking a history, parents first: each commit, what it changed against each parent, and files.

Three git processes do it, however many commits there are: one lists them, one compares trees, one
reads contents. What they say is read as it comes, and nothing of it kept.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TICKET_BYTES
from desk.errors import OutsideError
from desk.storage.history import PLAIN, authored_at

if TYPE_CHECKING:
    from desk.storage.audited import AuditedRepository
    from desk.storage.git_program import Conversation

_FIELDS = (
    *("%H", "%P", "%aI", "%cI", "%an", "%ae", "%s"),
    "%(trailers:key=Desk-Verb,valueonly,separator=%x2C)",
)
_SIGNATURE = ("%G?", "%GS")

_AT_A_TIME = 30
"""So many pairs of commits are asked about in one go: few enough for a pipe to hold the question,
even one of a page, which is what who has very many pipes gets, so that neither side waits for the
other to read."""

_CHUNK = 1 << 16
_CHANGE = pattern(rb":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
_FILE_MODES = (b"100644", b"100755", b"100664")

WATCHED = ("tickets", "kb", "config.yaml")
"""What of a help desk an audit looks at."""

_FOLDERS = ("tickets/", "kb/")


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
        with (
            self.repository.talking(*listing) as log,
            self.repository.talking(
                *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--root"),
                *("--always", "--no-abbrev", "--", *self._limits(paths)),
            ) as trees,
        ):
            parts = _parts(log)
            commits = (_commit(each) for each in iter(lambda: list(islice(parts, len(fields))), []))
            yield from self._compared(trees, commits)

    def _limits(self, paths: Sequence[str]) -> list[str]:
        """Return the paths that trees are compared in. At the top that is everywhere: for git to
        look at the paths that it leaves out takes longer than for us."""
        if paths:
            return [f"{self.prefix}{path}" for path in paths]
        return [self.prefix.rstrip("/")] if self.prefix else []

    def _compared(
        self, trees: Conversation, commits: Iterable[WalkedCommit]
    ) -> Iterator[WalkedCommit]:
        waiting: deque[WalkedCommit] = deque()

        def pairs() -> Iterator[str]:
            for commit in commits:
                waiting.append(commit)
                yield from (f"{commit.name} {each}\n" for each in commit.parents)
                if not commit.parents:
                    yield f"{commit.name}\n"

        sides: list[tuple[FileChange, ...]] = []
        for changes in self._differences(trees, pairs()):
            sides.append(changes)
            if len(sides) >= len(waiting[0].parents):
                yield waiting.popleft()._replace(changes=tuple(sides))
                sides = []

    def _differences(
        self, trees: Conversation, pairs: Iterator[str]
    ) -> Iterator[tuple[FileChange, ...]]:
        """Yield what is different in each pair of commits; git compares the next ones while those
        before are judged."""
        asked = _ask(trees, pairs)
        while asked:
            answers = self._answers(trees, asked)
            asked = _ask(trees, pairs)
            yield from answers

    def _answers(self, trees: Conversation, count: int) -> list[tuple[FileChange, ...]]:
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
            change = self._change(match, parts[place + 1])
            if change.path.startswith(_FOLDERS) or change.path in WATCHED:
                found[-1].append(change)
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
        """Return what has this object name ("" for nothing); None where it is larger than a ticket
        may be. OutsideError where the repository has lost it."""
        found, data = self.named_content(name) if name else ("", None)
        if name and not found:
            raise OutsideError(
                f"the repository lacks the content {name}",
                "`git fsck` tells whether the repository is whole",
            )
        return data

    def content_at(self, commit: str, path: str) -> tuple[str, bytes | None]:
        """Return the name and the content of a commit's file, ("", None) where it has none."""
        path = f"{self.prefix}{path}"
        name = f"{commit}:{path}"
        if "\n" in path:  # which `cat-file` would take for two names
            done = self.repository.start(["rev-parse", "--verify", "--quiet", name])
            name = done.stdout.decode().strip()
        return self.named_content(name) if name else ("", None)

    def is_link_at(self, commit: str, path: str) -> bool:
        """Tell whether a commit has something else than a file there: a link keeps its target as a
        content, which may read like anything."""
        out = self.repository.run("ls-tree", "--full-tree", "-z", commit, "--", self.prefix + path)
        return bool(out) and out.split(b" ", 1)[0] not in _FILE_MODES

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


def _ask(trees: Conversation, pairs: Iterator[str]) -> int:
    """Ask for some differences; return of how many pairs. git echoes a line that names no commit,
    and flushes what it has then."""
    some = list(islice(pairs, _AT_A_TIME))
    if some:
        try:
            trees.ask.write(f"{''.join(some)}{_END}\n".encode())
            trees.ask.flush()
        except BrokenPipeError:
            raise _stopped("diff-tree") from None
    return len(some)


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
