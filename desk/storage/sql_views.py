"""The tables of `desk sql` (`desk.domain.sql_tables`) as views of the index."""

from __future__ import annotations

from datetime import datetime

from desk.domain.fields import FIELDS
from desk.domain.sla import CLOCKS
from desk.domain.sql_tables import DERIVED
from desk.storage.query_sql import state_case

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
    derived = {name: f"ticket.{name}" for name in DERIVED} | {
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
