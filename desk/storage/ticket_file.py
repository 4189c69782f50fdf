"""A ticket's file: bytes in, a `Ticket` or what is wrong with them out; and back.

Reading is total: whatever the bytes are, the answer is a ticket or diagnostics with line and
column, all of a file's at once. docs/file-format.md is the specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter

from desk.domain.headings import parse_heading
from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TICKET_BYTES, guard, trimmed, unguard, with_plain_ends
from desk.domain.ticket import Entry, Ticket
from desk.errors import Diagnostic
from desk.storage import front_matter
from desk.storage.head_reader import (
    CONFLICT_MESSAGE,
    Trouble,
    conflicts,
    diagnostics,
    read_head,
)

_OPENING = pattern(r"---[ \t]*(?:\n|\Z)")
_CLOSING = pattern(r"\n---[ \t]*(?:\n|\Z)")
_MARK = pattern(r"\n(## (?=\d{4}-\d\d-\d\dT)|<<<<<<< |>>>>>>> )", re.ASCII)
"""What a text cannot hold, with the line end before it, by which it is quickly found."""

_AT = itemgetter(Entry._fields.index("at"))

Problems = tuple[Diagnostic, ...]


def parse_ticket(data: bytes, path: str) -> tuple[Ticket | None, Problems]:
    """Read a file's bytes; `path` names it in the diagnostics. The log comes out by instant."""
    text = decode(data, path)
    if isinstance(text, Diagnostic):
        return None, (text,)
    parts = _parts(text)
    if isinstance(parts, str):
        troubles = list(conflicts(text)) or [(0, "front-matter", parts)]
        return None, tuple(diagnostics(text, path, troubles))
    start, end, body = parts
    values, blocks, wrong = read_head(text[start:end], path)
    log, troubles = _read_log(text, body)
    if values is None or troubles:
        found = (*wrong, *diagnostics(text, path, troubles))
        return None, tuple(sorted(found, key=lambda each: (each.line, each.column)))
    return Ticket(values, log, blocks), ()


def decode(data: bytes, path: str) -> str | Diagnostic:
    """Return a file's text with LF line ends and no byte-order mark, or why it is none."""
    if len(data) > MAX_TICKET_BYTES:
        return too_large(path, len(data))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        wrong = (len(before), "encoding", "the file is not UTF-8 here")
        return next(diagnostics(before, path, [wrong]))
    nul = text.find("\0")
    if nul >= 0:
        return next(diagnostics(text, path, [(nul, "encoding", "a NUL character")]))
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
            if line.startswith("## ") and _MARK.match(f"\n{line}"):
                yield number, line[3:].rstrip(" \t")


def field_line(data: bytes, key: str) -> int:
    """Return the line on which the front matter has a key, 1 where it has not."""
    closing = data.find(b"\n---", 3)
    place = data.find(f"\n{key}:".encode(), 0, closing)
    return 1 if place < 0 else data.count(b"\n", 0, place) + 2


def _parts(text: str) -> tuple[int, int, int] | str:
    """Return where the front matter begins and ends and where the log begins, or what is amiss."""
    opening = _OPENING.match(text)
    if opening is None:
        return "no front matter: a ticket begins with a line `---`"
    closing = _CLOSING.search(text, opening.end() - 1)
    if closing is None:
        return "the front matter has no end: close it with a line `---`"
    return opening.end(), closing.start() + 1, closing.end()


def _read_log(text: str, body: int) -> tuple[tuple[Entry, ...], list[Trouble]]:
    entries: list[Entry] = []
    wrong: list[Trouble] = []
    before, *parts = _MARK.split(f"\n{text[body:]}")
    if before.strip(" \t\n"):
        offset = body - 1 + len(before) - len(before.lstrip(" \t\n"))
        message = "text before the first entry: put it below a heading `## <instant> <who> <verb>`"
        wrong.append((offset, "text-before-log", message))
    place = body + len(before)
    for mark, part in zip(parts[::2], parts[1::2], strict=True):
        if mark == "## ":
            heading, _, said = part.partition("\n")
            said = unguard(trimmed(said)) if said else ""
            try:
                entries.append(parse_heading(heading.rstrip(" \t"), said))
            except ValueError as error:
                wrong.append((place, "heading", str(error)))
        else:
            wrong.append((place, "conflict", CONFLICT_MESSAGE))
        place += len(mark) + len(part) + 1
    entries.sort(key=_AT)
    return tuple(entries), wrong
