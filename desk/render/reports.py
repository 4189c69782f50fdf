"""Reports for programs, spreadsheets and pull requests: JSON, CSV, lines and Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from desk.domain.instants import format_duration, format_instant, format_open
from desk.domain.report.catalogue import BUILT_IN, BuiltIn
from desk.domain.report.metric import Figure, Metric
from desk.domain.report.metrics import METRICS
from desk.domain.report.periods import Period
from desk.domain.sla import CLOCKS
from desk.render.machine import Object, instant, json_document, unreadable_objects
from desk.render.report_parts import is_mixed
from desk.render.rows import Row, rows_text
from desk.render.style import local
from desk.services.report_values import Report

FORMATS = ("table", "plain", "json", "csv", "md")


def figure_text(metric: Metric, figure: Figure) -> str:
    """Return a figure as people read it, `-` where there is none."""
    if figure is None:
        return "-"
    if metric.unit == "share":
        return f"{100 * figure:.1f}%"
    if metric.name == "created_change":
        return f"{figure:+,}"
    if metric.unit == "seconds":
        return (format_duration if is_wall_clock(metric) else format_open)(int(figure))
    return f"{figure:,}"


def is_wall_clock(metric: Metric) -> bool:
    """Tell whether a time is one on the wall clock, not of opening hours."""
    return "_wall_" in metric.name or metric.name.startswith(("time_in_", "backlog_", "kb_"))


def period_words(period: Period, zone: tzinfo) -> str:
    """Say from when to when a period goes: its last day where it ends with one."""
    since = period.since and _when(period.since, zone)
    until = period.until and _when(period.until, zone)
    if since and until:
        return f"from {since} up to {until}"
    if since:
        return f"from {since} on"
    return f"up to {until}" if until else "of all time"


def _when(at: datetime, zone: tzinfo) -> str:
    return local(at, zone).removesuffix(" 00:00")


def report_text(report: Report, form: str, zone: tzinfo) -> str:
    """Return a report as `json`, `csv`, `plain` or `md`."""
    if form == "json":
        return json_document(_document(report))
    if form == "md":
        from desk.render.report_markdown import report_markdown

        return report_markdown(report, zone)
    columns, rows = _rows(report)
    return rows_text(form, columns, rows)


def _document(report: Report) -> Object:
    compared = report.compared
    return {
        "schema": "desk.report/1",
        "name": report.name,
        "title": report.title,
        "since": instant(report.period.since),
        "until": instant(report.period.until),
        "as_of": format_instant(report.as_of),
        "commit": report.commit or None,
        "query": report.query_text,
        "by": report.groupings,
        "definitions": {name: METRICS[name].definition for name in report.metrics},
        "groups": [
            {
                "key": {name: value or None for name, value in group.key.items()},
                "metrics": group.metrics,
                "previous": group.previous,
                "query": group.query or None,
            }
            for group in report.groups
        ],
        "totals": report.totals,
        "previous": compared
        and {
            "since": instant(compared.since),
            "until": instant(compared.until),
            "totals": report.previous,
        },
        "queries": report.behind,
        "unreadable": unreadable_objects(report.unreadable),
    }


def _rows(report: Report) -> tuple[tuple[str, ...], list[Row]]:
    """Return a row a group or, of a report without groups, a row a metric. Where groups stand for
    different things, `kind` and `value` say what each stands for."""
    if not report.groupings:
        columns = ("metric", "value", *(("previous",) if report.compared else ()), "unit", "query")
        return columns, [
            {
                "metric": name,
                "value": report.totals[name],
                "previous": report.previous.get(name),
                "unit": METRICS[name].unit,
                "query": report.behind.get(name, ""),
            }
            for name in report.metrics
        ]
    mixed = is_mixed(report)
    earlier = [f"previous_{name}" for name in report.metrics] if report.compared else []
    rows: list[Row] = [
        {
            **(dict(zip(_MIXED, *group.key.items(), strict=True)) if mixed else group.key),
            **group.metrics,
            **{f"previous_{name}": figure for name, figure in group.previous.items()},
            "query": group.query,
        }
        for group in report.groups
    ]
    keys = _MIXED if mixed else report.groupings
    return (*keys, *report.metrics, *earlier, "query"), rows


_MIXED = ("kind", "value")


def heading(report: Report, zone: tzinfo) -> str:
    """Say what a report is of: `summary, from 2026-11-01 up to 2026-12-01, of company:ACME`."""
    of = f", {report.query_text}" if report.query_text else ""
    words = period_words(report.period, zone)
    if report.note:
        words += f" ({report.note})"
    at = f", at commit {report.commit[:9]}" if report.commit else ""
    return f"{report.title} {words}{of}, as of {local(report.as_of, zone)}{at}"


def pair_text(name: str, now: Mapping[str, Figure], before: Mapping[str, Figure]) -> str:
    """Return a figure, and in brackets what it was before, where that is known."""
    metric = METRICS[name]
    text = figure_text(metric, now[name])
    return f"{text} ({figure_text(metric, before[name])})" if name in before else text


def columns_shown(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns that people see: what heads each, and its metrics. What was kept and
    broken of one clock stands in one; a clock that nothing is known of is left out."""
    figures = [report.totals, report.previous, *(group.metrics for group in report.groups)]
    found: list[tuple[str, tuple[str, ...]]] = []
    for name in report.metrics:
        clock, _, part = name.rpartition("_")
        of_clock = {f"{clock}_compliance", f"{clock}_met"} <= {*report.metrics}
        if of_clock and (part in ("met", "missed") or (part == "breached" and clock in CLOCKS)):
            continue  # they stand with what was kept, and `breached` is for all clocks
        if (
            of_clock
            and part == "compliance"
            and not any(
                each.get(f"{clock}_{other}") for each in figures for other in ("met", "missed")
            )
        ):
            continue
        if part == "compliance":
            head = "kept" if clock == "promises" else f"{clock.replace('_', ' ')} kept"
            names = (name, f"{clock}_met", f"{clock}_missed") if of_clock else (name,)
            if any(each.get(name) is not None for each in figures):
                found.append((head, names))
        elif any(each.get(name) is not None for each in figures):
            found.append((METRICS[name].words, (name,)))
    return found


