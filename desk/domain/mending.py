"""Bringing a log up to its front matter: the entries that a hand edit should have had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from desk.domain.headings import new_entry
from desk.domain.instants import LAST_INSTANT
from desk.domain.people import is_same_person
from desk.domain.replay import differences, settle
from desk.domain.settings import Settings
from desk.domain.ticket import Change, Entry, Ticket, Value, in_order


class Origin(NamedTuple):
    """When and by whom a field was changed; `commit` is the name of the commit that did it."""

    at: datetime
    by: str
    commit: str = ""


def settled(ticket: Ticket) -> Ticket:
    """Return the ticket with what follows from the status that its front matter shows."""
    return replace(ticket, values=settle(ticket.values, ticket.log))


def unexplained(ticket: Ticket) -> tuple[Change, ...]:
    """Return what a `settled` front matter shows and no entry carries."""
    return differences(settled(ticket))


def introduced(
    changes: Iterable[Change], before: Ticket | None, after: Ticket
) -> tuple[Change, ...]:
    """Return those of the unexplained changes that came with a commit: its file shows them, the one
    before it did not, and the field is another one in it (so that it was not the log that lost
    an entry). `before` is None where there was no file."""
    shown = set(unexplained(after))
    had = set(unexplained(before)) if before else set()
    earlier = before.values if before else {}
    return tuple(
        change
        for change in changes
        if change in shown
        and change not in had
        and _value(earlier, change.key) != _value(after.values, change.key)
    )


def _value(values: Mapping[str, Value], key: str) -> Value | None:
    custom = values.get("fields")
    if key.startswith("fields.") and isinstance(custom, Mapping):
        return custom.get(key.removeprefix("fields."))
    return values.get(key)


def dated_back(
    ticket: Ticket,
    changes: Iterable[Change],
    origin: Origin,
    settings: Settings | None = None,
) -> Ticket:
    """Return the ticket with a `changed` entry put into its log where it belongs.

    It is dated when the change was made, but never before `opened` or the last entry that speaks
    of the same fields, which would overrule it; one second later than an entry of that instant by
    somebody else (`is_same_person`). The front matter, which has the changes already, stays as it
    is; where the entry brings back what the log had forgotten (the `until` of an earlier hold), it
    clears that.
    """
    changes = tuple(changes)
    before = set(differences(ticket))
    mended = _inserted(ticket, changes, origin, settings)
    brought_back = tuple(change for change in differences(mended) if change not in before)
    if not brought_back:
        return mended
    return _inserted(ticket, changes + brought_back, origin, settings)


def _inserted(
    ticket: Ticket, changes: tuple[Change, ...], origin: Origin, settings: Settings | None
) -> Ticket:
    keys = {change.key for change in changes}
    spoken = [entry.at for entry in ticket.log if _is_ahead(entry, keys)]
    at = max([origin.at, *spoken])
    place = _place(ticket, at)
    last = ticket.log[place - 1] if place else None
    if last and last.at == at < LAST_INSTANT and not is_same_person(last.by, origin.by, settings):
        at += timedelta(seconds=1)
        place = _place(ticket, at)
    entry = new_entry(at, origin.by, "changed", in_order(changes))
    return replace(ticket, log=(*ticket.log[:place], entry, *ticket.log[place:]))


def _place(ticket: Ticket, at: datetime) -> int:
    return sum(entry.at <= at for entry in ticket.log)


def _is_ahead(entry: Entry, keys: set[str]) -> bool:
    return entry.verb == "opened" or any(change.key in keys for change in entry.changes)


def told_now(
    ticket: Ticket,
    changes: Iterable[Change],
    now: datetime,
    by: str,
    settings: Settings | None = None,
) -> Ticket:
    """Return the ticket with a `changed` entry at the end of its log, as a command dates it."""
    at = max([now.replace(microsecond=0), *(entry.at for entry in ticket.log[-1:])])
    return dated_back(ticket, changes, Origin(at, by), settings)
