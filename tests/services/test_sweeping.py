"""What happens by itself: rules by the clock, and closing what has long been resolved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.settings import Settings
from desk.domain.ticket import Ticket
from desk.services.desk import Desk
from desk.services.sweeping import Swept, sweep_ticket
from tests.builders import SLOWER, START, a_ticket, an_entry, minutes
from tests.domain.config import PEOPLE, settings_of

HOURS = """\
calendars:
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
  office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}
sla:
  - name: standard
    calendar: CALENDAR
    first_response: {P1: 30m, P2: 1h, P3: 2h, P4: 4h}
    next_response: 1h
    resolution: {P1: 1h, P2: 2h, P3: 4h, P4: 8h}
"""


def some_settings(*rules: str, more: str = "", calendar: str = "always") -> Settings:
    written = "".join(f"  - {{{rule}}}\n" for rule in rules)
    hours = HOURS.replace("CALENDAR", calendar)
    return settings_of(f"{PEOPLE}{hours}{'escalation:' if rules else ''}\n{written}{more}")


def swept(ticket: Ticket, at: datetime, settings: Settings) -> list[Swept]:
    return sweep_ticket(Desk(Path("nowhere"), settings, at), ticket)


def entries(done: Sequence[Swept]) -> list[str]:
    """What each rule wrote: who, verb, changes, and the text with ` / ` between its lines."""
    told = []
    for each in done:
        at, by, verb, changes, text, _ = each.ticket.log[-1]
        assert at >= START
        said = " ".join(f"{key}{op}{value}" for key, op, value in changes)
        told.append(" ".join(part for part in (by, verb, said, text.replace("\n", " / ")) if part))
    return told


# ---------------------------------------------------------------------------------- each action


@pytest.mark.parametrize(
    ("action", "entry"),
    [
        ("escalate", "desk escalated assignee= team=sysadmin level=L2 {rule}"),
        ("priority up", "desk changed priority=P2 {rule}"),
        ("assign ana", "desk noted {rule} / It is so already."),
        ("assign eva", "desk changed assignee=eva {rule}"),
        ("tag late", "desk changed tags+=late {rule}"),
        ("tag slow", "desk noted {rule} / It is so already."),
        ("note Look at it", "desk noted Look at it /  / {rule}"),
        ("note 'Look'", "desk noted 'Look' /  / {rule}"),
    ],
)
def test_what_a_rule_does(action: str, entry: str) -> None:
    ticket = a_ticket(assignee="ana", team="support", level="L1", tags=("slow",))
    people = PEOPLE.replace("  ana:", "  eva: {email: eva@acme.example, role: lead}\n  ana:")
    rules = f'escalation: [{{clock: resolution, at: 50%, do: "{action}"}}]\n'
    settings = settings_of(people + HOURS.replace("CALENDAR", "always") + rules)
    assert swept(ticket, minutes(119.99), settings) == []
    told = entry.format(rule=f"Rule: resolution at 50%: {action}")
    assert entries(swept(ticket, minutes(120), settings)) == [told]


def test_the_top_of_the_ladder_is_noted_once() -> None:
    settings = some_settings("clock: resolution, do: escalate")
    ticket = a_ticket(team="sysadmin", level="L2")
    done = swept(ticket, minutes(240), settings)
    rule = "Rule: resolution at 100%: escalate"
    said = f"cannot move {ticket.id}: there is no level above L2"
    assert entries(done) == [f"desk noted {rule} / {said}"]
    assert done[0].remark == said
    assert swept(done[0].ticket, minutes(10_000), settings) == []


def test_the_most_urgent_priority_is_noted() -> None:
    settings = some_settings("clock: resolution, do: priority up")
    (done,) = swept(a_ticket(priority="P1"), minutes(60), settings)
    assert done.remark == "It is so already."


# ----------------------------------------------------------------------------- when a rule acts


def test_a_rule_acts_on_live_tickets_that_it_is_for() -> None:
    settings = some_settings('clock: resolution, do: tag late, if: "team:support idle:1h.."')
    assert swept(a_ticket(team="sysadmin"), minutes(300), settings) == []
    busy = a_ticket(team="support").with_entry(an_entry("ana noted", 299, "I am at it."))
    assert swept(busy, minutes(300), settings) == []
    assert len(swept(busy, minutes(359), settings)) == 1
    assert swept(a_ticket("resolved", team="support"), minutes(300), settings) == []


def test_a_rule_of_a_clock_that_has_ended_or_is_not_promised_does_nothing() -> None:
    rules = ("clock: first_response, do: tag a", "clock: ownership, do: tag b")
    answered = a_ticket(entries=["ana replied"])
    assert swept(answered, minutes(999), some_settings(*rules)) == []


def test_a_rule_for_opening_hours_waits_for_them() -> None:
    """`START` is a sunday."""
    opening = START.replace(day=23, hour=9, minute=0, second=0)
    rules = ("clock: resolution, at: 25%, do: tag late, when: open",)
    settings = some_settings(*rules, calendar="office")
    closing = opening + timedelta(hours=8)
    p1 = a_ticket(priority="P3")
    assert swept(p1, opening + timedelta(minutes=59), settings) == []
    assert len(swept(p1, opening + timedelta(minutes=60), settings)) == 1
    assert swept(p1, closing, settings) == []
    assert swept(p1, opening + timedelta(days=1, seconds=-1), settings) == []
    assert len(swept(p1, opening + timedelta(days=1), settings)) == 1
    at_any_hour = some_settings("clock: resolution, at: 25%, do: tag late", calendar="office")
    assert len(swept(p1, closing, at_any_hour)) == 1


def test_a_rule_of_next_response_acts_once_in_every_exchange() -> None:
    settings = some_settings("clock: next_response, do: tag slow")
    ticket = a_ticket(entries=["ana replied"])
    for asked in (10, 200):
        asking = ticket.with_entry(an_entry("maria.lopez@acme.example wrote", asked))
        assert swept(asking, minutes(asked + 59), settings) == []
        (done,) = swept(asking, minutes(asked + 60), settings)
        assert swept(done.ticket, minutes(asked + 90), settings) == []
        ticket = done.ticket.with_entry(an_entry("ana replied", asked + 100))
        assert swept(ticket, minutes(asked + 110), settings) == []


def test_what_has_long_been_resolved_is_closed() -> None:
    settings = some_settings(more="close_resolved_after: 2h\n")
    ticket = a_ticket(entries=["ana changed status=resolved resolution=fixed"])
    assert swept(ticket, minutes(121) - timedelta(seconds=1), settings) == []
    (done,) = swept(ticket, minutes(121), settings)
    assert entries([done]) == [
        "desk changed status=closed Rule: close 2h after it was resolved",
    ]
    assert done.ticket.text("resolution") == "fixed"
    again = ticket.with_entry(an_entry("ana changed status=open resolution=", 60))
    again = again.with_entry(an_entry("ana changed status=resolved resolution=fixed", 100))
    assert swept(again, minutes(219), settings) == []
    assert len(swept(again, minutes(220), settings)) == 1


# ------------------------------------------------------------------------------ one sweep at once


def test_no_rule_sets_off_another() -> None:
    """At 75% of P3 the ticket becomes P2, whose 150% are used up as well: that rule has its turn
    in the next sweep, and not in a second one at the same instant."""
    settings = some_settings(
        "clock: resolution, at: 75%, do: priority up", "clock: resolution, at: 150%, do: tag late"
    )
    ticket = a_ticket(priority="P3")
    (up,) = swept(ticket, minutes(180), settings)
    assert up.ticket.text("priority") == "P2"
    assert swept(up.ticket, minutes(180), settings) == []
    (late,) = swept(up.ticket, minutes(181), settings)
    assert late.ticket.items("tags") == ("late",)
    assert swept(late.ticket, minutes(10_000), settings) == []


def test_rules_that_are_due_together_act_one_after_the_other() -> None:
    settings = some_settings(
        "clock: resolution, at: 50%, do: priority up", "clock: resolution, do: priority up"
    )
    done = swept(a_ticket(priority="P3"), minutes(240), settings)
    assert [each.ticket.text("priority") for each in done] == ["P2", "P1"]


def test_somebodys_entry_of_this_instant_is_no_sweep() -> None:
    settings = some_settings("clock: resolution, do: tag late")
    ticket = a_ticket().with_entry(an_entry("ana noted", 240, "Rule: of thumb"))
    (done,) = swept(ticket, minutes(240), settings)
    assert done.ticket.log[-1].at == minutes(240) + timedelta(seconds=1)
    assert swept(done.ticket, minutes(240), settings) == []


def test_a_log_that_is_ahead_of_now_is_swept_once() -> None:
    settings = some_settings(
        "clock: resolution, at: 75%, do: priority up", "clock: resolution, at: 150%, do: tag late"
    )
    ahead = a_ticket().with_entry(an_entry("ana noted", 9_000, "My clock is wrong."))
    (up,) = swept(ahead, minutes(180), settings)
    assert swept(up.ticket, minutes(180), settings) == []


_rules = st.builds(
    "clock: {}, at: {}%, do: {}".format,
    st.sampled_from(("first_response", "next_response", *["resolution"] * 4)),
    st.sampled_from((10, 25, 75, 100, 150, 300)),
    st.sampled_from((*["priority up"] * 4, "escalate", "tag late", "assign ana", "note Look")),
)
_entries = st.sampled_from(
    (
        "ana replied",
        "maria.lopez@acme.example wrote",
        "ana changed status=waiting",
        "ana changed status=open resolution=",
        "ana changed status=resolved resolution=fixed",
        "ana changed priority=P4",
        "desk noted",
    )
)


@SLOWER
@given(
    st.lists(_rules, min_size=2, max_size=6, unique=True),
    st.lists(st.tuples(st.integers(0, 400), _entries), max_size=6),
    st.lists(st.integers(0, 900), min_size=1, max_size=5),
)
def test_a_second_sweep_at_the_same_instant_does_nothing(
    rules: list[str], log: list[tuple[int, str]], sweeps: list[int]
) -> None:
    settings = some_settings(*rules, more="close_resolved_after: 3h\n")
    ticket = a_ticket(priority="P4", team="support", level="L1")
    for after, words in sorted(log):
        ticket = ticket.with_entry(an_entry(words, after))
    for after in sorted(sweeps):
        done = swept(ticket, minutes(after), settings)
        assert [each.before for each in done] == [ticket, *(each.ticket for each in done)][:-1]
        ticket = done[-1].ticket if done else ticket
        assert swept(ticket, minutes(after), settings) == []
    for rule in settings.escalation:
        acted = [entry for entry in ticket.log if rule.line in entry.text.split("\n")]
        assert rule.clock == "next_response" or len(acted) <= 1
