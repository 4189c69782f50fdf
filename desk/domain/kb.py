"""Articles of the knowledge base: what is known already, for requesters or among agents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Audience = Literal["public", "internal"]
AUDIENCES: tuple[Audience, ...] = ("public", "internal")

ARTICLE_FIELDS = {
    "title": "what the article tells, in one line (required)",
    "tags": "words to find it by",
    "category": "what it is about, as in tickets",
    "audience": "`public`, or `internal` (the default): whether requesters may read it",
    "owner": "who keeps it true: a handle from `people`",
    "reviewed": "when somebody last read it through, like 2026-11-22",
    "related": "the slugs of other articles",
}
"""The keys of an article's front matter, in the order in which files have them."""

ARTICLE_LISTS = ("tags", "related")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def is_slug(text: str) -> bool:
    """Tell whether `text` can name an article: lower-case letters, digits, single hyphens."""
    return len(text) <= 100 and _SLUG.fullmatch(text) is not None


def article_path(slug: str) -> str:
    """Return where an article lies, from the workspace: ``kb/vpn-drops.md``."""
    return f"kb/{slug}.md"


@dataclass(frozen=True, slots=True)
class Article:
    """One article; `text` is its Markdown, without blank lines at its ends.

    Where the file does not say, the audience is `internal`. `others` are keys that this program
    does not know.
    """

    slug: str
    title: str
    text: str = ""
    audience: Audience = "internal"
    tags: tuple[str, ...] = ()
    category: str = ""
    owner: str = ""
    reviewed: date | None = None
    related: tuple[str, ...] = ()
    others: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
