"""What the knowledge base does for tickets: which articles they use, and what none answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from desk.domain.kb import Article
from desk.domain.likeness import stem, tells
from desk.domain.query.tree import Exact, Query, Term
from desk.domain.query.writing import to_text
from desk.domain.report.behind import joined, tickets_behind
from desk.domain.report.metrics_of_topics import LEAST_TICKETS, MOST_WORDS, STALE_DAYS
from desk.domain.report.periods import Period, query_range
from desk.domain.report.tally import Tally
from desk.domain.words import words
from desk.errors import Refused
from desk.services.articles import is_stale, readable, texts_of
from desk.services.desk import Desk
from desk.services.indexing import one_look
from desk.services.report_apart import Apart, ApartRow, span_of_all, spans_of, tally_of
from desk.services.report_making import Plan
from desk.services.report_rows import with_values
from desk.services.solved import SOLVED, named_in

_OF_ARTICLE = ("kb_linked", "kb_solved", "kb_unused", "kb_stale", "kb_review_age_seconds")
_OF_WORD = ("kb_unanswered",)


class _Use:
    """What a period's tickets have to do with articles: those that were created and name some
    (`linked`), and those that were solved by some; each by the slugs that it names."""

    def __init__(self, linked: Sequence[set[str]], solved: Sequence[set[str]]) -> None:
        self.linked, self.solved = linked, solved
        self._linked = Counter(slug for slugs in linked for slug in slugs)
        self._solved = Counter(slug for slugs in solved for slug in slugs)

    def of_one(self, desk: Desk, article: Article) -> Tally:
        """Return what is counted of an article."""
        slug = article.slug
        return _tally(desk, [article], self._linked, self._linked[slug], self._solved[slug])

    def of_all(self, desk: Desk, articles: Sequence[Article]) -> Tally:
        """Return what is counted of all articles together."""
        slugs = {article.slug for article in articles}
        linked, solved = (
            sum(not slugs.isdisjoint(each) for each in tickets)
            for tickets in (self.linked, self.solved)
        )
        return _tally(desk, articles, self._linked, linked, solved)


def _tally(
    desk: Desk, articles: Sequence[Article], used: Container[str], linked: int, solved: int
) -> Tally:
    made = tally_of(
        kb_articles=len(articles),
        kb_linked=linked,
        kb_solved=solved,
        kb_unused=sum(article.slug not in used for article in articles),
        kb_stale=sum(is_stale(desk, article, STALE_DAYS) for article in articles),
    )
    for article in articles:
        if article.reviewed:
            day = datetime.combine(article.reviewed, time(), desk.settings.zone)
            age = max(int((desk.now - day).total_seconds()), 0)
            made.amounts["kb_review_age_seconds"].append(age)
    return made


class _Words(NamedTuple):
    """The words of titles that no article has: how many tickets have each, by its stem, and how it
    was written; and how many tickets have any of those that are told."""

    counts: Counter[str]
    written: dict[str, set[str]]
    titles: Counter[frozenset[str]]

    def told(self) -> list[str]:
        """Return those that are told, the most frequent first."""
        found = [word for word, count in self.counts.items() if count >= LEAST_TICKETS]
        return sorted(found, key=lambda word: (-self.counts[word], word))[:MOST_WORDS]

    def count_with(self, some: Iterable[str]) -> int:
        """Return how many tickets have any of these words."""
        wanted = frozenset(some)
        return sum(count for found, count in self.titles.items() if not wanted.isdisjoint(found))


def knows_articles(desk: Desk) -> bool:
    """Tell whether the articles of the instant that is asked about are known: they have no log."""
    return not desk.is_past or bool(desk.commit)


def knowledge(plan: Plan) -> Apart:
    """Return the rows of `kb`: one for each article, then one for each word that none answers.
    Refused at an earlier instant, unless a commit has the articles of then."""
    desk = plan.desk
    if not knows_articles(desk):
        raise Refused(
            "the knowledge base is read as it is now",
            "leave --as-of out, or take the articles of a commit with --at",
        )
    library = readable(desk)
    articles = sorted((each.article for each in library.articles), key=lambda each: each.slug)
    answered = {stem(word) for each in articles for word in words("\n".join(texts_of(each)))}
    with one_look(desk):
        now, *others = _words(plan, answered)
        use = _use(plan, plan.period)
        before = _use(plan, plan.compared) if plan.compared else None
    then = others[0] if others else None
    rows = [
        ApartRow(
            {"article": article.slug},
            use.of_one(desk, article),
            before.of_one(desk, article) if before else None,
            joined(_term("kb", [article.slug]), _created(desk, plan.period)),
            _OF_ARTICLE,
        )
        for article in articles
    ]
    rows.sort(key=lambda row: (-row.now.total("kb_linked"), -row.now.total("kb_solved")))
    told = now.told()
    for word in told:
        title = _term("title", sorted(now.written[word]))
        rows.append(
            ApartRow(
                {"word": min(now.written[word], key=lambda each: (len(each), each))},
                tally_of(kb_unanswered=now.counts[word]),
                tally_of(kb_unanswered=then.counts[word]) if then else None,
                joined(title, _created(desk, plan.period)),
                _OF_WORD,
            )
        )
    total = use.of_all(desk, articles)
    total.amounts["kb_unanswered"].append(now.count_with(told))
    in_all = before.of_all(desk, articles) if before else None
    if in_all and then:
        in_all.amounts["kb_unanswered"].append(then.count_with(told))
    return Apart(("article", "word"), rows, total, in_all, not rows, library.unreadable)


def _created(desk: Desk, period: Period) -> str:
    return tickets_behind("created", period, desk.settings.zone)


def _term(field: str, values: Sequence[str]) -> str:
    return to_text(Query(where=Term(field, tuple(map(Exact, values)))))


def _use(plan: Plan, period: Period) -> _Use:
    desk = plan.desk
    resolved = joined(SOLVED, query_range("resolved", period, desk.settings.zone))
    linked = joined("has:kb", _created(desk, period))
    return _Use(
        named_in(desk, joined(plan.query_text, linked)),
        named_in(desk, joined(plan.query_text, resolved)),
    )


def _words(plan: Plan, answered: set[str]) -> list[_Words]:
    """Return the words that no article has: of the period, and of the one compared with."""
    spans = spans_of(plan)

    def count(rows: Iterator[tuple[Any, ...]]) -> list[Counter[str]]:
        titles: list[Counter[str]] = [Counter() for _ in spans]
        for created, title in rows:
            for (start, end), counter in zip(spans, titles, strict=True):
                if start <= created < end:
                    counter[title or ""] += 1
        return titles

    columns = ("created", "t_title")
    titles, _ = with_values(plan.desk, plan.query_text, columns, span_of_all(spans), count)
    return [_words_of(counter, answered) for counter in titles]


def _words_of(titles: Counter[str], answered: set[str]) -> _Words:
    found = _Words(Counter(), {}, Counter())
    stems: dict[str, str] = {}
    for title, count in titles.items():
        missing = set()
        for word in title.split():
            if word not in stems:
                its = stem(word)
                stems[word] = its if tells(word) and its not in answered else ""
                if stems[word]:
                    found.written.setdefault(its, set()).add(word)
            if stems[word]:
                missing.add(stems[word])
        for each in missing:
            found.counts[each] += count
        if missing:
            found.titles[frozenset(missing)] += count
    return found
