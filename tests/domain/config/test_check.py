"""config.yaml as a whole, and its short sections."""

from __future__ import annotations

import pytest

from desk.domain.settings import Settings
from desk.storage.config_file import load_settings
from tests.domain.config import PEOPLE, problems_in, settings_of


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
        "git: {commit: of}\nviews: {a: '@a'}\nsla: [{name: x, warn_at: 0%}, {calendar: c}]\n"
        "peple: {}\n"
    )
    assert [shown.split(": ")[0] for shown in found] == [
        *("1:15", "2:12", "3:26", "3:31", "3:31", "3:42", "4:1"),
    ]
