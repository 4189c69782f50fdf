"""What a search for words found: for people two lines a hit, for programs an object each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from desk.domain.passages import Passage, Wanted, passage
from desk.domain.texts import visible
from desk.render.articles import article_hits
from desk.render.machine import (
    Object,
    instant,
    json_document,
    json_line,
    ticket_object,
    unreadable_objects,
)
from desk.render.passages import passage_line
from desk.render.rows import chosen, picked, rows_text
from desk.render.spreadsheet import id_lines
from desk.render.style import STATUS_STYLES, ago, padded, shortened, styled

if TYPE_CHECKING:
    from desk.services.articles import Told
    from desk.services.reading import Found
    from desk.services.searching import Hit, Search

COLUMNS = ("id", "status", "priority", "assignee", "updated", "title", "snippet")
"""The columns of a hit in `plain`, `csv` and `md`."""

INDENT = 4


def hit_object(hit: Hit) -> Object:
    """Return a hit as programs see it: the ticket without its log, and where its words stand."""
    found = hit.found
    item = ticket_object(found.path, found.ticket, found.facts, with_log=False)
    return item | {"snippet": hit.passage.text}


def hits_text(result: Search, form: str, fields: str = "") -> str:
    """Write hits as `plain`, `csv`, `md`, `ids`, `jsonl`, or as the document `desk.search/1`."""
    items = [hit_object(hit) for hit in result.hits]
    known = (*(items[0] if items else COLUMNS), *COLUMNS)
    columns = chosen(fields, tuple(dict.fromkeys(known)), COLUMNS)
    if form == "ids":
        return "".join(id_lines(items))
    if form not in ("json", "jsonl"):
        return rows_text(form, columns, items)
    rows = [picked(item, columns) for item in items] if fields else items
    if form == "jsonl":
        return "".join(map(json_line, rows))
    return json_document(
        {
            "schema": "desk.search/1",
            "is_exact": result.is_exact,
            "total": result.total,
            "tickets": rows,
            "articles": list(map(_article_object, result.articles)),
            "unreadable": unreadable_objects(result.unreadable),
        }
    )


def _article_object(told: Told) -> Object:
    article = told.article
    return {"slug": article.slug, "title": article.title, "snippet": told.passage.text}


def hits_page(result: Search, now: datetime, width: int, has_color: bool) -> str:
    """Return hits for a terminal: a line about the ticket, then what its texts say."""
    lines = []
    for found, shown in result.hits:
        lines.append(ticket_line(found, now, width, has_color, result.phrases))
        if shown.text:
            lines.append(f"{' ' * INDENT}{passage_line(shown, has_color)}\n")
    if result.articles:
        lines.append(f"\n{styled('Articles', 'bold', has_color)}\n" if lines else "")
        lines.append(article_hits(result.articles, result.phrases, width, has_color))
    return "".join(lines)


def ticket_line(
    found: Found, now: datetime, width: int, has_color: bool, phrases: Sequence[Wanted] = ()
) -> str:
    """Return a ticket on a line of a terminal: ID, status, age of the last entry, title with the
    phrases in it marked."""
    ticket = found.ticket
    status, age = padded(ticket.status, 8), ago(found.facts.updated, now).rjust(5)
    room = max(12, width - len(ticket.id) - len(status) - len(age) - 6)
    cells = (
        styled(visible(ticket.id), "cyan", has_color),
        styled(status, STATUS_STYLES.get(ticket.status, ""), has_color),
        styled(age, "dim", has_color),
        passage_line(_beginning(ticket.title, phrases, room), has_color),
    )
    return "  ".join(cells) + "\n"


def _beginning(title: str, phrases: Sequence[Wanted], room: int) -> Passage:
    """Return a title, cut off at its end alone: its first words say what it is about."""
    whole = passage(visible(title), phrases, len(visible(title)) + 1)
    cut = shortened(whole.text, room)
    kept = (mark for mark in whole.marks if mark[1] < len(cut) or cut == whole.text)
    return Passage(cut, tuple(kept))


class Alike(NamedTuple):
    """What is like a ticket: other tickets, and articles."""

    tickets: Sequence[Found]
    articles: Sequence[Told]


def alike_objects(alike: Alike) -> Object:
    """Return what is like a ticket as programs see it: `similar` and `articles`."""
    similar = [
        {
            "id": each.ticket.id,
            "title": each.ticket.title,
            "status": each.ticket.status,
            "resolution": each.ticket.text("resolution") or None,
            "resolved_at": instant(each.facts.resolved_at),
        }
        for each in alike.tickets
    ]
    articles = [{"slug": each.article.slug, "title": each.article.title} for each in alike.articles]
    return {"similar": similar, "articles": articles}


def alike_lines(alike: Alike, now: datetime, width: int, has_color: bool) -> str:
    """Return what is like a ticket, to stand below its page."""
    parts = []
    if alike.tickets:
        parts.append(styled("Similar tickets", "bold", has_color) + "\n")
        parts += [ticket_line(each, now, width, has_color) for each in alike.tickets]
    if alike.articles:
        parts.append(("\n" if parts else "") + styled("Articles", "bold", has_color) + "\n")
        parts.append(article_hits(alike.articles, (), width, has_color))
    return "".join(parts)
