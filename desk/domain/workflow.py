"""The workflow: one table of commands, and what each does to a ticket.

The commands, their help, their refusals and the tests come from `COMMANDS`. A function here turns
a ticket and what was asked into an `Act`; `perform` makes the entry of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from desk.domain.fields import DONE, LIVE, STATUSES
from desk.domain.headings import new_entry
from desk.domain.instants import LAST_INSTANT, format_instant
from desk.domain.people import active_handles, is_same_person
from desk.domain.redaction import name_of, redacted_names
from desk.domain.replay import settle
from desk.domain.settings import Settings
from desk.domain.ticket import Change, Ticket, apply_changes, changes_between, in_order
from desk.errors import Refused, UnknownName, UsageError

Text = Literal["none", "optional", "text", "reason"]


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the workflow: from which statuses, to which ("": the same), and its text.

    `public` says that a text becomes a public answer (`replied`).
    """

    name: str
    sources: tuple[str, ...]
    target: str
    text: Text
    summary: str
    public: bool = False


COMMANDS = {
    command.name: command
    for command in (
        Command("take", LIVE, "open", "optional", "Make a ticket yours and open it."),
        Command("assign", STATUSES, "", "optional", "Give a ticket to somebody, or to nobody."),
        Command("start", ("new", "waiting", "hold"), "open", "optional", "Begin to work on it."),
        Command("resume", ("new", "waiting", "hold"), "open", "optional", "Go on working on it."),
        Command("reply", STATUSES, "", "text", "Answer the requester, in public.", public=True),
        Command("note", STATUSES, "", "text", "Write something down, internally."),
        Command("edit", STATUSES, "", "none", "Change fields, or the whole file in your editor."),
        Command("tag", STATUSES, "", "none", "Add tags, or take them off."),
        Command("link", STATUSES, "", "none", "Relate two tickets, in both of them."),
        Command("worked", STATUSES, "", "optional", "Log time spent."),
        Command("attach", STATUSES, "", "optional", "Keep files with the ticket."),
        Command("rate", STATUSES, "", "optional", "Say how content you are, from 1 to 5."),
        Command("watch", STATUSES, "", "none", "Hear of what happens to a ticket."),
        Command("wait", ("new", "open", "hold"), "waiting", "optional", "Wait for the requester."),
        Command(
            "hold",
            ("new", "open", "waiting"),
            "hold",
            "reason",
            "Wait for a third party or a date.",
        ),
        Command("resolve", LIVE, "resolved", "optional", "Say that it is solved.", public=True),
        Command("close", (*LIVE, "resolved"), "closed", "optional", "End it.", public=True),
        Command("cancel", LIVE, "closed", "reason", "End it without a solution."),
        Command("reopen", DONE, "open", "reason", "It is not solved after all."),
        Command("escalate", LIVE, "", "reason", "Hand it up the ladder."),
        Command("deescalate", LIVE, "", "reason", "Hand it down the ladder."),
        Command("merge", LIVE, "closed", "optional", "Close tickets as duplicates of another."),
        Command("split", STATUSES, "", "none", "Start a new ticket from entries of this one."),
    )
}
"""Every command that acts on an existing ticket."""


def allowed_commands(status: str) -> list[str]:
    """Return the commands that may be given on a ticket of this status."""
    return [command.name for command in COMMANDS.values() if status in command.sources]


class NotAllowed(Refused):
    """The workflow has no such step from the ticket's status."""

    def __init__(self, command: str, ticket: Ticket, hint: str = "") -> None:
        status = "on hold" if ticket.status == "hold" else ticket.status
        allowed = allowed_commands(ticket.status)
        moving = ", ".join(name for name in allowed if COMMANDS[name].target)
        others = ", ".join(name for name in allowed if not COMMANDS[name].target)
        super().__init__(
            f"cannot {command} {ticket.id}: it is {status}",
            f"{f'{hint}; ' if hint else ''}now: {moving}; besides: {others}",
        )


