from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.calendar import Calendar
from desk.domain.explain import Move, Portion, Span, Terms, moves, portions, spans
from desk.domain.headings import parse_heading
from desk.domain.instants import format_instant, instant_at
from desk.domain.replay import replay
from desk.domain.sla import CLOCKS, clocks, courses
from desk.domain.ticket import Entry, Value
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
from tests.timing import MOST, growth

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


def by_priority(values: Mapping[str, Value]) -> Terms | None:
    priority = str(values.get("priority", ""))
    return Terms(POLICY, OFFICE, priority) if priority else None


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

    def until_acme(values: Mapping[str, Value]) -> Terms | None:
        return None if values.get("company") else by_priority(values)

    (move,) = moves(log, until_acme, ("P1", "P2"), utc(f"{MON} 12:00"))
    assert (move.clock, move.before, move.after) == ("resolution", utc(f"{MON} 10:00"), None)


def moves_by_prefixes(
    log: Sequence[Entry], terms_of: Callable[[Mapping[str, Value]], Terms | None], now: datetime
) -> list[Move]:
    """Return the moves the slow way: the log anew up to each entry."""
    found, old = [], None
    log = [entry for entry in log if entry.at <= now]
    for length, entry in enumerate(log, start=1):
        so_far = log[:length]
        new = terms_of(replay(so_far))
        if old is not None and new != old:
            told = courses(so_far, old.policy, old.calendar, old.priority, ("P1", "P2"))
            then = new and courses(so_far, new.policy, new.calendar, new.priority, ("P1", "P2"))
            for clock, course in told.clocks.items() if told else ():
                other = then.clocks[clock] if then else None
                before = course.due if course else None
                after = other.due if other else None
                if before is not None and instant_at(before) < entry.at and after != before:
                    later = None if after is None else instant_at(after)
                    found.append(Move(entry, clock, instant_at(before), later))
        old = new
    return found


_steps = st.tuples(
    st.integers(0, 200),
    st.sampled_from(
        (
            *("ana changed priority=P1", "ana changed priority=P2", "ana changed priority="),
            *("ana changed company=ACME", "ana changed company=", "ana noted", "ana replied"),
            *("ana changed status=waiting", "ana changed status=closed resolution=declined"),
            *("ana changed status=open tags+=a", "ana changed tags-=a", "ana changed assignee=ana"),
            *("maria@acme.example wrote", "ana changed status=closed"),
        )
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_steps, max_size=12), st.integers(0, 1000))
def test_moves_are_those_of_the_log_up_to_each_entry(
    steps: list[tuple[int, str]], later: int
) -> None:
    at, log = utc(f"{MON} 09:00"), []
    for after, words in [(0, f"{ASKER} opened priority=P2"), *steps]:
        at += after * MINUTE
        log.append(parse_heading(f"{format_instant(at)} {words}"))

    def terms_of(values: Mapping[str, Value]) -> Terms | None:
        return None if values.get("resolution") == "declined" else with_company(values)

    def with_company(values: Mapping[str, Value]) -> Terms | None:
        found = by_priority(values)
        if found is not None and values.get("company"):
            found = found._replace(policy=policy_of({"first_response": HOUR, "ownership": HOUR}))
        return found

    now = log[0].at + later * MINUTE
    assert list(moves(log, terms_of, ("P1", "P2"), now)) == moves_by_prefixes(log, terms_of, now)


def test_a_long_log_is_gone_through_once() -> None:
    def log_of(size: int) -> list[Entry]:
        first = an_entry(f"{MON} 09:00", ASKER, "opened", priority="P1")
        return [first, *(an_entry(f"{MON} 10:00", "ana", "noted") for _ in range(size))]

    def told(log: list[Entry]) -> object:
        return moves(log, by_priority, ("P1", "P2"), utc(f"{TUE} 10:00"))

    assert growth(told, log_of, 300) < MOST
