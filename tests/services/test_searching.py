"""Searching by words: what is found, in which order, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk.domain.instants import parse_instant
from desk.errors import UsageError
from desk.services.desk import Desk, open_desk
from desk.services.searching import Search, search, similar
from tests.conftest import NOW, Shell

LATER = parse_instant(NOW) + timedelta(days=1)


@pytest.fixture
def shell(make_desk: Callable[..., Shell]) -> Shell:
    desk = make_desk()
    desk("new", "Printer on the third floor jams", "-d", "The lower tray of the printer jams.")
    desk(
        "new", "Scanner is slow", "-d", "Since the printer was moved it is slow.", "-c", "hardware"
    )
    done = desk.id("new", "Jamón missing", "-d", "No ham in the kitchen.")
    desk("resolve", done, "-m", "It was in the tray.")
    return desk


def opened(shell: Shell) -> Desk:
    return open_desk(shell.folder, LATER)


def titles(found: Search) -> list[str]:
    return [hit.found.ticket.title.partition(" ")[0] for hit in found.hits]


@pytest.fixture(params=["index", "files"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "files":
        monkeypatch.setattr("desk.services.searching.ask", lambda *given: None)


@pytest.mark.usefixtures("way")
class TestSearch:
    def test_the_best_comes_first_and_done_tickets_count(self, shell: Shell) -> None:
        assert titles(search(opened(shell), "printer")) == ["Printer", "Scanner"]
        assert sorted(titles(search(opened(shell), "tray"))) == ["Jamón", "Printer"]
        assert titles(search(opened(shell), "jamon")) == ["Jamón"]

    def test_fields_and_negations_narrow_it(self, shell: Shell) -> None:
        assert titles(search(opened(shell), "printer category:hardware")) == ["Scanner"]
        assert titles(search(opened(shell), "tray is:done")) == ["Jamón"]
        assert titles(search(opened(shell), "printer -jams")) == ["Scanner"]

    def test_where_none_has_all_of_it_some_will_do(self, shell: Shell) -> None:
        found = search(opened(shell), "print kitchen")
        assert not found.is_exact
        assert sorted(titles(found)) == ["Jamón", "Printer", "Scanner"]
        assert titles(search(opened(shell), "print kitch is:done")) == ["Jamón"]
        assert search(opened(shell), "nowhere").total == 0

    def test_a_limit_shows_the_best_and_tells_how_many_there_are(self, shell: Shell) -> None:
        found = search(opened(shell), "printer", limit=1)
        assert (titles(found), found.total) == (["Printer"], 2)

    def test_the_passage_shows_where_the_words_stand(self, shell: Shell) -> None:
        (hit,) = search(opened(shell), '"lower tray"').hits
        (mark,) = hit.passage.marks
        assert hit.passage.text[slice(*mark)] == "lower tray"

    @pytest.mark.parametrize("query", ["", "is:open", "-printer", "assignee:ana sort:due"])
    def test_without_words_it_says_so(self, shell: Shell, query: str) -> None:
        with pytest.raises(UsageError, match="no words to search for"):
            search(opened(shell), query)

    @pytest.mark.parametrize(
        "query", ["NEAR", '"a OR b"', "xyzzyq*", "rowid", '"^jam + -"', "title:col"]
    )
    def test_words_that_mean_something_to_sqlite_are_words(self, shell: Shell, query: str) -> None:
        found = search(opened(shell), query)
        assert found.total == 0 or not found.is_exact

    def test_what_was_said_after_now_does_not_count(self, shell: Shell) -> None:
        first = search(opened(shell), "printer").hits[0].found.ticket.id
        shell("note", first, "-m", "The hallway is dark.", now="2026-12-24T10:00:00Z")
        assert titles(search(opened(shell), "printer")) == ["Printer", "Scanner"]


@pytest.mark.usefixtures("way")
def test_similar_tickets_share_telling_words(shell: Shell) -> None:
    same = shell.id("new", "Another printer jams", "-d", "In the lower tray, too.")
    desk = opened(shell)
    (best, *_) = similar(desk, desk.store.find(same).ticket, 3)
    assert best.ticket.title == "Printer on the third floor jams"
    lonely = shell.id("new", "Quite unlike xyzzy")
    assert similar(desk, desk.store.find(lonely).ticket, 3) == ()
