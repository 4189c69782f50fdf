"""Tickets by their words, the best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from desk.domain.passages import Passage, passage
from desk.domain.query.wording import has_only_words, without_words, words_asked
from desk.domain.ticket import Ticket
from desk.domain.words import words
from desk.errors import Diagnostic, UsageError
from desk.services.answering import ask
from desk.services.articles import SNIPPET_WIDTH, Told, articles_with
from desk.services.desk import Desk
from desk.services.reading import Found, Question, asked, found, matching, read_all
from desk.services.records import text_of
from desk.storage.full_text import Phrase, any_of, ranked
from desk.storage.index import Index

MOST_ARTICLES = 3
_MOST_PHRASES = 50
_SHORTEST = 3


class Hit(NamedTuple):
    """A ticket that a search found, and where in its texts the words stand."""

    found: Found
    passage: Passage


class Search(NamedTuple):
    """What a search found, the best first: so many hits as were wanted, how many there are, what
    could not be read, the phrases, and whether each hit has all that was asked for. `articles`
    are a few of the knowledge base, where nothing but words was asked for (`has_only_words`)."""

    hits: tuple[Hit, ...]
    total: int
    unreadable: tuple[Diagnostic, ...]
    phrases: tuple[Phrase, ...]
    is_exact: bool = True
    articles: tuple[Told, ...] = ()
    has_only_words: bool = True


def search(desk: Desk, query_text: str, limit: int = 0, width: int = SNIPPET_WIDTH) -> Search:
    """Search all tickets, open and done, for the words of a query; return at most `limit` (0: all).
    Where there are only words, the knowledge base is searched too.

    Where none fulfils the query, those are found that have some of the words, or words that begin
    so, and fulfil the rest of it. UsageError for a query without words; QueryError.
    """
    question = asked(desk, query_text, live_by_default=False)
    names = desk.settings.query_names
    wanted = words_asked(question.query, names)
    if not wanted:
        raise UsageError(
            "there are no words to search for",
            "`desk list` finds tickets by their fields" if query_text.strip() else "give some",
        )
    phrases = tuple(Phrase.of(each.phrase, each.prefix) for each in wanted)[:_MOST_PHRASES]
    found = _search(desk, question, phrases, limit, width)
    if not found.total:
        rest = question._replace(query=without_words(question.query, names))
        found = _search(desk, rest, _loose(phrases), limit, width)._replace(is_exact=False)
    if not has_only_words(question.query, names):
        return found._replace(has_only_words=False)
    articles = articles_with(desk, phrases, MOST_ARTICLES, width, counts=False)
    is_wanted = articles.is_exact or not found.is_exact
    unreadable = (*found.unreadable, *articles.unreadable)
    return found._replace(articles=articles.shown if is_wanted else (), unreadable=unreadable)


def _loose(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return the words of phrases, each as the beginning of one; the shortest mean nothing so,
    where there are others."""
    told = list(dict.fromkeys(chain.from_iterable(each.words for each in phrases)))
    longer = [word for word in told if len(word) >= _SHORTEST]
    return tuple(Phrase((word,), prefix=True) for word in (longer or told)[:_MOST_PHRASES])


def _search(
    desk: Desk, question: Question, phrases: Sequence[Phrase], limit: int, width: int
) -> Search:
    match = any_of(phrases)
    answer = ask(desk, question, limit, lambda index: match)
    if answer is None:
        shelf = read_all(desk)
        candidates, unreadable = matching(desk, shelf.tickets, question), shelf.unreadable
        shown = _ranked(candidates, match)
        total = len(shown)
    else:
        unreadable = answer.unreadable
        shown = [found(desk, filed, with_text=False, with_sla=False) for filed in answer.tickets]
        ahead = _ranked(matching(desk, answer.ahead, question), match)
        total = answer.total + len(ahead)
        if ahead:
            shown = _ranked([*shown, *ahead], match)
    hits = (Hit(each, _passage(each.ticket, phrases, width)) for each in shown[: limit or None])
    return Search(tuple(hits), total, unreadable, tuple(phrases))


def _ranked(candidates: Iterable[Found], match: str) -> list[Found]:
    by_path = {each.path: each for each in candidates}
    texts = {path: (each.ticket.title, text_of(each.ticket)) for path, each in by_path.items()}
    return [by_path[path] for path in ranked(texts, match)]


def _passage(ticket: Ticket, phrases: Sequence[Phrase], width: int) -> Passage:
    said = "\n".join(entry.text for entry in ticket.log if entry.text)
    return passage(said, phrases, width)


_MOST_TELLING = 12
_COMMON = 0.2
_MOST_READ = 400


def similar(desk: Desk, ticket: Ticket, limit: int) -> tuple[Found, ...]:
    """Return the tickets most like one, open or done, the best first: those that have two or more
    of its most telling words, which are the rarest of its title and description that others have
    too."""
    told = tuple(dict.fromkeys(words(f"{ticket.title}\n{ticket.description}")[:_MOST_READ]))
    question = asked(desk, "", live_by_default=False)
    chosen: list[str] = []

    def match_of(index: Index) -> str:
        chosen.extend(_telling(index.word_counts(told), index.count_all()))
        return any_of(Phrase((word,)) for word in chosen)

    answer = ask(desk, question, _MOST_TELLING + limit, match_of)
    if answer is None:
        everything = list(matching(desk, read_all(desk).tickets, question))
        in_texts = (set(words(text_of(each.ticket))).intersection(told) for each in everything)
        chosen = _telling(Counter(chain.from_iterable(in_texts)), len(everything))
        candidates = _ranked(everything, any_of(Phrase((word,)) for word in chosen))
    else:
        tickets = (*answer.tickets, *answer.ahead)
        candidates = [found(desk, filed, with_text=False) for filed in tickets]
        if answer.ahead:
            candidates = _ranked(candidates, any_of(Phrase((word,)) for word in chosen))
    alike = (
        each
        for each in candidates
        if each.ticket.id != ticket.id and _shared(each.ticket, chosen) >= min(2, len(chosen))
    )
    return tuple(islice(alike, limit))


def _telling(counts: Mapping[str, int], total: int) -> list[str]:
    """Return the rarest of the words that more than one of `total` tickets has, by how many."""
    common = max(3, int(_COMMON * total))
    known = sorted((count, word) for word, count in counts.items() if 1 < count <= common)
    return [word for _, word in known[:_MOST_TELLING]]


def _shared(ticket: Ticket, telling: Sequence[str]) -> int:
    return len(set(telling) & set(words(text_of(ticket))))
