"""Whose turn it is: today, next, team."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import LEVELS, PRINTER, VPN
from tests.conftest import CONFIG, Result, Shell

ROW_VPN = f"{VPN}\tP1\tnew\t\t2026-11-22T09:30:00Z\t2026-11-22T09:15:00Z\tVPN is down\n"
ROW_PRINTER = (
    f"{PRINTER}\tP2\twaiting\tana\t\t2026-11-22T09:10:00Z\tPrinter on the third floor jams\n"
)


def test_my_day_is_what_is_mine_and_what_my_teams_have_not_taken(library: Shell) -> None:
    assert library("today") == Result(0, ROW_PRINTER, "")
    assert library("today", user="luis") == Result(0, ROW_VPN, "")
    assert library("today", user="eva") == Result(0, ROW_VPN, "")
    assert library("today", user="root") == Result(0, "", "nothing is waiting for you\n")


def test_my_day_goes_by_what_is_due_next(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {
        "To answer": ["take"],
        "To work on": ["reply -m Hello", "take"],
        "Back from hold": ["take", "hold -m x --until tomorrow"],
        "Waiting": ["take", "hold -m x --until 2027-01-01"],
        "To take": [],
    }
    for title, commands in reversed(words.items()):
        ticket_id = desk.id("new", title, "-r", "maria@acme.example")
        for command in commands:
            name, *rest = command.split()
            desk(name, ticket_id, *rest)
    monkeypatch.setenv("NO_COLOR", "1")
    shown = desk("today", "-o", "md", "--fields", "title").out
    assert (
        shown
        == "\n\n".join(f"## {title} (1)\n| title |\n|---|\n| {title} |" for title in words) + "\n"
    )
    desk.git("commit", "--quiet", "--allow-empty", "-m", "x")
    assert desk("today", "--fields", "title").out.splitlines() == list(words)


def test_my_day_needs_somebody(library: Shell) -> None:
    assert library("today", user="ghost", code=4) == Result(
        4,
        "",
        "desk: DESK_USER says `ghost`, who is not in `people`; set it to a handle or an address\n",
    )


def test_who_is_mistyped_is_guessed(library: Shell) -> None:
    assert library("today", user="anna", code=4).err == (
        "desk: DESK_USER says `anna`, who is not in `people`; did you mean `ana`?\n"
    )


def test_next_is_one_ticket_that_can_be_worked_on(library: Shell) -> None:
    assert library("next", "-o", "ids", user="luis") == Result(0, f"{VPN}\n", "")
    assert library("next") == Result(0, "", "nothing is waiting for you\n")
    document = json.loads(library("next", "-o", "json").out)
    assert (document["schema"], document["tickets"]) == ("desk.tickets/1", [])
    page = library("next", "--color", "never", user="luis", terminal=True)
    assert page.out.startswith(f"{VPN}  VPN is down\n\nstatus          new\n")
    assert page.err == f"nobody has it yet: desk take {VPN}\n"


def test_why_a_ticket_is_next(library: Shell) -> None:
    page = library("next", "--why", "--color", "never", user="luis", terminal=True)
    assert page == Result(
        0,
        f"{VPN}  VPN is down\n\n"
        "whose     nobody's\n"
        "late      late, P1\n"
        "due       first response, 2026-11-22 10:30, 4m 35s over\n"
        "priority  P1\n"
        "waiting   19m 35s, bob@acme.example\n"
        "age       19m 35s\n\n"
        "There is no other.\n",
        "",
    )
    assert library("next", "--why", user="luis").out == page.out
    assert library("next", "--why") == Result(0, "", "nothing is waiting for you\n")
    assert json.loads(library("next", "--why", "-o", "json").out)["why"] is None
    assert library("next", "--why", "-o", "ids", code=2).out == ""
    assert library("next", "--why", "--fields", "id", user="luis", code=2).out == ""


def test_why_a_ticket_is_not_next(make_desk: Callable[..., Shell]) -> None:
    desk = make_desk("hd", CONFIG + LEVELS)
    second, first = (
        desk.id("new", f"A | <{p}> \x1b", "-p", p, "-r", "maria@acme.example") for p in ("P3", "P2")
    )
    page = desk("next", "--why").out.splitlines()
    assert page[0] == f"{first}  A | <P2> \\u001b"
    assert page[-4:] == [
        "It is the first of 2 tickets. The next one is",
        f"{second}  A | <P3> \\u001b",
        "which loses by `due`: first response, 2026-11-22 14:34, 4h left",
        "(first comes what is due next)",
    ]
    document = json.loads(desk("next", "--why", "-o", "json").out)
    assert [each["id"] for each in document["tickets"]] == [first]
    told = document["why"]["second"]
    assert (document["why"]["total"], told["id"], told["loses_by"]) == (2, second, "due")
    assert told["reasons"]["due"] == {
        "clock": "first_response",
        "state": "running",
        "due": "2026-11-22T13:34:35Z",
        "remaining_seconds": 14_400,
    }
    lines = desk("next", "--why", "-o", "md").out.splitlines()
    assert lines[0] == f"|  | {first} | {second} |"
    assert lines[2] == r"| title | A \| \<P2> \\u001b | A \| \<P3> \\u001b |"
    assert lines[-1] == "First comes what is due next: `due` decided."


def test_what_is_on_hold_until_later_is_not_next(desk: Shell) -> None:
    held = desk.id("new", "A laptop", "-a", "ana")
    desk("hold", held, "-m", "Ordered.", "--until", "2026-11-23T09:00:00Z")
    assert desk("today", "-o", "ids").out == f"{held}\n"
    assert desk("next", "-o", "ids").out == ""
    assert desk("next", "-o", "ids", now="2026-11-23T09:00:00Z").out == f"{held}\n"


def test_the_load_of_the_team(library: Shell) -> None:
    nothing = "\t0" * 8 + "\t" * 6
    people = [
        f"person\tana\t0\t0\t1\t0\t1\t0\t0\t0\t{PRINTER}" + "\t" * 5,
        *(f"person\t{who}{nothing}" for who in ("eva", "luis", "root")),
    ]
    due = f"{VPN}\tfirst_response\tbreached\t2026-11-22T09:30:00Z\t-275"
    queues = {
        "support": f"queue\tsupport{nothing}",
        "sysadmin": f"queue\tsysadmin\t1\t0\t0\t0\t1\t1\t1\t1\t{VPN}\t{due}",
        "engineering": f"queue\tengineering{nothing}",
    }
    assert library("team").out.splitlines() == [*people, *queues.values()]
    assert library("team", "sysadmin").out.splitlines() == [
        *(f"person\t{who}{nothing}" for who in ("eva", "luis")),
        queues["sysadmin"],
    ]


def test_the_load_in_json(library: Shell) -> None:
    document = json.loads(library("team", "-o", "json").out)
    assert document["schema"] == "desk.team/1"
    assert document["unreadable"] == []
    assert document["queues"][1] == {
        "who": "sysadmin",
        "name": "sysadmin",
        "new": 1,
        "open": 0,
        "waiting": 0,
        "hold": 0,
        "total": 1,
        "to_answer": 1,
        "breached": 1,
        "most_urgent": 1,
        "oldest": VPN,
        "due_next": VPN,
        "due_clock": "first_response",
        "due_state": "breached",
        "due": "2026-11-22T09:30:00Z",
        "remaining_seconds": -275,
    }


def test_whoever_has_what_burns_comes_first(make_desk: Callable[..., Shell]) -> None:
    desk = make_desk("hd", CONFIG + LEVELS)
    for who, priorities in {"ana": ["P4", "P4", "P4"], "eva": ["P3"], "luis": ["P4", "P1"]}.items():
        for priority in priorities:
            desk("new", f"For {who}", "-p", priority, "-a", who, user="ana")
    document = json.loads(desk("team", "-o", "json", now="2026-11-22T09:47:00Z").out)
    told = [
        (each["who"], each["due_clock"], each["remaining_seconds"]) for each in document["people"]
    ]
    assert told == [
        ("luis", "first_response", 155),
        ("eva", "first_response", 13_655),
        ("ana", "first_response", 28_055),
        ("root", None, None),
    ]
    shown = desk("team", "--color", "never", now="2026-11-22T09:47:00Z", terminal=True).out
    people = [line.split() for line in shown.partition("\n\n")[0].splitlines()]
    assert people[0][-2:] == ["due", "next"]
    assert [(row[0], row[-3:-1] if row[0] == "luis" else row[-2]) for row in people[1:4]] == [
        ("luis", ["at", "risk"]),
        ("eva", "3h"),
        ("ana", "7h"),
    ]


def test_the_load_on_a_terminal(library: Shell) -> None:
    shown = library("team", "sysadmin", "--color", "never", terminal=True).out
    assert "sysadmin" in shown
    assert "late" in shown.split("\n")[0]


def test_those_with_nothing_to_do_are_counted_where_they_are_many(
    make_desk: Callable[..., Shell],
) -> None:
    more = "".join(
        f"  agent{n}: {{name: N, email: a{n}@acme.example, role: agent}}\n" for n in range(1, 12)
    )
    desk = make_desk("hd", CONFIG.replace("people:\n", f"people:\n{more}"))
    for who in ("agent10", "agent2"):
        desk("new", "Printer", "-a", who, "-p", "P1")
    lines = desk("team", "-o", "table").out.splitlines()
    head = "person new open waiting hold all answer late P1 oldest due next"
    assert lines[0].split() == head.split()
    assert [line.split()[0] for line in lines[1:3]] == ["agent2", "agent10"]
    assert lines[3] == "13 more have nothing to do"


@pytest.mark.parametrize("width", ["40", "60", "80"])
def test_screens_fit_the_terminal(
    library: Shell, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for words in (["list"], ["list", "is:done"], ["today"], ["team"], ["sla", "status"]):
        shown = library(*words, "-o", "table", now="2029-01-01T00:00:00Z").out
        assert max(map(len, shown.splitlines())) <= int(width), words
        assert "title" in shown or words[0] in ("team", "sla")
        assert "assignee" not in shown or words[0] != "today"


def test_a_team_that_there_is_not(library: Shell) -> None:
    assert library("team", "sysadmn", code=4) == Result(
        4, "", "desk: unknown team `sysadmn`; did you mean `sysadmin`?\n"
    )


@pytest.mark.parametrize("command", ["today", "next", "team"])
def test_what_cannot_be_read_is_named(desk: Shell, command: str) -> None:
    folder = desk.folder / "tickets/2026/11"
    folder.mkdir(parents=True)
    (folder / "HD-2611-BR0KE.md").write_text("nothing")
    said = desk(command, "-q").err
    assert said.startswith("unreadable: tickets/2026/11/HD-2611-BR0KE.md")
