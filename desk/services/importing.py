"""Importing: a CSV file and a map become tickets, in one commit.

A ticket is known, and skipped whole, if one here has its external ID and one of the IDs that
(source, external ID) lead to, whatever its prefix and month; `former_ids` count as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.domain import ids
from desk.domain.editing import known_values
from desk.domain.import_map import ImportMap, shown
from desk.domain.imported import Draft, Drafts, draft_tickets
from desk.domain.map_check import check_map
from desk.domain.settings import Settings
from desk.domain.texts import MAX_TICKET_BYTES
from desk.domain.ticket import Ticket
from desk.domain.ticket_checks import is_known_person
from desk.errors import Diagnostic, NotFound, OutsideError, Refused
from desk.services.committing import commit_files
from desk.services.desk import Desk
from desk.services.saving import plain_line
from desk.storage.csv_file import open_table
from desk.storage.files import NewFile, walk_tickets
from desk.storage.map_file import MAX_MAP_BYTES, read_map
from desk.storage.ticket_file import format_ticket
from desk.storage.ticket_store import UnreadableTicket

Progress = Callable[[int, int], None]
"""Told how many tickets are done, and of how many."""

MOST_LISTED = 100
"""So many IDs, at most, stand in the commit's message; of more its list of files tells."""

_CHECKED = ("team", "level", "priority", "category", "impact", "urgency")


_NOBODY = frozenset({"requester", "desk"})


class BadMap(Refused):
    """An import map that does not check."""

    def __init__(self, path: Path, problems: tuple[Diagnostic, ...]) -> None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{path} has {count}", "mend the map first", problems)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do in a dry run.

    `rows` of the file were read; the tickets `ids` were made, with `entries` in their logs;
    `known` tickets were there already. `diagnostics` name what was left out, each with its line;
    `unreadable` are files of this help desk that no ticket comes out of, and `unknown` sentences
    on names that config.yaml does not have.
    """

    source: str
    rows: int
    ids: tuple[str, ...]
    entries: int
    known: int
    diagnostics: tuple[Diagnostic, ...]
    unreadable: tuple[Diagnostic, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether every row could be used."""
        return not self.diagnostics


def import_csv(
    desk: Desk, table: Path, map_path: Path, progress: Progress | None = None
) -> ImportResult:
    """Import a CSV file as a map says: all that is new, in one commit.

    BadMap with all that is wrong; NotFound, UnreadableTable or OutsideError for files that cannot
    be read. Needs nobody in particular, unless `permissions` say otherwise.
    """
    _require(desk)
    plan, drafts = _read(desk, table, map_path)
    with desk.writing():
        return _write(desk, plan, drafts, str(table), progress or _silent)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _require(desk: Desk) -> None:
    if desk.known_actor is not None or not desk.settings.may(None, "import"):
        desk.require("import")


def _read(desk: Desk, table: Path, map_path: Path) -> tuple[ImportMap, Drafts]:
    root, fault = read_map(_bytes_of(map_path), str(map_path))
    if fault is not None:
        raise BadMap(map_path, (fault,))
    source = map_path.name.lstrip(".").partition(".")[0]
    with open_table(table) as opened:
        header, zone = opened.header, desk.settings.zone
        plan, problems = check_map(root, str(map_path), header, source, zone)
        if plan is None:
            raise BadMap(map_path, problems)
        return plan, draft_tickets(plan, opened.rows(plan.columns), desk.settings)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_MAP_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "check the path") from None
    except OSError as error:
        raise OutsideError(f"cannot read {path}: {error.strerror}", "check its rights") from error


def _write(
    desk: Desk, plan: ImportMap, drafts: Drafts, table: str, progress: Progress
) -> ImportResult:
    """Write what is new; the caller holds the lock."""
    here = _Here(desk)
    wrong = [Diagnostic("import-row", table, line, 0, text) for line, text in drafts.troubles]
    files: list[NewFile] = []
    made: list[str] = []
    names: Counter[tuple[str, str]] = Counter()
    known = entries = 0
    total = len(drafts.tickets)
    for done, draft in enumerate(drafts.tickets, 1):
        if here.knows(plan.source, draft.external_id):
            known += 1
        else:
            ticket = draft.ticket(here.free_id(plan.source, draft))
            data = format_ticket(ticket)
            if len(data) > MAX_TICKET_BYTES:
                message = f"{shown(draft.external_id)} would be {len(data):,} bytes long"
                wrong.append(Diagnostic("import-row", table, draft.line, 0, message))
                continue
            files.append(NewFile(ids.path_of(ticket.id), data, None))
            made.append(ticket.id)
            entries += len(ticket.log)
            names.update(_unknown_names(ticket, desk.settings))
        progress(done, total)
    try:
        commit_files(desk, files, _subject(plan.source, len(made)), _body(made), "import")
    except FileExistsError:
        raise Refused(
            "a ticket's file was made meanwhile, and nothing was changed", "try again"
        ) from None
    wrong.sort(key=lambda each: each.line)
    return ImportResult(
        source=plan.source,
        rows=drafts.rows,
        ids=tuple(made),
        entries=entries,
        known=known,
        diagnostics=tuple(wrong),
        unreadable=tuple(here.unreadable),
        unknown=tuple(_sentences(names)),
    )


