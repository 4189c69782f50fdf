"""Who signs an entry, and when, against who made its commit, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from desk.domain.audit.allowed import shown
from desk.domain.audit.codes import FAR
from desk.domain.audit.deeds import Deed, Objection
from desk.domain.instants import format_instant
from desk.domain.mending import Origin
from desk.domain.people import address_in
from desk.domain.ticket import Change, Entry, Ticket

AUTOMATION = "desk"


class HandEdit(NamedTuple):
    """A change of a front matter that came with a commit and that no entry of it told."""

    change: Change
    origin: Origin


def signature_objections(
    entries: Iterable[Entry], deed: Deed, ticket: Ticket
) -> Iterator[Objection]:
    """Yield an objection to each added entry that is signed by somebody else than the author."""
    for entry in entries:
        if entry.by == AUTOMATION:
            yield from _by_automation(entry, deed, ticket)
        elif not _may_sign(entry, deed, ticket):
            message = f"{deed.who} committed an entry of `{entry.by}`: `{shown(entry)}`"
            yield Objection("signature", message, entry)


def _by_automation(entry: Entry, deed: Deed, ticket: Ticket) -> Iterator[Objection]:
    if deed.may(["sweep"]):
        return
    is_merged = entry.verb == "changed" and (not entry.text or tells_new_id(entry, ticket))
    if is_merged and deed.may(["edit"]):
        message = f"{deed.who} committed an entry of `desk`: `{shown(entry)}`"
        yield Objection("automation", message, entry)
        return
    message = f"{deed.who} may not `sweep`, and committed an entry of `desk`: `{shown(entry)}`"
    yield Objection("signature", message, entry)


def tells_new_id(entry: Entry, ticket: Ticket) -> bool:
    """Tell whether an entry is the one that a ticket gets with an ID of its own."""
    former = [change.value for change in entry.changes if change.key == "former_ids"]
    is_alone = len(former) == len(entry.changes) == 1 and "\n" not in entry.text
    return is_alone and former[0] in ticket.items("former_ids") and ticket.id in entry.text


def _may_sign(entry: Entry, deed: Deed, ticket: Ticket) -> bool:
    by, actor = entry.by.casefold(), deed.actor
    if by in actor.signatures:
        return True
    if by == "requester":
        is_without_address = not address_in(ticket.requester)
        return is_without_address and (entry.verb in ("opened", "wrote") or not actor.is_agent)
    if entry.verb == "opened" or (entry.verb == "wrote" and actor.is_agent):
        # Anybody may open a ticket for a requester; what one wrote agents alone take down.
        person = deed.settings.person(entry.by)
        return "@" in by or (person is not None and not person.is_agent)
    return False


def date_objections(
    entries: Iterable[Entry], deed: Deed, before: Ticket | None
) -> Iterator[Objection]:
    """Yield an objection to each added entry that is dated far away from its commit. Where a log is
    ahead of the clock, the entries that follow are dated like its last."""
    dates = [at for at in (deed.authored_at, deed.committed_at) if at is not None]
    if not dates:
        return
    entries = tuple(entries)
    ahead = before.log[-1].at if before and before.log else None
    grace = timedelta(seconds=len(entries))
    for entry in entries:
        if any(abs(entry.at - at) <= FAR for at in dates):
            continue
        if ahead is not None and ahead >= max(dates) and ahead <= entry.at <= ahead + grace:
            continue
        days = min(abs(entry.at - at) for at in dates) / timedelta(days=1)
        where = "after" if entry.at > min(dates) else "before"
        span = f"{days:,.0f} days" if days >= 2 else "more than a day"
        message = f"an entry is dated {span} {where} its commit ({format_instant(dates[0])})"
        yield Objection("date", f"{message}: `{shown(entry)}`", entry)


_FOLLOWS = ("until", "resolution")
"""What `lint --fix` clears along with what it tells, as it follows from the status."""


def tells_hand_edit(entry: Entry, edits: Iterable[HandEdit]) -> bool:
    """Tell whether an entry is what `lint --fix` makes of an earlier commit's edit by hand: the
    same change, signed by that commit's author, and not dated before it."""
    if entry.verb != "changed" or entry.text:
        return False
    second = timedelta(seconds=1)
    told = {
        edit.change
        for edit in edits
        if entry.by == edit.origin.by and entry.at >= edit.origin.at.replace(microsecond=0) - second
    }
    rest = [change for change in entry.changes if change not in told]
    return len(rest) < len(entry.changes) and all(
        change.key in _FOLLOWS and not change.value for change in rest
    )
