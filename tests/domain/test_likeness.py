from __future__ import annotations

import pytest

from desk.domain.likeness import Likeness, likeness, stem, stems, telling_words

ARTICLES = {
    "A printer jams": "Clean the rollers of the tray, and take out the paper.",
    "A scanner sends empty pages": "The printer cannot help. Clean the glass.",
    "The VPN after a new password": "Connect again to the VPN.",
    "Renew the certificate of the gateway": "The VPN needs it.",
}
KNOWN = {title: frozenset(stems(f"{title} {text}")) for title, text in ARTICLES.items()}


def like(title: str, text: str = "") -> dict[str, Likeness]:
    telling = telling_words(title, text, KNOWN.values())
    found = {name: likeness(telling, title, name, KNOWN[name]) for name in KNOWN}
    return {name: each for name, each in found.items() if each.is_there}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("printers", "printer"), ("glass", "glass"), ("gas", "gas"), ("jams", "jam"), ("vpn", "vpn")],
)
def test_plurals_are_the_same_word(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_words_that_tell_nothing_are_left_out() -> None:
    assert stems("Please, the 2 Printers in my Büro do not work: 404") == ["printer", "buro"]


def test_what_is_like_a_request_shares_telling_words() -> None:
    found = like("Printers jam in room 7", "The rollers squeak")
    assert list(found) == ["A printer jams"]
    assert found["A printer jams"].is_strong
    assert found["A printer jams"].shared == {"printer", "jam", "roller"}


def test_one_word_of_both_titles_is_likeness_but_no_strong_one() -> None:
    found = like("My VPN", "Help!")
    assert list(found) == ["The VPN after a new password"]
    assert not found["The VPN after a new password"].is_strong


def test_nothing_is_like_a_request_of_other_things() -> None:
    assert like("Please help me with the coffee machine", "It is not working") == {}


def test_common_words_tell_nothing_where_there_are_many_texts() -> None:
    known = [frozenset({"office", f"word{number}"}) for number in range(20)]
    assert telling_words("office word7", "", known) == ("word7",)


def test_a_long_request_must_share_more_than_two_words_by_chance() -> None:
    known = [frozenset({"rome", "milan", "turin", f"word{number}"}) for number in range(3)]
    towns = " ".join(f"town{number}" for number in range(9))
    known += [frozenset(stems(towns))]
    telling = telling_words("Trip", f"rome milan {towns}", known)
    assert not likeness(telling, "Trip", "Cities", known[0]).is_there
    telling = telling_words("Trip", f"rome milan turin {towns}", known)
    assert likeness(telling, "Trip", "Cities", known[0]).is_there
    telling = telling_words("Trip", "rome milan", known)
    assert likeness(telling, "Trip", "Cities", known[0]).is_there