@dataclass(frozen=True, slots=True)
class Act:
    """One entry to be: its verb, its changes, its text, and who signs it (empty: whoever runs the
    command)."""

    verb: str
    changes: tuple[Change, ...] = ()
    text: str = ""
    by: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it would say and change nothing."""
        return not self.changes and not self.text


def perform(
    ticket: Ticket, act: Act, now: datetime, by: str, settings: Settings | None = None
) -> Ticket:
    """Return the ticket after the act, as an entry at its end, its changes `in_order`.

    The entry is dated now or, where the log is ahead of now, at its last entry's instant; one
    second later if that entry is another person's (whose handle and address are one, where the
    `settings` say so), or if a redacted entry has the same name. ValueError for a text that no
    ticket may hold.
    """
    at = now
    if ticket.log:
        last = ticket.log[-1]
        at = max(now.replace(microsecond=0), last.at)
        if at == last.at and at < LAST_INSTANT and not is_same_person(last.by, by, settings):
            at += timedelta(seconds=1)
    entry = new_entry(at, by, act.verb, in_order(act.changes), act.text)
    redacted = redacted_names(ticket.log)
    while name_of(entry) in redacted and at < LAST_INSTANT:
        at += timedelta(seconds=1)  # or a merge would take the new text for what was redacted
        entry = new_entry(at, by, act.verb, in_order(act.changes), act.text)
    after = ticket.with_entry(entry)
    return replace(after, values=settle(after.values, after.log))


def step(
    ticket: Ticket,
    name: str,
    text: str = "",
    others: tuple[Change, ...] = (),
    verb: str = "changed",
) -> Act:
    """Return the act of a command: its step in the table, with other changes, in one entry.

    Changes that are in force already are left out. NotAllowed where the table has no such step
    from the ticket's status, unless the ticket is where the step leads and nothing else was asked.
    """
    command = COMMANDS[name]
    wanted = list(others)
    if command.target:
        wanted.insert(0, Change("status", "=", command.target))
    changes = _effective(ticket, tuple(wanted))
    if ticket.status not in command.sources and (changes or text or not command.target):
        raise NotAllowed(name, ticket)
    if command.public and text and verb == "changed":
        verb = "replied"
    return Act(verb, changes, text)


def _effective(ticket: Ticket, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return what the changes and what follows from them (see `settle`) really change."""
    after = settle(apply_changes(ticket.values, changes), ticket.log)
    return changes_between(ticket.values, after)


def resolve(ticket: Ticket, resolution: str, text: str = "") -> Act:
    """Resolve a live ticket."""
    return step(ticket, "resolve", text, (Change("resolution", "=", resolution),))


def close(ticket: Ticket, text: str = "") -> Act:
    """Close a ticket; where it has no resolution yet, it was fixed."""
    resolution = ticket.text("resolution") or "fixed"
    return step(ticket, "close", text, (Change("resolution", "=", resolution),))


def cancel(ticket: Ticket, reason: str) -> Act:
    """Close a live ticket without a solution."""
    return step(ticket, "cancel", reason, (Change("resolution", "=", "cancelled"),))


def hold(ticket: Ticket, reason: str, until: datetime | None) -> Act:
    """Put a ticket on hold, until a date or without one; give one that is on hold a new date."""
    others = (Change("until", "=", format_instant(until)),) if until else ()
    if ticket.status != "hold":
        return step(ticket, "hold", reason, others)
    if not others:
        raise NotAllowed("hold", ticket, "--until gives it a new date")
    return Act("changed", _effective(ticket, others), reason)


def reply(ticket: Ticket, text: str, wait: bool) -> Act:
    """Answer as an agent; `wait` leaves the ticket waiting for the requester."""
    if not wait:
        return step(ticket, "reply", text)
    if not ticket.is_live:
        raise NotAllowed("reply --wait to", ticket)
    return step(ticket, "reply", text, (Change("status", "=", "waiting"),))


