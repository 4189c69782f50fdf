"""What a check finds: where, how bad it is, and in one sentence what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from desk.errors import Diagnostic

Severity = Literal["error", "warning", "hint"]

SEVERITIES: dict[Severity, str] = {
    "error": "the file cannot be relied upon as it is (exit 1)",
    "warning": "somebody should look at it (exit 1)",
    "hint": "worth knowing, and no fault (exit 0)",
}


class Finding(NamedTuple):
    """Something that a check names.

    `path` is from the workspace; `line` and `column` count from 1, 0 means the whole file, or the
    whole line. `message` holds whatever characters the file holds: who shows it escapes them.
    `lasting` is what stays of the message while nothing but time goes by; empty where all of it
    does.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    lasting: str = ""

    @classmethod
    def of(cls, diagnostic: Diagnostic, severity: Severity = "error") -> Finding:
        """Return what a reader says as a finding."""
        code, path, line, column, message = diagnostic
        return cls(code, severity, path, line, column, message)


class Problem(NamedTuple):
    """What a pure check says of a file that it knows by its meaning alone.

    `key` names the front matter's key that it speaks of, `entry` the entry (from 0, in the order of
    the file, -1: none), `word` a text on that line. Whoever has the bytes makes a `Finding` of it.
    """

    code: str
    message: str
    key: str = ""
    entry: int = -1
    word: str = ""


def is_clean(findings: Iterable[Finding]) -> bool:
    """Tell whether there is nothing worse than a hint."""
    return all(finding.severity == "hint" for finding in findings)
