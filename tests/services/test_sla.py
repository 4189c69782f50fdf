"""Service levels as use cases: what a check looks at, and why something is due then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from desk.services.desk import Desk, open_desk
from desk.services.sla import check, explain, status
from tests.conftest import CONFIG, Shell

POLICIES = """\
calendars:
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
sla:
  - {name: changes, if: type:change}
  - name: network
    if: category:network
    calendar: always
    resolution: 2h
  - name: standard
    if: "-type:question"
    calendar: always
    first_response: {P1: 15m, P2: 2h, P3: 4h, P4: 8h}
    resolution: {P1: 1h, P2: 8h, P3: 24h, P4: 40h}
"""


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def stamp(clock: str) -> str:
    return f"2026-11-22T{clock}:00Z"


@pytest.fixture
def shell(make_desk: Callable[..., Shell]) -> Shell:
    return make_desk("hd", CONFIG + POLICIES)


def opened(shell: Shell, clock: str) -> Desk:
    return open_desk(shell.folder, at(clock), is_dated=True)


# ----------------------------------------------------------------------------------------- check


def test_a_check_looks_at_live_tickets_and_puts_the_longest_overdue_first(shell: Shell) -> None:
    slow = shell.id("new", "Slow", "-p", "P1", now=stamp("09:00"))
    slower = shell.id("new", "Slower", "-p", "P1", now=stamp("08:30"))
    done = shell.id("new", "Done", "-p", "P1", now=stamp("08:00"))
    shell("resolve", done, now=stamp("12:00"))
    shell("new", "A question", "-t", "question", now=stamp("08:00"))
    found = check(opened(shell, "09:50"))
    told = [(each.ticket.fields.id, each.name, each.clock.state) for each in found.breaches]
    assert told == [
        (slower, "first_response", "breached"),
        (slow, "first_response", "breached"),
        (slower, "resolution", "breached"),
        (slow, "resolution", "at_risk"),
    ]
    assert found.checked == 3
    assert {state: count for state, count in found.counts.items() if count} == {
        "breached": 3,
        "at_risk": 1,
    }
    assert found.breaches[2].over_seconds == 20 * 60


@pytest.mark.parametrize(
    ("fail_on", "clock", "is_clean"),
    [
        ("breached", "10:45", True),
        ("at-risk", "10:45", False),
        ("at-risk", "10:44", True),
        ("breached", "11:01", False),
        ("never", "11:01", True),
    ],
)
def test_what_a_check_fails_on(shell: Shell, fail_on: str, clock: str, is_clean: bool) -> None:
    ticket_id = shell.id("new", "Jams", "-p", "P1", "-r", "bob@acme.example", now=stamp("10:00"))
    shell("reply", ticket_id, "-m", "Which tray?", now=stamp("10:05"))
    found = check(opened(shell, clock), "", fail_on)
    assert found.is_clean is is_clean
    assert all(each.passes for each in found.findings()) is is_clean


def test_an_unreadable_ticket_is_never_clean(shell: Shell) -> None:
    ticket_id = shell.id("new", "Jams", now=stamp("10:00"))
    shell.file_of(ticket_id).write_text("nothing")
    found = check(opened(shell, "10:00"), "", "never")
    assert (found.is_clean, found.checked, found.breaches) == (False, 0, ())


# ---------------------------------------------------------------------------------------- status


def test_status_goes_by_names_before_words(shell: Shell) -> None:
    one = shell.id("new", "Printer", now=stamp("09:00"))
    two = shell.id("new", f"Like {one}", now=stamp("09:00"))
    desk = opened(shell, "10:00")
    assert [each.ticket.id for each in status(desk, [two, one], f"{two} {one}").shown] == [two, one]
    found = status(desk, [one, "like"], f"{one} like").shown
    assert [each.ticket.id for each in found] == [two]


# --------------------------------------------------------------------------------------- explain


def test_the_policies_that_were_tried(shell: Shell) -> None:
    ticket_id = shell.id("new", "Jams", "-p", "P2", now=stamp("09:00"))
    (told,) = explain(opened(shell, "10:00"), [ticket_id])
    assert [(policy.name, is_it) for policy, is_it in told.tried] == [
        ("changes", False),
        ("network", False),
        ("standard", True),
    ]
    assert [story.name for story in told.stories] == ["first_response", "resolution"]
    assert told.moves == ()


def test_a_policy_that_promises_nothing_and_no_policy_at_all(shell: Shell) -> None:
    change = shell.id("new", "New switch", "-t", "change", now=stamp("09:00"))
    question = shell.id("new", "How?", "-t", "question", now=stamp("09:00"))
    page = shell("sla", "explain", change, now=stamp("10:00")).out
    assert page.endswith(
        "policy    changes, if type:change: applies\nNothing is promised, so no clock runs.\n"
    )
    page = shell("sla", "explain", question, now=stamp("10:00")).out
    assert "policy    standard, if -type:question: does not match\n" in page
    assert page.endswith("policy    no policy matches\nNothing is promised, so no clock runs.\n")


def test_a_change_of_policy_that_moved_a_passed_due(shell: Shell) -> None:
    ticket_id = shell.id("new", "Slow", "-c", "network", "-p", "P2", now=stamp("09:00"))
    shell("edit", ticket_id, "-c", "software", now=stamp("11:30"))
    (told,) = explain(opened(shell, "12:00"), [ticket_id])
    (move,) = told.moves
    assert (move.clock, move.before, move.after) == ("resolution", at("11:00"), at("17:00"))
    page = shell("sla", "explain", ticket_id, now=stamp("12:00")).out
    assert page.endswith(
        "The resolution was due Sun 2026-11-22 11:00:00 and late already when ana changed its "
        "terms on Sun 2026-11-22 11:30:00; from then on it was due Sun 2026-11-22 17:00:00.\n"
    )


def test_what_is_ahead_stops_after_ten_days(shell: Shell) -> None:
    week = "calendars:\n  short: {timezone: UTC, hours: {mon-sun: 09:00-10:00}}\n"
    config = f"{CONFIG}{week}sla: [{{name: all, calendar: short, resolution: 12h}}]\n"
    (shell.folder / "config.yaml").write_text(config)
    ticket_id = shell.id("new", "Jams", now=stamp("09:00"))
    (told,) = explain(opened(shell, "09:30"), [ticket_id])
    (story,) = told.stories
    assert [part.seconds for part in story.ahead] == [1_800, *[3_600] * 9]
    assert story.has_more_ahead
    (told,) = explain(open_desk(shell.folder, datetime(2026, 11, 24, 10, tzinfo=UTC)), [ticket_id])
    (story,) = told.stories
    assert [part.seconds for part in story.ahead] == [3_600] * 9
    assert not story.has_more_ahead
