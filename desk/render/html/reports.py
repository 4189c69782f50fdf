"""Reports as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from desk.domain.report.behind import resolved_instead
from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.render.changes import change_words
from desk.render.html.charts import Series, chart
from desk.render.html.heat import heat
from desk.render.html.lists import Lists
from desk.render.html.page import Part, Setting, page
from desk.render.html.tables import (
    Cell,
    Heading,
    Row,
    Table,
    bar_cell,
    figure_cell,
    metric_heading,
)
from desk.render.report_parts import headline, lead_of, nothing_text, parts_of, remarks
from desk.render.reports import columns_shown, figure_text, period_words, single_text, texts_of
from desk.services.report_values import Group, Report, goes_by_periods
from desk.services.ticket_lists import TicketList

MOST_ROWS = 100
"""A table of more rows is cut off, and says so."""

HOURS = "hours"
"""The report that is drawn as a table of shades."""

_ABBREVIATIONS = {"sla", "csat", "kb"}
_HEIGHT = 220
_COUNTED = ("tickets", "times", "promises", "articles")


class Chart(NamedTuple):
    """A chart: what it shows, its colours by name, and its drawings by width."""

    caption: str
    names: Sequence[str]
    drawings: Sequence[tuple[str, object]]


def reports_page(
    reports: Sequence[Report],
    summaries: Mapping[str, str],
    lists: Mapping[str, TicketList],
    setting: Setting,
) -> str:
    """Return a page of reports, each with what it shows in words."""
    led = Lists(lists)
    first = reports[0]
    shown = [
        {
            "id": f"r-{number}",
            "heading": _title(report),
            "summary": _said(report, first, summaries[report.name], setting),
            "headline": headline(report),
            "charts": _charts(report, led),
            "heat": heat(report, setting.zone_name) if report.base == HOURS else None,
            "tables": _tables(report, led),
            "empty": nothing_text(report, period_words(report.period, setting.zone)).capitalize()
            if report.is_empty
            else "",
        }
        for number, report in enumerate(reports, 1)
    ]
    parts = [Part(f"r-{number}", _title(each)) for number, each in enumerate(reports, 1)]
    subtitle = period_words(first.period, setting.zone).capitalize()
    compared = next((each.compared for each in reports if each.compared), None)
    if compared is not None and first.compared:
        subtitle += f"; before: {period_words(compared, setting.zone)}"
    if first.query_text:
        subtitle += f". Tickets that match: {first.query_text}"
    heading = f"Report: {_title(first)}" if len(reports) == 1 else "Reports"
    metrics = [name for report in reports for name in report.metrics]
    return page(
        *("reports.html.jinja", heading, subtitle, setting, parts, led, metrics),
        {"reports": shown},
    )


def _title(report: Report) -> str:
    title = report.title
    return title.upper() if title in _ABBREVIATIONS else title[:1].upper() + title[1:]


def _said(report: Report, first: Report, summary: str, setting: Setting) -> str:
    """Return what a report shows, and of which time where that is not the page's."""
    words = summary[:1].upper() + summary[1:]
    if report.period != first.period:
        words += f"; {period_words(report.period, setting.zone)}"
    if report.note:
        words += f" ({report.note})"
    return f"{words}."


def _tables(report: Report, led: Lists) -> list[Table]:
    if report.is_empty or report.base == HOURS:
        return []
    if not report.groupings:
        return [_figures(report, led)]
    return [_groups(report, part, more, led) for part, more in parts_of(report)]


def _figures(report: Report, led: Lists) -> Table:
    """Return a row a metric: its figure, and what it was before."""
    rows = []
    for _, names in columns_shown(report):
        name = names[0]
        new, old = report.totals[name], report.previous.get(name)
        metric = METRICS[name]
        href = led.href(report.behind.get(name, ""), f"{report.title}: {metric.words}")
        cells = [
            Cell(metric.words, href=f"#m-{name}"),
            figure_cell(name, new, href)._replace(text=single_text(names, report.totals)),
        ]
        if report.compared:
            before = figure_cell(name, old)._replace(text=single_text(names, report.previous))
            amount, judged = change_words(metric, new, old)
            change = f"{amount} {judged}".strip()
            cells += [before, Cell(change, f"n {judged}".strip(), sort="")]
        rows.append(Row(cells))
    headings = [Heading("figure"), Heading("now", True)]
    if report.compared:
        headings += [Heading("before", True), Heading("change", True)]
    return Table(report.title, headings, rows, is_sortable=False)


