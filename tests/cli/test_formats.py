"""Formats, limits and fields where they make sense; options that would do nothing are refused."""

from __future__ import annotations

import csv
import io
import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import Result, Shell

CHECKS = (["lint"], ["config", "check"], ["sla", "check", "team:support"])
PAGES = (["sla", "explain", VPN], ["sla", "calendar", "office"], ["config", "show"])


@pytest.mark.parametrize("words", [*CHECKS, *PAGES], ids=" ".join)
@pytest.mark.parametrize("form", ["plain", "table"])
def test_plain_and_table_are_other_words_for_text(
    library: Shell, words: list[str], form: str
) -> None:
    text = library(*words, "-o", "text")
    assert library(*words, "-o", form) == text
    assert library(*words) == text
    assert library(*words, "-o", form, "--color", "never", terminal=True).out == text.out


def test_metrics_of_lint_and_config_check(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("channel:", "odd: 1\npriority: P1\nchannel:", 1))
    path.with_name("HD-2611-BR0KE.md").write_text("nothing")
    metrics = desk("lint", "-o", "prometheus", code=1).out
    families = {each.name: each for each in text_string_to_metric_families(metrics)}
    assert families["desk_lint_checked"].samples[0].value == 2
    counts = {
        sample.labels["severity"]: sample.value for sample in families["desk_lint_findings"].samples
    }
    assert set(counts) == {"error", "warning", "hint"}
    assert counts["error"] >= 2
    metrics = desk("config", "check", "-o", "prometheus").out
    assert 'desk_config_check_findings{severity="error"} 0\n' in metrics
    (desk.folder / "config.yaml").write_text("desk: {format: 1}\npeopel: {}\n")
    metrics = desk("config", "check", "-o", "prometheus", code=1).out
    assert 'desk_config_check_findings{severity="error"} 1\n' in metrics


def test_the_formats_are_explained(library: Shell) -> None:
    page = library("help", "formats").out
    for form in ("table", "plain", "json", "jsonl", "csv", "ids", "md", "text", "prometheus"):
        assert f"| `{form}` |" in page


def test_team_in_tables(library: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(library("team", "support", "-o", "csv").out)))
    assert [(row["kind"], row["who"], row["name"], row["waiting"]) for row in rows] == [
        ("person", "ana", "Ana Ruiz", "1"),
        ("person", "eva", "Eva Sanz", "0"),
        ("queue", "support", "support", "0"),
    ]
    lines = library("team", "support", "-o", "jsonl").out.splitlines()
    assert [json.loads(line)["who"] for line in lines] == ["ana", "eva", "support"]
    assert json.loads(lines[0])["oldest"] == PRINTER
    shown = library("team", "support", "-o", "md", "--fields", "who,total").out
    assert shown == "| who | total |\n|---|---|\n| ana | 1 |\n| eva | 0 |\n| support | 0 |\n"
    assert library("team", "--fields", "whom", code=2).err == (
        "desk: there is no field `whom` to show; did you mean `who`?\n"
    )


def test_next_in_markdown_is_the_whole_ticket(library: Shell) -> None:
    assert library("next", "-o", "md", user="luis").out == library("show", VPN, "-o", "md").out
    shown = library("next", "-o", "md", "--fields", "id", user="luis").out
    assert shown == f"| ID |\n|---|\n| {VPN} |\n"


def test_status_in_markdown_and_with_fields(library: Shell) -> None:
    assert library("sla", "status", VPN, "-o", "md", "--fields", "id,clock,state").out == (
        f"| id | clock | state |\n|---|---|---|\n"
        f"| {VPN} | first\\_response | breached |\n| {VPN} | resolution | running |\n"
    )
    shown = library("sla", "status", VPN, "--fields", "clock,remaining_seconds").out
    assert shown == "first_response\t-275\nresolution\t2425\n"
    assert library("sla", "status", VPN, "--fields", "cloc", code=2).err == (
        "desk: there is no field `cloc` to show; did you mean `clock`?\n"
    )


