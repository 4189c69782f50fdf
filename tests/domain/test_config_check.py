"""What is wrong with a config.yaml, and where: every check, each at its place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from desk.domain.config.nodes import Pairs, Text
from desk.domain.config.reading import MOST_PROBLEMS, section_of
from desk.domain.config.reading import Problems as Collected
from desk.domain.settings import Action, EscalationRule, Person, ReportDefinition, Settings
from desk.domain.sla import Policy
from desk.storage.config_file import load_settings

DESK = "desk: {format: 1, name: ACME IT, prefix: HD, timezone: Europe/Madrid}\n"

PEOPLE = """\
people:
  ana: {name: Ana Ruiz, email: ana@acme.example, role: agent, teams: [support], level: L1}
  old: {email: old@acme.example, active: false}
levels: {L1: support, L2: sysadmin}
"""

OFFICE = """\
calendars: {office: {hours: {mon-fri: 09:00-17:00}}}
"""


def settings_of(text: str) -> Settings:
    settings, diagnostics = load_settings((DESK + text).encode())
    assert settings is not None, "\n".join(map(str, diagnostics))
    return settings


def problems_in(text: str) -> list[str]:
    """Every problem as `line:column: message`; the desk section is line 0."""
    settings, diagnostics = load_settings((DESK + text).encode())
    assert (settings is None) == bool(diagnostics)
    return [f"{found.line - 1}:{found.column}: {found.message}" for found in diagnostics]


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("format: 2", 16, "`desk.format`: this file has format 2, of a newer desk: upgrade"),
        ("format: one", 16, "`desk.format`: `one` is no format: write 1"),
        ("format: 0", 16, "`desk.format`: `0` is no format: write 1"),
        ("nmae: X", 8, "`desk.nmae` is no setting; did you mean `name`?"),
        ('name: "a\\tb"', 14, "`desk.name` holds a control character"),
        ('name: " a"', 14, "`desk.name` begins or ends with a blank"),
        ("name: [a]", 14, "`desk.name` must be a text, not a list"),
        ("name: {a: b}", 14, "`desk.name` must be a text, not a mapping"),
        ("prefix: hd", 16, "capitals and digits, a capital first; write HD"),
        ("prefix: 7HD", 16, "capitals and digits, a capital first; write one like HD"),
        ("timezone: Europe/Madird", 18, "did you mean `Europe/Madrid`?"),
        ("timezone: localtime", 18, "`localtime` is not the same on every machine"),
        ("timezone: right/UTC", 18, "`right/UTC` is not the same on every machine"),
    ],
)
def test_the_desk_itself(text: str, column: int, problem: str) -> None:
    settings, [found] = load_settings(f"desk: {{{text}}}".encode())
    assert settings is None
    assert problem in found.message
    assert (found.path, found.line, found.column) == ("config.yaml", 1, column)


@pytest.mark.parametrize("text", ["", "# nothing\n", "desk:\n", "people: {}\n", "- desk\n", "desk"])
def test_a_file_without_a_desk_says_how_to_begin(text: str) -> None:
    settings, diagnostics = load_settings(text.encode())
    assert settings is None
    assert [found.code for found in diagnostics] == ["config-missing"]
    assert "there is no `desk:` section: begin with `desk: {" in diagnostics[0].message


def test_left_out_sections_have_their_defaults() -> None:
    assert load_settings(b"desk: {}") == (Settings(), ())
    empty = "".join(f"{key}: \n" for key in ("people", "teams", "sla", "views", "git", "reports"))
    assert load_settings(b"desk: {}\n" + empty.encode()) == (Settings(), ())


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
    ("text", "problems"),
    [
        (
            "teams: [suport, sysadmin]",
            [
                "2:71: `people.ana.teams`: unknown team `support`",
                "4:14: `levels.L1`: unknown team `support`; did you mean `suport`?",
            ],
        ),
        ("teams: [support, sysadmin, support]", ["5:28: `teams` names `support` twice"]),
        ("teams: [support, sysadmin, null]", ["5:28: `teams[3]` is empty"]),
        ("teams: {a: b}", ["5:8: `teams` must be a list, like [one, two]"]),
        ("priorities: []", ["5:13: `priorities` are none: name some"]),
        ("priorities: [P1, p1]", ["5:18: `priorities` names `P1` twice"]),
        (
            "priority_matrix: {high: P1}",
            ["5:19: `priority_matrix.high` is not of the form `impact/urgency`"],
        ),
        ("priority_matrix: {a/b/c: P1}", ["is not of the form `impact/urgency`"]),
        ("priority_matrix: {a/b: P9}", ["5:24: `priority_matrix.a/b`: unknown priority `P9`"]),
        ("priority_matrix: {a/b: }", ["5:19: `priority_matrix.a/b` is empty"]),
        ("categories: hardware", ["5:13: `categories` must be a list"]),
        ("close_resolved_after: soon", ["5:23: `close_resolved_after`: `soon` is not a duration"]),
        ("close_resolved_after: 0d", ["`0d` is no time at all"]),
        (
            "git: {commit: false}",
            ["5:15: `git.commit`: unknown value `false`; there are auto, off"],
        ),
        ("git: {subject: titel}", ["did you mean `title`?"]),
        ("pepole: {}", ["5:1: `pepole` is no setting; did you mean `people`?"]),
        (
            "permissions: {agnt: [new]}",
            ["5:15: `permissions`: unknown role `agnt`; did you mean `agent`?"],
        ),
        (
            "permissions: {agent: [nwe]}",
            ["5:23: `permissions.agent`: unknown command `nwe`; did you mean `new`?"],
        ),
        ("permissions: {agent: [show]}", ["`show` needs no permission: take it out"]),
        ("permissions: {agent: new}", ["5:22: `permissions.agent` must be a list"]),
    ],
)
def test_short_sections(text: str, problems: list[str]) -> None:
    found = problems_in(PEOPLE + text)
    assert len(found) == len(problems)
    for shown, expected in zip(found, problems, strict=True):
        assert expected in shown


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


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ("{}", "1:16: `calendars.c.hours` is missing"),
        ("{hours: {}}", "1:24: `calendars.c.hours` is an empty week: open on one day at least"),
        ("{hours: {mon-fri: closed}}", "is an empty week"),
        ("{hours: {mon-fri: closed}, exceptions: {2026-12-31: 09:00-12:00}}", "is an empty week"),
        ("{hours: 09:00-17:00}", "1:24: `calendars.c.hours` must be a mapping"),
        ("{hours: {mon: }}", "1:25: `calendars.c.hours.mon` is empty"),
        (
            "{hours: {mno: 09:00-17:00}}",
            "1:25: `calendars.c.hours`: `mno` is not a day: did you mean `mon`?",
        ),
        ("{hours: {sat-mon: 09:00-17:00}}", "is not a range of days within one week"),
        (
            "{hours: {mon-fri: 09:00-17:00, fri: closed}}",
            "1:47: `calendars.c.hours`: `mon-fri` and `fri` both name fri",
        ),
        (
            "{hours: {mon: 17:00-09:00}}",
            "1:30: `calendars.c.hours.mon`: `17:00-09:00` runs backward",
        ),
        ("{hours: {mon: 09:00-12:00 11:00-13:00}}", "overlaps `09:00-12:00`"),
        ("{hours: {mon: 9-5}}", "`9` is not a time of day"),
        ("{hours: {mon: [09:00]}}", "`calendars.c.hours.mon` must be a text, not a list"),
        (
            "{timezone: Mars, hours: {mon: 09:00-10:00}}",
            "`calendars.c.timezone`: `Mars` is not a time zone",
        ),
        (
            "{hourz: {}, hours: {mon: 09:00-10:00}}",
            "1:17: `calendars.c.hourz` is no setting; did you mean `hours`?",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-02-30: closed}}",
            "`2026-02-30` is a date that does not exist",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-12-31: 12-13}}",
            "exceptions.2026-12-31`: `12` is not a time of day",
        ),
        (
            "{hours: {mon: 09:00-10:00}, exceptions: {2026-12-31: }}",
            "exceptions.2026-12-31` is empty",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: [2026-12-24]}",
            "`calendars.c.holidays` must be a mapping, like {country: ...}",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {dates: 2026-12-24}}",
            "`calendars.c.holidays.dates` must be a list",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {dates: [20261224]}}",
            "1:63: `calendars.c.holidays.dates`: `20261224` is not a date",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {country: XX}}",
            "1:64: `calendars.c.holidays.country`: no public holidays are known",
        ),
        ("{hours: {mon: 09:00-10:00}, holidays: {country: Spain}}", "did you mean `ES`?"),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {country: ES, subdivision: MX}}",
            "1:81: `calendars.c.holidays.subdivision`: no holidays are known of the subdivision `MX` of ES",
        ),
        (
            "{hours: {mon: 09:00-10:00}, holidays: {subdivision: MD}}",
            "`calendars.c.holidays.country` is missing",
        ),
    ],
)
def test_calendars(calendar: str, problem: str) -> None:
    [found] = problems_in(f"calendars: {{c: {calendar}}}")
    assert problem in found


def test_calendars_are_as_written_with_their_zone() -> None:
    written = """\
