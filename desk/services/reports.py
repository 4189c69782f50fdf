"""Reports: what is asked of one, and what it comes to."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from desk.domain.report.behind import joined, together
from desk.domain.report.catalogue import BuiltIn
from desk.domain.report.groups import CLOCK_METRICS, figures
from desk.domain.report.periods import Every, Period, before, last_days
from desk.domain.report_words import CLOCK
from desk.errors import UsageError
from desk.services.desk import Desk
from desk.services.report_kinds import groupings, kind_named
from desk.services.report_making import Plan, made
from desk.services.report_values import Group, Report

PREVIOUS = "previous"


class Wish(NamedTuple):
    """What is asked of a report; "" and None: what it has by itself. `by` may be several names with
    commas between; `compare` is the period to compare with, `PREVIOUS` the one just before; with
    `has_trend` a report without rows tells how it went period by period."""

    name: str
    query_text: str = ""
    period: Period = Period(None, None)
    by: str = ""
    every: Every | None = None
    compare: Period | str | None = None
    has_trend: bool = False


def report(desk: Desk, wish: Wish) -> Report:
    """Make a report; NotFound for a name that is none, UsageError for what cannot be asked of it,
    QueryError."""
    kind = kind_named(desk.settings, wish.name)
    wish = wish._replace(
        query_text=together(kind.query_text, wish.query_text), every=wish.every or kind.every
    )
    _check_rows(kind, wish)
    wish, note = _with_usual(desk, kind, wish)
    by = groupings(kind, [each.strip() for each in wish.by.split(",") if each.strip()])
    if by == (CLOCK,):
        kind = kind._replace(metrics=CLOCK_METRICS)
    period, compared = wish.period, _compared(desk, wish)
    refuse_reversed(period)
    has_trend = wish.has_trend and kind.base == "summary"
    plan = Plan(desk, kind, wish.query_text, period, by, wish.every, compared, has_trend)
    if plan.is_sliced and compared is not None:
        raise UsageError(
            "--compare does not go with a report that is cut into periods",
            "leave one of --every and --compare out, or ask for another report",
        )
    found = _made_apart(plan) if kind.is_apart else made(plan)
    return replace(found, note=note) if note else found


def refuse_reversed(period: Period) -> None:
    """UsageError for a period that ends before it starts."""
    if period.since and period.until and period.since >= period.until:
        raise UsageError(
            "the period ends before it starts", "--until is the first instant after the period"
        )


def _check_rows(kind: BuiltIn, wish: Wish) -> None:
    """UsageError for rows or periods that a report cannot have."""
    if wish.by and kind.no_by:
        raise UsageError(f"the rows of `{kind.name}` are always the same", kind.no_by)
    if wish.every and kind.no_every:
        raise UsageError(f"`{kind.name}` does not go by periods", kind.no_every)


def _with_usual(desk: Desk, kind: BuiltIn, wish: Wish) -> tuple[Wish, str]:
    """Return what is asked with what the report usually has, where nobody said; and the note that
    says so."""
    if not (wish.by or wish.every or wish.compare):
        wish = wish._replace(every=kind.usual_every)
    if not kind.usual_days:
        return wish, ""
    wish = wish._replace(compare=wish.compare or PREVIOUS)
    if wish.period.since is not None:
        return wish, ""
    period = last_days(kind.usual_days, wish.period.until, desk.now, desk.settings.zone)
    return wish._replace(period=period), f"the last {kind.usual_days} days, without --since"


def _made_apart(plan: Plan) -> Report:
    """Make a report that is no tally of one ticket after the other."""
    from desk.services.report_hours import hours
    from desk.services.report_kb import knowledge
    from desk.services.report_topics import topics

    apart = {"topics": topics, "hours": hours, "kb": knowledge}[plan.kind.base](plan)
    metrics = plan.kind.metrics
    return Report(
        name=plan.kind.name,
        title=plan.kind.title,
        base=plan.kind.base,
        query_text=plan.query_text,
        period=plan.period,
        compared=plan.compared,
        as_of=plan.desk.now,
        commit=plan.desk.commit,
        metrics=metrics,
        groupings=apart.groupings,
        groups=tuple(
            Group(
                row.key,
                figures(row.metrics or metrics, row.now),
                figures(row.metrics or metrics, row.before) if row.before else {},
                joined(plan.query_text, row.behind) if row.behind else "",
            )
            for row in apart.rows
        ),
        totals=figures(metrics, apart.total),
        previous=figures(metrics, apart.before) if apart.before else {},
        behind=plan.behind,
        is_empty=apart.is_empty,
        unreadable=apart.unreadable,
    )


def _compared(desk: Desk, wish: Wish) -> Period | None:
    if wish.compare is None or isinstance(wish.compare, Period):
        return wish.compare
    try:
        return before(wish.period, desk.now, desk.settings.zone)
    except (ValueError, OverflowError):
        raise UsageError(
            "there is no period before one without a beginning", "say --since"
        ) from None
