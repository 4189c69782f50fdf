"""People, teams and the ladder in config.yaml."""

from __future__ import annotations

import pytest

from desk.domain.settings import Person
from tests.domain.config import PEOPLE, problems_in, settings_of


def test_teams_left_out_are_those_that_people_and_levels_name() -> None:
    assert settings_of(PEOPLE).teams == ("support", "sysadmin")
    assert settings_of(PEOPLE + "teams: [support, sysadmin, other]").teams[2:] == ("other",)


def test_people_are_read_with_their_defaults() -> None:
    assert settings_of(PEOPLE).people == {
        "ana": Person("ana", "Ana Ruiz", "ana@acme.example", "agent", ("support",), "L1", True),
        "old": Person("old", "old", "old@acme.example", "requester", (), "", False),
    }


@pytest.mark.parametrize(
    ("person", "problems"),
    [
        ("Bo: {email: b@c.d}", ["`people.Bo` is not a handle: use lower-case letters"]),
        ("b o: {email: b@c.d}", ["`people.b o` is not a handle"]),
        (".b: {email: b@c.d}", ["`people..b` is not a handle"]),
        ("me: {email: b@c.d}", ["`people.me`: `me` means somebody else here"]),
        ("desk: {email: b@c.d}", ["`people.desk`: `desk` means somebody else here"]),
        ("nobody: {email: b@c.d}", ["`nobody` means somebody else here"]),
        ("requester: {email: b@c.d}", ["`requester` means somebody else here"]),
        ("bo:", ["`people.bo` is empty"]),
        ("bo: b@c.d", ["`people.bo` must be a mapping, like {name: ...}"]),
        ("bo: {name: Bo}", ["`people.bo.email` is missing"]),
        ("bo: {email: }", ["`people.bo.email` is missing"]),
        ("bo: {email: bo}", ["`people.bo.email`: `bo` is not an address like ana@acme.example"]),
        ("bo: {email: a b@c.d}", ["`a b@c.d` is not an address"]),
        ("bo: {email: a=b@c.d}", ["`a=b@c.d` is not an address"]),
        ("bo: {email: ANA@acme.example}", ["is the address of `ana` already"]),
        ("bo: {email: b@c.d, role: agnt}", ["unknown role `agnt`; did you mean `agent`?"]),
        ("bo: {email: b@c.d, level: l1}", ["unknown level `l1`; did you mean `L1`?"]),
        ("bo: {email: b@c.d, teams: support}", ["`people.bo.teams` must be a list"]),
        ("bo: {email: b@c.d, teams: [x, X]}", ["`people.bo.teams` names `x` twice"]),
        ("bo: {email: b@c.d, teams: [[x]]}", ["`people.bo.teams[1]` must be a text, not a list"]),
        ("bo: {email: b@c.d, active: no}", ["unknown value `no`; there are true, false"]),
        ("bo: {emial: b@c.d}", ["did you mean `email`?", "`people.bo.email` is missing"]),
    ],
)
def test_people(person: str, problems: list[str]) -> None:
    found = problems_in(PEOPLE.replace("levels", f"  {person}\nlevels"))
    assert len(found) == len(problems)
    for expected in problems:
        assert any(shown.startswith("4:") and expected in shown for shown in found), found


@pytest.mark.parametrize(
    ("levels", "problem"),
    [
        ("{L1: }", "1:10: `levels.L1` is empty"),
        ("{L1: a, l1: b}", "1:17: `levels.l1` is `L1` again"),
        ("[L1]", "1:9: `levels` must be a mapping"),
        ("{L1: [a]}", "`levels.L1` must be a text, not a list"),
    ],
)
def test_levels(levels: str, problem: str) -> None:
    [found] = problems_in(f"levels: {levels}")
    assert problem in found