def requester_wrote(ticket: Ticket, text: str, by: str) -> Act:
    """Take down what the requester said: it opens the ticket again, unless it is still new."""
    others = () if ticket.status == "new" else (Change("status", "=", "open"),)
    said = step(ticket, "reply", text, others, verb="wrote")
    # Said of an open ticket too: in another clone it may be waiting by now, for this very answer.
    return replace(said, changes=said.changes or others, by=by)


def escalate(ticket: Ticket, settings: Settings, reason: str, to: str = "") -> Act:
    """Hand a ticket to the next level and its team, or to the level, team or person named."""
    if not ticket.is_live:
        raise NotAllowed("escalate", ticket)
    if to:
        return step(ticket, "escalate", reason, _handed_to(to, settings), "escalated")
    level = settings.next_level(ticket.text("level"))
    if level is None:
        raise Refused(_no_rung(ticket, settings, "above"), "name where it goes with --to")
    return step(ticket, "escalate", reason, _rung(level, settings), "escalated")


def deescalate(ticket: Ticket, settings: Settings, reason: str, to: str = "") -> Act:
    """Hand a ticket down a level, or to the level, team or person named."""
    if not ticket.is_live:
        raise NotAllowed("deescalate", ticket)
    if to:
        return step(ticket, "deescalate", reason, _handed_to(to, settings))
    level = settings.previous_level(ticket.text("level"))
    if level is None:
        raise Refused(_no_rung(ticket, settings, "below"), "name where it goes with --to")
    return step(ticket, "deescalate", reason, _rung(level, settings))


def _no_rung(ticket: Ticket, settings: Settings, where: str) -> str:
    level = ticket.text("level")
    if not settings.levels:
        return f"cannot move {ticket.id}: config.yaml has no `levels`"
    if level and level not in settings.levels:
        return f"cannot move {ticket.id}: its level `{level}` is not one of `levels`"
    return (
        f"cannot move {ticket.id}: there is no level {where} {level or next(iter(settings.levels))}"
    )


def _rung(level: str, settings: Settings) -> tuple[Change, ...]:
    return (
        Change("level", "=", level),
        Change("team", "=", settings.levels[level]),
        Change("assignee", "=", ""),
    )


def _handed_to(to: str, settings: Settings) -> tuple[Change, ...]:
    person = settings.person(to.removeprefix("@"))
    by_folded = {level.casefold(): level for level in settings.levels}
    if to.casefold() in by_folded:
        return _rung(by_folded[to.casefold()], settings)
    if to in settings.teams:
        level = next((rung for rung, team in settings.levels.items() if team == to), "")
        at_level = (Change("level", "=", level),) if level else ()
        return (*at_level, Change("team", "=", to), Change("assignee", "=", ""))
    if person is None:
        raise UnknownName(
            "level, team or person",
            to,
            [*settings.levels, *settings.teams, *active_handles(settings)],
        )
    if not person.active:
        raise Refused(f"{person.name} (`{person.handle}`) has left", "name somebody else")
    level = person.level
    team = settings.levels.get(level, "") or next(iter(person.teams), "")
    changes = [Change("level", "=", level)] if level else []
    changes += [Change("team", "=", team)] if team else []
    return (*changes, Change("assignee", "=", person.handle))


def worked(ticket: Ticket, minutes: int, text: str = "") -> Act:
    """Log minutes of work."""
    return Act("worked", (Change("minutes", "=", str(minutes)),), text)


def rate(ticket: Ticket, score: int, text: str = "") -> Act:
    """Log the requester's score; UsageError outside 1 to 5."""
    if not 1 <= score <= 5:
        raise UsageError(f"a rating is a number from 1 to 5, not {score}")
    return Act("rated", (Change("score", "=", str(score)),), text)
