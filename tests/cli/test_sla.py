"""Promises on the command line: sla status, check, explain, calendar."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import LAPTOP, LEVELS, PRINTER, VPN
from tests.conftest import CONFIG, Result, Shell

LATE = f"tickets/2026/11/{VPN}.md:5:1: error: {VPN} first response was due"


# ---------------------------------------------------------------------------------------- status


def test_status_is_a_line_a_clock(library: Shell) -> None:
    late = [
        f"{VPN}\tP1\tfirst_response\tbreached\t2026-11-22T09:30:00Z\t-275\tVPN is down",
        f"{VPN}\tP1\tresolution\trunning\t2026-11-22T10:15:00Z\t2425\tVPN is down",
    ]
    title = "Printer on the third floor jams"
    assert library("sla", "status", VPN).out.splitlines() == late
    assert library("sla", "status", "2").out.splitlines() == late
    assert library("sla", "status", "team:sysadmin").out.splitlines() == late
    assert library("sla", "status", "team:support").out.splitlines() == [
        f"{PRINTER}\tP2\tfirst_response\tmet\t2026-11-22T11:00:00Z\t6600\t{title}",
        f"{PRINTER}\tP2\tresolution\tpaused\t\t28200\t{title}",
    ]


def test_status_on_a_terminal(library: Shell) -> None:
    shown = library("sla", "status", VPN, "--color", "never", terminal=True).out.splitlines()
    assert [" ".join(line.split()) for line in shown] == [
        "ID clock state due left title",
        f"{VPN} first response breached 2026-11-22 10:30 -4m 35s VPN is down",
        f"{VPN} resolution running 2026-11-22 11:15 40m 25s VPN is down",
    ]


def test_status_of_an_id_that_is_not_there(library: Shell) -> None:
    assert library("sla", "status", VPN, "HD-2611-ZZZZZ", code=3) == Result(
        3, "", "desk: no ticket is called `HD-2611-ZZZZZ`; see `desk list`\n"
    )
    assert library("sla", "status", "nothing", "like", "it") == Result(0, "", "")


def test_status_of_words_that_are_no_ids_finds_them(library: Shell) -> None:
    by_text = library("sla", "status", "vpn", "down").out.splitlines()
    assert [line.split("\t")[0] for line in by_text] == [VPN, VPN]
    assert library("sla", "status", "vpn").out.splitlines() == by_text
    assert library("sla", "status", '"VPN is down"').out.splitlines() == by_text
    assert library("sla", "status", "@mine").out.startswith(f"{PRINTER}\t")


@pytest.mark.parametrize("word", ["nosuch", "ZZ9"])
def test_status_of_a_word_that_is_nothing_at_all(library: Shell, word: str) -> None:
    assert library("sla", "status", word, code=3) == Result(
        3, "", f"desk: no ticket is called `{word}`; see `desk list`\n"
    )
    assert library("sla", "status", f"title:{word}") == Result(0, "", "")


def test_status_of_an_id_that_names_several(library: Shell) -> None:
    refused = library("sla", "status", "0000", code=4)
    assert f"desk: `0000` could be {PRINTER}, {VPN}, {LAPTOP}; type more of it\n" in refused.err
    assert library("sla", "status", "0000", VPN, code=4).err == refused.err


def test_status_of_what_nothing_is_promised_for(desk: Shell) -> None:
    first = desk.id("new", "Printer jams")
    said = f"nothing is promised for {first}\n"
    assert desk("sla", "status", first) == Result(0, "", said)
    for number in range(6):
        desk("new", f"Printer {number} jams")
    assert desk("sla", "status").err.endswith(" and 2 more\n")
    assert desk("sla", "status", "-q").err == ""


def test_status_as_of_another_time(library: Shell) -> None:
    listed = library("sla", "status", VPN, "--as-of", "2026-11-22T09:30:00Z").out.splitlines()
    assert listed[0].split("\t")[3:6] == ["at_risk", "2026-11-22T09:30:00Z", "0"]


# ----------------------------------------------------------------------------------------- check


def test_on_a_terminal_times_are_local(library: Shell) -> None:
    assert "was due 2026-11-22 10:30, " in library("sla", "check", code=1, terminal=True).out


def test_check_fails_while_a_promise_is_broken(library: Shell) -> None:
    assert library("sla", "check", code=1) == Result(
        1,
        f"{LATE} 2026-11-22T09:30:00Z, 4m 35s over (nobody): VPN is down "
        "[first-response-breached]\n",
        "2 live tickets checked; clocks: 1 breached, 1 paused, 1 running, 1 met\n",
    )


@pytest.mark.parametrize(
    ("when", "fail_on", "code"),
    [
        ("2026-11-22T09:30:01Z", "breached", 1),
        ("2026-11-22T09:30:00Z", "breached", 0),
        ("2026-11-22T09:30:00Z", "at-risk", 1),
        ("2026-11-22T09:26:15Z", "at-risk", 1),
        ("2026-11-22T09:26:14Z", "at-risk", 0),
        ("2026-11-22T12:00:00Z", "never", 0),
    ],
)
def test_what_check_fails_on(library: Shell, when: str, fail_on: str, code: int) -> None:
    library("sla", "check", "--fail-on", fail_on, now=when, code=code)


def test_check_of_what_a_query_finds(library: Shell) -> None:
    assert library("sla", "check", "team:support") == Result(
        0, "", "1 live ticket checked; clocks: 1 paused, 1 met\n"
    )


def test_check_in_json_has_the_shape_that_programs_rely_on(library: Shell) -> None:
    document = json.loads(library("sla", "check", "-o", "json", code=1).out)
    assert document == {
        "schema": "desk.sla-check/1",
        "as_of": "2026-11-22T09:34:35Z",
        "checked": 2,
        "counts": {"breached": 1, "at_risk": 0, "paused": 1, "running": 1, "met": 1, "missed": 0},
        "findings": [
            {
                "id": VPN,
                "path": f"tickets/2026/11/{VPN}.md",
                "title": "VPN is down",
                "priority": "P1",
                "assignee": None,
                "team": "sysadmin",
                "policy": "standard",
                "clock": "first_response",
                "state": "breached",
                "due": "2026-11-22T09:30:00Z",
                "over_seconds": 275,
            }
        ],
        "unreadable": [],
    }


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("junit", "<?xml "),
        ("github", f"::error file=tickets/2026/11/{VPN}.md,line=5"),
        ("gitlab", "["),
        ("sarif", "{"),
        ("prometheus", "# HELP desk_sla_tickets_checked "),
    ],
)
def test_the_formats_of_check(library: Shell, form: str, begins: str) -> None:
    assert library("sla", "check", "-o", form, code=1).out.startswith(begins)


def test_check_has_no_other_format(library: Shell) -> None:
    refused = library("sla", "check", "-o", "csv", code=2)
    assert refused.out == ""
    assert refused.err.startswith("desk: this command has no format `csv`; choose from text, json")


@pytest.mark.parametrize("fail_on", ["breached", "at-risk", "never"])
def test_an_unreadable_ticket_fails_the_check_whatever_the_choice(
    desk: Shell, fail_on: str
) -> None:
    folder = desk.folder / "tickets/2026/11"
    folder.mkdir(parents=True)
    (folder / "HD-2611-BR0KE.md").write_text("nothing")
    checked = desk("sla", "check", "--fail-on", fail_on, "-o", "json", code=1)
    (unreadable,) = json.loads(checked.out)["unreadable"]
    assert unreadable["path"] == "tickets/2026/11/HD-2611-BR0KE.md"


def test_a_word_that_check_does_not_know(library: Shell) -> None:
    refused = library("sla", "check", "--fail-on", "breach", code=2)
    assert refused.err.startswith("desk: ")
    assert refused.err.count("\n") == 1


# ----------------------------------------------------------------------------- explain, calendar


def test_explain_adds_up(library: Shell) -> None:
    assert library("sla", "explain", VPN).out == (
        f"{VPN}  VPN is down\n\n"
        "policy    standard, for every ticket: applies\n\n"
        "calendar  always: opening hours in UTC\n"
        "now       Sun 2026-11-22 09:34:35\n\n"
        "first response: 15m of open time; never pauses\n"
        "  Sun 2026-11-22 09:15:00 to Sun 2026-11-22 09:34:35  new       19m 35s\n"
        "  sum 19m 35s, target 15m\n"
        "  due Sun 2026-11-22 09:30:00: breached, 4m 35s over\n\n"
        "resolution: 1h of open time; pauses in hold, waiting\n"
        "  Sun 2026-11-22 09:15:00 to Sun 2026-11-22 09:34:35  new       19m 35s\n"
        "  sum 19m 35s, target 1h\n"
        "  due Sun 2026-11-22 10:15:00: running, 40m 25s left\n"
    )


def test_explain_lays_what_is_left_over_the_coming_days(make_desk: Callable[..., Shell]) -> None:
    office = LEVELS.replace("calendar: always", "calendar: office").replace("P4: 40h", "P4: 88h")
    desk = make_desk("hd", CONFIG + office)
    ticket_id = desk.id("new", "Printer jams", "-p", "P3")
    shown = desk("sla", "explain", ticket_id, now="2026-11-24T15:30:00Z").out
    assert shown.endswith(
        "  due Wed 2026-11-25 17:00:00: running, 8h 30m left\n"
        "    Tue 2026-11-24  30m\n"
        "    Wed 2026-11-25  8h\n"
    )
    on_its_day = desk("sla", "explain", ticket_id, now="2026-11-25T15:30:00Z").out
    assert on_its_day.endswith("  due Wed 2026-11-25 17:00:00: at risk, 30m left\n")
    after_hours = desk("sla", "explain", ticket_id, now="2026-11-25T16:00:01Z").out
    assert after_hours.endswith("  due Wed 2026-11-25 17:00:00: breached, 0s over\n")
    desk("edit", ticket_id, "-p", "P4", now="2026-11-25T17:00:00Z")
    long = desk("sla", "explain", ticket_id, now="2026-11-23T08:00:00Z").out.splitlines()
    assert long[-2:] == ["    Fri 2026-12-04  8h", "    ..."]
    assert sum(line.endswith("  8h") for line in long) == 10


def test_explain_in_json_has_the_clocks_and_their_spans(library: Shell) -> None:
    document = json.loads(library("sla", "explain", VPN, "-o", "json").out)
    assert (document["schema"], document["id"]) == ("desk.sla-explain/1", VPN)
    assert document["policies"] == [{"name": "standard", "if": None, "applies": True}]
    assert document["clocks"]["first_response"] == {
        "state": "breached",
        "due": "2026-11-22T09:30:00Z",
        "ended_at": None,
        "target_seconds": 900,
        "elapsed_seconds": 1175,
        "remaining_seconds": -275,
        "pause_in": [],
        "spans": [
            {
                "from": "2026-11-22T09:15:00Z",
                "to": "2026-11-22T09:34:35Z",
                "status": "new",
                "kind": "counts",
                "open_seconds": 1175,
            }
        ],
    }


def test_explain_refuses_what_is_not_there(library: Shell) -> None:
    assert library("sla", "explain", "ZZZZZ", code=3) == Result(
        3, "", "desk: no ticket is called `ZZZZZ`; see `desk list`\n"
    )


def test_a_year_of_a_calendar(library: Shell) -> None:
    shown = library("sla", "calendar", "office").out
    assert shown.startswith("office 2026  opening hours in Europe/Madrid\n\nMon  09:00-17:00\n")
    assert "\nFri 2026-12-25  closed, holiday\n" in shown
    assert library("sla", "calendar", "office", "2027").out.startswith("office 2027 ")
    differ, changes = shown.partition("Dates that differ:\n")[2].split("\n\n")[:2]
    assert differ == "Fri 2026-12-25  closed, holiday"
    assert changes == (
        "Clock changes:\n"
        "Sun 2026-03-29  clocks go forward 1h, closed\n"
        "Sun 2026-10-25  clocks go back 1h, closed"
    )
    document = json.loads(library("sla", "calendar", "office", "-o", "json").out)
    assert document["schema"].startswith("desk.")


def test_an_only_calendar_needs_no_name(make_desk: Callable[..., Shell]) -> None:
    hours = "calendars:\n  late: {hours: {mon-fri: 12:00-20:00}}\n"
    assert make_desk("one", CONFIG + hours)("sla", "calendar").out.startswith("late 2026 ")
    assert make_desk("none")("sla", "calendar", code=4).err == (
        "desk: this help desk has no calendar; write `calendars` in config.yaml\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ofice"], 4, "unknown calendar `ofice`; did you mean `office`?"),
        (["office", "1"], 2, None),
        ([], 2, "say which calendar; there are always, office"),
    ],
)
def test_a_calendar_that_there_is_not(
    library: Shell, words: list[str], code: int, said: str | None
) -> None:
    refused = library("sla", "calendar", *words, code=code)
    assert refused.out == ""
    assert refused.err.startswith("desk: ")
    assert said is None or refused.err == f"desk: {said}\n"
