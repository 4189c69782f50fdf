"""Moving tickets along: every step of the workflow's table, and every step that it lacks."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.cli.files import commits, front, headings, last_entry
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

LIVE = ("new", "open", "waiting", "hold")
STATUSES = (*LIVE, "resolved", "closed")
INTO: dict[str, tuple[str, ...]] = {
    "new": (),
    "open": ("start", PRINTER),
    "waiting": ("wait", PRINTER),
    "hold": ("hold", PRINTER, "-m", "Parts."),
    "resolved": ("resolve", PRINTER),
    "closed": ("close", PRINTER),
}
"""What leads a new ticket into each status."""

WHY = ("-m", "Because.")
STEPS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "take": (LIVE, "open", ()),
    "assign": (STATUSES, "", ("luis",)),
    "start": (("new", "waiting", "hold"), "open", ()),
    "resume": (("new", "waiting", "hold"), "open", ()),
    "reply": (STATUSES, "", WHY),
    "note": (STATUSES, "", WHY),
    "edit": (STATUSES, "", ("-p", "P1")),
    "tag": (STATUSES, "", ("loud",)),
    "worked": (STATUSES, "", ("15m",)),
    "rate": (STATUSES, "", ("5",)),
    "watch": (STATUSES, "", ()),
    "wait": (("new", "open", "hold"), "waiting", ()),
    "hold": (("new", "open", "waiting"), "hold", WHY),
    "resolve": (LIVE, "resolved", ()),
    "close": ((*LIVE, "resolved"), "closed", ()),
    "cancel": (LIVE, "closed", WHY),
    "reopen": (("resolved", "closed"), "open", WHY),
    "escalate": (LIVE, "", WHY),
    "deescalate": (LIVE, "", (*WHY, "--to", "sysadmin")),
}
"""The workflow as the documentation has it: from which statuses, to which, and what it needs."""


def a_ticket(desk: Shell, status: str = "new") -> None:
    desk("new", "Printer jams", "-r", "maria@acme.example")
    if INTO[status]:
        desk(*INTO[status])


@pytest.mark.parametrize("status", STATUSES)
def test_every_command_follows_the_table(desk: Shell, status: str) -> None:
    """From each status every command: where the table leads, or a refusal."""
    a_ticket(desk, status)
    before = desk.file_of(PRINTER).read_bytes()
    for command, (sources, target, needs) in STEPS.items():
        desk.file_of(PRINTER).write_bytes(before)
        words = (command, PRINTER, *needs, "--no-commit")
        if status in sources:
            assert desk(*words).out == f"{PRINTER}\n", command
            assert front(desk, PRINTER)["status"] == (target or status), command
        elif status == target and not needs:
            done = desk(*words)
            assert (done.code, done.out) == (0, "")
            assert re.fullmatch(rf"{PRINTER} is \w+ already; nothing was written\n", done.err)
            assert desk.file_of(PRINTER).read_bytes() == before
        else:
            allowed = [name for name, step in STEPS.items() if status in step[0]]
            refused = desk(*words, code=4)
            assert refused.out == ""
            said, _, now = refused.err.strip().partition("now: ")
            shown = "on hold" if status == "hold" else status
            assert said.startswith(f"desk: cannot {command} {PRINTER}: it is {shown}; "), command
            moving, besides = (part.split(", ") for part in now.split("; besides: "))
            assert {*moving, *besides} - {"link", "attach", "merge", "split"} == set(allowed)
            assert all(STEPS[name][1] for name in moving if name != "merge")
            assert not any(STEPS[name][1] for name in besides if name in STEPS)
            assert desk.file_of(PRINTER).read_bytes() == before


# ---------------------------------------------------------------------------- take, assign, start


def test_take_makes_a_ticket_mine_and_opens_it(desk: Shell) -> None:
    a_ticket(desk)
    assert desk("take", "1", user="luis") == Result(
        0, f"{PRINTER}\n", f"{PRINTER} Printer jams: new → open, assignee luis\n"
    )
    assert last_entry(desk, PRINTER) == "luis changed status=open assignee=luis"
    assert desk("take", PRINTER, user="luis") == Result(
        0, "", f"{PRINTER} is open and yours already; nothing was written\n"
    )
    assert len(headings(desk, PRINTER)) == 2
    assert len(commits(desk)) == 3


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (["luis"], "ana changed assignee=luis"),
        (["luis@acme.example"], "ana changed assignee=luis"),
        (["@me"], "ana changed assignee=ana"),
        (["luis", "--team", "sysadmin"], "ana changed assignee=luis team=sysadmin"),
        (["--team", "sysadmin"], "ana changed team=sysadmin"),
        (["eva", "-m", "Please."], "ana changed assignee=eva\n\nPlease."),
    ],
)
def test_assign(desk: Shell, words: list[str], heading: str) -> None:
    a_ticket(desk)
    desk("assign", PRINTER, *words)
    assert last_entry(desk, PRINTER) == heading
    assert front(desk, PRINTER)["status"] == "new"


def test_assign_to_nobody(desk: Shell) -> None:
    a_ticket(desk)
    assert desk("assign", PRINTER, "nobody").err == (
        f"{PRINTER} is assigned like that already; nothing was written\n"
    )
    desk("take", PRINTER)
    assert desk("assign", PRINTER, "nobody").err == f"{PRINTER} Printer jams: no assignee\n"
    assert last_entry(desk, PRINTER) == "ana changed assignee="
    assert "assignee" not in front(desk, PRINTER)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["anna"], 4, "unknown person `anna`; did you mean `ana`?"),
        (["zzz"], 4, "unknown person `zzz`; there are ana, luis, eva, root"),
        (["old"], 4, "Olga Dias (`old`) has left; assign it to somebody else"),
        (["luis", "--team", "supprt"], 4, "unknown team `supprt`; did you mean `support`?"),
        ([], 2, f"say to whom; write `desk assign {PRINTER} @me`, or a handle, or nobody"),
    ],
)
def test_assign_refuses(desk: Shell, words: list[str], code: int, said: str) -> None:
    a_ticket(desk)
    assert desk("assign", PRINTER, *words, code=code) == Result(code, "", f"desk: {said}\n")


@pytest.mark.parametrize("command", ["start", "resume"])
def test_start_and_resume_end_a_hold(desk: Shell, command: str) -> None:
    a_ticket(desk)
    desk("hold", PRINTER, "-m", "Parts.", "--until", "2026-12-01")
    desk(command, PRINTER, "-m", "They are here.")
    assert last_entry(desk, PRINTER) == "ana changed status=open until=\n\nThey are here."
    assert "until" not in front(desk, PRINTER)


# ------------------------------------------------------------------------------------------- hold


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        ("2026-12-01", "2026-11-30T23:00:00Z"),
        ("2026-12-01 09:30", "2026-12-01T08:30:00Z"),
        ("2026-12-01T09:30:00Z", "2026-12-01T09:30:00Z"),
        ("tomorrow", "2026-11-22T23:00:00Z"),
        ("+3d", "2026-11-25T09:34:35Z"),
    ],
)
def test_hold_until_a_date_in_the_help_desks_zone(desk: Shell, when: str, instant: str) -> None:
    a_ticket(desk)
    desk("hold", PRINTER, "-m", "New rollers.", "--until", when)
    assert last_entry(desk, PRINTER) == f"ana changed status=hold until={instant}\n\nNew rollers."


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("tomorow", "`tomorow` is not a date; did you mean `tomorrow`?"),
        ("soon", "`soon` is not a date; write 2026-12-01, tomorrow, 2026-12-01 09:30 or +3d"),
        ("+1w", "`1w` counts weeks: write 7d"),
    ],
)
def test_hold_until_something_else_is_a_usage_error(desk: Shell, when: str, said: str) -> None:
    a_ticket(desk)
    assert desk("hold", PRINTER, "-m", "x", "--until", when, code=2).err == f"desk: {said}\n"


def test_a_hold_cannot_end_in_the_past(desk: Shell) -> None:
    a_ticket(desk)
    refused = desk("hold", PRINTER, "-m", "x", "--until", "2026-11-22 10:34", code=4)
    assert refused == Result(
        4,
        "",
        "desk: a hold cannot end at 2026-11-22 10:34, which is past; give a later --until, such as "
        "+3d, or `desk resume` the ticket\n",
    )
    assert len(headings(desk, PRINTER)) == 1


def test_what_is_on_hold_gets_a_new_date_and_people_read_it_in_their_zone(desk: Shell) -> None:
    a_ticket(desk)
    first = desk("hold", PRINTER, "-m", "Parts.", "--until", "2026-12-01")
    assert first.err == f"{PRINTER} Printer jams: new → hold, until 2026-12-01 00:00\n"
    later = desk("hold", PRINTER, "-m", "Late.", "--until", "2026-12-03 09:30")
    assert later.err == f"{PRINTER} Printer jams: until 2026-12-03 09:30\n"
    assert last_entry(desk, PRINTER) == "ana changed until=2026-12-03T08:30:00Z\n\nLate."
    assert "ana changed: until 2026-12-03 09:30" in desk("log", PRINTER, "-o", "table").out
    assert "hold, until 2026-12-01 00:00" in desk("show", PRINTER, "-o", "table").out
    refused = desk("hold", PRINTER, "-m", "x", code=4).err
    assert refused.startswith(
        f"desk: cannot hold {PRINTER}: it is on hold; --until gives it a new date; now: take, "
    )


@pytest.mark.parametrize("command", ["hold", "cancel", "reopen", "escalate", "deescalate"])
def test_a_reason_is_needed(desk: Shell, command: str) -> None:
    a_ticket(desk, "resolved" if command == "reopen" else "open")
    missing = "desk: the reason is missing; give it with -m TEXT, or -F FILE (- for stdin)\n"
    assert desk(command, PRINTER, code=2) == Result(2, "", missing)
    empty = "desk: the reason is empty; nothing was written; give it with -m TEXT\n"
    assert desk(command, PRINTER, "-m", " ", code=4) == Result(4, "", empty)
    assert len(headings(desk, PRINTER)) == 2


# --------------------------------------------------------------- resolve, close, cancel, reopen


@pytest.mark.parametrize("how", ["fixed", "workaround", "duplicate", "declined", "cancelled"])
def test_resolve_as(desk: Shell, how: str) -> None:
    a_ticket(desk)
    desk("resolve", PRINTER, *([] if how == "fixed" else ["--as", how]))
    assert last_entry(desk, PRINTER) == f"ana changed status=resolved resolution={how}"


def test_resolve_as_something_else_is_a_usage_error(desk: Shell) -> None:
    a_ticket(desk)
    assert desk("resolve", PRINTER, "--as", "fixd", code=2).err == (
        "desk: unknown resolution `fixd`; did you mean `fixed`?\n"
    )


@pytest.mark.parametrize(("command", "status"), [("resolve", "resolved"), ("close", "closed")])
def test_the_text_of_an_end_is_a_public_answer(desk: Shell, command: str, status: str) -> None:
    a_ticket(desk)
    desk(command, PRINTER, "-m", "Cleaned the rollers.")
    assert last_entry(desk, PRINTER) == (
        f"ana replied status={status} resolution=fixed\n\nCleaned the rollers."
    )


def test_close_keeps_the_resolution(desk: Shell) -> None:
    a_ticket(desk)
    desk("resolve", PRINTER, "--as", "workaround")
    desk("close", PRINTER)
    assert last_entry(desk, PRINTER) == "ana changed status=closed"
    assert front(desk, PRINTER)["resolution"] == "workaround"


def test_cancel_and_reopen(desk: Shell) -> None:
    a_ticket(desk)
    desk("cancel", PRINTER, "-m", "Asked by mistake.")
    assert last_entry(desk, PRINTER) == (
        "ana changed status=closed resolution=cancelled\n\nAsked by mistake."
    )
    desk("reopen", PRINTER, "-m", "It was not.")
    assert last_entry(desk, PRINTER) == "ana changed status=open resolution=\n\nIt was not."
    assert "resolution" not in front(desk, PRINTER)


# ---------------------------------------------------------------------------------------- ladder


def test_escalate_goes_up_a_level_and_takes_it_off_everybody(desk: Shell) -> None:
    a_ticket(desk)
    desk("take", PRINTER)
    desk("escalate", PRINTER, "-m", "A new driver.")
    assert last_entry(desk, PRINTER) == (
        "ana escalated assignee= team=sysadmin level=L2\n\nA new driver."
    )
    assert front(desk, PRINTER)["status"] == "open"
    desk("deescalate", PRINTER, "-m", "It was the cable.")
    assert last_entry(desk, PRINTER) == "ana changed team=support level=L1\n\nIt was the cable."


@pytest.mark.parametrize(
    ("to", "changes"),
    [
        ("L3", "team=engineering level=L3"),
        ("l3", "team=engineering level=L3"),
        ("engineering", "team=engineering level=L3"),
        ("luis", "assignee=luis team=sysadmin level=L2"),
        ("@luis", "assignee=luis team=sysadmin level=L2"),
    ],
)
def test_escalate_to_a_level_a_team_or_a_person(desk: Shell, to: str, changes: str) -> None:
    a_ticket(desk)
    desk("escalate", PRINTER, "-m", "x", "--to", to)
    assert last_entry(desk, PRINTER) == f"ana escalated {changes}\n\nx"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["escalate", "--to", "L9"],
            (
                "unknown level, team or person `L9`; there are L1, L2, L3, support, "
                "sysadmin, engineering, ana, luis, eva, root"
            ),
        ),
        (["escalate", "--to", "old"], "Olga Dias (`old`) has left; name somebody else"),
        (
            ["deescalate"],
            (f"cannot move {PRINTER}: there is no level below L1; name where it goes with --to"),
        ),
    ],
)
def test_the_ladder_refuses(desk: Shell, words: list[str], said: str) -> None:
    a_ticket(desk)
    refused = desk(words[0], PRINTER, "-m", "x", *words[1:], code=4)
    assert refused == Result(4, "", f"desk: {said}\n")


def test_there_is_no_level_above_the_last(desk: Shell) -> None:
    a_ticket(desk)
    desk("escalate", PRINTER, "-m", "x", "--to", "L3")
    assert desk("escalate", PRINTER, "-m", "x", code=4).err == (
        f"desk: cannot move {PRINTER}: there is no level above L3; name where it goes with --to\n"
    )


# ---------------------------------------------------------------------------------------- worked


@pytest.mark.parametrize(("time", "minutes"), [("15m", 15), ("1h30m", 90), ("2h", 120)])
def test_worked(desk: Shell, time: str, minutes: int) -> None:
    a_ticket(desk)
    desk("worked", PRINTER, time, "-m", "Cleaned.")
    assert last_entry(desk, PRINTER) == f"ana worked minutes={minutes}\n\nCleaned."


def test_what_was_done_is_said(desk: Shell) -> None:
    a_ticket(desk)
    said = f"{PRINTER} Printer jams: "
    assert desk("worked", PRINTER, "1h30m").err == f"{said}1h 30m of work logged\n"
    assert desk("rate", PRINTER, "5").err == f"{said}rated 5\n"
    assert desk("watch", PRINTER).err == f"{said}watched by you\n"
    assert desk("watch", PRINTER, "--remove").err == f"{said}no longer watched by you\n"
    assert desk("escalate", PRINTER, "-m", "x").err == f"{said}escalated to L2, team sysadmin\n"
    assert desk("deescalate", PRINTER, "-m", "x").err == (
        f"{said}handed down to L1, team support\n"
    )
    assert desk("edit", PRINTER, "--title", "Jam").err == (
        f"{PRINTER} Jam: renamed, it was: Printer jams\n"
    )
    (desk.folder / "a.txt").write_text("x")
    assert desk("attach", PRINTER, "a.txt", "-m", "Look.").err == f"{PRINTER} Jam: attached a.txt\n"


@pytest.mark.parametrize("time", ["15", "90s", "0m", "1d", "-15m", "soon", "", "1h 30m x"])
def test_worked_needs_whole_minutes(desk: Shell, time: str) -> None:
    a_ticket(desk)
    refused = desk("worked", PRINTER, "--", time, code=2)
    assert refused.out == ""
    assert refused.err == f"desk: `{time}` is no number of minutes; write 15m or 1h30m\n"
    assert len(headings(desk, PRINTER)) == 1


# --------------------------------------------------------------------------------- many at once


def test_many_tickets_are_one_commit(desk: Shell) -> None:
    for title in ("Printer", "VPN", "Laptop"):
        desk("new", title)
    done = desk("close", PRINTER, LAPTOP, "00003", VPN, "-m", "Moved house.")
    assert done == Result(
        0,
        f"{PRINTER}\n{LAPTOP}\n{VPN}\n",
        f"{PRINTER} Printer: replied, new → closed, resolution fixed\n"
        f"{LAPTOP} Laptop: replied, new → closed, resolution fixed\n"
        f"{VPN} VPN: replied, new → closed, resolution fixed\n",
    )
    assert commits(desk)[0] == "3 tickets close"
    assert len(commits(desk)) == 5


def test_one_that_refuses_stops_them_all_and_every_refusal_is_named(desk: Shell) -> None:
    for title in ("Printer", "VPN", "Laptop"):
        desk("new", title)
    desk("close", VPN, LAPTOP)
    refused = desk("hold", PRINTER, VPN, LAPTOP, "-m", "x", code=4)
    assert refused.out == ""
    first, second = refused.err.splitlines()
    assert f"cannot hold {VPN}: it is closed" in first
    assert second.startswith(f"desk: cannot hold {LAPTOP}: it is closed; now: ")
    assert front(desk, PRINTER)["status"] == "new"
    missing = desk("hold", "HD-2611-ZZZZ1", PRINTER, "HD-2611-ZZZZ2", "-m", "x", code=3)
    assert "ZZZZ1" in missing.err.splitlines()[0]
    assert "ZZZZ2" in missing.err.splitlines()[1]


def test_those_that_change_are_written_and_the_others_named(desk: Shell) -> None:
    desk("new", "Printer")
    desk("new", "VPN")
    desk("close", PRINTER)
    assert desk("close", PRINTER, VPN) == Result(
        0,
        f"{VPN}\n",
        f"{VPN} VPN: new → closed, resolution fixed\n"
        f"{PRINTER} is closed already; nothing was written\n",
    )
    assert commits(desk)[0] == f"{VPN} close: VPN"


def test_the_second_entry_of_an_instant_by_another_person_is_a_second_later(desk: Shell) -> None:
    a_ticket(desk)
    desk("note", PRINTER, "-m", "One.")
    desk("note", PRINTER, "-m", "Two.", user="luis")
    desk("note", PRINTER, "-m", "Three.", now="2026-11-22T09:00:00Z", user="luis")
    lines = desk.file_of(PRINTER).read_text().split("\n")
    assert [line for line in lines if " noted" in line] == [
        "## 2026-11-22T09:34:35Z ana noted",
        "## 2026-11-22T09:34:36Z luis noted",
        "## 2026-11-22T09:34:36Z luis noted",
    ]
