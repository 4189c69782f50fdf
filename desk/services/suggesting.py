"""Which articles are like a request, and may answer it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from desk.domain.kb import Article
from desk.domain.likeness import Likeness, likeness, stems, telling_words
from desk.domain.ticket import Ticket
from desk.services.articles import Told, readable, texts_of
from desk.services.desk import Desk
from desk.services.solved import solved_counts
from desk.storage.full_text import Phrase, any_of, ranked


class Suggestion(NamedTuple):
    """An article that may answer a request, and how it is like it."""

    path: str
    article: Article
    likeness: Likeness


def suggest(
    desk: Desk, title: str, text: str, category: str = "", tags: Sequence[str] = (), limit: int = 5
) -> list[Suggestion]:
    """Return the articles most like a request, the best first; see `Likeness.is_there`. Tags count
    as words of the title; of a category its last part counts as a word."""
    title = " ".join((title, *tags))
    text = f"{_last_part(category)}\n{text}"
    by_path = {each.path: each for each in readable(desk).articles}
    texts = {path: texts_of(each.article) for path, each in by_path.items()}
    known = {path: _stems_of(each.article) for path, each in by_path.items()}
    telling = telling_words(title, text, known.values())
    match = any_of(Phrase((word,), prefix=len(word) > 3) for word in telling)
    found = (
        Suggestion(
            path, by_path[path].article, likeness(telling, title, texts[path][0], known[path])
        )
        for path in ranked(texts, match)
    )
    alike = [each for each in found if each.likeness.is_there]
    alike.sort(key=lambda each: not each.likeness.is_strong)
    return alike[: limit or None]


def _stems_of(article: Article) -> frozenset[str]:
    told = (article.title, *article.tags, _last_part(article.category), article.text)
    return frozenset(stems("\n".join(told)))


def _last_part(category: str) -> str:
    return category.rpartition("/")[2]


def suggest_for(desk: Desk, given: str, limit: int) -> tuple[Ticket, list[Told]]:
    """Return a ticket, and the articles most like what its requester says; not those that it names
    already."""
    ticket = desk.store.find(given).ticket
    said = [ticket.description, *(entry.text for entry in ticket.log if entry.verb == "wrote")]
    found = suggest(
        desk, ticket.title, "\n".join(said), ticket.text("category"), ticket.items("tags"), 0
    )
    linked = ticket.items("kb")
    new = [each for each in found if each.article.slug not in linked][: limit or None]
    solved = solved_counts(desk) if new else {}
    return ticket, [Told(each.path, each.article, solved.get(each.article.slug, 0)) for each in new]


def likely_answers(
    desk: Desk, title: str, text: str, category: str = "", tags: Sequence[str] = (), limit: int = 3
) -> list[Suggestion]:
    """Return articles that so likely answer a request that whoever makes it should see them first;
    mostly none."""
    found = suggest(desk, title, text, category, tags, limit)
    return [each for each in found if each.likeness.is_strong]
