"""Judging the commits of one help desk, one after the other, parents first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from desk.domain.audit.deeds import AuditFinding, Deed, Objection
from desk.domain.audit.logs import Past, Step, judge_step
from desk.domain.audit.signing import HandEdit
from desk.domain.headings import is_who
from desk.domain.instants import FIRST_YEAR
from desk.domain.mending import Origin
from desk.domain.people import Actor, address_in
from desk.domain.texts import visible
from desk.domain.ticket import Change, Entry, Ticket
from desk.services.audit_shelf import (
    AuditShelf,
    Files,
    broken_objections,
    by_path,
    is_ticket_path,
)
from desk.services.judging_files import file_objections
from desk.services.judging_merges import judge_merged
from desk.services.open_findings import WHILE_BROKEN, OpenFindings
from desk.services.settings_history import SettingsHistory
from desk.storage.commit_walk import FileChange, WalkedCommit
from desk.storage.root import CONFIG


class _Said(NamedTuple):
    """An objection, and the file and line that it is about (0: the line of its entry)."""

    path: str
    objection: Objection
    line: int = 0
    changes: tuple[Change, ...] = ()


class Judge:
    """Judges commits in the order of the walk, and remembers what later ones need to know."""

    def __init__(self, shelf: AuditShelf, settings: SettingsHistory) -> None:
        self._shelf = shelf
        self._settings = settings
        self._removed: defaultdict[str, set[Entry]] = defaultdict(set)
        self._edits: defaultdict[str, list[HandEdit]] = defaultdict(list)
        self._open = OpenFindings()

    def judge(self, commit: WalkedCommit) -> Iterator[AuditFinding]:
        """Yield what is against a commit; some of it may be `settled` later."""
        deed = self._deed(commit)
        if deed is None:
            self._settings.note(commit)
            return
        files = by_path(commit)
        tickets = {path: sides for path, sides in files.items() if is_ticket_path(path)}
        said: list[_Said] = []
        if len(commit.parents) > 1:
            said += self._merge(commit, deed, tickets)
        elif not (commit.verb == "import" and deed.may(["import"]) and self._is_import(files)):
            said += self._tickets(commit, deed, tickets)
        if len(tickets) < len(files):
            found = file_objections(self._shelf, commit, deed, files)
            said += [_Said(path, each, line) for path, line, each in found]
        said += [_Said(CONFIG, each) for each in self._settings.objections(commit, deed)]
        for each in said:
            change = _first(files, each.path if each.path in files else None)
            finding = self._finding(commit, each, change)
            if finding.code == "unexplained" or finding.code in WHILE_BROKEN:
                self._open.add(finding, each.changes)
            yield finding

    def _deed(self, commit: WalkedCommit) -> Deed | None:
        settings = self._settings.before(commit)
        if settings is None:
            return None
        person = settings.person(commit.email) if "@" in commit.email else None
        actor = Actor(commit.author, commit.email, person)
        return Deed(actor, settings, commit.at, commit.committed_at, commit.verb, commit.subject)

    def settled(self, tips: Sequence[str]) -> frozenset[AuditFinding]:
        """Return what was found and is put right in the last commits of the range."""
        return self._open.settled(self._shelf, tips)

    def _finding(
        self, commit: WalkedCommit, said: _Said, change: FileChange | None
    ) -> AuditFinding:
        entry = said.objection.entry
        heading = entry.heading if entry else ""
        line = said.line or (self._shelf.line_of(change, heading) if heading else 0)
        is_ticket = is_ticket_path(said.path)
        ticket_id = said.path.rpartition("/")[2].removesuffix(".md") if is_ticket else ""
        return AuditFinding(
            said.objection.code,
            said.path,
            line,
            said.objection.message,
            commit.name,
            f"{commit.author} <{commit.email}>",
            ticket_id,
            heading,
        )

    # -------------------------------------------------------------------------------- one parent

    def _is_import(self, files: Files) -> bool:
        """Tell whether a commit only adds tickets that have a name in another system."""
        if not all(is_ticket_path(path) and not sides[0].before for path, sides in files.items()):
            return False
        tickets = (self._shelf.after(sides[0]).ticket for sides in files.values())
        return all(ticket is not None and ticket.text("external_id") for ticket in tickets)

    def _tickets(self, commit: WalkedCommit, deed: Deed, tickets: Files) -> Iterator[_Said]:
        homes = _new_homes(self._shelf, tickets)
        came_from = {new: old for old, new in homes.items()}
        for path, (change, *_) in tickets.items():
            before = self._shelf.last_readable(commit, change)
            if not change.after:
                yield from self._gone(deed, change, before, _first(tickets, homes.get(path)))
                continue
            sheet = self._shelf.after(change)
            if sheet.ticket is None:
                self._shelf.note_readable(path, before)
                if not change.before or self._shelf.before(change) is not None:
                    found = broken_objections(sheet.problems)
                    yield from (_Said(path, each, line) for line, each in found)
                continue
            if path in came_from:
                old = self._shelf.last_readable(commit, tickets[came_from[path]][0])
                before = _renamed(old, sheet.ticket) if old else None
            step = self._step(commit, deed, path, before, sheet.ticket)
            yield from (_Said(path, each) for each in step.objections)
            if step.removed:
                self._removed[path].update(step.removed)
            yield from self._by_hand(commit, deed, path, step.by_hand)

    def _step(
        self, commit: WalkedCommit, deed: Deed, path: str, before: Ticket | None, after: Ticket
    ) -> Step:
        step = judge_step(before, after, deed, self._past(path))
        is_doubtful = any(
            each.code in ("signature", "automation", "date", "role") for each in step.objections
        )
        if self._shelf.is_whole or not is_doubtful:
            return step
        return judge_step(before, after, deed, self._longer_past(commit, deed, path))

    def _past(self, path: str) -> Past:
        if path not in self._removed and path not in self._edits:
            return Past()
        return Past(frozenset(self._removed.get(path, ())), tuple(self._edits.get(path, ())))

    def _longer_past(self, commit: WalkedCommit, deed: Deed, path: str) -> Past:
        """Return what commits before the range did to a ticket, too: a few versions of it."""
        past = self._past(path)
        entries: set[Entry] = set()
        edits: list[HandEdit] = []
        for each, change in self._shelf.versions(commit, path):
            after = self._shelf.after(change).ticket
            if after is None:
                continue
            entries.update(after.log)
            person = deed.settings.person(each.email) if "@" in each.email else None
            earlier = deed._replace(actor=Actor(each.author, each.email, person))
            step = judge_step(self._shelf.before(change), after, earlier, Past())
            edits += [HandEdit(one, _origin(each, earlier)) for one in step.by_hand]
        return Past(past.removed | entries, (*past.edits, *edits))

    def _by_hand(
        self, commit: WalkedCommit, deed: Deed, path: str, changes: tuple[Change, ...]
    ) -> Iterator[_Said]:
        """Keep in mind what was changed by hand, which `lint --fix` may tell, and say it."""
        if not changes:
            return
        origin = _origin(commit, deed)
        self._edits[path] += [HandEdit(change, origin) for change in changes]
        keys = ", ".join(f"`{visible(change.key)}`" for change in changes[:8])
        more = f" and {len(changes) - 8} more" if len(changes) > 8 else ""
        message = f"changed by hand, and no entry says so: {keys}{more}"
        yield _Said(path, Objection("unexplained", message), 0, changes)

    def _gone(
        self, deed: Deed, change: FileChange, before: Ticket | None, new: FileChange | None
    ) -> Iterator[_Said]:
        path, home = change.path, new.path if new else ""
        ticket = self._shelf.after(new).ticket if new else None
        former_ids = ticket.items("former_ids") if ticket else ()
        self._shelf.note_readable(path, before)
        if before is not None:
            self._removed[path].update(before.log)
        if home and before is not None and before.id in former_ids:
            return  # it has another ID, and is still found by this one
        if home:
            objection = Objection("moved", f"the ticket was moved to {visible(home)}")
        else:
            how = " by `git revert`" if deed.is_revert else ""
            title = f": {visible(before.title)}" if before else ""
            objection = Objection("deleted", f"the ticket was deleted{how}{title}")
        yield _Said(path, objection)

    # ------------------------------------------------------------------------------------ merges

    def _merge(self, commit: WalkedCommit, deed: Deed, tickets: Files) -> Iterator[_Said]:
        for merged in judge_merged(self._shelf, commit, deed, tickets):
            yield from (_Said(merged.path, each, line) for line, each in merged.objections)
            if merged.ticket is None:
                for change in tickets[merged.path]:
                    self._shelf.note_readable(merged.path, self._shelf.before(change))
            else:
                yield from self._by_hand(commit, deed, merged.path, merged.by_hand)


def _first(files: Files, path: str | None) -> FileChange | None:
    return files[path][0] if path else None


def _new_homes(shelf: AuditShelf, tickets: Files) -> dict[str, str]:
    """Return where tickets went that a commit takes away here and adds there."""
    gone = [path for path, sides in tickets.items() if not sides[0].after]
    added = [path for path, sides in tickets.items() if not sides[0].before] if gone else []
    new_at: dict[object, str] = {}
    for path in added:
        ticket = shelf.after(tickets[path][0]).ticket
        for sign in _signs(ticket) if ticket else ():
            new_at.setdefault(sign, path)
    homes = {}
    for path in gone if added else ():
        ticket = shelf.before(tickets[path][0])
        found = [new_at[sign] for sign in _signs(ticket) if sign in new_at] if ticket else []
        if found:
            homes[path] = found[0]
    return homes


def _signs(ticket: Ticket) -> Iterator[object]:
    """Yield what tells a ticket from every other, wherever it lies."""
    yield ticket.id
    yield from (entry for entry in ticket.log[:1] if entry.verb == "opened")


def _renamed(old: Ticket, new: Ticket) -> Ticket:
    """Return the ticket as it was, under its new ID: that it moved is said of its old path."""
    return Ticket({**old.values, "id": new.id}, old.log, old.head)


def _origin(commit: WalkedCommit, deed: Deed) -> Origin:
    address = address_in(commit.email)
    by = deed.actor.person.handle if deed.actor.person else address if is_who(address) else ""
    return Origin(commit.at or commit.committed_at or _EVER, by, commit.name)


_EVER = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
