"""The reports that are built in: what each shows, and by what."""

from __future__ import annotations

from typing import NamedTuple

from desk.domain.report.periods import Every
from desk.domain.report.tally import AGES
from desk.domain.sla import CLOCKS

EXPLAIN = "explain"
"""What `desk report` takes for a question about a metric, and for no report."""


class BuiltIn(NamedTuple):
    """A report: its metrics, what its rows are unless somebody asks otherwise (`by`; none: there is
    one row for all), and whether it goes by periods of time.

    One that config.yaml defines has a `base`, which it is like in all that it does not say itself,
    a title, and may have a query, periods and an order of its own; desk's own are their own base.

    It goes by periods of `usual_every` where nobody asks for other rows or a comparison; with
    `usual_days` it is of so many days where nobody says, and compared with those before. `behind`
    says what its rows are made of (see `desk.domain.report.behind`). `no_by` and `no_every` tell
    what to do instead of asking for other rows or periods, where that cannot be. One that
    `is_apart` is not made of tallies, and no base of others.
    """

    name: str
    summary: str
    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    is_by_period: bool = False
    base: str = ""
    title: str = ""
    query_text: str = ""
    every: Every | None = None
    sort: str = ""
    usual_every: Every | None = None
    usual_days: int = 0
    behind: str = "created"
    no_by: str = ""
    no_every: str = ""
    is_apart: bool = False


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
        *(f"{clock}_{part}" for clock in CLOCKS for part in ("met", "missed", "compliance")),
        *("ratings", "rating_mean", "satisfied_share"),
    ),
)

BUILT_IN = {
    report.name: report._replace(base=report.name, title=report.name)
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
            by=("policy",),
            behind="sla",
        ),
        BuiltIn(
            "backlog",
            "what is not done yet, by age",
            (
                "backlog",
                *(f"backlog_{bucket}" for bucket, _ in AGES),
                *("backlog_oldest_seconds", "unassigned", "breached"),
            ),
            by=("priority",),
            behind="backlog",
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
            behind="flow",
        ),
        BuiltIn(
            "agents",
            "who has how much, who is quick, and whose tickets come back",
            (
                *("backlog", "resolved"),
                *(f"promises_{part}" for part in ("met", "missed", "compliance")),
                *("reopen_rate", "first_response_median_seconds", "breached", "taken", "reopened"),
                *("worked_seconds", "ratings", "rating_mean"),
            ),
            by=("assignee",),
            behind="backlog",
            no_by="`desk report summary --by` has rows of other kinds",
        ),
        BuiltIn(
            "topics",
            "what tickets are about and whose they are: what most of them are, and what rose",
            ("created", "created_share", "created_cumulative_share", "created_change"),
            usual_days=30,
            no_every="`desk report volume --by category --every month` goes by periods",
            is_apart=True,
        ),
        BuiltIn(
            "hours",
            "when tickets come: by weekday and hour",
            ("created", "created_share"),
            no_by="narrow it with a query: `desk report hours company:ACME`",
            no_every="narrow it with --since and --until, or see `desk report volume`",
            is_apart=True,
        ),
        BuiltIn(
            "csat",
            "how content requesters were",
            (
                *("ratings", "rated_share", *(f"rated_{score}" for score in range(1, 6))),
                *("rating_mean", "satisfied_share"),
            ),
            usual_every="month",
            behind="csat",
        ),
        BuiltIn(
            "kb",
            "which articles tickets use, which nobody does, and what none answers",
            (
                *("kb_articles", "kb_linked", "kb_solved", "kb_unused", "kb_stale"),
                *("kb_review_age_seconds", "kb_unanswered"),
            ),
            no_by="`desk kb list` narrows articles by category and tag",
            no_every="narrow it with --since and --until",
            is_apart=True,
        ),
    )
}
