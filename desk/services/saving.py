"""Writing tickets: one command, one commit, of exactly its own files; hand edits come first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from desk.domain.fields import FIELD
from desk.domain.headings import new_entry
from desk.domain.mending import settled, told_now
from desk.domain.replay import differences
from desk.domain.texts import MAX_TICKET_BYTES, STRANGE
from desk.domain.ticket import Change, Ticket, changes_between
from desk.errors import OutsideError, Refused
from desk.services.committing import commit_files
from desk.services.desk import Desk
from desk.storage.files import NewFile
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_store import Filed

_SUBJECT_LENGTH = 120


class Save(NamedTuple):
    """A ticket to be written: where, what, and what was there (None: a new ticket)."""

    path: str
    ticket: Ticket
    was: Filed | None = None

    def file(self) -> NewFile:
        """Return the file to be; Refused where it would be larger than a ticket may be."""
        data = format_ticket(self.ticket)
        if len(data) > MAX_TICKET_BYTES:
            raise Refused(
                f"{self.ticket.id} would be {len(data):,} bytes long",
                f"{MAX_TICKET_BYTES:,} is the most; attach long texts as files",
            )
        return NewFile(self.path, data, self.was.data if self.was else None)


def save(
    desk: Desk, verb: str, saves: Sequence[Save], others: Sequence[NewFile] = (), subject: str = ""
) -> None:
    """Write tickets, and other files that belong to them, and commit them together.

    In the middle of a merge and the like, the files are staged instead and a notice says so. Where
    git refuses the commit, everything is as it was and what was to be written lies below the git
    directory: CommitRefused says where.
    """
    files = [*(each.file() for each in saves), *others]
    tickets = [each.ticket for each in saves]
    commit_files(desk, files, subject or subject_of(desk, verb, tickets), body_of(tickets), verb)


def subject_of(desk: Desk, verb: str, tickets: Sequence[Ticket]) -> str:
    """Return a commit's first line: `HD-2611-7K3QF resolve: Printer jams`, `12 tickets close`."""
    if len(tickets) != 1:
        return f"{len(tickets)} tickets {verb}"
    ticket = tickets[0]
    if desk.settings.subject == "id" or not ticket.title:
        return f"{ticket.id} {verb}"
    return f"{ticket.id} {verb}: {plain_line(ticket.title)}"


def body_of(tickets: Sequence[Ticket]) -> str:
    """Return a commit's body: nothing for one ticket, the list of them for several."""
    if len(tickets) < 2:
        return ""
    return "\n".join(ticket.id for ticket in tickets)


def plain_line(text: str) -> str:
    """Return a title as a commit's subject may hold it: no control characters, no brackets (which
    `git am` would cut out), and not too long."""
    line = re.sub(r"\s+", " ", STRANGE.sub(" ", text)).replace("[", "(").replace("]", ")").strip()
    return line if len(line) <= _SUBJECT_LENGTH else f"{line[: _SUBJECT_LENGTH - 3]}..."


def take_up_hand_edits(desk: Desk, filed: Sequence[Filed]) -> list[Filed]:
    """Return the tickets with what somebody edited, or added, by hand and did not commit.

    Each such edit is first committed on its own, with the entry that its changed fields lack;
    where nothing can be committed now, it goes into what the command itself writes.
    """
    committed = _at_head(desk, [each.path for each in filed])
    edited = _edited(desk, filed, committed)
    may_commit = bool(edited) and desk.commits and not desk.dry_run
    may_commit = may_commit and not desk.repository.why_not_now()
    taken = []
    for each in filed:
        if each.path not in edited:
            taken.append(each)
            continue
        on_disk = each.data
        explained = explain(desk, each.ticket, committed.get(each.path))
        if may_commit:
            if explained is not each.ticket:
                on_disk = format_ticket(explained)
            what, done = ("edit of", "edited") if each.path in committed else ("new", "added")
            files = [NewFile(each.path, on_disk, each.data)]
            commit_files(desk, files, f"{explained.id} {done} by hand", "", "edit")
            desk.notices.append(f"your {what} {explained.id} was committed first, on its own")
        taken.append(Filed(each.path, explained, on_disk))
    return taken


def _edited(desk: Desk, filed: Sequence[Filed], committed: Mapping[str, bytes]) -> set[str]:
    """Return which of these files HEAD has not, or has otherwise: line ends that Git converts are
    no difference."""
    new = {each.path for each in filed if each.path not in committed}
    other = [
        each.path for each in filed if each.path in committed and committed[each.path] != each.data
    ]
    return new | (desk.repository.modified(other) if other else set())


def is_edited_by_hand(desk: Desk, path: str, data: bytes) -> bool:
    """Tell whether HEAD has not a file that holds `data`, or has it otherwise."""
    committed = _at_head(desk, [path]).get(path)
    return committed is None or (committed != data and bool(desk.repository.modified([path])))


def _at_head(desk: Desk, paths: Sequence[str]) -> dict[str, bytes]:
    """Return what HEAD has at these paths; nothing on a branch without a commit."""
    try:
        return desk.repository.contents_at("HEAD", paths)
    except OutsideError:
        if desk.repository.has_commits():
            raise
        return {}


def explain(desk: Desk, ticket: Ticket, committed: bytes | None) -> Ticket:
    """Return the ticket with the entry that says what its front matter alone shows, if any: what
    no entry carries, and a title or requester that differs from the one `committed`."""
    whole = settled(_with_beginning(desk, ticket))
    changes = differences(whole)
    before = parse_ticket(committed, "")[0] if committed is not None else None
    if before is not None:
        told = {change.key for change in changes}
        changes += tuple(
            change
            for change in changes_between(before.values, whole.values)
            if change.key in ("title", "requester")
            and change.key not in told
            and not _says(ticket, change)
        )
    if not changes:
        return ticket if whole == ticket else whole
    return told_now(whole, changes, desk.now, desk.actor.sign, desk.settings)


def _with_beginning(desk: Desk, ticket: Ticket) -> Ticket:
    """Return the ticket with the `opened` that somebody who wrote it by hand left out."""
    if any(entry.verb == "opened" for entry in ticket.log):
        return ticket
    logged = {key: value for key, value in ticket.values.items() if _is_told_by_opened(key)}
    by = desk.actor.requester_sign if desk.actor.asked_for(ticket.requester) else desk.actor.sign
    opened = new_entry(ticket.created, by, "opened", changes_between({}, logged))
    return replace(ticket, log=(opened, *ticket.log))


def _is_told_by_opened(key: str) -> bool:
    return key not in FIELD or FIELD[key].logged


def _says(ticket: Ticket, change: Change) -> bool:
    """Tell whether the last entry that speaks of a field says this of it."""
    said = [entry.change_of(change.key) for entry in ticket.log]
    return next((value for value in reversed(said) if value is not None), None) == change.value
