"""Everything that `desk lint` can say: one table, from which severities, docs/lint.md, the rules
of machine formats and the tests come."""

from __future__ import annotations

from typing import NamedTuple

from desk.domain.findings import SEVERITIES, Finding, Severity, is_clean

__all__ = ["CHECK", "CHECKS", "Check", "Finding", "finding", "is_clean", "lint_page", "severity_of"]


class Check(NamedTuple):
    """A code, how bad it is, what it means, and what `desk lint --fix` does about it ("": that is
    for a person to decide)."""

    code: str
    severity: Severity
    meaning: str
    mended: str = ""


_WHOLE = (
    Check("encoding", "error", "The file is not UTF-8 text, or holds a NUL character."),
    Check("size", "error", "A file, a text or an attachment is larger than the format allows."),
    Check("front-matter", "error", "The front matter is missing, or has no end."),
    Check("yaml", "error", "The front matter is not YAML without anchors, tags and double keys."),
    Check("field", "error", "A key holds what it cannot hold, or one that must be there is not."),
    Check("heading", "error", "The heading of an entry does not say when, who and what."),
    Check("text-before-log", "error", "Text between the front matter and the first entry."),
    Check(
        "conflict",
        "error",
        "Conflict markers of Git: `desk mend` settles tickets, and tells what to do with the rest.",
    ),
    Check("link", "error", "A symbolic link, or something else that is no file."),
    Check("stray", "error", "A Markdown file in a folder in which nothing reads it."),
    Check("unreadable", "error", "The system does not let the file be read."),
)
"""What keeps a file from being read; the readers' diagnostics have these codes."""

_TICKETS = (
    Check("path", "error", "The `id` and the file's path disagree."),
    Check("duplicate-id", "error", "Two tickets have, or had, the same ID."),
    Check("claimed-twice", "hint", "The ID was claimed in two clones; the younger got another."),
    Check("missing", "warning", "There is no title, or no requester."),
    Check("value", "error", "A status, type, resolution or channel that there is not."),
    Check("setting", "warning", "A value that config.yaml does not have (any more)."),
    Check("person", "warning", "A handle that nobody in `people` has; addresses are anybody's."),
    Check("link-relation", "error", "An element of `links` is not `<relation> <ID>`."),
    Check("link-target", "error", "A link to a ticket that does not exist, or to itself."),
    Check(
        "link-inverse",
        "warning",
        "The other ticket does not link back.",
        "adds the link there, in an entry of now, signed by whoever runs it",
    ),
    Check("kb-slug", "warning", "An article that is not in kb/."),
    Check(
        "kb-link",
        "warning",
        "A relative link in an article leads to an article, a heading, a ticket or a file that "
        "is not there.",
    ),
    Check("unknown-key", "hint", "A key that desk does not know, and keeps as it is."),
    Check("repeated", "hint", "An element stands twice in a list.", "keeps the first"),
)

_LOGS = (
    Check("opened", "error", "The entry `opened` is missing, not the first, or not the only one."),
    Check(
        "log-order",
        "error",
        "An entry is dated before the one above it.",
        "sorts the entries by instant; those of one instant keep their order",
    ),
    Check(
        "disagreement",
        "error",
        "The front matter has what no entry of the log says.",
        "adds the missing entry, dated and signed by the commit that made the difference",
    ),
    Check("entry-key", "warning", "`worked`, `rated` or `redacted` without what it needs."),
    Check("future", "hint", "An entry is dated later than now, and does not count yet."),
)

_FOLDERS = (
    Check("orphan", "warning", "A file or folder in a month's folder that belongs to no ticket."),
    Check("file-name", "warning", "A name that not every system can store, or tell from another."),
    Check("leftover", "hint", "A temporary file of a command that was stopped."),
)

CHECKS = (*_WHOLE, *_TICKETS, *_LOGS, *_FOLDERS)
CHECK = {check.code: check for check in CHECKS}


def severity_of(code: str) -> Severity:
    """Return how bad a finding of this code is; a code that is not in the table is an error."""
    return CHECK[code].severity if code in CHECK else "error"


def finding(code: str, path: str, line: int, column: int, message: str) -> Finding:
    """Make a finding, with the severity that the table has for it."""
    return Finding(code, severity_of(code), path, line, column, message)


_PARTS = (
    ("Files that cannot be read", _WHOLE),
    ("Tickets and articles", _TICKETS),
    ("Logs", _LOGS),
    ("Files and folders", _FOLDERS),
)


def lint_page() -> str:
    """Render the table as docs/lint.md."""
    parts = [_INTRODUCTION]
    parts += [f"* **{name}**: {meaning}." for name, meaning in SEVERITIES.items()]
    for title, checks in _PARTS:
        parts += [
            "",
            f"## {title}",
            "",
            "| code | severity | meaning | `--fix` |",
            "|---|---|---|---|",
        ]
        parts += [f"| `{c.code}` | {c.severity} | {c.meaning} | {c.mended} |" for c in checks]
    return "\n".join([*parts, "", _FIXING])


_HEAD = "| code | severity | meaning | `--fix` |\n|---|---|---|---|"

_INTRODUCTION = """\
# What `desk lint` says

`desk lint` reads every ticket and every article of the knowledge base, and names what is wrong
with them: one line a finding, with the file, the line and the column where they are known.
`desk lint ID...` (or paths) checks those alone, still against all others. Its exit code is 1 where
anything is found but hints. `config.yaml` has a check of its own, `desk config check`.
"""

_FIXING = """\
## Mending

`desk lint --fix` mends what is certain, where the tables say so, and nothing else; `--dry-run`
tells what it would do. What does not parse is never written.

A front matter that disagrees with its log is taken at its word: the log gets the entry that is
missing. Where the difference came with a commit, the entry has that commit's date and author (the
handle of `people`, else the address), but is never earlier than the last entry that speaks of the
same fields. Where Git cannot tell, as in a shallow clone, it is dated now and signed by whoever
runs the command. Of the status follows the rest: a live ticket has no resolution, one that is not
on hold no `until`, and a done one has the last resolution that its log names, else `fixed`.
A ticket whose log has no `opened` is left to a person.

An edit that is not committed yet is first committed on its own, as every command does it, with its
entry; all other repairs are one commit with the trailer `Desk-Verb: lint`. `undo` does not take
them back: `git revert` does.
"""
