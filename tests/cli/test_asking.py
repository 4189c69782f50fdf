"""Texts and IDs from elsewhere: files, standard input, and an editor on a real terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.cli.files import commits, front, headings, last_entry
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")


# -------------------------------------------------------------------------------- standard input


def test_ids_come_from_standard_input(desk: Shell) -> None:
    for title in ("Printer", "VPN", "Laptop"):
        desk("new", title)
    listed = desk("list", "-o", "ids", "sort:created").out
    assert desk("close", "-", stdin=listed).out.split() == [PRINTER, VPN, LAPTOP]
    assert desk("show", PRINTER, "-", "-o", "ids", stdin=f"{VPN} {PRINTER}\n").out.split() == [
        PRINTER,
        VPN,
    ]


@pytest.mark.parametrize("command", ["close", "take", "show", "tag"])
def test_no_ids_on_standard_input_is_no_failure(desk: Shell, command: str) -> None:
    words = ["x"] if command == "tag" else []
    assert desk(command, "-", *words, stdin=" \n") == Result(
        0, "", "standard input names no ticket: nothing to do\n"
    )


def test_a_command_of_one_ticket_takes_no_more(desk: Shell) -> None:
    desk("new", "Printer")
    desk("new", "VPN")
    for words in (["link", "-", "relates", VPN], ["split", "-", "1"], ["attach", "-", "x"]):
        assert desk(*words, stdin=f"{PRINTER} {VPN}", code=2).err == (
            "desk: this command takes one ticket, not 2; name it by itself\n"
        )


def test_standard_input_is_read_once(desk: Shell) -> None:
    desk("new", "Printer")
    assert desk("note", "-", "-F", "-", stdin=PRINTER, code=2).err == (
        "desk: standard input was read for IDs, so the text cannot come from it too; use a file, "
        "or words\n"
    )


def test_a_text_comes_from_a_file_or_standard_input(desk: Shell) -> None:
    desk("new", "Printer")
    (desk.folder / "note.md").write_text("\n\nFrom a file.\n\n")
    desk("note", PRINTER, "-F", "note.md")
    assert last_entry(desk, PRINTER) == "ana noted\n\nFrom a file."
    desk("reply", PRINTER, "-F", "-", stdin="One.\n\nTwo.\n", user="luis")
    assert last_entry(desk, PRINTER) == "luis replied\n\nOne.\n\nTwo."


def test_a_file_is_named_from_where_one_stands(desk: Shell, tmp_path: Path) -> None:
    desk("new", "Printer")
    (tmp_path / "note.md").write_text("Elsewhere.")
    (tmp_path / "shot.txt").write_text("x")
    elsewhere = Shell(tmp_path, desk.monkeypatch)
    elsewhere("-C", "hd", "note", PRINTER, "-F", "note.md")
    assert last_entry(desk, PRINTER) == "ana noted\n\nElsewhere."
    elsewhere("attach", PRINTER, "shot.txt", "-C", "hd")
    assert (desk.file_of(PRINTER).with_suffix("") / "shot.txt").read_text() == "x"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "is not UTF-8 text; attach it as a file"),
        (b"x" * 10_000_001, "holds more than 10 MB; attach it as a file"),
    ],
)
def test_what_is_no_text_is_refused(desk: Shell, data: bytes, said: str) -> None:
    desk("new", "Printer")
    (desk.folder / "big").write_bytes(data)
    assert desk("note", PRINTER, "-F", "-", stdin=data, code=4).err == (
        f"desk: standard input {said}\n"
    )
    assert desk("note", PRINTER, "-F", "big", code=4).err == f"desk: big {said}\n"
    assert len(headings(desk, PRINTER)) == 1


# ------------------------------------------------------------------- an editor, without a terminal


def edits(desk: Shell, *lines: str) -> None:
    """Make EDITOR a shell script of these lines; `$1` is the file."""
    script = desk.folder.parent / "editor"
    script.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    script.chmod(0o755)
    desk.monkeypatch.setenv("EDITOR", str(script))


@pytest.mark.parametrize("options", [["--no-input"], []])
def test_without_a_terminal_nobody_is_asked(desk: Shell, options: list[str]) -> None:
    edits(desk, "echo never > $1")
    desk("new", "Printer")
    terminal = bool(options)
    for words in (["note", PRINTER], ["edit", PRINTER], ["new"]):
        refused = desk(*words, *options, terminal=terminal, code=2)
        assert refused.out == ""
        assert refused.err.startswith("desk: ")
        assert refused.err.count("\n") == 1
    assert len(commits(desk)) == 2


def test_the_editor_gets_what_it_is_for_and_gives_the_text(desk: Shell) -> None:
    edits(desk, "cp $1 seen", "{ echo 'First line.'; echo; echo '# a heading'; cat $1; } > t",
          "cat t > $1")  # fmt: skip
    desk("new", "Printer jams")
    assert desk("note", PRINTER, terminal=True).out == f"{PRINTER}\n"
    assert last_entry(desk, PRINTER) == "ana noted\n\nFirst line.\n\n# a heading"
    assert f"# {PRINTER} Printer jams\n" in (desk.folder / "seen").read_text()


def test_visual_comes_before_editor_and_may_have_arguments(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits(desk, "echo editor > $1")
    monkeypatch.setenv("VISUAL", "sh -c 'echo visual > $0'")
    desk("new", "Printer")
    desk("note", PRINTER, terminal=True)
    assert last_entry(desk, PRINTER) == "ana noted\n\nvisual"


@pytest.mark.parametrize("lines", [["true"], [": > $1"]])
def test_an_empty_text_writes_nothing(desk: Shell, lines: list[str]) -> None:
    edits(desk, *lines)
    desk("new", "Printer")
    assert desk("note", PRINTER, terminal=True, code=4) == Result(
        4, "", "desk: the note is empty; nothing was written; give it with -m TEXT\n"
    )
    assert len(headings(desk, PRINTER)) == 1


def test_an_editor_that_fails_or_is_not_there(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    edits(desk, "echo Typed. > $1", "exit 3")
    desk("new", "Printer")
    failed = desk("note", PRINTER, terminal=True, code=7)
    assert "ended with exit code 3; nothing was done" in failed.err
    kept = Path(failed.err.rpartition("what you typed is kept in ")[2].strip())
    assert kept.read_text() == "Typed.\n"
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    assert desk("note", PRINTER, terminal=True, code=7).err == (
        "desk: cannot run the editor `/nowhere/editor`: No such file or directory; set EDITOR\n"
    )
    assert len(headings(desk, PRINTER)) == 1


def test_nobody_types_for_a_ticket_that_is_not_there(desk: Shell) -> None:
    edits(desk, "touch ran")
    desk("note", "ZZZZZ", terminal=True, code=3)
    assert not (desk.folder / "ran").exists()


@pytest.mark.parametrize("command", ["note", "edit"])
def test_where_nothing_was_typed_nothing_is_kept(desk: Shell, command: str) -> None:
    desk("new", "Printer jams")
    desk.monkeypatch.setenv("EDITOR", "false")
    temporary = desk.folder / "tmp"
    temporary.mkdir()
    desk.monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert desk(command, PRINTER, terminal=True, code=7).err == (
        "desk: the editor `false` ended with exit code 1; nothing was done\n"
    )
    assert not list(temporary.iterdir())
    assert not list((desk.folder / ".git/desk/edits").glob("*"))


def test_what_was_typed_is_kept_where_the_workflow_refuses_it(desk: Shell) -> None:
    edits(desk, "echo 'A long reason.' > $1")
    desk("new", "Printer")
    desk("close", PRINTER)
    refused = desk("hold", PRINTER, terminal=True, code=4)
    kept = Path(refused.err.rpartition("kept in ")[2].strip())
    assert kept.read_text() == "A long reason.\n"


# ---------------------------------------------------------------------------- the file in an editor


def test_editing_the_file_makes_an_entry_of_what_changed(desk: Shell) -> None:
    desk("new", "Printer jams")
    edits(desk, "sed -i 's/^priority: P3/priority: P1/; s/^title: .*/title: Printer burns/' $1")
    assert desk("edit", PRINTER, terminal=True).out == f"{PRINTER}\n"
    assert headings(desk, PRINTER)[-1] == 'ana changed title="Printer burns" priority=P1'
    assert commits(desk)[0] == f"{PRINTER} edit: Printer burns"
    assert desk("lint").code == 0


def test_editing_nothing_changes_nothing(desk: Shell) -> None:
    desk("new", "Printer jams")
    edits(desk, "true")
    assert desk("edit", PRINTER, terminal=True) == Result(
        0, "", f"{PRINTER} is like that already; nothing was written\n"
    )
    assert len(commits(desk)) == 2


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("s/^status: new/status: [new/", "what you typed is no ticket"),
        ("s/^id: .*/id: HD-2611-ZZZZZ/", "`id` never changes"),
        ("s/^priority: .*/priority: P9/", "unknown priority `P9`"),
        ("s/^title: .*/title:/", "the title is empty"),
        ("s/ opened type=incident/ opened type=change/", "an entry of the log was changed"),
        ("/^## /,$d", "an entry of the log was changed or removed"),
    ],
)
def test_an_edit_that_may_not_be_is_refused_and_what_was_typed_is_kept(
    desk: Shell, script: str, said: str
) -> None:
    desk("new", "Printer jams")
    before = desk.file_of(PRINTER).read_bytes()
    edits(desk, f"sed -i '{script}' $1")
    refused = desk("edit", PRINTER, terminal=True, code=4)
    assert said in refused.err
    assert desk.file_of(PRINTER).read_bytes() == before
    kept = Path(refused.err.rpartition("kept in ")[2].strip())
    assert kept.read_bytes() != before
    assert kept.read_bytes()


@pytest.mark.parametrize("by", ["luis", "luis@acme.example", "desk", "requester", "ana2"])
def test_an_edit_adds_no_entry_in_somebody_elses_name(desk: Shell, by: str) -> None:
    desk("new", "Printer jams", "-d", "It jams.")
    before = desk.file_of(PRINTER).read_bytes()
    edits(desk, f"printf '\\n## 2026-11-22T09:40:00Z {by} replied\\n\\nYes.\\n' >> $1")
    refused = desk("edit", PRINTER, terminal=True, code=4)
    line = before.count(b"\n") + 2
    assert f"line {line}: an entry signed `{by}`: what you add is signed by you, `ana`" in (
        refused.err
    )
    assert desk.file_of(PRINTER).read_bytes() == before
    kept = Path(refused.err.rpartition("kept in ")[2].strip())
    assert "Yes." in kept.read_text()


def test_an_edit_repeats_nobody_elses_entry(desk: Shell) -> None:
    desk("new", "Printer jams", "-r", "bob@acme.example")
    desk("note", PRINTER, "-m", "Yes.", user="luis")
    edits(desk, "sed -n '/ luis noted/,$p' $1 > more", "{ echo; cat more; } >> $1")
    refused = desk("edit", PRINTER, terminal=True, code=4)
    assert "an entry signed `luis`" in refused.err


@pytest.mark.parametrize("by", ["ana", "ana@acme.example"])
def test_an_edit_may_add_an_entry_of_ones_own(desk: Shell, by: str) -> None:
    desk("new", "Printer jams")
    edits(desk, f"printf '\\n## 2026-11-22T09:40:00Z {by} noted\\n\\nYes.\\n' >> $1")
    desk("edit", PRINTER, terminal=True)
    assert last_entry(desk, PRINTER) == f"{by} noted\n\nYes."


def test_somebody_elses_change_meanwhile_is_a_conflict(desk: Shell) -> None:
    desk("new", "Printer jams")
    edits(
        desk,
        "sed -i 's/^priority: P3/priority: P1/' $1",
        f"DESK_USER=luis PYTHONPATH={Path(__file__).parents[2]} {sys.executable} -m desk "
        f"note {PRINTER} -m Meanwhile -q >/dev/null",
    )
    refused = desk("edit", PRINTER, terminal=True, code=6)
    assert refused.err.startswith(f"desk: {PRINTER} changed while you edited it; look at it")
    assert front(desk, PRINTER)["priority"] == "P3"
    assert last_entry(desk, PRINTER) == "luis noted\n\nMeanwhile"


# ------------------------------------------------------------------------------- a real terminal


def test_on_a_real_terminal_the_title_is_asked_for_and_ctrl_c_cancels(desk: Shell) -> None:
    def typed(keys: bytes) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(
            [sys.executable, "-m", "desk", "new"],
            cwd=desk.folder,
            env=environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_own_terminal,
        ) as process:
            os.close(theirs)
            try:
                seen = b""
                while b"Title" not in seen:
                    seen += os.read(ours, 1024)
                for _ in range(300):  # keys that come before somebody listens may be lost
                    os.write(ours, keys)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)
                        break
                out, _ = process.communicate(timeout=10)
            finally:
                process.kill()
        os.close(ours)
        return process.returncode, out.decode()

    code, out = typed(b"Printer jams\n")
    assert code == 0
    assert front(desk, out.strip())["title"] == "Printer jams"
    assert typed(b"\x03") == (130, "")
    assert len(commits(desk)) == 2


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
