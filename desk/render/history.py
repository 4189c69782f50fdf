"""Commits, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from desk.domain.instants import format_instant
from desk.domain.texts import visible
from desk.render.machine import json_document
from desk.render.rows import Row, chosen, picked, rows_text
from desk.render.style import local, styled

if TYPE_CHECKING:
    from desk.storage.history import Commit


HISTORY_COLUMNS = ("commit", "at", "author", "email", "subject", "verb")
_SHORT = 10


def history_lines(commits: Sequence[Commit], zone: tzinfo, has_color: bool) -> str:
    """Return a line a commit for a person: when, which, who, its subject."""
    lines = []
    for commit in commits:
        at = local(commit.at, zone) if commit.at else f"{'unknown':16}"
        when = styled(at, "dim", has_color)
        name = styled(commit.name[:_SHORT], "yellow", has_color)
        author = styled(visible(commit.author), "bold", has_color)
        lines.append(f"{when}  {name}  {author}  {visible(commit.subject)}\n")
    return "".join(lines)


def history_text(commits: Sequence[Commit], form: str, fields: str = "") -> str:
    """Return commits as `json`, `jsonl`, `csv`, `plain` or `md`, with the columns that `fields`
    names; by itself `plain` and `md` have instant, short name, author and subject."""
    rows: list[Row] = [*history_objects(commits)]
    if form in ("plain", "md") and not fields:
        rows = [{**row, "commit": str(row["commit"])[:_SHORT]} for row in rows]
        return rows_text(form, ("at", "commit", "author", "subject"), rows)
    columns = chosen(fields, HISTORY_COLUMNS)
    if form == "json":
        told = [picked(row, columns) for row in rows]
        return json_document({"schema": "desk.history/1", "commits": told})
    return rows_text(form, columns, rows)


def history_objects(commits: Sequence[Commit]) -> list[dict[str, str | None]]:
    """Return commits for JSON."""
    return [
        {
            "commit": commit.name,
            "at": format_instant(commit.at) if commit.at else None,
            "author": commit.author,
            "email": commit.email,
            "subject": commit.subject,
            "verb": commit.verb,
        }
        for commit in commits
    ]
