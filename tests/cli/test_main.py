"""The program as a whole: which command, the global options, and what is not loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desk import __version__
from desk.cli.main import COMMANDS, SECTIONS, main
from tests.cli.conftest import PRINTER, VPN
from tests.conftest import Result, Shell

ROOT = Path(__file__).parents[2]


def test_the_version(library: Shell, tmp_path: Path) -> None:
    assert library("--version") == Result(0, f"desk {__version__}\n", "")
    assert Shell(tmp_path, library.monkeypatch)("--version").out == f"desk {__version__}\n"


def test_alone_it_shows_its_help_with_every_command(library: Shell) -> None:
    shown = library()
    assert shown == library("--help") == library("-h")
    assert shown.out.startswith("Usage: desk ")
    for title, commands in SECTIONS.items():
        assert f"\n{title}:\n" in shown.out
        for name, listed in commands.items():
            assert any(
                line.split()[:1] == [name] and line.endswith(listed.summary)
                for line in shown.out.split("\n")
            )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(library: Shell, name: str) -> None:
    shown = library(name, "--help")
    assert shown.err == ""
    assert shown.out.startswith(f"Usage: desk {name} ")
    assert "Example" in shown.out
    assert f"\n    desk {name}" in shown.out or f"| desk {name}" in shown.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lsit"], "there is no command `lsit`; did you mean `list`?"),
        (["frobnicate"], "there is no command `frobnicate`; see `desk --help`"),
        (["\x1b[31m"], "there is no command `\\u001b[31m`; see `desk --help`"),
        (
            ["config", "chek"],
            ("there is no command `desk config chek`; did you mean `desk config check`?"),
        ),
        (["list", "--bogus"], "there is no option `--bogus`; see `desk list --help`"),
        (
            ["list", "-printer"],
            (
                "there is no option `-p`; see `desk list --help`; to leave out a word, "
                "write `not WORD`"
            ),
        ),
        (["new", "--titel", "x"], "there is no option `--titel`; see `desk new --help`"),
        (["edit", "x", "--titel", "x"], "there is no option `--titel`; did you mean `--title`?"),
        (["show"], "missing argument 'ID...'; see `desk show --help`"),
        (["list", "--limit"], "option '--limit' requires an argument; see `desk list --help`"),
        (
            ["list", "-o", "xml"],
            (
                "this command has no format `xml`; choose from table, plain, json, "
                "jsonl, csv, ids, md"
            ),
        ),
        (["list", "--color", "neve"], "unknown choice of colours `neve`; did you mean `never`?"),
        (
            ["list", "--as-of", "soon"],
            (
                "`soon` is not a date; write 2026-11-22, 2026-11, 2026, "
                "today, 2026-11-22T09:30Z or -7d"
            ),
        ),
        (
            ["--as-of", "yesterday", "new", "x"],
            ("--as-of is for reading; leave it out of a command that writes"),
        ),
    ],
)
def test_wrong_words_are_a_usage_error_of_one_sentence(
    library: Shell, words: list[str], said: str
) -> None:
    assert library(*words, code=2) == Result(2, "", f"desk: {said}\n")


# -------------------------------------------------------------------------------- global options


@pytest.mark.parametrize(
    "option",
    [
        ["-o", "json"],
        ["--fields", "id,title"],
        ["--as-of", "2026-11-22T09:12:00Z"],
        ["--color", "always"],
        ["-q"],
        ["--no-input"],
        ["-y"],
        ["-v"],
        ["-C", "."],
    ],
)
def test_global_options_go_before_and_after_the_command(library: Shell, option: list[str]) -> None:
    assert library(*option, "list") == library("list", *option)
    assert library(*option, "sla", "check", "team:support") == (
        library("sla", "check", "team:support", *option)
    )


def test_the_later_place_wins(library: Shell) -> None:
    assert library("-o", "json", "list", "-o", "ids").out == f"{VPN}\n{PRINTER}\n"
    assert library("-C", "/nowhere", "list", "-C", ".", "-o", "ids").out == f"{VPN}\n{PRINTER}\n"


def test_dry_run_before_the_command(desk: Shell, counted_ids: None) -> None:
    assert f"+id: {PRINTER}\n" in desk("-n", "new", "Printer").out
    assert desk("--no-commit", "new", "VPN").out == f"{VPN}\n"
    assert desk.git("log", "--format=%s") == "config\n"


def test_where_the_help_desk_is(
    library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Shell(tmp_path, monkeypatch)
    said = elsewhere("list", code=5)
    assert said == Result(
        5,
        "",
        f"desk: {tmp_path} is in no help desk: no config.yaml with `desk:` in it or above; make "
        "one with `desk init`, or name one with -C or DESK_DIR\n",
    )
    listed = library("list").out
    assert elsewhere("-C", str(library.folder), "list").out == listed
    monkeypatch.setenv("DESK_DIR", str(library.folder))
    assert elsewhere("list").out == listed
    assert Shell(library.folder / "tickets" / "2026", monkeypatch)("list").out == listed
    assert elsewhere("-C", "/nowhere", "list", code=5).err == (
        "desk: /nowhere is not a folder; name one with -C or DESK_DIR\n"
    )


def test_a_workspace_outside_git_or_with_a_broken_config(desk: Shell, tmp_path: Path) -> None:
    bare = Shell(tmp_path / "bare", desk.monkeypatch)
    bare.folder.mkdir()
    (bare.folder / "config.yaml").write_text("desk: {format: 1}\n")
    assert "not inside a Git work tree" in bare("list", code=5).err
    (desk.folder / "config.yaml").write_text("desk: {format: 1, nmae: x}\n")
    assert desk("list", code=5) == Result(
        5,
        "",
        "config.yaml:1:19: `desk.nmae` is no setting; did you mean `name`?\n"
        "desk: config.yaml has a problem; mend it first\n",
    )


@pytest.mark.parametrize(
    ("options", "variables", "terminal", "is_coloured"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"FORCE_COLOR": "1"}, False, True),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours(
    library: Shell,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    variables: dict[str, str],
    terminal: bool,
    is_coloured: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for words in (["list"], ["show", PRINTER], ["log", PRINTER]):
        shown = library(*words, "-o", "table", *options, "--no-input", terminal=terminal).out
        assert ("\x1b[" in shown) is is_coloured
    for form in ("json", "csv", "ids", "plain"):
        shown = library("list", "-o", form, *options, terminal=terminal).out
        assert "\x1b" not in shown


def test_quiet_is_data_and_errors_only(desk: Shell, counted_ids: None) -> None:
    assert desk("new", "Printer", "-q") == Result(0, f"{PRINTER}\n", "")
    assert desk("new", "VPN", "-q") == Result(0, f"{VPN}\n", "")
    assert desk("list", "--limit", "1", "-q").err == ""
    assert desk("take", "ZZZZZ", "-q", code=3).err.startswith("desk: ")


# --------------------------------------------------------------------------------- real processes


def program(desk: Shell, command: str) -> subprocess.CompletedProcess[str]:
    """Run a shell's command line in which `desk` is the program."""
    script = f'desk() {{ PYTHONPATH={ROOT} {sys.executable} -m desk "$@"; }}\n{command}'
    return subprocess.run(
        ["sh", "-c", script], cwd=desk.folder, capture_output=True, text=True, check=False
    )


