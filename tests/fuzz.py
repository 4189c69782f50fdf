"""Bytes that nobody would think of, for what reads strangers' texts: `python -m tests.fuzz TARGET
[SECONDS] [SEED]`, TARGET one of ticket, merge, query. Run by hand: it needs atheris (`pip install
atheris`), which is led by the ways through the code.
"""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType
from typing import Any

from hypothesis import given, seed, settings

from desk.domain.query.writing import from_arguments
from desk.domain.ticket import Ticket
from desk.errors import DeskError
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_merge import merge_files
from tests.services.made_tickets import tickets
from tests.services.test_indexing import by_predicate, by_sql

PATH = "tickets/2026/11/HD-2611-7K3QF.md"
TICKET = """\
---
id: HD-2611-7K3QF
title: "Printer: on fire"
status: waiting
requester: Maria <maria@acme.example>
tags: [floor-3, "a, b"]
fields: {asset: PC 42}
created: 2026-11-22T09:34:35Z
---

## 2026-11-22T09:34:35Z maria@acme.example opened status=new tags+=floor-3 fields.asset="PC 42"

It burns.

## 2026-11-22T09:40:02Z ana replied status=waiting

Which floor?
"""
PARTS = b"\xff\xfe\n"
"""Between the versions that a merge is given."""
QUERIES = (
    'status:open,new -tag:printer* (priority:P1..P2 or "paper jam") sort:-due,created',
    "@mine not no:assignee age:3d.. sla.resolution:breached fields.asset-tag:PC-42",
    "created:2026-11..-3d due:..tomorrow text:jam* links:HD-2610-AAAAA company:*c*",
)


def ticket(data: bytes) -> None:
    """A file is read, or every problem in it is told; what is written is read as the same."""
    found, problems = parse_ticket(data, PATH)
    assert (found is None) == bool(problems)
    if found is not None:
        written = format_ticket(found)
        again, wrong = parse_ticket(written, PATH)
        assert again is not None, wrong
        assert (again.values, again.log) == (found.values, found.log)
        assert format_ticket(again) == written


def merge(data: bytes) -> None:
    """Two versions come together the same whichever is whose, and then stay."""
    base, ours, theirs = [*data.split(PARTS, 2), b"", b""][:3]
    merged, other = merge_files(base, ours, theirs, PATH), merge_files(base, theirs, ours, PATH)
    assert merged.is_clean == other.is_clean
    if not merged.is_clean:
        assert all(line in merged.data for side in (ours, theirs) for line in side.split(b"\n"))
        return
    assert merged.data == other.data
    for side in (ours, theirs):
        again = merge_files(side, side, merged.data, PATH)
        assert again.data == merged.data
        had, kept = parse_ticket(side, PATH)[0], parse_ticket(merged.data, PATH)[0]
        if had and kept and not base:
            assert {entry.text for entry in had.log} <= {entry.text for entry in kept.log}


def query(data: bytes) -> None:
    """A query is refused in a sentence, or SQL and the predicate find the same, in one order."""
    text = data.decode(errors="surrogateescape")
    if not text.isprintable():
        text = "".join(filter(str.isprintable, text))
    try:
        text = from_arguments([text])
        expected = by_predicate(_some_tickets(), text)
    except DeskError:
        return
    assert by_sql(_some_tickets(), text) == expected


@cache
def _some_tickets() -> list[Ticket]:
    found: list[Ticket] = []

    @seed(1)
    @settings(max_examples=6, database=None)
    @given(tickets())
    def gather(each: Ticket) -> None:
        found.append(each)

    gather()
    return list({each.id: each for each in found}.values())[:6]


TARGETS: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
    "ticket": (ticket, [TICKET.encode()]),
    "merge": (
        merge,
        [
            PARTS.join(
                (
                    TICKET.encode(),
                    TICKET.replace("floor-3", "floor-4").encode(),
                    f"{TICKET}\n## 2026-11-22T10:00:00Z luis noted\n\nHm.\n".encode(),
                )
            )
        ],
    ),
    "query": (query, [each.encode() for each in QUERIES]),
}


def main(name: str, seconds: int = 60, number: int = 0) -> None:
    """Fuzz one target for so long; atheris ends the process, with what it found."""
    atheris = import_module("atheris")
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and str(each.__module__).startswith("desk."):
            atheris.instrument_func(each)
    target, examples = TARGETS[name]
    with TemporaryDirectory() as folder:
        for place, each in enumerate(examples):
            Path(folder, str(place)).write_bytes(each)
        number = number or random.randrange(1, 1 << 30)
        options = [f"-max_total_time={seconds}", f"-seed={number}", "-max_len=4000", folder]
        atheris.Setup([sys.argv[0], *options], target)
        atheris.Fuzz()


if __name__ == "__main__":
    arguments: list[Any] = [sys.argv[1], *map(int, sys.argv[2:])]
    main(*arguments)
