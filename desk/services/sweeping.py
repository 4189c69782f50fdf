"""What happens by itself: escalation by the clock, and closing what has long been resolved.

Every rule acts once on a ticket for each run of its clock. The log is its memory: an entry of
`desk` whose text has the rule's line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from desk.domain import workflow
from desk.domain.editing import checked_tag
from desk.domain.facts import facts
from desk.domain.instants import format_duration
from desk.domain.people import assignee_named
from desk.domain.query import QueryContext, compile_predicate, parse_query
from desk.domain.settings import Action, EscalationRule
from desk.domain.sla import CLOCKS
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act, perform
from desk.errors import DeskError, Diagnostic, Refused
from desk.services.acting import Outcome
from desk.services.desk import Desk
from desk.services.reading import find, found
from desk.services.saving import Save, save, take_up_hand_edits
from desk.storage.ticket_store import Filed

AUTOMATION = "desk"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one rule did to a ticket."""

    ticket: Ticket
    rule: str


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did (in a dry run: would do), tickets that it could not write, and files that
    could not be read."""

    outcome: Outcome
    swept: tuple[Swept, ...]
    troubles: tuple[str, ...]
    unreadable: tuple[Diagnostic, ...]
    looked_at: int


def sweep(desk: Desk, query_text: str = "") -> SweepResult:
    """Apply the rules of `escalation` and `close_resolved_after` to what a query finds, in one
    commit. A ticket that cannot be written hides no other."""
    desk.require("sweep")
    with desk.writing():
        listing = find(desk, query_text, default_sort="sort:created", live_by_default=False)
        open_ones = [each for each in listing.shown if each.ticket.status != "closed"]
        chosen = [each for each in open_ones if _sweep_ticket(desk, each.ticket)[1]]
        saves: list[Save] = []
        swept: list[Swept] = []
        troubles: list[str] = []
        for each in chosen:
            try:
                filed = take_up_hand_edits(desk, [desk.store.read(each.path)])[0]
                after, rules = _sweep_ticket(desk, filed.ticket)
            except DeskError as error:
                troubles.append(str(error))
                continue
            saves.append(Save(filed.path, after, filed))
            swept += [Swept(after, rule) for rule in rules]
        if saves:
            save(desk, "sweep", saves)
    outcome = Outcome(tuple(saves))
    return SweepResult(outcome, tuple(swept), tuple(troubles), listing.unreadable, len(open_ones))


def _sweep_ticket(desk: Desk, ticket: Ticket) -> tuple[Ticket, list[str]]:
    """Return the ticket after every rule that has to act on it, and those rules in words."""
    done: list[str] = []
    for rule in desk.settings.escalation:
        if not ticket.is_live or not _is_reached(desk, ticket, rule):
            continue
        line = rule_line(rule)
        act = _act(desk, ticket, rule.action, line)
        ticket = perform(ticket, act, desk.now, AUTOMATION)
        done.append(line)
    patience = desk.settings.close_resolved_after
    if patience is not None and ticket.status == "resolved":
        since = facts(ticket).resolved_at
        if since is not None and since + timedelta(seconds=patience) <= desk.now:
            line = f"Rule: close {format_duration(patience)} after it was resolved"
            act = replace(workflow.close(ticket), text=line)
            ticket = perform(ticket, act, desk.now, AUTOMATION)
            done.append(line)
    return ticket, done


def rule_line(rule: EscalationRule) -> str:
    """Return the line by which a rule is known in a log."""
    what = " ".join(part for part in rule.action if part)
    return f"Rule: {rule.clock} at {rule.at_percent}%: {what}".split("\n")[0]


def _is_reached(desk: Desk, ticket: Ticket, rule: EscalationRule) -> bool:
    levels = desk.levels
    standing = levels.standing(ticket, desk.now)
    clock = next((standing.clocks[name] for name in CLOCKS if name == rule.clock), None)
    policy = standing.policy
    if clock is None or clock.ended_at is not None or policy is None:
        return False
    if clock.elapsed_seconds * 100 < rule.at_percent * clock.target_seconds:
        return False
    if rule.open_hours:
        calendar = levels.calendar(policy.calendar_name)
        if not calendar.between(desk.now, desk.now + timedelta(seconds=1)):
            return False
    if rule.query_text and not _matches(desk, ticket, rule.query_text):
        return False
    started_at = levels.started_at(ticket, rule.clock, desk.now)
    line = rule_line(rule)
    return not any(
        entry.by == AUTOMATION and entry.at >= started_at and line in entry.text.split("\n")
        for entry in ticket.log
    )


def _matches(desk: Desk, ticket: Ticket, query_text: str) -> bool:
    settings = desk.settings
    context = QueryContext("", desk.now, settings.zone, settings.query_names)
    matches = compile_predicate(parse_query(query_text), context)
    return matches(found(desk, Filed("", ticket, b"")).record)


def _act(desk: Desk, ticket: Ticket, action: Action, line: str) -> Act:
    """Return what an action does; where it can do nothing (any more), a note that says so."""
    try:
        act = _wanted(desk, ticket, action, line)
    except Refused as error:
        return Act("noted", text=f"{line}\n{error.message}")
    if act.verb == "changed" and not act.changes:
        return Act("noted", text=f"{line}\nIt is so already.")
    return act


def _wanted(desk: Desk, ticket: Ticket, action: Action, line: str) -> Act:
    settings = desk.settings
    match action.verb:
        case "escalate":
            return workflow.escalate(ticket, settings, line)
        case "priority up":
            changes = _more_urgent(ticket, settings.priorities)
            return replace(workflow.step(ticket, "edit", others=changes), text=line)
        case "assign":
            handle = assignee_named(action.argument, settings, desk.actor)
            change = Change("assignee", "=", handle)
            return replace(workflow.step(ticket, "assign", others=(change,)), text=line)
        case "tag":
            change = Change("tags", "+=", checked_tag(action.argument))
            return replace(workflow.step(ticket, "tag", others=(change,)), text=line)
        case "note":
            return Act("noted", text=f"{action.argument}\n\n{line}")


def _more_urgent(ticket: Ticket, priorities: Sequence[str]) -> tuple[Change, ...]:
    priority = ticket.text("priority")
    place = priorities.index(priority) if priority in priorities else len(priorities)
    return (Change("priority", "=", priorities[place - 1]),) if place > 0 else ()
