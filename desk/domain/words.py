"""Words and texts compared the way people compare them: case and accents make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from desk.domain.patterns import pattern


def folded(text: str) -> str:
    """Return `text` for comparing whole values: without differences of case or normal form."""
    if text.isascii():
        return text.lower()
    text = _with_few_marks(text)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def name_key(name: str) -> str:
    """Return a name for looking it up: case, and hyphen or underscore, make no difference."""
    return folded(name).replace("-", "_")


def natural_key(text: str) -> list[tuple[bool, int, str]]:
    """Return a key that sorts texts as people do: `agent2` before `agent10`."""
    parts = re.findall(r"[0-9]+|[^0-9]+", folded(text))
    return [
        (True, int(part), part) if part[0] in "0123456789" else (False, 0, part) for part in parts
    ]


def words(text: str) -> list[str]:
    """Return the words of a text, in order: its runs of letters, digits and the marks that belong
    to them, in lower case, without the accents of the European scripts."""
    return _letters(text).split()


class Letters(NamedTuple):
    """A text as `words` has its words, with blanks between them; `starts` says of each character
    where in the text it comes from, and last how long that is."""

    folded: str
    starts: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return from where to where a part of the folded text stands in the text."""
        return self.starts[start], max(self.starts[end], self.starts[start] + 1)


def letters_of(text: str) -> Letters:
    """Return the letters of a text in normal form C, with where they stand."""
    if all(len(_FOLDING[ord(character)]) == 1 for character in set(text)):
        return Letters(text.translate(_FOLDING), range(len(text) + 1))
    pieces = [_FOLDING[ord(character)] for character in text]
    starts = [place for place, piece in enumerate(pieces) for _ in piece]
    return Letters("".join(pieces), [*starts, len(text)])


def composed(text: str) -> str:
    """Return the text in normal form C, without what no reader sees of a run of marks."""
    return text if text.isascii() else unicodedata.normalize("NFC", _with_few_marks(text))


def searchable(text: str) -> str:
    """Return the words of a text with a blank before, between and after them.

    A phrase of whole words occurs in the text if and only if its own searchable form is part of
    this one. A full-text table of these forms finds the same, whatever its own idea of a letter.
    """
    return f" {' '.join(words(text))} "


def occurs(phrase: Sequence[str], text: str, prefix: bool = False) -> bool:
    """Tell whether the words of a phrase (`words` of it) stand side by side in a text, in this
    order; with `prefix`, the last one needs only to begin a word."""
    needle = f" {' '.join(phrase)}{'' if prefix else ' '}"
    if len(phrase) > 1:
        return needle in searchable(text)
    return needle in f" {_letters(text)} "


MAX_MARKS = 30
"""No language has more marks on one letter (Unicode's stream-safe form); to put a run of them in
order takes the square of its length."""

_LONG_RUN = pattern(rf"[^\x00-\u02ff]{{{MAX_MARKS + 1}}}")
"""What may be a run of too many marks: they all lie beyond the letters of the Latin scripts."""

_TOO_MANY = pattern(rf"(?<=m{{{MAX_MARKS}}})m+")


def _with_few_marks(text: str) -> str:
    """Return the text with the first `MAX_MARKS` marks of each run of them."""
    if not _LONG_RUN.search(text):
        return text
    pieces, place = [], 0
    for run in _TOO_MANY.finditer(text.translate(_IS_MARK)):
        pieces.append(text[place : run.start()])
        place = run.end()
    return "".join([*pieces, text[place:]])


class _Marks(dict[int, str]):
    """Whether a character is, or begins with, a mark that is put in order: `m`, else `-`."""

    def __missing__(self, code: int) -> str:
        first = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = result = "m" if unicodedata.combining(first) else "-"
        return result


_IS_MARK = _Marks()


def _letters(text: str) -> str:
    if not text.isascii():
        # Once the few accented letters of most texts are gone, the rest takes the quick way.
        text = _FOREIGN.sub(_fold_run, composed(text))
    return text.translate(_FOLDING)


def _fold_run(match: re.Match[str]) -> str:
    return match[0].translate(_FOLDING)


_FOREIGN = pattern(r"[^\x00-\x7f]+")


class _Folding(dict[int, str]):
    """What each character becomes in a word, worked out once for each that occurs."""

    def __missing__(self, code: int) -> str:
        self[code] = result = _fold(chr(code))
        return result


def _fold(character: str) -> str:
    if unicodedata.category(character)[0] not in "LN":
        return _fold_sign(character)
    letters = "".join(map(_fold_sign, unicodedata.normalize("NFKD", character)))
    return unicodedata.normalize("NFC", letters)


def _fold_sign(character: str) -> str:
    category = unicodedata.category(character)
    if "\u0300" <= character <= "\u036f" or "\ufe00" <= character <= "\ufe0f" or category == "Cf":
        return ""
    return character.casefold() if category[0] in "LNM" or category == "Co" else " "


_FOLDING = _Folding()
