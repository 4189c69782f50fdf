"""What happens by itself: escalation by the clock, and closing what has long been resolved.

All rules judge a ticket as it was before the sweep, so none sets off another. Every rule acts once
on a ticket for each run of its clock: the log is its memory, an entry of `desk` whose text has the
rule's line. A ticket with such an entry of now has been swept now, and is left alone until later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.domain import workflow
from desk.domain.facts import facts
from desk.domain.fields import LIVE
from desk.domain.instants import format_duration
from desk.domain.query import QueryContext, compile_predicate, parse_query
from desk.domain.settings import RULE_MARK, Action, EscalationRule, Settings
from desk.domain.sla import CLOCKS
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act, perform
from desk.errors import DeskError, Diagnostic, Refused
from desk.services.acting import Outcome
from desk.services.desk import Desk
from desk.services.reading import find, found
from desk.services.saving import Save, save, take_up_hand_edits
from desk.services.service_levels import Standing
from desk.storage.ticket_store import Filed

AUTOMATION = "desk"

_NOT_CLOSED = parse_query("-status:closed")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one rule did: the ticket before and after, whose last entry is what the rule wrote.
    `remark` says why it could do no more than to note that."""

    before: Ticket
    ticket: Ticket
    rule: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did (in a dry run: would do), tickets that it could not write, and files that
    could not be read. It looks at live tickets and at resolved ones."""

    outcome: Outcome
    swept: tuple[Swept, ...]
    troubles: tuple[str, ...]
    unreadable: tuple[Diagnostic, ...]
    live: int
    resolved: int


def sweep(desk: Desk, query_text: str = "") -> SweepResult:
    """Apply the rules of `escalation` and `close_resolved_after` to what a query finds, in one
    commit. A ticket that cannot be written hides no other. A dry run is anybody's."""
    if not desk.dry_run:
        desk.require("sweep")
    with desk.writing():
        listing = find(
            desk,
            query_text,
            default_sort="sort:created",
            live_by_default=False,
            within=_NOT_CLOSED,
        )
        saves: list[Save] = []
        swept: list[Swept] = []
        troubles: list[str] = []
        for each in listing.shown:
            if not sweep_ticket(desk, each.ticket):
                continue
            try:
                filed = _as_it_is(desk, each.path)
                done = sweep_ticket(desk, filed.ticket)
                saved = Save(filed.path, done[-1].ticket if done else filed.ticket, filed)
                saved.file()
            except DeskError as error:
                troubles.append(str(error))
                continue
            if done:
                saves.append(saved)
                swept += done
        if saves:
            save(desk, "sweep", saves)
    statuses = [each.ticket.status for each in listing.shown]
    return SweepResult(
        Outcome(tuple(saves)),
        tuple(swept),
        tuple(troubles),
        listing.unreadable,
        live=sum(status in LIVE for status in statuses),
        resolved=statuses.count("resolved"),
    )


def _as_it_is(desk: Desk, path: str) -> Filed:
    """Return a ticket, hand edits taken up; in a dry run of nobody in particular as it lies."""
    filed = desk.store.read(path)
    if desk.dry_run and desk.known_actor is None:
        return filed
    return take_up_hand_edits(desk, [filed])[0]


def sweep_ticket(desk: Desk, ticket: Ticket) -> list[Swept]:
    """Return what each rule does that has to act on a ticket, one after the other."""
    if _is_swept(ticket, desk.now):
        return []
    done: list[Swept] = []
    for rule in _due_rules(desk, ticket) if ticket.is_live else ():
        before = done[-1].ticket if done else ticket
        act, remark = _act(desk, before, rule)
        after = perform(before, act, desk.now, AUTOMATION)
        done.append(Swept(before, after, rule.line, remark))
    patience = desk.settings.close_resolved_after
    if patience is not None and ticket.status == "resolved":
        since = facts(ticket).resolved_at
        if since is not None and since + timedelta(seconds=patience) <= desk.now:
            line = f"{RULE_MARK}close {format_duration(patience)} after it was resolved"
            act = replace(workflow.close(ticket), text=line)
            done.append(Swept(ticket, perform(ticket, act, desk.now, AUTOMATION), line))
    return done


