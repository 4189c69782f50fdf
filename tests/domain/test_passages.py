from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.passages import Passage, passage
from desk.domain.words import words
from desk.storage.full_text import Phrase
from tests.timing import MOST, growth


def phrases(*texts: str) -> list[Phrase]:
    return [Phrase.of(text.rstrip("*"), text.endswith("*")) for text in texts]


def shown(found: Passage) -> str:
    """The passage with brackets around its marks."""
    pieces, place = [], 0
    for start, end in found.marks:
        pieces += [found.text[place:start], "[", found.text[start:end], "]"]
        place = end
    return "".join([*pieces, found.text[place:]])


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("The printer jams.", ["jams"], "The printer [jams]."),
        ("The IMPRESIÓN is\n\n faint", ["impresion", "faint"], "The [IMPRESIÓN] is [faint]"),
        ("Impresio\u0301n", ["impresion"], "[Impresión]"),
        ("Printers and prints", ["print*"], "[Printers] and [prints]"),
        ("paper jam, jam paper", ["paper jam"], "[paper jam], jam paper"),
        ("paper jams", ["paper ja*"], "[paper jams]"),
        ("paper jam", ["paper", "paper jam", "jam"], "[paper jam]"),
        ("½ cup", ["1", "2"], "[½] cup"),
        ("no such word", ["jam"], "no such word"),
        ("no word wanted", ["!?"], "no word wanted"),
        ("", ["jam"], ""),
    ],
)
def test_wanted_words_are_marked_in_a_text_on_one_line(
    text: str, wanted: list[str], expected: str
) -> None:
    assert shown(passage(text, phrases(*wanted), 60)) == expected


FILLER = "one two three four five six seven eight nine ten eleven twelve "


def test_the_passage_is_where_most_of_the_words_stand_together() -> None:
    text = f"vpn here. {FILLER}the vpn drops often, {FILLER}and drops there. {FILLER}"
    assert shown(passage(text, phrases("drops", "vpn"), 40)) == "…the [vpn] [drops] often, one two…"


def test_of_equal_places_the_first_is_shown() -> None:
    assert shown(passage(FILLER * 3, phrases("one"), 20)) == "[one] two three four…"


def test_the_end_of_a_text_is_shown_whole() -> None:
    assert shown(passage(f"{FILLER}jam", phrases("jam"), 24)) == "…ten eleven twelve [jam]"


def test_without_a_blank_a_text_is_cut_anywhere() -> None:
    found = passage("x" * 50 + " jam " + "y" * 50, phrases("jam"), 20)
    assert shown(found).count("[jam]") == 1
    assert len(found.text) == 20


TEXT = st.text(alphabet="abñé\u0301 \n,.", max_size=200)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(TEXT.filter(words), max_size=3), st.booleans(), st.integers(12, 60))
def test_a_passage_fits_and_marks_what_was_wanted(
    text: str, wanted: list[str], prefix: bool, width: int
) -> None:
    looked_for = [Phrase.of(one[:8], prefix) for one in wanted if words(one[:8])]
    found = passage(text, looked_for, width)
    assert len(found.text) <= width
    assert "\n" not in found.text
    edges = [place for mark in found.marks for place in mark]
    assert edges == sorted(edges)
    sought = {word for phrase in looked_for for word in phrase.words}
    for start, end in found.marks:
        marked = words(found.text[start:end])
        assert marked
        assert all(word in sought or prefix for word in marked)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(0, 40), st.integers(12, 60))
def test_a_word_of_the_text_is_in_the_passage_for_it(text: str, number: int, width: int) -> None:
    known = words(text)
    if not known or len(known[number % len(known)]) > width - 2:
        return
    word = known[number % len(known)]
    found = passage(text, [Phrase((word,))], width)
    assert word in [words(found.text[start:end])[0] for start, end in found.marks]


@pytest.mark.parametrize("piece", ["jam ", "paper jam ", "xy", "e\u0301 "])
def test_a_passage_takes_time_in_proportion_to_its_text(piece: str) -> None:
    wanted = phrases("jam", "paper jam", "x*", "e")
    assert growth(lambda text: passage(text, wanted, 80), lambda n: piece * n, 3000) < MOST
