"""`desk doctor`: what is wrong with a clone, one thing at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from desk.services.setup import ATTRIBUTES
from tests.conftest import Shell


@pytest.fixture
def well(desk: Shell) -> Shell:
    """A clone with which nothing is wrong."""
    (desk.folder / ".gitattributes").write_text(ATTRIBUTES)
    desk("doctor")
    return desk


def signs(desk: Shell, code: int = 0) -> dict[str, str]:
    told = json.loads(desk("doctor", "-n", "-o", "json", code=code).out)
    assert told["schema"] == "desk.doctor/1"
    assert told["is_well"] == (code == 0)
    return {sign["code"]: sign["state"] for sign in told["signs"]}


def test_all_is_well(well: Shell) -> None:
    found = signs(well)
    assert set(found.values()) == {"fine"}
    assert "fine     you are ana (agent)" in well("doctor").out


def test_the_driver_is_registered_and_a_dry_run_only_says_so(desk: Shell) -> None:
    (desk.folder / ".gitattributes").write_text(ATTRIBUTES)
    assert signs(desk, code=1)["driver"] == "problem"
    assert "mended   Git merges tickets by desk" in desk("doctor").out
    assert signs(desk)["driver"] == "fine"


def _write(path: str, text: str = "") -> Callable[[Shell], None]:
    def write(desk: Shell) -> None:
        (desk.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / path).write_text(text)

    return write


def _old_lock(desk: Shell) -> None:
    lock = desk.folder / ".git" / "index.lock"
    lock.write_text("")
    os.utime(lock, (0, 0))


def _conflict(desk: Shell) -> None:
    ticket_id = desk.id("new", "Printer jams")
    desk("note", ticket_id, "-m", "x", "--no-commit")
    desk.git("config", "merge.desk.driver", "false")
    desk.git("stash", "--quiet")
    desk("note", ticket_id, "-m", "y")
    desk.git("stash", "pop", code=1)
    desk("init", "--no-commit")


@pytest.mark.parametrize(
    ("make", "code", "state"),
    [
        (_write("config.yaml", "desk: {format: 2}\n"), "config", "problem"),
        (_write(".gitattributes"), "attributes", "problem"),
        (_old_lock, "lock", "problem"),
        (_conflict, "conflict", "problem"),
        (_write(".git/desk/refused/x/y.md", "text"), "kept", "hint"),
        (_write(".git/desk/advance", '{"old": "a", "new": "b"}'), "stopped", "hint"),
        (_write(".git/desk/index.sqlite", "no database" * 1000), "index", "hint"),
        (lambda desk: desk.git("config", "user.email", "x@y.example"), "identity", "hint"),
        (lambda desk: desk.git("config", "user.email", "olga@acme.example"), "identity", "problem"),
        (lambda desk: desk.git("checkout", "--quiet", "--detach"), "detached", "hint"),
    ],
)
def test_what_is_wrong_is_named(
    well: Shell, make: Callable[[Shell], object], code: str, state: str
) -> None:
    make(well)
    assert signs(well, code=1 if state == "problem" else 0)[code] == state


def test_large_help_desks_hear_of_what_makes_git_quick(
    well: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    well.id("new", "Printer jams")
    monkeypatch.setattr("desk.services.doctoring.MANY_TICKETS", 1)
    monkeypatch.setattr("desk.services.doctoring.MANY_COMMITS", 1)
    found = signs(well)
    assert found["untracked-cache"] == found["commit-graph"] == "hint"
    well.git("config", "core.untrackedCache", "true")
    well.git("commit-graph", "write", "--reachable", "--changed-paths")
    assert not {"untracked-cache", "commit-graph"} & signs(well).keys()


def test_an_old_git_is_named(well: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.storage.upkeep.git_version", lambda folder: (2, 30, 1))
    assert "problem  Git 2.30.1 is too old; install git 2.38" in well("doctor", code=1).out