def _is_swept(ticket: Ticket, now: datetime) -> bool:
    """Tell whether a rule has acted at this instant, or in a log that is ahead of now later."""
    now = now.replace(microsecond=0)
    return any(
        entry.at >= now
        and entry.by == AUTOMATION
        and any(line.startswith(RULE_MARK) for line in entry.text.split("\n"))
        for entry in ticket.log
    )


def _due_rules(desk: Desk, ticket: Ticket) -> list[EscalationRule]:
    """Return the rules that have to act on a ticket as it stands."""
    standing = desk.levels.standing(ticket, desk.now)
    return [
        rule
        for rule in desk.settings.escalation
        if _is_reached(standing, rule)
        and (not rule.open_hours or _is_open(desk, standing))
        and (not rule.query_text or _matches(desk, ticket, rule.query_text))
        and not _has_acted(desk, ticket, rule)
    ]


def _is_reached(standing: Standing, rule: EscalationRule) -> bool:
    clock = next((standing.clocks[name] for name in CLOCKS if name == rule.clock), None)
    if clock is None or clock.ended_at is not None:
        return False
    return clock.elapsed_seconds * 100 >= rule.at_percent * clock.target_seconds


def _is_open(desk: Desk, standing: Standing) -> bool:
    if standing.policy is None:
        return False
    calendar = desk.levels.calendar(standing.policy.calendar_name)
    return calendar.between(desk.now, desk.now + timedelta(seconds=1)) > 0


def _has_acted(desk: Desk, ticket: Ticket, rule: EscalationRule) -> bool:
    """Tell whether the rule has acted in this run of its clock."""
    started_at = desk.levels.started_at(ticket, rule.clock, desk.now)
    return any(
        entry.by == AUTOMATION and entry.at >= started_at and rule.line in entry.text.split("\n")
        for entry in ticket.log
    )


def _matches(desk: Desk, ticket: Ticket, query_text: str) -> bool:
    settings = desk.settings
    context = QueryContext("", desk.now, settings.zone, settings.query_names)
    matches = compile_predicate(parse_query(query_text), context)
    return matches(found(desk, Filed("", ticket, b"")).record)


def _act(desk: Desk, ticket: Ticket, rule: EscalationRule) -> tuple[Act, str]:
    """Return what a rule does; where it can do nothing (any more), a note that says so, and why."""
    try:
        act = _wanted(desk.settings, ticket, rule.action, rule.line)
        remark = "It is so already." if act.verb == "changed" and not act.changes else ""
    except Refused as error:
        remark = error.message
    return (Act("noted", text=f"{rule.line}\n{remark}"), remark) if remark else (act, "")


def _wanted(settings: Settings, ticket: Ticket, action: Action, line: str) -> Act:
    match action.verb:
        case "escalate":
            return workflow.escalate(ticket, settings, line)
        case "priority up":
            changes = _more_urgent(ticket, settings.priorities)
            return replace(workflow.step(ticket, "edit", others=changes), text=line)
        case "assign":
            change = Change("assignee", "=", action.argument)
            return replace(workflow.step(ticket, "assign", others=(change,)), text=line)
        case "tag":
            change = Change("tags", "+=", action.argument)
            return replace(workflow.step(ticket, "tag", others=(change,)), text=line)
        case "note":
            return Act("noted", text=f"{action.argument}\n\n{line}")


def _more_urgent(ticket: Ticket, priorities: Sequence[str]) -> tuple[Change, ...]:
    priority = ticket.text("priority")
    place = priorities.index(priority) if priority in priorities else len(priorities)
    return (Change("priority", "=", priorities[place - 1]),) if place > 0 else ()
