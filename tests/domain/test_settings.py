"""The values of config.yaml, the table of settings, and what is made from it."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from desk.domain.config.check import check_config
from desk.domain.fields import FIELD
from desk.domain.permissions import AGENT_COMMANDS, COMMANDS, DEFAULT_PERMISSIONS, OPEN_COMMANDS
from desk.domain.query.views import QueryNames
from desk.domain.schema import config_schema, ticket_schema
from desk.domain.settings import Person, Settings, as_handle
from desk.domain.settings_page import settings_page
from desk.domain.settings_table import SETTING, SETTINGS, known_keys, required_keys
from desk.domain.workflow import COMMANDS as WORKFLOW
from desk.storage.config_file import load_settings

ANA = Person("ana", "Ana Ruiz", "Ana@acme.example", "agent", ("support",), "L1")
EVA = Person("eva", "Eva Sanz", "eva@acme.example", "lead")


def a_desk() -> Settings:
    return Settings(
        people={"ana": ANA, "eva": EVA},
        teams=("support", "sysadmin"),
        levels={"L1": "support", "L2": "sysadmin", "vendor": "external"},
        priority_matrix={("high", "high"): "P1"},
        timezone="Europe/Madrid",
        views={"mine": "assignee:@me"},
    )


@pytest.mark.parametrize(
    ("who", "found"),
    [("ana", ANA), ("ana@ACME.example", ANA), ("eva@acme.example", EVA), ("Ana", None), ("", None)],
)
def test_a_person_is_found_by_handle_and_by_address_in_any_case(
    who: str, found: Person | None
) -> None:
    assert a_desk().person(who) is found


@pytest.mark.parametrize(
    ("level", "above", "below"),
    [
        ("", "L2", None),
        ("L1", "L2", None),
        ("L2", "vendor", "L1"),
        ("vendor", None, "L2"),
        ("L9", None, None),
    ],
)
def test_the_ladder_goes_up_and_down_rung_by_rung(
    level: str, above: str | None, below: str | None
) -> None:
    assert (a_desk().next_level(level), a_desk().previous_level(level)) == (above, below)


def test_without_a_ladder_there_is_no_rung() -> None:
    assert Settings().next_level("") is None


@pytest.mark.parametrize(
    ("priorities", "impact", "expected"),
    [(("P1", "P2", "P3"), "high", "P1"), (("P1", "P2", "P3"), "low", "P2"), (("one",), "", "one")],
)
def test_a_new_tickets_priority_is_the_matrixs_else_the_last_but_one(
    priorities: tuple[str, ...], impact: str, expected: str
) -> None:
    settings = Settings(priorities=priorities, priority_matrix={("high", "high"): "P1"})
    assert settings.priority_for(impact, "high") == expected


def test_roles_may_what_their_sets_say() -> None:
    settings = a_desk()
    stranger = [command for command in COMMANDS if settings.may(None, command)]
    assert stranger == ["new", "reply", "rate", "reopen", "import"]
    assert [command for command in COMMANDS if settings.may(ANA, command)] == list(AGENT_COMMANDS)
    assert not settings.may(EVA, "redact")
    admin = Person("bo", "Bo", "bo@acme.example", "admin")
    assert all(settings.may(admin, command) for command in COMMANDS)


def test_everything_the_workflow_does_to_tickets_has_a_permission() -> None:
    assert set(WORKFLOW) <= set(COMMANDS)
    assert not set(COMMANDS) & set(OPEN_COMMANDS)
    assert all(commands <= set(COMMANDS) for commands in DEFAULT_PERMISSIONS.values())


def test_the_zone_and_the_names_of_queries_are_those_of_the_settings() -> None:
    assert str(a_desk().zone) == "Europe/Madrid"
    assert a_desk().query_names == QueryNames(
        priorities=("P1", "P2", "P3", "P4"),
        levels=("L1", "L2", "vendor"),
        views={"mine": "assignee:@me"},
        people={"ana": "Ana@acme.example", "eva": "eva@acme.example"},
        teams=("support", "sysadmin"),
        called={"ana": "Ana Ruiz", "eva": "Eva Sanz"},
    )


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("agent-Value 2", "agent-value-2"),
        ("ana.ruiz", "ana.ruiz"),
        ("Zoë", "zo"),
        ("--", ""),
        ("_a", "a"),
    ],
)
def test_a_handle_is_made_of_what_letters_there_are(text: str, handle: str) -> None:
    assert as_handle(text) == handle


def test_keys_are_those_of_the_table() -> None:
    assert known_keys("desk") == ("format", "name", "prefix", "timezone")
    assert known_keys("people") == ("HANDLE",)
    assert known_keys("")[:3] == ("desk", "people", "teams")
    assert "if" in known_keys("sla[]")
    assert required_keys("people.HANDLE") == ("email",)
    assert required_keys("calendars.NAME") == ("hours",)
    assert required_keys("escalation[]") == ("clock", "do")
    assert required_keys("people") == required_keys("calendars.NAME.holidays") == ()


def test_every_setting_is_on_the_page_and_in_the_schema_with_its_meaning() -> None:
    assert len(SETTING) == len(SETTINGS)
    page, schema = settings_page(()), json.dumps(config_schema())
    for row in SETTINGS:
        assert f"| `{row.path}` | {row.meaning[0].upper()}{row.meaning[1:]}." in page
        assert json.dumps(f"{row.meaning[0].upper()}{row.meaning[1:]}.")[:-1] in schema


def test_the_page_has_the_default_permissions() -> None:
    assert "| `reply` | theirs | yes | yes | yes |\n" in settings_page(("reply",))
    assert "| `redact` |  |  |  | yes |\n" in settings_page(("redact",))
    assert "redact" not in settings_page(("reply",))


SAMPLE = """\
desk: {format: 1, name: ACME IT, prefix: HD, timezone: Europe/Madrid}
people:
  ana: {name: Ana, email: ana@acme.example, role: agent, teams: [support, 24], level: L1}
  bo: {email: bo@acme.example, active: false}
