"""What a shell offers while a word is being typed."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli.main import COMMANDS
from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import CONFIG, Result, Shell

ROOT = Path(__file__).parents[2]


def offers(desk: Shell, line: str) -> list[str]:
    """Return the words that bash is offered at the end of a line."""
    with desk.monkeypatch.context() as patch:
        patch.setenv("_DESK_COMPLETE", "bash_complete")
        patch.setenv("COMP_LINE", line)
        patch.setenv("COMP_WORDBREAKS", " \t\n\"'><=;|&(:")
        patch.setenv("COMP_TYPE", "9")
        answer = desk()
    assert answer.err == ""
    return [word.partition(",")[2] for word in answer.out.splitlines() if word]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("desk esc", ["escalate"]),
        ("desk re", ["reply", "resume", "resolve", "reopen"]),
        ("desk config ", ["check", "show", "schema"]),
        ("desk assign 1 lu", ["luis"]),
        ("desk new x -a ev", ["eva"]),
        ("desk new x -p ", ["P1", "P2", "P3", "P4"]),
        ("desk new x --team sy", ["sysadmin"]),
        ("desk new x -t inc", ["incident"]),
        ("desk resolve 1 --as w", ["workaround"]),
        ("desk completion ", ["bash", "zsh", "fish"]),
        ("desk help exit", ["exit-codes"]),
        ("desk list -o js", ["json", "jsonl"]),
        ("desk list --color ", ["auto", "always", "never"]),
        ("desk list stat", ["status:"]),
        ("desk list @m", ["@mine"]),
        ("desk list assignee:@m", ["@me"]),
        ("desk sla calendar of", ["office"]),
        ("desk escalate 1 --to L", ["L1", "L2", "L3"]),
    ],
)
def test_words_are_offered(library: Shell, line: str, words: list[str]) -> None:
    offered = [word.split("  ")[0] for word in offers(library, line)]
    assert sorted(word for word in offered if word in words) == sorted(words)
    begun = line.rpartition(" ")[2].rpartition(":")[2]
    assert all(word.casefold().startswith(begun.casefold()) for word in offered)


def test_values_of_a_query_are_offered_after_the_colon(library: Shell) -> None:
    assert {"new", "open", "waiting"} <= set(offers(library, "desk list status:"))
    assert offers(library, "desk list status:wai") == ["waiting"]
    assert offers(library, "desk list -status:wai") == ["waiting"]


def test_values_that_tickets_have_are_offered(desk: Shell) -> None:
    desk("new", "One", "--tag", "floor-3", "--tag", "shop", "--company", "ACME", "--set", "site=HQ")
    desk("close", desk.id("new", "Two", "--tag", "floor-2", "--company", 'Two "Words"'))
    assert sorted(offers(desk, "desk list tag:fl")) == ["floor-2", "floor-3"]
    assert offers(desk, "desk list tag:shop,floor-3") == ["shop,floor-3"]
    assert offers(desk, "desk list -company:") == ["ACME"]
    assert offers(desk, "desk list fields.site:h") == ["HQ"]
    assert offers(desk, "desk list --by assi") == ["assignee"]


def test_live_ids_are_offered_with_their_titles(library: Shell) -> None:
    assert sorted(offers(library, "desk take ")) == [
        f"{PRINTER}  Printer on the third floor jams",
        f"{VPN}  VPN is down",
    ]
    assert offers(library, "desk reopen ") == [LAPTOP]
    assert offers(library, "desk show 00002") == [VPN]
    assert offers(library, "desk show hd-2611-00002") == [VPN]


def test_every_command_is_offered(library: Shell) -> None:
    assert {word.split("  ")[0] for word in offers(library, "desk ")} == set(COMMANDS)


@pytest.mark.parametrize("line", ["desk take ", "desk list status:"])
def test_outside_of_a_help_desk_nothing_is_said(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offers(Shell(tmp_path, monkeypatch), line) == []


def test_a_title_cannot_obey_the_terminal(desk: Shell, counted_ids: None) -> None:
    desk("new", "\x1b[31mred\nplain,forged", "--no-commit")
    desk("new", "VPN", "--no-commit")
    words = offers(desk, "desk take ")
    assert len(words) == 2
    assert "\x1b" not in "".join(words)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(library: Shell, shell: str) -> None:
    script = library("completion", shell).out
    assert "_DESK_COMPLETE" in script
    if shutil.which(shell):
        flag = "--no-execute" if shell == "fish" else "-n"
        done = subprocess.run([shell, flag], input=script, text=True, capture_output=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_refused(library: Shell) -> None:
    assert library("completion", "tcsh", code=2) == Result(
        2, "", "desk: unknown shell `tcsh`; there are bash, zsh, fish\n"
    )


def by_bash(desk: Shell, line: str, kind: str = "9") -> list[str]:
    """Return what bash itself is given to put into a line, or to list."""
    program = f"PYTHONPATH={ROOT} {sys.executable} -m desk"
    script = f"""
        desk() {{ {program} "$@"; }}
        export -f desk
        env() {{ command env "${{@:1:$#-1}}" {program}; }}
        compopt() {{ :; }}
        eval "$(desk completion bash)"
        COMP_LINE=$1; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=$2
        _desk_completion desk
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", line, kind],
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_itself_completes(library: Shell) -> None:
    assert by_bash(library, "desk resolve 1 --as w") == ["workaround"]


