"""The workflow: every command on every status, against the table of the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain import workflow
from desk.domain.headings import parse_heading
from desk.domain.replay import differences
from desk.domain.settings import Person, Settings
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import (
    COMMANDS,
    Act,
    NotAllowed,
    allowed_commands,
    perform,
    step,
)
from desk.errors import Refused, UnknownName, UsageError
from tests.builders import ID, QUICK, START, a_ticket, acts, instants, minutes, some_settings, whos

LIVE = ("new", "open", "waiting", "hold")
DONE = ("resolved", "closed")
ANY = LIVE + DONE
PLAIN = some_settings()
IVO = Person("ivo", "Ivo Paz", "ivo@acme.example", "agent")
SETTINGS = replace(PLAIN, people={**PLAIN.people, "ivo": IVO}, teams=(*PLAIN.teams, "facilities"))
"""With somebody who has neither a level nor a team, and a team that serves no level."""


@dataclass(frozen=True)
class Row:
    """From which statuses, to which ("": the same), and the verb of the entry."""

    sources: tuple[str, ...]
    target: str
    verb: str
    act: Callable[[Ticket], Act]


def plainly(name: str, text: str = "", *others: Change) -> Callable[[Ticket], Act]:
    return lambda ticket: step(ticket, name, text, others)


TABLE = {
    "take": Row(LIVE, "open", "changed", plainly("take", "", Change("assignee", "=", "luis"))),
    "assign": Row(ANY, "", "changed", plainly("assign", "", Change("assignee", "=", "luis"))),
    "start": Row(("new", "waiting", "hold"), "open", "changed", plainly("start")),
    "resume": Row(("new", "waiting", "hold"), "open", "changed", plainly("resume")),
    "reply": Row(ANY, "", "replied", lambda ticket: workflow.reply(ticket, "Done.", False)),
    "reply --wait to": Row(
        LIVE, "waiting", "replied", lambda ticket: workflow.reply(ticket, "Which?", True)
    ),
    "tag": Row(ANY, "", "changed", plainly("tag", "", Change("tags", "+=", "vpn"))),
    "link": Row(ANY, "", "changed", plainly("link", "", Change("links", "+=", "relates X"))),
    "edit": Row(ANY, "", "changed", plainly("edit", "", Change("title", "=", "Other"))),
    "watch": Row(ANY, "", "changed", plainly("watch", "", Change("watchers", "+=", "ana"))),
    "split": Row(ANY, "", "changed", plainly("split", "", Change("links", "+=", "relates X"))),
    "worked": Row(ANY, "", "worked", lambda ticket: workflow.worked(ticket, 15)),
    "rate": Row(ANY, "", "rated", lambda ticket: workflow.rate(ticket, 4)),
    "wait": Row(("new", "open", "hold"), "waiting", "changed", plainly("wait")),
    "hold": Row(
        ("new", "open", "waiting"),
        "hold",
        "changed",
        lambda ticket: workflow.hold(ticket, "Parts.", None),
    ),
    "resolve": Row(
        LIVE, "resolved", "changed", lambda ticket: workflow.resolve(ticket, "workaround")
    ),
    "close": Row((*LIVE, "resolved"), "closed", "changed", workflow.close),
    "cancel": Row(LIVE, "closed", "changed", lambda ticket: workflow.cancel(ticket, "Mistake.")),
    "reopen": Row(DONE, "open", "changed", plainly("reopen", "It jams again.")),
    "escalate": Row(
        LIVE, "", "escalated", lambda ticket: workflow.escalate(ticket, SETTINGS, "Too hard.")
    ),
    "deescalate": Row(
        LIVE, "", "changed", lambda ticket: workflow.deescalate(ticket, SETTINGS, "Easy.")
    ),
    "merge": Row(
        LIVE, "closed", "changed", plainly("merge", "", Change("resolution", "=", "duplicate"))
    ),
}
"""Section 3 of the design, one act of each row."""

THERE_ALREADY = {
    *(("start", "open"), ("resume", "open")),
    *(("wait", "waiting"), ("close", "closed")),
}
"""Commands that would change nothing; they are no refusals."""


def standing(status: str, **fields: str) -> Ticket:
    return a_ticket(status, level="L2", team="sysadmin", assignee="ana", **fields)


def done(ticket: Ticket, act: Act) -> Ticket:
    return perform(ticket, act, minutes(60), "ana")


@pytest.mark.parametrize("status", ANY)
@pytest.mark.parametrize("name", TABLE)
def test_a_command_does_what_its_row_says_or_is_refused(name: str, status: str) -> None:
    row = TABLE[name]
    before = standing(status)
    if status in row.sources:
        after = done(before, row.act(before))
        assert after.status == (row.target or status)
        assert after.log[-1].verb == row.verb
        assert bool(after.text("resolution")) == (after.status in DONE)
        assert differences(after) == ()
    elif (name, status) in THERE_ALREADY:
        assert row.act(before).is_empty
    else:
        with pytest.raises(NotAllowed) as refusal:
            row.act(before)
        shown = "on hold" if status == "hold" else status
        assert refusal.value.message == f"cannot {name} {before.id}: it is {shown}"
        hint = refusal.value.hint.replace("; besides: ", ", ").partition("now: ")[2]
        assert sorted(hint.split(", ")) == sorted(allowed_commands(status))
        assert refusal.value.exit_code == 4


@pytest.mark.parametrize("status", ANY)
def test_the_commands_allowed_are_those_of_the_table(status: str) -> None:
    rows = {name: row.sources for name, row in TABLE.items() if " " not in name}
    rows |= {"note": ANY, "attach": ANY}
    assert set(allowed_commands(status)) == {n for n, sources in rows.items() if status in sources}


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        *(("reply", "text"), ("note", "text")),
        *((name, "reason") for name in ("hold", "cancel", "reopen", "escalate", "deescalate")),
        *((name, "optional") for name in ("resolve", "close", "take", "wait", "start", "worked")),
    ],
)
def test_what_text_a_command_needs(name: str, needs: str) -> None:
    assert COMMANDS[name].text == needs


def test_the_texts_that_the_requester_sees() -> None:
    assert {each.name for each in COMMANDS.values() if each.public} == {"reply", "resolve", "close"}


@pytest.mark.parametrize("name", ["start", "wait", "take", "assign", "tag"])
def test_only_changes_not_in_force_yet_are_made(name: str) -> None:
    act = TABLE[name].act
    once = done(standing("new"), act(standing("new")))
    assert act(once).is_empty


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        (Change("tags", "+=", "vpn"), (Change("tags", "+=", "vpn"),)),
        (Change("tags", "-=", "vpn"), ()),
    ],
)
def test_a_ticket_that_does_not_say_its_status_goes_on_not_saying_it(
    change: Change, changes: tuple[Change, ...]
) -> None:
    silent = Ticket({"id": ID, "created": "2026-11-22T09:34:35Z"}, ())
    assert step(silent, "tag", others=(change,)) == Act("changed", changes)
    assert step(silent, "start") == Act("changed", (Change("status", "=", "open"),))


def test_an_act_is_empty_that_says_and_changes_nothing() -> None:
    assert Act("noted").is_empty
    assert not Act("noted", text="Hm.").is_empty
    assert not Act("changed", (Change("tags", "+=", "vpn"),)).is_empty


def test_nothing_to_do_but_something_to_say_is_refused_off_the_table() -> None:
    with pytest.raises(NotAllowed):
        step(standing("closed"), "close", "Bye.")


# What each command touches


def test_take_makes_it_mine() -> None:
    mine = Change("assignee", "=", "luis")
    after = done(standing("new"), step(standing("new"), "take", "", (mine,)))
    assert after.log[-1].changes == (Change("status", "=", "open"), mine)


@pytest.mark.parametrize("name", ["start", "resume", "wait", "take"])
def test_what_ends_a_hold_clears_its_date(name: str) -> None:
    until = minutes(600)
    held = done(standing("open"), workflow.hold(standing("open"), "Parts.", until))
    assert held.text("until") == "2026-11-22T19:34:35Z"
    after = done(held, step(held, name))
    assert "until" not in after.values
    assert Change("until", "=", "") in after.log[-1].changes


def test_a_hold_keeps_its_reason_for_the_team() -> None:
    act = workflow.hold(standing("open"), "Parts.", minutes(60))
    changes = (Change("status", "=", "hold"), Change("until", "=", "2026-11-22T10:34:35Z"))
    assert act == Act("changed", changes, "Parts.")


@pytest.mark.parametrize("resolution", ["fixed", "workaround", "duplicate", "declined"])
def test_resolving_says_how(resolution: str) -> None:
    changes = (Change("status", "=", "resolved"), Change("resolution", "=", resolution))
    assert workflow.resolve(standing("open"), resolution) == Act("changed", changes)


@pytest.mark.parametrize(
    "end", [lambda t: workflow.resolve(t, "fixed", "Hi."), lambda t: workflow.close(t, "Hi.")]
)
def test_an_end_with_a_text_is_a_reply(end: Callable[[Ticket], Act]) -> None:
    assert end(standing("open")).verb == "replied"


def test_closing_what_has_no_resolution_says_fixed() -> None:
    changes = (Change("status", "=", "closed"), Change("resolution", "=", "fixed"))
    assert workflow.close(standing("waiting")) == Act("changed", changes)


def test_closing_keeps_the_resolution() -> None:
    resolved = standing("resolved", resolution="declined")
    assert workflow.close(resolved) == Act("changed", (Change("status", "=", "closed"),))


def test_cancelling_says_so_internally() -> None:
    changes = (Change("status", "=", "closed"), Change("resolution", "=", "cancelled"))
    assert workflow.cancel(standing("new"), "Mistake.") == Act("changed", changes, "Mistake.")


def test_reopening_clears_the_resolution() -> None:
    changes = (Change("status", "=", "open"), Change("resolution", "=", ""))
    assert step(standing("closed"), "reopen", "Again.") == Act("changed", changes, "Again.")


# The requester's word


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("new", ()),
        ("open", (Change("status", "=", "open"),)),
        ("waiting", (Change("status", "=", "open"),)),
        ("resolved", (Change("status", "=", "open"), Change("resolution", "=", ""))),
        ("closed", (Change("status", "=", "open"), Change("resolution", "=", ""))),
    ],
)
def test_what_the_requester_writes_opens_a_ticket_that_is_not_new(
    status: str, changes: tuple[Change, ...]
) -> None:
    act = workflow.requester_wrote(standing(status), "The lower one.", "maria@acme.example")
    assert act == Act("wrote", changes, "The lower one.", "maria@acme.example")


def test_what_the_requester_writes_ends_a_hold() -> None:
    held = done(standing("open"), workflow.hold(standing("open"), "Parts.", minutes(600)))
    after = done(held, workflow.requester_wrote(held, "They came.", "maria@acme.example"))
    assert (after.status, after.text("until")) == ("open", "")


def test_an_agents_reply_leaves_the_status() -> None:
    assert workflow.reply(standing("closed"), "Glad.", False) == Act("replied", (), "Glad.")


# The ladder


def handed(ticket: Ticket) -> tuple[str, str, str]:
    return ticket.text("level"), ticket.text("team"), ticket.text("assignee")


@pytest.mark.parametrize(
    ("level", "up", "down"),
    [
        ("", ("L2", "sysadmin", ""), None),
        ("L1", ("L2", "sysadmin", ""), None),
        ("L2", ("L3", "engineering", ""), ("L1", "support", "")),
        ("L3", ("vendor", "external", ""), ("L2", "sysadmin", "")),
        ("vendor", None, ("L3", "engineering", "")),
        ("L9", None, None),
    ],
)
def test_a_rung_up_and_a_rung_down(
    level: str, up: tuple[str, str, str] | None, down: tuple[str, str, str] | None
) -> None:
    before = a_ticket(level=level, team="support", assignee="ana")
    for move, expected in ((workflow.escalate, up), (workflow.deescalate, down)):
        if expected is None:
            with pytest.raises(Refused, match=f"cannot move {before.id}"):
                move(before, SETTINGS, "Reason.")
        else:
            assert handed(done(before, move(before, SETTINGS, "Reason."))) == expected


@pytest.mark.parametrize("move", [workflow.escalate, workflow.deescalate])
@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("L3", ("L3", "engineering", "")),
        ("l3", ("L3", "engineering", "")),
        ("engineering", ("L3", "engineering", "")),
        ("luis", ("L2", "sysadmin", "luis")),
        ("@luis", ("L2", "sysadmin", "luis")),
        ("LUIS@acme.example", ("L2", "sysadmin", "luis")),
        ("eva", ("L1", "support", "eva")),
        ("ivo", ("L1", "support", "ivo")),
        ("facilities", ("L1", "facilities", "")),
    ],
)
def test_handing_over_by_name(
    move: Callable[[Ticket, Settings, str, str], Act], to: str, expected: tuple[str, str, str]
) -> None:
    before = a_ticket(level="L1", team="support", assignee="ana")
    assert handed(done(before, move(before, SETTINGS, "Reason.", to))) == expected


def test_a_name_that_nobody_has_gets_a_guess() -> None:
    with pytest.raises(UnknownName, match="unknown level, team or person `luiz`; did you mean"):
        workflow.escalate(standing("open"), SETTINGS, "Reason.", "luiz")


def test_nothing_is_handed_to_those_who_left() -> None:
    with pytest.raises(Refused, match=r"Olga Dias .* has left"):
        workflow.escalate(standing("open"), SETTINGS, "Reason.", "olga")


@pytest.mark.parametrize(
    ("level", "fault"),
    [
        ("L9", "its level `L9` is not one of `levels`"),
        ("vendor", "there is no level above vendor"),
    ],
)
def test_why_there_is_no_rung(level: str, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        workflow.escalate(a_ticket(level=level), SETTINGS, "Reason.")


def test_a_help_desk_without_levels_has_no_ladder() -> None:
    with pytest.raises(Refused, match=r"config\.yaml has no `levels`"):
        workflow.escalate(a_ticket(), Settings(), "Reason.")


@pytest.mark.parametrize("status", DONE)
@pytest.mark.parametrize(
    ("move", "level", "to"),
    [
        (workflow.escalate, "vendor", ""),
        (workflow.deescalate, "L1", ""),
        (workflow.escalate, "L1", "nosuch"),
    ],
)
def test_a_ticket_that_is_done_goes_nowhere_whatever_the_ladder_says(
    move: Callable[[Ticket, Settings, str, str], Act], level: str, to: str, status: str
) -> None:
    with pytest.raises(NotAllowed):
        move(a_ticket(status, level=level), SETTINGS, "Reason.", to)


# Work and ratings


def test_work_is_in_minutes() -> None:
    assert workflow.worked(standing("closed"), 15, "Rollers.") == Act(
        "worked", (Change("minutes", "=", "15"),), "Rollers."
    )


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_rating_outside_its_range_is_refused(score: int) -> None:
    with pytest.raises(UsageError, match="from 1 to 5"):
        workflow.rate(standing("closed"), score)


@pytest.mark.parametrize("score", [1, 5])
def test_a_rating_is_kept(score: int) -> None:
    act = workflow.rate(standing("closed"), score, "Thanks.")
    assert act == Act("rated", (Change("score", "=", str(score)),), "Thanks.")


# The entry of an act


@pytest.mark.parametrize(
    ("now", "by", "at"),
    [
        (minutes(5), "luis", minutes(5)),
        (minutes(5) + timedelta(microseconds=999_999), "luis", minutes(5)),
        (minutes(1), "ana", minutes(1)),
        (minutes(1), "luis", minutes(1) + timedelta(seconds=1)),
        (minutes(1) + timedelta(microseconds=5), "luis", minutes(1) + timedelta(seconds=1)),
        (START, "ana", minutes(1)),
        (START, "luis", minutes(1) + timedelta(seconds=1)),
    ],
)
def test_when_an_entry_is_dated(now: datetime, by: str, at: datetime) -> None:
    ticket = a_ticket(entries=["ana noted"])
    assert perform(ticket, Act("noted", text="Hm."), now, by).log[-1].at == at


@pytest.mark.parametrize(
    ("last", "by", "later"),
    [
        ("ana", "ana@acme.example", False),
        ("ana@acme.example", "ana", False),
        ("ANA@acme.example", "ana@acme.example", False),
        ("luis@acme.example", "luis", False),
        ("ana", "luis@acme.example", True),
        ("bob@acme.example", "BOB@acme.example", False),
        ("bob@acme.example", "ana", True),
        ("desk", "ana", True),
        ("requester", "ana", True),
    ],
)
def test_a_handle_and_an_address_are_one_person(last: str, by: str, later: bool) -> None:
    ticket = a_ticket(entries=[f"{last} noted"])
    after = perform(ticket, Act("noted", text="Hm."), START, by, some_settings())
    assert after.log[-1].at == minutes(1) + timedelta(seconds=later)


def test_an_entry_has_its_changes_in_the_order_of_the_table() -> None:
    changes = (
        Change("fields.b", "=", "1"),
        Change("odd", "=", "x"),
        Change("tags", "-=", "b"),
        Change("assignee", "=", "ana"),
        Change("fields.a", "=", "1"),
        Change("tags", "+=", "a"),
        Change("title", "=", "New"),
        Change("status", "=", "open"),
    )
    after = perform(a_ticket("new", tags=("b",)), Act("changed", changes), minutes(9), "ana")
    assert after.log[-1].heading.split(" ", 3)[3] == (
        "title=New status=open assignee=ana tags-=b tags+=a fields.a=1 fields.b=1 odd=x"
    )


def test_an_act_becomes_an_entry_with_its_heading() -> None:
    after = perform(
        a_ticket("new"),
        workflow.resolve(a_ticket("new"), "fixed", "Rollers.\r\n"),
        minutes(9),
        "luis",
    )
    heading = "2026-11-22T09:43:35Z luis replied status=resolved resolution=fixed"
    assert after.log[-1] == parse_heading(heading, "Rollers.")


def test_a_text_that_no_ticket_may_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        perform(a_ticket(), Act("noted", text="\0"), START, "ana")


@QUICK
@given(st.lists(st.tuples(acts, instants, whos), max_size=5))
def test_the_log_stays_in_order_and_agrees_with_the_front_matter(
    steps: list[tuple[Act, datetime, str]],
) -> None:
    ticket = a_ticket("new")
    for act, now, by in steps:
        last = ticket.log[-1]
        ticket = perform(ticket, act, now, by)
        new = ticket.log[-1]
        assert new.at > last.at or (new.at == last.at and new.by == last.by)
        assert new.at in (now, last.at, last.at + timedelta(seconds=1))
        assert ticket.updated.tzinfo is UTC
    assert differences(ticket) == ()


names = st.sampled_from(sorted(TABLE))


@QUICK
@given(st.lists(names, max_size=12))
def test_no_verb_leaves_the_table(chosen: list[str]) -> None:
    ticket = standing("new")
    for name in chosen:
        row, status = TABLE[name], ticket.status
        try:
            act = row.act(ticket)
        except Refused:
            continue
        after = done(ticket, act) if not act.is_empty else ticket
        assert after.status == (row.target or status)
        assert status in row.sources or after == ticket
        assert differences(after) == ()
        ticket = after
