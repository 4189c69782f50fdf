"""What a sweep did, in sentences."""

from __future__ import annotations

from desk.domain.texts import visible
from desk.render.sentences import count_words
from desk.services.sweeping import SweepResult


def sweep_lines(result: SweepResult, dry_run: bool = False) -> list[str]:
    """Return a line for each rule that acted, then the sum."""
    start = "would do: " if dry_run else ""
    lines = [
        f"{start}{each.ticket.id} {visible(each.ticket.title)}: {visible(each.rule)}"
        for each in result.swept
    ]
    looked_at = count_words(result.looked_at, "open ticket")
    acted = count_words(len(result.outcome.saves), "ticket")
    written = (
        f"{acted} {'would be ' if dry_run else ''}changed" if result.swept else "nothing to do"
    )
    return [*lines, f"{looked_at} looked at, {written}"]
