"""Commands that are killed, interrupted or raced: nothing is lost, and the next one says what it
finished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Shell

ROOT = Path(__file__).parents[2]
MANY = 120


def hook(desk: Shell, name: str, script: str) -> Path:
    path = desk.folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def python() -> str:
    return f"PYTHONPATH={ROOT} {sys.executable}"


def started(desk: Shell, *arguments: str, user: str = "") -> subprocess.Popen[bytes]:
    """Start the program as a process group of its own."""
    extra = {"PYTHONPATH": str(ROOT), **({"DESK_USER": user} if user else {})}
    return subprocess.Popen(
        [sys.executable, "-m", "desk", *arguments],
        cwd=desk.folder,
        env={**os.environ, **extra},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def killed_in_hook(desk: Shell, name: str, *arguments: str, user: str = "") -> None:
    """Run a command whose hook kills everything that works on the commit, git included."""
    path = hook(desk, name, "kill -9 0; sleep 5")
    started(desk, *arguments, user=user).wait()
    path.unlink()


def subjects(desk: Shell) -> list[str]:
    return desk.git("log", "--format=%s").splitlines()


def status(desk: Shell) -> str:
    return desk.git("status", "--porcelain")


def events(desk: Shell) -> tuple[str, ...]:
    """Write a table of many tickets and its map; return the words that import them."""
    rows = "".join(f"{number},2026-11-01 10:00:00,Ticket {number}\n" for number in range(MANY))
    (desk.folder.parent / "t.csv").write_text(f"nr,opened,title\n{rows}")
    (desk.folder.parent / "t.map.yaml").write_text(
        "rows: tickets\nkey: nr\nat: opened\nticket: {title: '{title}', requester: Maria}\n"
    )
    return ("import", "csv", "../t.csv", "--map", "../t.map.yaml")


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
def test_a_new_ticket_is_committed_by_the_next_command(desk: Shell, name: str) -> None:
    killed_in_hook(desk, name, "new", "Printer jams", "-d", "On every page.", user="luis")
    result = desk("new", "Another one", user="eva")
    assert "`HD-" in result.err
    assert "new: Printer jams`, which was stopped, is finished now" in result.err
    assert len(subjects(desk)) == 3
    assert subjects(desk)[1].endswith("new: Printer jams")
    assert desk.git("log", "-1", "--skip=1", "--format=%an").strip() == "Luis Gil"
    assert status(desk) == ""
    assert not list((desk.folder / ".git").glob("*.lock"))


def test_a_lock_of_gits_housekeeping_goes_with_the_git_that_held_it(desk: Shell) -> None:
    lock = desk.folder / ".git" / "objects" / "maintenance.lock"
    killed_in_hook(desk, "post-commit", "new", "Printer jams")
    lock.write_text("")
    desk("new", "Another one")
    assert not lock.exists()


def test_a_reply_that_was_killed_keeps_its_author(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    killed_in_hook(desk, "pre-commit", "reply", ticket_id, "-m", "Which tray?", user="luis")
    desk("note", ticket_id, "-m", "Mine.", user="eva")
    assert subjects(desk)[:2] == [
        f"{ticket_id} note: Printer jams",
        f"{ticket_id} reply: Printer jams",
    ]
    assert desk.git("log", "-2", "--format=%ae").split() == [
        "eva@acme.example",
        "luis@acme.example",
    ]
    text = desk.file_of(ticket_id).read_text()
    assert text.count("Which tray?") == text.count("Mine.") == 1


def test_an_attachment_is_committed_with_its_entry(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    (desk.folder.parent / "screen.png").write_bytes(b"png")
    killed_in_hook(desk, "pre-commit", "attach", ticket_id, "../screen.png")
    desk("note", ticket_id, "-m", "x")
    tracked = desk.git("ls-tree", "-r", "--name-only", "HEAD", "tickets").split()
    assert f"tickets/2026/11/{ticket_id}/screen.png" in tracked
    assert status(desk) == ""


def test_an_import_that_was_killed_is_one_commit_after_all(desk: Shell) -> None:
    words = events(desk)
    killed_in_hook(desk, "pre-commit", *words)
    result = desk(*words)
    assert "is finished now" in result.err
    assert len(subjects(desk)) == 2
    assert len(desk.git("ls-tree", "-r", "--name-only", "HEAD", "tickets").split()) == MANY
    assert status(desk) == ""
    assert [path.name for path in (desk.folder / ".git").glob("desk-index*")] == []


def test_an_import_that_was_killed_after_its_commit_leaves_no_index_behind(desk: Shell) -> None:
    killed_in_hook(desk, "post-commit", *events(desk))
    assert len(subjects(desk)) == 2
    desk("new", "Printer jams")
    (desk.folder / "mine.txt").write_text("mine")
    desk.git("add", "mine.txt")
    desk.git("commit", "--quiet", "-m", "mine")
    assert desk.git("show", "--name-only", "--format=").split() == ["mine.txt"]
    assert status(desk) == ""


def test_what_was_changed_since_the_kill_is_left_to_its_owner(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    killed_in_hook(desk, "pre-commit", "note", ticket_id, "-m", "Theirs.")
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    result = desk("new", "Another one")
    assert "is left undone: its files were changed since; see `git status`" in result.err
    assert "priority: P1" in path.read_text()
    desk("note", ticket_id, "-m", "Mine.")
    assert "Theirs." in path.read_text()
    assert status(desk) == ""


def test_a_hook_that_refuses_keeps_the_finished_command_uncommitted_and_says_so(
    desk: Shell,
) -> None:
    ticket_id = desk.id("new", "Printer jams")
    killed_in_hook(desk, "pre-commit", "note", ticket_id, "-m", "Theirs.")
    refusing = hook(desk, "pre-commit", "git diff --cached --name-only | grep -q README && exit 0\n"
                    "echo 'Not on a Friday.' >&2; exit 1")  # fmt: skip
    result = desk("new", "Another one", code=7)
    assert "is written but not committed: Not on a Friday." in result.err
    refusing.unlink()
    desk("note", ticket_id, "-m", "Mine.")
    assert "Theirs." in desk.git("show", f"HEAD:tickets/2026/11/{ticket_id}.md")


def test_a_lock_of_a_git_that_lives_is_nobodys_to_remove(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.storage.commits.INDEX_LOCK_SECONDS", 0.3)
    ticket_id = desk.id("new", "Printer jams")
    (desk.folder / ".git" / "index.lock").write_text("")
    result = desk("note", ticket_id, "-m", "x", code=6)
    assert "wait for the other git to end or, if none runs, remove" in result.err
    kept = Path(result.err.rpartition("kept in ")[2].strip())
    assert "x" in kept.read_text()
    assert "noted" not in desk.file_of(ticket_id).read_text()


def test_an_interrupted_command_waits_for_git_and_leaves_no_lock(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    before = desk.file_of(ticket_id).read_bytes()
    begun = desk.folder.parent / "begun"
    path = hook(desk, "pre-commit", f"touch {begun}; sleep 2")
    process = started(desk, "note", ticket_id, "-m", "x")
    wait_for(begun.exists)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    path.unlink()
    assert not list((desk.folder / ".git").glob("*.lock"))
    assert desk.file_of(ticket_id).read_bytes() == before
    assert status(desk) == ""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_what_somebody_saves_while_a_hook_runs_stays(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    line = "\\n## 2026-11-26T11:00:00Z ana noted\\n\\nPrecious.\\n"
    hook(desk, "pre-commit", f"printf '{line}' >> {path}; exit 1")
    result = desk("note", ticket_id, "-m", "x", code=7)
    assert "was changed meanwhile, and stays as it is" in result.err
    assert "Precious." in path.read_text()


def test_what_a_hook_adds_to_the_commit_is_in_the_index_too(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    line = "\\n## 2026-11-26T11:00:00Z ana noted\\n\\nBy the hook.\\n"
    hook(desk, "pre-commit", f"printf '{line}' >> {path}; git add {path}")
    desk("note", ticket_id, "-m", "x")
    assert "By the hook." in desk.git("show", f"HEAD:tickets/2026/11/{ticket_id}.md")
    assert status(desk) == ""


def test_several_commands_in_one_hook_lose_nothing(desk: Shell) -> None:
    ticket_id, other = desk.id("new", "Printer jams"), desk.id("new", "Another one")
    notes = "\n".join(
        f"{python()} -m desk note {other} -m 'Hook {number}.' &" for number in range(4)
    )
    hook(desk, "post-commit", f"[ -e {desk.folder.parent}/once ] && exit\n"
         f"touch {desk.folder.parent}/once\n{notes}\nwait")  # fmt: skip
    desk("note", ticket_id, "-m", "x")
    text = desk.file_of(other).read_text()
    assert [text.count(f"Hook {number}.") for number in range(4)] == [1, 1, 1, 1]


def test_another_repositorys_hook_is_not_ours(desk: Shell, make_desk: Callable[..., Shell]) -> None:
    ticket_id = desk.id("new", "Printer jams")
    code = make_desk("code")
    hook(code, "pre-commit", f"{python()} -m desk -C {desk.folder} note {ticket_id} -m Built.")
    (code.folder / "a.py").write_text("x = 1\n")
    code.git("add", "a.py")
    code.git("commit", "--quiet", "-m", "code")
    assert code.git("show", "--name-only", "--format=").split() == ["a.py"]
    assert subjects(desk)[0] == f"{ticket_id} note: Printer jams"
    assert status(desk) == status(code) == ""


def test_kept_texts_do_not_write_over_each_other(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    hook(desk, "pre-commit", "exit 1")
    for text in ("first", "second"):
        desk("note", ticket_id, "-m", text, code=7)
    kept = [path.read_text() for path in (desk.folder / ".git/desk/refused").glob("*/**/*.md")]
    assert sorted("first" in text for text in kept) == [False, True]


def test_a_commit_in_the_middle_of_a_bulk_commit_is_not_reverted(desk: Shell) -> None:
    """The other commit, made by a hook in the window between our index and our commit, has to wait
    for Git's index, and so fails while we hold it."""
    words = events(desk)
    (desk.folder / "a.txt").write_text("one")
    desk.git("add", "a.txt")
    desk.git("commit", "--quiet", "-m", "a")
    hook(
        desk,
        "pre-commit",
        "unset GIT_INDEX_FILE; echo two > a.txt; git commit -qam two && exit 9; true",
    )
    desk(*words)
    assert "two" not in subjects(desk)
    assert (desk.folder / "a.txt").read_text() == "two\n"
    assert "a.txt" not in desk.git("show", "--name-only", "--format=").split()


