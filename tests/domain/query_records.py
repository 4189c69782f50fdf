"""Records and contexts for the tests of queries."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk.domain.instants import parse_instant
from desk.domain.query import QueryContext, QueryNames, Record, compile_predicate, parse_query

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday, 13:00 in Madrid."""

NAMES = QueryNames(
    priorities=("P1", "P2", "P3", "P4"),
    levels=("L1", "L2", "L3", "vendor"),
    views={
        "mine": "assignee:@me is:open sort:-priority",
        "Stale-Ones": "is:open idle:3d..",
        "both": "@mine @stale_ones",
    },
    people={"ana": "ana@acme.example", "luis": "luis@acme.example"},
    teams=("support", "sysadmin"),
    categories=("hardware", "hardware/printer"),
    called={"ana": "Ana Ruiz", "luis": "Luis Gil"},
)

CONTEXT = QueryContext("ana", NOW, ZoneInfo("Europe/Madrid"), NAMES)


def a_record(**changes: object) -> Record:
    """Return a record of an open ticket, with these changes; instants may be text."""
    record: dict[str, object] = {
        "id": "HD-2611-7K3QF",
        "title": "Printer on the third floor jams",
        "type": "incident",
        "status": "open",
        "priority": "P2",
        "requester": "Maria López <maria.lopez@acme.example>",
        "company": "ACME",
        "assignee": "ana",
        "team": "support",
        "level": "L1",
        "category": "hardware/printer",
        "tags": ("floor-3", "Printer"),
        "links": ("blocks HD-2610-AAAAA",),
        "watchers": ("Luis Gil <luis@acme.example>",),
        "channel": "walk-in",
        "created": "2026-11-20T09:00:00Z",
        "updated": "2026-11-22T08:00:00Z",
        "due": "2026-11-23T09:00:00Z",
        "replies": 1,
        "reopens": 0,
        "escalations": 0,
        "handovers": 0,
        "worked_minutes": 0,
        "rating": None,
        "sla": {"resolution": "running", "first_response": "met"},
        "fields": {"asset-tag": "PC-42"},
        "text": "Printer on the third floor jams\nEvery second page. Qué pena!",
        **changes,
    }
    for name in ("created", "updated", "resolved", "closed", "due", "until"):
        value = record.get(name)
        if isinstance(value, str):
            record[name] = parse_instant(value)
    return record


def finds(text: str, record: Record, context: QueryContext = CONTEXT) -> bool:
    """Tell whether a query finds a record."""
    return compile_predicate(parse_query(text), context)(record)
