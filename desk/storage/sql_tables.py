"""The tables that `desk sql` offers: read-only views of the index, in words of the help desk.

Instants are texts like 2026-11-22T09:34:35Z, spans of time whole seconds, lists and mappings JSON;
what a ticket has not is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from desk.domain.fields import FIELDS
from desk.domain.sla import CLOCKS
from desk.storage.query_sql import state_case


class SqlTable(NamedTuple):
    """What a row of a table is, and what each column means, by its name."""

    meaning: str
    columns: Mapping[str, str]


_DERIVED = {
    "path": "the file, from the workspace",
    "live": "1 while somebody still has to do something, else 0",
    "updated": "when something last happened",
    "first_response_at": "the first agent's reply, or the end if that came first",
    "owned_at": "when it was first assigned, or the end if that came first",
    "resolved_at": "when it was done, NULL while live",
    "closed_at": "when it was closed, NULL while not",
    "due": "what is due next of a live ticket, as it stood at the last entry",
    "replies": "agents' replies",
    "reopens": "how often it was done and then not",
    "escalations": "how often it was escalated",
    "handovers": "how often it went from one person to another",
    "worked_minutes": "time logged",
    "rating": "the last score, 1 to 5",
    "policy": "the policy of `sla` that covers it",
}

TABLES: Mapping[str, SqlTable] = {
    "ticket": SqlTable("one ticket", {f.name: f.meaning for f in FIELDS} | _DERIVED),
    "entry": SqlTable(
        "one entry of a ticket's log",
        {
            "id": "the ticket",
            "place": "its number in the log, from 1",
            "at": "when",
            "by": "who",
            "verb": "what happened: `opened`, `replied`, `changed` and so on",
            "changes": "a JSON list of [key, `=` or `+=` or `-=`, value]",
            "text": "what was said",
        },
    ),
    "clock": SqlTable(
        "one clock of a ticket that has a target for it, as it stands now",
        {
            "id": "the ticket",
            "clock": ", ".join(f"`{clock}`" for clock in CLOCKS),
            "state": "`met`, `missed`, `breached`, `paused`, `at_risk` or `running`",
            "started_at": "when it began",
            "due": "when the target is used up, NULL while paused",
            "ended_at": "when it ended, NULL while it runs",
            "target_seconds": "the promise, in open time",
            "elapsed_seconds": "the open time used",
            "remaining_seconds": "what is left of it, negative when broken",
        },
    ),
    "tag": SqlTable("one tag of a ticket", {"id": "the ticket", "tag": "the tag"}),
}
"""Every table by name, for the views, the help and the documentation alike."""

ELAPSED_FUNCTION = "desk_passed"
"""Called with a policy's place and the second up to which a clock is counted."""


def views(now: datetime, policies: list[str]) -> list[str]:
    """Return the statements that make the tables, as they are at `now`; `policies` are the names
    of all policies, in order."""
    return [
        f"CREATE TEMP VIEW {name} AS {select}"
        for name, select in {
            "ticket": _ticket(policies),
            "entry": _entry(),
            "clock": " UNION ALL ".join(_clock(clock, now) for clock in CLOCKS),
            "tag": "SELECT ticket.id AS id, value AS tag FROM main.ticket AS ticket "
            "JOIN told USING (number), json_each(told.fields, '$.tags')",
        }.items()
    ]


def _ticket(policies: list[str]) -> str:
    told = {f.name: f"json_extract(told.fields, '$.{f.name}')" for f in FIELDS}
    told["status"] = f"COALESCE({told['status']}, 'new')"
    derived = {name: f"ticket.{name}" for name in _DERIVED} | {
        "live": "ticket.is_live",
        "updated": _iso("ticket.updated"),
        "first_response_at": _iso("ticket.first_response"),
        "owned_at": _iso("ticket.owned"),
        "resolved_at": _iso("ticket.resolved"),
        "closed_at": _iso("ticket.closed"),
        "due": _iso("ticket.due"),
        "policy": _policy(policies),
    }
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in (told | derived).items())
    return f"SELECT {columns} FROM main.ticket AS ticket JOIN told USING (number)"


def _policy(policies: list[str]) -> str:
    quoted = (name.replace("'", "''").replace("\0", "") for name in policies)
    cases = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(quoted))
    return f"CASE ticket.policy {cases} END" if cases else "NULL"


def _entry() -> str:
    return (
        f"SELECT ticket.id AS id, entry.place AS place, {_iso('entry.at')} AS at, entry.by AS by, "
        "entry.verb AS verb, entry.changes AS changes, entry.text AS text "
        "FROM main.entry AS entry JOIN main.ticket AS ticket ON ticket.number = entry.ticket"
    )


def _clock(clock: str, now: datetime) -> str:
    state = state_case(clock, now)
    passed = f"{ELAPSED_FUNCTION}(policy, counted_to)"
    elapsed = f"elapsed_{clock} + CASE s_{clock} WHEN 'running' THEN {passed} ELSE 0 END"
    return (
        f"SELECT id, '{clock}' AS clock, {state} AS state, {_iso(f'started_{clock}')} AS "
        f"started_at, CASE {state} WHEN 'paused' THEN NULL ELSE {_iso(f'due_{clock}')} END AS due, "
        f"{_iso(f'ended_{clock}')} AS ended_at, target_{clock} AS target_seconds, "
        f"{elapsed} AS elapsed_seconds, target_{clock} - ({elapsed}) AS remaining_seconds "
        f"FROM main.ticket WHERE s_{clock} IS NOT NULL"
    )


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch')"
