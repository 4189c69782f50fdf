"""What a check finds: where, how bad it is, and in one sentence what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from desk.domain.sla import CLOCKS
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
    does. `is_let_pass` is true of what somebody asked the check not to fail for.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    lasting: str = ""
    is_let_pass: bool = False

    @property
    def passes(self) -> bool:
        """Whether the check is clean for all that this finding says."""
        return self.severity == "hint" or self.is_let_pass

    @classmethod
    def of(cls, diagnostic: Diagnostic, severity: Severity = "error") -> Finding:
        """Return what a reader says as a finding."""
        code, path, line, column, message = diagnostic
        return cls(code, severity, path, line, column, message)


MEANINGS = {
    **{
        f"{clock}-{state}".replace("_", "-"): f"The {clock.replace('_', ' ')} {words}."
        for clock in CLOCKS
        for state, words in (("breached", "is late"), ("at_risk", "will soon be late"))
    },
    "config-syntax": "The file is not YAML without anchors, tags and double keys.",
    "config-shape": "A list, a mapping or a text where something else belongs.",
    "config-unknown": "A name that there is not: of a setting, a person, a calendar.",
    "config-missing": "Something that must be there is not.",
    "config-value": "What a setting cannot be.",
    "config-twice": "The same thing twice.",
    "config-query": "A query that cannot be read, or not be used there.",
    "config-more": "There are more problems than are named in one go.",
}
"""What the codes of `desk sla check` and `desk config check` mean; those of `desk lint` are in
`desk.domain.lint`."""


class Problem(NamedTuple):
    """What a pure check says of a file that it knows by its meaning alone.

    `key` names the front matter's key that it speaks of, `entry` the entry (from 0, in the order of
    the file, -1: none), `line` the line of an article's text (from 0, -1: none), `word` a text on
    that line. Whoever has the bytes makes a `Finding` of it.
    """

    code: str
    message: str
    key: str = ""
    entry: int = -1
    word: str = ""
    line: int = -1


def is_clean(findings: Iterable[Finding]) -> bool:
    """Tell whether there is nothing worse than a hint."""
    return all(finding.passes for finding in findings)
