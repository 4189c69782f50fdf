"""Commits, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from desk.domain.instants import format_instant
from desk.domain.texts import visible
from desk.render.style import local, styled

if TYPE_CHECKING:
    from desk.storage.history import Commit


def history_lines(commits: Sequence[Commit], is_table: bool, zone: tzinfo, has_color: bool) -> str:
    """Return a line a commit: when, which, who, its subject."""
    lines = []
    for commit in commits:
        at = datetime.fromisoformat(commit.at)
        name = commit.name[:10]
        if is_table:
            when = styled(local(at, zone), "dim", has_color)
            author = styled(visible(commit.author), "bold", has_color)
            lines.append(
                f"{when}  {styled(name, 'yellow', has_color)}  {author}  {visible(commit.subject)}"
            )
        else:
            cells = [format_instant(at.astimezone(UTC)), name, commit.author, commit.subject]
            lines.append("\t".join(visible(cell) for cell in cells))
    return "".join(f"{line}\n" for line in lines)


def history_objects(commits: Sequence[Commit]) -> list[dict[str, str]]:
    """Return commits for JSON."""
    return [
        {
            "commit": commit.name,
            "at": format_instant(datetime.fromisoformat(commit.at).astimezone(UTC)),
            "author": commit.author,
            "email": commit.email,
            "subject": commit.subject,
            "verb": commit.verb,
        }
        for commit in commits
    ]
