"""The settings of config.yaml, one row each: the check of unknown keys, the JSON Schema and the
reference page all come from here.

A path's parts in capitals stand for names of one's own; ``[]`` for every element of a list.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from desk.domain.fields import STATUSES
from desk.domain.settings import (
    DEFAULT_NAME,
    DEFAULT_PREFIX,
    DEFAULT_PRIORITIES,
    DEFAULT_TIMEZONE,
    ROLES,
)
from desk.domain.sla import CLOCKS

Kind = Literal[
    "text",
    "texts",
    "boolean",
    "prefix",
    "email",
    "hours",
    "dates",
    "query",
    "target",
    "span",
    "percent",
    "share or off",
    "action",
    "report",
    "metrics",
]


class Setting(NamedTuple):
    """One key: what it means, what it is when left out (as Markdown), and how it is written.

    `values` is the closed set of what it, or each element of it, may be. What is `required` must
    stand wherever the mapping does that it belongs to.
    """

    path: str
    meaning: str
    example: str
    default: str = ""
    kind: Kind = "text"
    values: tuple[str, ...] = ()
    required: bool = False


SETTINGS = (
    Setting("desk.format", "the version of this file's layout", "1", "`1`", values=("1",)),
    Setting("desk.name", "what the help desk is called", "ACME IT", f"`{DEFAULT_NAME}`"),
    Setting(
        "desk.prefix",
        "what the IDs of new tickets begin with; tickets with an earlier prefix stay readable",
        "HD",
        f"`{DEFAULT_PREFIX}`",
        "prefix",
    ),
    Setting(
        "desk.timezone",
        "the zone (IANA) whose days are the days of queries and reports",
        "Europe/Madrid",
        f"`{DEFAULT_TIMEZONE}`",
    ),
    Setting("people.HANDLE.name", "the person's name", "Ana Ruiz", "the handle"),
    Setting(
        "people.HANDLE.email",
        "the address that Git knows the person by; no two people share one",
        "ana@acme.example",
        kind="email",
        required=True,
    ),
    Setting("people.HANDLE.role", "what the person is here", "agent", "`requester`", values=ROLES),
    Setting("people.HANDLE.teams", "the teams the person works in", "[support]", "none", "texts"),
    Setting("people.HANDLE.level", "the rung of the ladder the person stands on", "L1", "none"),
    Setting(
        "people.HANDLE.active",
        "`false` for those who left: their entries stay theirs, nothing new is assigned to them",
        "false",
        "`true`",
        "boolean",
    ),
    Setting(
        "teams",
        "every team",
        "[support, sysadmin]",
        "those that `people` and `levels` name",
        "texts",
    ),
    Setting("levels.LEVEL", "the team that serves the rung; the lowest comes first", "support"),
    Setting(
        "priorities",
        "how urgent a ticket can be, most urgent first",
        "[P1, P2, P3, P4]",
        f"`[{', '.join(DEFAULT_PRIORITIES)}]`",
        "texts",
    ),
    Setting(
        "priority_matrix.IMPACT/URGENCY",
        "the priority of a new ticket of that impact and urgency",
        "P1",
        "the last priority but one",
    ),
    Setting("categories", "what a ticket can be about", "[hardware, network]", "any", "texts"),
    Setting(
        "calendars.NAME.timezone",
        "the zone (IANA) whose local times the hours are",
        "Europe/Madrid",
        "`desk.timezone`",
    ),
    Setting(
        "calendars.NAME.hours.DAYS",
        "opening hours on `mon`, `mon-fri` or `sat,sun`: spans apart and in order, or `closed`; "
        "days that are not named are closed",
        "09:00-14:00 15:00-18:00",
        kind="hours",
        required=True,
    ),
    Setting(
        "calendars.NAME.holidays.country",
        "the country (ISO 3166) whose public holidays are closed, from the `holidays` package",
        "ES",
        "none",
    ),
    Setting(
        "calendars.NAME.holidays.subdivision",
        "the part of the country whose own holidays are closed as well",
        "MD",
        "none",
    ),
    Setting("calendars.NAME.holidays.dates", "more days off", "[2026-12-24]", "none", kind="dates"),
    Setting(
        "calendars.NAME.exceptions.DATE",
        "the hours of that date alone, a holiday or not; or `closed`",
        "09:00-12:00",
        kind="hours",
    ),
    Setting("sla[].name", "what the policy is called", "standard", required=True),
    Setting(
        "sla[].if",
        "which tickets it covers, a query of front-matter fields; the first policy that matches "
        "is the ticket's",
        "company:ACME priority:P1",
        "every ticket",
        "query",
    ),
    Setting("sla[].calendar", "the calendar in whose open time the targets are", "office", "none"),
    Setting(
        "sla[].warn_at",
        "the share of a target after which a ticket is at risk, `off` for no warning",
        "80%",
        "`75%`",
        "share or off",
    ),
    Setting(
        "sla[].pause_in.CLOCK",
        "the statuses in which that clock stands still; `[]` never pauses",
        "[waiting, hold]",
        "`{resolution: [waiting, hold], next_response: [hold]}`",
        "texts",
        values=STATUSES,
    ),
    *(
        Setting(
            f"sla[].{clock}",
            f"the target of {what}: one for all, or one for each priority",
            example,
            "no promise",
            "target",
        )
        for clock, what, example in (
            ("first_response", "the first answer", "{P1: 30m, P2: 2h, P3: 4h, P4: 8h}"),
            ("next_response", "every later answer", "8h"),
            ("ownership", "somebody taking the ticket", "1h"),
            ("resolution", "the end of the ticket", "40h"),
        )
    ),
    Setting("escalation[].clock", "the clock to watch", "resolution", values=CLOCKS, required=True),
    Setting(
        "escalation[].at",
        "the share of the target that is used up, more than 100% for after the breach",
        "150%",
        "`100%`",
        "percent",
    ),
    Setting(
        "escalation[].do",
        "what `desk sweep` does then, once: `escalate`, `priority up`, `assign WHO`, `tag WORD` "
        "or `note TEXT`",
        "assign eva",
        kind="action",
        required=True,
    ),
    Setting(
        "escalation[].if",
        "which tickets the rule is for, a query of anything but `@me`",
        "team:support idle:4h..",
        "every ticket",
        "query",
    ),
    Setting(
        "escalation[].when",
        "`open`: only while the policy's calendar is open; `any`: at any hour",
        "open",
        "`any`",
        values=("any", "open"),
    ),
    Setting(
        "close_resolved_after",
        "how long after its resolution `desk sweep` closes a ticket, in wall-clock time (`d` is 24 "
        "hours)",
        "5d",
        "never",
        "span",
    ),
    Setting("views.NAME", "a query to be used as `@NAME`", "assignee:@me is:open", kind="query"),
    Setting("reports.NAME.name", "the report's title", "Printers by team", "the key"),
    Setting(
        "reports.NAME.summary",
        "what `desk report` says of it",
        "what broke, and whose it was",
        "the title",
    ),
    Setting(
        "reports.NAME.base",
        "the report of desk's own that it is like: it has its columns, if it names none itself, "
        "and goes by periods if that one does",
        "sla",
        "`summary`",
        "report",
    ),
    Setting(
        "reports.NAME.query",
        "which tickets it counts",
        "category:hardware/printer",
        "every ticket",
        "query",
    ),
    Setting(
        "reports.NAME.by", "what its rows stand for", "[team, month]", "as in its base", "texts"
    ),
    Setting(
        "reports.NAME.every",
        "makes a row of each day, week or month",
        "week",
        "none",
        values=("day", "week", "month"),
    ),
    Setting(
        "reports.NAME.columns",
        "what is counted or measured: metrics, as `desk report explain` names them",
        "[created, resolved, breached]",
        "those of its base",
        "metrics",
    ),
    Setting(
        "reports.NAME.sort",
        "a metric or a grouping to sort the rows by; `-` before it sorts downward",
        "-created",
        "the grouping",
    ),
    Setting(
        "leaderboard",
        "`true`: `desk leaderboard` shows who comes first",
        "true",
        "`false`",
        "boolean",
    ),
    Setting(
        "permissions.ROLE",
        "the commands that a role may run, in place of its default set",
        "[new, reply, rate, reopen]",
        "the table of permissions",
        "texts",
    ),
    Setting(
        "git.commit",
        "`auto`: every command commits what it wrote; `off`: it writes the files only",
        "off",
        "`auto`",
        values=("auto", "off"),
    ),
    Setting(
        "git.subject",
        "whether a commit's subject carries the ticket's title, or its ID alone",
        "id",
        "`title`",
        values=("title", "id"),
    ),
)

SETTING = {setting.path: setting for setting in SETTINGS}

SECTIONS = {
    "desk": "This help desk. A directory is a workspace because its config.yaml has this key.",
    "people": "Who answers, leads and administers, by handle.",
    "levels": "The support ladder.",
    "priority_matrix": "Priorities from impact and urgency.",
    "calendars": "Opening hours.",
    "sla": "Policies, each with a target per clock; the first whose `if` matches wins.",
    "escalation": "What `desk sweep` does; a log knows a rule by its `clock`, `at` and `do`.",
    "views": "Queries with a name.",
    "reports": "Reports of one's own.",
    "permissions": "Who may run which command.",
    "git": "How commands commit.",
}
"""What the settings that hold others are about."""


@cache
def known_keys(path: str) -> tuple[str, ...]:
    """Return the keys that may stand under a path of the table, in its order; `""` is the top.

    Where keys are names of one's own, that is one name in capitals.
    """
    start = f"{path}." if path else ""
    rests = [row.path.removeprefix(start) for row in SETTINGS if row.path.startswith(start)]
    return tuple(dict.fromkeys(rest.partition(".")[0].removesuffix("[]") for rest in rests))


@cache
def required_keys(path: str) -> tuple[str, ...]:
    """Return those of `known_keys` that must stand there."""
    start = f"{path}." if path else ""
    keys = known_keys(path)
    required = [row.path.removeprefix(start) for row in SETTINGS if row.required]
    return tuple(key for key in keys if any(_is_of(key, rest) for rest in required))


def _is_of(key: str, rest: str) -> bool:
    """Tell whether a row is the key's own, or that of the names of one's own below it."""
    first, _, name = rest.partition(".")
    return first == key and (not name or name.isupper())
