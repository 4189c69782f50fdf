"""The leaderboard, for people and programs."""

from __future__ import annotations

from datetime import tzinfo

from desk.domain.instants import format_instant
from desk.domain.report.metrics import METRICS
from desk.domain.texts import visible
from desk.render.machine import instant, json_document, unreadable_objects
from desk.render.reports import figure_text, period_words
from desk.render.rows import Row, markdown_rows, markdown_words, rows_text
from desk.render.style import local, styled
from desk.render.tables import Cell, screen_table
from desk.services.leaderboard import Leaderboard, Standings

FORMATS = ("table", "plain", "json", "csv", "md")
_SHOWN = 3
"""So many places people see."""


def leaderboard_text(board: Leaderboard, form: str, zone: tzinfo) -> str:
    """Return a leaderboard as `json`, `csv`, `plain` or `md`."""
    if form == "json":
        return json_document(
            {
                "schema": "desk.leaderboard/1",
                "since": instant(board.period.since),
                "until": instant(board.period.until),
                "as_of": format_instant(board.as_of),
                "query": board.query_text,
                "badges": [
                    {
                        "badge": badge.name,
                        "title": badge.title,
                        "metric": badge.metric,
                        "definition": badge.definition,
                        "least": badge.least,
                        "ranking": [
                            {
                                "place": each.place,
                                "who": each.who,
                                "name": board.names[each.who],
                                "value": each.figure,
                                "count": each.total,
                            }
                            for each in ranking
                        ],
                    }
                    for badge, ranking in board.standings
                ],
                "unreadable": unreadable_objects(board.unreadable),
            }
        )
    if form == "md":
        return _markdown(board, zone)
    rows: list[Row] = [
        {
            "badge": badge.name,
            "place": each.place,
            "who": each.who,
            "name": board.names[each.who],
            "metric": badge.metric,
            "value": each.figure,
            "count": each.total,
        }
        for badge, ranking in board.standings
        for each in ranking
    ]
    return rows_text(form, ("badge", "place", "who", "name", "metric", "value", "count"), rows)


def leaderboard_table(board: Leaderboard, zone: tzinfo, width: int, has_color: bool) -> str:
    """Return a leaderboard for a terminal: a row a badge."""
    rows = [
        [Cell(each.badge.title), Cell(_places(each, first=True), "bold"), Cell(_places(each))]
        for each in board.standings
    ]
    heading = styled(visible(_heading(board, zone)), "bold", has_color)
    table = screen_table(
        *(("badge", "first", "then"), rows, width, has_color, ("first", "then")),
        yielding=("then",),
        least=20,
    )
    return f"{heading}\n\n{table}"


def _markdown(board: Leaderboard, zone: tzinfo) -> str:
    lines = [f"## {markdown_words(visible(_heading(board, zone)))}\n\n"]
    rows = [
        (each.badge.title, _places(each, first=True), _places(each)) for each in board.standings
    ]
    lines.append(markdown_rows(("badge", "first", "then"), rows))
    lines.append("\n<details><summary>What the badges are for</summary>\n\n")
    for badge, _ in board.standings:
        lines.append(f"* **{badge.title}**: {markdown_words(badge.definition)}\n")
    lines.append("\n</details>\n")
    return "".join(lines)


def _heading(board: Leaderboard, zone: tzinfo) -> str:
    of = f", {board.query_text}" if board.query_text else ""
    as_of = local(board.as_of, zone)
    return f"leaderboard {period_words(board.period, zone)}{of}, as of {as_of}"


def _places(standings: Standings, first: bool = False) -> str:
    """Say who comes first or, without `first`, next: `ana 4.8, luis 4.5`."""
    metric = METRICS[standings.badge.metric]
    shown = [
        f"{each.who} {figure_text(metric, each.figure)}"
        for each in standings.ranking
        if (each.place == 1) == first and each.place <= _SHOWN
    ]
    return ", ".join(shown) or ("nobody yet" if first else "")
