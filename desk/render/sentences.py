"""One sentence after a write: what became of the ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from desk.domain.instants import format_open
from desk.domain.texts import visible
from desk.domain.ticket import Change, Entry, Ticket, Value, changes_between
from desk.render.style import local_value

if TYPE_CHECKING:
    from desk.services.acting import Outcome
    from desk.services.importing import ImportResult

_SAID = {
    "wrote": "the requester wrote",
    "replied": "replied",
    "noted": "noted",
    "described": "described anew",
    "escalated": "escalated",
    "rated": "rated",
}

_IS_SO = {
    "take": "is open and yours already",
    "assign": "is assigned like that already",
    "start": "is open already",
    "resume": "is open already",
    "wait": "is waiting already",
    "hold": "is on hold until then already",
    "resolve": "is resolved already",
    "close": "is closed already",
    "cancel": "is closed already",
    "reopen": "is open already",
    "escalate": "is there already",
    "deescalate": "is there already",
    "tag": "has that tag already",
    "link": "has that link already",
    "merge": "has that link already",
    "watch": "is watched by you already",
    "edit": "is like that already",
}
"""What is said of a ticket where a command had nothing to change."""


def outcome_lines(
    outcome: Outcome, command: str, zone: tzinfo, dry_run: bool = False, is_so: str = ""
) -> list[str]:
    """Return a sentence for each ticket that a command wrote, and for each that it left alone (of
    which `is_so` is said, where the command's usual words do not fit)."""
    start = "would write " if dry_run else ""
    lines = []
    for saved in outcome.saves:
        before = saved.was.ticket if saved.was else None
        folder = saved.path.removesuffix(".md") + "/"
        names = [each.path.removeprefix(folder) for each in outcome.others]
        said = describe(before, saved.ticket, command, zone, names)
        lines.append(f"{start}{saved.ticket.id} {visible(saved.ticket.title)}: {said}")
    words = is_so or _IS_SO.get(command, "stays as it is")
    lines += [f"{name} {visible(words)}; nothing was written" for name in outcome.unchanged]
    return lines


def describe(
    before: Ticket | None, after: Ticket, command: str, zone: tzinfo, attached: Sequence[str] = ()
) -> str:
    """Tell what a command did between two versions of a ticket, in a few words."""
    files = [f"attached {visible(', '.join(attached))}"] if attached else []
    if before is None:
        return ", ".join([f"opened ({', '.join(_opened_with(after))})", *files])
    entries = after.log[len(before.log) :]
    said = [_deed(entry) for entry in entries]
    if command == "attach":
        said = files
    elif command == "deescalate":
        said = ["handed down"]
    changes = list(changes_between(before.values, after.values))
    if command in ("escalate", "deescalate") and any(change.key == "level" for change in changes):
        said[-1] += f" to {visible(after.text('level'))}"
        changes = [change for change in changes if change.key != "level"]
    changed = [change_words(change, before.values, zone, command) for change in changes]
    return ", ".join([*filter(None, said), *changed]) or "changed"


def _deed(entry: Entry) -> str:
    if entry.verb == "worked":
        minutes = entry.change_of("minutes") or "0"
        count = int(minutes)
        what = f"{format_open(abs(count) * 60)} of work"
        return f"{what} logged" if count >= 0 else f"{what} taken back"
    if entry.verb == "rated":
        score = entry.change_of("score")
        return f"rated {score}" if score else "the rating taken back"
    return _SAID.get(entry.verb, "")


def _opened_with(ticket: Ticket) -> list[str]:
    keys = ("priority", "team", "assignee")
    return [visible(ticket.text(key)) for key in keys if ticket.text(key)] or ["no priority"]


def change_words(
    change: Change, before: Mapping[str, Value], zone: tzinfo = UTC, command: str = ""
) -> str:
    """Tell of one change: `status new → open`, `assignee ana`, `no until`, `+tag`."""
    key, op, value = change
    name = key.removeprefix("fields.")
    shown = visible(local_value(key, value, zone))
    old = before.get(key)
    if key == "watchers" and op != "=":
        who = "you" if command == "watch" else shown
        return f"{'' if op == '+=' else 'no longer '}watched by {who}"
    if op != "=":
        return f"{'+' if op == '+=' else '-'}{shown}"
    if key == "status" and isinstance(old, str):
        return f"{visible(old)} → {shown}"
    if key == "title" and isinstance(old, str):
        return f"renamed, it was: {visible(old)}"
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
