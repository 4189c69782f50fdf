"""The whole of config.yaml: every section checked, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from desk.domain.config.calendars import HolidayCheck, read_calendars, read_zone
from desk.domain.config.nodes import Node, Pairs, Text
from desk.domain.config.people import Staff, read_staff
from desk.domain.config.queries import read_views
from desk.domain.config.reading import Problems, Section, section_of
from desk.domain.config.reports import read_reports
from desk.domain.config.service_levels import Names, read_escalation, read_policies
from desk.domain.ids import PREFIX
from desk.domain.instants import parse_duration
from desk.domain.patterns import pattern
from desk.domain.permissions import COMMANDS, DEFAULT_PERMISSIONS, OPEN_COMMANDS
from desk.domain.query.views import QueryNames
from desk.domain.settings import (
    DEFAULT_NAME,
    DEFAULT_PREFIX,
    DEFAULT_PRIORITIES,
    DEFAULT_TIMEZONE,
    ROLES,
    Settings,
)
from desk.errors import Diagnostic

FORMAT = "1"
"""The version of config.yaml's layout that this program reads."""

NO_DESK = "there is no `desk:` section: begin with `desk: {format: 1, name: ACME IT, prefix: HD}`"

_IMPACT_URGENCY = pattern(r"([^/\s](?:[^/]*[^/\s])?)/([^/\s](?:[^/]*[^/\s])?)")


def check_config(
    root: Node | None, path: str, holidays: HolidayCheck
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """Return the settings, or every problem in the order of the file.

    `root` is None for an empty file; `path` is what diagnostics call the file.
    """
    problems = Problems(path)
    if not isinstance(root, Pairs):
        at = Text("") if root is None else root
        problems.add(at, "missing", NO_DESK)
        return None, problems.in_order()
    top = section_of(root, "", problems, "")
    if top is None:
        return None, problems.in_order()
    if "desk" not in top.values:
        problems.add(top.keys.get("desk", root), "missing", NO_DESK)
    settings = _settings(top, holidays)
    found = problems.in_order()
    return (None if found else settings), found


def _settings(root: Section, holidays: HolidayCheck) -> Settings:
    name, prefix, timezone = _desk(root)
    staff = read_staff(root)
    priorities = _priorities(root)
    calendars = read_calendars(root, timezone, holidays)
    queries = read_views(root, _query_names(staff, priorities))
    names = Names(staff, priorities, tuple(calendars))
    commit, subject = _git(root)
    return Settings(
        name=name,
        prefix=prefix,
        timezone=timezone,
        people=staff.people,
        teams=staff.teams,
        levels=staff.levels,
        priorities=priorities,
        priority_matrix=_priority_matrix(root, priorities),
        categories=tuple(category.text for category in root.texts("categories") or ()),
        calendars=calendars,
        policies=read_policies(root, names, queries),
        escalation=read_escalation(root, names, queries),
        close_resolved_after=root.parsed(
            "close_resolved_after", lambda text: parse_duration(text, days=True)
        ),
        views=dict(queries.names.views),
        reports=read_reports(root, queries),
        leaderboard=root.choice("leaderboard", "value", ("true", "false"), "false") == "true",
        permissions=_permissions(root),
        commit=commit,
        subject=subject,
    )


def _desk(root: Section) -> tuple[str, str, str]:
    section = root.section("desk", "desk")
    if section is None:
        return DEFAULT_NAME, DEFAULT_PREFIX, DEFAULT_TIMEZONE
    section.parsed("format", _parse_format)
    prefix = section.parsed("prefix", _parse_prefix)
    return (
        section.text("name", DEFAULT_NAME),
        prefix or DEFAULT_PREFIX,
        read_zone(section, DEFAULT_TIMEZONE),
    )


def _parse_format(text: str) -> str:
    if text == FORMAT:
        return text
    if text.isascii() and text.isdigit() and text.strip("0"):
        raise ValueError(f"this file has format {text}, of a newer desk: upgrade this one")
    raise ValueError(f"`{text}` is no format: write {FORMAT}")


def _parse_prefix(text: str) -> str:
    if PREFIX.fullmatch(text):
        return text
    hint = f"write {text.upper()}" if PREFIX.fullmatch(text.upper()) else "write one like HD"
    raise ValueError(
        f"`{text}` is no prefix: up to ten capitals and digits, a capital first; {hint}"
    )


def _priorities(root: Section) -> tuple[str, ...]:
    written = root.texts("priorities")
    if written is None:
        return DEFAULT_PRIORITIES
    if not written:
        root.problems.add(root.values["priorities"], "value", "`priorities` are none: name some")
    return tuple(priority.text for priority in written)


def _priority_matrix(root: Section, priorities: tuple[str, ...]) -> dict[tuple[str, str], str]:
    matrix: dict[tuple[str, str], str] = {}
    section = root.section("priority_matrix")
    if section is None:
        return matrix
    for name, key in section.keys.items():
        match = _IMPACT_URGENCY.fullmatch(name)
        priority = section.choice(name, "priority", priorities)
        if match is None:
            message = f"`{section.path(name)}` is not of the form `impact/urgency`, like high/low"
            root.problems.add(key, "value", message)
        else:
            matrix[match[1], match[2]] = priority
    return matrix


def _query_names(staff: Staff, priorities: tuple[str, ...]) -> QueryNames:
    return QueryNames(
        priorities=priorities,
        levels=tuple(staff.levels),
        people={person.handle: person.email for person in staff.people.values()},
        teams=staff.teams,
    )


def _permissions(root: Section) -> Mapping[str, frozenset[str]]:
    section = root.section("permissions")
    permissions = dict(DEFAULT_PERMISSIONS)
    if section is None:
        return permissions
    for role in section.values:
        if role not in ROLES:
            root.problems.unknown(section.keys[role], section.name, "role", ROLES)
            continue
        commands = section.texts(role) or ()
        for command in commands:
            if command.text in OPEN_COMMANDS:
                message = (
                    f"`{section.path(role)}`: `{command.text}` needs no permission: take it out"
                )
                root.problems.add(command, "value", message)
            elif command.text not in COMMANDS:
                root.problems.unknown(command, section.path(role), "command", COMMANDS)
        permissions[role] = frozenset(command.text for command in commands)
    return permissions


def _git(root: Section) -> tuple[bool, Literal["title", "id"]]:
    section = root.section("git", "git")
    if section is None:
        return True, "title"
    commit = section.choice("commit", "value", ("auto", "off"), "auto")
    subject = section.choice("subject", "value", ("title", "id"), "title")
    return commit == "auto", "id" if subject == "id" else "title"
