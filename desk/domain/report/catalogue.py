"""The reports that are built in: what each shows, and by what."""

from __future__ import annotations

from typing import NamedTuple

from desk.domain.report.tally import AGES
from desk.domain.sla import CLOCKS

EXPLAIN = "explain"
"""What `desk report` takes for a question about a metric, and for no report."""


class BuiltIn(NamedTuple):
    """A report: its metrics, what its rows are unless somebody asks otherwise (`by`, "": there is
    one row for all), and whether it goes by periods of time."""

    name: str
    summary: str
    metrics: tuple[str, ...]
    by: str = ""
    is_by_period: bool = False


def _times(stem: str) -> tuple[str, ...]:
    return tuple(f"{stem}_{kind}_seconds" for kind in ("median", "p90", "mean"))


_SUMMARY = BuiltIn(
    "summary",
    "what came in, what was done and how fast, and what is left",
    (
        *("created", "resolved", "closed", "reopened", "backlog", "unassigned", "breached"),
        *_times("first_response"),
        *_times("first_response_wall"),
        *_times("resolution"),
        *_times("resolution_wall"),
        *(f"{clock}_compliance" for clock in CLOCKS),
        *("ratings", "rating_mean", "satisfied_share"),
    ),
)

BUILT_IN = {
    report.name: report
    for report in (
        _SUMMARY,
        BuiltIn(
            "volume",
            "tickets created and resolved, and the backlog, period by period",
            ("created", "resolved", "reopened", "backlog"),
            is_by_period=True,
        ),
        BuiltIn(
            "sla",
            "promises kept and broken, clock by clock",
            (
                *(
                    f"{clock}_{part}"
                    for clock in CLOCKS
                    for part in ("met", "missed", "compliance", "breached")
                ),
                "breached",
            ),
            by="policy",
        ),
        BuiltIn(
            "backlog",
            "what is not done yet, by age",
            (
                "backlog",
                *(f"backlog_{bucket}" for bucket, _ in AGES),
                *("backlog_oldest_seconds", "unassigned", "breached"),
            ),
            by="priority",
        ),
        BuiltIn(
            "flow",
            "how tickets came to their end: how often they came back, went up or round, and where "
            "their time went",
            (
                *("resolved", "reopen_rate", "escalation_rate", "handover_rate", "handovers"),
                "first_contact_rate",
                *(
                    f"time_in_{status}_mean_seconds"
                    for status in ("new", "open", "waiting", "hold", "done")
                ),
            ),
        ),
    )
}
