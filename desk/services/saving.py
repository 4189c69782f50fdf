"""Writing tickets and committing them: one command, one commit, of exactly its own files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from desk.domain.instants import format_instant
from desk.domain.mending import settled, told_now
from desk.domain.replay import differences
from desk.domain.texts import STRANGE
from desk.domain.ticket import Change, Ticket, changes_between
from desk.errors import Conflict, OutsideError, Refused
from desk.services.desk import Desk
from desk.storage.files import NewFile, restore_files, write_files
from desk.storage.ticket_file import MAX_TICKET_BYTES, format_ticket, parse_ticket
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


def commit_files(desk: Desk, files: Sequence[NewFile], subject: str, body: str, verb: str) -> None:
    """Write files and commit them with this message; see `save`."""
    if desk.dry_run or not files:
        return
    write_files(desk.root, files)
    if not desk.commits:
        return
    try:
        commit_paths(desk, [file.path for file in files], subject, body, verb)
    except BaseException as error:
        if _is_committed(desk, files):
            raise
        restore_files(desk.root, files)
        if not isinstance(error, OutsideError | Conflict):
            raise
        raise type(error)(
            f"{error.message}, and nothing was changed",
            error.hint
            or f"mend what it names and try again; your text is kept in {_keep(desk, files)}",
            error.details,
        ) from error


def _is_committed(desk: Desk, files: Sequence[NewFile]) -> bool:
    """Tell whether the commit was made after all, as when Ctrl-C comes between it and its end."""
    committed = _at_head(desk, [file.path for file in files])
    return all(committed.get(file.path) == file.data for file in files)


def commit_paths(desk: Desk, paths: Sequence[str], subject: str, body: str, verb: str) -> None:
    """Commit what lies at these paths; stage it where a commit would spoil what is under way."""
    under_way = desk.repository.why_not_now()
    if under_way:
        desk.repository.stage(paths)
        desk.notices.append(f"{under_way} is under way: staged, and not committed")
        return
    message = "\n\n".join(part for part in (subject, body, f"Desk-Verb: {verb}") if part)
    dated = format_instant(desk.now) if desk.is_dated else ""
    desk.repository.commit(paths, message + "\n", dated, desk.author)


def _keep(desk: Desk, files: Iterable[NewFile]) -> str:
    folder = desk.repository.git_dir / "desk" / "refused" / format_instant(desk.now)
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.path.rpartition("/")[2]).write_bytes(file.data)
    return str(folder)


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
    """Return the tickets with what somebody edited by hand and did not commit.

    Each such edit is first committed on its own, with the entry that its changed fields lack.
    """
    committed = _at_head(desk, [each.path for each in filed])
    taken = []
    for each in filed:
        if committed.get(each.path) == each.data:
            taken.append(each)
            continue
        on_disk = each.data
        explained = explain(desk, each.ticket, committed.get(each.path))
        if desk.commits and not desk.dry_run and each.path in committed:
            on_disk = each.data if explained is each.ticket else format_ticket(explained)
            files = [NewFile(each.path, on_disk, each.data)]
            commit_files(desk, files, f"{explained.id} edited by hand", "", "edit")
            desk.notices.append(f"your edit of {explained.id} was committed first, on its own")
        taken.append(Filed(each.path, explained, on_disk))
    return taken


def _at_head(desk: Desk, paths: Sequence[str]) -> dict[str, bytes]:
    try:
        return desk.repository.contents_at("HEAD", paths)
    except OutsideError:
        return {}


def explain(desk: Desk, ticket: Ticket, committed: bytes | None) -> Ticket:
    """Return the ticket with the entry that says what its front matter alone shows, if any: what
    no entry carries, and a title or requester that differs from the one `committed`."""
    whole = settled(ticket)
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
        return ticket if whole.values == ticket.values else whole
    return told_now(whole, changes, desk.now, desk.actor.sign)


def _says(ticket: Ticket, change: Change) -> bool:
    """Tell whether the last entry that speaks of a field says this of it."""
    said = [entry.change_of(change.key) for entry in ticket.log]
    return next((value for value in reversed(said) if value is not None), None) == change.value
