"""One sentence after a write: what became of the ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desk.domain.texts import visible
from desk.domain.ticket import Change, Ticket, Value, changes_between

if TYPE_CHECKING:
    from desk.services.acting import Outcome
    from desk.services.importing import ImportResult

_SAID = {
    "wrote": "the requester wrote",
    "replied": "replied",
    "noted": "noted",
    "described": "described anew",
    "escalated": "escalated",
    "worked": "work logged",
    "rated": "rated",
}


def outcome_lines(outcome: Outcome, command: str, dry_run: bool = False) -> list[str]:
    """Return a sentence for each ticket that a command wrote, and for each that it left alone."""
    start = "would write " if dry_run else ""
    lines = []
    for saved in outcome.saves:
        before = saved.was.ticket if saved.was else None
        title = visible(saved.ticket.title)
        lines.append(f"{start}{saved.ticket.id} {title}: {describe(before, saved.ticket)}")
    lines += [f"{name}: nothing to {command}, it is so already" for name in outcome.unchanged]
    return lines


def describe(before: Ticket | None, after: Ticket) -> str:
    """Tell what happened between two versions of a ticket, in a few words."""
    if before is None:
        return f"opened ({', '.join(_opened_with(after))})"
    entries = after.log[len(before.log) :]
    said = [_SAID[entry.verb] for entry in entries if entry.verb in _SAID]
    changed = [
        change_words(change, before.values)
        for change in changes_between(before.values, after.values)
    ]
    return ", ".join([*said, *changed]) or "changed"


def _opened_with(ticket: Ticket) -> list[str]:
    keys = ("priority", "team", "assignee")
    return [visible(ticket.text(key)) for key in keys if ticket.text(key)] or ["no priority"]


def change_words(change: Change, before: Mapping[str, Value]) -> str:
    """Tell of one change: `status new → open`, `assignee ana`, `no until`, `+tag`."""
    key, op, value = change
    name = key.removeprefix("fields.")
    shown = visible(value)
    if op != "=":
        return f"{'+' if op == '+=' else '-'}{shown}"
    old = before.get(key)
    if key == "status" and isinstance(old, str):
        return f"{visible(old)} → {shown}"
    return f"{name} {shown}" if value else f"no {name}"


def count_words(count: int, one: str, many: str = "") -> str:
    """Return `1 ticket`, `3 tickets`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def import_lines(result: ImportResult, dry_run: bool = False) -> list[str]:
    """Return what an import did, in sentences."""
    start = "would import" if dry_run else "imported"
    made = count_words(len(result.ids), "ticket")
    entries = count_words(result.entries, "entry", "entries")
    lines = [f"{start} {made} with {entries} from {count_words(result.rows, 'row')}"]
    if result.known:
        known = f"{count_words(result.known, 'ticket')} known already, and left alone"
        lines = [*lines, known] if result.ids else [f"nothing new: {known}"]
    if result.diagnostics:
        lines.append(f"{count_words(len(result.diagnostics), 'row')} could not be used, see above")
    return [*lines, *result.unknown]
