from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.calendar import Calendar
from desk.domain.explain import Portion, Span, Terms, moves, portions, spans
from desk.domain.sla import CLOCKS, clocks
from desk.domain.ticket import Entry
from tests.builders import dates
from tests.domain.test_sla import (
    CALENDARS,
    HOUR,
    MON,
    OPENED,
    QUICK,
    TUE,
    an_entry,
    entries,
    logs,
    policy_of,
)
from tests.slow import MINUTE, Event, utc

OFFICE = Calendar.from_config({"timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"}})
ASKER = "maria@acme.example"


def test_spans_say_what_counts() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 09:30", "ana", "noted"),
        an_entry(f"{MON} 10:00", "ana", "replied", status="waiting"),
        an_entry(f"{MON} 12:00", ASKER, "wrote", status="open"),
        an_entry(f"{MON} 13:00", "ana", "replied", status="resolved"),
        an_entry(f"{MON} 14:00", "ana", "changed", status="closed"),
        an_entry(f"{MON} 15:00", ASKER, "wrote", status="open"),
    ]
    policy = policy_of({"resolution": 8 * HOUR})
    assert spans(log, policy, OFFICE, "resolution", utc(f"{TUE} 10:00")) == (
        Span(utc(f"{MON} 09:00"), utc(f"{MON} 10:00"), "new", "counts", HOUR),
        Span(utc(f"{MON} 10:00"), utc(f"{MON} 12:00"), "waiting", "paused", 2 * HOUR),
        Span(utc(f"{MON} 12:00"), utc(f"{MON} 13:00"), "open", "counts", HOUR),
        Span(utc(f"{MON} 13:00"), utc(f"{MON} 14:00"), "resolved", "done", HOUR),
        Span(utc(f"{MON} 14:00"), utc(f"{MON} 15:00"), "closed", "done", HOUR),
        Span(utc(f"{MON} 15:00"), utc(f"{TUE} 10:00"), "open", "counts", 3 * HOUR),
    )
    ended = spans(log[:5], policy, OFFICE, "resolution", utc(f"{TUE} 10:00"))
    assert [span.end for span in ended][-1] == utc(f"{MON} 13:00")


