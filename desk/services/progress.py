"""Moving tickets along: each use case names its row of the workflow and hands over the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.domain import workflow
from desk.domain.editing import checked_value
from desk.domain.people import assignee_named
from desk.domain.ticket import Change
from desk.errors import Refused
from desk.services.acting import Outcome, act
from desk.services.desk import Desk


def move(desk: Desk, given: Sequence[str], command: str, text: str = "") -> Outcome:
    """Take the step of a command that needs nothing but its name: start, resume, wait, reopen."""
    return act(desk, given, command, lambda ticket: workflow.step(ticket, command, text))


def take(desk: Desk, given: Sequence[str], text: str = "") -> Outcome:
    """Make tickets the acting person's own, and open them."""
    mine = Change("assignee", "=", assignee_named("@me", desk.settings, desk.actor))
    return act(desk, given, "take", lambda ticket: workflow.step(ticket, "take", text, (mine,)))


def assign(
    desk: Desk, given: Sequence[str], who: str | None, team: str | None = None, text: str = ""
) -> Outcome:
    """Give tickets to somebody, to nobody, to a team."""
    changes = []
    if team is not None:
        changes.append(Change("team", "=", checked_value("team", team, desk.settings, desk.actor)))
    if who is not None:
        handle = assignee_named(who, desk.settings, desk.actor)
        changes.append(Change("assignee", "=", handle))
    return act(
        desk,
        given,
        "assign",
        lambda ticket: workflow.step(ticket, "assign", text, tuple(changes)),
    )


def hold(desk: Desk, given: Sequence[str], reason: str, until: datetime | None = None) -> Outcome:
    """Put tickets on hold, until an instant or without one; Refused for an instant that is past."""
    if until is not None and until <= desk.now:
        shown = until.astimezone(desk.settings.zone).strftime("%Y-%m-%d %H:%M")
        raise Refused(
            f"a hold cannot end at {shown}, which is past",
            "give a later --until, such as +3d, or `desk resume` the ticket",
        )
    return act(desk, given, "hold", lambda ticket: workflow.hold(ticket, reason, until))


def resolve(desk: Desk, given: Sequence[str], resolution: str, text: str = "") -> Outcome:
    """Say that tickets are solved, and how; a text becomes a public answer."""
    return act(desk, given, "resolve", lambda ticket: workflow.resolve(ticket, resolution, text))


def close(desk: Desk, given: Sequence[str], text: str = "") -> Outcome:
    """End tickets; a text becomes a public answer."""
    return act(desk, given, "close", lambda ticket: workflow.close(ticket, text))


def cancel(desk: Desk, given: Sequence[str], reason: str) -> Outcome:
    """End tickets without a solution."""
    return act(desk, given, "cancel", lambda ticket: workflow.cancel(ticket, reason))


def escalate(desk: Desk, given: Sequence[str], reason: str, to: str = "") -> Outcome:
    """Hand tickets up the ladder, or to whom is named."""
    return act(
        desk,
        given,
        "escalate",
        lambda ticket: workflow.escalate(ticket, desk.settings, reason, to),
    )


def deescalate(desk: Desk, given: Sequence[str], reason: str, to: str = "") -> Outcome:
    """Hand tickets down the ladder, or to whom is named."""
    return act(
        desk,
        given,
        "deescalate",
        lambda ticket: workflow.deescalate(ticket, desk.settings, reason, to),
    )
