"""What can be wrong with an article of the knowledge base that reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from desk.domain.article_links import links_in, made_out, slug_at
from desk.domain.findings import Problem
from desk.domain.kb import ARTICLE_FIELDS, Article
from desk.domain.patterns import pattern
from desk.domain.sheet import Known, shortened
from desk.domain.ticket_checks import is_known_person, unknown_person
from desk.errors import did_you_mean

_MARKERS = tuple(
    pattern(marker, re.MULTILINE) for marker in ("^<<<<<<< ", "^=======$", "^>>>>>>> ")
)


class Reach(NamedTuple):
    """What the links of articles can lead to: whether there is a file at a path (from the
    workspace), or a ticket of an ID; and the anchors of an article's headings, by its slug."""

    has_file: Callable[[str], bool]
    has_ticket: Callable[[str], bool]
    anchors: Callable[[str], frozenset[str]]


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
    if has_conflict(article.text):
        yield Problem("conflict", "conflict markers of Git in the text: settle the two versions")


def link_problems(article: Article, slugs: frozenset[str], reach: Reach) -> Iterator[Problem]:
    """Check where the relative links of an article's text lead."""
    for written, line in links_in(article.text):
        target = made_out(written, reach.has_file)
        if target is None:
            continue
        slug = slug_at(target.path, slugs) if target.path else article.slug
        if target.ticket and not reach.has_ticket(target.ticket):
            message = f"there is no ticket {target.ticket}: correct the ID, or remove the link"
        elif target.path and not slug and not reach.has_file(target.path):
            message = f"there is no file {shortened(target.path)}: {_instead(target.path, slugs)}"
        elif slug and target.anchor and target.anchor.casefold() not in reach.anchors(slug):
            guess = did_you_mean(target.anchor, reach.anchors(slug)) or "name one that is there"
            message = f"kb/{slug}.md has no heading `#{shortened(target.anchor)}`: {guess}"
        else:
            continue
        yield Problem("kb-link", message, word=written, line=line)


def _instead(path: str, slugs: frozenset[str]) -> str:
    folder, _, name = path.rpartition("/")
    slug = name.removesuffix(".md")
    guess = did_you_mean(slug, slugs) if folder == "kb" and slug != name else ""
    return guess or "correct the link, or remove it"


def has_conflict(text: str) -> bool:
    """Tell whether all three markers stand in a text, in their order; one alone may be prose."""
    place = 0
    for marker in _MARKERS:
        found = marker.search(text, place)
        if found is None:
            return False
        place = found.end()
    return True
