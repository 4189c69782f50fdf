"""What follows from one ticket alone: instants and counts that lists, reports and JSON show."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeAlias

from desk.domain.fields import DONE
from desk.domain.milestones import from_opened
from desk.domain.patterns import pattern
from desk.domain.ticket import Ticket

_NUMBER = pattern(r"-?[0-9]{1,9}")


Step: TypeAlias = tuple[datetime, str, bool]
"""From this instant on a ticket has a status, and belongs to somebody or to nobody."""


class Facts(NamedTuple):
    """One ticket's derived figures. Instants are UTC, None where it has not come to that.

    `first_response_at` is the first agent's reply or the first entry into a done status, whichever
    is earlier; `owned_at` the first entry that sets an assignee, or into done; `resolved_at` the
    start of the present span of done, `closed_at` when it was closed within that span.
    `handovers` counts changes of the assignee from one person to another, `reopens` those from
    done to not done; `rating` is the last score. `answers` are the replies but for those by `desk`.
    `steps` tell its whole course, a step for every change of status or of being owned.
    """

    updated: datetime
    first_response_at: datetime | None
    owned_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    replies: int
    reopens: int
    escalations: int
    handovers: int
    worked_minutes: int
    rating: int | None
    answers: int = 0
    steps: tuple[Step, ...] = ()


def facts(ticket: Ticket) -> Facts:
    """Derive a ticket's figures from its log, entry by entry from `opened` on."""
    status, assignee = "new", ""
    first_response = owned = resolved = closed = None
    replies = reopens = escalations = handovers = minutes = answers = 0
    steps: list[Step] = []
    rating: int | None = None
    for at, by, verb, changes, _, _ in from_opened(ticket.log):
        before, holder = status, assignee
        for key, op, value in changes:
            if op != "=":
                continue
            if key == "status":
                status = value or "new"
            elif key == "assignee":
                assignee = value
                owned = owned or (at if value else None)
            elif key == "minutes" and verb == "worked":
                minutes += _number(value)
            elif key == "score" and verb == "rated":
                rating = _number(value) or None
        if assignee != holder and assignee and holder:
            handovers += 1
        if verb == "replied":
            replies += 1
            if by != "desk":
                answers += 1
                first_response = first_response or at
        elif verb == "escalated":
            escalations += 1
        if status != before:
            if status in DONE:
                if before not in DONE:
                    resolved = at
                    first_response, owned = first_response or at, owned or at
                closed = at if status == "closed" else None
            elif before in DONE:
                reopens += 1
                resolved = closed = None
        if status != before or bool(assignee) != bool(holder) or not steps:
            steps.append((at, status, bool(assignee)))
    return Facts(
        updated=ticket.updated,
        first_response_at=first_response,
        owned_at=owned,
        resolved_at=resolved,
        closed_at=closed,
        replies=replies,
        reopens=reopens,
        escalations=escalations,
        handovers=handovers,
        worked_minutes=minutes,
        rating=rating,
        answers=answers,
        steps=tuple(steps),
    )


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
