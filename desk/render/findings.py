"""What checks find, in the formats that people, CI servers and forges read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from desk.domain.audit.codes import CODE
from desk.domain.findings import MEANINGS, SEVERITIES, Finding
from desk.domain.lint import CHECK
from desk.domain.patterns import pattern
from desk.domain.texts import visible, visible_lines
from desk.errors import Diagnostic
from desk.render.metrics import gauge, labels

if TYPE_CHECKING:
    from desk.services.fixing import Fix


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one check. `schema` names the shape of its JSON (`desk.lint/1`), `checked` is
    how many things were looked at, `prefix` where the workspace lies in its repository
    (`helpdesk/`): annotations give paths from there, JSON from the workspace."""

    schema: str
    checked: int
    findings: Sequence[Finding]
    prefix: str = ""
    unreadable: Sequence[Diagnostic] = ()

    @property
    def name(self) -> str:
        """The check as a command: `desk lint`, `desk sla check`."""
        return self.schema.partition("/")[0].replace(".", " ").replace("-", " ")


def findings_text(
    form: str,
    schema: str,
    checked: int,
    findings: Iterable[Finding],
    prefix: str = "",
    unreadable: Iterable[Diagnostic] = (),
) -> str:
    """Return what a check found in one of the `FORMATS`; see `Report`."""
    return FORMATS[form](Report(schema, checked, tuple(findings), prefix, tuple(unreadable)))


def _text(report: Report) -> str:
    """Write a line a finding, for people; nothing where there is none."""
    return "".join(
        f"{visible(_place(each))}: {each.severity}: {visible(each.message)} [{each.code}]\n"
        for each in report.findings
    )


def _place(finding: Finding) -> str:
    parts = [finding.path, str(finding.line or ""), str(finding.column or "")]
    return ":".join(part for part in parts if part)


def summary(checked: int, findings: Iterable[Finding]) -> str:
    """Return the outcome in one sentence: `40 checked: 2 errors, 1 hint`."""
    counts = Counter(each.severity for each in findings)
    words = [
        f"{counts[name]:,} {name}{'s' if counts[name] > 1 else ''}"
        for name in SEVERITIES
        if counts[name]
    ]
    return f"{checked:,} checked: {', '.join(words) or 'nothing to mend'}"


def fix_lines(fixes: Iterable[Fix], dry_run: bool = False) -> list[str]:
    """Return a line for each ticket that was mended, or would be."""
    start = "would mend " if dry_run else "mended "
    return [f"{start}{each.id}: {'; '.join(each.done)}" for each in fixes]


def _json(report: Report) -> str:
    counts = Counter(each.severity for each in report.findings)
    return _document(
        {
            "schema": report.schema,
            "checked": report.checked,
            "counts": {name: counts[name] for name in SEVERITIES},
            "findings": [_finding_object(each) for each in report.findings],
            "unreadable": [
                {"path": each.path, "line": each.line, "message": each.message}
                for each in report.unreadable
            ],
        }
    )


def _finding_object(finding: Finding) -> dict[str, object]:
    shown = finding._asdict()
    return {key: shown[key] for key in shown if key not in ("lasting", "is_let_pass")}


_SURROGATE = pattern("[\ud800-\udfff]")


