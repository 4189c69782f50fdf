"""What a shell offers while a word is being typed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.main import COMMANDS
from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import Result, Shell

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


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_itself_completes(library: Shell) -> None:
    program = f"PYTHONPATH={ROOT} {sys.executable} -m desk"
    script = f"""
        desk() {{ {program} "$@"; }}
        export -f desk
        env() {{ command env "${{@:1:$#-1}}" {program}; }}
        compopt() {{ :; }}
        eval "$(desk completion bash)"
        COMP_LINE="desk resolve 1 --as w"; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9
        COMP_WORDS=(desk resolve 1 --as w); COMP_CWORD=4
        _desk_completion desk
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=library.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("workaround\n", "")
