"""The people of config.yaml, their teams, and the ladder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from desk.domain.config.nodes import Text
from desk.domain.config.reading import Section, section_of
from desk.domain.patterns import pattern
from desk.domain.settings import HANDLE, RESERVED_HANDLES, ROLES, Person, Role
from desk.domain.words import folded

_ADDRESS_PART = r"[^\s@<>()\[\]\\,;:=\"]+"
EMAIL = pattern(rf"(?=.{{3,254}}\Z){_ADDRESS_PART}@{_ADDRESS_PART}")
"""What an address in config.yaml looks like; strict enough to sign an entry's heading."""


class Staff(NamedTuple):
    """Who works here, in which teams, on which ladder (level to team, lowest first)."""

    people: Mapping[str, Person]
    teams: tuple[str, ...]
    levels: Mapping[str, str]


class _Named(NamedTuple):
    """A team, and the setting that names it."""

    setting: str
    team: Text


def read_staff(root: Section) -> Staff:
    """Read `people`, `teams` and `levels`, which name each other."""
    written = root.texts("teams")
    levels, served_by = _levels(root)
    people, works_in = _people(root, levels)
    named = works_in + served_by
    if written is None:
        return Staff(people, tuple(dict.fromkeys(name.team.text for name in named)), levels)
    teams = {team.text: team for team in written}
    for setting, team in named:
        if team.text not in teams:
            root.problems.unknown(team, setting, "team", teams)
    return Staff(people, tuple(teams), levels)


def _levels(root: Section) -> tuple[dict[str, str], list[_Named]]:
    levels: dict[str, str] = {}
    named = []
    section = root.section("levels")
    if section is not None:
        taken: dict[str, str] = {}
        for level, key in section.keys.items():
            if taken.setdefault(folded(level), level) != level:
                message = f"`{section.path(level)}` is `{taken[folded(level)]}` again"
                root.problems.add(key, "twice", message)
            team = section.scalar(level)
            levels[level] = team.text if team else ""
            named += [_Named(section.path(level), team)] if team else []
    return levels, named


def _people(root: Section, levels: Collection[str]) -> tuple[dict[str, Person], list[_Named]]:
    people: dict[str, Person] = {}
    named: list[_Named] = []
    owners: dict[str, str] = {}
    for handle, node in root.named("people"):
        _check_handle(root, handle)
        section = section_of(node, f"people.{handle.text}", root.problems, "people.HANDLE")
        if section is None:
            continue
        teams = section.texts("teams") or ()
        named += [_Named(section.path("teams"), team) for team in teams]
        people[handle.text] = Person(
            handle=handle.text,
            name=section.text("name", handle.text),
            email=_email(section, handle.text, owners),
            role=_role(section),
            teams=tuple(team.text for team in teams),
            level=section.choice("level", "level", levels),
            active=section.choice("active", "value", ("true", "false"), "true") == "true",
        )
    return people, named


def _check_handle(root: Section, handle: Text) -> None:
    name = f"people.{handle.text}"
    if handle.text in RESERVED_HANDLES:
        message = f"`{name}`: `{handle.text}` means somebody else here: choose another handle"
        root.problems.add(handle, "value", message)
    elif handle.text and not HANDLE.fullmatch(handle.text):
        message = (
            f"`{name}` is not a handle: use lower-case letters, digits, `.`, `_` and `-`, "
            "beginning with a letter or a digit"
        )
        root.problems.add(handle, "value", message)


def _role(section: Section) -> Role:
    given = section.choice("role", "role", ROLES, "requester")
    return next(role for role in ROLES if role == given)


def _email(section: Section, handle: str, owners: dict[str, str]) -> str:
    email = section.scalar("email")
    if email is None:
        return ""
    setting = section.path("email")
    if not EMAIL.fullmatch(email.text):
        message = f"`{setting}`: `{email.text}` is not an address like ana@acme.example"
        section.problems.add(email, "value", message)
    owner = owners.setdefault(email.text.casefold(), handle)
    if owner != handle:
        message = f"`{setting}`: `{email.text}` is the address of `{owner}` already"
        section.problems.add(email, "twice", message)
    return email.text
