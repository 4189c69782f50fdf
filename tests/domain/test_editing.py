"""Values that people give for fields, and what a new ticket begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.editing import (
    MAX_LINE,
    Wishes,
    checked_custom,
    checked_tag,
    checked_value,
    edit_changes,
    known_values,
    opening_values,
)
from desk.domain.settings import Settings
from desk.domain.ticket import Change, Ticket, Value, apply_changes
from desk.errors import DeskError, Refused, UnknownName, UsageError
from tests.builders import AS_ANA, MARIA, QUICK, a_ticket, hostile_values, some_settings

SETTINGS = some_settings()
BARE = Settings()


@pytest.mark.parametrize(
    ("key", "given_as", "value"),
    [
        ("title", "  Printer  jams ", "Printer  jams"),
        ("type", "Incident", "incident"),
        ("priority", "p2", "P2"),
        ("impact", "HIGH", "high"),
        ("urgency", "low", "low"),
        ("category", "Hardware/Printer", "hardware/printer"),
        ("team", "SysAdmin", "sysadmin"),
        ("level", "l2", "L2"),
        ("level", "VENDOR", "vendor"),
        ("channel", "walk-in", "walk-in"),
        ("assignee", "@me", "ana"),
        ("assignee", "nobody", ""),
        ("requester", "luis", "Luis Gil <Luis@acme.example>"),
        ("company", "ACME", "ACME"),
        ("phone", "+34600", "+34600"),
        *((key, "", "") for key in ("category", "company", "team", "level", "impact", "channel")),
    ],
)
def test_a_value_is_written_as_the_help_desk_writes_it(key: str, given_as: str, value: str) -> None:
    assert checked_value(key, given_as, SETTINGS, AS_ANA) == value


@pytest.mark.parametrize(
    ("key", "given_as", "kind", "fault"),
    [
        ("type", "incidnet", UnknownName, "unknown type `incidnet`; did you mean `incident`"),
        ("priority", "P9", UnknownName, "unknown priority `P9`"),
        ("impact", "medium", UnknownName, "unknown impact `medium`; there are high, low"),
        ("category", "sofware", UnknownName, "unknown category"),
        ("team", "nobody", UnknownName, "unknown team"),
        ("level", "L9", UnknownName, "unknown level"),
        ("channel", "fax", UnknownName, "unknown channel"),
        ("assignee", "anna", UnknownName, "unknown person `anna`; did you mean `ana`"),
        ("assignee", "olga", Refused, "has left"),
        *((key, " ", Refused, f"the {key} is empty") for key in ("title", "type", "priority")),
        ("requester", "", Refused, "the requester is empty"),
        ("title", "a\0b", Refused, "the title cannot be stored: it holds a NUL"),
        ("company", "\ud800", Refused, "the company cannot be stored: it is not UTF-8"),
        ("title", "x" * 2_001, Refused, "the title is 2,001 characters long"),
    ],
)
def test_what_no_value_is(key: str, given_as: str, kind: type[DeskError], fault: str) -> None:
    with pytest.raises(kind, match=fault):
        checked_value(key, given_as, SETTINGS, AS_ANA)


def test_without_a_list_any_will_do() -> None:
    for key in ("category", "team", "level", "impact"):
        assert known_values(key, BARE) == ()
        assert checked_value(key, "Anything", BARE, MARIA) == "Anything"
    assert known_values("company", SETTINGS) == ()
    assert known_values("urgency", SETTINGS) == ("high", "low")


def test_the_longest_value_is_kept() -> None:
    assert len(checked_value("title", "x" * MAX_LINE, SETTINGS, AS_ANA)) == 2_000


@pytest.mark.parametrize("tag", ["vpn", "floor-3", "größe", "c++", "a=b", "x" * 100])
def test_a_tag_is_a_word(tag: str) -> None:
    assert checked_tag(f" {tag} ") == tag


@pytest.mark.parametrize("tag", ["", " ", "a b", "a,b", 'a"b', "a\tb", "a\nb", "x" * 101, "a\0"])
def test_what_no_tag_is(tag: str) -> None:
    with pytest.raises(Refused, match="tag"):
        checked_tag(tag)


def test_a_custom_field_is_a_name_and_a_line() -> None:
    assert checked_custom("asset", " PC-42 ") == "PC-42"
    assert checked_custom("warranty.end", "") == ""


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("a b", "x", Refused),
        ("", "x", Refused),
        ("-a", "x", Refused),
        ("a" * 101, "x", Refused),
        ("asset", "\0", Refused),
        ("asset", "x" * 2_001, Refused),
        ("status", "open", UsageError),
        ("id", "x", UsageError),
    ],
)
def test_what_no_custom_field_is(name: str, value: str, kind: type[DeskError]) -> None:
    with pytest.raises(kind):
        checked_custom(name, value)


# Edits


def edited(wishes: Wishes, ticket: Ticket) -> tuple[Change, ...]:
    return edit_changes(ticket, wishes, SETTINGS, AS_ANA)


def test_an_edit_is_what_it_changes() -> None:
    wishes = Wishes(
        {"title": "Other", "priority": "p1", "company": "", "category": "network"},
        ("vpn", "old"),
        {"asset": "PC-42", "room": ""},
    )
    before = a_ticket(company="ACME", category="network", tags=("old",), fields={"room": "3"})
    assert edited(wishes, before) == (
        Change("title", "=", "Other"),
        Change("priority", "=", "P1"),
        Change("company", "=", ""),
        Change("tags", "+=", "vpn"),
        Change("fields.asset", "=", "PC-42"),
        Change("fields.room", "=", ""),
    )


@pytest.mark.parametrize(
    "wishes", [Wishes(), Wishes({"priority": "P3"}), Wishes({"company": ""}), Wishes(tags=("a",))]
)
def test_what_is_so_already_is_no_change(wishes: Wishes) -> None:
    assert edited(wishes, a_ticket(tags=("a",))) == ()


@pytest.mark.parametrize(
    ("fields", "priority"),
    [
        ({"impact": "high", "urgency": "high"}, "P1"),
        ({"impact": "high"}, "P2"),
        ({"urgency": "high"}, "P3"),
        ({"impact": "high", "priority": "P4"}, "P4"),
        ({"impact": ""}, "P3"),
        ({"title": "Other"}, "P3"),
    ],
)
def test_a_new_impact_or_urgency_brings_the_priority_of_the_matrix(
    fields: Mapping[str, str], priority: str
) -> None:
    ticket = a_ticket(impact="low", urgency="low")
    after = apply_changes(ticket.values, edited(Wishes(fields), ticket))
    assert after["priority"] == priority


@pytest.mark.parametrize(
    ("wishes", "is_empty"),
    [
        (Wishes(), True),
        (Wishes({"company": ""}), False),
        (Wishes(tags=("a",)), False),
        (Wishes(custom={"asset": ""}), False),
    ],
)
def test_wishing_for_nothing(wishes: Wishes, is_empty: bool) -> None:
    assert wishes.is_empty == is_empty


# New tickets


def begun(
    settings: Settings = SETTINGS, fields: Mapping[str, str] | None = None
) -> dict[str, Value]:
    return opening_values(Wishes({"title": "Jams", **(fields or {})}), settings, MARIA)


def test_what_a_new_ticket_begins_with() -> None:
    assert begun() == {
        "title": "Jams",
        "status": "new",
        "type": "incident",
        "priority": "P3",
        "channel": "cli",
        "requester": "Maria López <Maria.Lopez@acme.example>",
        "level": "L1",
        "team": "support",
    }


def test_a_help_desk_with_nothing_set_up_still_opens_tickets() -> None:
    assert begun(BARE) == {
        "title": "Jams",
        "status": "new",
        "type": "incident",
        "priority": "P3",
        "channel": "cli",
        "requester": "Maria López <Maria.Lopez@acme.example>",
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"impact": "high", "urgency": "low"}, {"priority": "P2"}),
        ({"impact": "high", "urgency": "low", "priority": "p4"}, {"priority": "P4"}),
        ({"impact": "high"}, {"priority": "P3"}),
        ({"type": "request", "channel": "phone"}, {"type": "request", "channel": "phone"}),
        ({"team": "engineering"}, {"team": "engineering", "level": "L3"}),
        ({"level": "L2"}, {"team": "sysadmin", "level": "L2"}),
        ({"level": "L2", "team": "support"}, {"team": "support", "level": "L2"}),
        ({"team": ""}, {"team": "support", "level": "L1"}),
        ({"assignee": "luis"}, {"assignee": "luis", "status": "new", "team": "support"}),
        ({"requester": "ana"}, {"requester": "Ana Ruiz <ana@acme.example>"}),
    ],
)
def test_what_is_wished_for_comes_first(fields: dict[str, str], expected: dict[str, str]) -> None:
    values = begun(fields=fields)
    assert {key: values.get(key) for key in expected} == expected


def test_a_team_that_serves_no_level_has_none() -> None:
    settings = Settings(teams=("support", "facilities"), levels={"L1": "support"})
    values = begun(settings, {"team": "facilities"})
    assert (values["team"], "level" in values) == ("facilities", False)


@pytest.mark.parametrize(("priorities", "expected"), [(("A", "B", "C"), "B"), (("A",), "A")])
def test_the_priority_is_the_last_but_one(priorities: tuple[str, ...], expected: str) -> None:
    assert begun(Settings(priorities=priorities))["priority"] == expected


@pytest.mark.parametrize(
    ("wishes", "kind"), [(Wishes(), UsageError), (Wishes({"title": " "}), Refused)]
)
def test_a_ticket_needs_a_title(wishes: Wishes, kind: type[DeskError]) -> None:
    with pytest.raises(kind, match="title"):
        opening_values(wishes, SETTINGS, MARIA)


keys = st.sampled_from(
    ("title", "type", "priority", "category", "company", "assignee", "requester")
)
some_values = st.one_of(hostile_values, st.sampled_from(("ana", "P1", "request", "network", "@me")))


@QUICK
@given(st.dictionaries(keys, some_values, max_size=3), st.lists(hostile_values, max_size=2))
def test_an_edit_made_twice_changes_nothing_more(fields: dict[str, str], tags: list[str]) -> None:
    ticket, wishes = a_ticket(), Wishes(fields, tuple(tags))
    try:
        changes = edited(wishes, ticket)
    except DeskError:
        return
    after = replace(ticket, values=apply_changes(ticket.values, changes))
    assert all(after.values.values())
    assert edited(wishes, after) == ()
