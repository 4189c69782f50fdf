"""`desk report`: every format, every refusal, and what a lead sees."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from desk.domain.report.catalogue import BUILT_IN
from desk.domain.report.metrics import METRICS
from tests.cli.conftest import LAPTOP, VPN
from tests.conftest import Shell


def document(desk: Shell, *arguments: str) -> dict[str, Any]:
    found = json.loads(desk("report", *arguments, "-o", "json").out)
    assert isinstance(found, dict)
    return found


def test_without_a_name_it_says_which_there_are(library: Shell) -> None:
    plain = library("report").out.splitlines()
    assert [line.split("\t")[0] for line in plain] == list(BUILT_IN)
    table = library("report", "-o", "table").out
    assert all(each.summary[:30] in table for each in BUILT_IN.values())
    told = json.loads(library("report", "-o", "json").out)
    assert [each["name"] for each in told["reports"]] == list(BUILT_IN)


def test_the_document(library: Shell) -> None:
    found = document(library, "summary", "--since", "2026-11-22", "--until", "2026-11-23")
    keys = ["schema", "name", "title", "since", "until", "as_of", "commit", "query"]
    assert list(found)[: len(keys)] == keys
    assert found["schema"] == "desk.report/1"
    assert found["name"] == "summary"
    assert (found["since"], found["until"]) == ("2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z")
    assert found["as_of"] == "2026-11-22T09:34:35Z"
    assert found["groups"] == []
    assert found["definitions"] == {
        name: METRICS[name].definition for name in BUILT_IN["summary"].metrics
    }
    totals = found["totals"]
    counted = ("created", "resolved", "closed", "reopened", "backlog", "unassigned", "breached")
    assert [totals[name] for name in counted] == [3, 1, 0, 0, 2, 1, 1]
    assert totals["first_response_median_seconds"] == 450  # 10 minutes, and 5
    assert totals["first_response_wall_mean_seconds"] == 450
    assert totals["resolution_p90_seconds"] == 300
    assert (totals["first_response_compliance"], totals["rating_mean"]) == (1.0, None)


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("priority", ["P1", "P2", "P3", "P4"]),
        ("policy", ["standard"]),
        ("status", ["new", "open", "waiting", "hold", "resolved", "closed"]),
        ("clock", ["first_response", "next_response", "ownership", "resolution"]),
    ],
)
def test_every_value_of_a_closed_set_has_a_row(library: Shell, by: str, values: list[str]) -> None:
    query = ["company:nobody"]
    for given in ([], query):
        groups = document(library, "sla", *given, "--by", by)["groups"]
        assert [group["key"][by] for group in groups] == values
        assert all(group["previous"] == {} for group in groups)
    assert not any(value for group in groups for value in group["metrics"].values())


def test_a_ticket_counts_for_each_tag_and_for_none(library: Shell) -> None:
    groups = document(library, "volume", "--by", "tags", "--every", "month")["groups"]
    assert [(group["key"], group["metrics"]["created"]) for group in groups] == [
        ({"tags": "floor-3", "month": "2026-11"}, 1),
        ({"tags": None, "month": "2026-11"}, 2),
    ]
    assert groups[1]["query"] == "no:tags has:status"


def test_by_a_custom_field_and_by_agent(library: Shell) -> None:
    groups = document(library, "backlog", "--by", "fields.asset")["groups"]
    assert {group["key"]["fields.asset"]: group["metrics"]["backlog"] for group in groups} == {
        "PC-42": 1,
        None: 1,
    }
    groups = document(library, "backlog", "--by", "agent")["groups"]
    assert {group["key"]["assignee"] for group in groups} == {"ana", None}


def test_a_query_narrows_and_the_file_way_says_the_same(library: Shell) -> None:
    for arguments in (["summary"], ["sla", "--by", "company"], ["flow"], ["backlog"]):
        now = document(library, *arguments, "priority:P1,P2")
        past = document(library, *arguments, "priority:P1,P2", "--as-of", "now")
        assert now == past


def test_the_comparison(library: Shell) -> None:
    found = document(
        library, "summary", "--since", "2026-11-22T09:12:00Z", "--compare", "2026-11-22 10:00"
    )
    assert (found["totals"]["created"], found["previous"]["totals"]["created"]) == (2, 1)
    assert found["previous"]["since"] == "2026-11-22T09:00:00Z"
    text = library(
        *("report", "summary", "--since", "2026-11-22", "--compare", "previous", "-o", "table")
    ).out
    assert "in brackets: from 2026-11-21" in text
    assert "3 (0)" in text
    assert "worse" in text


def test_csv_is_safe_and_has_a_row_a_group(desk: Shell) -> None:
    desk("new", "=cmd", "--company", "=HYPERLINK(1)", "-p", "P1")
    rows = list(
        csv.DictReader(io.StringIO(desk("report", "sla", "--by", "company", "-o", "csv").out))
    )
    assert rows == []  # nothing is promised here
    rows = list(
        csv.DictReader(io.StringIO(desk("report", "backlog", "--by", "company", "-o", "csv").out))
    )
    assert [row["company"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["backlog"] == "1"
    summary = list(csv.DictReader(io.StringIO(desk("report", "summary", "-o", "csv").out)))
    assert [row["metric"] for row in summary] == list(BUILT_IN["summary"].metrics)
    units = {"tickets", "times", "seconds", "promises", "share", "points"}
    assert {row["unit"] for row in summary} == units


def test_markdown_is_a_table_of_words(desk: Shell) -> None:
    desk("new", "A printer jams", "--company", "<b>|x\x1b[31m", "-p", "P1")
    made = desk("report", "backlog", "--by", "company", "-o", "md").out
    assert "| company | backlog |" in made
    assert r"\<b>\|x\\u001b\[31m" in made
    assert "| all | 1 |" in made
    assert "<details>" in made
    assert "| created | 1 |" in desk("report", "summary", "-o", "md").out


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", [each for each in BUILT_IN if each not in ("csat", "kb")])
def test_tables_fit(library: Shell, name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for more in ([], ["--by", "company"], ["--since", "2026-11-22", "--until", "2026-11-23"]):
        if "--by" in more and BUILT_IN[name].no_by:
            continue
        lines = library("report", name, *more, terminal=True).out.splitlines()
        assert lines[0].startswith("\x1b[1m")
        plain = library("report", name, *more, "--color", "never", terminal=True).out.splitlines()
        shown = [line for line in plain[1:] if ": desk list " not in line]
        assert max(map(len, shown)) <= width


def test_the_screen_leads_to_the_tickets(library: Shell) -> None:
    text = library("report", "backlog", "-o", "table").out
    assert "the tickets of P1: desk list priority:P1 is:open" in text
    assert VPN in library("list", "priority:P1", "is:open").out
    text = library("report", "flow", "-o", "table").out
    assert "desk list has:resolved" in text
    assert LAPTOP in library("list", "has:resolved").out
    text = library("report", "volume", "--by", "priority", "-o", "table").out
    assert "█" in text


def test_queries_are_typed_as_a_shell_takes_them(desk: Shell) -> None:
    desk("new", "A printer jams", "--company", "O'Neil & Sons")
    text = desk("report", "backlog", "--by", "company", "-o", "table").out
    assert """desk list 'company:"O'\\''Neil & Sons" is:open'""" in text


