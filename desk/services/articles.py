"""Reading the knowledge base: lists, searches, one article, what is out of date.

Whoever is no agent is shown the public articles alone. That is a courtesy and no lock: the files
lie in the repository for all who have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from desk.domain.kb import Article, as_slug
from desk.domain.passages import Passage, passage
from desk.domain.people import is_same_person
from desk.domain.texts import visible
from desk.domain.words import folded, occurs
from desk.errors import Diagnostic, NotFound, Refused, UsageError, did_you_mean
from desk.services.desk import Desk
from desk.services.solved import solved_counts
from desk.storage.full_text import Phrase, all_of, any_of, ranked
from desk.storage.kb_file import FiledArticle, Library, read_library

SNIPPET_WIDTH = 160
"""How many characters of a text are shown to programs."""

_MOST_PHRASES = 50


class Told(NamedTuple):
    """An article, where it lies, how many tickets it solved, and what of its text is shown."""

    path: str
    article: Article
    solved: int = 0
    passage: Passage = Passage("")


class Articles(NamedTuple):
    """Articles, in their order: those that are shown, how many there are, how many of all are for
    agents alone and so left out, and what could not be read. Of a search also what was looked for,
    and whether each has all of it."""

    shown: tuple[Told, ...]
    total: int
    left_out: int
    unreadable: tuple[Diagnostic, ...]
    phrases: tuple[Phrase, ...] = ()
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are wanted: those that have all of this. A category includes those below it;
    the owner is as somebody typed it."""

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    audience: str = ""
    owner: str = ""


class UnknownArticle(NotFound):
    """No article has this slug, or begins so."""

    def __init__(self, given: str, slugs: Iterable[str]) -> None:
        guess = did_you_mean(as_slug(given), slugs)
        super().__init__(
            f"no article is called `{visible(given)}`", guess or "`desk kb list` names all"
        )


class Readable(NamedTuple):
    """The articles that somebody is shown, how many are left out, and what could not be read."""

    articles: tuple[FiledArticle, ...]
    left_out: int
    unreadable: tuple[Diagnostic, ...]


def readable(desk: Desk) -> Readable:
    """Return the articles that whoever runs the command is shown."""
    filed, unreadable = _library(desk)
    public = tuple(each for each in filed if each.article.audience == "public")
    if len(public) == len(filed) or sees_all(desk):
        return Readable(filed, 0, unreadable)
    return Readable(public, len(filed) - len(public), unreadable)


def _library(desk: Desk) -> Library:
    if not desk.commit:
        return read_library(desk.root)
    from desk.storage.committed import library_at

    return library_at(desk.repository, desk.commit)


def sees_all(desk: Desk) -> bool:
    """Tell whether internal articles are shown too: to agents, and where nobody says who is at
    work."""
    actor = desk.known_actor
    return actor is None or actor.is_agent


def list_articles(desk: Desk, wanted: Filter, limit: int = 0) -> Articles:
    """Return the articles that are wanted, by slug."""
    found = readable(desk)
    kept = [each for each in found.articles if _is_wanted(desk, each.article, wanted)]
    kept.sort(key=lambda each: each.article.slug)
    return _told(desk, found, kept, limit)


def stale_articles(desk: Desk, days: int, owner: str = "", limit: int = 0) -> Articles:
    """Return the articles that nobody read through in so many days: those without a date first,
    then the oldest."""
    found = readable(desk)
    wanted = Filter(owner=owner)
    kept = [
        each
        for each in found.articles
        if _is_wanted(desk, each.article, wanted) and is_stale(desk, each.article, days)
    ]
    kept.sort(key=lambda each: (str(each.article.reviewed or ""), each.article.slug))
    return _told(desk, found, kept, limit)


def is_stale(desk: Desk, article: Article, days: int) -> bool:
    """Tell whether nobody read an article through in so many days, or ever."""
    today = desk.now.astimezone(desk.settings.zone).date()
    return article.reviewed is None or (today - article.reviewed).days > days


def _told(
    desk: Desk, found: Readable, kept: Sequence[FiledArticle], limit: int, counts: bool = True
) -> Articles:
    shown = kept[: limit or None]
    solved = solved_counts(desk) if shown and counts else {}
    told = tuple(Told(each.path, each.article, solved.get(each.article.slug, 0)) for each in shown)
    return Articles(told, len(kept), found.left_out, found.unreadable)


def _is_wanted(desk: Desk, article: Article, wanted: Filter) -> bool:
    tags = {folded(tag) for tag in article.tags}
    category = folded(article.category)
    asked = folded(wanted.category)
    phrases = phrases_of(wanted.words)
    return (
        all(folded(tag) in tags for tag in wanted.tags)
        and (not asked or category == asked or category.startswith(f"{asked}/"))
        and wanted.audience in ("", article.audience)
        and (not wanted.owner or _is_owner(desk, article.owner, wanted.owner))
        and (not phrases or _has_all(article, phrases))
    )


