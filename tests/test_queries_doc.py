"""Every example of docs/queries.md, run in this repository's own help desk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Shell, set_clean_environment
from tests.query_examples import PAGE, example_queries, with_views

ROOT = Path(__file__).parents[1]
NOW = "2026-11-20T09:15:00Z"
EXAMPLES = example_queries()
FINDING_NOTHING = {
    "desk list watchers:@me",
    "desk list is:at-risk",
    "desk list is:done sla.resolution:missed",
}
"""Examples that are right and find nothing here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tickets of this repository, in one of their own."""
    folder = tmp_path_factory.mktemp("queries") / "hd"
    shutil.copytree(ROOT / "tickets", folder / "tickets")
    (folder / "config.yaml").write_text(with_views((ROOT / "config.yaml").read_text()))
    with pytest.MonkeyPatch.context() as patch:
        set_clean_environment(patch, folder.parent / "home")
        shell = Shell(folder, patch)
        shell.git("init", "--quiet")
        shell.git("add", ".")
        shell.git("commit", "--quiet", "-m", "a help desk")
    return folder


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, example: str) -> None:
    desk = Shell(folder, monkeypatch)
    found = desk("list", *EXAMPLES[example], "-o", "ids", user="ana", now=NOW)
    assert found.err == ""
    assert bool(found.out) == (example not in FINDING_NOTHING)


def test_there_are_many_and_each_says_what_it_finds() -> None:
    assert len(EXAMPLES) >= 40
    for line in re.findall(r"^desk list .*", PAGE.read_text(), re.MULTILINE):
        if line.partition(" # ")[0].strip() in EXAMPLES and not line.endswith(" printer"):
            assert re.search(r"  # \w", line), line


def test_the_mistake_is_pointed_at_as_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.findall(r"```text\n\$ desk list (.*)\n((?:.*\n)*?)```", PAGE.read_text())
    ((words, said),) = shown
    assert Shell(folder, monkeypatch)("list", *words.split(), code=2).err == said
