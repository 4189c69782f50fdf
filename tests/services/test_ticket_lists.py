"""The tickets behind many figures: what `desk list` would show, from one look at the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk.services.desk import Desk, open_desk
from desk.services.indexing import one_look
from desk.services.reading import find
from desk.services.ticket_lists import MOST_ROWS, rows_of_each, ticket_list, ticket_lists
from tests.conftest import NOW, Shell

QUERIES = ("is:open", "is:unassigned", "created:2026-11-22 has:status", "printer", "has:resolved")


@pytest.fixture
def opened(desk: Shell) -> Desk:
    tickets = [desk.id("new", f"Printer {number} jams", "-p", "P2") for number in range(4)]
    desk("take", tickets[0])
    desk("resolve", tickets[0], "-m", "Done.")
    # An hour later: of what happens in this very second the index cannot tell.
    return open_desk(desk.folder, datetime.fromisoformat(NOW) + timedelta(hours=1))


def test_each_list_is_what_a_list_shows(opened: Desk) -> None:
    found = ticket_lists(opened, [*QUERIES, QUERIES[0]])
    assert [*found] == [*QUERIES]
    for query, each in found.items():
        shown = find(opened, query)
        assert each.total == shown.total
        assert [ticket.path for ticket in each.tickets] == [ticket.path for ticket in shown.shown]
    assert found["is:open"].total == 3


def test_the_past_has_lists_too(desk: Shell, opened: Desk) -> None:
    now, then = (
        {
            query: (each.total, [ticket.path for ticket in each.tickets])
            for query, each in ticket_lists(which, QUERIES).items()
        }
        for which in (opened, replace(opened, is_past=True))
    )
    assert now == then
    before = replace(opened, is_past=True, now=datetime(2026, 11, 21, tzinfo=UTC))
    assert [each.total for each in ticket_lists(before, QUERIES).values()] == [0] * len(QUERIES)


def test_a_list_that_is_cut_off_knows_how_many_there_are(opened: Desk) -> None:
    for desk in (opened, replace(opened, is_past=True)):
        whole, cut = ticket_list(desk, "is:open", 3), ticket_list(desk, "is:open", 2)
        assert cut == whole._replace(tickets=whole.tickets[:2])
        assert (len(cut.tickets), cut.total) == (2, 3)


def test_many_lists_are_shorter() -> None:
    assert rows_of_each(1) == 25
    assert all(rows_of_each(count) * count <= MOST_ROWS for count in range(1, MOST_ROWS))


def test_what_changes_meanwhile_is_seen_by_the_next_look(desk: Shell, opened: Desk) -> None:
    with one_look(opened):
        first = ticket_lists(opened, ["is:open"])["is:open"].total
        desk("new", "One more")
        assert ticket_lists(opened, ["is:open"])["is:open"].total == first
    assert ticket_lists(opened, ["is:open"])["is:open"].total == first + 1


def test_many_tickets_are_looked_at_by_all_processors(
    opened: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = ticket_lists(opened, QUERIES)
    monkeypatch.setattr("desk.services.side_by_side.MANY", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert ticket_lists(opened, QUERIES) == alone
