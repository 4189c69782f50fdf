"""The documentation is in step with the program, and leaves nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.help import TOPICS
from desk.cli.main import ALIASES, COMMANDS
from desk.domain.settings_table import SETTINGS
from desk.render.reference import ENVIRONMENT
from tests.conftest import Shell

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_generated_pages_are_in_step() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    for name in COMMANDS:
        assert f"### desk {name}\n" in page


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "administration.md").read_text()
    for setting in SETTINGS:
        assert f"`{setting.path}`" in page


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs" / "administration.md").read_text()
    for names in ENVIRONMENT:
        for name in names.split(", "):
            assert name in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_pages_show_exist(page: Path) -> None:
    """In every shell block, what follows `desk` is a command or an option."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text(), re.DOTALL):
        for word in re.findall(r"(?:^|\| |\$ |&& )desk +([^\s]+)", block, re.MULTILINE):
            name = ALIASES.get(word, word)
            assert word.startswith("-") or name in COMMANDS, f"{page.name}: desk {word}"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_page(desk: Shell, topic: str) -> None:
    assert len(desk("help", topic).out) > 100


def test_every_command_has_an_example_in_its_help(desk: Shell) -> None:
    for name in COMMANDS:
        page = desk(name, "--help").out
        assert re.search(rf"Examples?:\n(?:.*\n)*? +.*desk.* {name}", page), name
