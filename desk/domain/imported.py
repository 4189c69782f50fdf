"""Rows of a CSV file become tickets, as an import map says; whatever is wrong with one is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from desk.domain.fields import DONE, FIELD
from desk.domain.headings import new_entry
from desk.domain.import_map import AUTOMATION, Event, ImportMap
from desk.domain.instants import format_instant
from desk.domain.people import signature_of
from desk.domain.replay import settle
from desk.domain.settings import Settings
from desk.domain.ticket import Change, Entry, Ticket, Value, apply_changes, changes_between

_LATER = ("status", "resolution", "assignee", "until")
"""Where a ticket stands: what one that is told in a single row does not start with."""


class Row(NamedTuple):
    """The cells of `ImportMap.columns`, and the line of the file on which the row begins."""

    line: int
    cells: tuple[str, ...]


class Trouble(NamedTuple):
    """Why the row that begins on a line is left out."""

    line: int
    message: str


class Draft(NamedTuple):
    """A ticket that has no ID yet; `line` is that of its first row."""

    external_id: str
    line: int
    values: Mapping[str, Value]
    log: tuple[Entry, ...]

    @property
    def created(self) -> datetime:
        """When it was opened."""
        return self.log[0].at

    def ticket(self, ticket_id: str) -> Ticket:
        """Return it as a ticket of this ID."""
        values: dict[str, Value] = {"id": ticket_id, "created": format_instant(self.created)}
        return Ticket({**values, **self.values}, self.log)


class Drafts(NamedTuple):
    """What came of the rows: tickets in the order in which the file first names them, and the rows
    left out in the order of their lines."""

    tickets: tuple[Draft, ...]
    troubles: tuple[Trouble, ...]
    rows: int


def draft_tickets(plan: ImportMap, rows: Iterable[Row | Trouble], settings: Settings) -> Drafts:
    """Make tickets of the rows of a file; a row that is in trouble passes through as such.

    A row that cannot be used adds nothing, and its ticket's other rows still count. The log of
    each ticket leads to its fields: `desk.domain.replay.differences` has none.
    """
    troubles: list[Trouble] = []
    count = 0
    good: list[Row] = []
    for row in rows:
        count += 1
        if isinstance(row, Trouble):
            troubles.append(row)
        else:
            good.append(row)
    make = _from_rows if plan.events is None else _from_events
    drafts = make(plan, good, settings, troubles)
    return Drafts(tuple(drafts), tuple(sorted(troubles)), count)


class _History:
    """A ticket as its rows are told one after the other: its fields, and its log so far."""

    def __init__(self, at: datetime, values: Mapping[str, Value], description: str) -> None:
        requester = str(values.get("requester", ""))
        changes = [
            change
            for change in changes_between({}, values)
            if change.key not in FIELD or FIELD[change.key].logged
        ]
        entry = new_entry(at, signature_of(requester), "opened", changes, description)
        self.values = dict(values)
        self.log = [entry]
        self._last_resolution: tuple[Entry, ...] = ()

    def tell(
        self,
        at: datetime,
        by: str,
        verb: str,
        wanted: Iterable[Change],
        text: str,
        rest: str | None,
    ) -> None:
        """Add an entry with what the changes, and what follows from a status, really change.

        A `changed` that would change nothing is a `noted` with the text, or else `rest`; None for
        `rest` passes it over.
        """
        before, after = self.values, self.values
        if wanted:
            after = settle(apply_changes(before, wanted), self._last_resolution)
        changes = changes_between(before, after) if after != before else ()
        if verb == "changed" and not changes:
            if rest is None:
                return
            verb, text = "noted", text or rest
        entry = new_entry(at, by or AUTOMATION, verb, changes, text)
        self.values = after
        self.log.append(entry)
        if entry.change_of("resolution"):
            self._last_resolution = (entry,)

    def draft(self, external_id: str, line: int) -> Draft:
        return Draft(external_id, line, self.values, tuple(self.log))


def _begun(
    plan: ImportMap, key: str, row: Row, at: datetime, by: str, settings: Settings
) -> _History:
    """Return the ticket as it begins: new, with the fields of its first row."""
    values: dict[str, Value] = {"status": "new", "channel": "import", "external_id": key}
    wanted = plan.changes(plan.wanted, row.cells, by, settings)
    later = _LATER if plan.events is None else ()
    values = apply_changes(values, [each for each in wanted if each.key not in later])
    values.setdefault("channel", "import")
    if "title" not in values:
        raise ValueError("the title is empty")
    description = plan.description.of(row.cells, by) if plan.description else ""
    return _History(at, values, description)


class _Happening(NamedTuple):
    """A row of an event log that can be used; a `verb` of "" is an activity without a rule."""

    at: datetime
    row: Row
    by: str
    activity: str
    verb: str
    wanted: tuple[Change, ...]
    text: str


def _from_events(
    plan: ImportMap, rows: Iterable[Row], settings: Settings, troubles: list[Trouble]
) -> list[Draft]:
    by_key: dict[str, list[_Happening]] = {}
    for row in rows:
        try:
            key = plan.external_id(row.cells)
            happening = _happening(plan, row, settings)
        except ValueError as error:
            troubles.append(Trouble(row.line, str(error)))
        else:
            by_key.setdefault(key, []).append(happening)
    drafts = (
        _told(plan, key, sorted(happenings, key=lambda each: each.at), settings, troubles)
        for key, happenings in by_key.items()
    )
    return [draft for draft in drafts if draft is not None]


_NO_RULE = Event("", {}, None)


def _happening(plan: ImportMap, row: Row, settings: Settings) -> _Happening:
    events = plan.events
    if events is None:
        raise ValueError("the map has no `events`")
    at = plan.at.needed(row.cells)
    by = plan.who(row.cells, settings)
    activity = row.cells[events.place].strip()
    event = events.values.get(activity, _NO_RULE)
    wanted = plan.changes(event.wanted, row.cells, by, settings)
    text = event.text.of(row.cells, by) if event.text else ""
    return _Happening(at, row, by, activity, event.verb, wanted, text)


def _told(
    plan: ImportMap,
    key: str,
    happenings: Iterable[_Happening],
    settings: Settings,
    troubles: list[Trouble],
) -> Draft | None:
    """Tell a ticket's rows, by instant; None where none of them can begin it."""
    rest = plan.events is not None and plan.events.notes_rest
    history: _History | None = None
    line = 0
    for at, row, by, activity, verb, wanted, text in happenings:
        try:
            begun = history or _begun(plan, key, row, at, by, settings)
            if verb == "wrote":
                by = signature_of(str(begun.values.get("requester", "")))
            if verb not in ("", "changed"):
                text = text or activity
            note = activity if rest else None
            begun.tell(at, by, verb or "changed", wanted, text, note)
        except ValueError as error:
            troubles.append(Trouble(row.line, str(error)))
            continue
        if history is None:
            history, line = begun, row.line
    return history.draft(key, line) if history else None


