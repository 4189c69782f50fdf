"""The tables that `desk sql` offers, and what their columns say.

`desk.storage.sql_views` makes them of the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from desk.domain.fields import FIELDS
from desk.domain.sla import CLOCKS


class SqlTable(NamedTuple):
    """What a row of a table is, and what each column means, by its name."""

    meaning: str
    columns: Mapping[str, str]


DERIVED = {
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
"""The columns of a ticket that are no fields of its front matter."""

TABLES: Mapping[str, SqlTable] = {
    "ticket": SqlTable("one ticket", {f.name: f.meaning for f in FIELDS} | DERIVED),
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
