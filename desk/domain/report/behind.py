"""The queries that find the tickets behind a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, tzinfo

from desk.domain.patterns import pattern
from desk.domain.policy import Policy
from desk.domain.query.tree import Exact, Group, Has, Node, Not, Pattern, Query, Term
from desk.domain.query.writing import to_text
from desk.domain.report.periods import Period, query_range
from desk.domain.report.rows import NOT_TIMED
from desk.domain.sla import CLOCKS

_TIMED = f"-resolution:{','.join(sorted(NOT_TIMED, reverse=True))}"
"""Tickets that count for promises."""

_STATES = {"compliance": "missed", "missed": "missed", "met": "met"}
"""In which state the clock of the tickets is that lead to a figure of promises."""

_BY_REPORT = {"sla": "missed", "backlog": "backlog", "flow": "resolved", "csat": "ratings"}


def tickets_behind(what: str, period: Period, zone: tzinfo) -> str:
    """Return the query of the tickets that a metric, or the rows of a built-in report, are made of
    in a period; "" where none finds just these."""
    what = _BY_REPORT.get(what, what)
    if what == "created":
        # A list shows what is open, unless its query speaks of the status.
        return f"{query_range(what, period, zone)} has:status".strip()
    if what in ("resolved", "closed"):
        return query_range(what, period, zone) or f"has:{what}"
    if what in ("ratings", "rated_share", "rating_mean"):
        return f"{query_range('resolved', period, zone) or 'has:resolved'} has:rating"
    if what.startswith("rated_"):
        score = what.removeprefix("rated_")
        return f"{query_range('resolved', period, zone) or 'has:resolved'} rating:{score}"
    if what == "backlog" or what.startswith("backlog_"):
        return _live_at_end(period, zone)
    if what in ("unassigned", "breached") and period.until is None:
        return f"is:open {'no:assignee' if what == 'unassigned' else 'is:breached'}"
    if what == "missed":
        return _with_start(f"sla:missed {_TIMED}", period, zone)
    clock, _, part = what.rpartition("_")
    if clock in CLOCKS and part in _STATES:
        return _with_start(f"sla.{clock}:{_STATES[part]} {_TIMED}", period, zone)
    if what.startswith("resolution"):
        return query_range("resolved", period, zone) or "has:resolved"
    return ""


def together(one: str, other: str) -> str:
    """Return the query of what two queries find alike."""
    return joined(one, joined(other, "")) if one and other else one or other


_OR = pattern(r"\bor\b", re.IGNORECASE)
_CREATED = pattern(r"created:(\S+) has:status$")


def joined(own: str, behind: str) -> str:
    """Return the query of what a query finds, and of that what is behind a figure."""
    own = f"({own})" if _OR.search(own) else own
    return " ".join(filter(None, (own, behind)))


def resolved_instead(query: str) -> str:
    """Return the query of what was resolved in the period in which a query finds what was
    created."""
    return _CREATED.sub(r"resolved:\1", query)


def _with_start(query: str, period: Period, zone: tzinfo) -> str:
    since = query_range("updated", Period(period.since, None), zone)
    return f"{query} {since}".strip()


def _live_at_end(period: Period, zone: tzinfo) -> str:
    if period.until is None:
        return "is:open"
    until = period.until
    before = query_range("created", Period(None, until), zone)
    after = query_range("resolved", Period(until, None), zone)
    return f"{before} (is:open or {after})"


def term_of(
    grouping: str, value: str, policies: Sequence[Policy], others: Iterable[str] = ()
) -> str:
    """Return the query of the tickets with a value of a grouping ("": without any); of categories,
    those below it are left out if they are among the `others`, which have rows of their own."""
    match grouping:
        case "policy":
            return _of_policy(value, policies)
        case "clock":
            return f"sla.{value}:missed"
        case "day" | "month" | "year":
            return f"created:{value}"
        case "week":
            first = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
            return f"created:{first}..{first + timedelta(days=6)}"
        case "quarter":
            year, last = int(value[:4]), 3 * int(value[6:])
            return f"created:{year}-{last - 2:02d}..{year}-{last:02d}"
    node: Node = Term(grouping, (Exact(value),)) if value else Not(Has(grouping))
    if grouping == "category" and any(each.startswith(f"{value}/") for each in others if value):
        below = Not(Term(grouping, (Pattern((f"{value}/", "")),)))
        node = Group("and", (node, below))
    return to_text(Query(where=node))


def _of_policy(value: str, policies: Sequence[Policy]) -> str:
    """Return the query of what a policy covers: its own, and not that of one before it."""
    parts = []
    for policy in policies:
        if policy.name == value:
            parts.append(f"({policy.query_text})" if policy.query_text else "")
            break
        parts.append(f"not ({policy.query_text})" if policy.query_text else "")
    return " ".join(filter(None, parts))
