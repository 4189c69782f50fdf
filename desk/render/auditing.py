"""What an audit found, in the formats of all checks."""

from __future__ import annotations

from collections import Counter

from desk.domain.audit.codes import CODE
from desk.domain.audit.deeds import AuditFinding
from desk.domain.findings import SEVERITIES
from desk.render.findings import findings_text, summary
from desk.render.machine import json_document
from desk.services.auditing import AuditResult

SCHEMA = "desk.audit/1"


def audit_text(result: AuditResult, form: str) -> str:
    """Return what an audit found in one of the formats of checks."""
    if form == "json":
        return _json(result)
    findings = [each.as_finding for each in result.findings]
    return findings_text(form, SCHEMA, result.commits, findings, result.prefix)


def audit_summary(result: AuditResult) -> str:
    """Return the outcome in one sentence: `40 commits checked: 2 errors`."""
    findings = [each.as_finding for each in result.findings]
    _, _, outcome = summary(result.commits, findings).partition(" checked: ")
    commits = "1 commit" if result.commits == 1 else f"{result.commits:,} commits"
    what = "nothing to object to" if not findings else outcome
    return f"{commits} checked: {what}{' (incomplete)' * bool(result.incomplete)}"


def advice_lines(result: AuditResult) -> list[str]:
    """Return what to do about what was found, a line a code; hints need nothing."""
    found = dict.fromkeys(each.code for each in result.findings if each.severity != "hint")
    return [f"{code}: {CODE[code].advice}" for code in found]


def _json(result: AuditResult) -> str:
    counts = Counter(each.severity for each in result.findings)
    return json_document(
        {
            "schema": SCHEMA,
            "range": result.range,
            "commits": result.commits,
            "counts": {name: counts[name] for name in SEVERITIES},
            "incomplete": result.incomplete or None,
            "findings": [_finding_object(each) for each in result.findings],
        }
    )


def _finding_object(finding: AuditFinding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "commit": finding.commit,
        "author": finding.author,
        "ticket": finding.ticket,
        "entry": finding.entry,
        "message": finding.message,
    }
