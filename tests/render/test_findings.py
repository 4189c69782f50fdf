"""Findings in every format, each read back by a reader that is not ours."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml, TestCase, TestSuite

from desk.domain.findings import SEVERITIES, Finding
from desk.errors import Diagnostic
from desk.render.findings import FORMATS, findings_text, fix_lines, summary
from desk.services.fixing import Fix

PATH = "tickets/2026/11/HD-2611-7K3QF.md"
HOSTILE = "100%: a\x1b[2J,\r\nb\u202e\udcff]]><x y='\"'>&amp;\x00::error::forged"

ERROR = Finding("value", "error", PATH, 8, 7, "unknown type `incidnet`: did you mean `incident`?")
WARNING = Finding("missing", "warning", PATH, 1, 1, "there is no `title`")
HINT = Finding("leftover", "hint", "kb/.x.desk-tmp", 0, 0, "remove it")
ALL = [ERROR, WARNING, HINT]


def written(form: str, findings: list[Finding], prefix: str = "") -> str:
    return findings_text(form, "desk.lint/1", 40, findings, prefix)


def test_text_is_one_line_a_finding() -> None:
    assert written("text", ALL, "helpdesk/") == (
        f"{PATH}:8:7: error: unknown type `incidnet`: did you mean `incident`? [value]\n"
        f"{PATH}:1:1: warning: there is no `title` [missing]\n"
        "kb/.x.desk-tmp: hint: remove it [leftover]\n"
    )
    assert written("text", []) == ""


def test_text_shows_strange_characters_escaped() -> None:
    shown = written("text", [ERROR._replace(path="a\x1b[2J\nb", message=HOSTILE)])
    assert shown.count("\n") == 1
    assert shown.startswith("a\\u001b[2J\\u000ab:8:7: error: 100%: a\\u001b[2J,\\u000d\\u000ab")
    assert shown[:-1].isprintable()


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([], "1,200 checked: nothing to mend"),
        ([HINT], "1,200 checked: 1 hint"),
        ([*ALL, ERROR], "1,200 checked: 2 errors, 1 warning, 1 hint"),
    ],
)
def test_a_summary_counts(findings: list[Finding], said: str) -> None:
    assert summary(1200, findings) == said


def test_fixes_are_told_a_line_a_ticket() -> None:
    fixes = [Fix(PATH, "HD-2611-7K3QF", ("sorted its log", "added `x`"))]
    assert fix_lines(fixes) == ["mended HD-2611-7K3QF: sorted its log; added `x`"]
    assert fix_lines(fixes, dry_run=True)[0].startswith("would mend HD-2611-7K3QF: ")


LINT = {
    "type": "object",
    "required": ["schema", "checked", "counts", "findings", "unreadable"],
    "properties": {
        "schema": {"const": "desk.lint/1"},
        "checked": {"type": "integer"},
        "counts": {
            "type": "object",
            "properties": {name: {"type": "integer"} for name in SEVERITIES},
            "required": list(SEVERITIES),
        },
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "severity": {"enum": list(SEVERITIES)},
                    "path": {"type": "string"},
                    "line": {"type": "integer", "minimum": 0},
                    "column": {"type": "integer", "minimum": 0},
                    "message": {"type": "string"},
                },
                "required": ["code", "severity", "path", "line", "column", "message"],
                "additionalProperties": False,
            },
        },
        "unreadable": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "line": {"type": "integer"},
                    "message": {"type": "string"},
                },
                "required": ["path", "line", "message"],
                "additionalProperties": False,
            },
        },
    },
}


def test_json_carries_the_data_with_paths_from_the_workspace() -> None:
    found = ERROR._replace(message=HOSTILE)
    broken = Diagnostic("yaml", "tickets/2026/11/x.md", 3, 1, "not YAML")
    text = findings_text("json", "desk.lint/1", 40, [found, HINT], "helpdesk/", [broken])
    document = json.loads(text)
    jsonschema.validate(document, LINT)
    assert tuple(document["findings"][0].values()) == found[:6]
    assert document["counts"] == {"error": 1, "warning": 0, "hint": 1}
    assert document["checked"] == 40
    assert document["unreadable"] == [
        {"path": "tickets/2026/11/x.md", "line": 3, "message": "not YAML"}
    ]
    assert text.encode().endswith(b"}\n")


def junit(findings: list[Finding], prefix: str = "") -> TestSuite:
    xml = JUnitXml.fromstring(written("junit", findings, prefix).encode())
    suites = [suite for suite in xml if isinstance(suite, TestSuite)]
    assert len(suites) == 1
    return suites[0]


def test_junit_has_a_case_a_finding_and_hints_pass() -> None:
    suite = junit(ALL, "helpdesk/")
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("desk lint", 3, 2, 0)
    cases = [case for case in suite if isinstance(case, TestCase)]
    assert [case.classname for case in cases] == [
        f"helpdesk/{PATH}",
        f"helpdesk/{PATH}",
        "helpdesk/kb/.x.desk-tmp",
    ]
    assert [case.is_passed for case in cases] == [False, False, True]
    failure = cases[0].result[0]
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("value", ERROR.message)
    assert failure.text == f"helpdesk/{PATH}:8: error: {ERROR.message}"
    assert len({case.name for case in cases}) == 3


def test_junit_of_a_clean_desk_has_a_case_that_passes() -> None:
    suite = junit([])
    cases = [case for case in suite if isinstance(case, TestCase)]
    assert (suite.tests, suite.failures, len(cases)) == (1, 0, 1)
    assert cases[0].is_passed


texts = st.text(max_size=20) | st.text(
    alphabet="\x00\x07\r\n\t<&>\"'\udc80\ufffe\uffffab%:,", max_size=20
)


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_every_machine_form_survives_any_characters(path: str, message: str) -> None:
    found = [ERROR._replace(path=path, message=message), HINT._replace(message=message)]
    for form in FORMATS:
        assert written(form, found).encode()
    suite = junit(found)
    assert (suite.tests, suite.failures) == (2, 1)
    assert json.loads(written("json", found))["findings"][0]["message"] == message
    assert len(github(written("github", found))) == 2
    assert len(json.loads(written("gitlab", found))) == 2
    assert len(json.loads(written("sarif", found))["runs"][0]["results"]) == 2


def test_junit_is_xml_1_0() -> None:
    text = written("junit", [ERROR._replace(path="a\x1bb", message=HOSTILE)])
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(text)
    failure = root.find(".//failure")
    assert failure is not None
    assert "\\u001b[2J" in failure.attrib["message"]
    assert failure.text is not None
    assert "]]><x y='\"'>&amp;\\u0000" in failure.text
    passed = written("junit", [HINT._replace(message="a\n::error::forged\r\nb")])
    assert not [line for line in f"{text}{passed}".splitlines() if line.startswith("::")]
    assert "&#10;" not in text + passed


def github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does: ActionCommand.TryParseV2 and its maps."""
    commands = []
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"::([a-z]+) (.*?)::(.*)", line, re.DOTALL)
        assert match, line
        properties = {}
        for pair in match[2].split(","):
            name, _, value = pair.partition("=")
            for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
                value = value.replace(code, character)
            properties[name] = value.replace("%25", "%")
        data = match[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        commands.append((match[1], properties, data))
    return commands


def test_github_annotations() -> None:
    assert written("github", ALL, "helpdesk/") == (
        f"::error file=helpdesk/{PATH},line=8,col=7,title=desk lint%3A value"
        "::unknown type `incidnet`: did you mean `incident`?\n"
        f"::warning file=helpdesk/{PATH},line=1,col=1,title=desk lint%3A missing"
        "::there is no `title`\n"
        "::notice file=helpdesk/kb/.x.desk-tmp,title=desk lint%3A leftover::remove it\n"
    )
    assert written("github", []) == ""


def test_github_escapes_what_its_commands_are_made_of() -> None:
    found = ERROR._replace(path="a,b:c%d\ne.md", message="50%\r\nof: a, b\n::error::forged")
    text = written("github", [found])
    assert text.count("\n") == 1
    assert "file=a%2Cb%3Ac%25d%0Ae.md," in text
    assert text.endswith("::50%25%0D%0Aof: a, b%0A::error::forged\n")
    ((level, properties, data),) = github(text)
    assert (level, properties["file"], data) == ("error", found.path, found.message)


def test_github_shows_other_strange_characters_escaped() -> None:
    assert "a\\u001b[2J" in written("github", [ERROR._replace(message=HOSTILE)])


GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_gitlab_report() -> None:
    issues = json.loads(written("gitlab", ALL, "helpdesk/"))
    jsonschema.validate(issues, GITLAB)
    assert [each["severity"] for each in issues] == ["major", "minor", "info"]
    assert issues[0]["location"] == {"path": f"helpdesk/{PATH}", "lines": {"begin": 8}}
    assert issues[2]["location"]["lines"] == {"begin": 1}
    assert json.loads(written("gitlab", [])) == []


def test_gitlab_fingerprints_stay_where_lines_move_and_differ_otherwise() -> None:
    def prints(*findings: Finding) -> list[str]:
        return [each["fingerprint"] for each in json.loads(written("gitlab", list(findings)))]

    before = prints(ERROR, WARNING, ERROR._replace(line=20))
    after = prints(ERROR._replace(line=9), WARNING._replace(line=2), ERROR._replace(line=21))
    assert before == after
    assert len(set(before)) == 3
    assert prints(ERROR._replace(path="x"))[0] not in before


SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": {"type": "object", "required": ["name"]}},
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""The parts of SARIF's schema that speak of what is written here."""


def test_sarif_log() -> None:
    document = json.loads(written("sarif", ALL, "help desk/"))
    jsonschema.validate(document, SARIF)
    (run,) = document["runs"]
    rules = {
        rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]
    }
    assert rules.keys() == {"value", "missing", "leftover"}
    assert rules["missing"] == "There is no title, or no requester."
    first, _, last = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"help%20desk/{PATH}"
    assert place["region"] == {"startLine": 8, "startColumn": 7}
    assert "region" not in last["locations"][0]["physicalLocation"]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note"]


