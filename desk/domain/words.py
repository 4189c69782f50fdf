"""Words and texts compared the way people compare them: case and accents make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def folded(text: str) -> str:
    """Return `text` for comparing whole values: without differences of case or normal form."""
    if text.isascii():
        return text.lower()
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


def _letters(text: str) -> str:
    if not text.isascii():
        # Once the few accented letters of most texts are gone, the rest takes the quick way.
        text = _FOREIGN.sub(_fold_run, unicodedata.normalize("NFC", text))
    return text.translate(_FOLDING)


def _fold_run(match: re.Match[str]) -> str:
    return match[0].translate(_FOLDING)


_FOREIGN = re.compile(r"[^\x00-\x7f]+")


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