calendars:
  office:
    hours: {mon-thu: 09:00-14:00 15:00-18:00, fri: 09:00-15:00}
    holidays: {country: ES, subdivision: MD, dates: [2026-12-24]}
    exceptions: {2026-12-31: closed}
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
"""
    assert settings_of(written).calendars == {
        "office": {
            "timezone": "Europe/Madrid",
            "hours": {"mon-thu": "09:00-14:00 15:00-18:00", "fri": "09:00-15:00"},
            "holidays": {"country": "ES", "subdivision": "MD", "dates": ["2026-12-24"]},
            "exceptions": {"2026-12-31": "closed"},
        },
        "always": {"timezone": "UTC", "hours": {"mon-sun": "00:00-24:00"}},
    }


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
            "2:21: `sla[1].if`: unknown field `compny`; did you mean `company`? (at character 1 of the query)",
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
    ],
)
def test_policies(policy: str, problem: str) -> None:
    [found] = problems_in(f"{OFFICE}sla: [{policy}]\nviews: {{late: 'is:overdue'}}\n")
    assert problem in found


def test_a_policys_condition_may_name_a_view_of_front_matter() -> None:
    settings = settings_of("sla: [{name: a, if: '@big'}]\nviews: {big: 'company:ACME'}\n")
    assert settings.policies[0].query_text == "@big"


def test_no_two_policies_have_one_name() -> None:
    [found] = problems_in("sla:\n  - {name: a}\n  - {name: b}\n  - {name: a}\n")
    assert found == "4:12: `sla[3].name`: a policy is called `a` already"


def test_escalation_rules_are_read_with_their_defaults() -> None:
    rules = """\