def _document(value: object) -> str:
    """Write JSON; what is no character (bytes of a file name that is not UTF-8) stays escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _junit(report: Report) -> str:
    """Write JUnit's XML: a test case a finding, or one that passes where there is none. A finding
    that does not fail the check passes, and says what it has to say.

    XML 1.0 cannot hold most control characters, so strange ones are shown escaped.
    """
    from xml.etree import ElementTree as Xml

    failed = sum(not each.passes for each in report.findings)
    counts = {"tests": str(len(report.findings) or 1), "failures": str(failed), "errors": "0"}
    suites = Xml.Element("testsuites", counts)
    suite = Xml.SubElement(suites, "testsuite", {"name": report.name, **counts, "skipped": "0"})
    if not report.findings:
        Xml.SubElement(
            suite, "testcase", {"classname": report.name, "name": summary(report.checked, ())}
        )
    for each in report.findings:
        path = visible(report.prefix + each.path)
        place = f"{path}:{each.line}" if each.line else path
        case = Xml.SubElement(
            suite,
            "testcase",
            {"classname": path, "name": f"{each.code} {place}", "file": path},
        )
        # A line of its own in a log could be taken for a command of the CI system's.
        said = f"{place}: {each.severity}: {visible(each.message)}"
        if each.passes:
            Xml.SubElement(case, "system-out").text = said
        else:
            attributes = {"message": visible(each.message), "type": each.code}
            Xml.SubElement(case, "failure", attributes).text = said
    Xml.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suites, "unicode")}\n'


_GITHUB_LEVELS = {"error": "error", "warning": "warning", "hint": "notice"}


def _github(report: Report) -> str:
    """Write workflow commands of GitHub Actions, a line a finding."""
    lines = []
    for each in report.findings:
        properties = {"file": report.prefix + each.path}
        if each.line:
            properties["line"] = str(each.line)
        if each.column:
            properties["col"] = str(each.column)
        properties["title"] = f"{report.name}: {each.code}"
        shown = ",".join(f"{name}={_github_property(text)}" for name, text in properties.items())
        level = _GITHUB_LEVELS[each.severity]
        lines.append(f"::{level} {shown}::{_github_data(each.message)}\n")
    return "".join(lines)


def _github_data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


_GITLAB_SEVERITIES = {"error": "major", "warning": "minor", "hint": "info"}


def _gitlab(report: Report) -> str:
    """Write a code-quality report of GitLab."""
    issues = [
        {
            "description": visible_lines(each.message),
            "check_name": each.code,
            "fingerprint": fingerprint,
            "severity": _GITLAB_SEVERITIES[each.severity],
            "location": {"path": report.prefix + each.path, "lines": {"begin": max(each.line, 1)}},
        }
        for each, fingerprint in _fingerprinted(report)
    ]
    return _document(issues)


def _fingerprinted(report: Report) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint, of its path, code and message: it stays the same
    where lines move or time goes by; the second like it counts as another."""
    import hashlib  # it loads OpenSSL

    seen: Counter[str] = Counter()
    for each in report.findings:
        identity = "\0".join((report.prefix + each.path, each.code, each.lasting or each.message))
        number = seen[identity]
        seen[identity] += 1
        digest = hashlib.sha256(f"{identity}\0{number}".encode(errors="surrogateescape"))
        yield each, digest.hexdigest()


_SARIF_LEVELS = {"error": "error", "warning": "warning", "hint": "note"}


def _sarif(report: Report) -> str:
    """Write SARIF 2.1.0, for code scanning."""
    codes = sorted({each.code for each in report.findings})
    rules = [{"id": code, "shortDescription": {"text": _meaning(code)}} for code in codes]
    run = {
        "tool": {"driver": {"name": report.name, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                **_sarif_result(report.prefix, each),
                "partialFingerprints": {"deskFinding/v1": fingerprint},
            }
            for each, fingerprint in _fingerprinted(report)
        ],
    }
    return _document(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        }
    )


def _meaning(code: str) -> str:
    if code in CHECK:
        return CHECK[code].meaning
    return CODE[code].meaning if code in CODE else MEANINGS.get(code, code)


def _sarif_result(prefix: str, finding: Finding) -> dict[str, object]:
    uri = quote((prefix + finding.path).encode(errors="surrogateescape"))
    place: dict[str, object] = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
    return {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": visible_lines(finding.message)},
        "locations": [{"physicalLocation": place}],
    }


def _prometheus(report: Report) -> str:
    """Write metrics in Prometheus's text format, named by the check: `desk_lint_findings`."""
    name = report.name.replace(" ", "_").replace("-", "_")
    counts = Counter(each.severity for each in report.findings)
    samples = [(labels({"severity": severity}), counts[severity]) for severity in SEVERITIES]
    lines = [
        *gauge(f"{name}_checked", "Files looked at.", [("", report.checked)]),
        *gauge(f"{name}_findings", "What was found, by severity.", samples),
    ]
    return "".join(f"{line}\n" for line in lines)


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": _text,
    "json": _json,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "prometheus": _prometheus,
}
"""How findings can be written. `plain` and `table` have nothing to add to `text`."""
