"""Files of tickets brought together: any bytes at all, and IDs that were claimed twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.ids import is_id
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_merge import Merged, merge_files, renamed, same_ticket, younger_first
from tests.builders import PATH, QUICK, a_ticket, an_entry

BASE = format_ticket(a_ticket())
OURS = format_ticket(a_ticket(entries=["ana replied"]))
THEIRS = format_ticket(a_ticket(entries=["luis noted"]))
pieces = st.binary(max_size=40) | st.sampled_from([BASE, OURS, THEIRS, b"", b"---\n"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    data = b"".join(draw(st.lists(pieces, max_size=3)))
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


@QUICK
@given(files(), files(), files())
def test_no_bytes_make_it_fail_and_none_of_a_side_is_lost(
    base: bytes, ours: bytes, theirs: bytes
) -> None:
    merged = merge_files(base, ours, theirs, PATH)
    if merged.is_clean:
        assert merged.data in (ours, theirs) or parse_ticket(merged.data, PATH)[0] is not None
    else:
        assert ours in merged.data
        assert theirs in merged.data
        assert parse_ticket(merged.data, PATH)[0] is None


def test_what_is_equal_is_taken_as_it_is() -> None:
    strange = OURS.replace(b"\n", b"\r\n")
    assert merge_files(BASE, strange, BASE, PATH) == Merged(strange)
    assert merge_files(BASE, BASE, strange, PATH) == Merged(strange)
    assert merge_files(b"", strange, strange, PATH) == Merged(strange)


def test_an_unreadable_side_leaves_both_texts_marked() -> None:
    merged = merge_files(BASE, OURS, b"no ticket", PATH)
    assert merged.data == b"<<<<<<< ours\n" + OURS + b"=======\nno ticket\n>>>>>>> theirs\n"
    assert merged.problems
    assert parse_ticket(merged.data, PATH)[1][0].code == "conflict"


def test_one_import_or_one_opened_is_one_ticket() -> None:
    one = a_ticket(external_id="7")
    other = replace(a_ticket(external_id="7"), log=(an_entry("ana opened status=open"),))
    assert same_ticket(one, other)
    assert same_ticket(a_ticket(), a_ticket(entries=["ana replied"]))
    stranger = replace(a_ticket(), log=(an_entry("ana opened status=open"),))
    assert not same_ticket(a_ticket(), stranger)


def test_the_younger_of_two_takes_an_id_that_follows_from_its_opened() -> None:
    older = a_ticket()
    younger = a_ticket(created="2026-11-23T09:00:00Z")
    assert younger_first(older, younger) == younger_first(younger, older) == (younger, older)
    moved = renamed(younger, lambda ticket_id: False)
    assert is_id(moved.id)
    assert moved.id[:8] == younger.id[:8]
    assert moved.items("former_ids") == (younger.id,)
    other = renamed(younger, lambda ticket_id: ticket_id == moved.id)
    assert other.id not in (moved.id, younger.id)
    assert renamed(younger, lambda ticket_id: False) == moved
    with pytest.raises(LookupError):
        renamed(younger, lambda ticket_id: True)


def test_comments_beside_values_stay_where_both_sides_changed_the_front_matter() -> None:
    base = format_ticket(a_ticket(zone="north"))
    ours = base.replace(b"priority: P3\n", b"priority: P3  # Eva said so\n")
    theirs = base.replace(b"type: incident\n", b"type: incident  # or not\n")
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge_files(base, one, other, PATH)
        assert merged.is_clean
        assert b"# Eva said so" in merged.data
        assert b"# or not" in merged.data
        assert merge_files(base, merged.data, base, PATH) == merged
