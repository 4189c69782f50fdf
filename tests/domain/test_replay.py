"""The fields as the log tells them, at its end and at any instant before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.fields import FIELD
from desk.domain.replay import as_of, differences, replay, replays, settle
from desk.domain.ticket import Change, Entry, Ticket, Value
from tests.builders import ID, SLOWER, START, a_ticket, an_entry, minutes, tickets

UNTIL = "2026-11-23T08:00:00Z"
OPENED = "maria.lopez@acme.example opened type=incident status=new priority=P3"


def log_of(*words: str) -> tuple[Entry, ...]:
    return tuple(an_entry(each, minute) for minute, each in enumerate((OPENED, *words)))


def test_the_log_tells_every_field() -> None:
    log = log_of(
        "ana changed status=open assignee=ana priority=P2 tags+=floor-3 tags+=printer",
        "ana replied status=waiting fields.asset=PC-42",
        'ana changed title="Printer jams" tags-=printer owner=x',
        "ana worked minutes=15",
        "maria.lopez@acme.example rated score=5",
    )
    assert replay(log) == {
        "type": "incident",
        "status": "waiting",
        "priority": "P2",
        "assignee": "ana",
        "tags": ("floor-3",),
        "fields": {"asset": "PC-42"},
        "title": "Printer jams",
        "owner": "x",
    }


def test_no_log_tells_nothing() -> None:
    assert replay([]) == {}


@pytest.mark.parametrize(
    ("values", "words", "settled"),
    [
        ({"status": "open", "resolution": "fixed"}, (), {"status": "open"}),
        ({"resolution": "fixed", "until": UNTIL}, (), {}),
        ({"status": "hold", "until": UNTIL}, (), {"status": "hold", "until": UNTIL}),
        ({"status": "waiting", "until": UNTIL}, (), {"status": "waiting"}),
        ({"status": "closed"}, (), {"status": "closed", "resolution": "fixed"}),
        (
            {"status": "closed", "resolution": "declined"},
            ("ana changed resolution=workaround",),
            {"status": "closed", "resolution": "declined"},
        ),
        (
            {"status": "resolved", "until": UNTIL},
            ("ana changed resolution=declined", "ana changed resolution=workaround"),
            {"status": "resolved", "resolution": "workaround"},
        ),
        (
            {"status": "resolved"},
            ("ana changed resolution=declined", "ana changed resolution="),
            {"status": "resolved", "resolution": "declined"},
        ),
    ],
)
def test_what_follows_from_the_status(
    values: dict[str, Value], words: tuple[str, ...], settled: dict[str, Value]
) -> None:
    assert settle(values, log_of(*words)) == settled


def test_a_ticket_reopened_and_resolved_again_in_silence_keeps_its_last_resolution() -> None:
    log = log_of(
        "ana changed status=resolved resolution=workaround",
        "ana changed status=open resolution=",
        "ana changed status=closed",
    )
    assert replay(log)["resolution"] == "workaround"


@SLOWER
@given(tickets())
def test_replaying_gives_the_front_matter(ticket: Ticket) -> None:
    spoken = {change.key for entry in ticket.log for change in entry.changes}
    told = {
        key: value
        for key, value in ticket.values.items()
        if key in spoken or (key in FIELD and FIELD[key].logged)
    }
    assert replay(ticket.log) == told
    assert differences(ticket) == ()


@SLOWER
@given(tickets())
def test_settling_twice_is_settling_once(ticket: Ticket) -> None:
    once = settle(ticket.values, ticket.log)
    assert settle(once, ticket.log) == once


# Where front matter and log disagree


def edited(**values: Value) -> Ticket:
    ticket = a_ticket(assignee="ana", tags=("a", "b"), fields={"asset": "PC-42"})
    whole = {key: value for key, value in {**ticket.values, **values}.items() if value}
    return replace(ticket, values=whole)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ()),
        ({"priority": "P1"}, (Change("priority", "=", "P1"),)),
        ({"assignee": ""}, (Change("assignee", "=", ""),)),
        ({"tags": ("b", "c")}, (Change("tags", "-=", "a"), Change("tags", "+=", "c"))),
        ({"tags": ("b", "a")}, ()),
        ({"fields": {"asset": "PC-43"}}, (Change("fields.asset", "=", "PC-43"),)),
        ({"fields": {}}, (Change("fields.asset", "=", ""),)),
        ({"id": "HD-2611-00000", "created": "2026-11-21T00:00:00Z"}, ()),
        ({"title": "Other", "requester": "Eva", "owner": "x"}, ()),
        (
            {"status": "hold", "until": UNTIL},
            (Change("status", "=", "hold"), Change("until", "=", UNTIL)),
        ),
    ],
)
def test_a_hand_edit_is_what_no_entry_carries(
    values: dict[str, Value], expected: tuple[Change, ...]
) -> None:
    assert differences(edited(**values)) == expected


def test_a_title_counts_once_an_entry_speaks_of_it() -> None:
    ticket = a_ticket(entries=['ana changed title="Printer jams" owner=x'])
    other = replace(ticket, values={**ticket.values, "title": "Other", "owner": "y"})
    assert differences(ticket) == ()
    assert differences(other) == (Change("title", "=", "Other"), Change("owner", "=", "y"))


def test_a_status_left_out_is_new() -> None:
    ticket = a_ticket("new")
    values = {key: value for key, value in ticket.values.items() if key != "status"}
    assert differences(replace(ticket, values=values)) == ()
    opened = a_ticket("open")
    assert differences(replace(opened, values=values)) == (Change("status", "=", ""),)


# As of an instant


STORY = (
    "ana changed status=open assignee=ana",
    "ana changed status=hold until=2026-11-23T08:00:00Z priority=P1",
    "ana changed status=closed resolution=declined until= tags+=vpn",
)
ALWAYS: dict[str, Value] = {
    "id": ID,
    "created": "2026-11-22T09:34:35Z",
    "title": "Printer on the third floor jams",
    "type": "incident",
    "requester": "Maria López <maria.lopez@acme.example>",
}


@pytest.mark.parametrize(
    ("minute", "entries", "values"),
    [
        (0, 1, {"status": "new", "priority": "P3"}),
        (0.9, 1, {"status": "new", "priority": "P3"}),
        (1, 2, {"status": "open", "priority": "P3", "assignee": "ana"}),
        (2, 3, {"status": "hold", "priority": "P1", "assignee": "ana", "until": UNTIL}),
        (
            3,
            4,
            {
                "status": "closed",
                "priority": "P1",
                "assignee": "ana",
                "resolution": "declined",
                "tags": ("vpn",),
            },
        ),
    ],
)
def test_a_ticket_as_its_log_had_it(minute: float, entries: int, values: dict[str, Value]) -> None:
    ticket = a_ticket("new", STORY)
    then = as_of(ticket, minutes(minute))
    assert then is not None
    assert then.log == ticket.log[:entries]
    assert then.values == {**ALWAYS, **values}


def test_before_it_was_opened_it_was_not_there() -> None:
    assert as_of(a_ticket(entries=STORY), START - timedelta(seconds=1)) is None


def test_the_log_is_believed_against_a_hand_edit_where_it_speaks_of_the_field() -> None:
    ticket = a_ticket("new", ["ana changed priority=P1"])
    edit = {"priority": "P4", "team": "support", "title": "Other", "owner": "x"}
    then = as_of(replace(ticket, values={**ticket.values, **edit}), minutes(5))
    assert then is not None
    shown = {key: then.text(key) for key in edit}
    assert shown == {"priority": "P1", "team": "support", "title": "Other", "owner": "x"}


def test_custom_fields_are_believed_one_by_one() -> None:
    ticket = a_ticket("new", ["ana changed fields.asset=PC-42"])
    edit = {**ticket.values, "fields": {"asset": "PC-43", "room": "3.14"}}
    for minute, expected in ((0, {"room": "3.14"}), (1, {"asset": "PC-42", "room": "3.14"})):
        then = as_of(replace(ticket, values=edit), minutes(minute))
        assert then is not None
        assert then.custom == expected


def test_a_title_before_its_first_change_is_the_one_of_the_file() -> None:
    ticket = a_ticket("new", ['ana changed title="One"', 'ana changed title="Two"'])
    titles = [then.title for minute in range(3) if (then := as_of(ticket, minutes(minute)))]
    assert titles == ["Two", "One", "Two"]


@SLOWER
@given(tickets(), st.integers(0, 100_000))
def test_a_later_entry_changes_no_earlier_view(ticket: Ticket, seconds: int) -> None:
    when = START + timedelta(seconds=seconds)
    then = as_of(ticket, when)
    if then is None:
        return
    assert then.log == tuple(entry for entry in ticket.log if entry.at <= when)
    assert replay(then.log).items() <= then.values.items()
    assert as_of(then, when) == then


@SLOWER
@given(tickets())
def test_as_of_its_last_entry_a_ticket_is_as_it_is(ticket: Ticket) -> None:
    latest: datetime = max(ticket.updated, ticket.created)
    assert as_of(ticket, latest) == ticket


@SLOWER
@given(tickets())
def test_the_fields_after_each_entry(ticket: Ticket) -> None:
    log = ticket.log
    assert [*replays(log)] == [replay(log[:length]) for length in range(1, len(log) + 1)]
