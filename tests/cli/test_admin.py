"""For administrators: init, config check, show and schema, lint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cli.conftest import LEVELS, PRINTER
from tests.cli.files import commits, front, last_entry
from tests.conftest import CONFIG, Result, Shell

MADE = "config.yaml, tickets/.gitkeep, kb/.gitkeep, .gitattributes, .gitignore"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The program in a folder where nothing is."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Shell(folder, monkeypatch)


# ------------------------------------------------------------------------------------------ init


def test_init_makes_a_help_desk_in_a_new_repository(empty: Shell) -> None:
    done = empty("init", "hd", "--name", "ACME IT", "--prefix", "IT", "--timezone", "Europe/Madrid")
    assert done == Result(
        0,
        f"{empty.folder}/hd\n",
        f"made a help desk in a new repository: {MADE}\n"
        'look through config.yaml, then try: desk -C hd new "Hello, world"\n',
    )
    desk = Shell(empty.folder / "hd", empty.monkeypatch)
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert desk.git("log", "--format=%s%n%(trailers)").split("\n")[:2] == [
        "Make this a help desk",
        "Desk-Verb: init",
    ]
    config = yaml.load((desk.folder / "config.yaml").read_text(), yaml.BaseLoader)
    assert config["desk"] == {
        "format": "1",
        "name": "ACME IT",
        "prefix": "IT",
        "timezone": "Europe/Madrid",
    }
    assert config["people"]["ana"]["role"] == "admin"
    assert desk("config", "check").out == ""
    assert desk("new", "Hello, world").out.startswith("IT-2611-")
    assert desk("list").out.endswith("\tHello, world\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init"], "desk new"),
        (["init", "."], "desk new"),
        (["init", "IT help"], "desk -C 'IT help' new"),
        (["-C", "it", "init", "help"], "desk -C it/help new"),
    ],
)
def test_init_tells_what_to_type_next(empty: Shell, arguments: list[str], said: str) -> None:
    (empty.folder / "it").mkdir()
    assert f"then try: {said} " in empty(*arguments).err


def test_init_twice_changes_nothing(empty: Shell) -> None:
    empty("init")
    again = empty("init")
    assert again == Result(0, "", f"{empty.folder} is a help desk already: nothing to do\n")
    assert len(commits(empty)) == 1


def test_init_in_a_repository_keeps_what_is_there(empty: Shell) -> None:
    empty.git("init", "--quiet", "--initial-branch=trunk")
    (empty.folder / "code.py").write_text("x = 1\n")
    (empty.folder / ".gitignore").write_text("*.pyc")
    empty.git("add", "code.py")
    done = empty("init")
    assert done.err.startswith("made a help desk in the repository that is there: ")
    assert empty.git("symbolic-ref", "HEAD") == "refs/heads/trunk\n"
    assert empty.git("status", "--porcelain") == "A  code.py\n"
    assert (empty.folder / ".gitignore").read_text().startswith("*.pyc\n")


def test_init_next_to_a_config_of_something_else_is_refused(empty: Shell) -> None:
    (empty.folder / "config.yaml").write_text("jekyll: true\n")
    refused = empty("init", code=4)
    assert refused.err.startswith(f"desk: {empty.folder}/config.yaml belongs to something else")
    assert [path.name for path in empty.folder.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--prefix", "hd"], 2), (["--prefix", "../x"], 2), (["--timezone", "Mars/Base"], 5)],
)
def test_init_refuses(empty: Shell, words: list[str], code: int) -> None:
    refused = empty("init", *words, code=code)
    assert refused.out == ""
    assert refused.err.splitlines()[-1].startswith("desk: ")
    assert not list(empty.folder.iterdir())


def test_init_asks_nothing_and_needs_no_identity(empty: Shell) -> None:
    config = Path(empty.folder.parent / "home" / ".gitconfig")
    config.write_text("[user]\n\tuseConfigOnly = true\n")
    done = empty("init", terminal=True)
    assert "nothing is committed" in done.err
    assert (empty.folder / "config.yaml").exists()


# ---------------------------------------------------------------------------------------- config


def test_a_config_that_is_fine(library: Shell) -> None:
    assert library("config", "check") == Result(0, "", "config.yaml is fine: 5 people, 1 policy\n")


BAD = """\
desk: {format: 1, nmae: x}
people:
  ana: {name: Ana Ruiz, email: ana@acme.example, role: agnet}
sla:
  - {name: standard, calendar: offfice, resolution: 2d}