escalation:
  - {clock: resolution, do: escalate}
  - {clock: ownership, at: 150%, do: assign ana, if: "idle:4h..", when: open}
  - {clock: first_response, do: priority up}
  - {clock: first_response, do: tag late}
  - {clock: first_response, do: "note  Nobody has answered: look at it"}
"""
    assert settings_of(PEOPLE + rules).escalation == (
        EscalationRule("resolution", 100, Action("escalate")),
        EscalationRule("ownership", 150, Action("assign", "ana"), "idle:4h..", True),
        EscalationRule("first_response", 100, Action("priority up")),
        EscalationRule("first_response", 100, Action("tag", "late")),
        EscalationRule("first_response", 100, Action("note", "Nobody has answered: look at it")),
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
            "5:38: `escalation[1].do`: `escalte` is nothing that `desk sweep` can do: did you mean `escalate`?",
        ),
        (
            "{clock: resolution, do: shout}",
            "write `escalate`, `priority up`, `assign WHO`, `tag WORD`, `note TEXT`",
        ),
        ("{clock: resolution, do: escalate now}", "is not of the form `escalate`"),
        ("{clock: resolution, do: tag two words}", "is not of the form `tag WORD`"),
        ("{clock: resolution, do: note}", "is not of the form `note TEXT`"),
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
    ("views", "problems"),
    [
        (
            "{a: 'is:opne'}",
            ["1:12: `views.a`: `opne` is no value of `is`; did you mean `open`? (at character 4"],
        ),
        ("{a: 'is:opne', b: '@a'}", ["`views.a`"]),
        (
            "{a: '@b', b: '@c is:open', c: '-@a'}",
            [
                "1:12: `views.a`: views name each other in a ring: `@a` -> `@b` -> `@c` -> `@a`; take"
            ],
        ),
        ("{x: '@a', a: '@a'}", ["1:21: `views.a`: views name each other in a ring: `@a` -> `@a`"]),
        ("{a: '@bb', b: 'is:open'}", ["1:12: `views.a`: there is no view `@bb`"]),
        ("{a: 'level:L9'}", ["`views.a`: `L9` is "]),
        ("{a: }", ["1:9: `views.a` is empty"]),
        ("{me: 'is:open'}", ["1:9: `views.me` cannot be the name of a view"]),
        ("{a b: 'is:open'}", ["`views.a b` cannot be the name of a view"]),
        (
            "{a-b: 'is:open', A_b: 'is:done'}",
            ["1:25: `views.A_b`: `@a-b` and `@A_b` are the same to a query"],
        ),
        ("{a: [x]}", ["`views.a` must be a text, not a list"]),
    ],
)
def test_views(views: str, problems: list[str]) -> None:
    found = problems_in(f"views: {views}\nlevels: {{L1: support}}\n")
    assert len(found) == len(problems)
    for shown, expected in zip(found, problems, strict=True):
        assert expected in shown


def test_views_may_name_each_other_ten_deep() -> None:
    chain = {f"v{place}": f"@v{place + 1}" for place in range(10)} | {"v10": "is:open"}
    text = "".join(f"  {name}: '{query}'\n" for name, query in chain.items())
    assert settings_of("views:\n" + text).views == chain
    [found] = problems_in("views:\n  v: '@v0'\n" + text)
    assert "`views.v`: views name each other more than 10 deep" in found


def test_a_long_query_may_stand_on_several_lines() -> None:
    settings = settings_of(
        "views:\n  late: >\n    is:open\n    sla:breached\n  b: |\n    a\n    b\n"
    )
    assert settings.views == {"late": "is:open sla:breached", "b": "a b"}


def test_there_is_a_most_of_views() -> None:
    many = "".join(f"  v{place}: 'is:open'\n" for place in range(501))
    assert problems_in("views:\n" + many) == ["2:3: `views` are 501: 500 are the most"]


def test_reports_are_read_with_their_defaults() -> None:
    reports = """\
