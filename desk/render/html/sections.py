"""The sections of a lead's and an agent's page, each a table with its bars or charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.domain.report.tally import AGES
from desk.render.changes import change_words
from desk.render.html.lists import Lists
from desk.render.html.reports import Chart, period_chart
from desk.render.html.tables import (
    Cell,
    Heading,
    Row,
    Table,
    bar_cell,
    figure_cell,
    metric_heading,
    share_cell,
    stacked_cell,
)
from desk.render.style import ago
from desk.services.dashboard import Dashboard

COMPARED = (Heading("now", True), Heading("before", True), Heading("change", True))


def compared(
    name: str, now: Mapping[str, Figure], before: Mapping[str, Figure]
) -> tuple[Cell, Cell, Cell]:
    """Return a figure, what it was before, and how it changed."""
    amount, judged = change_words(METRICS[name], now[name], before.get(name))
    change = Cell(f"{amount} {judged}".strip(), f"n {judged}".strip(), sort="")
    return figure_cell(name, now[name]), figure_cell(name, before.get(name)), change


def section(
    id: str,
    name: str,
    heading: str,
    table: Table | None,
    hint: str = "",
    charts: Sequence[Chart | None] = (),
    details: str = "",
    empty: str = "",
) -> dict[str, object]:
    """Return a section for the template: `details` is what its table is folded under."""
    return {
        "id": id,
        "name": name,
        "heading": heading,
        "hint": hint,
        "charts": [each for each in charts if each is not None],
        "details": details,
        "table": table,
        "empty": empty,
    }


def trend(made: Dashboard, led: Lists) -> dict[str, object]:
    """Return what came in and what was done, period by period."""
    every = made.days.groupings[-1]
    came = {group.key[every]: group.query for group in made.days.groups}
    behind = {"created": came, "resolved": made.resolved}
    charts = [
        period_chart("bars", made.days.groups, ("created", "resolved"), led, behind),
        period_chart("line", made.days.groups, ("backlog",), led, {}),
    ]
    if not any(charts):
        empty = "Nothing came in, nothing was done, and nothing was left."
        return section("trend", "Trend", "What came in, what was done", None, empty=empty)
    rows = []
    for group in made.days.groups:
        label = group.key[every]
        created = led.href(group.query, f"created, {label}") if group.metrics["created"] else ""
        query = made.resolved.get(label, "")
        resolved = led.href(query, f"resolved, {label}") if group.metrics["resolved"] else ""
        rows.append(
            Row(
                [
                    Cell(label),
                    figure_cell("created", group.metrics["created"], created),
                    figure_cell("resolved", group.metrics["resolved"], resolved),
                    figure_cell("reopened", group.metrics["reopened"]),
                    figure_cell("backlog", group.metrics["backlog"]),
                ]
            )
        )
    headings = [
        Heading(every),
        *map(metric_heading, ("created", "resolved", "reopened", "backlog")),
    ]
    table = Table(f"Created, resolved and backlog by {every}", headings, rows)
    return section(
        *("trend", "Trend", "What came in, what was done", table),
        charts=charts,
        details=f"The same as a table, by {every}",
    )


def promises(made: Dashboard, led: Lists) -> dict[str, object]:
    """Return the promises that were kept, clock by clock."""
    rows = []
    for group in made.promises.groups:
        now, before = group.metrics, group.previous
        clock, name = group.key["clock"], "promises_compliance"
        if now[name] is None and before.get(name) is None and not now["promises_breached"]:
            continue
        words = clock.replace("_", " ")
        rows.append(
            Row(
                [
                    Cell(words),
                    share_cell(now[name]),
                    *compared(name, now, before),
                    figure_cell(
                        "promises_missed",
                        now["promises_missed"],
                        led.href(group.query, f"{words}, missed") if now["promises_missed"] else "",
                    ),
                    figure_cell("promises_breached", now["promises_breached"]),
                ]
            )
        )
    name = "promises_compliance"
    headings = [
        Heading("clock"),
        Heading(""),
        metric_heading(name),
        Heading("before", True),
        Heading("change", True),
        metric_heading("promises_missed"),
        metric_heading("promises_breached"),
    ]
    table = Table("Promises kept, by clock", headings, rows) if rows else None
    empty = "" if rows else "No promise ended in this time, and none is broken."
    hint = (
        "The share of promises that were kept, of those that ended in the period." if rows else ""
    )
    return section("promises", "Promises", "Promises kept", table, hint, empty=empty)


def backlog(made: Dashboard, led: Lists) -> dict[str, object]:
    """Return the backlog by priority and age."""
    ages = [f"backlog_{bucket}" for bucket, _ in AGES]
    groups = [group for group in made.backlog.groups if group.metrics["backlog"]]
    most = max((group.metrics["backlog"] or 0 for group in groups), default=0)
    rows = []
    for group in groups:
        value = group.key["priority"] or "none"
        href = led.href(group.query, f"backlog, priority {value}")
        rows.append(
            Row(
                [
                    Cell(value, href=href),
                    stacked_cell([group.metrics[age] or 0 for age in ages], most),
                    figure_cell("backlog", group.metrics["backlog"], href),
                    *(figure_cell(age, group.metrics[age]) for age in ages),
                    figure_cell("unassigned", group.metrics["unassigned"]),
                    figure_cell("breached", group.metrics["breached"]),
                ]
            )
        )
    names = ("backlog", *ages, "unassigned", "breached")
    if rows:
        totals = [figure_cell(name, made.backlog.totals[name]) for name in names]
        rows.append(Row([Cell("all"), Cell("", "b"), *totals], is_total=True))
    headings = [Heading("priority"), Heading(""), *map(metric_heading, names)]
    table = Table("Backlog by priority and age", headings, rows) if rows else None
    hint = "By priority and age: the stronger the colour, the older." if rows else ""
    empty = "" if rows else "Nothing is open."
    return section("backlog", "Backlog", "What is left", table, hint, empty=empty)


def loads(made: Dashboard, led: Lists) -> dict[str, object] | None:
    """Return who has how much in hand."""
    shown = [(load, query) for load, query in made.loads if load.total]
    if not shown:
        return None
    most = max(load.total for load, _ in shown)
    rows = [
        Row(
            [
                Cell(load.name, href=led.href(query, f"{load.name}: in hand")),
                bar_cell(load.total, most),
                Cell(f"{load.total:,}", "n", sort=load.total),
                Cell(f"{load.urgent:,}", "n", sort=load.urgent),
                Cell(f"{load.to_answer:,}", "n", sort=load.to_answer),
                Cell(f"{load.late:,}", "n late" if load.late else "n", sort=load.late),
                Cell(
                    ago(load.oldest.fields.created, made.as_of) if load.oldest else "",
                    "n",
                    sort=int(-load.oldest.fields.created.timestamp()) if load.oldest else "",
                ),
            ]
        )
        for load, query in shown
    ]
    heads = ("all", "most urgent", "to answer", "late", "oldest")
    headings = [Heading("who"), Heading(""), *(Heading(head, True) for head in heads)]
    free = len(made.loads) - len(shown)
    hint = f"{free:,} more with nothing in hand." if free else ""
    table = Table("Tickets in hand, by person", headings, rows, hint)
    return section("load", "Load", "Who has how much", table)


def topics(made: Dashboard, led: Lists) -> dict[str, object] | None:
    """Return what tickets are about."""
    if not made.topics:
        return None
    most = max(each.now for each in made.topics)
    rows = [
        Row(
            [
                Cell(
                    each.name or "none",
                    href=led.href(each.query, f"created: {each.name or 'none'}"),
                ),
                bar_cell(each.now, most),
                Cell(f"{each.now:,}", "n", sort=each.now),
                Cell(f"{each.before:,}", "n", sort=each.before),
                Cell(_moved(each.now - each.before), "n", sort=each.now - each.before),
            ]
        )
        for each in made.topics
    ]
    headings = [Heading("category"), Heading(""), *COMPARED]
    table = Table("Tickets created, by category", headings, rows)
    hint = "Tickets created, by category."
    return section("topics", "Topics", "What it is about", table, hint)


def _moved(change: int) -> str:
    return f"{change:+,}" if change else "the same"


def satisfaction(made: Dashboard, led: Lists) -> dict[str, object] | None:
    """Return how content requesters were."""
    now, before = made.summary.totals, made.summary.previous
    if not now["ratings"] and not before["ratings"]:
        return None
    rows = []
    for name in ("ratings", "rating_mean", "satisfied_share"):
        rows.append(
            Row([Cell(METRICS[name].words, href=f"#m-{name}"), *compared(name, now, before)])
        )
    count, query = made.low
    if count:
        words = "scores of 1 and 2"
        href = led.href(query, words)
        cells = [
            Cell(words, href=href),
            Cell(f"{count:,}", "n", href),
            Cell("", "n"),
            Cell("", "n"),
        ]
        rows.append(Row(cells))
    headings = [Heading("figure"), *COMPARED]
    table = Table("How content requesters were", headings, rows, is_sortable=False)
    return section("satisfaction", "Satisfaction", "How content requesters were", table)
