"""Changing fields: some of them by name, or the whole file in an editor."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from desk.domain.editing import Wishes, checked_value, edit_changes
from desk.domain.fields import FIELD
from desk.domain.ticket import Ticket, changes_between
from desk.domain.workflow import Act, perform
from desk.errors import Conflict, DeskError, Refused, UnknownName
from desk.services.acting import Outcome, act
from desk.services.desk import Desk
from desk.services.saving import Save, save
from desk.storage.ticket_file import parse_ticket
from desk.storage.ticket_store import Filed

Editor = Callable[[str, str, Path], str]
"""Takes a text, a file's ending and where to keep the text meanwhile; returns it edited."""


def edit_fields(desk: Desk, given: Sequence[str], wishes: Wishes, description: str = "") -> Outcome:
    """Change fields of tickets; a description becomes a `described` entry."""

    def plan(ticket: Ticket) -> Act:
        changes = edit_changes(ticket, wishes, desk.settings, desk.actor)
        return Act("described" if description else "changed", changes, description)

    return act(desk, given, "edit", plan)


def edit_file(desk: Desk, given: str, edit: Editor) -> Outcome:
    """Let somebody edit a ticket's whole file; what changed becomes an entry.

    What was typed is never lost: where it cannot be taken, the refusal says where it is kept.
    """
    before = desk.store.find(given)
    desk.require("edit", before.ticket)
    folder = desk.repository.git_dir / "desk" / "edits"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{before.ticket.id}-{secrets.token_hex(3)}.md"
    typed = edit(before.data.decode(), ".md", kept).encode()
    try:
        with desk.writing():
            outcome = _take(desk, before, typed)
    except DeskError as error:
        hint = f"what you typed is kept in {kept}"
        error.hint = f"{error.hint}; {hint}" if error.hint else hint
        raise
    kept.unlink(missing_ok=True)
    return outcome


def _take(desk: Desk, before: Filed, typed: bytes) -> Outcome:
    now = desk.store.read(before.path)
    if now.data != before.data:
        raise Conflict(
            f"{before.ticket.id} changed while you edited it", "look at it and edit it again"
        )
    if typed == before.data:
        return Outcome(unchanged=(before.ticket.id,))
    after, problems = parse_ticket(typed, before.path)
    if after is None:
        raise Refused("what you typed is no ticket, and nothing was changed", details=problems)
    _check(desk, before.ticket, after)
    changes = changes_between(before.ticket.values, after.values)
    if changes:
        after = perform(after, Act("changed", changes), desk.now, desk.actor.sign)
    saved = Save(before.path, after, before)
    save(desk, "edit", [saved])
    return Outcome((saved,))


def _check(desk: Desk, before: Ticket, after: Ticket) -> None:
    """Refuse, with all reasons at once, what an edit may not do to a ticket."""
    wrong = [
        f"`{key}` never changes: put {before.text(key)} back"
        for key in ("id", "created")
        if before.text(key) != after.text(key)
    ]
    if [entry for entry in before.log if entry not in after.log]:
        wrong.append("an entry of the log was changed or removed: history stays, add to it instead")
    for change in changes_between(before.values, after.values):
        if change.op == "=" and change.value and change.key in FIELD:
            try:
                _check_value(desk, change.key, change.value)
            except DeskError as error:
                wrong.append(str(error))
    if wrong:
        raise Refused("the edit is refused, and nothing was changed", details=wrong)


def _check_value(desk: Desk, key: str, value: str) -> None:
    if FIELD[key].values and value not in FIELD[key].values:
        raise UnknownName(key, value, FIELD[key].values)
    checked_value(key, value, desk.settings, desk.actor)
