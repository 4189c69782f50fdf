"""The figures of a ticket, derived from its log alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.facts import Facts, facts
from desk.domain.fields import DONE, STATUSES
from desk.domain.milestones import milestones
from tests.builders import SLOWER, START, a_ticket, an_entry, minutes

NOTHING: dict[str, Any] = {
    "first_response_at": None,
    "owned_at": None,
    "resolved_at": None,
    "closed_at": None,
    "replies": 0,
    "reopens": 0,
    "escalations": 0,
    "handovers": 0,
    "worked_minutes": 0,
    "rating": None,
}


def figures(*words: str, status: str = "new") -> dict[str, object]:
    """Return the figures that differ from those of a ticket that nothing has happened to; the
    entries follow one another, a minute apart."""
    found = facts(a_ticket(status, words))
    assert found.updated == minutes(len(words))
    return {
        name: found_one for name in NOTHING if (found_one := getattr(found, name)) != NOTHING[name]
    }


def test_of_a_new_ticket_there_is_only_its_beginning() -> None:
    beginning = ((START, "new", False),)
    assert facts(a_ticket("new")) == Facts(updated=START, **NOTHING, steps=beginning)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ana noted"], {}),
        (["ana replied"], {"first_response_at": minutes(1), "replies": 1}),
        (
            ["ana noted", "ana replied", "ana replied"],
            {"first_response_at": minutes(2), "replies": 2},
        ),
        (["desk replied"], {"replies": 1}),
        (["desk replied", "ana replied"], {"first_response_at": minutes(2), "replies": 2}),
        (["maria@x.example wrote"], {}),
        (["ana changed status=waiting"], {}),
    ],
)
def test_the_first_response(words: list[str], expected: dict[str, object]) -> None:
    assert figures(*words) == expected


@pytest.mark.parametrize(
    ("words", "owned", "handovers"),
    [
        (["ana changed assignee=ana"], minutes(1), 0),
        (["desk changed assignee=ana"], minutes(1), 0),
        (["ana changed team=support"], None, 0),
        (["ana changed assignee="], None, 0),
        (["ana changed assignee=ana", "ana changed assignee=ana"], minutes(1), 0),
        (["ana changed assignee=ana", "ana changed assignee=luis"], minutes(1), 1),
        (["ana noted", "ana replied assignee=ana", "ana escalated assignee=luis"], minutes(2), 1),
        (
            ["ana changed assignee=ana", "ana changed assignee=", "eva changed assignee=luis"],
            minutes(1),
            0,
        ),
        (
            [f"eva changed assignee={who}" for who in ("ana", "luis", "ana", "eva")],
            minutes(1),
            3,
        ),
        (["ana changed assignee=ana", "ana changed assignee=luis assignee=eva"], minutes(1), 1),
        (["ana changed assignee=ana", "ana changed assignee=luis assignee=ana"], minutes(1), 0),
    ],
)
def test_who_owned_it_and_how_often_it_changed_hands(
    words: list[str], owned: datetime | None, handovers: int
) -> None:
    found = facts(a_ticket("new", words))
    assert (found.owned_at, found.handovers) == (owned, handovers)


def spans(*statuses: str) -> tuple[datetime | None, datetime | None, int]:
    found = facts(a_ticket("new", [f"ana changed status={status}" for status in statuses]))
    return found.resolved_at, found.closed_at, found.reopens


@pytest.mark.parametrize(
    ("statuses", "resolved", "closed", "reopens"),
    [
        (("open", "hold"), None, None, 0),
        (("resolved",), 1, None, 0),
        (("closed",), 1, 1, 0),
        (("resolved", "closed"), 1, 2, 0),
        (("resolved", "resolved"), 1, None, 0),
        (("closed", "resolved"), 1, None, 0),
        (("resolved", "open"), None, None, 1),
        (("resolved", "waiting"), None, None, 1),
        (("closed", "open", "resolved", "closed"), 3, 4, 1),
        (("closed", "open", "closed", "new"), None, None, 2),
    ],
)
def test_the_present_span_of_done(
    statuses: tuple[str, ...], resolved: int | None, closed: int | None, reopens: int
) -> None:
    at = [None if minute is None else minutes(minute) for minute in (resolved, closed)]
    assert spans(*statuses) == (*at, reopens)


def test_an_end_answers_and_owns() -> None:
    assert figures("desk changed status=resolved") == {
        "first_response_at": minutes(1),
        "owned_at": minutes(1),
        "resolved_at": minutes(1),
    }


def test_what_came_before_the_end_stays_first() -> None:
    found = figures("ana replied", "ana changed assignee=ana", "ana changed status=closed")
    assert found == {
        "first_response_at": minutes(1),
        "owned_at": minutes(2),
        "resolved_at": minutes(3),
        "closed_at": minutes(3),
        "replies": 1,
    }


def test_a_ticket_that_was_done_when_it_was_opened() -> None:
    assert figures(status="closed") == dict.fromkeys(
        ("first_response_at", "owned_at", "resolved_at", "closed_at"), START
    )


def test_an_escalation_is_an_entry_that_says_so() -> None:
    words = (
        "ana escalated level=L2",
        "ana changed level=L3",
        "ana changed level=L1",
        "ana escalated",
    )
    assert figures(*words) == {"escalations": 2}


def test_work_adds_up_and_can_be_taken_back() -> None:
    words = ["ana worked minutes=15", "luis worked minutes=30", "ana worked minutes=-15"]
    assert figures(*words) == {"worked_minutes": 30}


def test_only_work_that_can_be_read_counts() -> None:
    words = [
        "ana worked minutes=long",
        "ana worked",
        "ana noted minutes=15",
        "ana worked priority=4",
    ]
    assert figures(*words) == {}


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        (["maria@x.example rated score=5"], 5),
        (["maria@x.example rated score=5", "maria@x.example rated score=2"], 2),
        (["maria@x.example rated score=5", "maria@x.example rated score="], None),
        (["maria@x.example noted score=5"], None),
        (["ana worked minutes=15 priority=4"], None),
        (["maria@x.example rated score=5 priority=4"], 5),
    ],
)
def test_the_last_score_is_the_rating(words: list[str], rating: int | None) -> None:
    assert facts(a_ticket("new", words)).rating == rating


signers = st.sampled_from(("ana", "luis", "desk", "maria@x.example"))
some_verbs = st.sampled_from(("changed", "replied", "wrote", "noted", "escalated"))
parts = st.sampled_from(
    ("", *(f" status={each}" for each in STATUSES), " assignee=ana", " assignee=luis", " assignee=")
)
happenings = st.builds("{} {}{}".format, signers, some_verbs, parts)


@SLOWER
@given(st.sampled_from(STATUSES), st.lists(happenings, max_size=10))
def test_figures_and_clocks_see_the_same_instants(status: str, words: list[str]) -> None:
    ticket = a_ticket(status, words)
    found, told = facts(ticket), milestones(ticket.log)
    assert told is not None
    at = [None if place is None else told.instants[place] for place in told[2:5]]
    assert [found.first_response_at, found.owned_at, found.resolved_at] == at


@SLOWER
@given(st.lists(happenings, max_size=10), st.integers(0, 10))
def test_nothing_happens_before_it_is_opened(words: list[str], place: int) -> None:
    log = [an_entry(each, minute) for minute, each in enumerate(words)]
    log.insert(place, an_entry("ana opened status=open assignee=ana", min(place, len(words))))
    ticket = replace(a_ticket(), log=tuple(log))
    begun = replace(ticket, log=ticket.log[min(place, len(words)) :])
    found, told = facts(ticket), milestones(ticket.log)
    assert found == facts(begun)
    assert told is not None
    at = [None if place is None else told.instants[place] for place in told[2:5]]
    assert [found.first_response_at, found.owned_at, found.resolved_at] == at


@SLOWER
@given(st.lists(happenings, max_size=10))
def test_counts_never_fall(words: list[str]) -> None:
    before = facts(a_ticket("new", words[:-1]))
    after = facts(a_ticket("new", words))
    for name in ("replies", "reopens", "escalations", "handovers"):
        assert getattr(after, name) - getattr(before, name) in (0, 1)
    if after.first_response_at and before.first_response_at:
        assert after.first_response_at == before.first_response_at
    assert (after.resolved_at is not None) == (a_ticket("new", words).status in DONE)


def test_a_status_that_is_cleared_is_new() -> None:
    ticket = a_ticket("closed").with_entry(an_entry("ana changed status=", 1))
    assert (facts(ticket).reopens, facts(ticket).resolved_at) == (1, None)


def test_the_steps_tell_when_the_status_changed_or_who_had_it_was_somebody() -> None:
    words = (
        *("ana changed status=open assignee=ana", "ana noted", "ana changed assignee=luis"),
        *("luis changed assignee=", "desk replied", "luis replied status=resolved"),
    )
    found = facts(a_ticket("new", words))
    assert found.answers == 1
    assert found.steps == (
        (START, "new", False),
        (minutes(1), "open", True),
        (minutes(4), "open", False),
        (minutes(6), "resolved", False),
    )