def test_sarif_paths_are_uris() -> None:
    document = json.loads(written("sarif", [ERROR._replace(path="a b/ñ%#?.md")]))
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    assert uri.isascii()
    assert PurePosixPath(unquote(uri)) == PurePosixPath("a b/ñ%#?.md")


def test_a_check_whose_codes_are_not_in_the_table_has_rules_as_well() -> None:
    breached = ERROR._replace(code="breached")
    text = findings_text("sarif", "desk.sla-check/1", 3, [breached])
    driver = json.loads(text)["runs"][0]["tool"]["driver"]
    assert (driver["name"], driver["rules"][0]["id"]) == ("desk sla check", "breached")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("first-response-at-risk", "The first response will soon be late."),
        ("config-twice", "The same thing twice."),
        ("yaml", "The front matter is not YAML without anchors, tags and double keys."),
        ("nonsense", "nonsense"),
    ],
)
def test_sarif_rules_in_words(code: str, meaning: str) -> None:
    document = json.loads(written("sarif", [ERROR._replace(code=code)]))
    (rule,) = document["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == meaning


def test_what_was_let_pass_is_no_failure() -> None:
    suite = junit([ERROR, ERROR._replace(line=9, is_let_pass=True), WARNING])
    assert (suite.tests, suite.failures) == (3, 2)
    cases = [case for case in suite if isinstance(case, TestCase)]
    assert [case.is_passed for case in cases] == [False, True, False]
