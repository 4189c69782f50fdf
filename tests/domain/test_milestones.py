"""What a log says to the clocks: asked, answered, owned, done."""

from __future__ import annotations

import pytest

from desk.domain.milestones import Milestones, milestones
from desk.domain.ticket import Entry
from tests.builders import an_entry, minutes

OPENED = "maria@x.example opened status=new priority=P3"


def log_of(*words: str) -> list[Entry]:
    """Return an opening at minute 0 and these entries, a minute apart."""
    return [an_entry(each, minute) for minute, each in enumerate((OPENED, *words))]


def told(*words: str) -> Milestones:
    found = milestones(log_of(*words))
    assert found is not None
    return found


def minute_of(found: Milestones, place: int | None) -> int | None:
    if place is None:
        return None
    return int((found.instants[place] - minutes(0)).total_seconds() // 60)


def exchanges(*words: str) -> list[tuple[int | None, int | None]]:
    found = told(*words)
    return [(minute_of(found, asked), minute_of(found, end)) for asked, end in found.exchanges]


def test_a_whole_story() -> None:
    found = told(
        "ana changed status=open assignee=ana",
        "ana noted",
        "ana replied status=waiting",
        "maria@x.example wrote status=open",
        "maria@x.example wrote",
        "ana replied status=resolved",
        "desk changed status=closed",
    )
    assert found == Milestones(
        instants=[minutes(minute) for minute in (0, 1, 3, 4, 6, 7)],
        statuses=["new", "open", "waiting", "open", "resolved", "closed"],
        response=2,
        ownership=1,
        done=4,
        exchanges=[(3, 4)],
    )


def test_before_anything_happened_there_is_nothing() -> None:
    assert milestones([]) is None
    assert milestones(log_of(), minutes(-1)) is None


def test_what_is_later_than_now_has_not_happened() -> None:
    log = log_of("ana replied", "ana changed status=closed")
    assert milestones(log, minutes(1)) == milestones(log[:2])
    assert milestones(log, minutes(2)) == milestones(log)


def test_what_stands_before_the_opening_is_not_counted() -> None:
    early = [an_entry("ana replied status=closed", -5)]
    assert milestones([*early, *log_of()]) == milestones(log_of())


def test_a_log_without_an_opening_begins_with_its_first_entry() -> None:
    found = milestones([an_entry("ana replied", 3), an_entry("ana changed status=closed", 4)])
    assert found == Milestones([minutes(3), minutes(4)], ["new", "closed"], 0, 1, 1, [])


@pytest.mark.parametrize(
    ("words", "minute"),
    [
        (["ana noted", "ana worked minutes=5"], None),
        (["desk replied"], None),
        (["desk replied", "luis replied"], 2),
        (["maria@x.example wrote", "luis replied"], 2),
        (["desk changed status=closed", "ana replied"], 1),
        (["ana changed status=hold"], None),
    ],
)
def test_the_first_response_is_an_agents_reply_or_an_end(
    words: list[str], minute: int | None
) -> None:
    found = told(*words)
    assert minute_of(found, found.response) == minute


@pytest.mark.parametrize(
    ("words", "minute"),
    [
        (["ana replied"], None),
        (["ana changed assignee="], None),
        (["desk changed assignee=ana", "ana changed assignee=luis"], 1),
        (["ana noted", "ana replied status=resolved"], 2),
    ],
)
def test_it_is_owned_from_the_first_assignee_or_end(words: list[str], minute: int | None) -> None:
    found = told(*words)
    assert minute_of(found, found.ownership) == minute


@pytest.mark.parametrize(
    ("statuses", "minute"),
    [
        (["open"], None),
        (["resolved"], 1),
        (["resolved", "closed"], 1),
        (["closed", "resolved"], 1),
        (["resolved", "open"], None),
        (["resolved", "open", "closed"], 3),
    ],
)
def test_resolved_then_closed_is_one_span_of_done(statuses: list[str], minute: int | None) -> None:
    found = told(*(f"ana changed status={status}" for status in statuses))
    assert minute_of(found, found.done) == minute


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["maria@x.example wrote"], []),
        (["ana replied", "maria@x.example wrote"], [(2, None)]),
        (["ana replied", "maria@x.example wrote", "maria@x.example wrote"], [(2, None)]),
        (["ana replied", "maria@x.example wrote", "ana replied"], [(2, 3)]),
        (["ana replied", "maria@x.example wrote", "desk replied", "ana noted"], [(2, None)]),
        (["ana replied", "maria@x.example wrote", "ana changed status=hold"], [(2, None)]),
        (["ana replied", "maria@x.example wrote", "desk changed status=closed"], [(2, 3)]),
        (["maria@x.example wrote", "ana replied", "ana replied"], []),
        (
            ["ana replied", "maria@x.example wrote", "ana replied", "maria@x.example wrote"],
            [(2, 3), (4, None)],
        ),
        (["ana changed status=resolved", "maria@x.example wrote"], []),
        (["ana changed status=resolved", "maria@x.example wrote status=open"], [(2, None)]),
        (["ana replied", "maria@x.example wrote status=closed"], []),
    ],
)
def test_exchanges_after_the_first_response(
    words: list[str], expected: list[tuple[int | None, int | None]]
) -> None:
    assert exchanges(*words) == expected


def test_entries_of_one_instant_count_in_the_order_of_the_log() -> None:
    log = [
        an_entry(OPENED),
        an_entry("ana replied", 1),
        an_entry("maria@x.example wrote", 1),
        an_entry("ana replied", 1),
    ]
    found = milestones(log)
    assert found is not None
    assert (found.response, found.exchanges) == (1, [(2, 3)])


def test_the_last_status_of_an_entry_counts() -> None:
    found = told("ana changed status=closed status=open")
    assert (found.statuses, found.done) == (["new", "open"], None)


def test_a_status_that_is_cleared_is_new() -> None:
    found = told("ana changed status=closed", "ana changed status=")
    assert (found.statuses, found.done) == (["new", "closed", "new"], None)


def test_a_status_holds_from_its_entry_on() -> None:
    found = told("ana noted", "ana changed status=waiting", "ana changed status=waiting")
    assert (found.instants, found.statuses) == ([minutes(0), minutes(2)], ["new", "waiting"])
