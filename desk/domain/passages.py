"""Where the wanted words stand in a text: the passage to show of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from desk.domain.words import composed, letters_of

CUT = "…"
"""What stands for the text before and after a passage."""


class Wanted(Protocol):
    """Words side by side, in order; with `prefix`, the last needs only to begin a word."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words, as `desk.domain.words` has them."""

    @property
    def prefix(self) -> bool:
        """Whether the last one only begins a word."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text on one line, strange characters and all, and from where to where (`marks`,
    in order, apart from each other) the wanted words stand in it. Nothing wanted, no marks."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class _Hit(NamedTuple):
    start: int
    end: int
    phrase: int


def passage(text: str, phrases: Sequence[Wanted], width: int) -> Passage:
    """Return the part of a text, at most `width` characters, where the most of the phrases stand
    close together: the first of such parts, cut between words. Where there are none of them, it
    is the beginning of the text.
    """
    line = " ".join(composed(text).split())
    hits = _hits(line, phrases)
    first, last = _closest(hits, width - 2 * len(CUT))
    start, end = _around(line, first, last, width)
    before, after = CUT if start else "", CUT if end < len(line) else ""
    shift = len(before) - start
    marks = _joined(hit for hit in hits if start <= hit.start and hit.end <= end)
    return Passage(
        f"{before}{line[start:end]}{after}", tuple((a + shift, b + shift) for a, b in marks)
    )


def _hits(line: str, phrases: Sequence[Wanted]) -> list[_Hit]:
    """Return where the phrases stand, in the order in which they begin."""
    letters = letters_of(line)
    found = [
        _Hit(*letters.place(*match.span()), number)
        for number, phrase in enumerate(phrases)
        if phrase.words
        for match in _pattern(phrase.words, phrase.prefix).finditer(letters.folded)
    ]
    return sorted(found)


def _pattern(words: tuple[str, ...], prefix: bool) -> re.Pattern[str]:
    """Return what finds a phrase in folded letters."""
    return re.compile(
        f"(?<![^ ]){' +'.join(map(re.escape, words))}{'[^ ]*' if prefix else '(?![^ ])'}"
    )


def _closest(hits: Sequence[_Hit], room: int) -> tuple[int, int]:
    """Return from where to where the most different phrases stand within `room`; of several such
    places the shortest, then the first. Without hits it is the beginning of the text."""
    best = (0, 0, 0)
    found = (0, 0)
    counts: Counter[int] = Counter()
    left = 0
    for right, hit in enumerate(hits):
        counts[hit.phrase] += 1
        while left < right and (hit.end - hits[left].start > room or counts[hits[left].phrase] > 1):
            counts[hits[left].phrase] -= 1
            if not counts[hits[left].phrase]:
                del counts[hits[left].phrase]
            left += 1
        start, end = hits[left].start, hit.end
        rank = (-len(counts), end - start, start)
        if rank < best:
            best, found = rank, (start, end)
    return found


def _around(line: str, first: int, last: int, width: int) -> tuple[int, int]:
    """Return from where to where a passage goes that holds a part of a line, a third of the room
    that is left before it and the rest after it, cut between words where there is more than one."""
    if len(line) <= width:
        return 0, len(line)
    room = max(1, width - 2 * len(CUT))
    start = max(0, min(first - max(0, room - (last - first)) // 3, len(line) - room))
    end = start + room
    if start <= len(CUT):
        start, end = 0, max(1, width - len(CUT))
    elif end >= len(line) - len(CUT):
        start, end = len(line) - max(1, width - len(CUT)), len(line)
    if start and line[start - 1] != " ":
        blank = line.find(" ", start, first - 1)
        start = blank + 1 if blank >= 0 else start
    if end < len(line) and line[end] != " ":
        blank = line.rfind(" ", max(last, start) + 1, end)
        end = blank if blank > start else end
    return start, end


def _joined(hits: Iterable[_Hit]) -> list[tuple[int, int]]:
    """Return where marks are, those that touch each other as one."""
    marks: list[tuple[int, int]] = []
    for hit in hits:
        if marks and hit.start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(marks[-1][1], hit.end))
        else:
            marks.append((hit.start, hit.end))
    return marks
