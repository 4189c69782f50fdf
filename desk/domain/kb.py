"""Articles of the knowledge base: what is known already, for requesters or among agents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from desk.domain.patterns import pattern

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

_SLUG = pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def as_slug(given: str) -> str:
    """Return what somebody typed for a slug as slugs are written: a path of the file too."""
    name = given.strip().replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".md").casefold().replace("_", "-").replace(" ", "-")


def is_slug(text: str) -> bool:
    """Tell whether `text` can name an article: lower-case letters, digits, single hyphens."""
    return len(text) <= 100 and _SLUG.fullmatch(text) is not None


_SPELT = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | dict.fromkeys("'’ʼ", "")
)
_LONGEST_MADE = 60


def slug_of(title: str) -> str:
    """Return the slug that a title makes: its words in ASCII, as many as stay below 60 letters.

    Empty where nothing is left of them, as with a title in another script.
    """
    plain = unicodedata.normalize("NFKD", title[: 4 * _LONGEST_MADE].casefold()).translate(_SPELT)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.findall(r"[a-z0-9]+", plain)
    slug = words[0][:_LONGEST_MADE] if words else ""
    for word in words[1:]:
        if len(slug) + len(word) >= _LONGEST_MADE:
            break
        slug += f"-{word}"
    return slug


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
