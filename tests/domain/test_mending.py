"""Entries that a hand edit should have had: where they go, and that they mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.headings import parse_heading
from desk.domain.mending import Origin, dated_back, introduced, settled, told_now, unexplained
from desk.domain.replay import differences
from desk.domain.ticket import Change, Ticket, Value
from tests.builders import some_settings

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def a_ticket(*headings: str, **values: Value) -> Ticket:
    log = ("2026-11-22T09:00:00Z ana opened status=new priority=P3", *headings)
    basic: dict[str, Value] = {"id": "HD-2611-7K3QF", "status": "new", "priority": "P3"}
    return Ticket(basic | values, tuple(parse_heading(heading) for heading in log))


def headings(ticket: Ticket) -> list[str]:
    return [entry.heading for entry in ticket.log]


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_an_entry_goes_where_its_instant_belongs() -> None:
    ticket = a_ticket("2026-11-22T09:30:00Z ana noted", priority="P1")
    mended = dated_back(ticket, unexplained(ticket), Origin(at(10), "luis"))
    assert headings(mended)[1:] == [
        "2026-11-22T09:10:00Z luis changed priority=P1",
        "2026-11-22T09:30:00Z ana noted",
    ]
    assert differences(mended) == ()


def test_an_entry_is_no_earlier_than_what_would_overrule_it() -> None:
    ticket = a_ticket("2026-11-22T09:30:00Z ana changed priority=P2", priority="P1")
    mended = dated_back(ticket, unexplained(ticket), Origin(at(10), "ana"))
    assert headings(mended)[2] == "2026-11-22T09:30:00Z ana changed priority=P1"
    assert differences(mended) == ()


def test_nothing_happens_before_opened() -> None:
    ticket = a_ticket(priority="P1")
    mended = dated_back(ticket, unexplained(ticket), Origin(at(-90), "luis"))
    assert headings(mended)[1] == "2026-11-22T09:00:01Z luis changed priority=P1"


def test_a_handle_and_an_address_are_one_person() -> None:
    ticket = a_ticket("2026-11-22T09:30:00Z ana@acme.example wrote", priority="P1")
    change = unexplained(ticket)
    for known, second in ((None, 1), (some_settings(), 0)):
        told = told_now(ticket, change, at(30), "ana", known)
        assert headings(told)[-1] == f"2026-11-22T09:30:0{second}Z ana changed priority=P1"
    luis = dated_back(ticket, change, Origin(at(30), "luis"), some_settings())
    assert headings(luis)[-1] == "2026-11-22T09:30:01Z luis changed priority=P1"


def test_a_live_ticket_has_no_resolution_and_a_done_one_has() -> None:
    reopened = a_ticket(
        "2026-11-22T09:30:00Z ana changed status=resolved resolution=declined",
        status="open",
        resolution="declined",
    )
    assert "resolution" not in settled(reopened).values
    assert unexplained(reopened) == (
        Change("status", "=", "open"),
        Change("resolution", "=", ""),
    )
    done = a_ticket(status="closed")
    assert settled(done).values["resolution"] == "fixed"


def test_a_hold_without_an_end_forgets_the_end_of_an_earlier_one() -> None:
    held = "2026-11-22T09:10:00Z ana changed status=hold until=2026-12-01T00:00:00Z"
    ticket = a_ticket(held, "2026-11-22T09:20:00Z ana changed status=open", status="hold")
    mended = told_now(ticket, unexplained(ticket), at(30), "ana")
    assert headings(mended)[-1] == "2026-11-22T09:30:00Z ana changed status=hold until="
    assert differences(mended) == ()


def test_a_commit_introduces_what_its_parent_did_not_show() -> None:
    before, after = a_ticket(), a_ticket(priority="P1", team="support")
    changes = unexplained(after)
    assert introduced(changes, before, after) == changes
    assert introduced(changes, None, after) == changes
    assert introduced(changes, after, after) == ()
    partly = a_ticket(priority="P1")
    assert introduced(changes, partly, after) == (Change("team", "=", "support"),)


def test_a_commit_that_took_an_entry_out_of_the_log_introduces_nothing() -> None:
    before = a_ticket("2026-11-22T09:30:00Z ana changed priority=P1", priority="P1")
    after = a_ticket(priority="P1")
    assert unexplained(before) == ()
    assert introduced(unexplained(after), before, after) == ()


def test_custom_fields_are_told_one_by_one() -> None:
    before = a_ticket(
        "2026-11-22T09:30:00Z ana changed fields.a=1 fields.b=1", fields={"a": "1", "b": "1"}
    )
    after = replace(before, values={**before.values, "fields": {"a": "1", "b": "2"}})
    change = Change("fields.b", "=", "2")
    assert introduced(unexplained(after), before, after) == (change,)


keys = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["new", "open", "hold", "resolved", "closed"]),
        "resolution": st.sampled_from(["fixed", "declined"]),
        "until": st.just("2026-12-01T00:00:00Z"),
        "priority": st.sampled_from(["P1", "P2"]),
        "tags": st.lists(st.sampled_from("abc"), unique=True, min_size=1).map(tuple),
    },
)
changes = st.lists(
    st.sampled_from(
        [
            *("status=open", "status=hold until=2026-12-01T00:00:00Z", "status=resolved"),
            *("status=closed resolution=fixed", "priority=P2", "priority=P4"),
            *("tags+=a", "tags-=a", "tags+=b"),
        ]
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(keys, changes, st.integers(-10, 60))
def test_an_entry_for_what_is_unexplained_explains_it(
    values: dict[str, Value], said: list[str], minute: int
) -> None:
    log = [
        f"2026-11-22T09:{10 * number:02d}:00Z ana changed {text}"
        for number, text in enumerate(said, 1)
    ]
    ticket = settled(a_ticket(*log, **values))
    wanted = differences(ticket)
    if not wanted:
        return
    at_the_end = told_now(ticket, wanted, at(120), "luis")
    assert differences(at_the_end) == ()
    assert at_the_end.log[:-1] == ticket.log
    anywhere = dated_back(ticket, wanted, Origin(at(minute), "luis"))
    assert all(one.at <= two.at for one, two in pairwise(anywhere.log))
    assert [each for each in anywhere.log if each.by != "luis"] == list(ticket.log)
