"""Judging what merges made of tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from desk.domain import ids
from desk.domain.audit.deeds import Objection
from desk.domain.audit.merges import judge_merge, merged_by_hand
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


def judge_merged(shelf: AuditShelf, commit: WalkedCommit, tickets: Files) -> Iterator[Merged]:
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
            return entry in elsewhere.get(ticket_id, ())

        def bases_of(path: str = path) -> list[Ticket | None]:
            return base_tickets(path)

        objections = judge_merge(before, sheet.ticket, bases_of, lies_elsewhere)
        if not any(before):
            was = [_under_former_id(shelf, each, sheet.ticket) for each in commit.parents]
            found_there = judge_merge(was, sheet.ticket, bases_of)
            objections = (each for each in found_there if each.code == "merge-added")
        found = tuple((0, each) for each in objections)
        is_new = all(change.before != after for change in sides)
        by_hand = merged_by_hand(before, sheet.ticket) if is_new else ()
        yield Merged(path, found, sheet.ticket, by_hand)


def _under_former_id(shelf: AuditShelf, parent: str, ticket: Ticket) -> Ticket | None:
    """Return what a parent has under the ID that a ticket had before the merge gave it its own."""
    for former in ticket.items("former_ids"):
        if ids.is_id(former):
            path = ids.path_of(former)
            return shelf.sheet(shelf.walk.content_at(parent, path)[0], path).ticket
    return None


def _moved_entries(shelf: AuditShelf, tickets: Files) -> dict[str, set[Entry]]:
    """Return, by ID, the entries of tickets that the merge gave another ID."""
    found: dict[str, set[Entry]] = {}
    for sides in tickets.values():
        if any(change.before for change in sides):
            continue
        ticket = shelf.after(sides[0]).ticket
        for former in ticket.items("former_ids") if ticket else ():
            found.setdefault(former, set()).update(ticket.log if ticket else ())
    return found


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
    if ticket is not None and set(ticket.log) <= elsewhere.get(ticket.id, set()):
        return
    yield 0, Objection("deleted", "the ticket was deleted by the merge")
