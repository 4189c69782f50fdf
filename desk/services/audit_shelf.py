"""Tickets as the commits have them, read once while they are likely to be asked for again."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from desk.domain.audit.deeds import Objection
from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TICKET_BYTES
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic
from desk.storage.commit_walk import CommitWalk, FileChange, WalkedCommit
from desk.storage.ticket_file import heading_lines, parse_ticket, too_large

Sides = tuple[FileChange, ...]
Files = Mapping[str, Sides]
"""The files that a commit changed, by path; of each the changes from every parent."""

_TICKET = pattern(r"tickets/[^/.][^/]*/[^/.][^/]*/[^/.][^/]*\.md", re.DOTALL)

_KEPT = 2_000
"""So many tickets, the last that were read, are kept: the next commit changes one of them."""

_MOST_VERSIONS = 200
"""So far back, by the versions of a file, is looked for what a commit refers to."""


def is_ticket_path(path: str) -> bool:
    """Tell whether a file is a ticket by where it lies."""
    return _TICKET.fullmatch(path) is not None


class Sheet(NamedTuple):
    """A ticket's file: the ticket (None: it cannot be read, or is not there), what is wrong."""

    ticket: Ticket | None
    problems: tuple[Diagnostic, ...] = ()


class AuditShelf:
    """Reads tickets by the names of their contents. `is_whole` says that the walk begins where the
    history does: what it has not seen there was not."""

    def __init__(self, walk: CommitWalk, is_whole: bool) -> None:
        self.walk = walk
        self.is_whole = is_whole
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self._readable: dict[str, Ticket] = {}

    def sheet(self, name: str, path: str, is_file: bool = True) -> Sheet:
        """Return what is in a file; `name` may be "" for none."""
        if not name:
            return Sheet(None)
        if not is_file:
            return Sheet(None, (Diagnostic("link", path, 0, 0, "a link, and no file"),))
        known = self._sheets.get(name)
        if known is None:
            data = self.walk.content(name)
            if data is None:
                return Sheet(None, (too_large(path, MAX_TICKET_BYTES + 1),))
            known = self._sheets[name] = Sheet(*parse_ticket(data, path))
            if len(self._sheets) > _KEPT:
                self._sheets.popitem(last=False)
        else:
            self._sheets.move_to_end(name)
        return known

    def after(self, change: FileChange) -> Sheet:
        """Return what a change made of a file."""
        return self.sheet(change.after, change.path, change.is_file)

    def before(self, change: FileChange) -> Ticket | None:
        """Return the ticket that a change found; None where there was none."""
        return self.sheet(change.before, change.path).ticket

    def last_readable(self, commit: WalkedCommit, change: FileChange) -> Ticket | None:
        """Return the ticket that a change found or, where it could not be read then, the last
        version that could."""
        if not change.before:
            return None
        ticket = self.before(change) or self._readable.get(change.path)
        if ticket is None and not self.is_whole:
            for _, found in self.versions(commit, change.path):
                ticket = self.after(found).ticket or ticket
        return ticket

    def note_readable(self, path: str, ticket: Ticket | None) -> None:
        """Keep in mind what a ticket was before it went, or could not be read any more."""
        if ticket is not None:
            self._readable[path] = ticket

    def versions(
        self, commit: WalkedCommit, path: str
    ) -> Iterator[tuple[WalkedCommit, FileChange]]:
        """Yield the last versions of a file before a commit, the oldest first; none of a shallow
        end, of which nobody knows what it changed."""
        if not commit.parents:
            return
        limit = [f"--max-count={_MOST_VERSIONS}"]
        for each in self.walk.commits([commit.parents[0]], limit, [path]):
            if each.name not in self.walk.repository.shallow_ends:
                yield from ((each, change) for change in each.changes[0])

    def line_of(self, change: FileChange | None, heading: str) -> int:
        """Return the line on which an entry's heading stands in the file, 0 where it does not."""
        data = self.walk.content(change.after) if change and change.after else None
        lines = (line for line, text in heading_lines(data or b"") if text == heading)
        return next(lines, 0)


def broken_objections(problems: tuple[Diagnostic, ...]) -> Iterator[tuple[int, Objection]]:
    """Yield the line of the first problem, and what it comes to: a conflict, or a file that nobody
    can read."""
    conflicts = [each for each in problems if each.code == "conflict"]
    for each in (conflicts or list(problems))[:1]:
        if conflicts:
            yield each.line, Objection("conflict-marker", "a conflict marker of Git was committed")
        else:
            yield each.line, Objection("broken", f"it cannot be read: {each.message}")


def by_path(commit: WalkedCommit) -> Files:
    """Return the files of a commit that differ from any parent; from a parent that has the same,
    the change is none (`before` and `after` are one)."""
    if len(commit.changes) == 1:
        return {change.path: (change,) for change in commit.changes[0]}
    found: dict[str, list[FileChange | None]] = {}
    for place, changes in enumerate(commit.changes):
        for change in changes:
            sides = found.setdefault(change.path, [None] * len(commit.changes))
            sides[place] = change
    files = {}
    for path, sides in found.items():
        known = next(change for change in sides if change is not None)
        same = known._replace(before=known.after)
        files[path] = tuple(change or same for change in sides)
    return files
