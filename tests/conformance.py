"""Run conformance vectors: ``python -m tests.conformance tests/vectors/*.json``.

A file is a JSON array of vectors, of the calendar or of service levels; tests/vectors/README.md
says what they hold. Each failure is told with the vector's id, what it expects and what came; the
last line is ``N passed, M failed``, and the exit status is 1 if any failed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from desk.domain.calendar import Calendar
from desk.domain.instants import format_instant, parse_instant
from desk.domain.policy import Policy
from desk.domain.sla import CLOCKS, clocks
from desk.domain.ticket import Change, Entry

Vector: TypeAlias = Mapping[str, Any]
"""A vector as JSON has it."""


def main(paths: list[str]) -> int:
    """Run every vector of these files; return the exit status."""
    passed = failed = 0
    for path in paths:
        try:
            vectors = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            sys.stdout.write(f"{path}: cannot be read: {error}\n")
            failed += 1
            continue
        for vector in vectors:
            faults = list(differences(vector))
            passed, failed = passed + (not faults), failed + bool(faults)
            for fault in faults:
                sys.stdout.write(f"{path}: {vector.get('id', '?')}: {fault}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 1 if failed or not paths else 0


def differences(vector: Vector) -> Iterator[str]:
    """Yield what a vector expects and does not get, in one line each."""
    try:
        expected = dict(_named(vector["expect"]))
        got = clocks_of(vector, expected) if "log" in vector else {"": answer_of(vector)}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        yield f"expected {vector.get('expect')}, got {type(error).__name__}: {error}"
        return
    for name, value in expected.items():
        if got[name] != value:
            yield f"{name} expected {value}, got {got[name]}".lstrip()


def _named(expect: object) -> Iterator[tuple[str, object]]:
    """Yield single values by name: ``resolution.due`` and so on, or the only one, nameless."""
    if not isinstance(expect, Mapping):
        yield "", expect
        return
    for clock, values in expect.items():
        if values is None:
            yield clock, None
        else:
            yield from ((f"{clock}.{key}", value) for key, value in values.items())


def answer_of(vector: Vector) -> str | int:
    """Ask the calendar what a calendar's vector asks."""
    calendar = Calendar.from_config(vector["calendar"])
    at = parse_instant(vector["at"])
    spans = [
        (parse_instant(start), parse_instant(end)) for start, end in vector.get("excluding", ())
    ]
    match vector["op"]:
        case "add":
            return format_instant(calendar.add(at, vector["seconds"], spans))
        case "subtract":
            return format_instant(calendar.subtract(at, vector["seconds"], spans))
        case "between":
            return calendar.between(at, parse_instant(vector["until"]), spans)
        case "next_open":
            return format_instant(calendar.next_open(at))
        case "previous_close":
            return format_instant(calendar.previous_close(at))
        case other:
            raise ValueError(f"there is no operation `{other}`")


def clocks_of(vector: Vector, names: Mapping[str, object]) -> dict[str, object]:
    """Return the values with these names of the clocks that a service-level vector leads to."""
    shown = clocks(
        tuple(entry_of(item) for item in vector["log"]),
        policy_of(vector["policy"]),
        Calendar.from_config(vector["calendar"]),
        parse_instant(vector["as_of"]),
    )
    by_name = {str(clock): value for clock, value in shown.items()}
    found: dict[str, object] = {}
    for name in names:
        clock, _, key = name.partition(".")
        value = by_name[clock]
        if not key:
            found[name] = value and value.state
        elif value is None:
            found[name] = "no clock"
        else:
            field = getattr(value, key)
            found[name] = format_instant(field) if isinstance(field, datetime) else field
    return found


def entry_of(item: Vector) -> Entry:
    """Return the log entry of one item of a vector's log."""
    changes = tuple(
        Change(key, "=", item[key]) for key in ("status", "assignee") if item.get(key) is not None
    )
    heading = f"{item['at']} {item['by']} {item['verb']}"
    return Entry(parse_instant(item["at"]), item["by"], item["verb"], changes, "", heading)


def policy_of(item: Vector) -> Policy:
    """Return a vector's policy, which has no defaults: what it does not name is off."""
    pauses = item.get("pause_in") or {}
    return Policy(
        name="vector",
        query_text="",
        calendar_name="vector",
        targets={clock: item[clock] for clock in CLOCKS if item.get(clock) is not None},
        pause_in={clock: frozenset(statuses) for clock, statuses in pauses.items()},
        warn_at=item.get("warn_at"),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
