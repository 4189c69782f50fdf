"""What a change does to the fields, and which changes lead from one state to another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.fields import DONE, ORDER, STATUSES
from desk.domain.ticket import Block, Change, Ticket, Value, apply_changes, changes_between
from tests.builders import (
    ID,
    SLOWER,
    START,
    a_ticket,
    all_values,
    an_entry,
    changes,
    hostile_values,
    minutes,
)

FIXED = {"id": ID, "created": "2026-11-22T09:34:35Z"}


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ({}, Change("status", "=", "open"), {"status": "open"}),
        ({"status": "new"}, Change("status", "=", "open"), {"status": "open"}),
        ({"assignee": "ana"}, Change("assignee", "=", ""), {}),
        ({}, Change("assignee", "=", ""), {}),
        ({}, Change("tags", "+=", "a"), {"tags": ("a",)}),
        ({"tags": ("b",)}, Change("tags", "+=", "a"), {"tags": ("b", "a")}),
        ({"tags": ("b", "a")}, Change("tags", "+=", "b"), {"tags": ("b", "a")}),
        ({"tags": ("b", "a")}, Change("tags", "-=", "b"), {"tags": ("a",)}),
        ({"tags": ("b",)}, Change("tags", "-=", "a"), {"tags": ("b",)}),
        ({"tags": ("b",)}, Change("tags", "-=", "b"), {}),
        ({}, Change("tags", "-=", "b"), {}),
        ({"tags": ("b", "a")}, Change("tags", "=", ""), {}),
        ({}, Change("fields.asset", "=", "PC-42"), {"fields": {"asset": "PC-42"}}),
        ({"fields": {"a": "1"}}, Change("fields.b", "=", "2"), {"fields": {"a": "1", "b": "2"}}),
        ({"fields": {"a": "1", "b": "2"}}, Change("fields.a", "=", ""), {"fields": {"b": "2"}}),
        ({"fields": {"a": "1"}}, Change("fields.a", "=", ""), {}),
        ({"fields": {"a": "1"}}, Change("fields.a", "=", "2"), {"fields": {"a": "2"}}),
        ({"fields": {"a": "1", "b": "2"}}, Change("fields", "=", ""), {}),
        ({}, Change("fields.a.b", "=", "1"), {"fields": {"a.b": "1"}}),
        (FIXED, Change("id", "=", "HD-2611-00000"), FIXED),
        (FIXED, Change("created", "=", "2026-11-23T00:00:00Z"), FIXED),
        ({}, Change("minutes", "=", "15"), {}),
        ({}, Change("score", "=", "5"), {}),
        ({}, Change("entry", "=", "x"), {}),
        ({}, Change("owner", "=", "x"), {"owner": "x"}),
        ({"owner": "x"}, Change("owner", "+=", "y"), {"owner": ("y",)}),
    ],
)
def test_what_a_change_does(
    before: Mapping[str, Value], change: Change, after: Mapping[str, Value]
) -> None:
    assert apply_changes(before, [change]) == after


def test_changes_count_in_order() -> None:
    steps = [
        Change("tags", "+=", "a"),
        Change("tags", "=", ""),
        Change("tags", "+=", "b"),
        Change("tags", "+=", "c"),
        Change("tags", "-=", "b"),
        Change("tags", "+=", "b"),
        Change("status", "=", "open"),
        Change("status", "=", "hold"),
    ]
    assert apply_changes({"tags": ("z",)}, steps) == {"tags": ("c", "b"), "status": "hold"}


def test_what_was_stays_as_it_was() -> None:
    before: dict[str, Value] = {"tags": ("a",), "fields": {"a": "1"}}
    apply_changes(before, [Change("tags", "+=", "b"), Change("fields.a", "=", "")])
    assert before == {"tags": ("a",), "fields": {"a": "1"}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, ()),
        ({"status": "new"}, {"status": "open"}, (Change("status", "=", "open"),)),
        ({"until": "2026-11-23T00:00:00Z"}, {}, (Change("until", "=", ""),)),
        (
            {"tags": ("a", "b")},
            {"tags": ("b", "c", "d")},
            (Change("tags", "-=", "a"), Change("tags", "+=", "c"), Change("tags", "+=", "d")),
        ),
        ({"tags": ("a", "b")}, {"tags": ("b", "a")}, ()),
        ({"tags": ("a",)}, {}, (Change("tags", "-=", "a"),)),
        (
            {"fields": {"b": "1", "c": "1", "z": "1"}},
            {"fields": {"b": "2", "a": "1", "z": "1"}},
            (
                Change("fields.a", "=", "1"),
                Change("fields.b", "=", "2"),
                Change("fields.c", "=", ""),
            ),
        ),
        (FIXED, {"id": "HD-2611-00000", "created": "2026-11-23T00:00:00Z"}, ()),
        ({}, {"owner": "x", "boss": "y"}, (Change("boss", "=", "y"), Change("owner", "=", "x"))),
        ({}, {"no heading can say this": "x"}, ()),
    ],
)
def test_what_leads_from_one_state_to_another(
    before: Mapping[str, Value], after: Mapping[str, Value], expected: tuple[Change, ...]
) -> None:
    assert changes_between(before, after) == expected


def unordered(values: Mapping[str, Value]) -> dict[str, object]:
    return {k: frozenset(v) if isinstance(v, tuple) else v for k, v in values.items()}


others = st.dictionaries(
    st.sampled_from(("owner", "größe", "ticket-owner")),
    st.one_of(hostile_values, st.lists(hostile_values, min_size=1, unique=True).map(tuple)),
    max_size=2,
)


@SLOWER
@given(all_values, all_values, others, others)
def test_applying_what_lies_between_leads_there(
    one: dict[str, Value],
    two: dict[str, Value],
    one_more: dict[str, Value],
    two_more: dict[str, Value],
) -> None:
    before, after = {**one, **one_more}, {**two, **two_more}
    between = changes_between(before, after)
    led = apply_changes(before, between)
    assert unordered(led) == unordered({**after, "id": one["id"], "created": one["created"]})
    assert changes_between(led, after) == ()
    places = [ORDER.get(change.key.partition(".")[0], len(ORDER)) for change in between]
    assert places == sorted(places)


@SLOWER
@given(all_values, st.lists(changes(), max_size=6))
def test_changes_made_together_or_one_by_one_lead_to_the_same(
    values: dict[str, Value], steps: list[Change]
) -> None:
    one_by_one: Mapping[str, Value] = values
    for change in steps:
        one_by_one = apply_changes(one_by_one, [change])
    assert apply_changes(values, steps) == one_by_one
    assert all(one_by_one.values())


@SLOWER
@given(all_values, changes())
def test_a_change_made_twice_is_made_once(values: dict[str, Value], change: Change) -> None:
    once = apply_changes(values, [change])
    assert apply_changes(once, [change]) == once


# The ticket


def test_an_entry_is_added_and_its_changes_are_in_force() -> None:
    entry = an_entry("ana changed assignee=ana tags+=vpn", 5)
    before = a_ticket()
    after = before.with_entry(entry)
    assert after.log == (*before.log, entry)
    assert after.values == {**before.values, "assignee": "ana", "tags": ("vpn",)}
    assert "assignee" not in before.values


def test_what_a_ticket_says_of_itself() -> None:
    ticket = a_ticket("waiting", ["ana noted"], tags=("a", "b"), fields={"asset": "PC-42"})
    assert (ticket.id, ticket.title) == (ID, "Printer on the third floor jams")
    assert ticket.requester == "Maria López <maria.lopez@acme.example>"
    assert (ticket.status, ticket.created, ticket.updated) == ("waiting", START, minutes(1))
    assert (ticket.text("priority"), ticket.items("tags")) == ("P3", ("a", "b"))
    assert ticket.custom == {"asset": "PC-42"}


def test_what_is_absent_or_of_another_kind_is_empty() -> None:
    ticket = Ticket({**FIXED, "title": ("a",), "tags": "a", "fields": "a"}, ())
    assert (ticket.title, ticket.items("tags"), ticket.custom) == ("", (), {})
    assert (ticket.text("team"), ticket.items("kb")) == ("", ())
    assert (ticket.status, ticket.updated, ticket.description) == ("new", START, "")


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_not_done_is_live(status: str) -> None:
    assert a_ticket(status).is_live == (status not in DONE)


def test_the_description_is_the_last_one_given() -> None:
    ticket = a_ticket(text="First.")
    assert ticket.description == "First."
    for minute, words in enumerate(["ana described", "ana replied", "ana described"], 1):
        ticket = ticket.with_entry(an_entry(words, minute, f"Text {minute}."))
    assert ticket.description == "Text 3."


def test_how_a_file_wrote_it_is_no_part_of_what_it_says() -> None:
    plain = a_ticket()
    assert Ticket(plain.values, plain.log, (Block("", "# mine\n", None),)) == plain


def test_a_changed_key_is_found_in_its_entry() -> None:
    entry = an_entry("ana changed status=hold assignee= tags+=vpn")
    found = [entry.change_of(key) for key in ("status", "assignee", "tags", "team")]
    assert found == ["hold", "", None, None]
