"""How the desk stands, on a terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from textwrap import fill

from desk.domain.instants import format_instant
from desk.domain.report.advice import UNANSWERED, Note, Tone
from desk.domain.report.metrics import METRICS
from desk.domain.texts import visible
from desk.render.changes import change_words
from desk.render.machine import Object, instant, json_document, unreadable_objects
from desk.render.reports import figure_text, period_words
from desk.render.rows import Row, markdown_rows, markdown_words, rows_text
from desk.render.shell import shell_words
from desk.render.style import local, styled
from desk.render.tables import Cell, screen_table
from desk.services.dashboard import Dashboard

FORMATS = ("table", "plain", "json", "csv", "md")

MARKS: Mapping[Tone, str] = {"late": "!", "watch": "*", "good": "+"}
"""What stands before a sentence, so that its urgency is seen without colour."""

_STYLES: Mapping[Tone, str] = {"late": "red", "watch": "yellow", "good": "green"}
_FIGURES = (
    *("created", "resolved", "reopened", "backlog", "unassigned", "breached"),
    *("first_response_median_seconds", "resolution_median_seconds"),
    *("first_response_compliance", "resolution_compliance", "ratings", "rating_mean"),
)


def dashboard_text(made: Dashboard, form: str, zone: tzinfo, width: int, has_color: bool) -> str:
    """Return how the desk stands, in one of `FORMATS`."""
    if form == "json":
        return json_document(_document(made))
    if form == "md":
        return _markdown(made, zone)
    if form in ("plain", "csv"):
        return rows_text(form, ("kind", "what", "now", "before", "query"), _rows(made))
    return _screen(made, zone, width, has_color)


def _heading(made: Dashboard, zone: tzinfo) -> str:
    who = made.name if made.who else made.query_text or "all tickets"
    when = period_words(made.period, zone)
    return f"{who}, {when}, as of {local(made.as_of, zone)}"


def _screen(made: Dashboard, zone: tzinfo, width: int, has_color: bool) -> str:
    parts = [styled(visible(_heading(made, zone)), "bold", has_color) + "\n\n"]
    for note in made.notes:
        text = fill(visible(note.text), width, initial_indent="  ", subsequent_indent="  ")
        mark = styled(MARKS[note.tone], _STYLES[note.tone], has_color)
        parts.append(f"{mark}{text[1:]}\n")
        if query := _query(note):
            command = fill(
                f"desk list {shell_words(query)}",
                width,
                initial_indent="    ",
                subsequent_indent="      ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            parts.append(styled(command, "dim", has_color) + "\n")
    headings = ["", "now", "before", "change"]
    rows = [
        [Cell(cells[0]), Cell(cells[1], "bold"), *map(Cell, cells[2:])] for cells in _cells(made)
    ]
    table = screen_table(headings, rows, width, has_color, ("",), headings[1:], ("before",))
    return "".join([*parts, "\n", table])


def _query(note: Note) -> str:
    return "" if note.query == UNANSWERED else note.query


def _cells(made: Dashboard) -> list[tuple[str, str, str, str]]:
    """Return the figures of which anything is known: in words, now, before, and the change."""
    now, before = made.summary.totals, made.summary.previous
    found = []
    for name in _FIGURES:
        metric, new, old = METRICS[name], now[name], before.get(name)
        if new is None and old is None:
            continue
        change = " ".join(filter(None, change_words(metric, new, old)))
        found.append((metric.words, figure_text(metric, new), figure_text(metric, old), change))
    return found


def _rows(made: Dashboard) -> list[Row]:
    now, before = made.summary.totals, made.summary.previous
    notes: list[Row] = [
        {"kind": note.tone, "what": note.text, "now": "", "before": "", "query": _query(note)}
        for note in made.notes
    ]
    figures: list[Row] = [
        {
            "kind": "figure",
            "what": name,
            "now": now[name],
            "before": before.get(name),
            "query": made.summary.behind.get(name, ""),
        }
        for name in _FIGURES
    ]
    return [*notes, *figures]


def _markdown(made: Dashboard, zone: tzinfo) -> str:
    lines = [f"## {markdown_words(visible(_heading(made, zone)))}\n\n"]
    lines += [f"* {markdown_words(visible(note.text))}\n" for note in made.notes]
    lines.append("\n")
    lines.append(markdown_rows(("", "now", "before", "change"), _cells(made)))
    return "".join(lines)


def _document(made: Dashboard) -> Object:
    return {
        "schema": "desk.dashboard/1",
        "agent": made.who or None,
        "since": instant(made.period.since),
        "until": instant(made.period.until),
        "as_of": format_instant(made.as_of),
        "query": made.query_text,
        "notes": [
            {"tone": note.tone, "text": note.text, "query": _query(note) or None}
            for note in made.notes
        ],
        "now": made.now._asdict(),
        "totals": made.summary.totals,
        "previous": made.summary.previous,
        "definitions": {name: METRICS[name].definition for name in made.summary.metrics},
        "unreadable": unreadable_objects(made.unreadable),
    }
