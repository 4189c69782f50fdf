"""Policies and escalation rules in config.yaml."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from desk.domain.policy import Policy
from desk.domain.settings import Action, EscalationRule
from tests.domain.config import PEOPLE, problems_in, settings_of

OFFICE = "calendars: {office: {hours: {mon-fri: 09:00-17:00}}}\n"


def test_policies_are_read_with_their_defaults() -> None:
    policies = """\
sla:
  - name: vip
    if: company:ACME priority:P1
    calendar: office
    warn_at: off
    pause_in: {resolution: [], ownership: [new]}
    first_response: 15m
    resolution: {P1: 1h30m, P2: 2h, P3: 3h, P4: 4h}
  - {name: spare, if: "type:change"}
"""
    pauses: Mapping[str, frozenset[str]] = {
        "resolution": frozenset({"waiting", "hold"}),
        "next_response": frozenset({"hold"}),
    }
    assert settings_of(OFFICE + policies).policies == (
        Policy(
            name="vip",
            query_text="company:ACME priority:P1",
            calendar_name="office",
            targets={
                "first_response": 900,
                "resolution": {"P1": 5400, "P2": 7200, "P3": 10800, "P4": 14400},
            },
            pause_in={**pauses, "resolution": frozenset(), "ownership": frozenset({"new"})},
            warn_at=None,
        ),
        Policy("spare", "type:change", "", {}, pauses, 0.75),
    )


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ("standard", "2:7: `sla[1]` must be a mapping, like {name: ...}"),
        ("{if: type:change}", "2:7: `sla[1].name` is missing"),
        ("{name: a, fi: x}", "`sla[1].fi` is no setting"),
        (
            "{name: a, ownership: 1h}",
            "2:17: `sla[1].calendar` is missing: `ownership` needs the hours",
        ),
        (
            "{name: a, calendar: ofice}",
            "2:27: `sla[1].calendar`: unknown calendar `ofice`; did you mean `office`?",
        ),
        (
            "{name: a, calendar: office, ownership: 1d}",
            "2:46: `sla[1].ownership`: `1d` counts days",
        ),
        ("{name: a, calendar: office, ownership: 0m}", "`0m` is no time at all"),
        ("{name: a, calendar: office, ownership: -5m}", "`-5m` is not a duration"),
        (
            "{name: a, calendar: office, ownership: [1h]}",
            "`sla[1].ownership` must be a text, not a list",
        ),
        (
            "{name: a, calendar: office, ownership: {P1: 1h, P2: 1h, P3: 2h}}",
            "2:46: `sla[1].ownership` has no target for P4",
        ),
        (
            "{name: a, calendar: office, ownership: {P1: 1h, P2: 1h, P3: 2h, P4: 1d}}",
            "2:75: `sla[1].ownership.P4`: `1d` counts days",
        ),
        (
            "{name: a, calendar: office, ownership: {P1: 1h, P2: 1h, P3: 2h, P4: 1h, P5: 1h}}",
            "2:79: `sla[1].ownership`: unknown priority `P5`; there are P1",
        ),
        (
            "{name: a, warn_at: 0%}",
            "2:26: `sla[1].warn_at`: `0%` is not a percentage from 1% to 100%",
        ),
        ("{name: a, warn_at: 101%}", "is not a percentage"),
        ("{name: a, warn_at: 0.75}", "is not a percentage"),
        (
            "{name: a, pause_in: {resolutoin: []}}",
            "2:28: `sla[1].pause_in`: unknown clock `resolutoin`; did you mean `resolution`?",
        ),
        (
            "{name: a, pause_in: {resolution: [waitng]}}",
            "2:41: `sla[1].pause_in.resolution`: unknown status `waitng`; did you mean `waiting`?",
        ),
        ("{name: a, pause_in: [hold]}", "`sla[1].pause_in` must be a mapping"),
        (
            "{name: a, if: 'compny:ACME'}",
            "2:21: `sla[1].if`: unknown field `compny`; did you mean `company`? (at character 1",
        ),
        ("{name: a, if: 'priority:P9'}", "(at character 10 of the query)"),
        (
            "{name: a, if: 'is:overdue'}",
            "2:21: `sla[1].if`: a policy can test front-matter fields only",
        ),
        ("{name: a, if: 'printer'}", "a policy can test front-matter fields only"),
        ("{name: a, if: 'age:3d..'}", "a policy can test front-matter fields only"),
        ("{name: a, if: 'assignee:@me'}", "a policy can test front-matter fields only"),
        ("{name: a, if: '@late'}", "a policy can test front-matter fields only"),
        ("{name: a, if: '@nope'}", "there is no view `@nope`"),
        (
            "{name: a, if: 'sort:created'}",
            "2:21: `sla[1].if` only sorts: leave it out for every ticket",
        ),
    ],
)
def test_policies(policy: str, problem: str) -> None:
    [found] = problems_in(f"{OFFICE}sla: [{policy}]\nviews: {{late: 'is:overdue'}}\n")
    assert problem in found


def test_a_policys_condition_may_name_a_view_of_front_matter() -> None:
    settings = settings_of("sla: [{name: a, if: '@big'}]\nviews: {big: 'company:ACME'}\n")
    assert settings.policies[0].query_text == "@big"


def test_no_two_policies_have_one_name() -> None:
    some = "  - {name: a, if: 'type:change'}\n  - {name: b, if: 'type:request'}\n"
    [found] = problems_in(f"sla:\n{some}  - {{name: a}}\n")
    assert found == "4:12: `sla[3].name`: a policy is called `a` already"


def test_a_policy_after_one_for_every_ticket_is_never_reached() -> None:
    policies = "  - {name: a}\n  - {name: b, if: 'type:change'}\n  - {name: c}\n"
    assert problems_in(f"sla:\n{policies}") == [
        "3:5: `sla[2]` is never reached: `a` before it is for every ticket, having no `if`",
        "4:5: `sla[3]` is never reached: `a` before it is for every ticket, having no `if`",
    ]


@pytest.mark.parametrize("condition", ["'compny:ACME'", "'sort:created'", "[x]"])
def test_a_policy_with_a_wrong_condition_is_not_for_every_ticket(condition: str) -> None:
    [found] = problems_in(f"sla:\n  - {{name: a, if: {condition}}}\n  - {{name: b}}\n")
    assert found.startswith("2:19: `sla[1].if`")


def test_a_condition_that_is_a_view_which_only_sorts() -> None:
    [found] = problems_in("sla: [{name: a, if: '@new'}]\nviews: {new: 'sort:-created'}\n")
    assert found == "1:21: `sla[1].if` only sorts: leave it out for every ticket"


def test_escalation_rules_are_read_with_their_defaults() -> None:
    rules = """\
