"""`desk team`, `desk today` and the reports count alike: the same tickets, the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.ids import path_of
from desk.domain.replay import as_of
from desk.domain.ticket import Ticket
from desk.services.day import team_load, today
from desk.services.desk import Desk
from desk.services.report_values import Report
from desk.services.reports import Wish, report
from desk.storage.config_file import load_settings
from desk.storage.ticket_file import format_ticket
from desk.storage.ticket_store import Filed, Shelf
from tests.builders import SLOWER
from tests.services.made_tickets import CLOCK, tickets

SETTINGS, _ = load_settings((Path(__file__).parents[2] / "config.yaml").read_bytes())
assert SETTINGS is not None
DESK = Desk(Path("/nowhere"), SETTINGS, CLOCK, is_past=True, user="ana")

some_tickets = st.lists(tickets(), min_size=1, max_size=8, unique_by=lambda each: each.id)


def standing_there(patch: pytest.MonkeyPatch, made: list[Ticket]) -> None:
    """Let these be the tickets of the help desk."""
    files = [(path_of(each.id), format_ticket(each)) for each in made]
    then = [(as_of(each, CLOCK), each) for each in made]
    shelf = Shelf(
        tuple(
            Filed(path_of(each.id), ticket, format_ticket(each))
            for ticket, each in then
            if ticket is not None
        ),
        (),
    )
    patch.setattr("desk.services.past_rows._batches", lambda desk: [(files, [])])
    patch.setattr("desk.services.reading.read_all", lambda desk: shelf)


def figures(found: Report, by: str, metric: str) -> dict[str, int]:
    """What a report has of each value, where that is anything."""
    return {
        group.key[by]: int(amount) for group in found.groups if (amount := group.metrics[metric])
    }


@SLOWER
@given(some_tickets)
def test_the_team_has_what_the_reports_say(made: list[Ticket]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        standing_there(patch, made)
        load = team_load(DESK)
        by_person = report(DESK, Wish("backlog", by="assignee"))
        by_team = report(DESK, Wish("backlog", by="team"))
        agents = report(DESK, Wish("agents"))
    people = [each for each in load.people if each.total]
    for found in (by_person, agents):
        held = {who: count for who, count in figures(found, "assignee", "backlog").items() if who}
        late = {who: count for who, count in figures(found, "assignee", "breached").items() if who}
        assert held == {each.who: each.total for each in people}
        assert late == {each.who: each.late for each in people if each.late}
    queues = {each.who: each.total for each in load.queues if each.total}
    unassigned = figures(by_team, "team", "unassigned")
    assert queues == {team or "no team": count for team, count in unassigned.items()}
    everybody = [*load.people, *load.queues]
    assert by_person.totals["backlog"] == sum(each.total for each in everybody)
    assert by_person.totals["breached"] == sum(each.late for each in everybody)
    assert by_person.totals["unassigned"] == sum(queues.values())


@SLOWER
@given(some_tickets)
def test_a_day_has_what_the_reports_say(made: list[Ticket]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        standing_there(patch, made)
        groups = dict(today(DESK).groups)
        mine = report(DESK, Wish("backlog", "assignee:@me")).totals["backlog"]
        teams = ",".join(DESK.settings.people["ana"].teams)
        queued = report(DESK, Wish("backlog", f"no:assignee team:{teams}")).totals
    to_take = len(groups.pop("To take", ()))
    assert sum(map(len, groups.values())) == mine
    assert to_take == queued["backlog"] == queued["unassigned"]
