import re
import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.words import (
    composed,
    folded,
    letters_of,
    name_key,
    occurs,
    searchable,
    words,
)
from tests.timing import MOST, growth


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The printer, on floor-3!", ["the", "printer", "on", "floor", "3"]),
        ("Impresión CAÑERÍA", ["impresion", "caneria"]),
        ("Impresio\u0301n", ["impresion"]),
        ("Straße ﬁx ½", ["strasse", "fix", "1", "2"]),
        ("Łódź Ærø", ["łodz", "ærø"]),
        ("ΆΛΦΑ ας", ["αλφα", "ασ"]),
        ("co\u00adoperate 🖨\ufe0f jams", ["cooperate", "jams"]),
        ("किताब 일정 ガス カ\u3099ス", ["किताब", "일정", "ガス", "ガス"]),
        ("a_b\tc\x00d", ["a", "b", "c", "d"]),
        ("!? -- …", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_without_case_or_accents(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("phrase", "prefix", "found"),
    [
        ("jam", False, False),
        ("jams", False, True),
        ("JAM", True, True),
        ("paper   jams", False, True),
        ("jams paper", False, False),
        ("paper ja", True, True),
        ("aper jams", False, False),
        ("floor", False, True),
        ("floor 3", False, True),
    ],
)
def test_a_phrase_is_whole_words_side_by_side(phrase: str, prefix: bool, found: bool) -> None:
    assert occurs(words(phrase), "Paper: jams on Floor-3", prefix) is found


def test_whole_values_are_compared_without_case_and_normal_form_but_with_accents() -> None:
    assert folded("MÜLLER") == folded("Mu\u0308ller") == "müller"
    assert folded("Peña") != folded("Pena")


def test_names_are_the_same_with_hyphen_and_underscore() -> None:
    assert name_key("First-Response") == name_key("first_response")


LETTERS = st.text(alphabet="abcÁñß éσ\u0301-,.*\"'7٣日 ", max_size=14)


@settings(max_examples=150, deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=6), LETTERS, st.booleans())
def test_a_full_text_table_of_searchable_forms_finds_the_same(
    texts: list[str], phrase: str, prefix: bool
) -> None:
    wanted = words(phrase)
    if not wanted:
        return
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table t using fts5(body, tokenize='ascii')")
    base.executemany("insert into t values (?)", [(searchable(text),) for text in texts])
    match = f'"{" ".join(wanted)}"{" *" if prefix else ""}'
    found = base.execute("select rowid from t where t match ? order by rowid", (match,))
    assert [row for (row,) in found] == [
        place for place, text in enumerate(texts, 1) if occurs(wanted, text, prefix)
    ]
    base.close()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_every_text_has_words_without_blanks_in_them(text: str) -> None:
    assert all(word and not any(map(str.isspace, word)) for word in words(text))
    assert words(searchable(text)) == words(text) or not text.isascii()


@pytest.mark.parametrize("marks", ["\u0316\u0301", "\u0f73", "\u0327\U0001d165"])
def test_runs_of_marks_take_no_longer_than_as_many_letters(marks: str) -> None:
    assert growth(folded, lambda size: "a" + marks * size, 500) < MOST
    assert growth(words, lambda size: "a" + marks * size, 500) < MOST


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aé\u0316\u0301\u0f73가日", max_size=30))
def test_what_people_write_is_folded_whole(text: str) -> None:
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
    assert folded(text) == plain


def test_letters_know_where_they_stand_with_all_that_belongs_to_them() -> None:
    text = "Año q\u0303, co\u00adop ½!"
    letters = letters_of(text)
    found = [
        (match[0], letters.place(*match.span())) for match in re.finditer(r"[^ ]+", letters[0])
    ]
    assert [(word, text[start:end]) for word, (start, end) in found] == [
        ("ano", "Año"),
        ("q", "q\u0303"),
        ("coop", "co\u00adop"),
        ("1", "½"),
        ("2", "½"),
    ]


@settings(max_examples=300, deadline=None)
@given(st.one_of(LETTERS, st.text(max_size=40)))
def test_the_letters_of_a_text_are_those_of_its_words(text: str) -> None:
    folded_text, starts = letters_of(composed(text))
    assert folded_text.split() == words(text)
    assert list(starts) == sorted(starts)
    assert (len(starts), starts[-1]) == (len(folded_text) + 1, len(composed(text)))
