"""Git looks for changes while a command is still loading; of that, only `nothing` is taken."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.domain.instants import parse_instant
from desk.services.desk import Desk, open_desk
from desk.services.looking_ahead import look_ahead
from desk.services.reading import find
from tests.conftest import NOW, Shell


@pytest.fixture
def kept(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Two tickets, in an index that is in step."""
    monkeypatch.setattr("desk.storage.freshness.RACY_NANOSECONDS", 0)
    for title in ("Printer", "Scanner"):
        desk.id("new", title)
    desk("list")
    return desk


def opened(desk: Shell) -> Desk:
    return open_desk(desk.folder, parse_instant(NOW))


def ahead(desk: Shell) -> Desk:
    """Open the help desk as a command does that asks the index."""
    repository = look_ahead(desk.folder)
    return replace(opened(desk), ahead=repository)


def titles(desk: Desk) -> list[str]:
    return [found.ticket.title for found in find(desk, "sort:created,title").shown]


def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of git's commands, as they are started from now on."""
    names: list[str] = []
    popen = subprocess.Popen

    def noted(arguments: list[str], **options: object) -> object:
        names.append(next(each for each in arguments[1:] if each in ("rev-parse", "status")))
        return popen(arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", noted)
    return names


def test_where_nothing_changed_git_is_asked_twice(
    kept: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = started(monkeypatch)
    early = ahead(kept)
    assert names == ["rev-parse", "status"]
    assert titles(early) == ["Printer", "Scanner"]
    assert names == ["rev-parse", "status"]
    assert titles(early) == ["Printer", "Scanner"]  # what was begun is good for one answer
    assert names == ["rev-parse", "status", "rev-parse", "status"]


def edit(desk: Shell) -> None:
    path = min(desk.folder.glob("tickets/*/*/*.md"))
    path.write_text(path.read_text().replace("title: ", "title: The "))


def commit(desk: Shell) -> None:
    edit(desk)
    desk.git("commit", "--quiet", "--all", "--message", "by hand")


def list_dirty(desk: Shell) -> None:
    """An index that knows a later state than git saw, which is then taken back."""
    edit(desk)
    desk("list")
    desk.git("checkout", "--quiet", ".")


@pytest.mark.parametrize("change", [edit, commit, list_dirty])
def test_what_changes_meanwhile_is_seen_at_the_latest_by_the_next(
    kept: Shell, change: Callable[[Shell], None]
) -> None:
    early = ahead(kept)
    early.repository.start(["status"])  # by now, git has begun
    change(kept)
    before = titles(early)
    assert len(before) == 2
    now = sorted(
        path.read_text().split("title: ")[1].split("\n")[0]
        for path in kept.folder.glob("tickets/*/*/*.md")
    )
    assert sorted(titles(opened(kept))) == now
    assert sorted(titles(opened(kept))) == now


def test_what_nobody_asked_for_is_stopped(kept: Shell) -> None:
    early = ahead(kept)
    early.repository.stop_begun()
    assert titles(early) == ["Printer", "Scanner"]


def test_a_refused_command_leaves_no_git_behind(kept: Shell) -> None:
    kept("list", "status:nonsense", code=2)
