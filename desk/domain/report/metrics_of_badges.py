"""What a leaderboard has beside what other reports have."""

from __future__ import annotations

from desk.domain.report.metric import UNTIMED, Figure, Metric
from desk.domain.report.rows import TicketRow
from desk.domain.report.tally import Mark, Tally, apart, promises


def outcomes(row: TicketRow) -> list[Mark]:
    """Return when each promise ended; how much: that instant, and whether it was missed, as one
    number, by which they are put in order later."""
    return [
        (ended, "outcome", ended << 1 | what.endswith("_missed"))
        for ended, what, _ in promises(row)
    ]


def _longest_run(tally: Tally) -> Figure:
    ordered = tally.ordered("outcome")
    if not ordered:
        return None
    longest = run = 0
    for outcome in ordered:
        run = 0 if outcome & 1 else run + 1
        longest = max(longest, run)
    return longest


BADGE_METRICS: list[Metric] = [
    Metric(
        *("longest_run", "kept in a row", "promises", "higher"),
        "The most promises that were kept one after the other, by the instants at which they ended "
        f"in the period, with none missed in between. {UNTIMED}",
        "longest run of met without a missed",
        *(_longest_run, outcomes),
    ),
    Metric(
        *("kb_written", "articles written", "articles", "higher"),
        "Articles of the knowledge base that came into Git in the period, by the author of the "
        "commit, and that are still there.",
        "count of articles added",
        *(lambda tally: tally.total("kb_written"), apart, True),
    ),
]
