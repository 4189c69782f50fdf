"""Changing fields: some of them by name, or the whole file in an editor."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from desk.domain.editing import Wishes, checked_value, edit_changes
from desk.domain.fields import FIELD
from desk.domain.people import Actor
from desk.domain.texts import visible
from desk.domain.ticket import Ticket, changes_between
from desk.domain.workflow import Act, perform
from desk.errors import Conflict, DeskError, Refused, UnknownName
from desk.services.acting import Outcome, Plan, act
from desk.services.attaching import mention, take_files
from desk.services.desk import Desk
from desk.services.finding import find_all
from desk.services.saving import Save, explain, save, take_up_hand_edits
from desk.storage.files import NewFile
from desk.storage.ticket_file import heading_lines, parse_ticket
from desk.storage.ticket_store import Filed

Editor = Callable[[str, Path], str]
"""Takes a text and where it lies meanwhile; returns it edited."""


def edit_fields(
    desk: Desk,
    given: Sequence[str],
    wishes: Wishes,
    description: str = "",
    attachments: Sequence[Path] = (),
) -> Outcome:
    """Change fields of tickets; a description becomes a `described` entry. Attachments go to each
    of the tickets, with a `noted` entry that links to them, in the same commit."""

    def plan(ticket: Ticket) -> Act:
        changes = edit_changes(ticket, wishes, desk.settings, desk.actor)
        return Act("described" if description else "changed", changes, description)

    if attachments:
        return _edit_and_attach(desk, given, plan, attachments)
    return act(desk, given, "edit", plan)


def _edit_and_attach(
    desk: Desk, given: Sequence[str], plan: Plan, attachments: Sequence[Path]
) -> Outcome:
    with desk.writing():
        found = find_all(desk, given)
        for command in ("edit", "attach"):
            for each in found:
                desk.require(command, each.ticket)
        saves: list[Save] = []
        files: list[NewFile] = []
        for filed in take_up_hand_edits(desk, found):
            taken = take_files(desk, filed.path, attachments)
            changed = _performed(desk, filed.ticket, plan(filed.ticket))
            told = Act("noted", text=mention(filed.path, taken))
            saves.append(Save(filed.path, _performed(desk, changed, told), filed))
            files += taken
        save(desk, "edit", saves, files)
        return Outcome(tuple(saves), (), tuple(files))


def _performed(desk: Desk, ticket: Ticket, act: Act) -> Ticket:
    if act.is_empty:
        return ticket
    try:
        return perform(ticket, act, desk.now, desk.actor.sign, desk.settings)
    except ValueError as error:
        raise Refused(f"{ticket.id}: {error}", "shorten it or attach it as a file") from None


def edit_file(desk: Desk, given: str, edit: Editor) -> Outcome:
    """Let somebody edit a ticket's whole file; what changed becomes an entry.

    An edit by hand that is not committed yet is committed first, on its own. What was typed is
    never lost: it lies where the editor had it until it is part of the ticket.
    """
    desk.require("edit", desk.store.find(given).ticket)
    with desk.writing():
        before = take_up_hand_edits(desk, [desk.store.find(given)])[0]
    kept = place_for_edit(desk, before.ticket.id)
    typed = edit(before.data.decode(), kept).encode()
    with desk.writing():
        outcome = _take(desk, before, typed)
    kept.unlink(missing_ok=True)
    return outcome


def place_for_edit(desk: Desk, name: str) -> Path:
    """Return where a file lies while somebody edits it: below the git directory, under a name of
    its own."""
    folder = desk.repository.git_dir / "desk" / "edits"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{secrets.token_hex(3)}.md"


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
    _check(desk, now.ticket, after, typed)
    after = explain(desk, after, before.data)
    saved = Save(before.path, after, before)
    save(desk, "edit", [saved])
    return Outcome((saved,))


_NEEDED = ("title", "type", "priority", "requester")
"""What no edit may leave empty."""


def _check(desk: Desk, before: Ticket, after: Ticket, typed: bytes) -> None:
    """Refuse, with all reasons at once, what an edit may not do to a ticket."""
    wrong = [
        f"`{key}` never changes: put {before.text(key)} back"
        for key in ("id", "created")
        if before.text(key) != after.text(key)
    ]
    if [entry for entry in before.log if entry not in after.log]:
        wrong.append("an entry of the log was changed or removed: history stays, add to it instead")
    wrong += _signed_by_others(desk.actor, before, typed, len(after.log))
    for change in changes_between(before.values, after.values):
        is_checked = change.key in FIELD and (change.value or change.key in _NEEDED)
        if change.op == "=" and is_checked:
            try:
                _check_value(desk, change.key, change.value)
            except DeskError as error:
                wrong.append(str(error))
    if wrong:
        raise Refused("the edit is refused, and nothing was changed", details=wrong)


def _signed_by_others(actor: Actor, before: Ticket, typed: bytes, count: int) -> list[str]:
    """Return a reason for each entry that the edit adds in somebody else's name; the last `count`
    headings of what was typed are those of the log."""
    known = Counter(entry.heading for entry in before.log)
    reasons = []
    for line, heading in list(heading_lines(typed))[-count:] if count else ():
        known[heading] -= 1
        by = heading.split(" ")[1]
        if known[heading] < 0 and by.casefold() not in actor.signatures:
            reasons.append(
                f"line {line}: an entry signed `{visible(by)}`: what you add is signed by you, "
                f"`{actor.sign}`"
            )
    return reasons


def _check_value(desk: Desk, key: str, value: str) -> None:
    if value and FIELD[key].values and value not in FIELD[key].values:
        raise UnknownName(key, value, FIELD[key].values)
    checked_value(key, value, desk.settings, desk.actor)
