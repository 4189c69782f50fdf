"""The promises of config.yaml: policies with their targets, and the rules of escalation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from desk.domain.config.nodes import Pairs, Text
from desk.domain.config.people import Staff
from desk.domain.config.queries import QueryCheck
from desk.domain.config.reading import Section, section_of
from desk.domain.editing import checked_tag
from desk.domain.fields import STATUSES
from desk.domain.instants import parse_duration
from desk.domain.patterns import pattern
from desk.domain.policy import DEFAULT_PAUSE_IN, DEFAULT_WARN_AT, Policy, Target
from desk.domain.settings import Action, ActionVerb, EscalationRule
from desk.domain.sla import CLOCKS
from desk.errors import Refused, UnknownName, did_you_mean

_PERCENT = pattern(r"(\d{1,4})%", re.ASCII)
MOST_PERCENT = 1000
"""How far past its target an escalation rule can look."""

ACTIONS: Mapping[ActionVerb, str] = {
    "escalate": "",
    "priority up": "",
    "assign": "WHO",
    "tag": "WORD",
    "note": "TEXT",
}
"""What an escalation rule can do, and what must follow it."""


class Names(NamedTuple):
    """What policies and rules may name."""

    staff: Staff
    priorities: tuple[str, ...]
    calendars: tuple[str, ...]


def parse_percent(text: str, most: int = 100) -> int:
    """Read ``75%``; ValueError for what is not a whole percentage from 1 to `most`."""
    match = _PERCENT.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= most:
        raise ValueError(f"`{text}` is not a percentage from 1% to {most}%")
    return int(match[1])


def read_policies(root: Section, names: Names, queries: QueryCheck) -> tuple[Policy, ...]:
    """Read `sla`, in the order in which policies are tried."""
    policies: list[Policy] = []
    taken: dict[str, Text] = {}
    for_every_ticket = ""
    for what, node in root.elements("sla"):
        section = section_of(node, what, root.problems, "sla[]")
        if section is None:
            continue
        name = section.scalar("name")
        if name is not None and taken.setdefault(name.text, name) is not name:
            message = f"`{section.path('name')}`: a policy is called `{name.text}` already"
            root.problems.add(name, "twice", message)
        if for_every_ticket:
            message = f"`{what}` is never reached: {for_every_ticket} before it is for every ticket"
            root.problems.add(section.at, "value", f"{message}, having no `if`")
        elif "if" not in section.values:
            for_every_ticket = f"`{name.text if name else what}`"
        policies.append(_policy(section, name.text if name else "", names, queries))
    return tuple(policies)


def _policy(section: Section, name: str, names: Names, queries: QueryCheck) -> Policy:
    calendar = section.choice("calendar", "calendar", names.calendars)
    targets: dict[str, Target] = {
        clock: target
        for clock in CLOCKS
        if (target := _target(section, clock, names.priorities)) is not None
    }
    first = next((clock for clock in CLOCKS if clock in section.values), "")
    if first and "calendar" not in section.values:
        message = f"`{section.path('calendar')}` is missing: `{first}` needs the hours it counts in"
        section.problems.add(section.keys[first], "missing", message)
    return Policy(
        name=name,
        query_text=queries.policy_condition(section),
        calendar_name=calendar,
        targets=targets,
        pause_in=_pauses(section),
        warn_at=_warn_at(section),
    )


def _target(section: Section, clock: str, priorities: Iterable[str]) -> Target | None:
    node = section.values.get(clock)
    if not isinstance(node, Pairs):
        return section.parsed(clock, parse_duration)
    by_priority = section_of(node, section.path(clock), section.problems)
    if by_priority is None:
        return None
    for key in by_priority.keys.values():
        if key.text not in priorities:
            section.problems.unknown(key, by_priority.name, "priority", priorities)
    left = [priority for priority in priorities if priority not in by_priority.keys]
    if left:
        message = f"`{by_priority.name}` has no target for {', '.join(left)}: name every priority"
        section.problems.add(node, "missing", message)
    targets = {
        priority: by_priority.parsed(priority, parse_duration) for priority in by_priority.values
    }
    return {priority: seconds for priority, seconds in targets.items() if seconds}


def _pauses(section: Section) -> dict[str, frozenset[str]]:
    pauses = dict(DEFAULT_PAUSE_IN)
    written = section.section("pause_in")
    if written is None:
        return pauses
    for clock in written.values:
        if clock not in CLOCKS:
            section.problems.unknown(written.keys[clock], written.name, "clock", CLOCKS)
            continue
        statuses = written.texts(clock) or ()
        for status in statuses:
            if status.text not in STATUSES:
                section.problems.unknown(status, written.path(clock), "status", STATUSES)
        pauses[clock] = frozenset(status.text for status in statuses)
    return pauses


def _warn_at(section: Section) -> float | None:
    percent = section.parsed("warn_at", lambda text: 0 if text == "off" else parse_percent(text))
    if percent is None:
        return DEFAULT_WARN_AT
    return percent / 100 if percent else None


def read_escalation(root: Section, names: Names, queries: QueryCheck) -> tuple[EscalationRule, ...]:
    """Read `escalation`, in the order in which rules are applied."""
    rules: list[EscalationRule] = []
    taken: dict[str, str] = {}
    for what, node in root.elements("escalation"):
        section = section_of(node, what, root.problems, "escalation[]")
        if section is None:
            continue
        before = root.problems.count
        rule = _rule(section, names, queries)
        is_whole = root.problems.count == before
        first = taken.setdefault(rule.line, what) if is_whole else what
        if first != what:
            message = (
                f"`{what}` is to the log the same rule as `{first}`, by its `clock`, `at` and "
                "`do`: change one of these, or make one rule of the two"
            )
            root.problems.add(section.at, "twice", message)
        rules.append(rule)
    return tuple(rules)


def _rule(section: Section, names: Names, queries: QueryCheck) -> EscalationRule:
    at_percent = section.parsed("at", lambda text: parse_percent(text, MOST_PERCENT))
    return EscalationRule(
        clock=section.choice("clock", "clock", CLOCKS),
        at_percent=100 if at_percent is None else at_percent,
        action=_action(section, names.staff),
        query_text=queries.rule_condition(section),
        open_hours=section.choice("when", "value", ("any", "open"), "any") == "open",
    )


def _action(section: Section, staff: Staff) -> Action:
    found = section.parsed("do", parse_action)
    if found is None:
        return Action("escalate")
    fault = ""
    if found.verb == "escalate" and not staff.levels:
        fault = "there is no ladder to escalate on: write `levels` first"
    elif found.verb == "assign":
        person = staff.people.get(found.argument)
        if person is None:
            fault = str(UnknownName("person", found.argument, staff.people))
        elif not person.active:
            fault = f"`{found.argument}` has left: name somebody else"
    if fault:
        section.problems.add(section.values["do"], "unknown", f"`{section.path('do')}`: {fault}")
    return found


def parse_action(text: str) -> Action:
    """Read what an escalation rule does; ValueError for what is none of `ACTIONS`."""
    for verb, argument in ACTIONS.items():
        rest = text.removeprefix(verb)
        if rest == text or (rest and not rest.startswith(" ")):
            continue
        given = _unquoted(rest.strip())
        if bool(given) != bool(argument) or (argument == "WORD" and " " in given):
            raise ValueError(f"`{text}` is not of the form `{_form(verb)}`")
        return Action(verb, _tag(given) if verb == "tag" else given)
    guess = did_you_mean(text.partition(" ")[0], ACTIONS)
    forms = ", ".join(f"`{_form(verb)}`" for verb in ACTIONS)
    raise ValueError(f"`{text}` is nothing that `desk sweep` can do: {guess or f'write {forms}'}")


def _unquoted(text: str) -> str:
    """Return the text without the one pair of double quotes that stands around all of it."""
    inner = text[1:-1]
    return inner.strip() if text == f'"{inner}"' and '"' not in inner else text


def _tag(text: str) -> str:
    try:
        return checked_tag(text)
    except Refused as error:
        raise ValueError(error.message) from None


def _form(verb: ActionVerb) -> str:
    return f"{verb} {ACTIONS[verb]}".strip()
