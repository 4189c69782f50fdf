"""Which ticket comes first, and for which of the reasons."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.ticket import Value
from desk.domain.unanswered import unanswered
from desk.services.desk import Desk
from desk.services.reading import Found, found
from desk.services.urgency import REASONS, by_urgency, choice_of, deciding
from desk.storage.config_file import load_settings
from desk.storage.ticket_store import Filed
from tests.builders import ID, PATH, QUICK, START, a_ticket
from tests.cli.conftest import LEVELS
from tests.conftest import CONFIG, Shell

SETTINGS = load_settings((CONFIG + LEVELS).encode(), "config.yaml")[0]
OTHER = "HD-2611-7K3QG"
MARIA = "Maria López <maria.lopez@acme.example>"


def a_found(
    minutes: float = 10, status: str = "open", entries: tuple[str, ...] = (), **fields: Value
) -> Found:
    """Return a ticket as it stands so many minutes after it was opened."""
    assert SETTINGS is not None
    desk = Desk(Path("nowhere"), SETTINGS, START + timedelta(minutes=minutes))
    ticket = a_ticket(status, entries, "It jams.", **{"id": ID, **fields})
    return found(desk, Filed(PATH, ticket, b""))


ANSWERED = ("ana replied",)
PAIRS = [
    ("whose", a_found(assignee="ana", priority="P4"), a_found(id=OTHER, priority="P1")),
    ("late", a_found(20, priority="P1"), a_found(20, priority="P2")),
    ("late", a_found(600, priority="P1"), a_found(600, priority="P4")),
    ("due", a_found(priority="P2"), a_found(priority="P3")),
    ("due", a_found(priority="P4"), a_found(status="waiting", entries=ANSWERED, priority="P2")),
    (
        "priority",
        a_found(status="hold", entries=ANSWERED, priority="P2"),
        a_found(status="hold", entries=ANSWERED, priority="P3"),
    ),
    (
        "waiting",
        a_found(status="hold", entries=("ana replied", "maria.lopez@acme.example wrote")),
        a_found(status="hold", entries=ANSWERED),
    ),
    (
        "age",
        a_found(status="hold", entries=ANSWERED),
        a_found(status="hold", entries=ANSWERED, created="2026-11-22T09:34:36Z"),
    ),
    ("id", a_found(), a_found(id=OTHER)),
]


@pytest.mark.parametrize(
    ("name", "first", "second"), PAIRS, ids=[f"{n}-{row[0]}" for n, row in enumerate(PAIRS)]
)
def test_what_decides(name: str, first: Found, second: Found) -> None:
    choice = choice_of([second, first])
    assert choice is not None and choice.reason is not None
    assert (choice.first, choice.second, choice.reason.name) == (first, second, name)


def test_what_is_late_goes_by_priority_and_not_by_how_late_it_is() -> None:
    old, young = (
        a_found(5_000, priority="P4", created="2026-11-01T00:00:00Z"),
        a_found(20, priority="P1"),
    )
    assert by_urgency([old, young]) == (young, old)


@QUICK
@given(st.permutations([each for _, *pair in PAIRS for each in pair]))
def test_the_reason_given_agrees_with_the_order(group: list[Found]) -> None:
    ordered = by_urgency(group)
    for first, second in pairwise(ordered):
        if any(reason.rank(first) != reason.rank(second) for reason in REASONS):
            reason = deciding(first, second)
            assert reason.rank(first) < reason.rank(second)


@pytest.mark.parametrize(
    ("ticket", "since"),
    [
        (a_ticket(), 0),
        (a_ticket(entries=["ana replied"]), None),
        (a_ticket(entries=["desk replied"]), 0),
        (a_ticket(entries=["ana replied", "m@acme.example wrote", "m@acme.example wrote"]), 2),
        (a_ticket(entries=["m@acme.example wrote", "ana replied status=waiting"]), None),
        (a_ticket("waiting"), None),
        (a_ticket(assignee="ana", requester="Ana <ana@acme.example>"), None),
        (a_ticket(assignee="luis", requester="Ana <ana@acme.example>"), 0),
        (a_ticket(requester="Somebody at the door"), 0),
    ],
)
def test_what_waits_for_an_answer(ticket: object, since: int | None) -> None:
    from desk.domain.ticket import Ticket

    assert isinstance(ticket, Ticket) and SETTINGS is not None
    entry = unanswered(ticket, SETTINGS)
    assert (entry.at - START if entry else None) == (
        None if since is None else timedelta(minutes=since)
    )


def test_the_help_tells_the_rules_in_their_order(desk: Shell) -> None:
    page = re.sub(r"\s+", " ", desk("next", "--help").out)
    assert "; ".join(reason.rule for reason in REASONS if reason.name != "id") in page
