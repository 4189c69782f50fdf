"""A ticket's file: bytes in, a `Ticket` or what is wrong with them out; and back.

Reading is total: whatever the bytes are, the answer is a ticket or diagnostics with line and
column, all of a file's at once. docs/file-format.md is the specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from desk.domain.headings import parse_heading
from desk.domain.texts import guard, trimmed, unguard, with_plain_ends
from desk.domain.ticket import Entry, Ticket
from desk.errors import Diagnostic
from desk.storage import front_matter
from desk.storage.head_reader import read_head

MAX_TICKET_BYTES = 10_000_000

_FENCE = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_MARK = re.compile(r"^(?:## (?=\d{4}-\d\d-\d\dT)|<<<<<<< |>>>>>>> )", re.MULTILINE | re.ASCII)

Problems = tuple[Diagnostic, ...]


def parse_ticket(data: bytes, path: str) -> tuple[Ticket | None, Problems]:
    """Read a file's bytes; `path` names it in the diagnostics. The log comes out by instant."""
    text = decode(data, path)
    if isinstance(text, Diagnostic):
        return None, (text,)
    parts = _parts(text)
    if isinstance(parts, str):
        found = _conflicts(text, path)
        return None, found or (Diagnostic("front-matter", path, 1, 1, parts),)
    start, end, body = parts
    values, blocks, wrong = read_head(text[start:end], path)
    log, wrong_entries = _read_log(text, body, path)
    if values is None or wrong_entries:
        by_place = sorted((*wrong, *wrong_entries), key=lambda each: (each.line, each.column))
        return None, tuple(by_place)
    return Ticket(values, log, blocks), ()


def decode(data: bytes, path: str) -> str | Diagnostic:
    """Return a file's text with LF line ends and no byte-order mark, or why it is none."""
    if len(data) > MAX_TICKET_BYTES:
        return too_large(path, len(data))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return Diagnostic("encoding", path, line, column, "the file is not UTF-8 here")
    nul = text.find("\0")
    if nul >= 0:
        return Diagnostic("encoding", path, _line(text, nul), 0, "a NUL character")
    return with_plain_ends(text.removeprefix("\ufeff"))


def too_large(path: str, size: int) -> Diagnostic:
    """Say that a file is larger than a ticket may be."""
    message = f"the file is {size:,} bytes long, and {MAX_TICKET_BYTES:,} is the most"
    return Diagnostic("size", path, 0, 0, message)


def format_ticket(ticket: Ticket) -> bytes:
    """Write a ticket as a file: canonical, but for what the front matter held before (`head`)."""
    pieces = ["---\n", front_matter.write(ticket.values, ticket.head), "---\n"]
    for entry in ticket.log:
        pieces.append(f"\n## {entry.heading}\n")
        if entry.text:
            pieces.append(f"\n{guard(entry.text)}\n")
    return "".join(pieces).encode()


def heading_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield the line number and the heading of each entry, in the order of the file."""
    text = decode(data, "")
    if isinstance(text, str):
        for number, line in enumerate(text.split("\n"), 1):
            if _MARK.match(line) and line.startswith("## "):
                yield number, line[3:].rstrip(" \t")


def field_line(data: bytes, key: str) -> int:
    """Return the line on which the front matter has a key, 1 where it has not."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.startswith(f"{key}:".encode()):
            return number
        if number > 1 and line.rstrip() == b"---":
            break
    return 1


def _parts(text: str) -> tuple[int, int, int] | str:
    """Return where the front matter begins and ends and where the log begins, or what is amiss."""
    if text.startswith("---\n"):
        end = text.find("\n---\n", 3)
        if end > 0:
            return 4, end + 1, end + 5
    opening = _FENCE.match(text)
    if opening is None:
        return "no front matter: a ticket begins with a line `---`"
    closing = _FENCE.search(text, opening.end())
    if closing is None:
        return "the front matter has no end: close it with a line `---`"
    return opening.end(), closing.start(), closing.end()


def _read_log(text: str, body: int, path: str) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    entries: list[Entry] = []
    wrong: list[Diagnostic] = []
    marks = list(_MARK.finditer(text, body))
    before = text[body : marks[0].start()] if marks else text[body:]
    if before.strip():
        line = _line(text, body + len(before) - len(before.lstrip()))
        message = "text before the first entry: put it below a heading `## <instant> <who> <verb>`"
        wrong.append(Diagnostic("text-before-log", path, line, 1, message))
    for number, mark in enumerate(marks):
        if mark[0] != "## ":
            wrong.append(_conflict(path, _line(text, mark.start())))
            continue
        end = text.find("\n", mark.end())
        end = len(text) if end < 0 else end
        upto = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        try:
            entry = parse_heading(text[mark.end() : end].rstrip(" \t"))
        except ValueError as error:
            wrong.append(Diagnostic("heading", path, _line(text, mark.start()), 1, str(error)))
            continue
        said = text[end:upto]
        if len(said) > 2:
            said = unguard(trimmed(said))
            if said:
                entry = entry._replace(text=said)
        entries.append(entry)
    if any(later.at < entry.at for entry, later in pairwise(entries)):
        entries.sort(key=lambda entry: entry.at)
    return tuple(entries), wrong


def _conflicts(text: str, path: str) -> Problems:
    return tuple(
        _conflict(path, _line(text, mark.start()))
        for mark in _MARK.finditer(text)
        if mark[0] != "## "
    )


def _conflict(path: str, line: int) -> Diagnostic:
    message = "a conflict marker of Git: settle the two versions (`desk mend` does it by itself)"
    return Diagnostic("conflict", path, line, 1, message)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