@pytest.mark.parametrize("way", ["sparse", "removed"])
def test_tickets_that_git_has_and_the_disk_lacks_are_known_to_an_import(
    desk: Shell, way: str
) -> None:
    words = events(desk)
    desk(*words)
    some = sorted(desk.folder.glob("tickets/*/*/*.md"))[:3]
    desk("reply", some[0].stem, "-m", "Precious.")
    if way == "sparse":
        desk.git("sparse-checkout", "set", "kb")
    else:
        for path in some:
            path.unlink()
    result = desk(*words)
    assert "nothing new" in result.err
    assert "that the work tree lacks" in result.err
    assert len(subjects(desk)) == 3
    assert "Precious." in desk.git("grep", "Precious", "HEAD")


def test_undo_in_a_shallow_clone_is_refused(desk: Shell, tmp_path: Path) -> None:
    ids = [desk.id("new", f"Ticket {number}") for number in range(3)]
    desk("note", *ids, "-m", "x")
    clone = tmp_path / "clone"
    source = f"file://{desk.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", source, clone], check=True)
    shallow = Shell(clone, desk.monkeypatch)
    assert "git fetch --unshallow" in shallow("undo", code=4).err
    assert all("status: new" in path.read_text() for path in clone.glob("tickets/*/*/*.md"))