levels: {L1: support, L2: 24}
priorities: [1, 2]
priority_matrix: {high/low: 1}
categories:
calendars:
  office:
    hours: {mon-thu: 09:00-14:00 15:00-18:00, "sat,sun": closed}
    holidays: {country: ES, subdivision: MD, dates: ["2026-12-24"]}
    exceptions: {"2026-12-31": 09:00-12:00}
sla:
  - {name: vip, if: "priority:1", calendar: office, resolution: {1: 4h, 2: 1h30m}, warn_at: "off"}
  - {name: usual, calendar: office, first_response: 30m, pause_in: {resolution: []}, warn_at: 80%}
escalation:
  - {clock: resolution, at: 150%, do: assign ana, if: "team:support", when: open}
  - {clock: ownership, do: priority up}
close_resolved_after: 5d
views: {mine: "assignee:@me is:open"}
reports:
  load: {name: Load, query: "@mine", by: [team, fields.site], columns: [created], sort: -created}
permissions: {requester: [new]}
git: {commit: auto, subject: id}
"""


def problems_by_schema(text: str) -> list[str]:
    """The places at which an editor would underline this config.yaml."""
    validator = Draft202012Validator(config_schema())
    return [error.json_path for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(config_schema())
    Draft202012Validator.check_schema(ticket_schema())


def test_the_schema_takes_what_desk_takes() -> None:
    settings, diagnostics = load_settings(SAMPLE.encode())
    assert diagnostics == ()
    assert settings is not None
    assert problems_by_schema(SAMPLE) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("desk: {format: 1", "desks: {format: 1"),
        ("format: 1", "format: 2"),
        ("prefix: HD", "prefix: hd"),
        ("  ana: {", "  Ana: {"),
        ("name: Ana, email: ana@acme.example", "name: Ana"),
        ("email: ana@acme.example", "email: ana"),
        ("role: agent", "role: agnt"),
        ("teams: [support, 24]", "teams: support"),
        ("level: L1}", "lvel: L1}"),
        ("active: false", "active: maybe"),
        ("{high/low: 1}", "{high: 1}"),
        ("mon-thu: 09:00-14:00 15:00-18:00", "monday: 09:00-14:00"),
        ("mon-thu: 09:00-14:00 15:00-18:00", "mon-thu: 9-14"),
        ("    hours: {", "    openings: {"),
        ('dates: ["2026-12-24"]', "dates: [tomorrow]"),
        ('"2026-12-31": 09:00-12:00', '"31.12.": 09:00-12:00'),
        ("{1: 4h, 2: 1h30m}", "4d"),
        ("warn_at: 80%", "warn_at: 120%"),
        ("pause_in: {resolution: []}", "pause_in: {resolutoin: []}"),
        ("pause_in: {resolution: []}", "pause_in: {resolution: [waitng]}"),
        ("at: 150%", "at: soon"),
        ("do: priority up", "do: shout"),
        ("clock: ownership, do", "do"),
        ("close_resolved_after: 5d", "close_resolved_after: soon"),
        ("permissions: {requester:", "permissions: {request:"),
        ("commit: auto", "commit: maybe"),
        ("sort: -created", "order: -created"),
        ("columns: [created]", "columns: [creatd]"),
    ],
)
def test_the_schema_refuses_what_desk_refuses(right: str, wrong: str) -> None:
    bad = SAMPLE.replace(right, wrong)
    assert bad != SAMPLE
    assert load_settings(bad.encode())[0] is None
    assert problems_by_schema(bad) != []


TICKET = {
    "id": "HD-2611-7K3QF",
    "title": "Printer on the third floor jams",
    "type": "incident",
    "status": "waiting",
    "priority": "P2",
    "tags": ["floor-3", 2026],
    "created": "2026-11-22T09:34:35Z",
    "until": None,
    "fields": {"asset": "PC-42"},
    "colour": "red",
}


def test_the_tickets_schema_tells_good_from_bad() -> None:
    validator = Draft202012Validator(ticket_schema())
    assert list(validator.iter_errors(TICKET)) == []
    for key, bad in {
        "id": "HD-2613-7K3QF",
        "title": ["a"],
        "status": "shut",
        "created": "yesterday",
        "tags": "floor-3",
        "fields": {"asset": ["PC-42"]},
    }.items():
        assert [error.json_path for error in validator.iter_errors({**TICKET, key: bad})] == [
            f"$.{key}"
        ]
        assert key in FIELD
    del (untitled := dict(TICKET))["title"]
    assert list(validator.iter_errors(untitled)) != []


def test_a_config_of_no_nodes_at_all_is_a_problem_and_no_crash() -> None:
    settings, problems = check_config(None, "config.yaml", lambda country, part: "")
    assert settings is None
    assert [(found.code, found.line) for found in problems] == [("config-missing", 1)]
