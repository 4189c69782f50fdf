"""Queries as they are typed."""

from __future__ import annotations

from desk.domain.texts import visible


def shell_words(query: str) -> str:
    """Return a query as it is typed: in quotes where a shell would make something else of it."""
    shown = visible(query)
    if all(character.isalnum() or character in ":.,-_/@ " for character in shown):
        return shown
    return "'" + shown.replace("'", "'\\''") + "'"