def test_undo_of_a_note_on_a_ticket_that_was_not_committed(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "--no-commit")
    desk("note", ticket_id, "-m", "x")
    assert subjects(desk)[:2] == [f"{ticket_id} note: Printer jams", f"{ticket_id} added by hand"]
    desk("undo")
    assert "status: new" in desk.file_of(ticket_id).read_text()


def test_undo_goes_on_past_a_new_ticket_that_is_done(desk: Shell) -> None:
    first = desk.id("new", "Printer jams")
    desk("tag", first, "loud")
    second = desk.id("new", "Another one")
    desk("cancel", second, "-m", "no", user="eva")
    desk("undo")
    desk("undo")
    assert "tags" not in desk.file_of(first).read_text().partition("\n---\n")[0]


def test_undo_of_split_takes_off_both_links(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "-d", "And the scanner.")
    desk("split", ticket_id, "1")
    desk("undo")
    assert all("links" not in path.read_text().partition("\n---\n")[0]
               for path in desk.folder.glob("tickets/*/*/*.md"))  # fmt: skip
    desk("lint")


def test_undo_of_a_description_brings_back_the_one_before(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "-d", "First.")
    desk("edit", ticket_id, "-d", "Second.")
    desk("undo")
    assert desk.file_of(ticket_id).read_text().endswith("ana described\n\nFirst.\n")