@pytest.mark.parametrize(
    "words", [["log", VPN], ["history", VPN], ["team"], ["sla", "status"]], ids=" ".join
)
def test_a_page_for_a_terminal_has_no_choice_of_fields(library: Shell, words: list[str]) -> None:
    assert library(*words, "--fields", "id", terminal=True, code=2) == Result(
        2,
        "",
        "desk: the page for a terminal has no choice of fields; add -o plain, csv or md\n",
    )


def test_explain_of_several(library: Shell) -> None:
    one, two = (library("sla", "explain", name).out for name in (VPN, LAPTOP))
    assert library("sla", "explain", "-", stdin=f"{VPN} {LAPTOP}").out == f"{one}\n{two}"
    document = json.loads(library("sla", "explain", VPN, LAPTOP, "-o", "json").out)
    assert document["schema"] == "desk.sla-explains/1"
    alone = json.loads(library("sla", "explain", VPN, "-o", "json").out)
    assert {"schema": "desk.sla-explain/1", **document["explanations"][0]} == alone


# ---------------------------------------------------------------------------------------- limits


@pytest.fixture
def busy(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A help desk with eight tickets of nobody and two of Ana, on a terminal of ten lines."""
    for number in range(10):
        taken = ("-a", "ana") if number < 2 else ()
        desk("new", f"Ticket {number}", "-r", "bob@acme.example", *taken, "--no-commit")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    return desk


def test_my_day_has_a_limit_and_fits_a_terminal(busy: Shell) -> None:
    cut = busy("today", "--limit", "3", "-o", "ids")
    assert cut.out.count("\n") == 3
    assert cut.err == "7 more of 10 tickets: --limit 0 shows all\n"
    shown = busy("today", terminal=True)
    assert shown.out.count("\n") <= 10
    assert shown.out.count("HD-2611-") == 2
    assert "8 more of 10 tickets: --limit 0 shows all\n" in shown.err
    assert busy("today", "--limit", "0", terminal=True).out.count("HD-2611-") == 10
    assert busy("today", "--limit", "5", "-o", "md").out.count("HD-2611-") == 5
    assert busy("today").out.count("HD-2611-") == 10
    assert busy("today", "--limit", "10").err == ""


def test_promises_have_a_limit_and_fit_a_terminal(
    library: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = library("sla", "status", "is:open or is:done")
    assert everything.err == ""
    cut = library("sla", "status", "is:open or is:done", "--limit", "1")
    assert {line.split("\t")[0] for line in cut.out.splitlines()} == {VPN}
    assert cut.err == "2 more of 3 tickets: --limit 0 shows all\n"
    ids = library("sla", "status", "is:open or is:done", "--limit", "1", "-o", "ids")
    assert (ids.out, ids.err) == (f"{VPN}\n", cut.err)
    monkeypatch.setenv("LINES", "9")
    shown = library("sla", "status", "is:open or is:done", terminal=True)
    assert shown.out.count("HD-2611-") == 4
    assert shown.err == "1 more of 3 tickets: --limit 0 shows all\n"
    shown = library("sla", "status", "is:open or is:done", "--limit", "0", terminal=True)
    assert shown.out.count("HD-2611-") == 6


def test_a_grouped_list_fits_a_terminal(busy: Shell) -> None:
    shown = busy("list", "--by", "assignee", terminal=True)
    assert shown.out.count("\n") <= 10
    assert "of 10 tickets: --limit 0 shows all\n" in shown.err


# ------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["config", "check"], "config check looks at config.yaml as it is now"),
        (["config", "show"], "config show looks at config.yaml as it is now"),
        (["lint"], "lint looks at the files as they are now"),
        (["lint", "--fix"], "lint looks at the files as they are now"),
        (["init", "elsewhere"], "a help desk is made now"),
        (["history", VPN], "history shows all commits"),
    ],
)
def test_what_looks_at_the_present_has_no_as_of(
    library: Shell, words: list[str], said: str
) -> None:
    assert library(*words, "--as-of", "yesterday", code=2) == Result(
        2, "", f"desk: {said}; leave --as-of out\n"
    )
    assert not (library.folder / "elsewhere").exists()
