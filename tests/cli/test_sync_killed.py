"""`desk sync` stopped anywhere, and run again: nothing is lost, nothing is left half done."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.cli.test_killed import ROOT, hook, killed_in_hook, started, wait_for
from tests.clones import Clones, committed, status, texts_of
from tests.conftest import Shell

LATER = "2026-11-22T10:00:00Z"
LATEST = "2026-11-22T11:00:00Z"
FILES = 4
PROGRAM = """
import os, sys
from desk.cli.main import run_program
from desk.storage import changeover

real, left = changeover.put, [int(sys.argv[1])]

def put(*arguments):
    if not left[0]:
        os.killpg(0, 9)
    left[0] -= 1
    return real(*arguments)

changeover.put = put
run_program(sys.argv[2:])
"""


@pytest.fixture
def two(desk: Shell) -> tuple[Shell, Shell, str]:
    """Ana, and Luis, who has sent what meets hers: a note on the same ticket, and a new one."""
    clones = Clones(desk)
    ticket_id = desk.id("new", "Printer jams")
    desk.id("new", "Another one")
    desk("sync")
    luis = clones.another("luis")
    luis("note", ticket_id, "-m", "His.", user="luis", now=LATER)
    luis("new", "VPN is down", user="luis", now=LATER)
    committed(luis, "kb/a.txt", "text\n")
    committed(luis, "zz.txt", "text\n")
    luis("sync", user="luis")
    desk("note", ticket_id, "-m", "Hers.", now=LATEST)
    return desk, luis, ticket_id


def killed(desk: Shell, *arguments: str, files: int = 2) -> None:
    """Run a command that is killed, with all that it started, when so many files of those that came
    have taken their places."""
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(files), *arguments],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def check(ana: Shell, luis: Shell, ticket_id: str) -> None:
    """Both have everything, once."""
    luis("sync", user="luis")
    assert texts_of(ana) == texts_of(luis)
    text = ana.file_of(ticket_id).read_text()
    assert text.count("His.") == text.count("Hers.") == 1
    assert len(texts_of(ana)) == 3
    assert status(ana) == ""
    assert not list((ana.folder / ".git").glob("*.lock"))
    assert not (ana.folder / ".git" / "desk" / "advance").exists()


@pytest.mark.parametrize("files", range(FILES))
def test_killed_while_the_files_take_their_places(
    two: tuple[Shell, Shell, str], files: int
) -> None:
    ana, luis, ticket_id = two
    head = ana.git("rev-parse", "HEAD")
    killed(ana, "sync", files=files)
    assert ana.git("rev-parse", "HEAD") == head
    new = _noted(ana)
    paths = ana.git("diff", "--name-only", "HEAD", new).split()
    assert len(paths) == FILES
    came = {path for path in paths if _has(ana, path, new)}
    assert len(came) == files
    assert all(_has(ana, path, "HEAD") for path in set(paths) - came)
    result = ana("sync")
    assert "a `desk sync` that was stopped is finished now" in result.err
    check(ana, luis, ticket_id)


def _has(shell: Shell, path: str, commit: str) -> bool:
    """Tell whether a path is on disk exactly as in a commit, there or not there."""
    target = shell.folder / path
    there = shell.git("ls-tree", "--name-only", commit, path)
    if not there or not target.exists():
        return not there and not target.exists()
    return target.read_text() == shell.git("show", f"{commit}:{path}")


def test_killed_while_git_moves_the_branch(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    head = ana.git("rev-parse", "HEAD")
    path = hook(
        ana, "reference-transaction", "[ -e .git/desk/advance ] && kill -9 0 && sleep 5; exit 0"
    )
    started(ana, "sync").wait()
    path.unlink()
    assert ana.git("rev-parse", "HEAD") == head
    assert _has(ana, "zz.txt", _noted(ana))
    assert "a `desk sync` that was stopped is finished now" in ana("sync").err
    check(ana, luis, ticket_id)


@pytest.mark.parametrize("next_one", [("sync",), ("tag", "HD-2611", "loud")])
def test_killed_while_git_writes_down_what_it_fetched(
    two: tuple[Shell, Shell, str], next_one: tuple[str, ...]
) -> None:
    ana, luis, ticket_id = two
    hook(ana, "reference-transaction", "kill -9 0; sleep 5")
    started(ana, "sync").wait()
    (ana.folder / ".git" / "hooks" / "reference-transaction").unlink()
    locks = [ana.folder / ".git" / name for name in ("packed-refs.lock", "config.lock")]
    locks += [ana.folder / ".git" / "refs" / "desk" / "fetched-1.lock"]
    for lock in locks:
        lock.parent.mkdir(exist_ok=True)
        lock.write_text("")
    ana(*(word.replace("HD-2611", ticket_id) for word in next_one), now=LATEST)
    assert not any(lock.exists() for lock in locks)
    assert ana.git("for-each-ref", "refs/desk") == ""
    assert not list((ana.folder / ".git" / "desk").glob("syncing-*"))
    ana("sync")
    check(ana, luis, ticket_id)


def test_a_sync_at_work_keeps_its_locks(two: tuple[Shell, Shell, str]) -> None:
    ana, _, ticket_id = two
    begun, go_on = ana.folder.parent / "begun", ana.folder.parent / "go-on"
    path = hook(
        ana,
        "reference-transaction",
        f"[ $1 = prepared ] || exit 0; touch {begun}; while [ ! -e {go_on} ]; do sleep 0.1; done",
    )
    process = started(ana, "sync")
    wait_for(begun.exists)
    locks = list((ana.folder / ".git").rglob("*.lock"))
    path.unlink()
    ana("note", ticket_id, "-m", "x", "--no-commit", now=LATEST)
    assert locks
    assert all(lock.exists() for lock in locks)
    assert list((ana.folder / ".git" / "desk").glob("syncing-*"))
    go_on.touch()
    process.wait()
    assert not list((ana.folder / ".git" / "desk").glob("syncing-*"))


def test_the_next_command_that_writes_finishes_it(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    killed(ana, "sync")
    (ana.folder / ".git" / "refs" / "heads" / "main.lock").write_text("")
    (ana.folder / ".git" / "HEAD.lock").write_text("")
    result = ana("tag", ticket_id, "loud", now="2026-11-22T12:00:00Z")
    assert "a `desk sync` that was stopped is finished now" in result.err
    assert status(ana) == ""
    ana("sync")
    check(ana, luis, ticket_id)


def test_a_file_that_somebody_cut_short_since_is_theirs(two: tuple[Shell, Shell, str]) -> None:
    ana, _, ticket_id = two
    killed(ana, "sync", files=FILES - 1)
    path = ana.file_of(ticket_id)
    assert "His." in path.read_text()
    path.write_bytes(path.read_bytes()[:200])
    assert "a `desk sync` that was stopped is left undone" in ana("sync", code=4).err
    assert path.stat().st_size == 200
    assert status(ana) == f" M tickets/2026/11/{ticket_id}.md\n"


def test_a_file_that_is_gone_is_written_anew(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    killed(ana, "sync")
    ana.file_of(ticket_id).unlink()
    ana("sync")
    check(ana, luis, ticket_id)


def _noted(shell: Shell) -> str:
    import json

    note = (shell.folder / ".git" / "desk" / "advance").read_text()
    new: str = json.loads(note)["new"]
    return new


def test_what_somebody_changed_since_is_left_and_taken_up(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    killed(ana, "sync")
    path = ana.file_of(ticket_id)
    path.write_text(path.read_text() + "\n## 2026-11-22T12:00:00Z ana noted\n\nPrecious.\n")
    result = ana("sync")
    assert "a `desk sync` that was stopped is left undone" in result.err
    assert "Precious." in path.read_text()
    ana("sync")
    luis("sync", user="luis")
    assert texts_of(ana) == texts_of(luis)
    assert "Precious." in luis.file_of(ticket_id).read_text()


@pytest.mark.parametrize("name", ["post-merge", "pre-push"])
def test_killed_in_a_hook(two: tuple[Shell, Shell, str], name: str) -> None:
    ana, luis, ticket_id = two
    killed_in_hook(ana, name, "sync")
    ana("sync")
    check(ana, luis, ticket_id)


STEPS = [
    "desk.storage.remotes.fetch",
    "desk.services.syncing.merge_commits",
    "desk.services.merging.merge_rest",
    "desk.services.merging.write_blobs",
    "desk.services.merging.tree_with",
    "desk.services.syncing.commit_merge",
    "desk.services.syncing.advance",
    "desk.storage.advance._note",
    "desk.storage.changeover.make_ready",
    "desk.storage.changeover.put",
    "desk.storage.advance._change_over",
    "desk.storage.advance._fast_forward",
    "desk.storage.advance.forget",
    "desk.storage.remotes.push",
    "desk.services.syncing.news_between",
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_at_any_step(
    two: tuple[Shell, Shell, str], monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    ana, luis, ticket_id = two
    module, _, name = step.rpartition(".")
    real: Callable[..., object] = getattr(importlib.import_module(module), name)

    def interrupted(*arguments: object, **options: object) -> None:
        if when == "after":
            real(*arguments, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, interrupted)
        ana("sync", code=130)
    ana("sync")
    check(ana, luis, ticket_id)


def test_two_clones_that_race_lose_nothing(desk: Shell) -> None:
    clones = Clones(desk)
    ticket_id = desk.id("new", "Printer jams")
    desk("sync")
    luis = clones.another("luis")
    for number in range(10):
        desk("note", ticket_id, "-m", f"Hers {number}.")
        luis("note", ticket_id, "-m", f"His {number}.", user="luis")
        racers = [started(desk, "sync"), started(luis, "sync", user="luis")]
        assert [process.wait() for process in racers] == [0, 0]
    desk("sync")
    luis("sync", user="luis")
    assert texts_of(desk) == texts_of(luis)
    text = desk.file_of(ticket_id).read_text()
    assert all(text.count(f"{who} {n}.") == 1 for who in ("Hers", "His") for n in range(10))


def test_commands_and_a_sync_at_once(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    processes = [started(ana, "note", ticket_id, "-m", f"Note {n}.") for n in range(3)]
    processes += [started(ana, "sync"), started(ana, "sync")]
    processes += [started(ana, "note", ticket_id, "-m", f"Note {n}.") for n in range(3, 6)]
    assert [process.wait() for process in processes] == [0] * len(processes)
    ana("sync")
    check(ana, luis, ticket_id)
    text = ana.file_of(ticket_id).read_text()
    assert all(text.count(f"Note {n}.") == 1 for n in range(6))


def test_a_desk_in_the_post_merge_hook_does_not_wait_for_itself(
    two: tuple[Shell, Shell, str],
) -> None:
    from tests.cli.test_killed import python

    ana, luis, ticket_id = two
    hook(ana, "post-merge", f"{python()} -m desk list > /dev/null; {python()} -m desk mend")
    ana("sync")
    check(ana, luis, ticket_id)
