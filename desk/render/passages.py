"""Passages on the screen: what was looked for stands out."""

from __future__ import annotations

from desk.domain.passages import Passage
from desk.domain.texts import visible
from desk.render.style import styled


def passage_line(passage: Passage, has_color: bool) -> str:
    """Return a passage on one line, strange characters escaped; in colour, with its marks bold."""
    pieces, place = [], 0
    for start, end in passage.marks:
        pieces.append(visible(passage.text[place:start]))
        pieces.append(styled(visible(passage.text[start:end]), "bold", has_color))
        place = end
    return "".join([*pieces, visible(passage.text[place:])])
