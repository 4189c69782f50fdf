"""Reports in Markdown, for pull requests and pages of a forge."""

from __future__ import annotations

from datetime import tzinfo

from desk.domain.report.metrics import METRICS
from desk.domain.texts import visible
from desk.render.report_parts import day_text, headline, lead_of, parts_of, remarks, week_of
from desk.render.reports import columns_shown, heading, line_text, period_words, texts_of
from desk.render.rows import markdown_rows, markdown_words
from desk.services.report_values import Report


def report_markdown(report: Report, zone: tzinfo) -> str:
    """Return a report in Markdown: it renders on a forge, with what the figures mean folded below
    the table."""
    lines = [f"## {markdown_words(visible(heading(report, zone)))}\n\n"]
    if report.compared:
        lines.append(f"In brackets: {period_words(report.compared, zone)}.\n\n")
    if headline(report):
        lines.append(f"{headline(report)}\n\n")
    if report.base == "hours":
        table = _week_table(report)
    elif report.groupings:
        table = "\n".join(_part_table(report, part, more) for part, more in parts_of(report))
    else:
        rows = [
            (METRICS[names[0]].words, line_text(names, report.totals, report.previous))
            for _, names in columns_shown(report)
        ]
        table = markdown_rows(("metric", report.name), rows, figures=1)
    lines.append(table)
    lines.append("\n<details><summary>What the figures mean</summary>\n\n")
    for name in report.metrics:
        metric = METRICS[name]
        lines.append(f"* **{metric.words}**: {markdown_words(metric.definition)}\n")
    lines.append("\n</details>\n")
    return "".join(lines)


def _part_table(report: Report, part: Report, more: int) -> str:
    """Return the table of a part of a report, and what is said of it."""
    shown = columns_shown(part)
    headings = [*part.groupings, *(head for head, _ in shown)]
    rows = [
        [
            *(value or "none" for value in group.key.values()),
            *texts_of(shown, group.metrics, group.previous),
        ]
        for group in part.groups
    ]
    ends = ["all", *[""] * (len(part.groupings) - 1)]
    ends += texts_of(shown, part.totals, part.previous)
    table = markdown_rows(headings, [*rows, ends], figures=len(shown))
    lead = lead_of(part)
    said = [markdown_words(visible(each)) for each in remarks(report, part.groupings[0], more)]
    return (f"{lead}\n\n" if lead else "") + table + "".join(f"\n{each}\n" for each in said)


def _week_table(report: Report) -> str:
    days, rows = week_of(report)
    hours = [group.key["hour"] for group in rows[0]]
    cells = [
        [day, *(f"{group.metrics['created']:,}" for group in row), day_text(report, row)]
        for day, row in zip(days, rows, strict=True)
    ]
    sums = [sum(row[place].metrics["created"] or 0 for row in rows) for place in range(len(hours))]
    every = [group for row in rows for group in row]
    ends = ["all", *(f"{each:,}" for each in sums), day_text(report, every)]
    return markdown_rows(("", *hours, "all"), [*cells, ends], figures=len(hours) + 1)
