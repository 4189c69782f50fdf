from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.calendar import Calendar
from desk.domain.instants import second_of
from desk.domain.milestones import milestones
from desk.domain.policy import Policy, Target, target_of
from desk.domain.sla import CLOCKS, Clock, ClockName, clocks, clocks_at, courses
from desk.domain.ticket import Change, Entry
from tests.conformance import differences
from tests.slow import MINUTE, Event, SlowCalendar, SlowDesk, utc

VECTORS = Path(__file__).parent.parent / "vectors" / "sla.json"
HOUR = 3_600
OFFICE = Calendar.from_config({"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}})
PAUSES = {"resolution": frozenset({"waiting", "hold"}), "next_response": frozenset({"hold"})}
MON = "2026-06-01"
TUE = "2026-06-02"


def an_entry(at: str, by: str, verb: str, **changes: str) -> Entry:
    return Entry(
        utc(at), by, verb, tuple(Change(key, "=", value) for key, value in changes.items()), "", ""
    )


def policy_of(
    targets: Mapping[str, Target],
    pause_in: Mapping[str, frozenset[str]] = PAUSES,
    warn_at: Fraction | float | None = 0.75,
) -> Policy:
    return Policy("standard", "", "office", targets, pause_in, warn_at)


def a_policy(**targets: Target) -> Policy:
    return policy_of(targets)


def clock_at(
    now: str, name: ClockName, log: Sequence[Entry], policy: Policy, priority: str = ""
) -> Clock:
    found = clocks(log, policy, OFFICE, utc(now), priority, ("P1", "P2", "P3"))[name]
    assert found is not None
    return found


def vectors() -> list[Any]:
    read = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["id"]) for vector in read]


@pytest.mark.parametrize("vector", vectors())
def test_vectors(vector: dict[str, Any]) -> None:
    assert list(differences(vector)) == []


# Targets


@pytest.mark.parametrize(
    ("target", "priority", "seconds"),
    [
        (60, "", 60),
        (60, "P1", 60),
        ({"P1": 1, "P2": 2, "P3": 3}, "P1", 1),
        ({"P1": 1, "P2": 2, "P3": 3}, "", 3),
        ({"P3": 3, "P1": 1}, "", 3),
        ({"P1": 1, "P2": 2}, "", 2),
        ({"P1": 1, "P2": 2}, "P3", None),
        ({"P1": 1, "P2": 2}, "urgent", 2),
        ({}, "", None),
    ],
)
def test_target(target: Target, priority: str, seconds: int | None) -> None:
    policy = a_policy(resolution=target)
    assert target_of(policy, "resolution", priority, ("P1", "P2", "P3")) == seconds
    assert target_of(policy, "ownership", priority, ("P1", "P2", "P3")) is None


@pytest.mark.parametrize(
    ("warn_at", "seconds"),
    [(0.9, 3_240), (0.75, 2_700), (Fraction(1, 7), 515), (1, 3_600), (0, 0), (None, None)],
)
def test_warnings_are_exact(warn_at: float | None, seconds: int | None) -> None:
    assert policy_of({}, warn_at=warn_at).warn_seconds(3_600) == seconds


# One clock at a time


OPENED = an_entry(f"{MON} 09:00", "ana@acme.example", "opened", status="new")


def test_a_clock_runs_until_it_is_at_risk_and_then_breached() -> None:
    policy = a_policy(resolution=4 * HOUR)
    states = {
        now: clock_at(f"{MON} {now}", "resolution", [OPENED], policy).state
        for now in ("09:00", "11:59", "12:00", "13:00")
    }
    assert states == {
        "09:00": "running",
        "11:59": "running",
        "12:00": "at_risk",
        "13:00": "at_risk",
    }
    now = utc(f"{MON} 13:00") + timedelta(seconds=1)
    late = clocks([OPENED], policy, OFFICE, now)["resolution"]
    assert late == Clock("breached", utc(f"{MON} 13:00"), None, 4 * HOUR, 4 * HOUR + 1, -1)


def test_a_fraction_of_a_second_breaks_no_promise() -> None:
    now = utc(f"{MON} 13:00") + timedelta(microseconds=1)
    found = clocks([OPENED], a_policy(resolution=4 * HOUR), OFFICE, now)["resolution"]
    assert found is not None
    assert found.state == "at_risk"


