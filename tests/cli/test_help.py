"""Help by topic and by command."""

from __future__ import annotations

import pytest

from desk.cli.help import TOPICS
from desk.cli.main import COMMANDS
from desk.domain.fields import FIELD
from desk.errors import EXIT_CODES
from tests.conftest import Result, Shell


def test_help_alone_lists_the_topics(library: Shell) -> None:
    lines = library("help").out.splitlines()
    assert lines[0] == "desk help TOPIC explains"
    assert [line.split()[0] for line in lines[1:]] == list(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_page(library: Shell, topic: str) -> None:
    shown = library("help", topic)
    assert shown.out.count("\n") > 5
    assert shown.err == ""
    assert library("help", topic.replace("-", "_").upper()) == shown


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("exit-codes", [f"| {code} |" for code in EXIT_CODES]),
        ("fields", [f"`{name}`" for name in FIELD]),
        ("environment", ["DESK_USER", "DESK_NOW", "DESK_DIR", "NO_COLOR", "FORCE_COLOR", "PAGER"]),
        ("formats", ["plain", "json", "jsonl", "csv", "ids", "md"]),
        ("query", ["`field:value`", "`sort:field", "`is:open`"]),
        ("workflow", ["take", "escalate", "reopen"]),
    ],
)
def test_a_topic_leaves_nothing_out(library: Shell, topic: str, words: list[str]) -> None:
    page = library("help", topic).out
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in TOPICS])
def test_help_of_a_command_is_its_own(library: Shell, name: str) -> None:
    assert library("help", name) == library(name, "--help")


def test_help_of_a_command_below_another(library: Shell) -> None:
    assert library("help", "config", "check") == library("config", "check", "--help")
    assert library("help", "sla", "explain") == library("sla", "explain", "--help")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["qeury"], "there is no help on `qeury`; did you mean `query`?"),
        (["resovle"], "there is no help on `resovle`; did you mean `resolve`?"),
        (["zzz"], "there is no help on `zzz`; `desk help` lists the topics"),
        (["list", "deeper"], "there is no help on `list deeper`; `desk help` lists the topics"),
    ],
)
def test_help_on_what_there_is_not(library: Shell, words: list[str], said: str) -> None:
    assert library("help", *words, code=3) == Result(3, "", f"desk: {said}\n")