escalation:
  - {clock: resolution, do: escalate}
  - {clock: ownership, at: 150%, do: assign ana, if: "idle:4h..", when: open}
  - {clock: first_response, do: priority up}
  - {clock: first_response, do: tag late}
  - {clock: first_response, do: "note  Nobody has answered: look at it"}
  - {clock: next_response, do: 'note "Please answer soon"'}
  - {clock: next_response, do: 'note Say "yes" or "no"'}
  - {clock: next_response, do: tag "slow"}
"""
    assert settings_of(PEOPLE + rules).escalation == (
        EscalationRule("resolution", 100, Action("escalate")),
        EscalationRule("ownership", 150, Action("assign", "ana"), "idle:4h..", True),
        EscalationRule("first_response", 100, Action("priority up")),
        EscalationRule("first_response", 100, Action("tag", "late")),
        EscalationRule("first_response", 100, Action("note", "Nobody has answered: look at it")),
        EscalationRule("next_response", 100, Action("note", "Please answer soon")),
        EscalationRule("next_response", 100, Action("note", 'Say "yes" or "no"')),
        EscalationRule("next_response", 100, Action("tag", "slow")),
    )


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("{do: escalate}", "5:14: `escalation[1].clock` is missing"),
        ("{clock: resolution}", "5:14: `escalation[1].do` is missing"),
        (
            "{clock: reslution, do: escalate}",
            "5:22: `escalation[1].clock`: unknown clock `reslution`; did you mean",
        ),
        ("{clock: resolution, at: 0%, do: escalate}", "is not a percentage from 1% to 1000%"),
        (
            "{clock: resolution, do: escalte}",
            "5:38: `escalation[1].do`: `escalte` is nothing that `desk sweep` can do: did",
        ),
        (
            "{clock: resolution, do: shout}",
            "write `escalate`, `priority up`, `assign WHO`, `tag WORD`, `note TEXT`",
        ),
        ("{clock: resolution, do: escalate now}", "is not of the form `escalate`"),
        ("{clock: resolution, do: tag two words}", "is not of the form `tag WORD`"),
        ("{clock: resolution, do: 'tag a,b'}", "5:38: `escalation[1].do`: `a,b` is no tag"),
        ("{clock: resolution, do: note}", "is not of the form `note TEXT`"),
        ("{clock: resolution, do: 'note \"\"'}", "is not of the form `note TEXT`"),
        (
            "{clock: resolution, do: tag x, if: 'sort:due'}",
            "5:49: `escalation[1].if` only sorts: leave it out for every ticket",
        ),
        (
            "{clock: resolution, do: assign ane}",
            "`escalation[1].do`: unknown person `ane`; did you mean `ana`?",
        ),
        ("{clock: resolution, do: assign old}", "`old` has left: name somebody else"),
        (
            "{clock: resolution, do: tag x, when: closed}",
            "unknown value `closed`; there are any, open",
        ),
        (
            "{clock: resolution, do: tag x, if: 'is:mine'}",
            "5:49: `escalation[1].if`: nobody in particular runs `desk sweep`",
        ),
        ("{clock: resolution, do: tag x, if: 'is:'}", "(at character 3 of the query)"),
    ],
)
def test_escalation_rules(rule: str, problem: str) -> None:
    [found] = problems_in(f"{PEOPLE}escalation: [{rule}]\n")
    assert problem in found


def test_escalating_needs_a_ladder() -> None:
    [found] = problems_in("escalation: [{clock: resolution, do: escalate}]")
    assert (
        found == "1:38: `escalation[1].do`: there is no ladder to escalate on: write `levels` first"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("do: escalate", "do: escalate"),
        ("do: escalate", "at: 100%, do: escalate, if: 'team:support'"),
        ("do: priority up, when: open", "do: priority up"),
    ],
)
def test_two_rules_that_the_log_could_not_tell_apart(first: str, second: str) -> None:
    rules = f"  - {{clock: resolution, {first}}}\n  - {{clock: resolution, {second}}}\n"
    [found] = problems_in(f"{PEOPLE}escalation:\n{rules}")
    assert found == (
        "7:5: `escalation[2]` is to the log the same rule as `escalation[1]`, by its `clock`, `at` "
        "and `do`: change one of these, or make one rule of the two"
    )


def test_rules_that_differ_in_what_the_log_tells_are_two() -> None:
    rules = [
        "resolution, do: escalate",
        "resolution, at: 150%, do: escalate",
        "ownership, do: tag x",
    ]
    written = "".join(f"  - {{clock: {rule}}}\n" for rule in [*rules, "ownership, do: tag y"])
    assert len(settings_of(f"{PEOPLE}escalation:\n{written}").escalation) == 4
