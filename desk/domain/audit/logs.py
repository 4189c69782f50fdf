"""A ticket before and after a commit with one parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from desk.domain.audit.allowed import role_objections, shown
from desk.domain.audit.deeds import Deed, Objection
from desk.domain.audit.signing import (
    HandEdit,
    date_objections,
    signature_objections,
    tells_hand_edit,
)
from desk.domain.mending import introduced, unexplained
from desk.domain.redaction import REDACTED, name_of, redacted_names
from desk.domain.replay import settle
from desk.domain.texts import visible
from desk.domain.ticket import Change, Entry, Ticket, apply_changes, changes_between


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier commits did to a ticket: entries that they removed, which may come back, and
    edits by hand, which `lint --fix` may tell."""

    removed: frozenset[Entry] = frozenset()
    edits: tuple[HandEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a commit did to a ticket: what there is against it, the entries that it took away, and
    the changes that it made by hand."""

    objections: tuple[Objection, ...] = ()
    removed: tuple[Entry, ...] = ()
    by_hand: tuple[Change, ...] = field(default=())


def judge_step(before: Ticket | None, after: Ticket, deed: Deed, past: Past) -> Step:
    """Judge what a commit did to a ticket that can be read before (None: there was none) and
    after."""
    removed, added = entries_between(before.log if before else (), after.log)
    removed, added = without_redactions(removed, added, after)
    objections = [*_losses(removed, added, deed), *_identity_changes(before, after)]
    back = past.removed.difference(before.log if before else ())
    new = [entry for entry in added if entry not in back]
    if deed.verb == "lint" and deed.may(["lint"]):
        new = [entry for entry in new if not tells_hand_edit(entry, past.edits)]
    objections += signature_objections(new, deed, before or after)
    objections += date_objections(new, deed, before)
    owned = [entry for entry in new if entry.by != "desk" or not deed.may(["sweep"])]
    objections += role_objections(owned, deed, before, after)
    by_hand = changes_by_hand(before, after, added)
    if before is not None and not deed.may(["edit", "lint"], before):
        objections += _silent_changes(before, after, added, deed)
    return Step(tuple(_once(objections)), tuple(removed), by_hand)


def _once(objections: Iterable[Objection]) -> list[Objection]:
    """Leave out that a role may not write an entry that was not its author's to sign."""
    objections = list(objections)
    forged = [each.entry for each in objections if each.code in ("signature", "automation")]
    return [each for each in objections if each.code != "role" or each.entry not in forged]


def entries_between(
    before: Sequence[Entry], after: Sequence[Entry]
) -> tuple[list[Entry], list[Entry]]:
    """Return the entries that one log has and the other has not, and the other way about."""
    count = len(before)
    if after[:count] == before:
        return [], list(after[count:])
    removed, added = Counter(before), Counter(after)
    return list((removed - added).elements()), list((added - removed).elements())


def without_redactions(
    removed: list[Entry], added: list[Entry], after: Ticket
) -> tuple[list[Entry], list[Entry]]:
    """Leave out entries whose text became `[redacted]`, where an entry says so."""
    names = redacted_names(after.log) if removed else frozenset()
    if not names:
        return removed, added
    kept = {entry for entry in after.log if entry.text == REDACTED and name_of(entry) in names}
    rest = [
        entry
        for entry in removed
        if name_of(entry) not in names or entry._replace(text=REDACTED) not in kept
    ]
    gone = {entry._replace(text=REDACTED) for entry in removed if entry not in rest}
    return rest, [entry for entry in added if entry not in gone]


def _losses(removed: Sequence[Entry], added: Sequence[Entry], deed: Deed) -> Iterator[Objection]:
    rest = [name_of(entry) for entry in added]
    how = " by `git revert`" if deed.is_revert else ""
    for entry in removed:
        if name_of(entry) in rest:
            rest.remove(name_of(entry))
            message = f"an entry was rewritten: `{shown(entry)}`"
            yield Objection("rewritten", message, entry)
        else:
            yield Objection("removed", f"an entry was removed{how}: `{shown(entry)}`", entry)


def _identity_changes(before: Ticket | None, after: Ticket) -> Iterator[Objection]:
    for key in ("id", "created") if before else ():
        old, new = before.text(key) if before else "", after.text(key)
        if old != new:
            message = f"`{key}` was {visible(old)}, and is {visible(new)} now"
            yield Objection("rewritten", message)


_SHOWN_ALONE = ("title", "requester")
"""Fields that no entry need tell of; a change of them is one's to see all the same."""


def changes_by_hand(
    before: Ticket | None, after: Ticket, added: Iterable[Entry]
) -> tuple[Change, ...]:
    """Return the changes of the front matter that no entry tells."""
    shown_now = unexplained(after)
    found = introduced(shown_now, before, after) if shown_now else ()
    if before is None:
        return found
    told = {change.key for entry in added for change in entry.changes}
    return found + tuple(
        Change(key, "=", after.text(key))
        for key in _SHOWN_ALONE
        if before.text(key) != after.text(key)
        and key not in told
        and all(change.key != key for change in found)
    )


def _silent_changes(
    before: Ticket, after: Ticket, added: Iterable[Entry], deed: Deed
) -> Iterator[Objection]:
    """Yield an objection to changes that the added entries do not make, where the author may not
    edit."""
    changes = [change for entry in added for change in entry.changes]
    expected = settle(apply_changes(before.values, changes), after.log)
    others = changes_between(expected, settle(after.values, after.log))
    if others:
        keys = ", ".join(f"`{visible(change.key)}`" for change in others[:8])
        yield Objection("role", f"{deed.who} may not `edit` here: changed {keys} by hand")
