"""What `sla check` writes for machines, read back by those machines' own readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml
from prometheus_client.parser import text_string_to_metric_families
from sarif.loader import load_sarif_file

from tests.conftest import Shell

CONFIG = (Path(__file__).parents[2] / "config.yaml").read_text()
NOW = "2026-11-24T10:00:00Z"
NASTY = 'Jams: 100% "of" <pages>, a::b \\ \x1b[31m ñ'


@pytest.fixture
def late(make_desk: Callable[..., Shell]) -> tuple[Shell, str]:
    """A help desk with a ticket whose first answer, owner and end are late, and one in time."""
    desk = make_desk(config=CONFIG.replace("name: standard", 'name: "stan\\"dard\\\\"'))
    late_id = desk.id("new", NASTY, "-p", "P1", "--team", "support")
    desk("new", "In time", "-p", "P4", now="2026-11-24T09:59:00Z")
    return desk, late_id


def checked(desk: Shell, form: str) -> str:
    return desk("sla", "check", "-o", form, now=NOW, code=1).out


def test_junit(late: tuple[Shell, str]) -> None:
    desk, late_id = late
    (suite,) = JUnitXml.fromstring(checked(desk, "junit").encode())
    assert (suite.tests, suite.failures, suite.errors) == (3, 3, 0)
    path = f"tickets/2026/11/{late_id}.md"
    assert [case.name for case in suite] == [
        f"{clock}-breached {path}:5" for clock in ("first-response", "ownership", "resolution")
    ]
    for case in suite:
        (failure,) = case.result
        assert isinstance(failure, Failure)
        assert '100% "of" <pages>' in failure.message
        assert "\x1b" not in failure.message


def test_sarif(late: tuple[Shell, str], tmp_path: Path) -> None:
    desk, late_id = late
    target = tmp_path / "desk.sarif"
    target.write_text(checked(desk, "sarif"))
    read = load_sarif_file(str(target))
    assert read.get_distinct_tool_names() == ["desk sla check"]
    read.init_default_line_number_1()
    records = read.get_records()
    assert [each["Code"] for each in records] == [
        "first-response-breached",
        "ownership-breached",
        "resolution-breached",
    ]
    for each in records:
        assert each["Severity"] == "error"
        assert each["Location"] == f"tickets/2026/11/{late_id}.md"
        assert each["Line"] == 5


def test_sarif_says_what_its_rules_mean_and_knows_a_finding_again(late: tuple[Shell, str]) -> None:
    desk, _ = late
    (run,) = json.loads(checked(desk, "sarif"))["runs"]
    meanings = [each["shortDescription"]["text"] for each in run["tool"]["driver"]["rules"]]
    assert meanings == [
        "The first response is late.",
        "The ownership is late.",
        "The resolution is late.",
    ]
    known = [each["partialFingerprints"]["deskFinding/v1"] for each in run["results"]]
    assert known == [each["fingerprint"] for each in json.loads(checked(desk, "gitlab"))]


@pytest.mark.parametrize(
    ("fail_on", "failed", "severities"),
    [
        ("at-risk", ["first_response", "ownership"], ["error", "warning"]),
        ("breached", ["first_response"], ["error", "warning"]),
        ("never", [], ["warning", "warning"]),
    ],
)
def test_what_fail_on_lets_pass_is_no_failure(
    late: tuple[Shell, str], fail_on: str, failed: list[str], severities: list[str]
) -> None:
    """It is 10:35 in Madrid, and the desk has been open since 9:00."""
    desk, late_id = late
    now, code = "2026-11-23T09:35:00Z", 1 if failed else 0
    words = ("sla", "check", f"id:{late_id}", "--fail-on", fail_on, "-o")
    (suite,) = JUnitXml.fromstring(desk(*words, "junit", now=now, code=code).out.encode())
    assert (suite.tests, suite.failures) == (2, len(failed))
    cases = [case for case in suite if any(isinstance(each, Failure) for each in case.result)]
    assert [case.name.split("-breached")[0].split("-at-")[0] for case in cases] == [
        clock.replace("_", "-") for clock in failed
    ]
    for case in suite:
        assert case in cases or case.system_out.startswith(f"tickets/2026/11/{late_id}.md:5: ")
    annotations = desk(*words, "github", now=now, code=code).out.splitlines()
    assert [line.split(" ")[0] for line in annotations] == [f"::{each}" for each in severities]
    assert "title=desk sla check%3A " in annotations[0]


def test_prometheus(late: tuple[Shell, str]) -> None:
    desk, _ = late
    families = {
        each.name: each for each in text_string_to_metric_families(checked(desk, "prometheus"))
    }
    (checked_tickets,) = families["desk_sla_tickets_checked"].samples
    assert checked_tickets.value == 2
    states = {each.labels["state"]: each.value for each in families["desk_sla_clocks"].samples}
    assert (states["breached"], states["running"]) == (3, 3)
    findings = families["desk_sla_findings"].samples
    assert sorted(each.labels["clock"] for each in findings) == [
        "first_response",
        "ownership",
        "resolution",
    ]
    for each in findings:
        assert each.labels["policy"] == 'stan"dard\\'
        assert (each.labels["priority"], each.labels["team"]) == ("P1", "support")
    (unreadable,) = families["desk_unreadable"].samples
    assert unreadable.value == 0


def test_gitlab(late: tuple[Shell, str]) -> None:
    """The fields of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""
    desk, late_id = late
    issues = json.loads(checked(desk, "gitlab"))
    assert issues[0]["check_name"] == "first-response-breached"
    assert {each["severity"] for each in issues} <= {
        "info",
        "minor",
        "major",
        "critical",
        "blocker",
    }
    assert issues[0]["location"] == {
        "path": f"tickets/2026/11/{late_id}.md",
        "lines": {"begin": 5},
    }
    assert len({each["fingerprint"] for each in issues}) == 3


