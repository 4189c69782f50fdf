"""Versions of tickets brought together, path by path, without Git."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.ticket import Ticket
from desk.services.joining import both_kept, is_ticket_path, join_tickets
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_merge import renamed
from tests.builders import ID, PATH, a_ticket, an_entry

Tree = dict[str, bytes]


def tree(*tickets: Ticket) -> Tree:
    return {f"tickets/2026/11/{ticket.id}.md": format_ticket(ticket) for ticket in tickets}


def joined(base: Tree, ours: Tree, theirs: Tree) -> Tree:
    """Join two trees, as a merge does: what only one side changed is taken without being asked."""
    paths = {*base, *ours, *theirs}
    both = [
        path
        for path in paths
        if ours.get(path) != theirs.get(path)
        and base.get(path) not in (ours.get(path), theirs.get(path))
    ]
    result = {
        path: ours.get(path) if base.get(path) == theirs.get(path) else theirs.get(path)
        for path in paths - set(both)
    }
    found = join_tickets(both, base.get, ours.get, theirs.get)
    assert not found.left
    return {path: data for path, data in {**result, **found.files}.items() if data is not None}


def noted(ticket: Ticket, text: str, after: float = 5) -> Ticket:
    return ticket.with_entry(an_entry("ana noted", after, text))


OLDER = a_ticket()
YOUNGER = replace(
    a_ticket(text="It is down.", title="VPN is down", priority="P1"),
    values={**OLDER.values, "title": "VPN is down", "priority": "P1",
            "created": "2026-11-22T10:00:00Z"},
)  # fmt: skip
MOVED = renamed(YOUNGER, lambda ticket_id: False)


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_tickets_the_younger_moves_whichever_side_it_is_on(swapped: bool) -> None:
    sides = (tree(YOUNGER), tree(OLDER)) if swapped else (tree(OLDER), tree(YOUNGER))
    assert joined({}, *sides) == tree(OLDER, MOVED)


@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_said_to_the_younger_under_its_old_id_follows_it(swapped: bool) -> None:
    base, settled = tree(YOUNGER), tree(noted(OLDER, "On the printer."), noted(MOVED, "There."))
    late = tree(noted(YOUNGER, "Late.", 9))
    result = joined(base, settled, late) if swapped else joined(base, late, settled)
    assert result.keys() == settled.keys()
    assert result[PATH] == settled[PATH]
    moved = result[f"tickets/2026/11/{MOVED.id}.md"]
    assert b"There." in moved
    assert b"Late." in moved
    assert moved.count(b"former_ids+=") == 1


def test_what_one_side_has_renamed_already_decides_and_not_age() -> None:
    """Two as old as each other, of which an edit has changed whose bytes are the larger."""
    twin = replace(YOUNGER, values={**YOUNGER.values, "created": OLDER.values["created"]})
    for goer, stayer in ((twin, OLDER), (OLDER, twin)):
        settled = tree(stayer, renamed(goer, lambda ticket_id: False))
        result = joined(tree(goer), tree(noted(goer, "Late.")), settled)
        assert result.keys() == settled.keys()
        assert result[PATH] == settled[PATH]


def test_a_redacted_beginning_makes_no_other_ticket() -> None:
    opened = OLDER.log[0]
    hidden = replace(OLDER, log=(opened._replace(text="[redacted]"),)).with_entry(
        an_entry(f'eva redacted entry="{opened.heading[:20]}/{opened.by}/opened"', 3)
    )
    result = joined(tree(OLDER), tree(hidden), tree(noted(OLDER, "Meanwhile.")))
    assert list(result) == [PATH]
    ticket, _ = parse_ticket(result[PATH], PATH)
    assert ticket is not None
    assert {"redacted", "noted"} <= {entry.verb for entry in ticket.log}


def test_a_ticket_that_cannot_be_read_is_left() -> None:
    theirs = {PATH: b"Not a ticket.\n"}
    found = join_tickets([PATH], lambda _: None, tree(OLDER).get, theirs.get)
    assert found.files == {}
    assert found.left[PATH][0].code == "front-matter"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        (b"a", b"a", None, None),
        (b"a", None, b"b", b"b"),
        (b"a", b"b", None, b"b"),
        (b"a", b"b", b"b", b"b"),
        (None, None, b"b", b"b"),
    ],
)
def test_what_needs_no_merge_is_taken_as_it_is(
    base: bytes | None, ours: bytes | None, theirs: bytes | None, wanted: bytes | None
) -> None:
    found = join_tickets([PATH], lambda _: base, lambda _: ours, lambda _: theirs)
    assert found.files == {PATH: wanted}


def test_attachments_of_one_name_get_names_that_follow_from_them() -> None:
    path = f"tickets/2026/11/{ID}/screen.png"
    one, two = "a" * 40, "b" * 40
    wanted = {path: one, path.replace(".png", "-bbbbbbbb.png"): two}
    assert both_kept(path, one, two) == both_kept(path, two, one) == wanted
    assert both_kept(path, "", two) == {path: two}
    assert both_kept(f"{path}/.env", one, two) == {
        f"{path}/.env": one,
        f"{path}/.env-bbbbbbbb": two,
    }


def test_only_months_hold_tickets() -> None:
    assert is_ticket_path(PATH)
    assert not is_ticket_path(f"tickets/2026/11/{ID}/note.md")
    assert not is_ticket_path("kb/a/b/c.md")
