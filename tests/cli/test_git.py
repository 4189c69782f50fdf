"""One command, one commit, of exactly its own paths: in every state a repository can be in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CONFIG, NOW, Shell


def subjects(desk: Shell) -> list[str]:
    return desk.git("log", "--format=%s").splitlines()


def test_a_command_makes_one_commit_of_its_own_path(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    desk("resolve", ticket_id, "-m", "Cleaned.")
    assert subjects(desk)[:2] == [
        f"{ticket_id} resolve: Printer jams",
        f"{ticket_id} new: Printer jams",
    ]
    assert desk.git("log", "-1", "--format=%(trailers)").strip() == "Desk-Verb: resolve"
    changed = desk.git("show", "--name-only", "--format=").splitlines()
    assert changed == [f"tickets/2026/11/{ticket_id}.md"]
    assert desk.git("status", "--porcelain") == ""


def test_several_tickets_are_one_commit_that_lists_them(desk: Shell) -> None:
    ids = [desk.id("new", f"Ticket {number}") for number in range(3)]
    desk("close", "-", stdin="\n".join(ids))
    assert subjects(desk)[0] == "3 tickets close"
    body = desk.git("log", "-1", "--format=%b")
    assert all(ticket_id in body for ticket_id in ids)


def test_more_tickets_than_a_command_line_takes_go_by_a_private_index(desk: Shell) -> None:
    for number in range(3):
        desk.id("new", f"Ticket {number}")
    template = desk.file_of(desk.id("new", "One of many")).read_text()
    for number in range(120):
        made = f"HD-2611-Z{number:04d}"
        path = desk.folder / "tickets/2026/11" / f"{made}.md"
        path.write_text(template.replace(template.split("\n")[1][4:], made))
    desk.git("add", ".")
    desk.git("commit", "--quiet", "-m", "many")
    (desk.folder / "notes.txt").write_text("mine")
    desk.git("add", "notes.txt")
    listed = desk("list", "-o", "ids").out
    desk("tag", "-", "bulk", stdin=listed)
    assert subjects(desk)[0] == "124 tickets tag"
    assert desk.git("status", "--porcelain") == "A  notes.txt\n"
    assert len(desk.git("show", "--name-only", "--format=").splitlines()) == 124


def test_what_is_dirty_or_staged_stays_so(desk: Shell) -> None:
    other = desk.id("new", "Another one")
    (desk.folder / "staged.txt").write_text("staged")
    desk.git("add", "staged.txt")
    (desk.folder / "loose.txt").write_text("loose")
    with desk.file_of(other).open("a") as stream:
        stream.write("\nA remark by hand.\n")
    ticket_id = desk.id("new", "Printer jams")
    desk("take", ticket_id)
    status = desk.git("status", "--porcelain").splitlines()
    assert sorted(status) == [
        f" M tickets/2026/11/{other}.md",
        "?? loose.txt",
        "A  staged.txt",
    ]


def test_a_hand_edit_is_committed_first_with_the_entry_it_lacks(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "-p", "P3")
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    result = desk("note", ticket_id, "-m", "Urgent after all.")
    assert "edit" in result.err
    assert subjects(desk)[:2] == [f"{ticket_id} note: Printer jams", f"{ticket_id} edited by hand"]
    assert desk.git("log", "-1", "--skip=1", "--format=%(trailers)").strip() == "Desk-Verb: edit"
    edited = desk.git("show", f"HEAD~:tickets/2026/11/{ticket_id}.md")
    assert "ana changed priority=P1" in edited
    assert "Urgent after all." not in edited
    assert "Urgent after all." in path.read_text()
    assert desk("lint").code == 0


def test_a_hand_edit_of_a_text_alone_is_committed_as_it_is(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "-d", "It jamms.")
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text().replace("jamms", "jams"))
    desk("take", ticket_id)
    assert subjects(desk)[1] == f"{ticket_id} edited by hand"
    assert desk.git("show", "--stat", "--format=", "HEAD~").count("1 insertion") == 1


def test_a_hand_edit_that_does_not_parse_is_refused_and_not_touched(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    broken = path.read_text().replace("status: new", "status: [new")
    path.write_text(broken)
    result = desk("take", ticket_id, code=4)
    assert f"tickets/2026/11/{ticket_id}.md:" in result.err
    assert path.read_text() == broken
    assert len(subjects(desk)) == 2


def test_in_a_sub_folder_of_a_larger_repository(make_desk: Callable[..., Shell]) -> None:
    outer = make_desk("outer")
    (outer.folder / "code.py").write_text("x = 1\n")
    desk = Shell(outer.folder / "ops" / "help", outer.monkeypatch)
    outer("init", "ops/help")
    ticket_id = desk.id("new", "Printer jams")
    desk("take", ticket_id)
    path = f"ops/help/tickets/2026/11/{ticket_id}.md"
    assert outer.git("show", "--name-only", "--format=").splitlines() == [path]
    assert outer.git("status", "--porcelain") == "?? code.py\n"
    assert ticket_id in desk("history", ticket_id).out
    below = Shell(desk.folder / "tickets" / "2026", desk.monkeypatch)
    assert ticket_id in below("list").out


def test_in_a_work_tree_and_with_a_detached_head(desk: Shell, tmp_path: Path) -> None:
    ticket_id = desk.id("new", "Printer jams")
    desk.git("worktree", "add", "--quiet", str(tmp_path / "second"), "-b", "second")
    second = Shell(tmp_path / "second", desk.monkeypatch)
    second("take", ticket_id)
    assert subjects(second)[0] == f"{ticket_id} take: Printer jams"
    assert len(subjects(desk)) == 2
    second.git("checkout", "--quiet", "--detach")
    second("wait", ticket_id)
    assert subjects(second)[0] == f"{ticket_id} wait: Printer jams"


def test_in_a_repository_without_a_commit(tmp_path: Path, desk: Shell) -> None:
    fresh = Shell(tmp_path / "fresh", desk.monkeypatch)
    fresh.folder.mkdir()
    fresh.git("init", "--quiet")
    (fresh.folder / "config.yaml").write_text(CONFIG)
    ticket_id = fresh.id("new", "Printer jams")
    assert subjects(fresh) == [f"{ticket_id} new: Printer jams"]
    assert fresh.git("status", "--porcelain") == "?? config.yaml\n"


@pytest.mark.parametrize("state", ["merge", "cherry-pick", "revert", "rebase"])
def test_in_the_middle_of_something_it_stages_and_does_not_commit(desk: Shell, state: str) -> None:
    ticket_id = desk.id("new", "Printer jams")
    note = desk.folder / "note.txt"
    note.write_text("base\n")
    desk.git("add", "note.txt")
    desk.git("commit", "--quiet", "-m", "base")
    desk.git("checkout", "--quiet", "-b", "side")
    note.write_text("side\n")
    desk.git("commit", "--quiet", "-am", "side")
    desk.git("checkout", "--quiet", "main")
    note.write_text("main\n")
    desk.git("commit", "--quiet", "-am", "main")
    if state == "revert":
        note.write_text("later\n")
        desk.git("commit", "--quiet", "-am", "later")
        desk.git("revert", "--no-edit", "HEAD~", code=1)
    else:
        desk.git(*{"merge": ["merge", "side"], "cherry-pick": ["cherry-pick", "side"],
                   "rebase": ["rebase", "side"]}[state], code=1)  # fmt: skip
    before = desk.git("rev-parse", "HEAD")
    result = desk("take", ticket_id)
    assert f"a {state} is under way" in result.err
    assert desk.git("rev-parse", "HEAD") == before
    assert f"M  tickets/2026/11/{ticket_id}.md" in desk.git("status", "--porcelain")
    assert desk.git("diff", "--name-only", "--diff-filter=U").strip() == "note.txt"


def test_inside_a_hook_of_a_commit_it_stages_into_that_commit(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    hook = desk.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{python()} -m desk note {ticket_id} -m 'From the hook.'\n")
    hook.chmod(0o755)
    (desk.folder / "code.py").write_text("x = 1\n")
    desk.git("add", "code.py")
    desk.git("commit", "--quiet", "-m", "code")
    changed = desk.git("show", "--name-only", "--format=").split()
    assert changed == ["code.py", f"tickets/2026/11/{ticket_id}.md"]
    assert "From the hook." in desk.git("show", f"HEAD:tickets/2026/11/{ticket_id}.md")
    assert desk.git("status", "--porcelain") == ""


def python() -> str:
    import sys

    root = Path(__file__).parents[2]
    return f"PYTHONPATH={root} {sys.executable}"


@pytest.mark.parametrize("verb", ["take", "new"])
def test_a_refusing_hook_leaves_everything_as_it_was(desk: Shell, verb: str) -> None:
    ticket_id = desk.id("new", "Printer jams")
    hook = desk.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'Not on a Friday.' >&2\nexit 1\n")
    hook.chmod(0o755)
    (desk.folder / "staged.txt").write_text("staged")
    desk.git("add", "staged.txt")
    before = desk.file_of(ticket_id).read_bytes()
    words = ["take", ticket_id] if verb == "take" else ["new", "Scanner", "-d", "Empty pages."]
    result = desk(*words, code=7)
    assert "Not on a Friday." in result.err
    assert desk.file_of(ticket_id).read_bytes() == before
    assert desk.git("status", "--porcelain") == "A  staged.txt\n"
    assert len(list(desk.folder.glob("tickets/*/*/*"))) == 1
    kept = Path(result.err.rpartition("kept in ")[2].strip())
    assert ("Empty pages." in kept.read_text()) == (verb == "new")


def test_without_an_identity_the_commit_is_refused_and_nothing_lost(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Path(os.environ["HOME"]) / ".gitconfig"
    config.write_text("[user]\n\tuseConfigOnly = true\n")
    result = desk("new", "Printer jams", code=4)
    assert "DESK_USER" in result.err
    result = desk("new", "Printer jams", user="ana", code=7)
    assert "kept in" in result.err
    assert not list(desk.folder.glob("tickets/*/*/*"))


def test_commit_off_and_no_commit_write_the_files_only(make_desk: Callable[..., Shell]) -> None:
    off = make_desk("off", CONFIG + "git: {commit: off}\n")
    ticket_id = off.id("new", "Printer jams")
    off("take", ticket_id)
    assert len(subjects(off)) == 1
    assert "status: open" in off.file_of(ticket_id).read_text()
    desk = make_desk("once")
    ticket_id = desk.id("new", "Printer jams", "--no-commit")
    assert len(subjects(desk)) == 1
    desk("take", ticket_id)
    assert subjects(desk)[0] == f"{ticket_id} take: Printer jams"
    assert desk.git("status", "--porcelain") == ""


def test_a_dry_run_shows_the_diff_and_writes_nothing(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    before = desk.file_of(ticket_id).read_bytes()
    result = desk("resolve", ticket_id, "-m", "Done.", "-n")
    assert "+status: resolved" in result.out
    assert "-status: new" in result.out
    assert desk.file_of(ticket_id).read_bytes() == before
    assert len(subjects(desk)) == 2
    desk("new", "Another", "-n")
    assert len(list(desk.folder.glob("tickets/*/*/*"))) == 1


def test_author_and_dates(desk: Shell) -> None:
    desk("new", "Printer jams", user="luis")
    assert desk.git("log", "-1", "--format=%an <%ae> %cn <%ce>").strip() == (
        "Luis Gil <luis@acme.example> Ana Ruiz <ana@acme.example>"
    )
    dates = desk.git("log", "-1", "--format=%aI %cI").split()
    assert dates == [NOW.replace("Z", "+00:00")] * 2 or dates == [NOW] * 2


def test_a_subject_has_no_control_characters_and_no_brackets(
    make_desk: Callable[..., Shell],
) -> None:
    desk = make_desk()
    ticket_id = desk.id("new", "[PATCH] \x1b[31mred\nDesk-Verb: lie")
    assert subjects(desk)[0] == f"{ticket_id} new: (PATCH) (31mred Desk-Verb: lie"
    assert desk.git("log", "-1", "--format=%(trailers)").strip() == "Desk-Verb: new"
    quiet = make_desk("quiet", CONFIG + "git: {subject: id}\n")
    ticket_id = quiet.id("new", "Something personal")
    assert subjects(quiet)[0] == f"{ticket_id} new"


def test_ignored_and_sparse_paths_are_committed_all_the_same(desk: Shell) -> None:
    (desk.folder / ".gitignore").write_text("tickets/\n*.md\n")
    ticket_id = desk.id("new", "Printer jams")
    desk("take", ticket_id)
    assert subjects(desk)[0] == f"{ticket_id} take: Printer jams"
    (desk.folder / "docs").mkdir()
    (desk.folder / "docs" / "a.txt").write_text("a")
    desk.git("add", "-f", "docs")
    desk.git("commit", "--quiet", "-m", "docs")
    desk.git("sparse-checkout", "set", "docs")
    made = desk.id("new", "Scanner")
    assert subjects(desk)[0] == f"{made} new: Scanner"
    desk("take", made)
    assert subjects(desk)[0] == f"{made} take: Scanner"


def test_environment_of_another_repository_does_not_lead_astray(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    ticket_id = desk.id("new", "Printer jams")
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")
    assert subjects(desk)[0] == f"{ticket_id} new: Printer jams"


def test_what_git_calls_local_is_scrubbed() -> None:
    import subprocess

    from desk.storage.git_program import ENVIRONMENT_OF_A_REPOSITORY

    listed = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True
    )
    kept = {"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"}
    assert set(listed.stdout.split()) - kept <= set(ENVIRONMENT_OF_A_REPOSITORY)


def test_an_index_lock_is_waited_for_and_then_explained(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.storage.commits.INDEX_LOCK_SECONDS", 0.2)
    ticket_id = desk.id("new", "Printer jams")
    before = desk.file_of(ticket_id).read_bytes()
    (desk.folder / ".git" / "index.lock").write_text("")
    result = desk("take", ticket_id, code=6)
    assert "index.lock" in result.err
    assert desk.file_of(ticket_id).read_bytes() == before


def test_the_writers_lock_says_who_holds_it(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.storage.lock import writer_lock

    ticket_id = desk.id("new", "Printer jams")
    monkeypatch.setattr("desk.storage.lock.WAIT_SECONDS", 0.1)
    with writer_lock(desk.folder / ".git" / "desk"):
        result = desk("take", ticket_id, code=6)
    assert str(os.getpid()) in result.err
    desk("take", ticket_id)
