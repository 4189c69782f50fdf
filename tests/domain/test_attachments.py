"""Names of attachments: no two that some system takes for one, none that it cannot store."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.attachments import MAX_ATTACHMENT_BYTES, attachment_name
from tests.builders import QUICK


@pytest.mark.parametrize(
    "name",
    [
        *("log.txt", "Log File (2).tar.gz", "über.png", "no-ending"),
        *("-rf", "#1.txt", "console.txt", "com10", "com", "lpt.txt", "auxiliary", "a" * 200),
    ],
)
def test_a_name_that_every_system_can_store_is_kept(name: str) -> None:
    assert attachment_name(name, []) == name


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        *((name, "begins with a dot") for name in ("", ".", "..", ".git", ".htaccess")),
        *((name, "every system") for name in ("a/b", "/a", "a\\b", "c:a", "a*", "a?", "<a>")),
        *((name, "every system") for name in ("a|b", 'a"b', "a\0", "a\nb", "\x1b[2J", "a\u202eb")),
        *((name, "blank") for name in (" a", "a ", "a.", "a.txt.")),
        *((name, "Windows") for name in ("con", "NUL", "Aux.txt", "com1", "LPT9.tar.gz", "prn")),
        *((name, "Windows") for name in ("COM¹.txt", "lpt³", "con .txt", "CONIN$", "conout$.log")),
        *((name, "200 bytes") for name in ("a" * 201, "é" * 101)),
    ],
)
def test_what_no_attachment_is_called(name: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        attachment_name(name, [])


@pytest.mark.parametrize(
    ("name", "taken", "given_name"),
    [
        ("log.txt", ["log.txt"], "log-2.txt"),
        ("log.txt", ["LOG.TXT"], "log-2.txt"),
        ("log.txt", ["log.txt", "log-2.txt", "Log-3.txt"], "log-4.txt"),
        ("log", ["log"], "log-2"),
        ("a.tar.gz", ["a.tar.gz"], "a.tar-2.gz"),
        ("u\u0308.txt", ["\u00fc.txt"], "\u00fc-2.txt"),
        ("\u00fc.txt", ["U\u0308.TXT"], "\u00fc-2.txt"),
        ("STRASSE", ["straße"], "STRASSE-2"),
        ("\u0390", ["\u0399\u0308\u0301"], "\u0390-2"),
        ("log.txt", ["log.text", "log", "2-log.txt"], "log.txt"),
    ],
)
def test_a_name_that_is_taken_gets_a_number(name: str, taken: list[str], given_name: str) -> None:
    assert attachment_name(name, taken) == given_name


def test_names_are_kept_composed() -> None:
    assert attachment_name("e\u0301.txt", []) == "\u00e9.txt"


def test_an_attachment_has_at_most_25_megabytes() -> None:
    assert MAX_ATTACHMENT_BYTES == 25_000_000


plain = st.text(
    st.characters(categories=["L", "M", "N"], exclude_characters="ı"), min_size=1, max_size=3
).filter(lambda name: name.upper() not in ("CON", "PRN", "AUX", "NUL"))
"""Letters but the dotless i, whose capital is that of another letter."""

twists: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    (str.upper, str.lower, str.swapcase)
)
forms: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(("NFC", "NFD"))


@QUICK
@given(plain, twists, forms)
def test_no_name_differs_from_another_by_case_or_normalisation_alone(
    name: str, twist: Callable[[str], str], form: Literal["NFC", "NFD"]
) -> None:
    other = unicodedata.normalize(form, twist(name))
    assert attachment_name(name, [other]) != unicodedata.normalize("NFC", name)
    assert attachment_name(other, [name]) != unicodedata.normalize("NFC", other)


@QUICK
@given(st.lists(plain, max_size=12))
def test_each_of_many_gets_a_name_of_its_own(given_names: list[str]) -> None:
    taken: list[str] = []
    for name in given_names:
        taken.append(attachment_name(name, taken))
    assert len({name.lower() for name in taken}) == len(taken)
