"""Reports as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desk.domain.report.metrics import METRICS, Figure
from desk.domain.report.periods import EVERY
from desk.render.changes import change_words
from desk.render.html.charts import Series, chart
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
from desk.render.reports import columns_shown, figure_text, period_words, texts_of
from desk.services.report_values import Group, Report
from desk.services.ticket_lists import TicketList

MOST_ROWS = 100
"""A table of more rows is cut off, and says so."""

_HEIGHT = 200
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
    shown = [
        {
            "id": f"r-{number}",
            "heading": report.title,
            "summary": summaries[report.name],
            "charts": _charts(report, led),
            "table": _table(report, led),
        }
        for number, report in enumerate(reports, 1)
    ]
    parts = [Part(f"r-{number}", report.title) for number, report in enumerate(reports, 1)]
    first = reports[0]
    subtitle = period_words(first.period, setting.zone).capitalize()
    compared = next((each.compared for each in reports if each.compared), None)
    if compared is not None:
        subtitle += f", compared with the time {period_words(compared, setting.zone)}"
    if first.query_text:
        subtitle += f". Tickets that match: {first.query_text}"
    heading = f"Report: {first.title}" if len(reports) == 1 else "Reports"
    metrics = [name for report in reports for name in report.metrics]
    return page(
        *("reports.html.jinja", heading, subtitle, setting, parts, led, metrics),
        {"reports": shown},
    )


def _table(report: Report, led: Lists) -> Table:
    if report.is_empty:
        return Table(report.title, [], [])
    return _groups(report, led) if report.groupings else _figures(report, led)


def _figures(report: Report, led: Lists) -> Table:
    """Return a row a metric: its figure, and what it was before."""
    rows = []
    for name in report.metrics:
        new, old = report.totals[name], report.previous.get(name)
        if new is None and old is None:
            continue
        metric = METRICS[name]
        href = led.href(report.behind.get(name, ""), f"{report.title}: {metric.words}")
        cells = [
            Cell(metric.words, href=f"#m-{name}"),
            figure_cell(name, new, href),
        ]
        if report.compared:
            amount, judged = change_words(metric, new, old)
            change = f"{amount} {judged}".strip()
            cells += [figure_cell(name, old), Cell(change, f"n {judged}".strip(), sort="")]
        rows.append(Row(cells))
    headings = [Heading("figure"), Heading("now", True)]
    if report.compared:
        headings += [Heading("before", True), Heading("change", True)]
    return Table(report.title, headings, rows, is_sortable=False)


def _groups(report: Report, led: Lists) -> Table:
    """Return a row a group, with a bar of its first figure where that counts something."""
    columns = columns_shown(report)
    first = report.metrics[0]
    has_bars = METRICS[first].unit in _COUNTED
    groups = report.groups[:MOST_ROWS]
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
    ends = [Cell("all"), *[Cell("")] * (len(report.groupings) - 1 + has_bars)]
    rows.append(Row([*ends, *_cells(columns, report.totals, report.previous)], is_total=True))
    headings = [Heading(name.replace("_", " ")) for name in report.groupings]
    headings += [Heading("")] if has_bars else []
    headings += [metric_heading(names[0], words) for words, names in columns]
    rest = len(report.groups) - len(groups)
    hint = f"{rest:,} more rows: desk report {report.name} -o csv" if rest else ""
    return Table(report.title, headings, rows, hint)


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
    if len(report.groupings) != 1 or report.groupings[0] not in EVERY or report.is_empty:
        return []
    groups = report.groups[-MOST_ROWS:]
    counted = [name for name in report.metrics if METRICS[name].unit in _COUNTED]
    flows = [name for name in counted if METRICS[name].source is not None][:2]
    states = [name for name in counted if METRICS[name].source is None][:1]
    drawn = period_chart("bars", groups, flows, led), period_chart("line", groups, states, led)
    return [each for each in drawn if each is not None]


def period_chart(
    kind: str,
    groups: Sequence[Group],
    metrics: Sequence[str],
    led: Lists,
    queries: Mapping[str, Mapping[str, str]] | None = None,
) -> Chart | None:
    """Return a chart over periods of time. `queries` has, for a metric, the query of each period;
    the first metric leads to the tickets of its row."""
    from markupsafe import Markup

    labels = [next(iter(group.key.values())) for group in groups]
    series = []
    for place, name in enumerate(metrics):
        metric, own = METRICS[name], (queries or {}).get(name, {})
        values, titles, links = [], [], []
        for label, group in zip(labels, groups, strict=True):
            figure = group.metrics[name]
            query = own.get(label, "" if own or place else group.query)
            values.append(figure or 0)
            titles.append(f"{label}: {figure_text(metric, figure)} {metric.words}")
            links.append(led.href(query, f"{metric.words}, {label}") if figure else "")
        series.append(Series(metric.words, values, titles, links))
    drawings = chart("line" if kind == "line" else "bars", short_days(labels), series, _HEIGHT)
    if not drawings:
        return None
    words = [METRICS[name].words for name in metrics]
    caption = f"{' and '.join(words)} by {next(iter(groups[0].key))}".capitalize()
    return Chart(caption, words, [(name, Markup(drawn)) for name, drawn in drawings])  # noqa: S704


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_days(labels: Sequence[str]) -> list[str]:
    """Return days as `3 Nov`, if they are days of less than a year; else the labels as they are."""
    if not labels or len(labels) > 360 or not all(len(label) == 10 for label in labels):
        return list(labels)
    return [f"{int(label[8:])} {_MONTHS[int(label[5:7]) - 1]}" for label in labels]
