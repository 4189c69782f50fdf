"""Commands killed at a few of their steps, disks that are full, many who write at once: the short
form of `tests/crashes.py`."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crashes import COMMANDS, LATER, Scene, crash, crowd, environment
from tests.killing import ROOT, by_python

ROUNDS = 2


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One scene, to be copied."""
    return Scene(tmp_path_factory.mktemp("scene")).build()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_killed_leaves_what_the_next_one_brings_to_order(
    template: Scene, tmp_path: Path, command: str
) -> None:
    points, wrong = crash(template, command, tmp_path, by_python, ROUNDS)
    assert wrong == []
    assert points == ROUNDS


def limited(scene: Scene, size: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no file may grow beyond so many bytes, as on a disk that is full."""
    return subprocess.run(
        [sys.executable, "-m", "desk", *words],
        cwd=scene.ana,
        env={**environment(LATER), "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("size", [0, 3_000, 150_000])
def test_a_disk_that_is_full_shortens_no_file(template: Scene, tmp_path: Path, size: int) -> None:
    scene = template.copied(tmp_path / "scene")
    (scene.folder / "long").write_text("long " * 40_000)
    before = {path: path.read_bytes() for path in scene.ana.glob("tickets/*/*/*.md")}
    done = limited(scene, size, "reply", scene.ids[0], "-F", "../long")
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in scene.ana.glob("tickets/*/*/*.md")} == before
    assert scene.git("status", "--porcelain") == ""
    assert not list(scene.ana.rglob("*.desk-tmp"))
    scene.desk("note", scene.ids[0], "-m", "Room again.", now=LATER)
    scene.desk("lint")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("where", [".", "tickets/2026/11", ".git", ".git/objects"])
def test_a_folder_that_may_not_be_written_is_an_error(
    template: Scene, tmp_path: Path, where: str
) -> None:
    scene = template.copied(tmp_path / "scene")
    (scene.ana / where).chmod(0o555)
    try:
        done = limited(scene, resource.RLIM_INFINITY, "new", "Printer jams")
    finally:
        (scene.ana / where).chmod(0o755)
    assert done.returncode in ((0, 7) if where == "." else (7,)), done.stderr
    assert "Traceback" not in done.stderr
    assert scene.git("status", "--porcelain") == ""


def test_many_who_write_at_once_lose_nothing(template: Scene, tmp_path: Path) -> None:
    _, wrong = crowd(template.copied(tmp_path / "scene"), people=5, writes=3)
    assert wrong == []