"""


def test_every_problem_of_a_config_is_named_with_its_place(desk: Shell) -> None:
    (desk.folder / "config.yaml").write_text(BAD)
    checked = desk("config", "check", code=1)
    lines = checked.out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "config.yaml:1:19",
        "config.yaml:3:56",
        "config.yaml:5:32",
        "config.yaml:5:53",
    ]
    assert "did you mean `name`?" in lines[0]
    assert "did you mean `agent`?" in lines[1]
    assert checked.err == "config.yaml has 4 problems\n"
    document = json.loads(desk("config", "check", "-o", "json", code=1).out)
    assert document["schema"] == "desk.config-check/1"
    assert len(document["findings"]) == 4
    for command in (["list"], ["new", "x"], ["config", "show"], ["lint"]):
        refused = desk(*command, code=5)
        assert refused.out == ""
        assert refused.err.splitlines()[-1] == "desk: config.yaml has 4 problems; mend it first"
        assert len(refused.err.splitlines()) == 5


@pytest.mark.parametrize(
    ("form", "begins"),
    [("junit", "<?xml "), ("github", "::error file=config.yaml,line=1,"), ("sarif", "{")],
)
def test_the_formats_of_config_check(desk: Shell, form: str, begins: str) -> None:
    (desk.folder / "config.yaml").write_text(BAD)
    assert desk("config", "check", "-o", form, code=1).out.startswith(begins)


def test_the_settings_in_force(library: Shell) -> None:
    shown = library("config", "show").out
    assert shown.startswith("name: ACME IT\nprefix: HD\ntimezone: Europe/Madrid\n")
    assert "close_resolved_after: 5d\n" in shown
    document = json.loads(library("config", "show", "-o", "json").out)
    assert (document["schema"], document["prefix"]) == ("desk.settings/1", "HD")


def test_the_schemas_accept_what_the_program_accepts(library: Shell) -> None:
    schema = json.loads(library("config", "schema").out)
    assert library("config", "schema", "config").out == library("config", "schema").out
    jsonschema.validate(yaml.load(CONFIG + LEVELS, yaml.BaseLoader), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(BAD, yaml.BaseLoader), schema)
    ticket = json.loads(library("config", "schema", "ticket").out)
    jsonschema.validate(front(library, PRINTER), ticket)


# ------------------------------------------------------------------------------------------ lint


def test_a_clean_help_desk(library: Shell) -> None:
    assert library("lint") == Result(0, "", "3 checked: nothing to mend\n")
    assert library("lint", PRINTER).err == "1 checked: nothing to mend\n"
    assert json.loads(library("lint", "-o", "json").out) == {
        "schema": "desk.lint/1",
        "checked": 3,
        "counts": {"error": 0, "warning": 0, "hint": 0},
        "findings": [],
        "unreadable": [],
    }


def test_lint_names_what_is_wrong_and_fix_adds_the_entry(desk: Shell, counted_ids: None) -> None:
    desk("new", "Printer jams", "-r", "maria@acme.example")
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    found = desk("lint", code=1)
    assert found.out.startswith(f"tickets/2026/11/{PRINTER}.md:6:")
    assert found.out.count("\n") == 1
    dry = desk("lint", "--fix", "-n", code=1)
    assert "ana changed priority=P1" in dry.out
    assert len(commits(desk)) == 2
    desk("lint", "--fix")
    assert last_entry(desk, PRINTER).startswith("ana changed priority=P1")
    assert desk("lint") == Result(0, "", "1 checked: nothing to mend\n")
    assert desk.git("status", "--porcelain") == ""


def test_a_hint_alone_is_no_failure(desk: Shell, counted_ids: None) -> None:
    desk("new", "Printer jams")
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("channel: cli\n", "channel: cli\nown-key: 1\n"))
    found = desk("lint")
    assert "hint" in found.out
    assert "own-key" in found.out
    desk("note", PRINTER, "-m", "x")
    assert "channel: cli\nown-key: 1\n" in path.read_text()


def test_annotations_give_paths_from_the_top_of_the_repository(
    make_desk: Callable[..., Shell], counted_ids: None
) -> None:
    outer = make_desk("outer")
    outer("init", "ops/help")
    desk = Shell(outer.folder / "ops" / "help", outer.monkeypatch)
    desk("new", "Printer jams")
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    inside = f"tickets/2026/11/{PRINTER}.md"
    assert f"file=ops/help/{inside}," in desk("lint", "-o", "github", code=1).out
    document = json.loads(desk("lint", "-o", "json", code=1).out)
    assert document["findings"][0]["path"] == inside


@pytest.mark.parametrize("name", ["ZZZZZ", "../outside.md", "/etc/passwd", "tickets/none.md"])
def test_lint_of_what_is_not_there(library: Shell, name: str) -> None:
    refused = library("lint", name, code=3)
    assert refused.out == ""
    assert refused.err.startswith("desk: ")
