"""Articles of the knowledge base: lists, pages, and what a command did to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from desk.domain.kb import ARTICLE_FIELDS, Article
from desk.domain.passages import Wanted, passage
from desk.domain.texts import visible, visible_lines
from desk.errors import Diagnostic
from desk.render.machine import Object, json_document, json_line, unreadable_objects
from desk.render.passages import passage_line
from desk.render.rows import chosen, picked, rows_text
from desk.render.sentences import count_words
from desk.render.style import display_width, padded, styled

if TYPE_CHECKING:
    from desk.services.articles import Articles, Told
    from desk.services.authoring import Authored

COLUMNS = ("slug", "title", "category", "audience", "owner", "reviewed", "solved")
"""The columns of a list where nobody names others; `solved` counts tickets."""

STALE_COLUMNS = ("slug", "reviewed", "owner", "title")
"""Those of a list of what is out of date."""

INDENT = 4

KNOWN = (*COLUMNS, "tags", "related", "path")
"""Every column that a list of articles can have."""

_WIDEST_PAGE = 100


def article_object(told: Told) -> Object:
    """Return an article as programs see it, without its text."""
    article = told.article
    return {
        "slug": article.slug,
        "title": article.title,
        "tags": list(article.tags),
        "category": article.category or None,
        "audience": article.audience,
        "owner": article.owner or None,
        "reviewed": article.reviewed.isoformat() if article.reviewed else None,
        "related": list(article.related),
        "path": told.path,
        "solved": told.solved,
    }


def articles_text(
    shown: Sequence[Told],
    form: str,
    fields: str = "",
    names: Sequence[str] = COLUMNS,
    schema: str = "desk.articles/1",
    unreadable: Sequence[Diagnostic] = (),
    about: Object | None = None,
) -> str:
    """Write articles as `plain`, `csv`, `md`, `ids` (slugs), `jsonl` or `json`; `about` is what the
    document says besides. UsageError for a field that there is not."""
    has_snippet = "snippet" in names
    items = [article_object(told) for told in shown]
    if has_snippet:
        for item, told in zip(items, shown, strict=True):
            item["snippet"] = told.passage.text
    columns = chosen(fields, (*KNOWN, *(("snippet",) if has_snippet else ())), names)
    if form == "ids":
        return "".join(f"{visible(told.article.slug)}\n" for told in shown)
    if form not in ("json", "jsonl"):
        return rows_text(form, columns, items)
    rows = [picked(item, columns) for item in items] if fields else items
    if form == "jsonl":
        return "".join(map(json_line, rows))
    return json_document(
        {
            "schema": schema,
            **(about or {}),
            "articles": rows,
            "unreadable": unreadable_objects(unreadable),
        }
    )


def search_text(found: Articles, form: str, fields: str = "") -> str:
    """Write what a search found, for programs."""
    about: Object = {"is_exact": found.is_exact, "total": found.total}
    names = ("slug", "title", "snippet")
    return articles_text(
        found.shown, form, fields, names, "desk.kb-search/1", found.unreadable, about
    )


def articles_table(
    shown: Sequence[Told], names: Sequence[str], width: int, has_color: bool, today: date
) -> str:
    """Return articles as a table for a terminal."""
    from desk.render.tables import Cell, screen_table

    rows = [[_cell(told, name, today) for name in names] for told in shown]
    yielding: tuple[str, ...] = ("category", "reviewed", "audience", "owner", "solved")
    if names == STALE_COLUMNS:
        yielding = ("title",)
    return screen_table(
        names,
        [[Cell(*cell) for cell in row] for row in rows],
        width,
        has_color,
        wide=("title",),
        right=("solved",),
        yielding=[name for name in yielding if name in names],
        least=20,
    )


def _cell(told: Told, name: str, today: date) -> tuple[str, str]:
    article = told.article
    if name == "reviewed":
        return (_age(article, today), "dim") if article.reviewed else ("never", "yellow")
    if name == "solved":
        return str(told.solved or ""), ""
    value = article_object(told)[name]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text, "cyan" if name == "slug" else ""


def _age(article: Article, today: date) -> str:
    return f"{(today - article.reviewed).days}d ago" if article.reviewed else "never"


def article_hits(
    shown: Sequence[Told], phrases: Sequence[Wanted], width: int, has_color: bool
) -> str:
    """Return what a search found for a terminal: a line an article, then what its text says."""
    lines = []
    for told in shown:
        slug = visible(told.article.slug)
        room = max(20, width - display_width(slug) - 2)
        title = passage(told.article.title, phrases, room)
        lines.append(f"{styled(slug, 'cyan', has_color)}  {passage_line(title, has_color)}\n")
        if told.passage.text:
            lines.append(f"{' ' * INDENT}{passage_line(told.passage, has_color)}\n")
    return "".join(lines)


def article_page(told: Told, width: int, has_color: bool, today: date) -> str:
    """Return an article as a page for a terminal: what it is, then its text."""
    from desk.render.screen_markdown import markdown_screen

    article = told.article
    reviewed = f"{article.reviewed} ({_age(article, today)})" if article.reviewed else "never"
    rows = {
        "category": article.category,
        "tags": ", ".join(article.tags),
        "audience": article.audience,
        "owner": article.owner,
        "reviewed": reviewed,
        "related": ", ".join(article.related),
        "solved": count_words(told.solved, "ticket") if told.solved else "",
        "file": told.path,
    }
    size = max(map(len, rows))
    slug = styled(visible(article.slug), "cyan", has_color)
    lines = [f"{slug}  {styled(visible(article.title), 'bold', has_color)}", ""]
    lines += [
        f"{styled(padded(name, size), 'dim', has_color)}  {visible(value)}"
        for name, value in rows.items()
        if value
    ]
    page = "\n".join(lines) + "\n"
    if not article.text:
        return page
    text = visible_lines(article.text)
    return f"{page}\n{markdown_screen(text, min(width, _WIDEST_PAGE), has_color)}"


def article_document(told: Told) -> str:
    """Return an article as the document `desk.article/1`, with its text."""
    item = article_object(told) | {"text": told.article.text}
    return json_document({"schema": "desk.article/1", "article": item})


def file_text(data: bytes) -> str:
    """Return an article's file for people: its Markdown, strange characters escaped."""
    return visible_lines(data.decode(errors="replace"))


def likely_lines(articles: Sequence[Article]) -> list[str]:
    """Return what is said of articles that likely answer a request, before it is made."""
    if not articles:
        return []
    size = max(len(article.slug) for article in articles)
    return [
        "this may be answered already (`desk kb show SLUG`):",
        *(f"  {padded(article.slug, size)}  {article.title}" for article in articles),
    ]


def authored_line(authored: Authored, dry_run: bool = False) -> str:
    """Tell in a sentence what became of an article."""
    article, before = authored.article, authored.before
    if authored.file is None:
        return f"{article.slug} is like that already; nothing was written"
    name = f"{'would write ' if dry_run else ''}{article.slug} {article.title}"
    if authored.file.before is None:
        named = "".join(f", and {each.ticket.id} names it" for each in authored.saves)
        return f"{name}: a new article, {article.audience}{named}"
    return (
        f"{name}: changed {', '.join(_changed(before, article)) if before else 'into an article'}"
    )


def _changed(before: Article, after: Article) -> list[str]:
    """Return the names of what differs between two versions of an article."""
    parts = [*ARTICLE_FIELDS, "text"]
    changed = [part for part in parts if getattr(before, part) != getattr(after, part)]
    return changed or ["what a reader does not see"]