def by_another(desk: Shell, shell: str, script: str) -> list[str]:
    """Return what a script of another shell says, with the program in its path."""
    folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        [shell, "-c", script],
        cwd=desk.folder,
        env={
            **os.environ,
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(desk.folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def by_fish(desk: Shell, line: str) -> list[str]:
    """Return what fish itself would list at the end of a line."""
    return by_another(desk, "fish", f"desk completion fish | source; complete -C '{line}'")


def by_zsh(desk: Shell, *words: str) -> list[str]:
    """Return what zsh is given to list for the last of the words of a line."""
    script = f"""
        compdef() {{ }}
        compadd() {{ print -rl -- $completions }}
        _describe() {{ print -rl -- $completions_with_descriptions }}
        eval "$(desk completion zsh)"
        words=({shlex.join(words)}) CURRENT={len(words)}
        _desk_completion
    """
    return by_another(desk, "zsh", script)


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_fish_itself_completes(desk: Shell) -> None:
    assert by_fish(desk, "desk resolve 1 --as w") == ["workaround"]
    desk("new", "Paper, ink, and toner", "-r", "maria@acme.example")
    offered = by_fish(desk, "desk show HD-")
    assert [line for line in offered if line.endswith("\tPaper, ink, and toner")]


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_zsh_itself_completes(desk: Shell) -> None:
    assert by_zsh(desk, "desk", "resolve", "1", "--as", "w") == ["workaround"]
    desk("new", "Paper: ink", "-r", "maria@acme.example")
    assert [line for line in by_zsh(desk, "desk", "show", "HD-") if line.endswith(":Paper: ink")]


HOSTILE = ("$(touch x1)/a", "$(touch x1)/b c", "`touch x2`", "q'; touch x3 #", '"$(touch x4)', "~")


@pytest.fixture
def hostile(make_desk: Callable[..., Shell]) -> Shell:
    """A help desk whose settings somebody else wrote."""
    words = json.dumps(HOSTILE)
    views = 'views: {"v": "text:\\"a\\nplain,$(touch x6)\\"", v2: is:open}\n'
    lines = [line for line in CONFIG.splitlines() if not line.startswith(("categories", "views"))]
    return make_desk(config="\n".join([*lines, f"categories: {words}", views]))


def in_common(words: list[str]) -> str:
    """Return what all of the words begin with."""
    alike = [len(set(letters)) == 1 for letters in zip(*words, strict=False)]
    return words[0][: [*alike, False].index(False)] if words else ""


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize("kind", ["9", "33", "37", "63"])
@pytest.mark.parametrize("begun", ["", "$", "'$(touch x1)/a", '"$(t'])
def test_no_word_is_run_by_bash(hostile: Shell, begun: str, kind: str) -> None:
    offered = by_bash(hostile, f"desk new x -c {begun}", kind)
    typed = begun.strip("\"'")
    expected = [word for word in HOSTILE if word.startswith(typed)]
    # What several words have in common goes into the line as well as a whole word.
    for line in (*offered, in_common(offered)):
        done = subprocess.run(
            ["bash", "-c", f"printf '%s\\n' {line}"],
            cwd=hostile.folder,
            capture_output=True,
            text=True,
        )
        assert not [*hostile.folder.glob("x[0-9]")]
        assert line not in offered or done.stdout.removesuffix("\n") in expected
    assert len(offered) == len(expected)


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_no_meaning_is_a_word(hostile: Shell) -> None:
    offered = by_bash(hostile, "desk list @")
    assert [word.split("  ")[0] for word in offered] == ["@v", "@v2"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_no_line_end_reaches_another_shell(hostile: Shell, shell: str) -> None:
    with hostile.monkeypatch.context() as patch:
        patch.setenv("_DESK_COMPLETE", f"{shell}_complete")
        patch.setenv("COMP_WORDS", "desk new x -c ")
        patch.setenv("COMP_CWORD", "4" if shell == "zsh" else "")
        words = hostile().out
        patch.setenv("COMP_WORDS", "desk list @")
        patch.setenv("COMP_CWORD", "2" if shell == "zsh" else "@")
        views = hostile().out
    assert "touch x1" in words
    assert "\nplain,$" not in views
    assert "plain" in views


def test_slugs_are_offered_with_titles(desk: Shell) -> None:
    desk("kb", "new", "VPN drops", "-m", "x")
    desk("kb", "new", "Printer jams", "-m", "x", "--audience", "public")
    assert offers(desk, "desk kb show ") == [
        "printer-jams  Printer jams",
        "vpn-drops     VPN drops",
    ]
    assert offers(desk, "desk kb edit vp") == ["vpn-drops"]
    assert offers(desk, "desk kb link 1 pri") == ["printer-jams"]
    assert offers(desk, "desk kb list --audience i") == ["internal"]
    assert offers(desk, "desk kb st") == ["stale"]
