from __future__ import annotations

from desk.domain.passages import Passage
from desk.render.passages import passage_line

FOUND = Passage("The \x1b[2J printer jams", ((4, 15), (16, 20)))


def test_marks_are_bold_on_a_terminal_and_strange_characters_escaped() -> None:
    assert passage_line(FOUND, True) == "The \x1b[1m\\u001b[2J printe\x1b[0mr\x1b[1m jam\x1b[0ms"


def test_elsewhere_a_passage_is_plain_text() -> None:
    assert passage_line(FOUND, False) == "The \\u001b[2J printer jams"