def _from_rows(
    plan: ImportMap, rows: Iterable[Row], settings: Settings, troubles: list[Trouble]
) -> list[Draft]:
    drafts: dict[str, Draft] = {}
    for row in rows:
        try:
            key = plan.external_id(row.cells)
            if key in drafts:
                raise ValueError(f"the key stands on line {drafts[key].line} already")
            drafts[key] = _standing(plan, key, row, settings)
        except ValueError as error:
            troubles.append(Trouble(row.line, str(error)))
    return list(drafts.values())


def _standing(plan: ImportMap, key: str, row: Row, settings: Settings) -> Draft:
    """Return the ticket of a row that tells how it stands: opened, then brought there."""
    at = plan.at.needed(row.cells)
    by = plan.who(row.cells, settings)
    history = _begun(plan, key, row, at, by, settings)
    later = [
        change
        for change in plan.changes(plan.wanted, row.cells, by, settings)
        if change.key in _LATER and change.value
    ]
    status = next((change.value for change in later if change.key == "status"), "new")
    for step_at, changes in _steps(plan, row, at, status, later):
        history.tell(step_at, by, "changed", changes, "", None)
    return history.draft(key, row.line)


def _steps(
    plan: ImportMap, row: Row, created: datetime, status: str, later: list[Change]
) -> list[tuple[datetime, list[Change]]]:
    """Return the changes that lead to where a ticket stands, with their instants.

    ValueError where the row's instants contradict each other.
    """
    dates = {name: moment.of(row.cells) for name, moment in plan.dates.items()}
    updated, resolved, closed = (
        dates.get(name) for name in ("updated_at", "resolved_at", "closed_at")
    )
    if status not in DONE:
        steps = [(updated or created, later)]
    elif status == "resolved":
        steps = [(resolved or closed or updated or created, later)]
    elif resolved is None:
        steps = [(closed or updated or created, later)]
    else:
        first = [each for each in later if each.key != "status"]
        steps = [
            (resolved, [*first, Change("status", "=", "resolved")]),
            (closed or updated or resolved, [Change("status", "=", "closed")]),
        ]
    before = created
    for at, _ in steps:
        if at < before:
            raise ValueError(f"{format_instant(at)} is before {format_instant(before)}")
        before = at
    return steps
