"""All four clocks of many tickets, once they are parsed: `python -m benchmarks.clocks [TICKETS]`.

The tickets are made up: 8 entries each, over ten years, with pauses, answers and reopenings; the
calendar has a break at noon, holidays and clock changes. What is printed is the processor's time,
the best of several rounds. Nothing is kept from one round to the next but the calendar's table.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from desk.domain.calendar import Calendar
from desk.domain.headings import new_entry
from desk.domain.policy import DEFAULT_PAUSE_IN, Policy
from desk.domain.sla import STATES, clocks, courses
from desk.domain.ticket import Change, Entry
from desk.storage.holiday_package import holiday_dates

TICKETS = 100_000
ROUNDS = 3
TARGET_MICROSECONDS = 40

PRIORITIES = ("P1", "P2", "P3", "P4")
HOUR = 3_600
POLICY = Policy(
    name="standard",
    query_text="",
    calendar_name="office",
    targets={
        "ownership": 2 * HOUR,
        "first_response": {"P1": HOUR // 2, "P2": 2 * HOUR, "P3": 4 * HOUR, "P4": 8 * HOUR},
        "next_response": 8 * HOUR,
        "resolution": {"P1": 4 * HOUR, "P2": 16 * HOUR, "P3": 40 * HOUR, "P4": 80 * HOUR},
    },
    pause_in=DEFAULT_PAUSE_IN,
    warn_at=0.75,
)
START = datetime(2017, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)

STEPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("maria@acme.example", "opened", {"status": "new", "priority": "P3"}),
    ("ana", "changed", {"status": "open", "assignee": "ana"}),
    ("ana", "replied", {"status": "waiting"}),
    ("maria@acme.example", "wrote", {"status": "open"}),
    ("ana", "noted", {}),
    ("luis", "replied", {"status": "resolved", "resolution": "fixed"}),
    ("maria@acme.example", "wrote", {"status": "open", "resolution": ""}),
    ("luis", "replied", {"status": "resolved", "resolution": "fixed"}),
)


def office() -> Calendar:
    """Return a calendar with everything that makes one slow."""
    return Calendar.from_config(
        {
            "timezone": "Europe/Madrid",
            "hours": {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"},
            "holidays": {"country": "ES", "subdivision": "MD", "dates": ["2026-12-24"]},
            "exceptions": {"2026-12-31": "09:00-12:00"},
        },
        holiday_dates,
    )


def logs(count: int) -> list[tuple[tuple[Entry, ...], str]]:
    """Make up logs of 8 entries, the same ones each time, each with a priority."""
    dice = random.Random(1)
    span = int((NOW - START).total_seconds()) - 30 * 86_400
    made = []
    for _ in range(count):
        at = START + timedelta(seconds=dice.randrange(span))
        entries = []
        for by, verb, changes in STEPS:
            told = [Change(key, "=", value) for key, value in changes.items()]
            entries.append(new_entry(at, by, verb, told))
            at += timedelta(seconds=dice.randrange(60, 3 * 86_400))
        made.append((tuple(entries), dice.choice(PRIORITIES)))
    return made


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the processor's seconds that the quickest of several rounds took."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main(arguments: list[str]) -> int:
    """Measure, print microseconds a ticket, and tell by the exit code whether they are met."""
    count = int(arguments[0]) if arguments else TICKETS
    calendar, told = office(), logs(count)
    found = dict.fromkeys(STATES, 0)
    for log, priority in told[:10_000]:
        for clock in clocks(log, POLICY, calendar, NOW, priority, PRIORITIES).values():
            if clock is not None:
                found[clock.state] += 1

    def all_clocks() -> None:
        for log, priority in told:
            clocks(log, POLICY, calendar, NOW, priority, PRIORITIES)

    def all_courses() -> None:
        for log, priority in told:
            courses(log, POLICY, calendar, priority, PRIORITIES)

    print(f"{count:,} tickets of {len(STEPS)} entries, all four clocks")
    print("states of the first 10,000:", ", ".join(f"{n:,} {s}" for s, n in found.items() if n))
    each = best_of(ROUNDS, all_clocks) / count * 1e6
    print(f"clocks   {each:6.1f} µs a ticket (target {TARGET_MICROSECONDS})")
    print(f"courses  {best_of(ROUNDS, all_courses) / count * 1e6:6.1f} µs a ticket, for an index")
    return 0 if each <= TARGET_MICROSECONDS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
