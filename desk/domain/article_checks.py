"""What can be wrong with an article of the knowledge base that reads well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.domain.findings import Problem
from desk.domain.kb import ARTICLE_FIELDS, Article
from desk.domain.sheet import Known, shortened
from desk.domain.ticket_checks import is_known_person, unknown_person
from desk.errors import did_you_mean

_MARKERS = tuple(
    re.compile(marker, re.MULTILINE) for marker in ("^<<<<<<< ", "^=======$", "^>>>>>>> ")
)


def article_problems(article: Article, known: Known) -> Iterator[Problem]:
    """Check an article against the people, categories and other articles that there are."""
    for key in article.others:
        guess = did_you_mean(key, ARTICLE_FIELDS) or f"there are {', '.join(ARTICLE_FIELDS)}"
        yield Problem("unknown-key", f"unknown key `{key}`: {guess}", key=key)
    if article.owner and not is_known_person(article.owner, known.settings):
        message = unknown_person("the owner", article.owner, known.settings)
        yield Problem("person", message, key="owner", word=article.owner)
    categories = known.settings.categories
    if article.category and categories and article.category not in categories:
        advice = did_you_mean(article.category, categories) or "add it there"
        named = shortened(article.category)
        message = f"unknown category `{named}`, not in `categories` of config.yaml: {advice}"
        yield Problem("setting", message, key="category", word=article.category)
    for slug in article.related:
        if slug not in known.slugs:
            advice = did_you_mean(slug, known.slugs) or "write it, or remove the slug"
            message = f"there is no article kb/{shortened(slug)}.md: {advice}"
            yield Problem("kb-slug", message, key="related", word=slug)
    if _has_conflict(article.text):
        yield Problem("conflict", "conflict markers of Git in the text: settle the two versions")


def _has_conflict(text: str) -> bool:
    """Tell whether all three markers stand in a text, in their order; one alone may be prose."""
    place = 0
    for marker in _MARKERS:
        found = marker.search(text, place)
        if found is None:
            return False
        place = found.end()
    return True
