"""`desk sync` with real remotes and clones: everything that may be on the other side, and here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import count_ids
from tests.clones import Clones, committed, run, status, texts_of
from tests.conftest import Shell

LATER = "2026-11-22T10:00:00Z"
LATEST = "2026-11-22T11:00:00Z"


def hook(folder: Path, name: str, script: str) -> Path:
    path = folder / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_without_a_remote_there_is_nobody_to_sync_with(desk: Shell) -> None:
    assert "there is no remote" in desk("sync").err


def test_nothing_new(clones: Clones) -> None:
    assert clones.first("sync").err == ("nothing new: origin/main and this branch are the same\n")


def test_an_empty_remote_gets_the_branch(desk: Shell, tmp_path: Path) -> None:
    run("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    desk.git("remote", "add", "backup", str(tmp_path / "empty.git"))
    result = desk("sync")
    assert "sent to backup/main: 1 commit" in result.err
    assert desk.git("rev-parse", "--abbrev-ref", "main@{upstream}").strip() == "backup/main"
    assert "nothing new" in desk("sync").err


def test_what_is_new_goes_and_comes(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    other = luis.id("new", "VPN is down", user="luis")
    luis("reply", ticket_id, "-m", "Which tray?", user="luis")
    sent = luis("sync", user="luis")
    reply = f"1 reply on {ticket_id} from luis"
    assert sent.err == f"sent to origin/main: 2 commits (1 new: {other}, {reply})\n"
    came = ana("sync")
    assert came.err == f"came from origin/main: 2 commits (1 new: {other}, {reply})\n"
    assert came.out == ""
    assert texts_of(ana) == texts_of(luis)
    assert status(ana) == status(luis) == ""


def test_both_sides_of_a_ticket_are_merged(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    ana("take", ticket_id, now=LATER)
    luis("reply", ticket_id, "-m", "Which tray?", "--wait", user="luis", now=LATEST)
    luis("sync", user="luis")
    result = ana("sync")
    assert "came from origin/main: 1 commit" in result.err
    assert "sent to origin/main: 1 commit" in result.err
    text = ana.file_of(ticket_id).read_text()
    assert all(part in text for part in ("status: waiting", "assignee: ana", "Which tray?"))
    assert status(ana) == ""
    assert ana.git("log", "-1", "--format=%s|%p").partition("|")[0] == (
        "sync: merge 1 commit from origin/main"
    )
    assert len(ana.git("log", "-1", "--format=%p").split()) == 2
    assert ana.git("log", "-1", "--format=%(trailers:key=Desk-Verb,valueonly)").strip() == "sync"
    ana("lint")
    luis("sync", user="luis")
    assert texts_of(ana) == texts_of(luis)


def test_the_merge_is_made_by_whoever_acts(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    ana("note", ticket_id, "-m", "x")
    ana("sync")
    luis("note", ticket_id, "-m", "y", user="luis")
    luis("sync", user="luis")
    assert luis.git("log", "-1", "--format=%an|%cn").strip() == "Luis Gil|Ana Ruiz"


def test_a_merge_that_cannot_be_signed_is_not_made(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    ana("note", ticket_id, "-m", "x")
    ana("sync")
    luis("note", ticket_id, "-m", "y", user="luis")
    luis.git("config", "commit.gpgSign", "true")
    luis.git("config", "gpg.program", "false")
    head = luis.git("rev-parse", "HEAD")
    assert "gpg failed to sign the data" in luis("sync", user="luis", code=7).err
    assert luis.git("rev-parse", "HEAD") == head
    assert status(luis) == ""


def test_what_git_will_not_take_along_is_not_tried_for_ever(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "y", user="luis")
    luis("sync", user="luis")
    ana.git("config", "merge.verifySignatures", "true")
    assert "does not have a GPG signature" in ana("sync", code=7).err
    assert status(ana) == ""
    assert "stopped" not in ana("tag", ticket_id, "loud").err


@pytest.mark.parametrize("can_ask", [True, False])
def test_without_a_terminal_nobody_is_asked(two: tuple[Shell, Shell, str], can_ask: bool) -> None:
    ana, _, _ = two
    seen = written_down(ana)
    ana("sync", terminal=can_ask)
    told = seen.read_text()
    assert ("prompt=0" in told) != can_ask
    assert ("ssh -oBatchMode=yes" in told) != can_ask


def written_down(shell: Shell) -> Path:
    """Let the remote be reached through a program that writes down what git tells it."""
    seen = shell.folder.parent / "seen"
    helper = shell.folder.parent / "bin" / "git-upload-pack"
    helper.parent.mkdir()
    helper.write_text(
        f'#!/bin/sh\necho "prompt=$GIT_TERMINAL_PROMPT $GIT_SSH_COMMAND" > {seen}\n'
        'exec git upload-pack "$@"\n'
    )
    helper.chmod(0o755)
    shell.git("config", "remote.origin.uploadpack", str(helper))
    return seen


def test_an_agent_hears_what_others_did_to_their_tickets(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    ana("take", ticket_id, now=LATER)
    ana("sync")
    luis("sync", user="luis")
    luis("resolve", ticket_id, "-m", "Cleaned \x1b[31mit.", user="luis", now=LATEST)
    luis("sync", user="luis")
    result = ana("sync")
    assert f"(1 resolved by luis: {ticket_id})" in result.err
    assert (
        f"yours: {ticket_id} Printer jams: luis replied, status resolved, resolution fixed"
        in result.err
    )
    assert "yours" not in luis("sync", user="luis").err


def test_a_dry_run_tells_and_touches_nothing(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis("reply", ticket_id, "-m", "Which tray?", user="luis", now=LATER)
    luis("sync", user="luis")
    ana("note", ticket_id, "-m", "x", now=LATEST)
    head = ana.git("rev-parse", "HEAD")
    result = ana("sync", "-n")
    assert f"would come from origin/main: 1 commit (1 reply on {ticket_id} from luis)" in result.err
    assert "would go to origin/main: 1 commit" in result.err
    assert ana.git("rev-parse", "HEAD") == head
    assert status(ana) == ""
    assert "Which tray?" not in ana.file_of(ticket_id).read_text()
    assert "came from" in ana("sync").err


def test_json_says_it_all(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    new = luis.id("new", "VPN is down", user="luis")
    luis("reply", ticket_id, "-m", "Which tray?", user="luis", now=LATER)
    luis("sync", user="luis")
    ana("take", ticket_id, now=LATEST)
    told = json.loads(ana("sync", "-o", "json", "-q").out)
    assert told["schema"] == "desk.sync/1"
    assert (told["remote"], told["branch"], told["is_merged"]) == ("origin", "main", True)
    assert told["received"]["commits"] == 2
    assert told["received"]["new"] == [new]
    changed = told["received"]["changed"][0]
    assert (changed["id"], changed["is_yours"]) == (ticket_id, True)
    assert changed["entries"] == [{"at": LATER, "by": "luis", "verb": "replied"}]
    assert told["sent"]["commits"] == 1
    assert told["refused"] is None


def test_no_push_only_takes(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "x", user="luis")
    assert "not sent yet to origin/main: 1 commit" in luis("sync", "--no-push", user="luis").err
    assert "nothing new" in ana("sync").err


def test_a_detached_head_is_refused(clones: Clones) -> None:
    clones.first.git("checkout", "--quiet", "--detach")
    assert "git switch main" in clones.first("sync", code=4).err


def test_a_merge_under_way_is_refused(two: tuple[Shell, Shell, str]) -> None:
    ana, _, _ = two
    (ana.folder / ".git" / "MERGE_HEAD").write_text(ana.git("rev-parse", "HEAD"))
    result = ana("sync", code=6)
    assert "a merge is under way; conclude it first: `desk mend`, then `git commit`" in result.err


def test_files_in_conflict_are_refused(two: tuple[Shell, Shell, str]) -> None:
    ana, _, ticket_id = two
    ana("note", ticket_id, "-m", "x", "--no-commit")
    ana.git("stash", "--quiet")
    ana("note", ticket_id, "-m", "y")
    ana.git("stash", "pop", code=1)
    assert "run `desk mend`" in ana("sync", code=6).err


def test_several_remotes_and_none_told(desk: Shell, tmp_path: Path) -> None:
    for name in ("one", "two"):
        desk.git("remote", "add", name, str(tmp_path / name))
    assert "git push -u REMOTE main" in desk("sync", code=4).err


def test_a_remote_that_is_not_there(desk: Shell, tmp_path: Path) -> None:
    desk.git("remote", "add", "origin", str(tmp_path / "nowhere"))
    result = desk("sync", code=7)
    assert "cannot fetch from origin" in result.err
    assert "does not appear to be a git repository" in result.err


def test_a_remote_called_like_an_option(two: tuple[Shell, Shell, str], tmp_path: Path) -> None:
    ana, _, ticket_id = two
    ana("note", ticket_id, "-m", "x")
    ana.git("config", "branch.main.remote", f"--upload-pack=touch {tmp_path}/ran")
    ana("sync", code=7)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("path", ["config.yaml", "kb/vpn.md"])
def test_what_only_people_can_settle_stops_before_anything_is_touched(
    two: tuple[Shell, Shell, str], path: str
) -> None:
    ana, luis, ticket_id = two
    before = (ana.folder / path).read_text() if path == "config.yaml" else "ACME IT\n"
    committed(ana, path, before.replace("ACME IT", "Ours"))
    ana("note", ticket_id, "-m", "Mine.")
    committed(luis, path, before.replace("ACME IT", "Theirs"))
    luis("note", ticket_id, "-m", "His.", user="luis")
    luis("sync", user="luis")
    head = ana.git("rev-parse", "HEAD")
    result = ana("sync", code=6)
    assert f"{path}: changed in the same lines" in result.err
    assert "git pull --no-rebase origin main" in result.err
    assert ana.git("rev-parse", "HEAD") == head
    assert status(ana) == ""
    # What it says to do does it.
    ana.git("pull", "--quiet", "--no-rebase", "origin", "main", code=1)
    ana("mend", code=6)
    (ana.folder / path).write_text(before)
    ana.git("add", path)
    ana.git("commit", "--quiet", "--no-edit")
    ana("sync")
    text = ana.file_of(ticket_id).read_text()
    assert "Mine." in text
    assert "His." in text


def test_what_mends_a_broken_config_yaml_can_come(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    good = (luis.folder / "config.yaml").read_text()
    committed(luis, "config.yaml", good.replace("priorities:", "prioritys:"))
    luis("sync", code=0)
    ana("sync")
    ana("show", ticket_id, code=5)
    committed(luis, "config.yaml", good)
    luis("sync")
    assert "config.yaml had problems when this began" in ana("sync").err
    ana("show", ticket_id)


def test_articles_changed_in_different_places_are_merged(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, _ = two
    lines = [f"line {number}\n" for number in range(20)]
    committed(ana, "kb/vpn.md", "".join(lines))
    ana("sync")
    luis("sync", user="luis")
    committed(ana, "kb/vpn.md", "".join(["ours\n", *lines[1:]]))
    committed(luis, "kb/vpn.md", "".join([*lines[:-1], "theirs\n"]))
    luis("sync", user="luis")
    assert "1 article changed" in ana("sync").err
    text = (ana.folder / "kb/vpn.md").read_text()
    assert text.startswith("ours\n")
    assert text.endswith("theirs\n")


@pytest.mark.parametrize("folder", ["", "kb/"])
def test_attributes_say_how_other_files_are_merged(
    two: tuple[Shell, Shell, str], folder: str
) -> None:
    ana, luis, _ = two
    committed(ana, f"{folder}.gitattributes", "*.txt merge=union\n")
    committed(ana, "kb/list.txt", "one\n")
    ana("sync")
    luis("sync", user="luis")
    committed(ana, "kb/list.txt", "one\nours\n")
    committed(luis, "kb/list.txt", "one\ntheirs\n")
    luis("sync", user="luis")
    ana("sync")
    assert set((ana.folder / "kb/list.txt").read_text().split()) == {"one", "ours", "theirs"}


def test_a_driver_of_ones_own_leaves_nothing_in_the_work_tree(
    two: tuple[Shell, Shell, str],
) -> None:
    from tests.cli.test_killed import started

    ana, luis, _ = two
    committed(ana, ".gitattributes", "*.txt merge=own\n")
    committed(ana, "list.txt", "one\n")
    ana("sync")
    luis("sync", user="luis")
    committed(ana, "list.txt", "ours\n")
    committed(luis, "list.txt", "theirs\n")
    luis("sync", user="luis")
    ana.git("config", "merge.own.driver", "kill -9 0")
    started(ana, "sync").wait()
    assert status(ana) == ""
    ana.git("config", "merge.own.driver", "cat %B >> %A")
    ana("sync")
    assert (ana.folder / "list.txt").read_text() == "ours\ntheirs\n"
    assert not list((ana.folder / ".git" / "desk").glob("scratch-*"))


def test_histories_that_have_nothing_in_common(clones: Clones, tmp_path: Path) -> None:
    other = tmp_path / "other"
    clones.first("init", str(other))
    shell = Shell(other, clones.first.monkeypatch)
    shell.git("remote", "add", "a;b", str(clones.remote))
    shell.git("config", "branch.main.remote", "a;b")
    shell.git("config", "branch.main.merge", "refs/heads/main")
    told = shell("sync", code=6).err
    assert "have no commit in common" in told
    assert "`git log 'a;b/main'`" in told and "-histories 'a;b' main`" in told


# -------------------------------------------------------------------------- dirty and staged files


def test_an_edit_by_hand_is_committed_first_and_merged(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "His.", user="luis", now=LATER)
    luis("sync", user="luis")
    path = ana.file_of(ticket_id)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    result = ana("sync")
    assert f"your edit of {ticket_id} was committed first, on its own" in result.err
    text = path.read_text()
    assert "priority: P1" in text
    assert "ana changed priority=P1" in text
    assert "His." in text
    assert status(ana) == ""


def test_an_edit_that_cannot_be_read_stops_it(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "His.", user="luis")
    luis("sync", user="luis")
    ana.file_of(ticket_id).write_text("Not a ticket.\n")
    assert "cannot be read" in ana("sync", code=4).err
    assert ana.file_of(ticket_id).read_text() == "Not a ticket.\n"


def test_what_is_dirty_and_not_in_the_way_stays(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    committed(ana, "notes.txt", "one\n")
    committed(ana, "other.txt", "one\n")
    ana("sync")
    luis("sync", user="luis")
    luis("note", ticket_id, "-m", "His.", user="luis")
    luis("sync", user="luis")
    (ana.folder / "notes.txt").write_text("dirty\n")
    (ana.folder / "other.txt").write_text("staged\n")
    ana.git("add", "other.txt")
    other = ana.id("new", "Not committed", "--no-commit")
    ana("sync")
    assert "His." in ana.file_of(ticket_id).read_text()
    assert status(ana).splitlines() == [
        " M notes.txt",
        "M  other.txt",
        f"?? tickets/2026/11/{other}.md",
    ]


@pytest.mark.parametrize("staged", [False, True])
def test_a_dirty_file_in_the_way_is_named(two: tuple[Shell, Shell, str], staged: bool) -> None:
    ana, luis, _ = two
    committed(luis, "config.yaml", (luis.folder / "config.yaml").read_text() + "# his\n")
    luis("sync", user="luis")
    config = ana.folder / "config.yaml"
    config.write_text(config.read_text() + "# mine\n")
    if staged:
        ana.git("add", "config.yaml")
    head = ana.git("rev-parse", "HEAD")
    result = ana("sync", code=6)
    assert result.err.startswith("config.yaml\n")
    assert "a file of yours is in the way, and nothing was touched" in result.err
    assert config.read_text().endswith("# mine\n")
    assert ana.git("rev-parse", "HEAD") == head
    ana("new", "Works on", "-q")


@pytest.mark.parametrize("ignored", [False, True])
def test_an_untracked_file_in_the_way_is_named(
    two: tuple[Shell, Shell, str], ignored: bool
) -> None:
    ana, luis, _ = two
    committed(luis, "kb/vpn.md", "his\n")
    luis("sync", user="luis")
    (ana.folder / "kb").mkdir()
    (ana.folder / "kb" / "vpn.md").write_text("mine\n")
    if ignored:
        (ana.folder / ".git" / "info").mkdir(exist_ok=True)
        (ana.folder / ".git" / "info" / "exclude").write_text("kb/\n")
    assert "kb/vpn.md" in ana("sync", code=6).err
    assert (ana.folder / "kb" / "vpn.md").read_text() == "mine\n"
    (ana.folder / "kb" / "vpn.md").write_text("his\n")
    ana("sync")
    assert status(ana) == ""


def test_a_file_where_a_folder_comes_is_named(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, _ = two
    committed(luis, "kb/vpn.md", "his\n")
    luis("sync", user="luis")
    (ana.folder / "kb").write_text("mine\n")
    assert "in the way" in ana("sync", code=6).err
    assert (ana.folder / "kb").read_text() == "mine\n"
    assert status(ana) == "?? kb\n"


def test_a_new_ticket_that_is_not_committed_meets_one_of_its_id(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    luis = clones.another("luis")
    count_ids(monkeypatch)
    luis("new", "VPN is down", user="luis", now=LATER)
    luis("sync", user="luis")
    count_ids(monkeypatch)
    mine = clones.first.id("new", "Printer jams", "--no-commit")
    clones.first("sync")
    assert "Printer jams" in clones.first.file_of(mine).read_text()
    assert len(texts_of(clones.first)) == 2


# ---------------------------------------------------------------------------- IDs claimed twice


def claimed_twice(clones: Clones, monkeypatch: pytest.MonkeyPatch) -> tuple[Shell, Shell, str]:
    """Let Ana and Luis open different tickets of one ID; Luis', the younger, is sent first."""
    luis = clones.another("luis")
    count_ids(monkeypatch)
    ticket_id = clones.first.id("new", "Printer jams", "-d", "Ours.")
    count_ids(monkeypatch)
    luis("new", "VPN is down", "-d", "Theirs.", user="luis", now=LATER)
    luis("sync", user="luis")
    return clones.first, luis, ticket_id


