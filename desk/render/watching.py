"""A list that is shown again and again, as a whole screen."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain.texts import visible
from desk.render.columns import Column
from desk.render.lists import table
from desk.render.sentences import count_words
from desk.render.style import shortened, styled
from desk.services.watching import CHANGED, NEW, Look

_MOST_LINES = 5
"""So many lines of trouble at most are told above the list."""


def watch_screen(
    look: Look,
    heading: str,
    columns: Sequence[Column],
    size: tuple[int, int],
    has_color: bool,
    trouble: Sequence[str] = (),
    yields: bool = True,
    limit: int = 0,
) -> list[str]:
    """Return the lines of a screen of `size` (columns, lines) that shows a look: the heading, what
    is new, then as much of the list as there is room for.

    `trouble` is why it could not be looked again, or what is wrong with files; it takes the place
    of list.
    """
    width, height = size
    told = [shortened(visible(line), width) for line in trouble[:_MOST_LINES]]
    top = [styled(shortened(visible(heading), width), "bold", has_color)]
    room = max(1, height - len(top) - len(told) - 2)
    shown = look.listing.shown[: min(room, limit) if limit else room]
    top += [shortened(_summary(look, len(shown)), width), *told]
    now = look.desk.now
    listed = table(shown, columns, now, width, has_color, yields, look.marks) if shown else ""
    return [*top, *listed.rstrip("\n").split("\n")][:height]


def watch_heading(at: str, query_text: str, seconds: int) -> str:
    """Return the line above a watched list."""
    return f"{at}  every {seconds}s  {query_text or 'what is open'}"


def _summary(look: Look, shown: int) -> str:
    total = look.listing.total
    cut = f" ({shown:,} of them shown)" if shown < total else ""
    parts = [f"{count_words(total, 'ticket')}{cut}"]
    for mark, word in ((NEW, "new"), (CHANGED, "changed")):
        if number := look.marked(mark):
            parts.append(f"{mark} {number:,} {word}")
    if look.gone:
        parts.append(f"- {len(look.gone):,} gone: {', '.join(look.gone)}")
    return ", ".join(parts)