def texts_of(
    columns: Sequence[tuple[str, tuple[str, ...]]],
    now: Mapping[str, Figure],
    before: Mapping[str, Figure],
) -> list[str]:
    """Return what stands in the columns of `columns_shown`."""
    return [pair_text(names[0], now, before) + _of(names, now) for _, names in columns]


def line_text(names: Sequence[str], now: Mapping[str, Figure], before: Mapping[str, Figure]) -> str:
    """Return what a line of its own says of one of the columns of `columns_shown`."""
    text = single_text(names, now)
    return f"{text} ({single_text(names, before)})" if names[0] in before else text


def single_text(names: Sequence[str], figures: Mapping[str, Figure]) -> str:
    """Return what the figures of one of the columns of `columns_shown` say."""
    return figure_text(METRICS[names[0]], figures[names[0]]) + _of(names, figures)


def _of(names: Sequence[str], figures: Mapping[str, Figure]) -> str:
    """Say of how many promises a share is; "" for another figure."""
    if len(names) < 2 or figures[names[0]] is None:
        return ""
    return f" of {(figures[names[1]] or 0) + (figures[names[2]] or 0):,}"


def catalogue_text(kinds: Sequence[BuiltIn], form: str) -> str:
    """Return the reports that there are, as `plain`, `json`, `csv` or `md`."""
    rows: list[Row] = [
        {
            "name": each.name,
            "title": each.title,
            "summary": each.summary,
            "metrics": each.metrics,
            "is_own": each.name not in BUILT_IN,
        }
        for each in kinds
    ]
    if form == "json":
        return json_document({"schema": "desk.reports/1", "reports": rows})
    return rows_text(form, ("name", "summary"), rows)


def metric_text(metric: Metric) -> str:
    """Explain a metric."""
    better = {"neither": "neither more nor less"}.get(metric.better, metric.better)
    reports = [each.name for each in BUILT_IN.values() if metric.name in each.metrics]
    lines = [
        f"{metric.name}: {metric.words}",
        "",
        metric.definition,
        "",
        f"Formula: {metric.formula}",
        f"Unit:    {metric.unit}",
        f"Better:  {better}",
    ]
    if reports:
        lines.append(f"In:      {', '.join(f'desk report {name}' for name in reports)}")
    return "\n".join(lines) + "\n"


def metrics_object(metrics: Sequence[Metric]) -> str:
    """Return metrics for programs."""
    return json_document(
        {
            "schema": "desk.metrics/1",
            "metrics": [
                {
                    "name": each.name,
                    "words": each.words,
                    "unit": each.unit,
                    "better": each.better,
                    "definition": each.definition,
                    "formula": each.formula,
                }
                for each in metrics
            ],
        }
    )


def metrics_page() -> str:
    """Return the table of all metrics, in Markdown."""
    rows = [
        (f"`{each.name}`", each.unit, each.better, each.definition, each.formula)
        for each in METRICS.values()
    ]
    lines = [
        "# Metrics\n\n| metric | unit | better | what it is | formula |\n|---|---|---|---|---|\n"
    ]
    lines += [f"| {' | '.join(cells)} |\n" for cells in rows]
    return "".join(lines)