def _subject(source: str, count: int) -> str:
    tickets = "1 ticket" if count == 1 else f"{count} tickets"
    return plain_line(f"import {tickets} from {source}")


def _body(made: list[str]) -> str:
    return "\n".join(made) if len(made) <= MOST_LISTED else ""


class _Here:
    """The tickets that are in the workspace, and those that this import adds."""

    def __init__(self, desk: Desk) -> None:
        self._prefix = desk.settings.prefix
        self._taken: set[str] = set()
        self._tails: dict[str, set[str]] = {}
        self._lost: set[str] = set()
        self.unreadable: list[Diagnostic] = []
        for kind, path, _ in walk_tickets(desk.root):
            name = path.rpartition("/")[2].removesuffix(".md")
            if kind == "stray" or not ids.is_id(name):
                continue
            self._taken.add(name)
            try:
                self._add(desk.store.read(path).ticket)
            except UnreadableTicket as error:
                self.unreadable += error.problems
                self._lost.add(_tail(name))
        absent = _tracked(desk) - self._taken
        self._taken |= absent
        self._lost |= {_tail(name) for name in absent}
        if absent:
            count = "1 ticket" if len(absent) == 1 else f"{len(absent):,} tickets"
            desk.notices.append(f"Git has {count} that the work tree lacks; they count as known")

    def _add(self, ticket: Ticket) -> None:
        external_id = ticket.text("external_id")
        if external_id:
            names = (ticket.id, *ticket.items("former_ids"))
            self._tails.setdefault(external_id, set()).update(map(_tail, names))

    def knows(self, source: str, external_id: str) -> bool:
        """Tell whether the ticket is here; a file that cannot be read is it where its name is the
        one that the ticket would get first."""
        if external_id not in self._tails and not self._lost:
            return False
        tails = [_tail(each) for each in ids.imported_ids("HD", _ANY_TIME, source, external_id)]
        return tails[0] in self._lost or not self._tails.get(external_id, set()).isdisjoint(tails)

    def free_id(self, source: str, draft: Draft) -> str:
        """Return the first ID of a new ticket that no other has, and take it."""
        candidates = ids.imported_ids(self._prefix, draft.created, source, draft.external_id)
        for ticket_id in candidates:
            if ticket_id not in self._taken:
                self._taken.add(ticket_id)
                return ticket_id
        raise Refused(f"{shown(draft.external_id)} finds no free ID", "report this: it is a bug")


def _tracked(desk: Desk) -> set[str]:
    """Return the IDs of the tickets that Git tracks, on disk or not."""
    tracked = desk.repository.run("ls-files", "-z", "--", "tickets").decode(errors="replace")
    names = (path.rpartition("/")[2].removesuffix(".md") for path in tracked.split("\0"))
    return {name for name in names if ids.is_id(name)}


_ANY_TIME = datetime.fromisoformat("2000-01-01T00:00:00Z")


def _tail(ticket_id: str) -> str:
    return ticket_id.rpartition("-")[2]


def _unknown_names(ticket: Ticket, settings: Settings) -> set[tuple[str, str]]:
    """Return what config.yaml should name and does not, each with the field that it stands in."""
    found = set()
    for key in _CHECKED:
        value, known = ticket.text(key), known_values(key, settings)
        if value and known and value not in known:
            found.add((key, value))
    signers = {entry.by for entry in ticket.log} - _NOBODY
    for who in {ticket.text("assignee"), *signers} - {""}:
        if not is_known_person(who, settings):
            found.add(("person", who))
    return found


def _sentences(names: Counter[tuple[str, str]]) -> Iterator[str]:
    for (key, value), count in sorted(names.items()):
        tickets = "1 ticket names" if count == 1 else f"{count} tickets name"
        yield f"{tickets} the {key} {shown(value)}, which config.yaml does not have"
