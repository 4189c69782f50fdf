"""Reports on the screen: tables with bars, sparklines, and the way to the tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from textwrap import fill

from desk.domain.report.catalogue import BuiltIn
from desk.domain.report.metrics import METRICS
from desk.domain.texts import visible
from desk.render.bars import bar, sparkline
from desk.render.changes import change_words
from desk.render.heat import heat_map
from desk.render.report_parts import day_text, headline, lead_of, parts_of, remarks, week_of
from desk.render.reports import (
    columns_shown,
    heading,
    line_text,
    pair_text,
    period_words,
    texts_of,
)
from desk.render.shell import shell_words
from desk.render.style import display_width, styled
from desk.render.tables import Cell, screen_table
from desk.render.trends import trend_lines
from desk.services.report_values import Report, goes_by_periods

_LONGEST_BAR, _SHORTEST_BAR = 30, 6
_GAP = 2


def report_table(report: Report, zone: tzinfo, width: int, has_color: bool) -> str:
    """Return a report for a terminal. That of a commit leads to no tickets: a list has those of
    now."""
    if report.commit:
        groups = tuple(group._replace(query="") for group in report.groups)
        report = replace(report, behind={}, groups=groups)
    parts = [styled(visible(heading(report, zone)), "bold", has_color) + "\n"]
    if report.compared:
        parts.append(f"in brackets: {period_words(report.compared, zone)}\n")
    parts.append("\n")
    if headline(report):
        parts.append(fill(headline(report), width) + "\n\n")
    if report.base == "hours":
        parts.append(_week(report, width, has_color))
    elif report.groupings:
        parts.append(_sparklines(report, width))
        tables = (_part(report, part, more, width, has_color) for part, more in parts_of(report))
        parts.append("\n".join(tables))
    else:
        parts.append(trend_lines(report.trend, width))
        parts.append(_figures(report, width, has_color))
    return "".join(parts)


def _part(report: Report, part: Report, more: int, width: int, has_color: bool) -> str:
    """Return the rows of a report, or of a part of it, and what is said of them."""
    lead = lead_of(part)
    said = [fill(visible(each), width) for each in remarks(report, part.groupings[0], more)]
    return "".join(
        [
            f"{lead}\n" if lead else "",
            _groups(part, width, has_color),
            *(f"{each}\n" for each in said),
            _way_to_tickets(part),
        ]
    )


def _week(report: Report, width: int, has_color: bool) -> str:
    days, rows = week_of(report)
    amounts = [[int(group.metrics["created"] or 0) for group in row] for row in rows]
    ends = [day_text(report, row) for row in rows]
    if len(days[0]) + 2 * len(rows[0]) + 2 + max(map(len, ends)) > width:
        ends = [f"{sum(row):,}" for row in amounts]
    busiest = max(report.groups, key=lambda group: group.metrics["created"] or 0)
    lines = [heat_map(days, amounts, ends, has_color), "\n"]
    if busiest.metrics["created"]:
        day, hour = busiest.key["weekday"], int(busiest.key["hour"])
        share = pair_text("created_share", busiest.metrics, {})
        count = pair_text("created", busiest.metrics, {})
        lines.append(f"busiest: {day} {hour:02d}:00 to {hour + 1:02d}:00, {count} ({share})\n")
    if "created" in report.behind:
        lines.append(_line(report.behind["created"]))
    return "".join(lines)


def _figures(report: Report, width: int, has_color: bool) -> str:
    """Return a line a metric, with the query of its tickets where there is room for it."""
    columns = [names for _, names in columns_shown(report)]
    rows = [
        [
            Cell(METRICS[names[0]].words),
            Cell(line_text(names, report.totals, report.previous), "bold"),
            Cell(_change(names[0], report)),
            Cell(_command(report.behind.get(names[0], "")), "dim"),
        ]
        for names in columns
    ]
    headings = ["", "figure", "change", "tickets"]
    if not report.compared:
        headings.remove("change")
        rows = [[*row[:2], row[3]] for row in rows]
    least = max((len(row[-1].text) for row in rows), default=0)
    table = screen_table(
        *(headings, rows, width, has_color, ("tickets",), ("figure",), ("tickets",)), least=least
    )
    if "desk list" in table:
        return table
    ways: dict[str, str] = {}
    for name, *_ in columns:
        if name in report.behind:
            ways.setdefault(report.behind[name], METRICS[name].words.partition(",")[0])
    lines = [_line(query, words) for query, words in ways.items()]
    return "\n".join([table, "".join(lines)]) if lines else table


def _change(name: str, report: Report) -> str:
    amount = change_words(METRICS[name], report.totals[name], report.previous.get(name))
    return " ".join(filter(None, amount))


def _groups(report: Report, width: int, has_color: bool) -> str:
    """Return a row a group and one for all, with a bar of the first figure where there is room."""
    shown = columns_shown(report)
    keys = list(report.groupings)
    rows = []
    for group in report.groups:
        cells = [Cell(value or "none", "" if value else "dim") for value in group.key.values()]
        rows.append([*cells, *map(Cell, texts_of(shown, group.metrics, group.previous))])
    all_cells = [Cell("all", "bold"), *[Cell("")] * (len(keys) - 1)]
    rows.append([*all_cells, *map(Cell, texts_of(shown, report.totals, report.previous))])
    headings = [*keys, *(head for head, _ in shown)]
    room = width - _width_of(headings, rows) - _GAP
    if room >= _SHORTEST_BAR and report.metrics[0] in ("created", "backlog", "resolved"):
        size = min(room, _LONGEST_BAR)
        amounts = [group.metrics[report.metrics[0]] or 0 for group in report.groups]
        greatest = max(amounts, default=0)
        for row, amount in zip(rows, amounts, strict=False):
            row.append(Cell(bar(amount, greatest, size), "cyan"))
        rows[-1].append(Cell(""))
        words = f"of {METRICS[report.metrics[0]].words}"
        headings.append(words if len(words) <= size else "")
    right = [head for head, _ in shown]
    # The first figure stays, and of promises that of the resolution longest.
    others = [head for head in reversed(right) if head != right[0] or "kept" in head]
    yielding = [
        *(head for head in others if "resolution" not in head),
        *(head for head in others if "resolution" in head and "kept" not in head),
    ]
    table = screen_table(headings, rows, width, has_color, keys, right, yielding)
    top = table.partition("\n")[0]
    lacking = [head for head in yielding if head not in top]
    if lacking:
        table += "\n" + fill(f"no room for: {'; '.join(reversed(lacking))}", width) + "\n"
    return table


def _width_of(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int:
    widths = [
        max(display_width(visible(text)) for text in (head, *(row[place].text for row in rows)))
        for place, head in enumerate(headings)
    ]
    return sum(widths) + _GAP * (len(widths) - 1)


def _sparklines(report: Report, width: int) -> str:
    """Return a line a metric over the periods of a report that goes by them alone."""
    if not goes_by_periods(report) or report.base != "volume" or len(report.groups) < 3:
        return ""
    lines = []
    longest = max(len(METRICS[name].words) for name in report.metrics)
    for name in report.metrics:
        amounts = [group.metrics[name] or 0 for group in report.groups]
        ends = f"  {min(amounts):,} to {max(amounts):,}"
        room = width - longest - _GAP - len(ends)
        drawn = sparkline(amounts, room)
        lines.append(f"{METRICS[name].words:<{longest}}  {drawn}{ends}\n")
    return "".join([*lines, "\n"])


def _way_to_tickets(report: Report) -> str:
    """Say how to see the tickets behind a row, with the first one that has some as an example."""
    for group in report.groups:
        if group.query and group.metrics[report.metrics[0]]:
            values = ", ".join(value or "none" for value in group.key.values())
            return "\n" + _line(group.query, f"the tickets of {visible(values)}")
    return ""


def _command(query: str) -> str:
    return f"desk list {shell_words(query)}" if query else ""


def _line(query: str, what: str = "the tickets") -> str:
    return f"{what}: {_command(query)}\n" if query else ""


def catalogue_table(kinds: Sequence[BuiltIn], width: int, has_color: bool) -> str:
    """Return the reports that there are."""
    rows = [[Cell(each.name, "bold"), Cell(each.summary)] for each in kinds]
    return screen_table(("report", "shows"), rows, width, has_color, wide=("shows",))
