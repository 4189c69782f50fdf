"""Judging what merges made of tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from typing import NamedTuple

from desk.domain import ids
from desk.domain.audit.deeds import Deed, Objection
from desk.domain.audit.merges import judge_merge, merged_by_hand, unasked_entries
from desk.domain.audit.signing import AUTOMATION, signature_objections
from desk.domain.redaction import REDACTED, name_of, redacted_names
from desk.domain.ticket import Change, Entry, Ticket
from desk.services.audit_shelf import AuditShelf, Files, Sides, broken_objections
from desk.storage.commit_walk import WalkedCommit


class Merged(NamedTuple):
    """What a merge made of a ticket: what there is against it, each with its line (0: that of its
    entry), the ticket (None: gone, or not to be read), and what was changed by hand."""

    path: str
    objections: tuple[tuple[int, Objection], ...]
    ticket: Ticket | None = None
    by_hand: tuple[Change, ...] = ()


def judge_merged(
    shelf: AuditShelf, commit: WalkedCommit, deed: Deed, tickets: Files
) -> Iterator[Merged]:
    """Judge the tickets in which a merge differs from any of its parents."""
    bases: list[str] = []
    is_asked = False

    def common() -> Sequence[str]:
        nonlocal is_asked
        if not is_asked:
            bases.extend(shelf.walk.repository.merge_bases(commit.parents))
            is_asked = True
        return bases

    def base_tickets(path: str) -> list[Ticket | None]:
        names = (shelf.walk.content_at(base, path)[0] for base in common())
        return [shelf.sheet(name, path).ticket for name in names]

    elsewhere = _moved_entries(shelf, tickets)
    for path, sides in tickets.items():
        after = sides[0].after
        before = [shelf.last_readable(commit, change) for change in sides]
        if not after:
            yield Merged(path, tuple(_deleted(sides, elsewhere, path, shelf, common)))
            continue
        sheet = shelf.after(sides[0])
        if sheet.ticket is None:
            is_old = any(change.before == after for change in sides)
            found = () if is_old else tuple(broken_objections(sheet.problems))
            yield Merged(path, found)
            continue

        def lies_elsewhere(entry: Entry, ticket_id: str = sheet.ticket.id) -> bool:
            return _is_among(entry, elsewhere.get(ticket_id, set()))

        def bases_of(path: str = path) -> list[Ticket | None]:
            return base_tickets(path)

        objections = list(judge_merge(before, sheet.ticket, bases_of, lies_elsewhere))
        if objections and sheet.ticket.items("former_ids") and not all(before):
            objections = _with_former_ids(shelf, commit, before, sheet.ticket, objections)
        if any(entry.by == AUTOMATION for entry in sheet.ticket.log):
            was = _under_any_id(shelf, commit, before, sheet.ticket)
            unasked = unasked_entries(was, sheet.ticket, bases_of)
            objections += signature_objections(unasked, deed, sheet.ticket)
        found = tuple((0, each) for each in objections)
        is_new = all(change.before != after for change in sides)
        by_hand = merged_by_hand(before, sheet.ticket) if is_new else ()
        yield Merged(path, found, sheet.ticket, by_hand)


def _with_former_ids(
    shelf: AuditShelf,
    commit: WalkedCommit,
    before: Sequence[Ticket | None],
    ticket: Ticket,
    objections: Sequence[Objection],
) -> list[Objection]:
    """Leave out that entries were added which a parent has where it knows the ticket by the ID that
    it had before. What it loses of them is said there."""
    known = {
        entry
        for side, parent in zip(before, commit.parents, strict=True)
        if side is None
        for former in _under_former_ids(shelf, parent, ticket)
        for entry in former.log
    }
    names = redacted_names([*ticket.log, *known])
    known |= {e._replace(text=REDACTED) for e in known if name_of(e) in names}
    return [each for each in objections if each.code != "merge-added" or each.entry not in known]


def _under_any_id(
    shelf: AuditShelf, commit: WalkedCommit, before: Sequence[Ticket | None], ticket: Ticket
) -> list[Ticket | None]:
    """Return what each parent has of a ticket, also where it knows it by a former ID."""
    return [
        side or next(_under_former_ids(shelf, parent, ticket), None)
        for side, parent in zip(before, commit.parents, strict=True)
    ]


def _under_former_ids(shelf: AuditShelf, parent: str, ticket: Ticket) -> Iterator[Ticket]:
    """Yield what a parent has under the IDs that a ticket had before a merge gave it its own."""
    for former in ticket.items("former_ids"):
        if ids.is_id(former):
            path = ids.path_of(former)
            found = shelf.sheet(shelf.walk.content_at(parent, path)[0], path).ticket
            if found is not None:
                yield found


def _moved_entries(shelf: AuditShelf, tickets: Files) -> dict[str, set[Entry]]:
    """Return, by ID, the entries of tickets that had it before a merge, this one or an earlier one,
    gave them another."""
    found: dict[str, set[Entry]] = {}
    for sides in tickets.values():
        if all(change.before for change in sides):
            continue
        ticket = shelf.after(sides[0]).ticket
        for former in ticket.items("former_ids") if ticket else ():
            found.setdefault(former, set()).update(ticket.log if ticket else ())
    return found


def _is_among(entry: Entry, moved: Set[Entry]) -> bool:
    """Tell whether an entry is among those of a renamed ticket, its text taken out there or not."""
    if entry in moved:
        return True
    bare = entry._replace(text=REDACTED)
    return bare in moved and name_of(entry) in redacted_names(moved)


def _deleted(
    sides: Sides,
    elsewhere: dict[str, set[Entry]],
    path: str,
    shelf: AuditShelf,
    common: Callable[[], Sequence[str]],
) -> Iterator[tuple[int, Objection]]:
    names = [change.before for change in sides]
    had = {shelf.walk.content_at(base, path)[0] for base in common()}
    if "" in names and {name for name in names if name} <= had:
        return  # one side deleted it, which is said of that commit; the other left it as it was
    ticket = next((found for change in sides if (found := shelf.before(change))), None)
    moved = elsewhere.get(ticket.id, set()) if ticket else set()
    if ticket is not None and all(_is_among(entry, moved) for entry in ticket.log):
        return
    yield 0, Objection("deleted", "the ticket was deleted by the merge")
