"""Full text finds what the words of a text say, and ranks what it finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desk.domain.words import occurs, words
from desk.storage.full_text import Phrase, all_of, any_of, ranked

PIECES = [
    "jam",
    "jamón",
    "JAM",
    "tray",
    "l'été",
    "漢字",
    "ÅNGSTRÖM",
    "-",
    "_",
    "\u0301",
    "ﬁle",
    "x1",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map(" ".join)


def test_a_word_in_the_title_counts_for_more_than_one_below_it() -> None:
    texts = {"below": ("Scanner", "the printer"), "title": ("Printer", "the scanner is fine")}
    assert ranked(texts, all_of([Phrase.of("printer")])) == ["title", "below"]


def test_accents_and_case_make_no_difference() -> None:
    texts = {"a": ("Jamón", ""), "b": ("JAMON serrano", ""), "c": ("ham", "")}
    assert set(ranked(texts, all_of([Phrase.of("jamón")]))) == {"a", "b"}


def test_any_of_and_nothing_at_all() -> None:
    texts = {"a": ("one", ""), "b": ("two", "")}
    assert ranked(texts, any_of([Phrase.of("one"), Phrase.of("tw", True)])) == ["a", "b"]
    assert ranked(texts, any_of([])) == []
    assert ranked({}, any_of([Phrase.of("one")])) == []


@given(TEXTS, TEXTS.filter(lambda text: bool(words(text))), st.booleans())
def test_it_finds_what_occurs(text: str, phrase: str, prefix: bool) -> None:
    found = ranked({"it": ("", text)}, all_of([Phrase.of(phrase, prefix)]))
    assert bool(found) == occurs(words(phrase), text, prefix)
