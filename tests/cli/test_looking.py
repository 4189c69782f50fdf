"""Looking at tickets: list, show, log, history; in every format, on a terminal and piped."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import Result, Shell

DUE, ROW_VPN, ROW_PRINTER = (
    "2026-11-22T09:30:00Z",
    f"{VPN}\tP1\tnew\t\t2026-11-22T09:30:00Z\t2026-11-22T09:15:00Z\tVPN is down\n",
    f"{PRINTER}\tP2\twaiting\tana\t\t2026-11-22T09:10:00Z\tPrinter on the third floor jams\n",
)


# ------------------------------------------------------------------------------------------ list


@pytest.mark.parametrize("command", ["list", "ls"])
def test_a_piped_list_is_what_is_open_in_tabs_and_iso_times(library: Shell, command: str) -> None:
    assert library(command) == Result(0, ROW_VPN + ROW_PRINTER, "")


def test_a_list_on_a_terminal_is_a_table_that_fits(
    library: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert library("list", terminal=True).out == (
        "ID             P   status   assignee  due next  title\n"
        "HD-2611-00002  P1  new                4m over   VPN is down\n"
        "HD-2611-00001  P2  waiting  ana       paused    Printer on the third floor jams\n"
    )
    done = library("list", "status:resolved", terminal=True).out
    assert [" ".join(line.split()) for line in done.splitlines()] == [
        "ID P status assignee ended updated title",
        "HD-2611-00003 P4 resolved 2026-11-22 9m A new laptop",
    ]
    monkeypatch.setenv("COLUMNS", "200")
    assert "Printer on the third floor jams\n" in library("list", terminal=True).out


def test_markdown_will_be_read_on_another_day(library: Shell) -> None:
    assert library("list", VPN, "-o", "md", "--fields", "age,updated,due").out == (
        "| created | updated | due next |\n|---|---|---|\n"
        "| 2026-11-22T09:15:00Z | 2026-11-22T09:15:00Z | 2026-11-22T09:30:00Z |\n"
    )


def test_what_is_done_comes_with_the_newest_first(desk: Shell) -> None:
    for day in ("11", "13", "12"):
        ticket_id = desk.id("new", f"Day {day}", now="2026-11-10T09:00:00Z")
        desk("close", ticket_id, now=f"2026-11-{day}T09:00:00Z")
    for query in (["is:done"], ["closed:2026"], ["status:closed,resolved", "Day"]):
        titles = [line.split("\t")[-1] for line in desk("list", *query).out.splitlines()]
        assert titles == ["Day 13", "Day 12", "Day 11"]


QUERIES = [
    (["status:resolved"], [LAPTOP]),
    (["is:done"], [LAPTOP]),
    (["is:open"], [VPN, PRINTER]),
    (["assignee:@me"], [PRINTER]),
    (["@mine"], [PRINTER]),
    (['assignee:"Ana Ruiz"'], [PRINTER]),
    (["is:breached"], [VPN]),
    (["sla.first_response:met"], [LAPTOP, PRINTER]),
    (["-tag:floor-3"], [VPN]),
    (["no:assignee"], [VPN]),
    (["floor", "third"], [PRINTER]),
    (['"which tray"'], [PRINTER]),
    (["fields.asset:PC-42"], [VPN]),
    (["priority:P1..P2", "sort:-created"], [VPN, PRINTER]),
    (["priority:P1", "or", "status:resolved"], [VPN, LAPTOP]),
    (["requester:bob@acme.example"], [VPN]),
    (["created:yesterday"], []),
    (["category:hardware"], [PRINTER]),
    (["company:acme"], [VPN]),
]


@pytest.mark.parametrize(("query", "found"), QUERIES, ids=[" ".join(row[0]) for row in QUERIES])
def test_a_list_of_what_a_query_finds(library: Shell, query: list[str], found: list[str]) -> None:
    listed = library("list", *query, "-o", "ids")
    assert sorted(listed.out.splitlines()) == sorted(found)
    assert listed.err == ""


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        (["statsu:open"], "statsu:open\n^", "unknown field `statsu`; did you mean `status`?"),
        (
            ["status:opn"],
            "status:opn\n       ^",
            "`opn` is no value of `status`; did you mean `open`?",
        ),
        (
            ["priority:P9"],
            "priority:P9\n         ^",
            "`P9` is no value of `priority`; it is one of P1, P2, P3, P4",
        ),
    ],
)
def test_a_query_that_does_not_parse_is_pointed_at(
    library: Shell, query: list[str], shown: str, said: str
) -> None:
    assert library("list", *query, code=2) == Result(2, "", f"{shown}\ndesk: {said}\n")


@pytest.mark.parametrize(
    "query", ["status:", "(", "created:2026-13", "@nobody", "is:", "age:soon", "sort:nothing"]
)
def test_other_queries_that_do_not_parse(library: Shell, query: str) -> None:
    refused = library("list", query, code=2)
    assert refused.out == ""
    assert refused.err.splitlines()[-1].startswith("desk: ")
    assert "^" in refused.err.splitlines()[1]


def test_the_formats_of_a_list(library: Shell) -> None:
    assert library("list", "-o", "ids").out == f"{VPN}\n{PRINTER}\n"
    assert library("list", "-o", "plain", terminal=True).out == ROW_VPN + ROW_PRINTER
    assert library("list", "-o", "md", "--fields", "id,title").out == (
        f"| ID | title |\n|---|---|\n| {VPN} | VPN is down |\n"
        f"| {PRINTER} | Printer on the third floor jams |\n"
    )
    document = json.loads(library("list", "-o", "json").out)
    assert document["schema"] == "desk.tickets/1"
    assert document["unreadable"] == []
    lines = library("list", "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == document["tickets"]
    rows = list(csv.DictReader(io.StringIO(library("list", "-o", "csv").out)))
    assert [(row["id"], row["fields.asset"]) for row in rows] == [(VPN, "PC-42"), (PRINTER, "")]


def test_markdown_of_what_is_done_says_when_it_ended(library: Shell) -> None:
    assert library("list", "is:done", "-o", "md", "--fields", "id,due").out == (
        f"| ID | ended |\n|---|---|\n| {LAPTOP} | 2026-11-22T09:25:00Z |\n"
    )
    assert library("list", "tag:none", "-o", "md", "--fields", "id,due").out.startswith(
        "| ID | due next |"
    )


def test_a_ticket_in_json_has_the_shape_that_programs_rely_on(library: Shell) -> None:
    (ticket,) = json.loads(library("list", f"id:{PRINTER}", "-o", "json").out)["tickets"]
    assert ticket == {
        "id": PRINTER,
        "title": "Printer on the third floor jams",
        "type": "incident",
        "status": "waiting",
        "resolution": None,
        "priority": "P2",
        "impact": None,
        "urgency": None,
        "requester": "Maria López <maria@acme.example>",
        "company": None,
        "phone": None,
        "assignee": "ana",
        "team": "support",
        "level": "L1",
        "category": "hardware/printer",
        "tags": ["floor-3"],
        "channel": "cli",
        "created": "2026-11-22T09:00:00Z",
        "until": None,
        "links": [],
        "kb": [],
        "watchers": [],
        "external_id": None,
        "former_ids": [],
        "fields": {},
        "path": f"tickets/2026/11/{PRINTER}.md",
        "updated": "2026-11-22T09:10:00Z",
        "first_response_at": "2026-11-22T09:10:00Z",
        "owned_at": "2026-11-22T09:05:00Z",
        "resolved_at": None,
        "closed_at": None,
        "replies": 1,
        "reopens": 0,
        "escalations": 0,
        "handovers": 0,
        "worked_minutes": 0,
        "rating": None,
        "sla": {
            "policy": "standard",
            "calendar": "always",
            "first_response": {
                "state": "met",
                "due": "2026-11-22T11:00:00Z",
                "ended_at": "2026-11-22T09:10:00Z",
                "target_seconds": 7200,
                "elapsed_seconds": 600,
                "remaining_seconds": 6600,
            },
            "next_response": None,
            "ownership": None,
            "resolution": {
                "state": "paused",
                "due": None,
                "ended_at": None,
                "target_seconds": 28800,
                "elapsed_seconds": 600,
                "remaining_seconds": 28200,
            },
        },
    }


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ("id,sla.policy,sla.calendar", f"{VPN}\tstandard\talways\n"),
        ("sla.first-response.state,sla.resolution.due", "breached\t2026-11-22T10:15:00Z\n"),
        ("sla.resolution.remaining_seconds,sla.ownership.state", "2425\t\n"),
        ("id,due", f"{VPN}\t{DUE}\n"),
        ("title,fields.asset,policy", "VPN is down\tPC-42\tstandard\n"),
        ("created, replies ,company", "2026-11-22T09:15:00Z\t0\tACME\n"),
        ("first-response-at,id", f"\t{VPN}\n"),
    ],
)
def test_the_fields_of_a_list(library: Shell, fields: str, row: str) -> None:
    assert library("list", "is:breached", "--fields", fields).out == row


@pytest.mark.parametrize("form", ["plain", "table", "json", "jsonl", "csv", "md"])
def test_a_field_that_there_is_not(library: Shell, form: str) -> None:
    assert library("list", "--fields", "id,titel", "-o", form, code=2) == Result(
        2, "", "desk: there is no field `titel` to show; did you mean `title`?\n"
    )


def test_fields_in_json_and_csv_are_those_keys_in_that_order(library: Shell) -> None:
    listed = library("list", "is:breached", "--fields", "title,due", "-o", "jsonl").out
    assert listed == f'{{"title": "VPN is down", "due": "{DUE}"}}\n'
    listed = library("list", "is:breached", "--fields", "title,due", "-o", "csv").out
    assert listed.splitlines() == ["title,due", f"VPN is down,{DUE}"]


def test_whole_keys_are_for_json(library: Shell) -> None:
    for words in (["list", "is:breached"], ["show", VPN], ["export", f"id:{VPN}"]):
        listed = library(*words, "-o", "jsonl", "--fields", "id,sla.resolution,log,sla,sla.policy")
        ticket = json.loads(listed.out)
        assert list(ticket) == ["id", "sla.resolution", "log", "sla", "sla.policy"]
        assert ticket["sla"]["resolution"] == ticket["sla.resolution"]
        assert ticket["sla.resolution"]["due"] == "2026-11-22T10:15:00Z"
        assert ticket["log"][0]["verb"] == "opened"
        assert ticket["sla.policy"] == "standard"
    shown = json.loads(library("show", VPN, "-o", "json", "--fields", "log").out)
    assert [*shown["ticket"]] == ["log"]
    assert library("list", "--fields", "sla.resolution", code=2).err == (
        "desk: `sla.resolution` is no single value; json and jsonl can show it; "
        "name a part of it, like `sla.resolution.due`\n"
    )
    assert library("list", "-o", "csv", "--fields", "log", code=2).err == (
        "desk: `log` is no single value; json and jsonl can show it\n"
    )
    assert library("list", "-o", "json", "--fields", "sla.resolutoin.due", code=2).err == (
        "desk: there is no field `sla.resolutoin.due` to show; did you mean `sla.resolution.due`?\n"
    )


@pytest.mark.parametrize("limit", ["0", "2", "3"])
def test_a_limit_that_cuts_nothing_off_says_nothing(library: Shell, limit: str) -> None:
    assert library("list", "--limit", limit) == Result(0, ROW_VPN + ROW_PRINTER, "")


def test_what_is_cut_off_is_said(library: Shell) -> None:
    cut = Result(0, f"{VPN}\n", "1 more of 2 tickets: --limit 0 shows all\n")
    assert library("list", "--limit", "1", "-o", "ids") == cut
    assert library("list", "--limit", "-1", code=2).err.count("\n") == 1


def test_a_terminal_gets_a_screenful(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        desk("new", f"Ticket {number}", "--no-commit")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    shown = desk("list", terminal=True)
    assert shown.out.count("HD-2611-") < 8
    assert "of 8 tickets: --limit 0 shows all\n" in shown.err
    assert desk("list", "--limit", "0", terminal=True).out.count("HD-2611-") == 8
    assert desk("list").out.count("HD-2611-") == 8
    assert desk("list", "-o", "ids", terminal=True).out.count("HD-2611-") == 8


def test_an_empty_list_is_no_failure(library: Shell) -> None:
    assert library("list", "company:nobody") == Result(0, "", "")
    assert library("list", "company:nobody", terminal=True) == Result(0, "", "no ticket matches\n")
    assert json.loads(library("list", "company:nobody", "-o", "json").out)["tickets"] == []


def test_groups(library: Shell) -> None:
    assert library("list", "--by", "team", "--fields", "id").out == (
        f"support (1)\n{PRINTER}\n\nsysadmin (1)\n{VPN}\n"
    )
    assert library("list", "--by", "assignee", "--fields", "id").out == (
        f"ana (1)\n{PRINTER}\n\nnone (1)\n{VPN}\n"
    )
    cut = library("list", "--by", "team", "--fields", "id", "--limit", "1")
    assert cut == Result(
        0, f"support (1)\n{PRINTER}\n", "1 more of 2 tickets: --limit 0 shows all\n"
    )
    shown = library("list", "--by", "team", "--limit", "1", "-o", "ids")
    assert shown.out == f"{PRINTER}\n"


@pytest.mark.parametrize(
    ("when", "rows"),
    [
        ("2026-11-22T08:59:59Z", []),
        ("2026-11-22T09:04:59Z", [(PRINTER, "new", "")]),
        ("2026-11-22 10:05", [(PRINTER, "open", "ana")]),
        ("-15m", [(VPN, "new", ""), (PRINTER, "waiting", "ana")]),
        (
            "2026-11-22T09:24:59Z",
            [(VPN, "new", ""), (LAPTOP, "new", ""), (PRINTER, "waiting", "ana")],
        ),
    ],
)
def test_a_list_as_of(library: Shell, when: str, rows: list[tuple[str, str, str]]) -> None:
    listed = library("--as-of", when, "list", "--fields", "id,status,assignee").out
    assert sorted(listed.splitlines()) == sorted("\t".join(row) for row in rows)


# ------------------------------------------------------------------------------------------ show


SHOWN = f"""\
id\t{PRINTER}
title\tPrinter on the third floor jams
type\tincident
status\twaiting
priority\tP2
requester\tMaria López <maria@acme.example>
assignee\tana
team\tsupport
level\tL1
category\thardware/printer
tags\tfloor-3
channel\tcli
created\t2026-11-22T09:00:00Z
path\ttickets/2026/11/{PRINTER}.md
updated\t2026-11-22T09:10:00Z
first_response_at\t2026-11-22T09:10:00Z
owned_at\t2026-11-22T09:05:00Z
replies\t1
reopens\t0
escalations\t0
handovers\t0
worked_minutes\t0
sla.policy\tstandard
sla.first_response.state\tmet
sla.first_response.due\t2026-11-22T11:00:00Z
sla.resolution.state\tpaused
"""
OPENED = (
    "type=incident status=new priority=P2 team=support level=L1 category=hardware/printer "
    "tags+=floor-3 channel=cli"
)
ENTRIES = [
    f"2026-11-22T09:00:00Z\tana\topened\t{OPENED}\tOn every second page.",
    "2026-11-22T09:05:00Z\tana\tchanged\tstatus=open assignee=ana\t",
    "2026-11-22T09:10:00Z\tana\treplied\tstatus=waiting\tWhich tray?",
]


def test_piped_show_is_a_line_a_field_then_a_line_an_entry(library: Shell) -> None:
    shown = SHOWN + "".join(f"{line}\n" for line in ENTRIES)
    assert library("show", PRINTER) == Result(0, shown, "")
    assert library("show", PRINTER, "-o", "plain", terminal=True).out == shown
    both = library("show", PRINTER, VPN).out.split("\n\n")
    assert both[0] + "\n" == shown
    assert both[1].startswith(f"id\t{VPN}\n")
    assert "\nfields.asset\tPC-42\n" in both[1]


def test_piped_show_escapes_what_would_break_a_line(desk: Shell, counted_ids: None) -> None:
    (desk.folder / "a\tb.txt").write_text("x")
    desk("new", "A\ttab", "-d", "One\ttab\nTwo \x1b[31m", "--set", "note=a\tb")
    desk("attach", PRINTER, str(desk.folder / "a\tb.txt"), code=4)
    (desk.folder / "b.txt").write_text("x")
    desk("attach", PRINTER, str(desk.folder / "b.txt"))
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("channel:", "x-ray: [p, q]\nchannel:", 1))
    lines = desk("show", PRINTER).out.splitlines()
    assert "title\tA\\u0009tab" in lines
    assert "fields.note\ta\\u0009b" in lines
    assert "x-ray\tp, q" in lines
    assert f"attached\ttickets/2026/11/{PRINTER}/b.txt" in lines
    assert lines[-2].endswith("\tOne\\u0009tab\\u000aTwo \\u001b[31m")
    assert lines[-1].endswith(f"\tnoted\t\t* [b.txt]({PRINTER}/b.txt)")


def test_show_adds_up_and_says_where_files_lie(desk: Shell, counted_ids: None) -> None:
    desk("new", "Printer jams")
    for name in ("a.txt", "b.txt"):
        (desk.folder / name).write_text("x")
    desk("attach", PRINTER, "a.txt", "b.txt")
    desk("worked", PRINTER, "45m")
    desk("worked", PRINTER, "45m")
    desk("rate", PRINTER, "4")
    page = desk("show", PRINTER, "-o", "table").out.split("\n\n")[1]
    rows = [" ".join(line.split()) for line in page.splitlines()]
    folder = f"tickets/2026/11/{PRINTER}"
    assert rows[-5:] == [
        "worked 1h 30m",
        "rating 4 of 5",
        f"attached {folder}/a.txt",
        f"{folder}/b.txt",
        f"file {folder}.md",
    ]


def test_show_is_a_page(library: Shell) -> None:
    assert library("show", "00001", "-o", "table") == Result(
        0,
        "HD-2611-00001  Printer on the third floor jams\n\n"
        "status          waiting\n"
        "type            incident\n"
        "priority        P2\n"
        "requester       Maria López <maria@acme.example>\n"
        "assignee        ana\n"
        "team            support\n"
        "level           L1\n"
        "category        hardware/printer\n"
        "tags            floor-3\n"
        "channel         cli\n"
        "created         2026-11-22 10:00 (34m ago)\n"
        "updated         2026-11-22 10:10 (24m ago)\n"
        "policy          standard\n"
        "first response  met after 10m, due 2026-11-22 12:00\n"
        "resolution      paused, 7h 50m left\n"
        "file            tickets/2026/11/HD-2611-00001.md\n\n"
        "2026-11-22 10:00  ana opened it\n"
        "  On every second page.\n\n"
        "2026-11-22 10:05  ana changed: status open, assignee ana\n\n"
        "2026-11-22 10:10  ana replied: status waiting\n"
        "  Which tray?\n",
        "",
    )


def test_show_in_json(library: Shell) -> None:
    document = json.loads(library("show", LAPTOP, "-o", "json").out)
    assert list(document) == ["schema", "ticket", "unreadable"]
    assert document["schema"] == "desk.ticket/1"
    assert document["ticket"]["log"] == [
        {
            "at": "2026-11-22T09:20:00Z",
            "by": "eva@acme.example",
            "verb": "opened",
            "changes": {
                "type": "request",
                "status": "new",
                "priority": "P4",
                "team": "support",
                "level": "L1",
                "channel": "cli",
            },
            "text": "",
        },
        {
            "at": "2026-11-22T09:25:00Z",
            "by": "ana",
            "verb": "replied",
            "changes": {"status": "resolved", "resolution": "fixed"},
            "text": "On your desk.",
        },
    ]


def test_show_of_some_fields(library: Shell) -> None:
    row = f"{VPN}\tPC-42\n"
    assert library("show", VPN, "--fields", "id,fields.asset") == Result(0, row, "")
    shown = library("show", VPN, PRINTER, "--fields", "id,priority", "-o", "md").out
    assert shown == f"| ID | P |\n|---|---|\n| {VPN} | P1 |\n| {PRINTER} | P2 |\n"
    for form in ("plain", "table", "md", "json", "jsonl", "csv"):
        assert library("show", VPN, "--fields", "id,titel", "-o", form, code=2).err == (
            "desk: there is no field `titel` to show; did you mean `title`?\n"
        )


def test_show_of_several(library: Shell) -> None:
    both = json.loads(library("show", VPN, PRINTER, "-o", "json").out)
    assert both["schema"] == "desk.tickets/1"
    assert [ticket["id"] for ticket in both["tickets"]] == [VPN, PRINTER]
    assert all("log" in ticket for ticket in both["tickets"])
    assert library("show", "-", "-o", "ids", stdin=f"{VPN}\n {PRINTER} {VPN}\n").out == (
        f"{VPN}\n{PRINTER}\n"
    )


@pytest.mark.parametrize(
    "name", [PRINTER, PRINTER.lower(), "00001", "hd-2611-ooool", "HD-2611-OOO01", "1", "oool"]
)
def test_show_by_any_unique_part_of_an_id(library: Shell, name: str) -> None:
    assert library("show", name, "-o", "ids").out == f"{PRINTER}\n"


@pytest.mark.parametrize("name", ["0000", "0", "HD-2611-0", "hd-2611-000"])
def test_an_ambiguous_id_is_refused_and_names_the_candidates(library: Shell, name: str) -> None:
    assert library("show", name, code=4) == Result(
        4,
        "",
        f"  {PRINTER}  Printer on the third floor jams\n"
        f"  {VPN}  VPN is down\n"
        f"  {LAPTOP}  A new laptop\n"
        f"desk: `{name}` could be {PRINTER}, {VPN}, {LAPTOP}; type more of it\n",
    )


@pytest.mark.parametrize(
    "path",
    [
        f"tickets/2026/11/{PRINTER}.md",
        f"./tickets/2026/11/{PRINTER}.md",
        f"/anywhere/hd/tickets/2026/11/{PRINTER}.md",
        f"11/{PRINTER}.md",
        f"{PRINTER}.md",
    ],
)
def test_a_tickets_path_names_it(library: Shell, path: str) -> None:
    assert library("show", path, "-o", "ids").out == f"{PRINTER}\n"


@pytest.mark.parametrize(
    "path", [f"../{PRINTER}.md", f"tickets/2026/10/{PRINTER}.md", "config.yaml", "../config.md"]
)
def test_no_other_path_does(library: Shell, path: str) -> None:
    assert library("show", path, code=3).err.startswith(f"desk: no ticket is called `{path}`")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ZZZZZ", "no ticket is called `ZZZZZ`; see `desk list`"),
        ("HD-2611", "no ticket is called `HD-2611`; see `desk list`"),
        ("HD-2611-00008", "no ticket is called `HD-2611-00008`; did you mean `HD-2611-00003`?"),
        ("../../x", "no ticket is called `../../x`; see `desk list`"),
        ("/etc/passwd", "no ticket is called `/etc/passwd`; see `desk list`"),
        ("HD-2611-../..", "no ticket is called `HD-2611-../..`; see `desk list`"),
        ("\x1b[31m", "no ticket is called `\\u001b[31m`; see `desk list`"),
        ("", "no ticket is called ``; see `desk list`"),
    ],
)
@pytest.mark.parametrize("command", ["show", "log", "history"])
def test_an_unknown_id(library: Shell, command: str, name: str, said: str) -> None:
    assert library(command, "--", name, code=3) == Result(3, "", f"desk: {said}\n")


def test_show_as_of(library: Shell) -> None:
    page = library("show", PRINTER, "--as-of", "2026-11-22T09:06:00Z").out
    assert "\nstatus\topen\n" in page
    assert "Which tray?" not in page
    assert library("show", PRINTER, "--as-of", "yesterday", code=3) == Result(
        3, "", f"desk: {PRINTER} was not there yet; give a later --as-of\n"
    )


def test_a_long_page_goes_through_the_pager(
    library: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", lambda text, color: paged.append(text))
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    assert library("show", PRINTER, terminal=True).out == ""
    assert "Which tray?" in paged[0]
    assert "Which tray?" in library("show", PRINTER, "--no-input", terminal=True).out
    assert "Which tray?" in library("show", PRINTER).out


# ---------------------------------------------------------------------------------- log, history


def test_log_numbers_the_entries(library: Shell) -> None:
    entries = [
        "#1 2026-11-22 10:20  eva@acme.example opened it\n",
        "#2 2026-11-22 10:25  ana replied: status resolved, resolution fixed\n  On your desk.\n",
    ]
    assert library("log", LAPTOP, "-o", "table") == Result(0, "\n".join(entries), "")
    newest = library("log", LAPTOP, "--reverse", "-o", "table")
    assert newest.out == "\n".join(reversed(entries))
    assert library("log", LAPTOP, "--limit", "1", "-o", "table") == Result(
        0, entries[0], "1 more of 2 entries: --limit 0 shows all\n"
    )
    both = library("log", LAPTOP, VPN, "-o", "table").out
    assert f"{LAPTOP}  A new laptop\n\n{entries[0]}" in both
    assert f"{VPN}  VPN is down\n\n#1 2026-11-22 10:15  luis opened it\n" in both
    assert library("log", LAPTOP, "-o", "table", "--fields", "at", code=2).out == ""


def test_piped_log_is_a_line_an_entry(library: Shell) -> None:
    lines = [f"{line}\t{PRINTER}\t{place}\n" for place, line in enumerate(ENTRIES, 1)]
    assert library("log", PRINTER) == Result(0, "".join(lines), "")
    assert library("log", PRINTER, "--reverse").out == "".join(reversed(lines))
    assert library("log", PRINTER, "--limit", "2") == Result(
        0, "".join(lines[:2]), "1 more of 3 entries: --limit 0 shows all\n"
    )
    both = library("log", "-", stdin=f"{PRINTER}\n{LAPTOP}\n").out.splitlines()
    assert [line.split("\t")[5:] for line in both] == [
        *([PRINTER, number] for number in "123"),
        *([LAPTOP, number] for number in "12"),
    ]


def test_log_for_programs(library: Shell) -> None:
    document = json.loads(library("log", LAPTOP, "-o", "json").out)
    assert (document["schema"], document["id"]) == ("desk.log/1", LAPTOP)
    lines = library("log", LAPTOP, "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == document["log"]
    shown = json.loads(library("show", LAPTOP, "-o", "json").out)["ticket"]["log"]
    assert document["log"] == [
        {**entry, "id": LAPTOP, "number": number} for number, entry in enumerate(shown, 1)
    ]
    both = json.loads(library("log", LAPTOP, VPN, "-o", "json").out)
    assert both["schema"] == "desk.logs/1"
    assert both["logs"][0] == {"id": LAPTOP, "log": document["log"]}
    assert both["logs"][1]["id"] == VPN


def test_log_in_tables(library: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(library("log", LAPTOP, "-o", "csv").out)))
    assert list(rows[1].items()) == [
        ("at", "2026-11-22T09:25:00Z"),
        ("by", "ana"),
        ("verb", "replied"),
        ("changes", "status=resolved resolution=fixed"),
        ("text", "On your desk."),
        ("id", LAPTOP),
        ("number", "2"),
    ]
    assert library("log", LAPTOP, "-o", "md", "--fields", "number,by").out == (
        "| number | by |\n|---|---|\n| 1 | eva@acme.example |\n| 2 | ana |\n"
    )
    assert library("log", LAPTOP, "--fields", "verb", "-o", "jsonl").out.count("verb") == 2
    assert library("log", LAPTOP, "--fields", "verbs", code=2) == Result(
        2, "", "desk: there is no field `verbs` to show; did you mean `verb`?\n"
    )


def test_history_is_the_commits(library: Shell) -> None:
    hashes = library.git("log", "--format=%H", "--", f"tickets/2026/11/{LAPTOP}.md").split()
    assert library("history", LAPTOP) == Result(
        0,
        f"2026-11-22T09:25:00Z\t{hashes[0][:10]}\tAna Ruiz\t{LAPTOP} resolve: A new laptop\n"
        f"2026-11-22T09:20:00Z\t{hashes[1][:10]}\tEva Sanz\t{LAPTOP} new: A new laptop\n",
        "",
    )
    cut = library("history", LAPTOP, "--limit", "1")
    assert cut.out.count("\n") == 1
    assert cut.err == "there are older commits: --limit 0 shows all\n"
    assert library("history", LAPTOP, "--limit", "2").err == ""
    rows = list(csv.DictReader(io.StringIO(library("history", LAPTOP, "-o", "csv").out)))
    assert [row["commit"] for row in rows] == hashes
    assert library("history", LAPTOP, "-o", "md").out.splitlines()[2] == (
        f"| 2026-11-22T09:25:00Z | {hashes[0][:10]} | Ana Ruiz | {LAPTOP} resolve: A new laptop |"
    )
    assert library("history", LAPTOP, "--fields", "verb").out == "resolve\nnew\n"
    assert library("history", LAPTOP, "--as-of", "-1d", code=2) == Result(
        2, "", "desk: history shows all commits; leave --as-of out\n"
    )
    document = json.loads(library("history", LAPTOP, "-o", "json").out)
    assert document["schema"] == "desk.history/1"
    assert document["commits"][1] == {
        "commit": hashes[1],
        "at": "2026-11-22T09:20:00Z",
        "author": "Eva Sanz",
        "email": "eva@acme.example",
        "subject": f"{LAPTOP} new: A new laptop",
        "verb": "new",
    }


# ------------------------------------------------------------------------ what is no ticket


@pytest.fixture
def broken(desk: Shell) -> Shell:
    """A help desk with a good ticket, one that cannot be read, and a link to somewhere else."""
    desk("new", "Printer jams", "--no-commit")
    folder = desk.folder / "tickets/2026/11"
    (folder / "HD-2611-BR0KE.md").write_text("---\nid: HD-2611-BR0KE\ntitle: [x\n---\n")
    (folder / "HD-2611-0FARA.md").symlink_to("/etc/passwd")
    return desk


@pytest.mark.parametrize("form", ["plain", "table", "jsonl", "csv", "ids", "md", "json"])
def test_what_cannot_be_read_is_named_and_hides_nothing(broken: Shell, form: str) -> None:
    listed = broken("list", "-o", form, "-q")
    assert "HD-2611-" in listed.out
    assert "root:" not in listed.out + listed.err
    said = listed.err.splitlines()
    assert any(line.startswith("unreadable: tickets/2026/11/HD-2611-BR0KE.md:") for line in said)
    assert "unreadable: tickets/2026/11/HD-2611-0FARA.md: a symbolic link" in said
    if form == "json":
        unreadable = json.loads(listed.out)["unreadable"]
        assert all(list(each) == ["path", "line", "message"] for each in unreadable)
        assert {each["path"] for each in unreadable} == {
            "tickets/2026/11/HD-2611-BR0KE.md",
            "tickets/2026/11/HD-2611-0FARA.md",
        }


@pytest.mark.parametrize("name", ["BR0KE", "0FARA", "HD-2611-0FARA"])
@pytest.mark.parametrize("words", [["show"], ["log"], ["take"], ["note", "-m", "x"], ["tag", "x"]])
def test_what_is_no_ticket_is_neither_shown_nor_written(
    broken: Shell, name: str, words: list[str]
) -> None:
    path = next(broken.folder.glob(f"tickets/2026/11/*{name[-5:]}.md"))
    before = path.read_bytes()
    refused = broken(words[0], name, *words[1:], code=4)
    assert refused.out == ""
    assert refused.err.splitlines()[-1] == (
        f"desk: tickets/2026/11/{path.name} cannot be read; mend it, or see `desk lint`"
    )
    assert path.read_bytes() == before


def test_groups_in_markdown_are_headings_and_nothing_else(desk: Shell) -> None:
    desk("new", "Printer", "--company", "[x](http://evil) <img>")
    shown = desk("list", "--by", "company", "-o", "md", "--fields", "priority").out
    assert shown == "## \\[x](http://evil) \\<img> (1)\n| P |\n|---|\n| P3 |\n"