def test_several_reports_at_once_are_a_page(library: Shell) -> None:
    refused = library("report", "summary", "sla", "company:ACME", code=2)
    assert refused.err == (
        "desk: several reports at once are a page; "
        "add --html FILE, or write text:sla to search for the word\n"
    )
    assert library("report", "summary", "text:sla").out
    assert library("report", "summary", "company:ACME", "sla").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "company:nobody"],
        ["summary", "--until", "2020"],
        ["summary", "--since", "2027"],
        ["volume", "--until", "2020"],
        ["volume", "--since", "2027", "--until", "2028"],
        ["sla", "--since", "2020", "--until", "2021", "--by", "company"],
        ["backlog", "--until", "2020", "--by", "company"],
        ["flow", "company:nobody"],
    ],
)
def test_nothing_gives_a_sentence(library: Shell, arguments: list[str]) -> None:
    result = library("report", *arguments, "-o", "table")
    assert result.out == ""
    ever = "" if any(each.startswith("--") for each in arguments) else "ever "
    assert result.err.startswith(f"nothing {ever}happened to the tickets")
    totals = document(library, *arguments)["totals"]
    assert not any(totals.values())


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["sumary"], 3, "did you mean `summary`?"),
        (["nothing-like-it"], 3, "there are summary, volume, sla, backlog, flow"),
        (["summary", "--by", "compny"], 2, "did you mean `company`?"),
        (["summary", "--by", "clock"], 2, "cannot stand for `clock`"),
        (["summary", "--by", "fields.a'b"], 2, "cannot stand for"),
        (["summary", "--every", "dya"], 2, "did you mean `day`?"),
        (["summary", "--since", "2026", "--until", "2025"], 2, "ends before it starts"),
        (["summary", "--since", "2026", "--until", "2026"], 2, "ends before it starts"),
        (["summary", "--since", "soon"], 2, "is not a date"),
        (["summary", "--compare", "previous"], 2, "say --since"),
        (["summary", "--compare", "previuos"], 2, "did you mean `previous`?"),
        (["summary", "--compare", "2026..2025"], 2, "ends before it starts"),
        (["volume", "--compare", "2025"], 2, "cut into periods"),
        (["volume", "--since", "1990", "--every", "day"], 2, "choose a longer --every"),
        (["summary", "compny:ACME"], 2, "did you mean"),
        (["summary", "--fields", "created"], 2, "leave --fields out"),
        (["summary", "-o", "ids"], 2, "no format `ids`"),
        (["explain", "resolution_complience"], 3, "did you mean `resolution_compliance`?"),
        (["explain", "created", "-o", "csv"], 2, "choose from"),
    ],
)
def test_refusals(library: Shell, arguments: list[str], code: int, told: str) -> None:
    result = library("report", *arguments, code=code)
    assert told in result.err
    assert result.out == ""