def _groups(report: Report, part: Report, more: int, led: Lists) -> Table:
    """Return a row a group, with a bar of its first figure where that counts something."""
    columns = columns_shown(part)
    first = part.metrics[0]
    is_first_shown = bool(columns) and columns[0][1][0] == first
    has_bars = is_first_shown and METRICS[first].unit in _COUNTED and len(part.groups) > 1
    groups = part.groups[:MOST_ROWS]
    most = max((group.metrics[first] or 0 for group in groups), default=0)
    rows = []
    for group in groups:
        words = [value or "none" for value in group.key.values()]
        href = led.href(group.query, f"{report.title}: {', '.join(words)}")
        cells = [Cell(words[0], href=href), *(Cell(each) for each in words[1:])]
        if has_bars:
            cells.append(bar_cell(group.metrics[first] or 0, most))
        cells += _cells(columns, group.metrics, group.previous)
        rows.append(Row(cells))
    ends = [Cell("all"), *[Cell("")] * (len(part.groupings) - 1), *[Cell("", "b")] * has_bars]
    rows.append(Row([*ends, *_cells(columns, part.totals, part.previous)], is_total=True))
    headings = [Heading(name.replace("_", " ")) for name in part.groupings]
    headings += [Heading("")] if has_bars else []
    headings += [metric_heading(names[0], words) for words, names in columns]
    hints = remarks(report, part.groupings[0], more)
    if rest := len(part.groups) - len(groups):
        hints.append(f"{rest:,} more rows: desk report {report.name} -o csv")
    by = ", ".join(part.groupings)
    return Table(f"{report.title} by {by}", headings, rows, "; ".join(hints), lead=lead_of(part))


def _cells(
    columns: Sequence[tuple[str, tuple[str, ...]]],
    now: Mapping[str, Figure],
    before: Mapping[str, Figure],
) -> list[Cell]:
    texts = texts_of(columns, now, before)
    found = []
    for (_, names), text in zip(columns, texts, strict=True):
        figure = now[names[0]]
        found.append(Cell(text, "n", sort="" if figure is None else figure))
    return found


def _charts(report: Report, led: Lists) -> list[Chart]:
    """Return what is drawn of a report that goes by periods of time: what was counted in each."""
    if report.is_empty or not goes_by_periods(report):
        return []
    groups = report.groups[-MOST_ROWS:]
    counted = [name for name in report.metrics if METRICS[name].unit in _COUNTED]
    flows = [name for name in counted if METRICS[name].source is not None][:2]
    states = [name for name in counted if METRICS[name].source is None][:1]
    behind = {_label_of(each): each.query for each in groups}
    resolved = {label: resolved_instead(query) for label, query in behind.items()}
    queries = {**dict.fromkeys(flows[:1], behind), "resolved": resolved}
    drawn = (
        period_chart("bars", groups, flows, led, queries),
        period_chart("line", groups, states, led, {}),
    )
    return [each for each in drawn if each is not None]


def _label_of(group: Group) -> str:
    return next(iter(group.key.values()))


def period_chart(
    kind: Literal["bars", "line"],
    groups: Sequence[Group],
    metrics: Sequence[str],
    led: Lists,
    queries: Mapping[str, Mapping[str, str]],
) -> Chart | None:
    """Return a chart over periods of time. `queries` has, for a metric that leads to tickets, the
    query of each period."""
    from markupsafe import Markup

    labels = [_label_of(group) for group in groups]
    series = []
    for name in metrics:
        metric, own = METRICS[name], queries.get(name, {})
        values, titles, links = [], [], []
        for label, group in zip(labels, groups, strict=True):
            figure = group.metrics[name]
            values.append(figure or 0)
            titles.append(f"{label}: {figure_text(metric, figure)} {metric.words}")
            href = led.href(own.get(label, ""), f"{metric.words}, {label}") if figure else ""
            links.append(href)
        series.append(Series(metric.words, values, titles, links))
    drawings = chart(kind, short_days(labels), series, _HEIGHT)
    if not drawings:
        return None
    words = [METRICS[name].words for name in metrics]
    caption = f"{' and '.join(words)} by {next(iter(groups[0].key))}".capitalize()
    shown = [(name, Markup(drawn)) for name, drawn in drawings]  # noqa: S704 - `charts` escapes
    return Chart(caption, words, shown)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_days(labels: Sequence[str]) -> list[str]:
    """Return days as `3 Nov`, if they are days of less than a year; else the labels as they are."""
    if not labels or len(labels) > 360 or not all(len(label) == 10 for label in labels):
        return list(labels)
    return [f"{int(label[8:])} {_MONTHS[int(label[5:7]) - 1]}" for label in labels]
