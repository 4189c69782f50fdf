"""Reports that config.yaml defines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk.domain.report.catalogue import BUILT_IN
from tests.conftest import Shell

REPORTS = """\
reports:
  printers:
    name: Printers by team
    summary: what jams where
    query: category:hardware/printer or tag:floor-3
    by: [team, priority]
    columns: [created, breached, backlog]
    sort: -created
  weekly: {base: volume, every: week, query: "company:ACME"}
  promises: {base: sla, by: [clock], sort: -promises_met}
"""


@pytest.fixture
def own(desk: Shell) -> Shell:
    """A help desk with reports of its own, and tickets to count."""
    config = desk.folder / "config.yaml"
    config.write_text(config.read_text() + REPORTS)
    desk.git("commit", "--quiet", "-a", "-m", "reports")
    for priority, team in (("P1", "support"), ("P3", "sysadmin"), ("P3", "sysadmin")):
        words = ("-p", priority, "--team", team, "-c", "hardware/printer")
        desk("new", "A printer jams", *words)
    desk("new", "No VPN", "--company", "ACME", "-p", "P1")
    desk("new", "It jams", "--tag", "floor-3", "--company", "ACME", "-p", "P2")
    return desk


def document(desk: Shell, *arguments: str) -> dict[str, Any]:
    found = json.loads(desk("report", *arguments, "-o", "json").out)
    assert isinstance(found, dict)
    return found


def test_a_report_of_ones_own(own: Shell) -> None:
    found = document(own, "printers")
    assert (found["name"], found["title"]) == ("printers", "Printers by team")
    assert found["by"] == ["team", "priority"]
    rows = [(*each["key"].values(), each["metrics"]["created"]) for each in found["groups"]]
    assert rows == [("sysadmin", "P3", 2), ("support", "P1", 1), ("support", "P2", 1)]
    assert list(found["totals"]) == ["created", "breached", "backlog"]
    assert found["totals"]["created"] == 4
    query = found["groups"][0]["query"]
    assert len(own("list", query, "-o", "ids").out.split()) == 2
    heading = own("report", "printers", "-o", "table").out.splitlines()[0]
    assert heading.startswith("Printers by team of all time, category:hardware/printer or tag")


def test_a_query_narrows_it_further(own: Shell) -> None:
    found = document(own, "printers", "company:ACME", "or", "priority:P1")
    assert found["totals"]["created"] == 2
    assert found["query"] == (
        "(category:hardware/printer or tag:floor-3) (company:ACME or priority:P1)"
    )
    assert document(own, "weekly", "priority:P2")["totals"]["created"] == 1


def test_the_command_line_asks_otherwise(own: Shell) -> None:
    found = document(own, "printers", "--by", "company")
    assert [each["key"] for each in found["groups"]] == [{"company": None}, {"company": "ACME"}]
    assert document(own, "weekly")["by"] == ["week"]
    assert document(own, "weekly", "--every", "month")["by"] == ["month"]


def test_what_is_like_a_base(own: Shell) -> None:
    assert document(own, "weekly")["totals"].keys() == {*BUILT_IN["volume"].metrics}
    groups = document(own, "promises")["groups"]
    assert {each["key"]["clock"] for each in groups} == (
        {"first_response", "next_response", "ownership", "resolution"}
    )


@pytest.mark.parametrize("name", ["printers", "Weekly", "PROMISES"])
@pytest.mark.parametrize("form", ["table", "plain", "csv", "md", "json"])
def test_every_format(own: Shell, name: str, form: str) -> None:
    assert own("report", name, "-o", form).out


def test_they_are_listed_and_offered(own: Shell) -> None:
    listed = own("report").out.splitlines()
    assert "printers\twhat jams where" in listed
    assert "weekly\tweekly" in listed
    assert "what jams where" in own("report", "-o", "table").out
    told = json.loads(own("report", "-o", "json").out)["reports"]
    assert [each["name"] for each in told if each["is_own"]] == ["printers", "weekly", "promises"]
    assert "did you mean `printers`?" in own("report", "printer", code=3).err


def test_without_a_help_desk_the_reports_of_desk_are_listed(desk: Shell) -> None:
    (desk.folder / "config.yaml").unlink()
    assert desk("report").out.splitlines()[0].startswith("summary\t")


def test_sorting(own: Shell) -> None:
    config = own.folder / "config.yaml"
    plain = config.read_text()

    def keys(sort: str) -> list[str | None]:
        words = f"  r: {{by: [company], columns: [created, rating_mean], sort: {sort}}}\n"
        config.write_text(plain + words)
        return [each["key"]["company"] for each in document(own, "r")["groups"]]

    own("new", "Another", "--company", "Zenith")
    assert keys("created") == ["Zenith", "ACME", None]
    assert keys("-created") == [None, "ACME", "Zenith"]
    assert keys("company") == ["ACME", "Zenith", None]
    assert keys("-company") == ["Zenith", "ACME", None]
    assert keys("rating_mean") == ["ACME", "Zenith", None]  # nobody was rated: as they are


def test_of_a_commit_they_are_that_commits(own: Shell) -> None:
    assert (
        "there is no report `printers`" in own("report", "printers", "--at", "HEAD~6", code=3).err
    )
    assert document(own, "printers", "--at", "HEAD~3")["totals"]["created"] == 2
    assert "printers" not in own("report", "--at", "HEAD~6").out


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("team,priority", {("support", "P1"), ("support", "P2"), ("sysadmin", "P3")}),
        ("tags, team", {(None, "support"), (None, "sysadmin"), ("floor-3", "support")}),
    ],
)
def test_rows_by_several_fields(own: Shell, by: str, keys: set[tuple[str | None, ...]]) -> None:
    found = document(own, "backlog", "--by", by)
    assert {tuple(each["key"].values()) for each in found["groups"]} == keys
    assert sum(each["metrics"]["backlog"] for each in found["groups"]) == 5
    assert "clocks stand for nothing else" in own("report", "sla", "--by", "clock,team", code=2).err
    past = document(own, "backlog", "--by", by, "--as-of", "now")
    assert past == found
