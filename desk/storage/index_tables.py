"""The tables of the index, and their columns.

`ticket` has what queries ask about: facts, clocks (`desk.domain.sla.Course`), and every field in
the forms under which it can be found (`f_`). `told` has the front matter as it stands, as JSON.
`entry` and `texts` are filled when they are first asked for, up to the ticket with the highest
number: a ticket that changed gets a new number, so what lacks in them lies beyond it.
"""

from __future__ import annotations

from desk.domain.sla import CLOCKS
from desk.storage.full_text import full_text_table

VERSION = 7
"""Of the tables, and of what is in them: one more with every change of either."""

TEXT_COLUMNS = (
    *("f_id", "f_title", "f_type", "f_status", "f_resolution", "f_priority", "f_impact"),
    *("f_urgency", "f_requester", "f_company", "f_phone", "f_assignee", "f_team", "f_level"),
    *("f_category", "f_tags", "f_channel", "f_links", "f_kb", "f_watchers", "f_external_id"),
    *("f_former_ids", "f_fields", "v_requester", "v_category", "t_title", "custom", "policy"),
)
NUMBER_COLUMNS = (
    *("created", "updated", "resolved", "closed", "due", "until", "replies", "reopens"),
    *("escalations", "handovers", "worked_minutes", "rating"),
)
FACT_COLUMNS = (
    *("is_live", "first_response", "owned", "unanswered", "status_line", "counted_to"),
    *("answers", "steps", "exchanges"),
)
"""`steps` and `exchanges` are what reports alone need, as `desk.domain.report.rows` writes it."""

CLOCK_PARTS = ("s", "started", "ended", "target", "elapsed", "due", "risk")
CLOCK_COLUMNS = tuple(f"{part}_{clock}" for clock in CLOCKS for part in CLOCK_PARTS)
COLUMNS = ("path", "id", "tail", *TEXT_COLUMNS, *NUMBER_COLUMNS, *FACT_COLUMNS, *CLOCK_COLUMNS)

ENTRY = "entry"
ENTRY_COLUMNS = ("ticket", "place", "at", "by", "verb", "changes", "text")

LOOKUPS = {
    "live": "(is_live) WHERE is_live",
    "by_update": "(updated)",
    "by_creation": "(created)",
    "by_resolution": "(resolved) WHERE resolved IS NOT NULL",
}
"""SQLite's own indexes of `ticket`."""

SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    f"CREATE TABLE ticket (number INTEGER PRIMARY KEY, {', '.join(COLUMNS)}, UNIQUE (path))",
    "CREATE TABLE told (number INTEGER PRIMARY KEY, fields TEXT)",
    f"CREATE TABLE {ENTRY} ({', '.join(ENTRY_COLUMNS)}, PRIMARY KEY (ticket, place)) WITHOUT ROWID",
    "CREATE TABLE problem (path TEXT, code TEXT, line INTEGER, place INTEGER, message TEXT)",
    "CREATE INDEX problem_path ON problem (path)",
    "CREATE TABLE folder (path TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID",
    "CREATE TABLE watched (path TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID",
)
"""`folder` has a stamp of every folder that was listed; `watched` one of every file that Git does
not watch for us: those that differ from HEAD, and those that it was told not to look at."""

TEXTS = "texts"
TEXTS_SCHEMA = full_text_table(TEXTS)
