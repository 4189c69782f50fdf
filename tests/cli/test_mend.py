"""`desk mend` and the merge driver, with real merges, rebases, cherry-picks and stashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.storage.merge_driver import driver_line
from tests.clones import Clones, committed, run, status
from tests.conftest import Shell

LATER = "2026-11-22T10:00:00Z"
LATEST = "2026-11-22T11:00:00Z"


@pytest.fixture
def forked(desk: Shell) -> tuple[Shell, str]:
    """A ticket on two branches: `main`, where Ana took it, and `other`, where Luis replied."""
    ticket_id = desk.id("new", "Printer jams", "-d", "On every page.", "-p", "P3")
    desk.git("branch", "other")
    desk("take", ticket_id, now=LATER)
    desk("note", ticket_id, "-m", "Called.", now=LATER)
    desk.git("switch", "--quiet", "other")
    desk("reply", ticket_id, "-m", "Which tray?", "--wait", user="luis", now=LATEST)
    desk.git("switch", "--quiet", "main")
    return desk, ticket_id


def register(desk: Shell) -> None:
    """Let Git know of the driver, as `init` does."""
    desk("init", "--no-commit")


def has_both(text: str) -> bool:
    return all(
        part in text
        for part in ("status: waiting", "assignee: ana", "Called.", "Which tray?", "ana noted")
    )


@pytest.mark.parametrize(
    ("begin", "conclude"),
    [
        (["merge", "--no-edit", "other"], "git commit"),
        (["rebase", "other"], "git rebase --continue"),
        (["cherry-pick", "other"], "git cherry-pick --continue"),
    ],
    ids=["merge", "rebase", "cherry-pick"],
)
def test_mend_takes_a_file_in_conflict_whatever_brought_it_there(
    forked: tuple[Shell, str], begin: list[str], conclude: str
) -> None:
    desk, ticket_id = forked
    desk.git("config", "core.editor", "true")
    desk.git(*begin, code=1)
    while "UU " in status(desk):
        assert f"now conclude with `{conclude}`" in desk("mend").err
        # A rebase of two commits may stop at the second too.
        subprocess.run(conclude.split(), cwd=desk.folder, check=False, capture_output=True)
    assert has_both(desk.file_of(ticket_id).read_text())
    assert status(desk) == ""
    desk("lint")


@pytest.mark.parametrize("way", ["merge", "rebase", "cherry-pick"])
def test_with_the_driver_there_is_no_conflict(forked: tuple[Shell, str], way: str) -> None:
    desk, ticket_id = forked
    (desk.folder / ".gitattributes").write_text("tickets/*/*/*.md text eol=lf merge=desk\n")
    register(desk)
    desk.git(way, *(["--no-edit"] if way == "merge" else []), "other")
    assert has_both(desk.file_of(ticket_id).read_text())
    desk("lint")


def test_a_stash_that_conflicts_is_mended(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams", "-p", "P3")
    desk("note", ticket_id, "-m", "Not committed.", "--no-commit", now=LATER)
    desk.git("stash", "--quiet")
    desk("reply", ticket_id, "-m", "Which tray?", now=LATEST)
    desk.git("stash", "pop", code=1)
    result = desk("mend")
    assert "now conclude with `git commit`" in result.err
    text = desk.file_of(ticket_id).read_text()
    assert "Not committed." in text
    assert "Which tray?" in text
    assert status(desk) == f"M  tickets/2026/11/{ticket_id}.md\n"


def test_a_stash_is_no_conflict_with_the_driver(desk: Shell) -> None:
    (desk.folder / ".gitattributes").write_text("tickets/*/*/*.md text eol=lf merge=desk\n")
    register(desk)
    ticket_id = desk.id("new", "Printer jams", "-p", "P3")
    desk("note", ticket_id, "-m", "Not committed.", "--no-commit", now=LATER)
    desk.git("stash", "--quiet")
    desk("reply", ticket_id, "-m", "Which tray?", now=LATEST)
    desk.git("stash", "pop")
    text = desk.file_of(ticket_id).read_text()
    assert "Not committed." in text
    assert "Which tray?" in text


def test_a_ticket_removed_on_one_side_stays(forked: tuple[Shell, str]) -> None:
    desk, ticket_id = forked
    desk.git("rm", "--quiet", f"tickets/2026/11/{ticket_id}.md")
    desk.git("commit", "--quiet", "-m", "gone")
    desk.git("merge", "other", code=1)
    result = desk("mend")
    assert "was removed on one side and changed on the other: kept" in result.err
    desk.git("commit", "--quiet", "--no-edit")
    assert "Which tray?" in desk.file_of(ticket_id).read_text()


def test_what_is_no_ticket_is_named_and_left(forked: tuple[Shell, str]) -> None:
    desk, ticket_id = forked
    config = (desk.folder / "config.yaml").read_text()
    committed(desk, "config.yaml", config.replace("ACME IT", "Ours"))
    committed(desk, "kb/vpn.md", "ours\n")
    desk.git("switch", "--quiet", "other")
    committed(desk, "config.yaml", config.replace("ACME IT", "Theirs"))
    committed(desk, "kb/vpn.md", "theirs\n")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "other", code=1)
    result = desk("mend", code=6)
    assert "config.yaml: keep what both sides want" in result.err
    assert "kb/vpn.md: keep what both sides want" in result.err
    assert "2 files left for you" in result.err
    assert has_both(desk.file_of(ticket_id).read_text())
    assert desk.git("diff", "--name-only", "--diff-filter=U").split() == [
        "config.yaml",
        "kb/vpn.md",
    ]
    told = json.loads(desk("mend", "-o", "json", code=6).out)
    assert told["schema"] == "desk.mend/1"
    assert [each["path"] for each in told["left"]] == ["config.yaml", "kb/vpn.md"]
    assert told["conclude"] == "git commit"


def test_a_dry_run_shows_and_writes_nothing(forked: tuple[Shell, str]) -> None:
    desk, ticket_id = forked
    desk.git("merge", "other", code=1)
    before = desk.file_of(ticket_id).read_bytes()
    result = desk("mend", "-n")
    assert "+## 2026-11-22T11:00:00Z luis replied status=waiting" in result.out or (
        "-=======" in result.out
    )
    assert "would mend 1 file" in result.err
    assert desk.file_of(ticket_id).read_bytes() == before
    assert status(desk).startswith("UU")


def test_without_a_conflict_there_is_nothing_to_do(desk: Shell) -> None:
    assert desk("mend").err == "nothing is in conflict\n"


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_markers_that_somebody_committed_are_taken_apart(
    forked: tuple[Shell, str], style: str
) -> None:
    desk, ticket_id = forked
    desk.git("config", "merge.conflictStyle", style)
    desk.git("merge", "other", code=1)
    desk.git("add", "tickets")
    desk.git("commit", "--quiet", "--no-edit")
    assert "conflict marker" in desk("lint", code=1).out
    desk("mend")
    assert has_both(desk.file_of(ticket_id).read_text())
    desk("lint")


@pytest.mark.parametrize(
    "more",
    [
        "<<<<<<< HEAD\nhalf\n",
        "<<<<<<< HEAD\none\n=======\nan underlined\n=======\ntitle\n>>>>>>> other\n",
        "<<<<<<< HEAD\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> other\n",
    ],
)
def test_markers_that_do_not_add_up_are_left(desk: Shell, more: str) -> None:
    ticket_id = desk.id("new", "Printer jams")
    path = desk.file_of(ticket_id)
    path.write_text(f"{path.read_text()}\n{more}")
    result = desk("mend", code=6)
    assert "its conflict markers do not add up" in result.err
    assert path.read_text().endswith(more)


def test_what_somebody_settled_or_wrote_into_the_conflict_is_left(
    forked: tuple[Shell, str],
) -> None:
    desk, ticket_id = forked
    desk.git("merge", "other", code=1)
    path = desk.file_of(ticket_id)
    path.write_text(path.read_text() + "Precious.\n")
    assert "was changed by hand since" in desk("mend", code=6).err
    assert "Precious." in path.read_text()
    desk.git("checkout", "-m", "--", f"tickets/2026/11/{ticket_id}.md")
    desk("mend")


def test_two_tickets_of_one_id_are_both_kept(
    desk: Shell, counted: None, make_desk: Callable[..., Shell]
) -> None:
    desk.git("branch", "other")
    first = desk.id("new", "Printer jams", "-d", "Ours.")
    desk.git("switch", "--quiet", "other")
    again(desk)
    second = desk.id("new", "VPN is down", "-d", "Theirs.", user="luis", now=LATER)
    assert first == second
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "other", code=1)
    result = desk("mend")
    assert f"two tickets were called {first}: the younger one is HD-2611-" in result.err
    desk.git("commit", "--quiet", "--no-edit")
    younger = next(path for path in desk.folder.glob("tickets/*/*/*.md") if path.stem != first)
    assert "title: Printer jams" in desk.file_of(first).read_text()
    assert f"former_ids: [{first}]" in younger.read_text()
    assert "title: VPN is down" in younger.read_text()
    assert status(desk) == ""
    desk("lint")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.conftest import count_ids

    count_ids(monkeypatch)


def again(desk: Shell) -> None:
    """Let IDs count up from the first again, as in another clone."""
    from tests.cli.conftest import count_ids

    count_ids(desk.monkeypatch)


def test_attachments_of_one_name_are_both_kept(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    name = f"tickets/2026/11/{ticket_id}/screen.png"
    desk.git("branch", "other")
    committed(desk, name, "ours")
    desk.git("switch", "--quiet", "other")
    committed(desk, name, "theirs")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "other", code=1)
    desk("mend")
    desk.git("commit", "--quiet", "--no-edit")
    held = [path.read_text() for path in (desk.folder / name).parent.iterdir()]
    assert sorted(held) == ["ours", "theirs"]


def test_mend_works_while_config_yaml_is_in_conflict(forked: tuple[Shell, str]) -> None:
    desk, ticket_id = forked
    config = (desk.folder / "config.yaml").read_text()
    committed(desk, "config.yaml", f"ours: 1\n{config}")
    desk.git("switch", "--quiet", "other")
    committed(desk, "config.yaml", f"theirs: 1\n{config}")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "other", code=1)
    desk("mend", code=6)
    assert has_both(desk.file_of(ticket_id).read_text())


def test_a_help_desk_in_a_sub_folder_is_mended(tmp_path: Path, desk: Shell) -> None:
    top = tmp_path / "code"
    run("init", "--quiet", str(top))
    desk("init", str(top / "help"), "--prefix", "HD")
    inner = Shell(top / "help", desk.monkeypatch)
    ticket_id = inner.id("new", "Printer jams")
    inner.git("branch", "other")
    inner("note", ticket_id, "-m", "Ours.")
    inner.git("switch", "--quiet", "other")
    inner("note", ticket_id, "-m", "Theirs.", now=LATER)
    inner.git("switch", "--quiet", "main")
    inner.git("config", "merge.desk.driver", "false")
    inner.git("merge", "other", code=1)
    inner("mend")
    inner.git("commit", "--quiet", "--no-edit")
    text = inner.file_of(ticket_id).read_text()
    assert "Ours." in text
    assert "Theirs." in text
    inner.git("reset", "--quiet", "--hard", "HEAD^1")
    register(inner)
    inner.git("merge", "--quiet", "--no-edit", "other")
    assert "Theirs." in inner.file_of(ticket_id).read_text()


# ------------------------------------------------------------------------------------- the driver


def merged_by(folder: Path, line: str, path: str = "") -> str:
    """Run a driver's line on a small ticket's three versions, as git does; return what it made."""
    begun = (
        "---\nid: HD-2611-7K3QF\ntitle: T\nstatus: new\nrequester: maria@acme.example\n"
        "created: 2026-11-22T09:00:00Z\n---\n\n"
        "## 2026-11-22T09:00:00Z maria@acme.example opened status=new\n"
    )
    for name, more in (("O", ""), ("A", "ana noted\n\nOurs."), ("B", "luis noted\n\nTheirs.")):
        entry = f"\n## 2026-11-22T09:00:0{len(more) % 7 + 1}Z {more}\n" if more else ""
        (folder / name).write_text(begun + entry)
    for mark, word in (("%O", "O"), ("%A", "A"), ("%B", "B"), ("%L", "7"), ("%%", "%")):
        line = line.replace(mark, word)
    environment = {**os.environ, **({"PATH": path} if path else {})}
    subprocess.run(["sh", "-c", line], cwd=folder, env=environment, check=False)
    return (folder / "A").read_text()


def test_the_driver_runs_by_the_python_that_registered_it(tmp_path: Path) -> None:
    made = merged_by(tmp_path, driver_line(sys.executable), "/usr/bin:/bin")
    assert "Ours." in made
    assert "Theirs." in made
    assert "<<<<" not in made


def test_a_driver_whose_python_has_moved_leaves_markers(tmp_path: Path) -> None:
    made = merged_by(tmp_path, driver_line("/nowhere/it's 100% python"), "/usr/bin:/bin")
    assert "<<<<<<< ours" in made
    assert "Theirs." in made


@pytest.mark.parametrize("words", ["exit 0", "echo hello", "exit 3"])
def test_another_program_of_that_name_is_not_believed(tmp_path: Path, words: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "desk").write_text(f"#!/bin/sh\n{words}\n")
    (tmp_path / "bin" / "desk").chmod(0o755)
    made = merged_by(tmp_path, driver_line(sys.executable), f"{tmp_path}/bin:/usr/bin:/bin")
    assert "Theirs." in made
    assert "<<<<" not in made


def test_modules_in_the_work_tree_are_not_run(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    for name in ("desk/__init__.py", "desk/__main__.py", "click.py"):
        (tmp_path / name).write_text("open('ran', 'w')\n")
    made = merged_by(tmp_path, driver_line(sys.executable), "/usr/bin:/bin")
    assert "<<<<" not in made
    assert not (tmp_path / "ran").exists()


def test_pull_with_the_driver_and_sync_make_the_same(desk: Shell) -> None:
    committed(desk, ".gitattributes", "tickets/*/*/*.md text eol=lf merge=desk\n")
    ticket_id = desk.id("new", "Printer jams")
    clones = Clones(desk)
    luis, eva = clones.another("luis"), clones.another("eva")
    luis("reply", ticket_id, "-m", "Which tray?", "--wait", user="luis", now=LATER)
    luis("sync", user="luis")
    for clone in (desk, eva):
        clone("note", ticket_id, "-m", "The same.", now=LATEST)
    desk("sync", "--no-push")
    register(eva)
    eva.git("pull", "--quiet", "--no-rebase", "--no-edit")
    assert desk.git("rev-parse", "HEAD:tickets") == eva.git("rev-parse", "HEAD:tickets")
