"""Ticket IDs: their form, where they lie, and what people may type for them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.ids import ALPHABET, imported_ids, is_id, names, normalise, path_of, random_ids
from tests.builders import ID, QUICK, START

characters = st.text(ALPHABET, min_size=5, max_size=5)


def test_the_alphabet_is_crockfords() -> None:
    letters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set("ILOU")
    assert "".join(map(str, range(10))) + "".join(sorted(letters)) == ALPHABET


@pytest.mark.parametrize("text", [ID, "A-0001-00000", "IT-9912-ZZZZZ", "ABCDEFGH12-2611-7K3QF"])
def test_what_an_id_is(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "HD", "HD-2611", "HD-2611-", "HD-2611-7K3Q", "HD-2611-7K3QFF", "hd-2611-7k3qf"),
        *("HD-2613-7K3QF", "HD-2600-7K3QF", "HD-261-7K3QF", "HD-02611-7K3QF", "HD_2611_7K3QF"),
        *("HD-2611-7K3QI", "HD-2611-7K3QL", "HD-2611-7K3QO", "HD-2611-7K3QU", "HD-2611-7k3qf"),
        *("1D-2611-7K3QF", "-2611-7K3QF", "ABCDEFGHIJK-2611-7K3QF", "HÑ-2611-7K3QF"),
        *("HD-٢٦11-7K3QF", " HD-2611-7K3QF", "HD-2611-7K3QF\n", "HD-2611-7K3QF.md", "../HD"),
    ],
)
def test_what_no_id_is(text: str) -> None:
    assert not is_id(text)
    with pytest.raises(ValueError, match="is not a ticket ID"):
        path_of(text)


@pytest.mark.parametrize(
    ("ticket_id", "path"),
    [
        (ID, "tickets/2026/11/HD-2611-7K3QF.md"),
        ("IT-0001-00000", "tickets/2000/01/IT-0001-00000.md"),
        ("IT-9912-ZZZZZ", "tickets/2099/12/IT-9912-ZZZZZ.md"),
    ],
)
def test_the_path_follows_from_the_id(ticket_id: str, path: str) -> None:
    assert path_of(ticket_id) == path


def test_the_month_is_that_of_utc() -> None:
    late = datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert next(random_ids("HD", late, lambda letters: letters[0])) == "HD-2611-00000"


def test_random_ids_are_drawn_anew() -> None:
    drawn = list(islice(random_ids("HD", START, Random(7).choice), 50))
    assert len(set(drawn)) == 50
    assert all(is_id(each) and each.startswith("HD-2611-") for each in drawn)


@pytest.mark.parametrize("year", [1999, 2100])
def test_a_century_is_all_that_an_id_can_tell(year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match=f"cannot be created in {year}"):
        next(random_ids("HD", at, lambda letters: letters[0]))
    with pytest.raises(ValueError, match=f"cannot be created in {year}"):
        next(imported_ids("HD", at, "jira", "1"))


def test_an_imported_id_comes_from_its_source_and_its_name_there() -> None:
    digest = hashlib.sha256(b"helpdesk_log\x00Case 1").digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    letters = [ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 250, 5)]
    expected = [f"HD-2611-{''.join(letters[at : at + 5])}" for at in range(0, 50, 5)]
    assert list(imported_ids("HD", START, "helpdesk_log", "Case 1")) == expected


@QUICK
@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_imported_ids_differ_where_their_origin_does(
    source: str, name: str, other_source: str, other_name: str
) -> None:
    one = list(imported_ids("HD", START, source, name))
    assert all(map(is_id, one))
    if "\0" not in source + other_source:
        same = (source, name) == (other_source, other_name)
        assert (one == list(imported_ids("HD", START, other_source, other_name))) == same


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hd-2611-7k3qf", ID),
        (" HD-2611-7K3QF\n", ID),
        ("7k3", "7K3"),
        ("oil", "011"),
        ("il-2611-oilll", "IL-2611-01111"),
        ("lo-2611", "LO-2611"),
        ("", ""),
    ],
)
def test_input_is_case_blind_and_forgives_look_alikes_in_the_random_part(
    typed: str, meant: str
) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize("given", [ID, "7K3QF", "7K3", "7", "F", "3QF", "HD-2611-7", "HD-2611-7K3"])
def test_what_names_a_ticket(given: str) -> None:
    assert names(given, ID)


@pytest.mark.parametrize(
    "given",
    [
        *("", "K3Q", "8", "HD", "HD-", "HD-2611", "HD-2611-", "2611", "-", "-7K3QF", "2611-7K3QF"),
        *("HD-2611-3QF", "IT-2611-7K3QF", "HD-2610-7K3QF", "HD-2611-7K3QF0", "7K3QF0"),
    ],
)
def test_what_does_not_name_it(given: str) -> None:
    assert not names(given, ID)


@QUICK
@given(characters, st.integers(1, 5), st.randoms())
def test_any_beginning_or_ending_names_it_however_it_is_typed(
    random_part: str, length: int, random: Random
) -> None:
    whole = f"LIL-2611-{random_part}"
    loose = {"1": "1iIlL", "0": "0oO"}

    def typed(text: str) -> str:
        return "".join(random.choice(loose.get(mark, mark + mark.lower())) for mark in text)

    assert names(normalise(typed(random_part[:length])), whole)
    assert names(normalise(typed(random_part[-length:])), whole)
    assert names(normalise("lil-2611-" + typed(random_part[:length])), whole)
