"""Tickets from elsewhere, and for elsewhere: export, import csv."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.cli.files import commits, front
from tests.conftest import Result, Shell

MAP = """\
rows: tickets
key: No
at: Opened
ticket: {title: "{Title}", requester: "{Who}"}
"""
TABLE = """\
No,Opened,Title,Who
1,2026-03-02T08:00:00Z,Printer jams,Bea
2,2026-04-02T08:00:00Z,No network,Gil
"""


# ---------------------------------------------------------------------------------------- export


def test_export_is_every_ticket_with_its_log_a_line_each(library: Shell) -> None:
    lines = library("export").out.splitlines()
    tickets = [json.loads(line) for line in lines]
    assert sorted(ticket["id"] for ticket in tickets) == [PRINTER, VPN, LAPTOP]
    shown = json.loads(library("show", *(ticket["id"] for ticket in tickets), "-o", "json").out)
    assert shown["tickets"] == tickets
    cut = library("export", "--limit", "1")
    assert cut == Result(0, f"{lines[0]}\n", "2 more of 3 tickets: --limit 0 shows all\n")
    cut = library("export", "--limit", "1", "sort:-id", "-o", "ids")
    assert cut == Result(0, f"{LAPTOP}\n", "2 more of 3 tickets: --limit 0 shows all\n")
    assert library("export", "--limit", "0").out.splitlines() == lines
    assert library("export", "--limit", "3").err == ""


def test_export_in_json_csv_and_ids(library: Shell) -> None:
    document = json.loads(library("export", "status:resolved", "-o", "json").out)
    assert (document["schema"], document["unreadable"]) == ("desk.tickets/1", [])
    assert [ticket["id"] for ticket in document["tickets"]] == [LAPTOP]
    table = library("export", "-o", "csv", "--fields", "id,title,fields.asset").out
    assert sorted(csv.reader(io.StringIO(table))) == [
        [PRINTER, "Printer on the third floor jams", ""],
        [VPN, "VPN is down", "PC-42"],
        [LAPTOP, "A new laptop", ""],
        ["id", "title", "fields.asset"],
    ]
    assert sorted(library("export", "-o", "ids").out.split()) == [PRINTER, VPN, LAPTOP]


def test_export_refuses_other_formats_and_fields(library: Shell) -> None:
    assert library("export", "-o", "table", code=2) == Result(
        2, "", "desk: this command has no format `table`; choose from jsonl, json, csv, ids\n"
    )
    assert library("export", "--fields", "titel", code=2) == Result(
        2, "", "desk: there is no field `titel` to show; did you mean `title`?\n"
    )


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t"])
def test_a_spreadsheet_computes_nothing(desk: Shell, mark: str, counted_ids: None) -> None:
    desk("new", "x", "--set", f"note={mark}1+1", "--company", f"{mark}cmd|'/c calc'!A1")
    table = desk("export", "-o", "csv", "--fields", "fields.note,company").out
    (_, row) = csv.reader(io.StringIO(table))
    stored = f"{mark}1+1".strip()
    assert row[0] == (stored if stored == "1+1" else f"'{stored}")
    document = json.loads(desk("export", "-o", "json").out)
    assert document["tickets"][0]["fields"]["note"] == stored


def test_export_as_of(library: Shell) -> None:
    lines = library("export", "--as-of", "2026-11-22T09:06:00Z").out.splitlines()
    (ticket,) = [json.loads(line) for line in lines]
    assert (ticket["id"], ticket["status"], len(ticket["log"])) == (PRINTER, "open", 2)


# ---------------------------------------------------------------------------------------- import


def give(desk: Shell, table: str = TABLE, text: str = MAP) -> tuple[str, ...]:
    """Lay a table and its map beside the help desk; return the command that imports it."""
    (desk.folder.parent / "old.csv").write_text(table)
    (desk.folder.parent / "old.map.yaml").write_text(text)
    return ("import", "csv", "../old.csv", "--map", "../old.map.yaml")


def test_import_is_one_commit_and_the_ids_on_stdout(desk: Shell) -> None:
    done = desk(*give(desk))
    ids = done.out.split()
    assert done.err == "imported 2 tickets with 2 entries from 2 rows\n"
    assert [front(desk, each)["title"] for each in ids] == ["Printer jams", "No network"]
    assert [front(desk, each)["external_id"] for each in ids] == ["1", "2"]
    assert len(commits(desk)) == 2
    assert desk.git("log", "-1", "--format=%(trailers)").strip() == "Desk-Verb: import"
    assert desk.git("status", "--porcelain") == ""


def test_importing_twice_adds_nothing(desk: Shell) -> None:
    words = give(desk)
    desk(*words)
    known = "nothing new: 2 tickets known already, and left alone\n"
    assert desk(*words) == Result(0, "", known)
    assert len(commits(desk)) == 2


def test_a_dry_import_writes_nothing(desk: Shell) -> None:
    done = desk(*give(desk), "-n")
    assert done.err.startswith("would import 2 tickets with 2 entries from 2 rows\n")
    assert len(commits(desk)) == 1
    assert not (desk.folder / "tickets").exists()


def test_a_bad_row_is_named_with_its_line_and_the_good_ones_come_in(desk: Shell) -> None:
    done = desk(*give(desk, TABLE + "3,soon,Broken,Ana\n"), code=1)
    assert len(done.out.split()) == 2
    assert "old.csv:4" in done.err.splitlines()[0]
    assert done.err.splitlines()[-1].startswith("1 row could not be used")
    assert len(commits(desk)) == 2


def test_anybody_may_import(desk: Shell) -> None:
    assert len(desk(*give(desk), user="maria@acme.example").out.split()) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "csv", "none.csv", "--map", "../old.map.yaml"], 3),
        (["import", "csv", "../old.csv", "--map", "none.yaml"], 3),
        (["import", "csv", "../old.csv"], 2),
        (["import", "csv"], 2),
        (["import", "cvs", "x"], 2),
    ],
)
def test_import_refuses(desk: Shell, words: list[str], code: int) -> None:
    give(desk)
    refused = desk(*words, code=code)
    assert refused.out == ""
    assert refused.err.startswith("desk: ")
    assert refused.err.count("\n") == 1


def test_a_map_with_mistakes_is_refused_with_every_line(desk: Shell) -> None:
    refused = desk(*give(desk, text=MAP.replace("key: No", "kye: No")), code=4)
    assert refused == Result(
        4,
        "",
        "../old.map.yaml:1:1: `key` is missing\n"
        "../old.map.yaml:2:1: unknown key `kye`; did you mean `key`?\n"
        "desk: ../old.map.yaml has 2 problems; mend the map first\n",
    )
    assert len(commits(desk)) == 1
