"""The team's load, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.domain.fields import LIVE
from desk.domain.texts import visible
from desk.render.lists import printed
from desk.render.style import ago
from desk.services.day import Load, TeamLoad


def team_table(load: TeamLoad, now: datetime, width: int, has_color: bool) -> str:
    """Return two tables: the people's load, and the queues of what nobody has taken."""
    parts = [_table("person", load.people, now, width, has_color)]
    if load.queues:
        parts.append(_table("nobody's, in team", load.queues, now, width, has_color))
    return "\n".join(parts)


def _table(head: str, loads: Sequence[Load], now: datetime, width: int, has_color: bool) -> str:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column(head, no_wrap=True, overflow="ellipsis")
    for heading in (*LIVE, "all", "to answer", "most urgent", "oldest"):
        grid.add_column(heading, justify="right")
    for load in loads:
        grid.add_row(
            Text(visible(load.who)),
            *(str(load.counts.get(status, "") or "") for status in LIVE),
            Text(str(load.total), style="bold"),
            str(load.to_answer or ""),
            Text(str(load.urgent or ""), style="red"),
            ago(load.oldest.ticket.created, now) if load.oldest else "",
        )
    return printed(grid, width, has_color)


def team_plain(load: TeamLoad) -> str:
    """Return a line a person and a line a queue: kind, who, each status's count, all, to answer,
    most urgent, oldest ticket."""
    lines = []
    for kind, loads in (("person", load.people), ("queue", load.queues)):
        for each in loads:
            counts = [str(each.counts.get(status, 0)) for status in LIVE]
            oldest = each.oldest.ticket.id if each.oldest else ""
            row = [kind, each.who, *counts, str(each.total), str(each.to_answer), str(each.urgent)]
            lines.append("\t".join(visible(cell) for cell in (*row, oldest)))
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
        "most_urgent": load.urgent,
        "oldest": load.oldest.ticket.id if load.oldest else None,
    }
