"""The team's load, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.domain.fields import LIVE
from desk.render.machine import Json, instant, json_document, unreadable_objects
from desk.render.rows import Row, chosen, picked, rows_text
from desk.render.sla import STATE_STYLES, short_words
from desk.render.style import ago
from desk.render.tables import Cell, screen_table
from desk.services.day import Load, TeamLoad

FEW = 5
"""So many people with nothing to do are shown one by one."""

_YIELDING = ("oldest", "waiting", "hold", "due next", "new", "open", "answer", "due next")
"""The columns that give way on a narrow terminal, in this order."""


def team_table(load: TeamLoad, urgent: str, now: datetime, width: int, has_color: bool) -> str:
    """Return two tables: the people's load, and the queues of what nobody has taken. `urgent` is
    what the most urgent priority is called."""
    free = sum(not each.total for each in load.people)
    people = [each for each in load.people if each.total or free <= FEW]
    first = _table("person", people, urgent, now, width, has_color) if people else ""
    if len(people) < len(load.people):
        first += f"{free:,} {'more ' if people else ''}have nothing to do\n"
    queues = _table("queue", load.queues, urgent, now, width, has_color) if load.queues else ""
    return "\n".join(filter(None, (first, queues)))


def _table(
    head: str, loads: Sequence[Load], urgent: str, now: datetime, width: int, has_color: bool
) -> str:
    counted = (*LIVE, "all", "answer", "late", urgent, "oldest")
    rows = [
        [
            Cell(load.who),
            *(Cell(_shown(load.counts.get(status, 0))) for status in LIVE),
            Cell(_shown(load.total), "bold"),
            Cell(_shown(load.to_answer)),
            Cell(_shown(load.late), "red"),
            Cell(_shown(load.urgent)),
            Cell(ago(load.oldest.fields.created, now) if load.oldest else ""),
            _due_cell(load),
        ]
        for load in loads
    ]
    headings = [head, *counted, "due next"]
    return screen_table(
        *(headings, rows, width, has_color),
        wide=("due next",),
        right=counted,
        yielding=_YIELDING,
        least=width,
    )


def _due_cell(load: Load) -> Cell:
    """Return what is due next: `3h over  HD-2611-7K3QF`."""
    if load.due is None or load.next_due is None:
        return Cell("")
    words = short_words(load.due.clock)
    style = STATE_STYLES[load.due.clock.state]
    return Cell(f"{words}  {load.next_due.fields.id}", style, words)


def _shown(count: int) -> str:
    return str(count or "")


_DUE = ("due_next", "due_clock", "due_state", "due", "remaining_seconds")
_COUNTS = (*LIVE, "total", "to_answer", "breached", "most_urgent", "oldest", *_DUE)
_KEYS = ("who", "name", *_COUNTS)
TEAM_COLUMNS = ("kind", "who", *_COUNTS, "name")


def team_text(load: TeamLoad, form: str, fields: str = "") -> str:
    """Return a row a person, then a row a queue, as `json`, `jsonl`, `csv`, `plain` or `md`, with
    the columns that `fields` names; by itself `plain` leaves out the name."""
    people, queues = _rows("person", load.people), _rows("queue", load.queues)
    if form != "json":
        columns = chosen(fields, TEAM_COLUMNS, TEAM_COLUMNS[:-1] if form == "plain" else ())
        return rows_text(form, columns, [*people, *queues])
    columns = chosen(fields, TEAM_COLUMNS, _KEYS)
    return json_document(
        {
            "schema": "desk.team/1",
            "people": [picked(row, columns) for row in people],
            "queues": [picked(row, columns) for row in queues],
            "unreadable": unreadable_objects(load.unreadable),
        }
    )


def _rows(kind: str, loads: Sequence[Load]) -> list[Row]:
    return [
        {
            "kind": kind,
            "who": load.who,
            **{status: load.counts.get(status, 0) for status in LIVE},
            "total": load.total,
            "to_answer": load.to_answer,
            "breached": load.late,
            "most_urgent": load.urgent,
            "oldest": load.oldest.fields.id if load.oldest else None,
            **dict(zip(_DUE, _due_values(load), strict=True)),
            "name": load.name,
        }
        for load in loads
    ]


def _due_values(load: Load) -> tuple[Json, ...]:
    if load.due is None or load.next_due is None:
        return (None,) * len(_DUE)
    name, due, clock = load.due
    return load.next_due.fields.id, name, clock.state, instant(due), clock.remaining_seconds
