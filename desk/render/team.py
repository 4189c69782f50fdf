"""The team's load, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.domain.fields import LIVE
from desk.domain.texts import visible
from desk.render.style import ago
from desk.render.tables import Cell, screen_table
from desk.services.day import Load, TeamLoad


def team_table(load: TeamLoad, now: datetime, width: int, has_color: bool) -> str:
    """Return two tables: the people's load, and the queues of what nobody has taken."""
    parts = [_table("person", load.people, now, width, has_color)]
    if load.queues:
        parts.append(_table("nobody's, in team", load.queues, now, width, has_color))
    return "\n".join(parts)


def _table(head: str, loads: Sequence[Load], now: datetime, width: int, has_color: bool) -> str:
    counted = (*LIVE, "all", "to answer", "late", "most urgent", "oldest")
    rows = [
        [
            Cell(load.who),
            *(Cell(_shown(load.counts.get(status, 0))) for status in LIVE),
            Cell(_shown(load.total), "bold"),
            Cell(_shown(load.to_answer)),
            Cell(_shown(load.late), "red"),
            Cell(_shown(load.urgent)),
            Cell(ago(load.oldest.ticket.created, now) if load.oldest else ""),
        ]
        for load in loads
    ]
    return screen_table([head, *counted], rows, width, has_color, right=counted)


def _shown(count: int) -> str:
    return str(count or "")


def team_plain(load: TeamLoad) -> str:
    """Return a line a person and a line a queue: kind, who, each status's count, all, to answer,
    late, most urgent, oldest ticket."""
    lines = []
    for kind, loads in (("person", load.people), ("queue", load.queues)):
        for each in loads:
            counts = [str(each.counts.get(status, 0)) for status in LIVE]
            oldest = each.oldest.ticket.id if each.oldest else ""
            sums = [each.total, each.to_answer, each.late, each.urgent]
            row = [kind, each.who, *counts, *map(str, sums), oldest]
            lines.append("\t".join(map(visible, row)))
    return "".join(f"{line}\n" for line in lines)


def team_object(load: TeamLoad) -> dict[str, object]:
    """Return the load for JSON."""
    return {
        "schema": "desk.team/1",
        "people": [_object(each) for each in load.people],
        "queues": [_object(each) for each in load.queues],
        "unreadable": [
            {"path": each.path, "line": each.line, "message": each.message}
            for each in load.unreadable
        ],
    }


def _object(load: Load) -> dict[str, object]:
    return {
        "who": load.who,
        "name": load.name,
        **{status: load.counts.get(status, 0) for status in LIVE},
        "total": load.total,
        "to_answer": load.to_answer,
        "breached": load.late,
        "most_urgent": load.urgent,
        "oldest": load.oldest.ticket.id if load.oldest else None,
    }
