"""What config.yaml says, once it has been checked: the people, the ladder, the promises.

Every `Settings` in existence is free of contradictions: `desk.storage.config_file` makes one only
of a file without a single problem. Names, queries and hours in it can be relied upon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from desk.domain.patterns import pattern
from desk.domain.permissions import DEFAULT_PERMISSIONS
from desk.domain.policy import Policy

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from desk.domain.query.views import QueryNames

Role = Literal["requester", "agent", "lead", "admin"]
ROLES: tuple[Role, ...] = ("requester", "agent", "lead", "admin")

HANDLE = pattern(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
RESERVED_HANDLES = ("requester", "desk", "nobody", "me")
"""Words that mean somebody else wherever a person is named."""

DEFAULT_NAME = "Help desk"
DEFAULT_PREFIX = "HD"
DEFAULT_TIMEZONE = "UTC"
DEFAULT_PRIORITIES = ("P1", "P2", "P3", "P4")


def as_handle(text: str) -> str:
    """Make a handle of a name or the local part of an address: lower case, every run of other
    characters one hyphen. Empty where nothing is left."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")


class Person(NamedTuple):
    """Somebody from `people`. `level` is empty where it is not given, which counts as the lowest;
    those who left are not `active`, and still sign what they did."""

    handle: str
    name: str
    email: str
    role: Role = "requester"
    teams: tuple[str, ...] = ()
    level: str = ""
    active: bool = True

    @property
    def is_agent(self) -> bool:
        """Whether what they say is an answer: everybody but requesters."""
        return self.role != "requester"


ActionVerb = Literal["escalate", "priority up", "assign", "tag", "note"]


class Action(NamedTuple):
    """What an escalation rule does; `argument` is the person, the tag or the note's text."""

    verb: ActionVerb
    argument: str = ""


RULE_MARK = "Rule: "
"""How the line in a log begins by which `desk sweep` knows what it did."""


class EscalationRule(NamedTuple):
    """Once `clock` has used `at_percent` of its target, on a ticket that `query_text` matches
    (empty: every ticket), `desk sweep` does `action`; with `open_hours` only while the policy's
    calendar is open."""

    clock: str
    at_percent: int
    action: Action
    query_text: str = ""
    open_hours: bool = False

    @property
    def line(self) -> str:
        """The line by which a log knows the rule; no two rules of a help desk share one."""
        what = " ".join(part for part in self.action if part)
        return f"{RULE_MARK}{self.clock} at {self.at_percent}%: {what}"


class ReportDefinition(NamedTuple):
    """A report of one's own: what the built-in report `base` shows, of the tickets that
    `query_text` matches, with a row for each value of `by` and for each `every` (day, week, month),
    with `columns` in the order of `sort` (a metric or a grouping; `-` before it: descending). What
    is empty is left to the base; `summary` is what lists of reports say of it."""

    name: str
    title: str
    base: str = "summary"
    query_text: str = ""
    by: tuple[str, ...] = ()
    every: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """A whole config.yaml, defaults filled in.

    `levels` goes from the lowest to the highest, each with the team that serves it; `priorities`
    begin with the most urgent. `calendars` are as they were written, for `Calendar.from_config`.
    No `categories` means that any will do, no `close_resolved_after` (seconds of wall-clock time)
    that resolved tickets stay so.
    """

    name: str = DEFAULT_NAME
    prefix: str = DEFAULT_PREFIX
    timezone: str = DEFAULT_TIMEZONE
    people: Mapping[str, Person] = field(default_factory=dict)
    teams: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    priorities: tuple[str, ...] = DEFAULT_PRIORITIES
    priority_matrix: Mapping[tuple[str, str], str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    calendars: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    escalation: tuple[EscalationRule, ...] = ()
    close_resolved_after: int | None = None
    views: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, ReportDefinition] = field(default_factory=dict)
    leaderboard: bool = False
    permissions: Mapping[str, frozenset[str]] = field(default_factory=lambda: DEFAULT_PERMISSIONS)
    commit: bool = True
    subject: Literal["title", "id"] = "title"
    _by_email: Mapping[str, Person] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_email = {person.email.casefold(): person for person in self.people.values()}
        object.__setattr__(self, "_by_email", by_email)

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose days are the days of queries and reports."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)

    @property
    def query_names(self) -> QueryNames:
        """What a query can name here."""
        from desk.domain.query.views import QueryNames

        return QueryNames(
            priorities=self.priorities,
            levels=tuple(self.levels),
            views=self.views,
            people={person.handle: person.email for person in self.people.values()},
            teams=self.teams,
            categories=self.categories,
            called={person.handle: person.name for person in self.people.values()},
        )

    def person(self, who: str) -> Person | None:
        """Return who has this handle or, case-blind, this e-mail address."""
        return self.people.get(who) or self._by_email.get(who.casefold())

    def next_level(self, level: str) -> str | None:
        """Return the rung above, None at the top or off the ladder; no level is the lowest."""
        return self._step(level, 1)

    def previous_level(self, level: str) -> str | None:
        """Return the rung below, None at the bottom or off the ladder."""
        return self._step(level, -1)

    def _step(self, level: str, step: int) -> str | None:
        ladder = tuple(self.levels)
        if level and level not in self.levels:
            return None
        place = (ladder.index(level) if level else 0) + step
        return ladder[place] if 0 <= place < len(ladder) else None

    def priority_for(self, impact: str = "", urgency: str = "") -> str:
        """Return the priority of a new ticket: from the matrix, else the last but one."""
        return self.priority_matrix.get((impact, urgency)) or self.priorities[-2:][0]

    def may(self, person: Person | None, command: str) -> bool:
        """Tell whether this person, or somebody who is not in `people`, may run a command that
        changes something; whether a requester's ticket is theirs is for the caller to see."""
        return command in self.permissions[person.role if person else "requester"]

    def roles_for(self, command: str) -> tuple[Role, ...]:
        """Return the roles that may run a command that changes something."""
        return tuple(role for role in ROLES if command in self.permissions[role])