def test_a_pause_while_closed_costs_nothing() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 18:00", "ana", "changed", status="waiting"),
        an_entry(f"{TUE} 08:00", "ana", "changed", status="open"),
    ]
    clock = clock_at(f"{TUE} 08:30", "resolution", log, a_policy(resolution=10 * HOUR))
    assert (clock.due, clock.elapsed_seconds) == (utc(f"{TUE} 11:00"), 8 * HOUR)


def test_a_paused_clock_has_no_due_and_does_not_warn() -> None:
    log = [OPENED, an_entry(f"{MON} 16:00", "ana", "changed", status="hold")]
    clock = clock_at("2026-07-01 12:00", "resolution", log, a_policy(resolution=8 * HOUR))
    assert clock == Clock("paused", None, None, 8 * HOUR, 7 * HOUR, HOUR)


def test_a_pause_after_the_due_mends_nothing() -> None:
    log = [OPENED, an_entry(f"{MON} 16:00", "ana", "changed", status="hold")]
    clock = clock_at("2026-07-01 12:00", "resolution", log, a_policy(resolution=7 * HOUR))
    assert (clock.state, clock.due) == ("breached", utc(f"{MON} 16:00"))
    at_due = clock_at(f"{MON} 16:00", "resolution", log, a_policy(resolution=7 * HOUR))
    assert (at_due.state, at_due.due) == ("paused", None)


def test_the_time_spent_done_is_left_out() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 10:00", "luis", "replied", status="resolved"),
        an_entry(f"{MON} 11:00", "desk", "changed", status="closed"),
    ]
    done = clock_at(f"{TUE} 12:00", "resolution", log, a_policy(resolution=4 * HOUR))
    assert done == Clock("met", utc(f"{MON} 13:00"), utc(f"{MON} 10:00"), 4 * HOUR, HOUR, 3 * HOUR)
    log += [an_entry(f"{TUE} 12:00", "ana@acme.example", "wrote", status="open")]
    again = clock_at(f"{TUE} 12:00", "resolution", log, a_policy(resolution=4 * HOUR))
    assert (again.state, again.due, again.ended_at) == ("running", utc(f"{TUE} 15:00"), None)
    log += [an_entry(f"{TUE} 16:00", "ana", "changed", status="closed")]
    late = clock_at(f"{TUE} 16:00", "resolution", log, a_policy(resolution=4 * HOUR))
    assert (late.state, late.elapsed_seconds) == ("missed", 5 * HOUR)


def test_an_end_after_closing_time_at_which_the_target_was_used_up_is_late() -> None:
    log = [OPENED, an_entry(f"{MON} 20:00", "ana", "changed", status="closed")]
    clock = clock_at(f"{MON} 20:00", "resolution", log, a_policy(resolution=8 * HOUR))
    assert (clock.state, clock.due, clock.elapsed_seconds) == (
        "missed",
        utc(f"{MON} 17:00"),
        8 * HOUR,
    )


def test_opened_in_a_done_status_ends_everything_at_once() -> None:
    log = [an_entry(f"{MON} 09:00", "ana", "opened", status="closed", assignee="ana")]
    policy = policy_of(
        {str(clock): HOUR for clock in CLOCKS}, pause_in={"resolution": frozenset({"closed"})}
    )
    found = clocks(log, policy, OFFICE, utc(f"{TUE} 12:00"))
    met = Clock("met", utc(f"{MON} 10:00"), utc(f"{MON} 09:00"), HOUR, 0, HOUR)
    assert found == {
        "first_response": met,
        "next_response": None,
        "ownership": met,
        "resolution": met,
    }


def test_opened_in_a_waiting_status_is_paused() -> None:
    log = [an_entry(f"{MON} 09:00", "ana", "opened", status="waiting")]
    policy = a_policy(resolution=HOUR, first_response=HOUR)
    found = clocks(log, policy, OFFICE, utc(f"{TUE} 12:00"))
    assert found["resolution"] == Clock("paused", None, None, HOUR, 0, HOUR)
    assert found["first_response"] is not None
    assert found["first_response"].state == "breached"


def test_pauses_in_done_statuses_change_nothing() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 10:00", "ana", "changed", status="resolved"),
        an_entry(f"{MON} 12:00", "ana", "changed", status="open"),
    ]
    odd = {"resolution": frozenset({"waiting", "resolved", "closed"})}
    for now in ("09:30", "11:00", "13:00"):
        plain = clock_at(f"{MON} {now}", "resolution", log, a_policy(resolution=4 * HOUR))
        assert plain == clock_at(
            f"{MON} {now}", "resolution", log, policy_of({"resolution": 4 * HOUR}, odd)
        )


