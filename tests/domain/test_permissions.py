"""What each role may do where config.yaml says nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desk.domain.permissions import (
    AGENT_COMMANDS,
    COMMANDS,
    DEFAULT_PERMISSIONS,
    OPEN_COMMANDS,
    REQUESTER_COMMANDS,
)
from desk.domain.settings import ROLES, Person, Role, Settings
from desk.domain.workflow import COMMANDS as WORKFLOW

SETTINGS = Settings()
ADMINS_ONLY = {"sweep", "redact"}


def somebody(role: Role) -> Person:
    return Person("x", "X", "x@y.example", role)


def test_whoever_asks_may_open_and_answer_rate_and_reopen() -> None:
    assert set(REQUESTER_COMMANDS) == {"new", "reply", "rate", "reopen", "import"}
    for person in (None, somebody("requester")):
        allowed = {command for command in COMMANDS if SETTINGS.may(person, command)}
        assert allowed == set(REQUESTER_COMMANDS)


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_agents_and_leads_may_do_all_that_is_done_to_a_ticket(role: Role) -> None:
    allowed = {command for command in COMMANDS if SETTINGS.may(somebody(role), command)}
    settings = {"config"} if role == "lead" else set()
    assert allowed == {*AGENT_COMMANDS, *settings}
    assert set(WORKFLOW) <= allowed


def test_admins_may_do_everything() -> None:
    assert all(SETTINGS.may(somebody("admin"), command) for command in COMMANDS)
    assert set(COMMANDS) == {*AGENT_COMMANDS, "config", *ADMINS_ONLY}


def test_every_role_has_its_set_and_each_holds_the_one_before() -> None:
    assert tuple(DEFAULT_PERMISSIONS) == ROLES
    sets = [DEFAULT_PERMISSIONS[role] for role in ROLES]
    assert all(lower <= higher for lower, higher in pairwise(sets))


def test_no_command_is_both_open_and_to_be_permitted() -> None:
    assert not set(OPEN_COMMANDS) & set(COMMANDS)
    assert len(set(COMMANDS)) == len(COMMANDS)
    assert len(set(OPEN_COMMANDS)) == len(OPEN_COMMANDS)


@pytest.mark.parametrize("command", ["list", "show", "log", "init", "audit", "sync", "mend"])
def test_reading_and_moving_what_others_wrote_needs_no_permission(command: str) -> None:
    assert command in OPEN_COMMANDS


def test_a_help_desk_can_say_otherwise() -> None:
    settings = Settings(permissions={**DEFAULT_PERMISSIONS, "requester": frozenset({"new"})})
    assert settings.may(None, "new")
    assert not settings.may(None, "import")
    assert not settings.may(somebody("requester"), "reply")
    assert settings.may(somebody("agent"), "reply")
