"""The tickets on disk, read as they are now: the one way in for every command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from desk.domain import ids
from desk.domain.texts import MAX_TICKET_BYTES, visible
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic, NotFound, Refused, nearest_name
from desk.storage.files import LinkError, read_file, read_plain, ticket_names, walk_tickets


class Filed(NamedTuple):
    """A ticket, where it lies (from the workspace), and the bytes it was read from."""

    path: str
    ticket: Ticket
    data: bytes


class Shelf(NamedTuple):
    """All tickets by path, and what could not be read."""

    tickets: tuple[Filed, ...]
    unreadable: tuple[Diagnostic, ...]


class UnreadableTicket(Refused):
    """The file is there, and no ticket comes out of it."""

    def __init__(self, path: str, problems: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{path} cannot be read", "mend it, or see `desk lint`", problems)
        self.problems = problems


class AmbiguousId(Refused):
    """What was typed names several tickets."""

    def __init__(self, given: str, candidates: list[str]) -> None:
        shown = ", ".join(candidates[:8]) + (", ..." if len(candidates) > 8 else "")
        super().__init__(f"`{visible(given)}` could be {shown}", "type more of it")


class UnknownTicket(NotFound):
    """No ticket has this ID."""

    def __init__(self, given: str, hint: str) -> None:
        super().__init__(f"no ticket is called `{visible(given)}`", hint or "see `desk list`")


@dataclass(frozen=True, eq=False, repr=False)
class TicketStore:
    """The tickets below a workspace's root."""

    root: Path

    def all(self) -> Shelf:
        """Read every ticket. A file that cannot be read is among the `unreadable`, each problem of
        it, and hides no other."""
        tickets: list[Filed] = []
        unreadable: list[Diagnostic] = []
        for kind, path, full_path in walk_tickets(self.root):
            if kind == "ticket":
                try:
                    data = read_plain(full_path, MAX_TICKET_BYTES)
                except OSError as error:
                    unreadable.append(_unread(path, error))
                    continue
                ticket, problems = _parsed(data, path)
                if ticket is not None:
                    tickets.append(Filed(path, ticket, data))
                unreadable.extend(problems)
            else:
                unreadable.append(problem_of(kind, path))
        return Shelf(tuple(tickets), tuple(unreadable))

    def read(self, path: str) -> Filed:
        """Read the ticket at a path; UnreadableTicket with all that is wrong."""
        try:
            data = read_file(self.root, path, MAX_TICKET_BYTES)
        except OSError as error:
            raise UnreadableTicket(path, (_unread(path, error),)) from error
        ticket, problems = _parsed(data, path)
        if ticket is None:
            raise UnreadableTicket(path, problems)
        return Filed(path, ticket, data)

    def exists(self, ticket_id: str) -> bool:
        """Tell whether there is a file, or anything else, where this ID's belongs."""
        return _lies_at(self.root / ids.path_of(ticket_id))

    @cached_property
    def _named_paths(self) -> dict[str, str]:
        """The paths of all files that are named like tickets, by ID."""
        return {
            name[:-3]: f"{folder}/{name}"
            for folder, name in ticket_names(self.root)
            if ids.is_id(name[:-3])
        }

    def named(self, given: str) -> dict[str, str]:
        """Return the paths of what `given` (normalised) names, by ID, in the order of the paths."""
        found = {
            name[:-3]: f"{folder}/{name}"
            for folder, name in ticket_names(self.root)
            if given in name and ids.is_id(name[:-3]) and ids.names(given, name[:-3])
        }
        return dict(sorted(found.items(), key=lambda each: each[1]))

    def find(self, given: str) -> Filed:
        """Return the ticket that somebody named: by ID or by an ID it had before, or by a unique
        beginning or ending of the random part of one. What names a ticket as it is called now
        comes before what one was called.

        AmbiguousId, naming the candidates; UnknownTicket; UnreadableTicket.
        """
        wanted = ids.normalise(given)
        if ids.is_id(wanted) and _lies_at(self.root / ids.path_of(wanted)):
            return self.read(ids.path_of(wanted))
        found = self.named(wanted)
        if len(found) > 1:
            raise AmbiguousId(given, list(found))
        if found:
            return self.read(*found.values())
        called: dict[str, Filed] = {}
        for filed in self._mentioning(wanted):
            known = (filed.ticket.id, *filed.ticket.items("former_ids"))
            if any(ids.names(wanted, each) for each in known):
                called.setdefault(filed.ticket.id, filed)
        if len(called) > 1:
            raise AmbiguousId(given, list(called))
        if not called:
            raise UnknownTicket(given, self._guess(wanted))
        return next(iter(called.values()))

    def _mentioning(self, wanted: str) -> Iterator[Filed]:
        """Yield the tickets whose file has these letters in it: of all others, neither the ID nor
        a former one can be meant, so they need not be read as tickets."""
        letters = wanted.encode(errors="replace")
        for kind, path, full_path in walk_tickets(self.root):
            if kind == "ticket":
                try:
                    data = read_plain(full_path, MAX_TICKET_BYTES)
                except OSError:
                    continue
                ticket = _parsed(data, path)[0] if letters in data else None
                if ticket is not None:
                    yield Filed(path, ticket, data)

    def _guess(self, wanted: str) -> str:
        tail = wanted.rpartition("-")[2]
        by_tail = {known.rpartition("-")[2]: known for known in self._named_paths}
        nearest = nearest_name(tail, by_tail) if 2 < len(tail) < 8 and len(by_tail) < 5000 else ""
        return f"did you mean `{by_tail[nearest]}`?" if nearest else ""


def problem_of(kind: str, path: str) -> Diagnostic:
    """Say what is wrong with a file of another kind than `ticket` (`files.list_folder`)."""
    code, message = {
        "link": ("link", "a symbolic link"),
        "closed": ("unreadable", "a folder that cannot be read: the tickets in it are missing"),
        "stray": ("stray", "no ticket lies here: they lie in tickets/<year>/<month>/"),
    }[kind]
    return Diagnostic(code, path, 0, 0, message)


def read_ticket(
    root: Path, path: str, data: bytes | None = None
) -> tuple[Filed | None, tuple[Diagnostic, ...]]:
    """Return the ticket at a path whose folders are known to be no links, or what is wrong;
    `data` is its content where that does not lie on disk."""
    if data is None:
        try:
            data = read_plain(os.path.join(root, path), MAX_TICKET_BYTES)
        except OSError as error:
            return None, (_unread(path, error),)
    ticket, problems = _parsed(data, path)
    return None if ticket is None else Filed(path, ticket, data), problems


def _lies_at(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _parsed(data: bytes, path: str) -> tuple[Ticket | None, tuple[Diagnostic, ...]]:
    # A list from the index reads no ticket, and should not wait for what does.
    from desk.storage.ticket_file import parse_ticket

    return parse_ticket(data, path)


def _unread(path: str, error: OSError) -> Diagnostic:
    code = "link" if isinstance(error, LinkError) else "unreadable"
    return Diagnostic(code, path, 0, 0, error.strerror or str(error))
