"""Reports: what is asked of one, and what it comes to."""

from __future__ import annotations

from typing import NamedTuple

from desk.domain.report.behind import together
from desk.domain.report.groups import CLOCK_METRICS
from desk.domain.report.periods import Every, Period, before
from desk.domain.report_words import CLOCK
from desk.errors import UsageError
from desk.services.desk import Desk
from desk.services.report_kinds import groupings, kind_named
from desk.services.report_making import Plan, made
from desk.services.report_values import Report

PREVIOUS = "previous"


class Wish(NamedTuple):
    """What is asked of a report; "" and None: what it has by itself. `by` may be several names with
    commas between; `compare` is the period to compare with, `PREVIOUS` the one just before."""

    name: str
    query_text: str = ""
    period: Period = Period(None, None)
    by: str = ""
    every: Every | None = None
    compare: Period | str | None = None


def report(desk: Desk, wish: Wish) -> Report:
    """Make a report; NotFound for a name that is none, UsageError for what cannot be asked of it,
    QueryError."""
    kind = kind_named(desk.settings, wish.name)
    wish = wish._replace(
        query_text=together(kind.query_text, wish.query_text), every=wish.every or kind.every
    )
    by = groupings(kind, [each.strip() for each in wish.by.split(",") if each.strip()])
    period, compared = wish.period, _compared(desk, wish)
    if period.since and period.until and period.since >= period.until:
        raise UsageError(
            "the period ends before it starts", "--until is the first instant after the period"
        )
    is_sliced = kind.is_by_period or wish.every is not None
    if is_sliced and compared is not None:
        raise UsageError(
            "--compare does not go with a report that is cut into periods",
            "leave one of --every and --compare out, or ask for another report",
        )
    if by == (CLOCK,) != kind.by:
        kind = kind._replace(metrics=CLOCK_METRICS)
    plan = Plan(desk, kind, wish.query_text, period, by, wish.every, compared)
    return made(plan)


def _compared(desk: Desk, wish: Wish) -> Period | None:
    if wish.compare is None or isinstance(wish.compare, Period):
        return wish.compare
    try:
        return before(wish.period, desk.now, desk.settings.zone)
    except (ValueError, OverflowError):
        raise UsageError(
            "there is no period before one without a beginning", "say --since"
        ) from None
