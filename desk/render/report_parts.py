"""The parts of a report whose rows do not all stand for the same: a table each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.domain.report.metric import Figure
from desk.services.report_values import Group, Report

MOST_ROWS = 10
"""So many rows of each part people see, where there are several."""

_COMPARED_IN = {"topics": frozenset({"created"})}
"""What stands in brackets, where not all does: these reports have a column for what changed."""


def is_mixed(report: Report) -> bool:
    """Tell whether each row stands for one of several groupings."""
    return any(len(group.key) < len(report.groupings) for group in report.groups)


def parts_of(report: Report) -> list[tuple[Report, int]]:
    """Return a report, or its parts, as people see it; and how many rows each has more."""
    shown = _COMPARED_IN.get(report.base)
    if shown is not None:
        groups = (group._replace(previous=_only(group.previous, shown)) for group in report.groups)
        report = replace(report, groups=tuple(groups), previous=_only(report.previous, shown))
    if not is_mixed(report):
        return [(report, 0)]
    found = []
    bare = _bare(report)
    for name in report.groupings:
        own = tuple(group for group in report.groups if name in group.key)
        if own and (name not in bare or len(bare) == len(report.groupings)):
            metrics = tuple(metric for metric in report.metrics if metric in own[0].metrics)
            part = replace(report, groupings=(name,), metrics=metrics, groups=own[:MOST_ROWS])
            found.append((part, max(len(own) - MOST_ROWS, 0)))
    return found


def _bare(report: Report) -> list[str]:
    """Return the groupings of topics of which no ticket has a value."""
    if report.base != "topics":
        return []
    told = {name for group in report.groups for name, value in group.key.items() if value}
    return [name for name in report.groupings if name not in told]


def _without_any(report: Report) -> str:
    """Say which topics no ticket has."""
    bare = _bare(report) if is_mixed(report) else []
    if not bare:
        return ""
    *others, last = (name if name == "tags" else f"a {name}" for name in bare)
    return f"No ticket has {', '.join(others)}{' or ' if others else ''}{last}."


def _only(figures: Mapping[str, Figure], names: frozenset[str]) -> dict[str, Figure]:
    return {name: figure for name, figure in figures.items() if name in names}


_LEADS = {
    "word": "Words in titles that no article has:",
}


def lead_of(part: Report) -> str:
    """Return what stands above a part, "" for nothing."""
    return _LEADS.get(part.groupings[0], "")


def remarks(report: Report, name: str, more: int) -> list[str]:
    """Return what is said below the rows that stand for a grouping, in whole lines."""
    said = []
    if more:
        where = f"--by {name}" if report.base == "topics" else "-o csv"
        rows = "row" if more == 1 else "rows"
        said.append(f"{more:,} more {rows}: desk report {report.name} {where}")
    if report.base == "topics" and report.compared:
        said.append(_rise(report, name))
    return said


def _rise(report: Report, name: str) -> str:
    """Say what rose most."""
    rises = [
        (change, group)
        for group in report.groups
        if group.key.get(name) and (change := group.metrics["created_change"] or 0) > 0
    ]
    rises.sort(key=lambda each: -each[0])
    told = []
    for change, group in rises[:3]:
        count = group.metrics["created"] or 0
        told.append(f"{group.key[name]} +{change:,} ({count - change:,} to {count:,})")
    return f"rose most: {', '.join(told)}" if told else "nothing rose"


def headline(report: Report) -> str:
    """Say in a sentence what a report comes to that a table does not say, "" for nothing."""
    if report.base == "topics":
        return _without_any(report)
    if report.base != "kb":
        return ""
    totals = report.totals
    count, unused, stale = (int(totals[f"kb_{name}"] or 0) for name in _ARTICLES)
    if not count:
        return "There are no articles yet: `desk kb new` writes one."
    things = "article" if count == 1 else "articles"
    return f"{count:,} {things}: {count - unused:,} used, {unused:,} unused, {stale:,} stale."


_ARTICLES = ("articles", "unused", "stale")


def nothing_text(report: Report, when: str) -> str:
    """Say that there is nothing to show `when`: in the words of a period."""
    is_ever = not any(report.period)
    of = "tickets that match" if report.query_text else "tickets"
    match report.base:
        case "topics" | "hours":
            note = f" ({report.note})" if report.note else ""
            return f"no {of} were {'ever created' if is_ever else f'created {when}'}{note}"
        case "csat":
            if is_ever:
                return f"none of the {of} was ever rated"
            return f"none of the {of} resolved {when} was rated"
        case "kb":
            return "there are no articles, and no word is in the titles of several tickets"
    if is_ever:
        return f"nothing ever happened to the {of}, and none was live"
    return f"nothing happened to the {of} {when}, and none was live"


def week_of(report: Report) -> tuple[list[str], list[list[Group]]]:
    """Return the days of a report by the hours of a week, and the rows of each."""
    days: dict[str, list[Group]] = {}
    for group in report.groups:
        days.setdefault(group.key["weekday"], []).append(group)
    return [*days], [*days.values()]


def day_text(report: Report, day: Sequence[Group]) -> str:
    """Return how many tickets came on a day of the week, in brackets those compared with."""
    text = f"{sum(group.metrics['created'] or 0 for group in day):,}"
    if not report.compared:
        return text
    return f"{text} ({sum(group.previous['created'] or 0 for group in day):,})"
