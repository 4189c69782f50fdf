"""Undoing one's last command: an entry that sets the fields back; nothing is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from desk.domain.instants import format_instant
from desk.domain.ticket import Change, Entry, Ticket, changes_between
from desk.domain.workflow import Act, cancel
from desk.errors import NotFound, Refused
from desk.services.acting import Outcome, Plan, write_acts
from desk.services.desk import Desk
from desk.services.saving import take_up_hand_edits
from desk.storage.history import Commit, commits_by, tickets_at
from desk.storage.ticket_file import parse_ticket
from desk.storage.ticket_store import Filed

_NOT_UNDONE_HERE = ("import", "init", "mend", "sync", "lint")

_OPENING = ("new", "split")
"""The commands whose new tickets are undone by cancelling them."""


class Step(NamedTuple):
    """One ticket before and after the command that is undone (before: None for a new one)."""

    path: str
    before: Ticket | None
    after: Ticket


def undo(desk: Desk) -> tuple[Commit, Outcome]:
    """Undo the acting person's last command that is not undone yet; tell which commit that was.

    Fields that somebody changed again since are left as they are. NotFound where there is nothing
    to undo; Refused for what Git alone can take back.
    """
    if not desk.settings.commit:
        raise Refused("undo reads the commits, and `git.commit` is off", "set the fields back")
    desk.require("undo")
    with desk.writing():
        commit = _last_command(desk)
        if commit.verb in _NOT_UNDONE_HERE:
            raise Refused(
                f"your last command was `{commit.verb}`, which undo does not take back",
                f"`git revert {commit.name[:12]}` does",
            )
        if commit.verb == "redact":
            raise Refused(
                "your last command was `redact`, which is not taken back",
                f"`git show {commit.name[:12]}` has what it removed",
            )
        if commit.name in desk.repository.shallow_ends:
            raise Refused(
                "what your last command changed is not in this shallow clone",
                "`git fetch --unshallow` brings the history",
            )
        plans = []
        for path, old, new in tickets_at(desk.repository, commit.name):
            before, after = _parsed(old, path), _parsed(new, path)
            if after is None or (before is None and commit.verb not in _OPENING):
                continue
            if not desk.store.exists(after.id):
                desk.notices.append(f"{after.id} is not there any more, and is passed over")
                continue
            found = desk.store.read(path)
            desk.require("undo", found.ticket)
            filed = take_up_hand_edits(desk, [found])[0]
            plans.append((filed, _undoing(Step(path, before, after))))
        return commit, write_acts(desk, "undo", _whole(plans, commit))


def _whole(plans: Sequence[tuple[Filed, Plan]], commit: Commit) -> Sequence[tuple[Filed, Plan]]:
    if not plans:
        hint = f"`git revert {commit.name[:12]}` takes it back"
        raise NotFound(f"your last command, `{commit.verb}`, changed no ticket", hint)
    return plans


def _last_command(desk: Desk) -> Commit:
    """Return the newest commit of the acting person that no later undo of theirs took back."""
    undone = 0
    for commit in commits_by(desk.repository, desk.actor.email):
        if commit.verb == "undo":
            undone += 1
        elif undone:
            undone -= 1
        else:
            return commit
    raise NotFound("no command of yours is left to undo", "`git log` shows the commits")


def _parsed(data: bytes | None, path: str) -> Ticket | None:
    return None if data is None else parse_ticket(data, path)[0]


def _undoing(taken: Step) -> Plan:
    before = taken.before
    entries = _added(before, taken.after)
    names = ", ".join(f"{format_instant(each.at)} {each.by} {each.verb}" for each in entries)
    told = f"Undoes: {names}" if names else "Undoes the last change."

    def plan(now: Ticket) -> Act:
        if before is None:
            return _cancelled(now, taken.after, told)
        if before.description != taken.after.description == now.description:
            text = before.description  # the entry is the description from now on
            return Act("described", _reverted(before, taken.after, now, entries)[1], text)
        return Act(*_reverted(before, taken.after, now, entries), told)

    return plan


def _cancelled(now: Ticket, after: Ticket, text: str) -> Act:
    """Return the act that cancels a new ticket and takes off the links that it came with: of those
    the other side is undone too."""
    links = tuple(
        Change("links", "-=", link) for link in after.items("links") if link in now.items("links")
    )
    if not now.is_live:
        return Act("changed", links, text)
    ended = cancel(now, text)
    return replace(ended, changes=(*ended.changes, *links))


def _added(before: Ticket | None, after: Ticket) -> list[Entry]:
    rest = list(before.log) if before else []
    added = []
    for entry in after.log:
        if entry in rest:
            rest.remove(entry)
        else:
            added.append(entry)
    return added


def _reverted(
    before: Ticket, after: Ticket, now: Ticket, entries: Sequence[Entry]
) -> tuple[str, tuple[Change, ...]]:
    """Return the verb and the changes that set back what is still as the command left it."""
    minutes = sum(_minutes(entry) for entry in entries if entry.verb == "worked")
    if minutes:
        return "worked", (Change("minutes", "=", str(-minutes)),)
    if any(entry.verb == "rated" for entry in entries):
        scores = [entry.change_of("score") or "" for entry in before.log if entry.verb == "rated"]
        return "rated", (Change("score", "=", scores[-1] if scores else ""),)
    back = changes_between(after.values, before.values)
    return "changed", tuple(change for change in back if _is_as_left(change, after, now))


def _minutes(entry: Entry) -> int:
    given = entry.change_of("minutes") or ""
    return int(given) if given.lstrip("-").isdigit() else 0


def _is_as_left(change: Change, after: Ticket, now: Ticket) -> bool:
    key, op, value = change
    if op == "=":
        if key.startswith("fields."):
            name = key.removeprefix("fields.")
            return now.custom.get(name) == after.custom.get(name)
        return now.values.get(key) == after.values.get(key)
    return (value in now.items(key)) == (op == "-=")
