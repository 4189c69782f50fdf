"""Reading sections, whatever they hold."""

from __future__ import annotations

from desk.domain.config.nodes import Pairs, Text
from desk.domain.config.reading import MOST_PROBLEMS, Problems, section_of
from tests.domain.config import problems_in


def test_there_is_an_end_to_the_problems_of_one_file() -> None:
    found = problems_in("".join(f"nam{place}: x\n" for place in range(MOST_PROBLEMS + 50)))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == f"-1:0: there may be more than these {MOST_PROBLEMS} problems"


def test_messages_are_fit_for_a_terminal_and_not_endless() -> None:
    [found] = problems_in('"a\\eb": x\n')
    assert found.startswith("1:1: `a\\u001bb` is no setting")
    [long] = problems_in(f"? {'x' * 5000}\n: y\n")
    assert len(long) < 500


def test_a_section_remembers_what_is_absent() -> None:
    problems = Problems("config.yaml")
    pairs = Pairs(((Text("commit"), Text("", is_absent=True)),))
    section = section_of(pairs, "git", problems, "git")
    assert section is not None
    assert section.text("commit", "auto") == "auto"
    assert problems.in_order() == ()