def test_a_log_without_opened_begins_with_its_first_entry() -> None:
    log = [an_entry(f"{MON} 10:00", "ana", "noted"), an_entry(f"{MON} 11:00", "ana", "replied")]
    clock = clock_at(f"{MON} 12:00", "first_response", log, a_policy(first_response=HOUR))
    assert (clock.state, clock.due) == ("met", utc(f"{MON} 11:00"))


def test_entries_before_opened_do_not_count() -> None:
    log = [an_entry(f"{MON} 08:00", "ana", "replied", status="hold", assignee="ana"), OPENED]
    for name in ("first_response", "ownership", "resolution"):
        policy = policy_of({name: HOUR})
        found = clocks(log, policy, OFFICE, utc(f"{MON} 09:30"))
        assert found == clocks([OPENED], policy, OFFICE, utc(f"{MON} 09:30"))


def test_later_entries_do_not_exist_yet() -> None:
    log = [OPENED, an_entry(f"{MON} 10:00", "ana", "replied", status="closed", assignee="ana")]
    policy = policy_of({str(clock): HOUR for clock in CLOCKS})
    early = clocks(log, policy, OFFICE, utc(f"{MON} 09:59"))
    assert early == clocks([OPENED], policy, OFFICE, utc(f"{MON} 09:59"))
    assert clocks(log, policy, OFFICE, utc(f"{MON} 08:59")) == dict.fromkeys(CLOCKS)
    assert clocks([], policy, OFFICE, utc(f"{MON} 09:59")) == dict.fromkeys(CLOCKS)


def test_a_clock_without_a_target_is_not_shown_and_next_response_does_not_need_the_first() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 10:00", "ana", "replied"),
        an_entry(f"{MON} 11:00", "ana@acme.example", "wrote"),
    ]
    found = clocks(log, a_policy(next_response=HOUR), OFFICE, utc(f"{MON} 11:30"))
    assert [name for name in CLOCKS if found[name]] == ["next_response"]
    assert found["next_response"] == Clock(
        "running", utc(f"{MON} 12:00"), None, HOUR, HOUR // 2, HOUR // 2
    )


@pytest.mark.parametrize("by", ["desk", "ana"])
@pytest.mark.parametrize("verb", ["noted", "replied"])
def test_only_a_persons_reply_answers(by: str, verb: str) -> None:
    log = [OPENED, an_entry(f"{MON} 09:30", by, verb)]
    clock = clock_at(f"{MON} 09:45", "first_response", log, a_policy(first_response=HOUR))
    assert (clock.ended_at is not None) == (by == "ana" and verb == "replied")


def test_assigning_to_nobody_is_no_ownership() -> None:
    log = [OPENED, an_entry(f"{MON} 09:30", "ana", "changed", assignee="")]
    clock = clock_at(f"{MON} 09:45", "ownership", log, a_policy(ownership=HOUR))
    assert clock.ended_at is None


def test_a_status_that_is_cleared_is_new() -> None:
    log = [
        an_entry(f"{MON} 09:00", "ana", "opened", status="hold"),
        an_entry(f"{MON} 10:00", "ana", "changed", status=""),
    ]
    clock = clock_at(f"{MON} 11:00", "resolution", log, a_policy(resolution=HOUR))
    assert (clock.state, clock.elapsed_seconds) == ("at_risk", HOUR)


def test_the_order_of_the_log_decides_within_one_instant() -> None:
    reopened = an_entry(f"{MON} 12:00", "desk", "changed", status="open")
    wrote = an_entry(f"{MON} 12:00", "ana@acme.example", "wrote")
    start = [OPENED, an_entry(f"{MON} 10:00", "ana", "replied", status="resolved")]
    policy = a_policy(next_response=HOUR)
    assert clock_at(f"{MON} 12:00", "next_response", [*start, reopened, wrote], policy).due
    told = clocks([*start, wrote, reopened], policy, OFFICE, utc(f"{MON} 12:00"))
    assert told["next_response"] is None


def test_a_due_that_the_calendar_never_reaches_is_none() -> None:
    closing = Calendar.from_config(
        {"timezone": "UTC", "hours": {}, "exceptions": {MON: "09:00-10:00"}}
    )
    found = clocks([OPENED], a_policy(resolution=2 * HOUR), closing, utc(f"{TUE} 12:00"))
    assert found["resolution"] == Clock("running", None, None, 2 * HOUR, HOUR, HOUR)


