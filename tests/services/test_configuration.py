"""Where the workspace lies in its repository, told without git."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.services.configuration import path_in_repository
from tests.conftest import Shell


def test_the_path_from_the_top_of_the_work_tree(desk: Shell) -> None:
    assert path_in_repository(desk.folder) == ""
    inner = desk.folder / "it" / "help desk"
    inner.mkdir(parents=True)
    assert path_in_repository(inner) == "it/help desk/"


def test_a_linked_work_tree_has_a_file_in_place_of_the_folder(desk: Shell) -> None:
    desk.git("worktree", "add", "--quiet", "../other")
    inner = desk.folder.parent / "other" / "helpdesk"
    inner.mkdir()
    assert path_in_repository(inner) == "helpdesk/"


def test_by_way_of_a_symbolic_link(desk: Shell) -> None:
    inner = desk.folder / "helpdesk"
    inner.mkdir()
    link = desk.folder.parent / "link"
    link.symlink_to(inner)
    assert path_in_repository(link) == "helpdesk/"


def test_outside_of_any_repository(tmp_path: Path) -> None:
    assert path_in_repository(tmp_path) == ""


def test_no_git_is_asked(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where git refuses a work tree that belongs to somebody else."""
    inner = desk.folder / "helpdesk"
    inner.mkdir()
    (desk.folder / "config.yaml").rename(inner / "config.yaml")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    desk.git("status", code=128)
    assert path_in_repository(inner) == "helpdesk/"
    found = desk("-C", "helpdesk", "sla", "check", "-o", "github")
    assert (found.out, found.code) == ("", 0)
