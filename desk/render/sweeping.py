"""What a sweep did, for people and programs."""

from __future__ import annotations

from datetime import datetime

from desk.domain.instants import format_instant
from desk.domain.texts import visible
from desk.domain.ticket import changes_between
from desk.render.machine import Object, log_objects, unreadable_objects
from desk.render.sentences import change_words, count_words
from desk.services.sweeping import SweepResult, Swept


def sweep_lines(result: SweepResult, dry_run: bool = False) -> list[str]:
    """Return a line for each rule that acted, then the sum."""
    start = "would do: " if dry_run else ""
    lines = [
        f"{start}{each.ticket.id} {visible(each.ticket.title)}: {visible(each.rule)}{_done(each)}"
        for each in result.swept
    ]
    acted = count_words(len(result.outcome.saves), "ticket")
    written = (
        f"{acted} {'would be ' if dry_run else ''}changed" if result.swept else "nothing to do"
    )
    live = count_words(result.live, "live ticket")
    return [*lines, f"{live} and {result.resolved:,} resolved looked at, {written}"]


def _done(swept: Swept) -> str:
    """Say what came of a rule: ` (team sysadmin, level L2)`."""
    before, after = swept.before.values, swept.ticket.values
    changed = [change_words(change, before) for change in changes_between(before, after)]
    said = visible(swept.remark).rstrip(".") or ", ".join(changed)
    return f" ({said})" if said else ""


def sweep_object(result: SweepResult, as_of: datetime, dry_run: bool = False) -> Object:
    """Return a sweep for JSON (`desk.sweep/1`): each rule that acted, with the entry it wrote."""
    return {
        "schema": "desk.sweep/1",
        "as_of": format_instant(as_of),
        "dry_run": dry_run,
        "checked": {"live": result.live, "resolved": result.resolved},
        "changed": [ticket.id for ticket in result.outcome.tickets],
        "acts": [
            {
                "id": each.ticket.id,
                "title": each.ticket.title,
                "rule": each.rule,
                "entry": log_objects(each.ticket)[-1],
            }
            for each in result.swept
        ],
        "troubles": list(result.troubles),
        "unreadable": unreadable_objects(result.unreadable),
    }
