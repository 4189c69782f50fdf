"""Everything that `desk audit` can say: one table, from which severities, docs/audit.md, the rules
of machine formats and the tests come."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from desk.domain.findings import SEVERITIES, Severity

FAR = timedelta(days=1)
"""So much, either way, an entry may be dated away from its commit: clocks go wrong, and what was
staged in the middle of a merge is committed later."""


class Code(NamedTuple):
    """A code, how bad it is, what it means, and what to do about it."""

    code: str
    severity: Severity
    meaning: str
    advice: str


_HISTORY = (
    Code(
        "removed",
        "error",
        "An entry is gone from a ticket's log.",
        "bring it back: `git show COMMIT^:PATH` has it. `desk undo` takes back without removing",
    ),
    Code(
        "rewritten",
        "error",
        "An entry, or a ticket's `id` or `created`, is not what it was.",
        "bring the old one back, and add an entry that says what is to be said",
    ),
    Code("deleted", "error", "A ticket is gone.", "`git checkout COMMIT^ -- PATH` brings it back"),
    Code("moved", "error", "A ticket lies at another path.", "move it back with `git mv`"),
    Code(
        "attachment",
        "warning",
        "An attachment is gone, or is another file.",
        "bring it back; one that must go needs an entry `redacted` in its ticket first",
    ),
    Code(
        "merge-dropped",
        "error",
        "A merge lost an entry that one of its sides had.",
        "bring it back from the side that has it",
    ),
    Code(
        "merge-added",
        "error",
        "A merge has an entry that none of its sides had, and that is not by `desk`.",
        "ask who merged; entries belong into commits of their own",
    ),
    Code(
        "taken-back",
        "error",
        "A forced push leaves commits behind, and what they had said.",
        "push what goes on from the branch as it is: `git pull --rebase`, then `git push`",
    ),
)

_WHO = (
    Code(
        "signature",
        "error",
        "An entry is signed by somebody else than the author of its commit.",
        "ask both; set DESK_USER, or user.email in Git, to who you are",
    ),
    Code(
        "automation",
        "hint",
        "An entry that changes a field is signed `desk`, and neither merging nor a sweep made it.",
        "look at it: one comes of a merge that was settled in a rebase",
    ),
    Code(
        "date",
        "warning",
        f"An entry is dated more than {FAR.days * 24} hours away from its commit.",
        "ask its author; look at the clock of their machine",
    ),
    Code(
        "role",
        "error",
        "The author's role does not allow it, by config.yaml as it was before the commit.",
        "take it back, let somebody do it who may, or change `people` or `permissions`",
    ),
    Code(
        "not-signed",
        "error",
        "The commit has no good signature of its author (with `--signed`).",
        "sign it: `git config commit.gpgSign true`; let Git know the author's key",
    ),
)

_FILES = (
    Code(
        "unexplained",
        "warning",
        "A front matter was edited by hand, and no entry says so, nor does one that came later.",
        "`desk lint --fix` adds the entry; for a title or a requester put it back, and edit it "
        "with `desk edit`",
    ),
    Code(
        "conflict-marker",
        "error",
        "Conflict markers of Git were committed, and nobody settled them since.",
        "settle the two versions in a commit of its own",
    ),
    Code(
        "broken",
        "error",
        "A ticket or an article cannot be read since the commit.",
        "mend the file: `desk lint` names what is wrong in it",
    ),
    Code(
        "settings",
        "error",
        "config.yaml is gone, or does not check; later commits are judged by the last good one.",
        "mend it: `desk config check` names what is wrong in it",
    ),
)

_REACH = (
    Code(
        "incomplete",
        "error",
        "The history is shallow: what the commits before its end did, nobody can tell.",
        "`git fetch --unshallow`; in CI `fetch-depth: 0`",
    ),
    Code(
        "branch-deleted",
        "error",
        "A push deletes the default branch.",
        "name another default branch first (`git symbolic-ref HEAD` on the server)",
    ),
)

_PARTS = (
    ("What was said stays", _HISTORY),
    ("Who did it", _WHO),
    ("Files", _FILES),
    ("How far it sees", _REACH),
)

CODES = tuple(code for _, codes in _PARTS for code in codes)
CODE = {code.code: code for code in CODES}


def audit_page() -> str:
    """Render the table as Markdown, for docs/audit.md and `desk help audit`."""
    parts = [
        "# What `desk audit` finds",
        "",
        *(f"* **{name}**: {_WEIGHT[name]}." for name in SEVERITIES),
    ]
    for title, codes in _PARTS:
        parts += ["", f"### {title}", "", "| code | severity | meaning | what to do |"]
        parts.append("|---|---|---|---|")
        parts += [f"| `{c.code}` | {c.severity} | {c.meaning} | {c.advice}. |" for c in codes]
    return "\n".join(parts) + "\n"


_WEIGHT: dict[Severity, str] = {
    "error": "the record was touched, or a role overstepped (exit 1, a push is refused)",
    "warning": "somebody should look at it (exit 1, a push is refused)",
    "hint": "worth knowing, and no fault (exit 0)",
}
