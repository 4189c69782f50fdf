"""Exporting: everything, or what a query finds, with the files that could not be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.instants import parse_instant
from desk.domain.query import QueryError
from desk.services.desk import Desk, open_desk
from desk.services.exporting import export
from tests.conftest import NOW, Shell


def opened(shell: Shell) -> Desk:
    return open_desk(shell.folder, parse_instant(NOW), is_dated=True)


def test_everything_is_exported_done_or_not(desk: Shell) -> None:
    first = desk.id("new", "Printer jams", "--tag", "red")
    second = desk.id("new", "No network")
    desk("close", second)
    found = export(opened(desk))
    told = list(found.tickets)
    assert {each.ticket.id for each in told} == {first, second}
    assert [each.path for each in told] == sorted(each.path for each in told)
    closed = next(each for each in told if each.ticket.id == second)
    assert closed.facts.closed_at is not None
    assert found.unreadable == ()


def test_a_query_selects(desk: Shell) -> None:
    red = desk.id("new", "Printer jams", "--tag", "red")
    desk("close", red)
    desk.id("new", "No network")
    assert [each.ticket.id for each in export(opened(desk), "tag:red").tickets] == [red]
    with pytest.raises(QueryError):
        export(opened(desk), "tagg:red")


@pytest.mark.parametrize("query", ["", "is:open"])
def test_what_cannot_be_read_is_told(desk: Shell, query: str) -> None:
    kept, lost = desk.id("new", "Printer jams"), desk.id("new", "No network")
    desk.file_of(lost).write_text("no front matter\n")
    found = export(opened(desk), query)
    assert [each.ticket.id for each in found.tickets] == [kept]
    assert [problem.line for problem in found.unreadable] == [1]


def test_as_it_was_then(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", now="2026-11-20T08:00:00Z")
    desk.id("new", "Later", now="2026-11-21T08:00:00Z")
    desk("close", ticket_id, now="2026-11-22T08:00:00Z")
    then = replace(opened(desk), now=parse_instant("2026-11-20T09:00:00Z"), is_past=True)
    (told,) = export(then).tickets
    assert (told.ticket.status, told.facts.closed_at) == ("new", None)