def _is_owner(desk: Desk, owner: str, asked: str) -> bool:
    if asked in ("nobody", "none"):
        return not owner
    name = desk.actor.sign if asked in ("@me", "me") else asked.removeprefix("@")
    return bool(owner) and is_same_person(owner, name, desk.settings)


def _has_all(article: Article, phrases: Iterable[Phrase]) -> bool:
    text = "\n".join(texts_of(article))
    return all(occurs(phrase.words, text, phrase.prefix) for phrase in phrases)


def texts_of(article: Article) -> tuple[str, str]:
    """Return what tells most of an article, and the rest."""
    slug = article.slug.replace("-", " ")
    return " ".join((article.title, slug, *article.tags)), f"{article.category}\n{article.text}"


def phrases_of(given: Iterable[str]) -> tuple[Phrase, ...]:
    """Return what somebody looks for: words, phrases in double quotes; a `*` behind one finds what
    begins so."""
    found = (
        Phrase.of(match[1] or match[2] or "", bool(match[3]))
        for match in re.finditer(r'(?:"([^"]*)"|([^\s"*]+))(\*?)', " ".join(given))
    )
    return tuple(dict.fromkeys(each for each in found if each.words))[:_MOST_PHRASES]


def path_named(desk: Desk, given: str) -> str:
    """Return where the article lies that somebody named by its slug, or by a unique beginning of
    it; one that cannot be read too. UnknownArticle; Refused for one that is for agents alone, and
    for a beginning of several."""
    found = readable(desk)
    slugs = {each.article.slug: each.path for each in found.articles}
    slugs |= {_stem(each.path): each.path for each in found.unreadable if each.code != "stray"}
    wanted = as_slug(given)
    for name in (_stem(given), wanted):
        if name in slugs:
            return slugs[name]
    if found.left_out and any(
        each.article.slug == wanted for each in read_library(desk.root).articles
    ):
        raise Refused(
            f"the article {wanted} is for agents alone",
            "ask the help desk: `desk new` opens a ticket",
        )
    begun = [slug for slug in slugs if wanted and slug.startswith(wanted)]
    if len(begun) > 1:
        shown = ", ".join(begun[:8]) + (", ..." if len(begun) > 8 else "")
        raise Refused(f"`{visible(given)}` could be {shown}", "type more of it")
    if not begun:
        raise UnknownArticle(given, slugs)
    return slugs[begun[0]]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


class UnreadableArticle(Refused):
    """The file is there, and no article comes out of it."""

    def __init__(self, path: str, problems: Iterable[Diagnostic]) -> None:
        from shlex import quote

        problems = tuple(problems)
        hint = f"mend it with `desk kb edit {quote(_stem(path))}`, or see `desk kb lint`"
        if any(each.code == "link" for each in problems):  # no editor is let through it
            hint = "put the file itself in its place, or remove it"
        super().__init__(f"{path} cannot be read", hint, problems)


def article_named(desk: Desk, given: str) -> FiledArticle:
    """Return the article that somebody named; see `path_named`. UnreadableArticle."""
    path = path_named(desk, given)
    found = read_library(desk.root)
    for each in found.articles:
        if each.path == path:
            return each
    raise UnreadableArticle(path, [each for each in found.unreadable if each.path == path])


def told_article(desk: Desk, given: str) -> tuple[Told, bytes]:
    """Return the article that somebody named, with how many tickets it solved, and its file."""
    filed = article_named(desk, given)
    solved = solved_counts(desk).get(filed.article.slug, 0)
    return Told(filed.path, filed.article, solved), filed.data


def search_articles(
    desk: Desk, given: Sequence[str], limit: int = 0, width: int = SNIPPET_WIDTH
) -> Articles:
    """Return the articles that have all of these words, the best first; where there are none, those
    that have some, or words that begin so. UsageError where there are no words."""
    phrases = phrases_of(given)
    if not phrases:
        raise UsageError("there are no words to search for", "`desk kb list` shows every article")
    return articles_with(desk, phrases, limit, width)


def articles_with(
    desk: Desk,
    phrases: tuple[Phrase, ...],
    limit: int,
    width: int = SNIPPET_WIDTH,
    counts: bool = True,
) -> Articles:
    """Return the articles that have all of these phrases, or else some of the words: see
    `search_articles`. Without `counts` it is not looked up how many tickets each solved."""
    found = readable(desk)
    by_path = {each.path: each for each in found.articles}
    texts = {path: texts_of(each.article) for path, each in by_path.items()}
    paths = ranked(texts, all_of(phrases))
    is_exact = bool(paths)
    if not is_exact:
        wanted = dict.fromkeys(word for phrase in phrases for word in phrase.words)
        phrases = tuple(Phrase((word,), prefix=True) for word in wanted)[:_MOST_PHRASES]
        paths = ranked(texts, any_of(phrases))
    told = _told(desk, found, [by_path[path] for path in paths], limit, counts)
    shown = tuple(
        each._replace(passage=passage(each.article.text, phrases, width)) for each in told.shown
    )
    return told._replace(shown=shown, phrases=phrases, is_exact=is_exact)