def younger_of(shell: Shell, ticket_id: str) -> Path:
    return next(path for path in shell.folder.glob("tickets/*/*/*.md") if path.stem != ticket_id)


def test_an_id_claimed_twice_is_the_older_tickets(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    result = ana("sync")
    younger = younger_of(ana, ticket_id)
    assert f"two tickets were called {ticket_id}: the younger one is {younger.stem}" in result.err
    assert "title: Printer jams" in ana.file_of(ticket_id).read_text()
    assert f"former_ids: [{ticket_id}]" in younger.read_text()
    luis("sync", user="luis")
    assert texts_of(ana) == texts_of(luis)
    ana("lint")
    # The old ID names the ticket that has it; the other one is found by its own.
    assert "VPN is down" in ana("show", younger.stem).out


def test_what_is_said_meanwhile_on_the_younger_ticket_stays_with_it(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    ana("sync")
    luis("note", ticket_id, "-m", "On the VPN.", user="luis", now=LATEST)
    luis("sync", user="luis")
    ana("sync")
    assert texts_of(ana) == texts_of(luis)
    younger = younger_of(ana, ticket_id)
    assert "On the VPN." in younger.read_text()
    assert "On the VPN." not in ana.file_of(ticket_id).read_text()
    assert len(texts_of(ana)) == 2


def test_three_clones_settle_an_id_claimed_twice_alike(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    eva = clones.another("eva")
    eva("note", ticket_id, "-m", "Eva's, on the VPN.", user="eva", now=LATEST)
    ana("note", ticket_id, "-m", "On the printer.", now=LATEST)
    ana("sync")
    for shell, user in ((eva, "eva"), (luis, "luis"), (ana, "ana")):
        shell("sync", user=user)
    assert texts_of(ana) == texts_of(luis) == texts_of(eva)
    assert "Eva's" in younger_of(ana, ticket_id).read_text()
    assert "On the printer." in ana.file_of(ticket_id).read_text()


def test_the_same_import_in_two_clones_is_one_ticket(clones: Clones) -> None:
    rows = "nr,opened,title\n1,2026-11-01 10:00:00,Ticket\n"
    table = clones.remote.parent / "t.csv"
    table.write_text(rows)
    (clones.remote.parent / "t.map.yaml").write_text(
        "rows: tickets\nkey: nr\nat: opened\nticket: {title: '{title}', requester: Maria}\n"
    )
    luis = clones.another("luis")
    for shell in (clones.first, luis):
        shell("import", "csv", "../t.csv", "--map", "../t.map.yaml")
        (path,) = texts_of(shell)
        shell("note", Path(path).stem, "-m", shell.folder.name)
    luis("sync")
    clones.first("sync")
    (text,) = texts_of(clones.first).values()
    assert text.count(b" noted") == 2


def test_attachments_of_one_name_are_both_kept(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    for shell in (ana, luis):
        (shell.folder.parent / "screen.png").write_text(shell.folder.name)
        shell("attach", ticket_id, "../screen.png")
        if shell is luis:
            shell("sync")
    ana("sync")
    ana("sync")
    luis("sync")
    folder = ana.file_of(ticket_id).with_suffix("")
    assert sorted(path.read_text() for path in folder.iterdir()) == ["hd", "luis"]
    assert texts_of(ana).keys() == texts_of(luis).keys()


def test_a_ticket_removed_there_and_changed_here_stays(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis.git("rm", "--quiet", f"tickets/2026/11/{ticket_id}.md")
    luis.git("commit", "--quiet", "-m", "gone")
    luis("sync", user="luis")
    ana("note", ticket_id, "-m", "Needed.")
    ana("sync")
    luis("sync", user="luis")
    assert "Needed." in luis.file_of(ticket_id).read_text()


def test_a_ticket_removed_there_and_not_changed_here_goes(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    luis.git("rm", "--quiet", f"tickets/2026/11/{ticket_id}.md")
    luis.git("commit", "--quiet", "-m", "gone")
    luis("sync", user="luis")
    assert "1 removed" in ana("sync").err
    assert texts_of(ana) == {}


# ------------------------------------------------------------------------- remotes that say no


@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_a_protected_branch(two: tuple[Shell, Shell, str], clones: Clones, name: str) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "His.", user="luis")
    luis("sync", user="luis")
    hook(clones.remote, name, "echo 'no \033[31mpushes to main' >&2; exit 1")
    ana("note", ticket_id, "-m", "Mine.")
    result = ana("sync", code=7)
    assert "came from origin/main: 1 commit" in result.err
    assert "not sent yet to origin/main: 1 commit" in result.err
    assert "main: [remote rejected] (" in result.err
    assert not re.search("[0-9a-f]{40}", result.err)
    assert "pushes to main" in result.err
    assert "\033" not in result.err
    assert "git push origin HEAD:NAME" in result.err
    text = ana.file_of(ticket_id).read_text()
    assert "His." in text
    assert "Mine." in text
    assert status(ana) == ""


def test_a_hook_of_ones_own_that_refuses_to_push(two: tuple[Shell, Shell, str]) -> None:
    ana, _, ticket_id = two
    hook(ana.folder / ".git", "pre-push", "echo not today >&2; exit 1")
    ana("note", ticket_id, "-m", "Mine.")
    result = ana("sync", code=7)
    assert "not today" in result.err
    assert "cannot send to origin" in result.err


def test_a_remote_that_moves_twenty_times_meanwhile(
    two: tuple[Shell, Shell, str], clones: Clones
) -> None:
    """Each push of Ana's is preceded by one of somebody else's, twenty times."""
    ana, luis, ticket_id = two
    for number in range(20):
        luis("note", ticket_id, "-m", f"His {number}.", user="luis")
    tips = luis.git("rev-list", "--reverse", "origin/main..main").split()
    luis.git("push", "--quiet", "origin", "main:refs/heads/aside")
    (clones.remote / "tips").write_text("\n".join(tips) + "\n")
    hook(
        ana.folder / ".git",
        "pre-push",
        f'cd {clones.remote}; tip=$(head -n 1 tips); [ -z "$tip" ] && exit 0; '
        "sed -i 1d tips; unset GIT_DIR; "
        'old=$(git rev-parse main); new=$(git commit-tree "$tip^{tree}" -p "$old" -m moved); '
        'git update-ref refs/heads/main "$new"',
    )
    ana("note", ticket_id, "-m", "Mine.", now=LATER)
    told = json.loads(ana("sync", "-o", "json").out)
    assert told["tries"] == 21
    assert told["refused"] is None
    luis.git("fetch", "--quiet")
    assert ana.git("rev-parse", "HEAD") == run("rev-parse", "main", cwd=clones.remote)
    text = ana.file_of(ticket_id).read_text()
    assert "Mine." in text
    assert all(f"His {number}." in text for number in range(20))


def test_a_remote_that_never_stands_still(
    two: tuple[Shell, Shell, str], clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _, ticket_id = two
    monkeypatch.setattr("desk.services.syncing.MOST_TRIES", 3)
    hook(
        ana.folder / ".git",
        "pre-push",
        f"cd {clones.remote}; unset GIT_DIR; "
        'new=$(git commit-tree "main^{tree}" -p main -m moved); '
        'git update-ref refs/heads/main "$new"',
    )
    ana("note", ticket_id, "-m", "Mine.", now=LATER)
    assert "moved again and again" in ana("sync", code=6).err


# --------------------------------------------------------------------- shallow, criss-cross, sub


def test_a_shallow_clone_is_deepened(two: tuple[Shell, Shell, str], clones: Clones) -> None:
    """The branch there comes from a commit that the clone has cut off."""
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "Aside.", user="luis", now=LATER)
    luis.git("push", "--quiet", "origin", "main:aside")
    for number in range(4):
        ana("note", ticket_id, "-m", f"Number {number}.")
    ana("sync")
    shallow = clones.another("shallow", "--depth=1")
    shallow("note", ticket_id, "-m", "Shallow.", now=LATEST)
    shallow.git("config", "branch.main.merge", "refs/heads/aside")
    shallow("sync")
    (text,) = texts_of(shallow).values()
    assert all(part in text for part in (b"Aside.", b"Number 3.", b"Shallow."))
    assert text.count(b" opened ") == 1


def test_a_criss_cross_is_merged_alike_on_both_sides(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    ana("reply", ticket_id, "-m", "Hers.", now=LATER)
    luis("note", ticket_id, "-m", "His.", user="luis", now=LATEST)
    ana.git("push", "--quiet", "origin", "HEAD:refs/heads/ana")
    luis.git("push", "--quiet", "origin", "HEAD:refs/heads/luis")
    # Each takes the other's in before either has sent anything.
    for shell, other in ((ana, "luis"), (luis, "ana")):
        shell.git("fetch", "--quiet", "origin")
        shell("init", "--no-commit")
        shell.git("config", "branch.main.merge", f"refs/heads/{other}")
        shell("sync", "--no-push")
        shell.git("config", "branch.main.merge", "refs/heads/main")
    ana("tag", ticket_id, "loud", now="2026-11-22T12:00:00Z")
    luis("edit", ticket_id, "-p", "P1", user="luis", now="2026-11-22T12:00:01Z")
    luis("sync", user="luis")
    ana("sync")
    luis("sync", user="luis")
    assert texts_of(ana) == texts_of(luis)
    (text,) = texts_of(ana).values()
    assert text.count(b"Hers.") == text.count(b"His.") == 1
    assert b"priority: P1" in text
    assert b"tags: [loud]" in text


def test_a_help_desk_in_a_sub_folder(tmp_path: Path, desk: Shell) -> None:
    code = tmp_path / "code"
    run("init", "--quiet", str(code))
    desk("init", str(code / "help"), "--prefix", "HD")
    first = Shell(code / "help", desk.monkeypatch)
    run("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "r.git"))
    first.git("remote", "add", "origin", str(tmp_path / "r.git"))
    ticket_id = first.id("new", "Printer jams")
    first("sync")
    run("clone", "--quiet", str(tmp_path / "r.git"), str(tmp_path / "second"))
    second = Shell(tmp_path / "second" / "help", desk.monkeypatch)
    committed(second, "../src.c", "int x;\n")
    second("note", ticket_id, "-m", "Second.")
    second("sync")
    first("note", ticket_id, "-m", "First.", now=LATER)
    result = first("sync")
    assert f"(1 changed by ana: {ticket_id})" in result.err
    text = first.file_of(ticket_id).read_text()
    assert "First." in text
    assert "Second." in text
    assert (code / "src.c").exists()
    assert status(first) == ""


def test_the_driver_is_registered_and_quiet_is_quiet(two: tuple[Shell, Shell, str]) -> None:
    _, luis, ticket_id = two
    luis("note", ticket_id, "-m", "x", user="luis")
    result = luis("sync", "-q", user="luis")
    assert (result.out, result.err) == ("", "")
    assert "mend --driver %O %A %B" in luis.git("config", "--local", "merge.desk.driver")
    assert luis.git("config", "--local", "merge.renames").strip() == "false"