reports:
  load: {name: Load, query: is:open, by: [team, fields.site], columns: [tickets], sort: -tickets}
  plain: {by: [month], sort: month}
"""
    assert settings_of(reports).reports == {
        "load": ReportDefinition(
            "load", "Load", "is:open", ("team", "fields.site"), ("tickets",), "-tickets"
        ),
        "plain": ReportDefinition("plain", "plain", by=("month",), sort="month"),
    }


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ("{by: [tema]}", "1:20: `reports.r.by`: unknown grouping `tema`; did you mean `team`?"),
        ("{by: [fields.]}", "unknown grouping `fields.`"),
        (
            "{columns: [ticketz]}",
            "`reports.r.columns`: unknown column `ticketz`; did you mean `tickets`?",
        ),
        ("{sort: team}", "1:21: `reports.r.sort`: unknown column `team`"),
        ("{query: 'is:opne'}", "1:22: `reports.r.query`: `opne` is no value"),
        ("{colour: red}", "`reports.r.colour` is no setting"),
        ("is:open", "`reports.r` must be a mapping, like {name: ...}"),
    ],
)
def test_reports(report: str, problem: str) -> None:
    [found] = problems_in(f"reports: {{r: {report}}}")
    assert problem in found


def test_permissions_replace_a_roles_default_set() -> None:
    permissions = settings_of("permissions: {requester: [new, note], lead: []}").permissions
    assert permissions["requester"] == {"new", "note"}
    assert permissions["lead"] == frozenset()
    assert permissions["agent"] == Settings().permissions["agent"]


def test_short_sections_are_read() -> None:
    settings = settings_of(
        "close_resolved_after: 5d\ngit: {commit: off, subject: id}\npriorities: [hi, lo]\n"
        "priority_matrix: {a/b: lo}\ncategories: [hardware, hardware/printer]\n"
    )
    assert settings.close_resolved_after == 5 * 86_400
    assert (settings.commit, settings.subject) == (False, "id")
    assert settings.priorities == ("hi", "lo")
    assert settings.priority_matrix == {("a", "b"): "lo"}
    assert settings.categories == ("hardware", "hardware/printer")


def test_all_problems_come_at_once_from_the_top_of_the_file() -> None:
    found = problems_in(
        "git: {commit: of}\nviews: {a: '@a'}\nsla: [{name: x, warn_at: 0%}, {calendar: c}]\npeple: {}\n"
    )
    assert [shown.split(": ")[0] for shown in found] == [
        *("1:15", "2:12", "3:26", "3:31", "3:42", "4:1"),
    ]


def test_there_is_an_end_to_the_problems_of_one_file() -> None:
    found = problems_in("".join(f"nam{place}: x\n" for place in range(MOST_PROBLEMS + 50)))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == f"-1:0: there may be more than these {MOST_PROBLEMS} problems"


def test_messages_are_fit_for_a_terminal_and_not_endless() -> None:
    [found] = problems_in('"a\\eb": x\n')
    assert found.startswith("1:1: `a\\u001bb` is no setting")
    [long] = problems_in(f"? {'x' * 5000}\n: y\n")
    assert len(long) < 500


def test_a_section_remembers_what_is_absent() -> None:
    problems = Collected("config.yaml")
    pairs = Pairs(((Text("commit"), Text("", is_absent=True)),))
    section = section_of(pairs, "git", problems, "git")
    assert section is not None
    assert section.text("commit", "auto") == "auto"
    assert problems.in_order() == ()
