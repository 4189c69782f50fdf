"""The columns of lists: what each shows, on a terminal and to programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from desk.domain.fields import FIELD
from desk.domain.instants import format_open
from desk.domain.sla import CLOCKS, ClockName
from desk.domain.texts import visible
from desk.domain.ticket import Ticket
from desk.errors import UsageError, did_you_mean
from desk.render.sla import due_words
from desk.render.style import ago, iso, local
from desk.services.reading import Found


class Column(NamedTuple):
    """One column: its name, its heading, its text for programs, and its text for people where
    that is another one (given the present and the zone)."""

    name: str
    heading: str
    plain: Callable[[Found], str]
    human: Callable[[Found, datetime], str] | None = None

    def shown(self, found: Found, now: datetime) -> str:
        """Return the cell for a person's eyes."""
        return visible(self.human(found, now) if self.human else self.plain(found))


def _of_ticket(name: str) -> Column:
    def plain(found: Found) -> str:
        return value_text(found.ticket, name)

    return Column(name, _HEADINGS.get(name, name), plain)


_HEADINGS = {"id": "ID", "priority": "P", "external_id": "external ID", "former_ids": "former IDs"}


def value_text(ticket: Ticket, name: str) -> str:
    """Return a field's value as one text, lists with a comma between elements."""
    if name.startswith("fields."):
        return ticket.custom.get(name.removeprefix("fields."), "")
    if name == "fields":
        return ", ".join(f"{key}={value}" for key, value in sorted(ticket.custom.items()))
    return ", ".join(ticket.items(name)) or ticket.text(name)


def _instant(name: str, heading: str, of: Callable[[Found], datetime | None]) -> Column:
    def human(found: Found, now: datetime) -> str:
        at = of(found)
        return ago(at, now) if at else ""

    return Column(name, heading, lambda found: iso(of(found)), human)


def _number(name: str) -> Column:
    return Column(name, name, lambda found: _count(getattr(found.facts, name)))


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _due(found: Found) -> str:
    due = found.standing.due if found.ticket.is_live else None
    return iso(due.due if due else None)


def _policy(found: Found) -> str:
    policy = found.standing.policy
    return policy.name if policy else ""


def _clock(clock: ClockName, part: str) -> Column:
    """Return the column of one part of a clock, named as JSON has it: `sla.resolution.due`."""

    def value(found: Found) -> object:
        shown = found.standing.clocks.get(clock)
        return getattr(shown, part) if shown is not None else None

    def plain(found: Found) -> str:
        there = value(found)
        return iso(there) if isinstance(there, datetime) else "" if there is None else str(there)

    def human(found: Found, now: datetime) -> str:
        there = value(found)
        if isinstance(there, datetime):
            return local(there, found.desk.settings.zone)
        if isinstance(there, int):
            return format_open(there)
        return str(there or "").replace("_", " ")

    words = clock.replace("_", " ")
    heading = words if part == "state" else f"{words} {part.removesuffix('_seconds')}"
    return Column(f"sla.{clock}.{part}", heading.replace("_at", ""), plain, human)


def _calendar(found: Found) -> str:
    policy = found.standing.policy
    return policy.calendar_name if policy else ""


CLOCK_PARTS = (
    *("state", "due", "ended_at"),
    *("target_seconds", "elapsed_seconds", "remaining_seconds"),
)
"""What JSON tells of a clock."""

_SLA = (
    Column("sla.policy", "policy", _policy),
    Column("sla.calendar", "calendar", _calendar),
    *(_clock(clock, part) for clock in CLOCKS for part in CLOCK_PARTS),
)

WHOLE_KEYS = ("sla", *(f"sla.{clock}" for clock in CLOCKS), "log")
"""Keys of a ticket's object that are no text, so that JSON alone can show them."""

_DERIVED = (
    _instant("created", "age", lambda found: found.ticket.created),
    _instant("updated", "updated", lambda found: found.facts.updated),
    _instant("first_response_at", "answered", lambda found: found.facts.first_response_at),
    _instant("owned_at", "owned", lambda found: found.facts.owned_at),
    _instant("resolved_at", "resolved", lambda found: found.facts.resolved_at),
    _instant("closed_at", "closed", lambda found: found.facts.closed_at),
    Column("path", "path", lambda found: found.path),
    Column("due", "due next", _due, lambda found, now: due_words(found)),
    Column("policy", "policy", _policy),
    *map(
        _number,
        ("replies", "reopens", "escalations", "handovers", "worked_minutes", "rating"),
    ),
)

COLUMNS = {
    **{name: _of_ticket(name) for name in FIELD},
    **{column.name: column for column in _DERIVED},
    "status": Column("status", "status", lambda found: found.ticket.status),
    **{column.name: column for column in _SLA},
}
"""Every column a list can have, by name; `fields.<name>` besides."""

DEFAULT = ("id", "priority", "status", "assignee", "due", "updated", "title")
TODAY = tuple(name for name in DEFAULT if name != "assignee")
"""The columns of one's own day: whose tickets they are, its groups say."""

_ALIASES = {"tag": "tags", "age": "created", "resolved": "resolved_at", "closed": "closed_at"}


def columns_named(given: str) -> list[Column]:
    """Return the columns that --fields names, the default ones for "" ; UsageError for others."""
    return [_column(word) for word in (given or ",".join(DEFAULT)).split(",")]


def keys_named(given: str, form: str) -> list[str]:
    """Return the keys of a ticket's object that --fields names, none for ""; in `json` and `jsonl`
    the whole keys too. UsageError as for `columns_named`."""
    has_whole = form in ("json", "jsonl")
    return [
        _key(word) if has_whole and _key(word) in WHOLE_KEYS else _column(word).name
        for word in (given.split(",") if given else ())
    ]


def _column(word: str) -> Column:
    name, key = word.strip(), _key(word)
    if name.startswith("fields.") and len(name) > len("fields."):
        return _of_ticket(name)
    if key in COLUMNS:
        return COLUMNS[key]
    if key in WHOLE_KEYS:
        part = {"log": "", "sla": "; name a part of it, like `sla.policy`"}
        hint = part.get(key, f"; name a part of it, like `{key}.due`")
        raise UsageError(f"`{name}` is no single value", f"json and jsonl can show it{hint}")
    guess = did_you_mean(name, (*COLUMNS, *WHOLE_KEYS))
    raise UsageError(
        f"there is no field `{visible(name)}` to show", guess or "see `desk help fields`"
    )


def _key(word: str) -> str:
    name = word.strip().replace("-", "_")
    return _ALIASES.get(name, name)
