"""Which ticket comes before which: one table of reasons, for the order and for its explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

from desk.domain.instants import format_duration, format_instant, format_open
from desk.domain.unanswered import unanswered
from desk.services.reading import Found

Told: TypeAlias = "str | Mapping[str, str | int] | None"
"""What a reason looks at, for programs."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Reason(NamedTuple):
    """One thing that may put a ticket before another: the smaller `rank` comes first.

    `rule` says so in words; `words` and `value` are what it looks at in a ticket, for people and
    for programs.
    """

    name: str
    rule: str
    rank: Callable[[Found], Any]
    words: Callable[[Found], str]
    value: Callable[[Found], Told]


def _is_pressing(found: Found) -> bool:
    return found.standing.is_late or found.standing.is_at_risk


def _priority(found: Found) -> int:
    order = found.desk.settings.priorities
    given = found.ticket.text("priority")
    return order.index(given) if given in order else len(order)


def _late(found: Found) -> tuple[bool, int]:
    return (False, _priority(found)) if _is_pressing(found) else (True, 0)


def _late_words(found: Found) -> str:
    if not _is_pressing(found):
        return "no"
    return f"{'late' if found.standing.is_late else 'at risk'}, {_priority_words(found)}"


def _late_value(found: Found) -> str | None:
    if found.standing.is_late:
        return "breached"
    return "at_risk" if found.standing.is_at_risk else None


def _due(found: Found) -> datetime:
    due = found.standing.due
    return due.due if due else _NEVER


def _due_words(found: Found) -> str:
    due = found.standing.due
    if due is None:
        return "no clock runs"
    seconds = due.clock.remaining_seconds
    left = (
        f"{format_open(-seconds)} over"
        if due.clock.state == "breached"
        else (f"{format_open(seconds)} left")
    )
    at = due.due.astimezone(found.desk.settings.zone)
    return f"{due.name.replace('_', ' ')}, {at:%Y-%m-%d %H:%M}, {left}"


def _due_value(found: Found) -> Told:
    due = found.standing.due
    if due is None:
        return None
    return {
        "clock": due.name,
        "state": due.clock.state,
        "due": format_instant(due.due),
        "remaining_seconds": due.clock.remaining_seconds,
    }


def _priority_words(found: Found) -> str:
    return found.ticket.text("priority") or "no priority"


def _since(found: Found) -> datetime:
    entry = unanswered(found.ticket, found.desk.settings)
    return entry.at if entry else _NEVER


def _waiting_words(found: Found) -> str:
    entry = unanswered(found.ticket, found.desk.settings)
    if entry is None:
        return "nobody"
    return f"{_ago(entry.at, found)}, {found.ticket.requester or 'the requester'}"


def _waiting_value(found: Found) -> Told:
    entry = unanswered(found.ticket, found.desk.settings)
    if entry is None:
        return None
    return {"who": found.ticket.requester, "since": format_instant(entry.at)}


def _ago(at: datetime, found: Found) -> str:
    return format_duration(max(0, int((found.desk.now - at).total_seconds())))


REASONS = (
    Reason(
        "whose",
        "what is yours before what nobody has",
        lambda found: not found.ticket.text("assignee"),
        lambda found: "yours" if found.ticket.text("assignee") else "nobody's",
        lambda found: found.ticket.text("assignee") or None,
    ),
    Reason(
        "late",
        "what is late or at risk, of that the most urgent priority",
        _late,
        _late_words,
        _late_value,
    ),
    Reason("due", "what is due next", _due, _due_words, _due_value),
    Reason(
        "priority",
        "the most urgent priority",
        _priority,
        _priority_words,
        lambda found: found.ticket.text("priority") or None,
    ),
    Reason("waiting", "who waits longest for an answer", _since, _waiting_words, _waiting_value),
    Reason(
        "age",
        "the oldest",
        lambda found: found.ticket.created,
        lambda found: _ago(found.ticket.created, found),
        lambda found: format_instant(found.ticket.created),
    ),
    Reason(
        "id",
        "the smaller ID",
        lambda found: found.ticket.id,
        lambda found: found.ticket.id,
        lambda found: found.ticket.id,
    ),
)
"""What decides, in this order; the last one always does."""


def by_urgency(group: Iterable[Found]) -> tuple[Found, ...]:
    """Return tickets in the order in which they should be worked on: by `REASONS`."""
    return tuple(sorted(group, key=lambda found: tuple(reason.rank(found) for reason in REASONS)))


def deciding(first: Found, second: Found) -> Reason:
    """Return the reason for which one ticket comes before another one."""
    return next(reason for reason in REASONS if reason.rank(first) != reason.rank(second))


class Choice(NamedTuple):
    """The ticket to work on next, of `total`; the one after it, and the reason why it comes after
    (None: there is no other)."""

    first: Found
    total: int
    second: Found | None = None
    reason: Reason | None = None


def choice_of(candidates: Iterable[Found]) -> Choice | None:
    """Return the ticket that comes first, None where there is none."""
    ordered: Sequence[Found] = by_urgency(candidates)
    if not ordered:
        return None
    first, *rest = ordered
    if not rest:
        return Choice(first, 1)
    return Choice(first, len(ordered), rest[0], deciding(first, rest[0]))
