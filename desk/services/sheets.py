"""From files to what checks look at, and from what they say to lines and columns."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from desk.domain.findings import Finding, Problem
from desk.domain.lint import finding
from desk.domain.sheet import Sheet
from desk.domain.ticket import Entry
from desk.storage.kb_file import text_line
from desk.storage.ticket_file import field_line, heading_lines
from desk.storage.ticket_store import Filed

_INSTANT = 20
_BEFORE_WHO = len("## 2026-11-22T09:34:35Z ")


def sheet_of(filed: Filed) -> Sheet:
    """Lay out a ticket for checking."""
    return Sheet(filed.path, filed.ticket, _entries_in_file(filed))


def _entries_in_file(filed: Filed) -> tuple[Entry, ...]:
    """Return the log as the file has it; the ticket's own is by instant, and stable."""
    log = filed.ticket.log
    instants = [heading[:_INSTANT] for _, heading in _headings(filed)]
    if all(earlier <= later for earlier, later in pairwise(instants)):
        return log
    entries = list(log)
    for entry, number in zip(log, sorted(range(len(log)), key=instants.__getitem__), strict=True):
        entries[number] = entry
    return tuple(entries)


def _headings(filed: Filed) -> list[tuple[int, str]]:
    # A comment in the front matter may look like a heading: the log's are the last ones.
    headings = list(heading_lines(filed.data))
    return headings[len(headings) - len(filed.ticket.log) :]


def is_in_order(filed: Filed) -> bool:
    """Tell whether the file has the log in its order."""
    return _entries_in_file(filed) == filed.ticket.log


def ticket_findings(filed: Filed, problems: Iterable[Problem]) -> list[Finding]:
    """Return what was said of a ticket, with lines and columns."""
    problems = list(problems)
    if not problems:
        return []
    headings = _headings(filed)
    findings = []
    for problem in problems:
        if problem.entry >= 0:
            line, heading = headings[problem.entry]
            column = f"## {heading}".find(problem.word, _BEFORE_WHO) + 1 if problem.word else 1
            place = (line, max(column, 1))
        else:
            place = _place_of_key(filed.data, problem)
        findings.append(finding(problem.code, filed.path, *place, problem.message))
    return findings


def article_findings(path: str, data: bytes, problems: Iterable[Problem]) -> list[Finding]:
    """Return what was said of an article, with lines and columns."""
    return [
        finding(problem.code, path, *_place_in_article(data, problem), problem.message)
        for problem in problems
    ]


def _place_in_article(data: bytes, problem: Problem) -> tuple[int, int]:
    if problem.line < 0:
        return _place_of_key(data, problem)
    line = text_line(data) + problem.line
    written = data.split(b"\n")[line - 1].decode(errors="replace")
    return line, written.find(problem.word) + 1 if problem.word in written else 1


def _place_of_key(data: bytes, problem: Problem) -> tuple[int, int]:
    """Return the line on which the front matter has a problem's key, and the column of its word;
    the first line where it has no such key, the whole file where the problem names none."""
    if not problem.key:
        return 0, 0
    end = data.find(b"\n---", 3)
    head = data[: end + 5] if end > 0 else data
    line = field_line(head, problem.key)
    text = head.split(b"\n")[line - 1].decode(errors="replace")
    if not problem.word or not text.startswith(f"{problem.key}:"):
        return line, 1
    return line, max(text.find(problem.word, len(problem.key) + 1) + 1, 1)
