"""`desk sync` stopped anywhere, and run again: nothing is lost, nothing is left half done."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

from tests.cli.test_killed import hook, killed_in_hook, started, wait_for
from tests.clones import Clones, committed, status, texts_of
from tests.conftest import Shell

LATER = "2026-11-22T10:00:00Z"
LATEST = "2026-11-22T11:00:00Z"
KILLED = {"before the tickets": "kb/a.txt", "after the tickets": "zz.txt"}


@pytest.fixture
def two(desk: Shell) -> tuple[Shell, Shell, str]:
    """Ana, and Luis, who has sent what meets hers: a note on the same ticket, and a new one."""
    clones = Clones(desk)
    ticket_id = desk.id("new", "Printer jams")
    desk.id("new", "Another one")
    committed(desk, ".gitattributes", "*.txt filter=deadly\n")
    desk("sync")
    luis = clones.another("luis")
    luis("note", ticket_id, "-m", "His.", user="luis", now=LATER)
    luis("new", "VPN is down", user="luis", now=LATER)
    for path in KILLED.values():
        committed(luis, path, "text\n")
    luis("sync", user="luis")
    desk("note", ticket_id, "-m", "Hers.", now=LATEST)
    return desk, luis, ticket_id


def killed(desk: Shell, *arguments: str) -> None:
    """Run a command that is killed while git writes a file into the work tree."""
    desk.git("config", "filter.deadly.smudge", "kill -9 0; sleep 5")
    started(desk, *arguments).wait()
    desk.git("config", "--unset", "filter.deadly.smudge")


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


@pytest.mark.parametrize("kept", KILLED)
def test_killed_while_git_writes_the_files(two: tuple[Shell, Shell, str], kept: str) -> None:
    ana, luis, ticket_id = two
    for name, path in KILLED.items():
        if name != kept:
            luis.git("rm", "--quiet", path)
    luis.git("commit", "--quiet", "-m", "one less")
    luis("sync", user="luis")
    head = ana.git("rev-parse", "HEAD")
    killed(ana, "sync")
    assert ana.git("rev-parse", "HEAD") == head
    assert (ana.folder / ".git" / "desk" / "advance").exists()
    result = ana("sync")
    assert "a `desk sync` that was stopped is finished now" in result.err
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


def test_files_of_which_git_wrote_a_part_are_written_anew(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    killed(ana, "sync")
    path = ana.file_of(ticket_id)
    merged = path.read_bytes()
    if b"His." not in merged:  # git had not come to it yet
        merged = ana.git("show", f"{_noted(ana)}:tickets/2026/11/{ticket_id}.md").encode()
    path.write_bytes(merged[:200])
    ana("sync")
    check(ana, luis, ticket_id)


def test_a_file_that_git_had_removed_is_written_anew(two: tuple[Shell, Shell, str]) -> None:
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
    "desk.storage.advance._index_as_new",
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
