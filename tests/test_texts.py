"""What the program tells people to type is there to be typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from desk.cli.help import TOPICS
from desk.cli.main import ALIASES, COMMANDS, program

SOURCE = Path(__file__).parents[1] / "desk"
_NAMED = re.compile(r"(?:`|\$ |^ {2,})desk ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)


def texts_of(path: Path) -> Iterator[str]:
    """Yield every text of a source file, or a whole other file."""
    if path.suffix != ".py":
        yield path.read_text()
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def unknown_in(text: str) -> set[str]:
    """Return the commands that a text names and that there are not."""
    context = click.Context(program, info_name="desk")
    unknown = set()
    for name, below in _NAMED.findall(text):
        if name not in COMMANDS and name not in ALIASES:
            unknown.add(name)
        elif below and isinstance(group := program.get_command(context, name), click.Group):
            unknown |= {f"{name} {below}"} - {f"{name} {each}" for each in group.commands}
    return unknown


FILES = sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_text_names_a_command_that_there_is_not(path: Path) -> None:
    for text in texts_of(path):
        assert not unknown_in(text), text


@pytest.mark.parametrize("topic", TOPICS)
def test_no_topic_names_a_command_that_there_is_not(topic: str) -> None:
    page = TOPICS[topic][1]()
    assert not unknown_in(page)
    assert not re.findall(r"`(?:report|kb|search|dashboard|sql)`", page.replace("| `kb` |", ""))


def test_a_command_that_there_is_not_is_found_out() -> None:
    assert unknown_in("see `desk shw`, `desk config show` and `desk config mend`") == {
        "shw",
        "config mend",
    }