def test_a_reader_who_has_had_enough_is_no_failure(library: Shell) -> None:
    done = program(library, "(desk export; echo $? >&2) | head -c 1 > /dev/null")
    assert done.stderr == "0\n"


@pytest.mark.parametrize(
    ("command", "code", "err"),
    [
        ("desk list >&-", 0, ""),
        ("desk list 2>&-", 0, ""),
        ("desk show - -o ids <&-", 2, "desk: there is no standard input"),
        ("desk list > /dev/full", 7, "desk: No space left on device"),
        ("PYTHONIOENCODING=ascii desk show 1 > /dev/null", 0, ""),
    ],
)
def test_standard_streams_that_are_closed_or_full(
    library: Shell, command: str, code: int, err: str
) -> None:
    done = program(library, command)
    assert (done.returncode, done.stderr[: len(err) or None]) == (code, err)


def test_a_locale_without_utf8_changes_no_data(library: Shell) -> None:
    done = program(library, "LC_ALL=C PYTHONUTF8=0 desk show 1")
    assert done.returncode == 0
    assert "Maria López" in done.stdout


@pytest.mark.parametrize("topic", ["query", "dates", "settings"])
@pytest.mark.parametrize("width", ["40", "80"])
def test_topics_fit_a_terminal_and_are_markdown_elsewhere(
    desk: Shell, monkeypatch: pytest.MonkeyPatch, topic: str, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("LINES", "1000")
    shown = desk("help", topic, "--color", "never", terminal=True).out
    assert "|--" not in shown
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= int(width)
    assert "|---|" in desk("help", topic).out.replace(" ", "")
    assert desk("help", topic, "-o", "md", terminal=True).out == desk("help", topic).out


def test_as_of_is_offered_where_it_does_something(desk: Shell) -> None:
    assert "--as-of" in desk("list", "--help").out
    for words in (["take"], ["history"], ["config", "check"], ["lint"], ["help"]):
        assert "--as-of" not in desk(*words, "--help").out
    refused = desk("take", "x", "--as-of", "yesterday", code=2).err
    assert refused == "desk: --as-of is for reading; leave it out of a command that writes\n"


def test_a_groups_help_has_whole_sentences(desk: Shell) -> None:
    assert "..." not in desk("sla", "--help").out.partition("Commands:")[2]
    assert "..." not in desk("config", "--help").out.partition("Commands:")[2]


def test_another_ctrl_c_while_the_first_is_told_ends_the_program_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("desk.cli.main.run_program", interrupted)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("gc.set_threshold", lambda most: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