def test_a_finding_keeps_its_fingerprint_as_time_goes_by(late: tuple[Shell, str]) -> None:
    desk, _ = late
    later = desk("sla", "check", "-o", "gitlab", now="2026-11-25T10:00:00Z", code=1).out
    now = {each["fingerprint"] for each in json.loads(checked(desk, "gitlab"))}
    assert now <= {each["fingerprint"] for each in json.loads(later)}


def test_github(late: tuple[Shell, str]) -> None:
    """A line `::error file=..,line=..::message`, with % and the marks of properties escaped."""
    desk, late_id = late
    lines = checked(desk, "github").split("\n")[:-1]
    assert len(lines) == 3
    for line in lines:
        _, properties, message = line.split("::", 2)
        level, _, rest = properties.partition(" ")
        told = dict(part.split("=", 1) for part in rest.split(","))
        assert level == "error"
        assert (told["file"], told["line"]) == (f"tickets/2026/11/{late_id}.md", "5")
        assert "100%25" in message
        assert "\x1b" not in message


def test_json(late: tuple[Shell, str]) -> None:
    desk, late_id = late
    found = json.loads(checked(desk, "json"))
    assert {key: found[key] for key in ("schema", "as_of", "checked", "unreadable")} == {
        "schema": "desk.sla-check/1",
        "as_of": NOW,
        "checked": 2,
        "unreadable": [],
    }
    assert (found["counts"]["breached"], found["counts"]["at_risk"]) == (3, 0)
    assert [each["clock"] for each in found["findings"]] == [
        "first_response",
        "ownership",
        "resolution",
    ]
    first = found["findings"][0]
    assert {key: value for key, value in first.items() if key != "over_seconds"} == {
        "id": late_id,
        "path": f"tickets/2026/11/{late_id}.md",
        "title": NASTY,
        "priority": "P1",
        "assignee": None,
        "team": "support",
        "policy": 'stan"dard\\',
        "clock": "first_response",
        "state": "breached",
        "due": "2026-11-23T08:30:00Z",
    }


@pytest.mark.parametrize(
    "form", ["text", "json", "junit", "github", "gitlab", "sarif", "prometheus"]
)
def test_a_ticket_that_cannot_be_read_fails_whatever_is_chosen(
    late: tuple[Shell, str], form: str
) -> None:
    desk, late_id = late
    desk.file_of(late_id).write_text("---\nid: [\n---\n")
    done = desk("sla", "check", "-o", form, "--fail-on", "never", now=NOW, code=1)
    if form == "prometheus":
        assert "desk_unreadable 1\n" in done.out
    else:
        assert late_id in done.out