def test_what_is_left_lies_over_the_coming_days() -> None:
    start, end = utc("2026-11-20 15:00"), utc("2026-11-24 10:30")
    assert list(portions(OFFICE, start, end)) == [
        Portion(date(2026, 11, 20), 2 * HOUR),
        Portion(date(2026, 11, 23), 8 * HOUR),
        Portion(date(2026, 11, 24), 3 * HOUR // 2),
    ]
    assert list(portions(OFFICE, start, start)) == []
    assert list(portions(OFFICE, end, start)) == []
    assert list(portions(OFFICE, utc("2026-11-21 09:00"), utc("2026-11-23 09:00"))) == []


def test_days_are_those_of_the_calendars_zone() -> None:
    night = {"timezone": "Europe/Madrid", "hours": {"mon-sun": "00:00-06:00 22:00-24:00"}}
    calendar = Calendar.from_config(night)
    assert list(portions(calendar, utc("2026-10-24 21:30"), utc("2026-10-25 23:30"))) == [
        Portion(date(2026, 10, 24), HOUR // 2),
        Portion(date(2026, 10, 25), 9 * HOUR),
        Portion(date(2026, 10, 26), HOUR // 2),
    ]
    apia = Calendar.from_config({"timezone": "Pacific/Apia", "hours": {"mon-sun": "00:00-24:00"}})
    found = portions(apia, utc("2011-12-29 10:00"), utc("2012-01-01 10:00"))
    assert [each.date.day for each in found] == [29, 31, 1]


@settings(max_examples=100, deadline=None)
@given(QUICK, dates, st.integers(0, 30 * 24 * HOUR))
def test_the_coming_days_add_up(calendar: Calendar, start: datetime, seconds: int) -> None:
    end = start + timedelta(seconds=seconds)
    found = list(portions(calendar, start, end))
    assert sum(each.seconds for each in found) == calendar.between(start, end)
    assert all(each.seconds > 0 for each in found)
    days = [each.date for each in found]
    assert days == sorted(set(days))


def test_spans_of_an_earlier_exchange() -> None:
    log = [
        OPENED,
        an_entry(f"{MON} 10:00", "ana", "replied"),
        an_entry(f"{MON} 11:00", ASKER, "wrote"),
        an_entry(f"{MON} 12:00", "ana", "replied"),
        an_entry(f"{MON} 13:00", ASKER, "wrote"),
    ]
    policy, now = policy_of({"next_response": HOUR}), utc(f"{MON} 13:30")
    shown = spans(log, policy, OFFICE, "next_response", now)
    assert [(span.start, span.end) for span in shown] == [(utc(f"{MON} 13:00"), now)]
    first = spans(log, policy, OFFICE, "next_response", now, exchange=0)
    assert [(span.start, span.end) for span in first] == [
        (utc(f"{MON} 11:00"), utc(f"{MON} 12:00"))
    ]


def test_there_are_no_spans_where_there_is_no_clock() -> None:
    policy = policy_of({"next_response": HOUR})
    assert spans([], policy, OFFICE, "resolution", utc(f"{MON} 12:00")) == ()
    assert spans([OPENED], policy, OFFICE, "next_response", utc(f"{MON} 12:00")) == ()


@settings(max_examples=100, deadline=None)
@given(logs())
def test_spans_that_count_add_up_to_what_has_elapsed(log: list[Event]) -> None:
    policy, now = policy_of({str(clock): HOUR for clock in CLOCKS}), log[-1].at + 333 * MINUTE
    for calendar in CALENDARS.values():
        shown = clocks(entries(log), policy, calendar, now)
        for name in CLOCKS:
            found = spans(entries(log), policy, calendar, name, now)
            clock = shown[name]
            assert all(first.end == second.start for first, second in pairwise(found))
            if clock is not None:
                counted = sum(span.open_seconds for span in found if span.kind == "counts")
                assert counted == clock.elapsed_seconds


POLICY = policy_of({"resolution": {"P1": HOUR, "P2": 4 * HOUR}})


def by_priority(log: Sequence[Entry]) -> Terms | None:
    told = [value for entry in log if (value := entry.change_of("priority"))]
    return Terms(POLICY, OFFICE, told[-1]) if told else None


def test_a_new_priority_that_moves_a_passed_due_is_named() -> None:
    log = [
        an_entry(f"{MON} 09:00", ASKER, "opened", priority="P1"),
        an_entry(f"{MON} 10:30", "ana", "noted"),
        an_entry(f"{MON} 11:00", "ana", "changed", priority="P2"),
        an_entry(f"{MON} 12:00", "ana", "changed", priority="P1"),
    ]
    found = moves(log, by_priority, ("P1", "P2"), utc(f"{MON} 12:00"))
    assert [(move.entry, move.clock, move.before, move.after) for move in found] == [
        (log[2], "resolution", utc(f"{MON} 10:00"), utc(f"{MON} 13:00"))
    ]
    assert moves(log, by_priority, ("P1", "P2"), utc(f"{MON} 10:59")) == ()


def test_a_policy_that_is_left_moves_a_passed_due_too() -> None:
    log = [
        an_entry(f"{MON} 09:00", ASKER, "opened", priority="P1"),
        an_entry(f"{MON} 11:00", "ana", "changed", company="ACME"),
    ]

    def until_acme(log: Sequence[Entry]) -> Terms | None:
        return None if log[-1].change_of("company") else by_priority(log)

    (move,) = moves(log, until_acme, ("P1", "P2"), utc(f"{MON} 12:00"))
    assert (move.clock, move.before, move.after) == ("resolution", utc(f"{MON} 10:00"), None)