# Exchanges


def test_every_exchange_counts_and_the_open_one_is_shown() -> None:
    asker = "ana@acme.example"
    log = [
        OPENED,
        an_entry(f"{MON} 09:10", asker, "wrote"),
        an_entry(f"{MON} 09:30", "ana", "replied"),
        an_entry(f"{MON} 10:00", asker, "wrote"),
        an_entry(f"{MON} 10:30", asker, "wrote"),
        an_entry(f"{MON} 11:30", "ana", "replied"),
        an_entry(f"{MON} 12:00", "ana", "replied"),
        an_entry(f"{MON} 13:00", asker, "wrote"),
        an_entry(f"{MON} 13:15", "luis", "changed", status="resolved"),
        an_entry(f"{MON} 14:00", asker, "wrote"),
        an_entry(f"{MON} 15:00", asker, "wrote", status="open"),
    ]
    found = courses(log, a_policy(next_response=HOUR), OFFICE)
    assert found is not None
    midnight = second_of(utc(f"{MON} 00:00"))

    def hour(second: int | None) -> float | None:
        return None if second is None else (second - midnight) / HOUR

    assert [
        (hour(each.started_at), hour(each.ended_at), hour(each.due), each.elapsed_seconds)
        for each in found.exchanges
    ] == [(10, 11.5, 11, HOUR + HOUR // 2), (13, 13.25, 14, HOUR // 4), (15, None, 16, 0)]
    assert found.clocks["next_response"] is found.exchanges[-1]
    earlier = courses(log[:-1], a_policy(next_response=HOUR), OFFICE)
    assert earlier is not None
    assert earlier.clocks["next_response"] == found.exchanges[1]


# Against a walk over the minutes


SLOW = [
    SlowCalendar("UTC", {day: [("00:00", "24:00")] for day in ("mon", "tue", "wed", "fri", "sat")}),
    SlowCalendar(
        "Europe/Madrid",
        {day: [("01:00", "14:00"), ("15:00", "18:00")] for day in ("mon", "fri", "sat", "sun")},
        holidays=["2026-03-30"],
        exceptions={"2026-03-28": [("00:00", "00:30")]},
    ),
    SlowCalendar(
        "Australia/Lord_Howe", {day: [("00:15", "09:00")] for day in ("sat", "sun", "tue")}
    ),
]
STARTS = ["2026-03-28 20:00", "2026-04-04 09:00"]
STATUSES = ("new", "open", "waiting", "hold", "resolved", "closed")
NAMES = tuple(str(clock) for clock in CLOCKS)
TARGETS = st.dictionaries(
    st.sampled_from(NAMES), st.integers(1, 60).map(lambda units: 900 * units), min_size=1
)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    at = utc(draw(st.sampled_from(STARTS)))
    log = [Event(at, "requester", "opened", draw(st.sampled_from((None, *STATUSES))))]
    for _ in range(draw(st.integers(0, 7))):
        at += MINUTE * draw(st.sampled_from((0, 0, 7, 45, 180, 400)))
        by, verb = draw(
            st.sampled_from(
                [
                    ("requester", "wrote"),
                    ("agent", "replied"),
                    ("agent", "changed"),
                    ("agent", "noted"),
                    ("desk", "changed"),
                    ("desk", "replied"),
                ]
            )
        )
        status = draw(st.sampled_from((None, *STATUSES)))
        assignee = draw(st.sampled_from((None, None, "ana")))
        log.append(Event(at, by, verb, status, assignee))
    return log


@st.composite
def desks(draw: st.DrawFn) -> SlowDesk:
    log = draw(logs())
    statuses = st.lists(st.sampled_from(STATUSES), max_size=3)
    return SlowDesk(
        log,
        draw(st.sampled_from(SLOW)),
        draw(TARGETS),
        draw(st.dictionaries(st.sampled_from(NAMES), statuses)),
        draw(st.sampled_from((None, 50, 75, 90))),
        log[-1].at + MINUTE * draw(st.integers(-200, 1_500)),
    )


def entries(log: Sequence[Event]) -> list[Entry]:
    return [
        Entry(
            event.at,
            event.by,
            event.verb,
            tuple(
                Change(key, "=", value)
                for key, value in (("status", event.status), ("assignee", event.assignee))
                if value is not None
            ),
            "",
            "",
        )
        for event in log
    ]


CALENDARS = {id(slow): Calendar.from_config(slow.config()) for slow in SLOW}


@settings(max_examples=150, deadline=None)
@given(desks())
def test_a_walk_over_the_minutes_agrees(desk: SlowDesk) -> None:
    calendar = CALENDARS[id(desk.calendar)]
    pauses = {clock: frozenset(statuses) for clock, statuses in desk.pause_in.items()}
    warn_at = None if desk.warn_percent is None else Fraction(desk.warn_percent, 100)
    policy = policy_of(desk.targets, pauses, warn_at)
    quick = clocks(entries(desk.log), policy, calendar, desk.now)
    walked = desk.clocks()
    for name, clock in quick.items():
        slow = walked[name]
        assert (slow is None) == (clock is None), name
        if slow is not None and clock is not None:
            shown = (clock.state, clock.due, clock.ended_at, clock.elapsed_seconds)
            assert shown == tuple(slow), name
            assert clock.remaining_seconds == clock.target_seconds - clock.elapsed_seconds


# Laws


NOWS = st.integers(0, 10_000).map(lambda number: MINUTE * number)
QUICK = st.sampled_from(list(CALENDARS.values()))


@settings(max_examples=100, deadline=None)
@given(logs(), TARGETS, QUICK, st.lists(NOWS, min_size=2, max_size=6).map(sorted))
def test_without_an_entry_a_running_clock_only_gets_worse(
    log: list[Event], targets: dict[str, int], calendar: Calendar, passing: list[timedelta]
) -> None:
    policy = policy_of(targets)
    course = ["running", "at_risk", "breached"]
    for name in CLOCKS:
        seen = []
        for passed in passing:
            clock = clocks(entries(log), policy, calendar, log[-1].at + passed)[name]
            if clock is not None and clock.ended_at is None and clock.state != "paused":
                seen.append(course.index(clock.state))
        assert seen == sorted(seen)


@settings(max_examples=100, deadline=None)
@given(logs(), TARGETS, QUICK, NOWS, st.sampled_from(("waiting", "hold")))
def test_pausing_never_brings_a_due_nearer(
    log: list[Event], targets: dict[str, int], calendar: Calendar, passed: timedelta, status: str
) -> None:
    now = log[-1].at + passed
    never = clocks(entries(log), policy_of(targets, {}), calendar, now)
    every = {name: frozenset({status}) for name in NAMES}
    paused = clocks(entries(log), policy_of(targets, every), calendar, now)
    for name in CLOCKS:
        before, after = never[name], paused[name]
        if before is not None and after is not None and after.due is not None:
            assert before.due is not None
            assert after.due >= before.due
            assert after.elapsed_seconds <= before.elapsed_seconds


@settings(max_examples=100, deadline=None)
@given(logs(), TARGETS, QUICK, NOWS)
def test_courses_kept_for_later_tell_the_same(
    log: list[Event], targets: dict[str, int], calendar: Calendar, passed: timedelta
) -> None:
    now, policy = log[-1].at + passed, policy_of(targets)
    kept = courses(entries(log), policy, calendar)
    assert kept is not None
    assert clocks_at(kept, calendar, now) == clocks(entries(log), policy, calendar, now)


@settings(max_examples=50, deadline=None)
@given(logs())
def test_notes_are_no_turning_points(log: list[Event]) -> None:
    noted = [
        event
        for pair in zip(log, [Event(each.at, "ana", "noted") for each in log], strict=True)
        for event in pair
    ]
    assert milestones(entries(log)) == milestones(entries(noted))


def test_at_risk_begins_when_the_course_says() -> None:
    log = [OPENED, an_entry(f"{MON} 10:00", "ana", "noted")]
    found = courses(log, a_policy(resolution=4 * HOUR), OFFICE)
    assert found is not None
    course = found.clocks["resolution"]
    assert course is not None
    assert course.at_risk_at == second_of(utc(f"{MON} 12:00"))


def test_instants_are_compared_in_whole_seconds() -> None:
    now: datetime = utc(f"{MON} 10:00") + timedelta(microseconds=5)
    found = courses([OPENED], a_policy(resolution=4 * HOUR), OFFICE)
    assert found is not None
    clock = clocks_at(found, OFFICE, now)["resolution"]
    assert clock is not None
    assert clock.elapsed_seconds == HOUR