@pytest.mark.parametrize("attributes", [True, False])
def test_line_ends_that_git_converts_lock_no_ticket(desk: Shell, attributes: bool) -> None:
    if attributes:
        (desk.folder / ".gitattributes").write_text("tickets/*/*/*.md text eol=lf\n")
    else:
        desk.git("config", "core.autocrlf", "true")
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--allow-empty", "-m", "attributes")
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = desk("note", ticket_id, "-m", "x")
    assert "your edit" not in result.err
    assert subjects(desk)[0] == f"{ticket_id} note: Printer jams"
    assert status(desk) == ""


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_ticket_whose_changes_are_hidden_from_git_is_written(desk: Shell, flag: str) -> None:
    ticket_id = desk.id("new", "Printer jams")
    desk.git("update-index", flag, f"tickets/2026/11/{ticket_id}.md")
    desk("note", ticket_id, "-m", "Seen.")
    assert "Seen." in desk.git("show", f"HEAD:tickets/2026/11/{ticket_id}.md")


def test_a_ticket_without_a_log_gets_its_beginning(desk: Shell) -> None:
    path = desk.folder / "tickets/2026/11/HD-2611-7K3QF.md"
    path.parent.mkdir(parents=True)
    path.write_text(
        "---\nid: HD-2611-7K3QF\ntitle: By hand\ntype: incident\nstatus: open\npriority: P3\n"
        "requester: maria@acme.example\ncreated: 2026-11-22T08:00:00Z\n---\n"
    )
    desk("note", "7K3QF", "-m", "x")
    assert "## 2026-11-22T08:00:00Z ana opened type=incident status=open" in path.read_text()
    desk("lint")


def test_in_a_merge_a_copy_is_kept_of_what_is_staged(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    head = desk.git("rev-parse", "HEAD")
    (desk.folder / ".git" / "MERGE_HEAD").write_text(head)
    result = desk("reply", ticket_id, "-m", "Precious.")
    kept = Path(result.err.partition("a copy is in ")[2].partition(")")[0])
    assert "Precious." in kept.read_text()


def test_a_commit_on_no_branch_is_told(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    desk.git("checkout", "--quiet", "--detach")
    assert "HEAD is detached: this commit is on no branch" in desk("take", ticket_id).err


def test_a_year_that_no_id_reaches_is_refused(desk: Shell) -> None:
    result = desk("new", "Printer jams", now="2100-01-01T00:00:00Z", code=4)
    assert "IDs reach from 2000 to 2099; set the clock, or DESK_NOW" in result.err


def test_settings_of_the_users_git_change_no_answer(desk: Shell) -> None:
    ticket_id = desk.id("new", "Übergröße")
    desk("tag", ticket_id, "loud")
    for name, value in (
        ("log.showSignature", "true"),
        ("grep.patternType", "fixed"),
        ("trailer.separators", "="),
        ("i18n.logOutputEncoding", "latin1"),
        ("i18n.commitEncoding", "latin1"),
    ):
        desk.git("config", name, value)
    assert "Übergröße" in desk("history", ticket_id).out
    desk("undo")
    assert "tags" not in desk.file_of(ticket_id).read_text().partition("\n---\n")[0]


def test_a_repository_of_somebody_else_is_refused_in_words(desk: Shell, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    desk.id("new", "Printer jams")
    os.chown(desk.folder, 12345, 12345)
    os.chown(desk.folder / ".git", 12345, 12345)
    result = desk("new", "Another one", code=5)
    assert "Git does not trust" in result.err
    assert "safe.directory" in result.err
