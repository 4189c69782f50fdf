"""Findings that hold only as long as nobody put the file right: edits by hand that no entry tells,
conflict markers, files that cannot be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from desk.domain.article_checks import has_conflict
from desk.domain.audit.deeds import AuditFinding
from desk.domain.mending import unexplained
from desk.domain.ticket import Change, Ticket
from desk.services.audit_shelf import AuditShelf, is_ticket_path
from desk.storage.kb_file import parse_article

WHILE_BROKEN = ("conflict-marker", "broken")
"""Codes that are over when the file can be read again. What was lost meanwhile is found apart: logs
are compared with the last version that could be read."""

_SHOWN_ALONE = ("title", "requester")


class _Open(NamedTuple):
    """A finding, and the changes that it is about; none where it is about the whole file."""

    finding: AuditFinding
    changes: tuple[Change, ...]


class OpenFindings:
    """Keeps such findings until the end, when the last commits of the range tell which still hold:
    in a history that branched, no commit between could."""

    def __init__(self) -> None:
        self._open: defaultdict[str, list[_Open]] = defaultdict(list)

    def add(self, finding: AuditFinding, changes: Iterable[Change] = ()) -> None:
        """Keep a finding in mind."""
        self._open[finding.path].append(_Open(finding, tuple(changes)))

    def settled(self, shelf: AuditShelf, tips: Sequence[str]) -> frozenset[AuditFinding]:
        """Return the findings that are over at each of these commits."""
        return frozenset(
            each.finding
            for path, found in self._open.items()
            for each in _over(shelf, path, found, tips)
        )


def _over(
    shelf: AuditShelf, path: str, found: Sequence[_Open], tips: Sequence[str]
) -> Iterable[_Open]:
    names = {shelf.walk.content_at(tip, path)[0] for tip in tips} - {""}
    if any(shelf.walk.is_link_at(tip, path) for tip in tips):
        return ()
    if not is_ticket_path(path):
        are_fine = all(_is_fine(shelf.walk.content(name), path) for name in names)
        return found if are_fine else ()
    tickets = [shelf.sheet(name, path).ticket for name in names]
    shown = [(ticket, set(unexplained(ticket)), _told(ticket)) for ticket in tickets if ticket]
    if len(shown) < len(tickets):
        return ()
    return [
        each
        for each in found
        if not any(_holds(change, *one) for change in each.changes for one in shown)
    ]


def _told(ticket: Ticket) -> set[str]:
    return {change.key for entry in ticket.log for change in entry.changes}


def _holds(change: Change, ticket: Ticket, untold: set[Change], told: set[str]) -> bool:
    is_alone = change.key in _SHOWN_ALONE and change.key not in told
    return change in untold or (is_alone and ticket.text(change.key) == change.value)


def _is_fine(data: bytes | None, path: str) -> bool:
    article = parse_article(data, path)[0] if data is not None else None
    return article is not None and not has_conflict(article.text)
