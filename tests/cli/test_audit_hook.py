"""desk audit --hook pre-receive: a real bare repository, and real pushes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CONFIG, NOW, Shell

HOOK = Path(__file__).parents[2] / "ci" / "pre-receive"
NONE = "0" * 40


@pytest.fixture
def server(desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A bare repository with the hook, which the help desk knows as `origin` and has pushed to."""
    program = tmp_path / "bin" / "desk"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m desk "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("DESK", str(program))
    monkeypatch.setenv("GIT_AUTHOR_DATE", NOW)
    monkeypatch.setenv("GIT_COMMITTER_DATE", NOW)
    folder = tmp_path / "srv" / "hd.git"
    folder.mkdir(parents=True)
    bare = Shell(folder, desk.monkeypatch)
    bare.git("init", "--quiet", "--bare", "--template=", "--initial-branch=main")
    (folder / "hooks").mkdir()
    shutil.copy(HOOK, folder / "hooks" / "pre-receive")
    desk.git("remote", "add", "origin", str(folder))
    assert push(desk, "main") == ""
    return bare


def push(desk: Shell, *what: str) -> str:
    """Push; return what the server says where it refuses, "" where it does not."""
    words = ["git", "push", "--quiet", "origin", *what]
    done = subprocess.run(words, cwd=desk.folder, capture_output=True, text=True, check=False)
    lines = done.stderr.split("\n")
    said = "\n".join(line[8:].rstrip() for line in lines if line.startswith("remote: "))
    assert (done.returncode == 0) == (said == ""), done.stderr
    return said


def commit(desk: Shell, message: str, author: str = "Ana Ruiz <ana@acme.example>") -> None:
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "-m", message, f"--author={author}")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_work_by_the_program_is_pushed_and_a_rewritten_log_is_not(
    desk: Shell, server: Shell
) -> None:
    ticket = desk.id("new", "Printer jams")
    desk("note", ticket, "-m", "Looks old.")
    assert push(desk, "main") == ""
    desk("take", ticket, user="luis")
    replace(desk.file_of(ticket), "Looks old.", "Looks new.")
    commit(desk, "Nothing")
    said = push(desk, "main")
    assert "error" in said
    assert "by Ana Ruiz <ana@acme.example>: an entry was rewritten: " in said
    assert "rewritten: bring the old one back" in said
    assert said.split("\n")[-1] == "desk: the push is refused: 2 commits checked: 1 error"
    assert server.git("rev-parse", "main") == desk.git("rev-parse", "HEAD~2")
    desk.git("reset", "--quiet", "--hard", "HEAD~1")
    assert push(desk, "main") == ""
    assert server("audit").err == "4 commits checked: nothing to object to\n"


def test_an_edit_by_hand_is_pushed_with_the_entry_that_tells_it(desk: Shell, server: Shell) -> None:
    ticket = desk.id("new", "Printer jams")
    replace(desk.file_of(ticket), "priority: P3", "priority: P1")
    commit(desk, "Urgent")
    said = push(desk, "main")
    assert "changed by hand, and no entry says so: `priority`" in said
    assert "unexplained: `desk lint --fix` adds the entry" in said
    desk("lint", "--fix")
    assert push(desk, "main") == ""


def test_a_forced_push_takes_nothing_back(desk: Shell, server: Shell) -> None:
    ticket = desk.id("new", "Printer jams")
    desk("note", ticket, "-m", "Looks old.")
    assert push(desk, "main") == ""
    desk.git("reset", "--quiet", "--hard", "HEAD~1")
    desk("note", ticket, "-m", "Looks new.")
    said = push(desk, "--force", "main")
    assert "main would lose an entry: " in said
    assert "[taken-back]" in said
    desk.git("reset", "--quiet", "--hard", "HEAD~2")
    assert "main would lose the file" in push(desk, "--force", "main")
    desk.git("reset", "--quiet", "--hard", "origin/main")
    desk.git("commit", "--quiet", "--amend", "-m", "In other words")
    assert push(desk, "--force", "main") == ""


def test_branches_and_tags_are_judged_like_the_default_one(desk: Shell, server: Shell) -> None:
    replace(desk.folder / "config.yaml", "ACME IT", "Mine")
    commit(desk, "Mine")
    for ref in ("refs/heads/x", "refs/tags/x", "refs/notes/x"):
        assert "ana (agent) may not change config.yaml" in push(desk, f"HEAD:{ref}")
    desk.git("reset", "--quiet", "--hard", "HEAD~1")
    assert push(desk, "HEAD:refs/heads/topic", "HEAD:refs/tags/v1") == ""
    assert push(desk, "--delete", "topic", "v1") == ""
    assert "the push deletes the branch refs/heads/main" in push(desk, "--delete", "main")


def test_nobody_brings_along_a_help_desk_of_their_own(desk: Shell, server: Shell) -> None:
    desk.git("checkout", "--quiet", "--orphan", "mine")
    (desk.folder / "config.yaml").write_text(CONFIG.replace("role: agent", "role: admin"))
    commit(desk, "My own")
    assert "ana (agent) may not change config.yaml" in push(desk, "mine")


def test_a_help_desk_in_a_subfolder_is_found(desk: Shell, server: Shell) -> None:
    below = desk.folder / "below"
    below.mkdir()
    (below / "config.yaml").write_text(CONFIG)
    (desk.folder / "code.py").write_text("print()\n")
    commit(desk, "Another one, and what is not our business")
    assert push(desk, "main") == ""
    inner = Shell(below, desk.monkeypatch)
    ticket = inner.id("new", "Printer jams")
    assert push(desk, "main") == ""
    inner.file_of(ticket).unlink()
    commit(desk, "Away")
    assert f"below/tickets/2026/11/{ticket}.md: error" in push(desk, "main")


def test_whatever_cannot_be_judged_is_refused(
    desk: Shell, server: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk("new", "Printer jams")
    monkeypatch.setenv("DESK", str(tmp_path / "nowhere"))
    assert "the server has no desk to judge it with" in push(desk, "main")
    for line in ("nonsense", f"{NONE} {'1' * 40}", f"x {NONE} refs/heads/main"):
        result = server("audit", "--hook", "pre-receive", stdin=f"{line}\n", code=1)
        assert "desk: the push is refused, as it cannot be judged: " in result.err
        assert result.out == ""
    unknown = f"{NONE} {'1' * 40} refs/heads/x\n"
    assert "refused" in server("audit", "--hook", "pre-receive", stdin=unknown, code=1).err
    server("audit", "--hook", "pre-receive", stdin="")
    assert "leave RANGE" in server("audit", "--hook", "pre-receive", "main", code=2).err


def test_another_repositorys_quarantine_is_left_alone(
    desk: Shell, server: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    assert server("audit").err == "1 commit checked: nothing to object to\n"