def test_a_metric_is_explained(library: Shell) -> None:
    made = library("report", "explain", "resolution-compliance").out
    assert made.startswith("resolution_compliance: resolution, kept\n")
    assert "resolution_met / (resolution_met + resolution_missed)" in made
    assert "In:      desk report summary, desk report sla" in made
    names = [line.split()[0] for line in library("report", "explain").out.splitlines()]
    assert names == list(METRICS)
    told = json.loads(library("report", "explain", "created", "backlog", "-o", "json").out)
    assert [each["name"] for each in told["metrics"]] == ["created", "backlog"]
    assert library("report", "explain", "-o", "md").out.startswith("# Metrics")


def test_an_unreadable_file_is_told(desk: Shell) -> None:
    ticket = desk.id("new", "A printer jams")
    desk.id("new", "Another jams")
    desk.file_of(ticket).write_text("no ticket\n")
    result = desk("report", "summary", "-o", "json")
    assert "unreadable: tickets/" in result.err
    told = json.loads(result.out)
    assert (told["totals"]["created"], len(told["unreadable"])) == (1, 1)


def test_entries_ahead_of_now_do_not_exist_yet(desk: Shell) -> None:
    ticket = desk.id("new", "A printer jams")
    desk("resolve", ticket, now="2026-11-22T12:00:00Z")
    desk.id("new", "Another jams", now="2026-11-22T12:00:00Z")
    totals = document(desk, "summary")["totals"]
    assert (totals["created"], totals["resolved"], totals["backlog"]) == (1, 0, 1)
    later = json.loads(desk("report", "summary", "-o", "json", now="2026-11-22T13:00:00Z").out)[
        "totals"
    ]
    assert (later["created"], later["resolved"], later["backlog"]) == (2, 1, 1)


def test_a_query_finds_tickets_as_they_are_counted(desk: Shell) -> None:
    ticket = desk.id("new", "A printer jams")
    desk("resolve", ticket, now="2026-11-22T12:00:00Z")
    still_live = document(desk, "summary", "is:open")["totals"]
    assert (still_live["created"], still_live["backlog"]) == (1, 1)
    assert document(desk, "summary", "is:done")["totals"]["created"] == 0


def test_a_page_is_a_format_too(library: Shell, tmp_path: Path) -> None:
    for words in (["report"], ["report", "sla", "priority:P1", "--by", "team"], ["dashboard"]):
        page = library(*words, "-o", "html").out
        assert page.startswith("<!doctype html>")
        assert page == library(*words, "--html", "-").out
    written = tmp_path / "page.html"
    assert library("report", "sla", "-o", "html", "--html", str(written)).out == ""
    assert written.read_text() == library("report", "sla", "-o", "html").out.rstrip("\n")
    refused = library("dashboard", "-o", "html", "--fields", "created", code=2)
    assert "leave -o and --fields out" in refused.err
    refused = library("report", "explain", "created", "-o", "html", code=2)
    assert "choose from plain, json, md" in refused.err
    assert "csv, md, html" in library("report", "sla", "-o", "xml", code=2).err


def test_what_was_kept_says_of_how_many_and_leads_to_the_others(library: Shell) -> None:
    made = ("new", "A printer jams", "-p", "P1", "--company", "Zeta")
    first, other = (library.id(*made, now="2026-11-23T09:00:00Z") for _ in range(2))
    then = "2026-11-26T09:00:00Z"
    library("resolve", first, now=then)
    library("resolve", other, "--as", "duplicate", now=then)
    asked = ("summary", "company:Zeta", "--since", "2026-11")
    for form in ("table", "md"):
        told = library("report", *asked, "--compare", "previous", "-o", form, now=then).out
        assert "0.0% of 1 (-)" in told
    assert "0.0% of 1<" in library("report", *asked, "-o", "html", now=then).out
    found = json.loads(library("report", *asked, "-o", "json", now=then).out)
    for part, count in (("missed", 1), ("met", 0)):
        assert found["totals"][f"resolution_{part}"] == count
        query = found["queries"][f"resolution_{part}"]
        assert library("list", "--count", query, now=then).out == f"{count}\n"
