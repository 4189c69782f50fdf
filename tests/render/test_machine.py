"""Tickets for programs: the shape of an object, documents, CSV and lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desk.domain.facts import facts
from desk.domain.fields import FIELD
from desk.domain.instants import parse_instant
from desk.domain.policy import Policy
from desk.domain.settings import Settings
from desk.domain.sla import CLOCKS
from desk.domain.texts import STRANGE
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic, UsageError
from desk.render.machine import (
    Json,
    json_line,
    log_objects,
    ticket_object,
    ticket_pieces,
    tickets_text,
)
from desk.render.spreadsheet import ALL_COLUMNS, cell_text, csv_lines, plain_lines
from desk.services.desk import Desk
from desk.services.reading import Found
from desk.storage.ticket_file import parse_ticket

PATH = "tickets/2026/11/HD-2611-7K3QF.md"

TEXT = """\
---
id: HD-2611-7K3QF
title: Printer jams
status: closed
resolution: fixed
priority: P2
assignee: luis
tags: [floor-3]
created: 2026-11-22T09:34:35Z
fields: {asset: PC-42}
colour: red
path: /etc/passwd
---

## 2026-11-22T09:34:35Z m@acme.example opened status=new priority=P2 tags+=old tags+=older

It jams.
Again.

## 2026-11-22T09:40:00Z ana changed status=open assignee=ana tags= fields.asset=PC-42

## 2026-11-22T09:41:00Z ana replied assignee=luis tags+=floor-3 tags+=x tags-=x

Which tray?

## 2026-11-22T09:42:00Z ana escalated level=L2

## 2026-11-22T09:43:00Z luis worked minutes=15

## 2026-11-22T09:44:00Z luis changed status=resolved resolution=fixed

## 2026-11-22T09:45:00Z m@acme.example wrote status=open resolution=

## 2026-11-22T09:46:00Z luis changed status=closed resolution=fixed level=

## 2026-11-22T09:47:00Z m@acme.example rated score=4
"""


DESK = Desk(Path("/nowhere"), Settings(), parse_instant("2026-11-22T10:00:00Z"))


def a_ticket(text: str = TEXT) -> Ticket:
    ticket, problems = parse_ticket(text.encode(), PATH)
    assert ticket is not None, problems
    return ticket


def told(text: str = TEXT, desk: Desk = DESK) -> Found:
    ticket = a_ticket(text)
    return Found(PATH, ticket, facts(ticket), {}, text.encode(), desk)


def object_of(found: Found, with_log: bool = False) -> dict[str, Any]:
    return dict(ticket_object(found.path, found.ticket, found.facts, with_log))


def with_title(title: str) -> Found:
    return told(TEXT.replace("Printer jams", json.dumps(title)))


def an_object(with_log: bool = False) -> dict[str, Any]:
    return object_of(told(), with_log)


def test_every_key_of_an_object() -> None:
    item = an_object()
    assert item == {
        "id": "HD-2611-7K3QF",
        "title": "Printer jams",
        "type": None,
        "status": "closed",
        "resolution": "fixed",
        "priority": "P2",
        "impact": None,
        "urgency": None,
        "requester": None,
        "company": None,
        "phone": None,
        "assignee": "luis",
        "team": None,
        "level": None,
        "category": None,
        "tags": ("floor-3",),
        "channel": None,
        "created": "2026-11-22T09:34:35Z",
        "until": None,
        "links": [],
        "kb": [],
        "watchers": [],
        "external_id": None,
        "former_ids": [],
        "fields": {"asset": "PC-42"},
        "colour": "red",
        "path": PATH,
        "updated": "2026-11-22T09:47:00Z",
        "first_response_at": "2026-11-22T09:41:00Z",
        "owned_at": "2026-11-22T09:40:00Z",
        "resolved_at": "2026-11-22T09:46:00Z",
        "closed_at": "2026-11-22T09:46:00Z",
        "replies": 1,
        "reopens": 1,
        "escalations": 1,
        "handovers": 1,
        "worked_minutes": 15,
        "rating": 4,
    }
    assert list(item)[: len(FIELD)] == list(FIELD)


def test_a_ticket_with_next_to_nothing() -> None:
    bare = told("---\nid: HD-2611-7K3QF\ncreated: 2026-11-22T09:34:35Z\n---\n")
    item = object_of(bare, with_log=True)
    assert item["status"] == "new"
    assert item["title"] is item["first_response_at"] is item["rating"] is None
    assert item["tags"] == [] and item["fields"] == {} and item["log"] == []
    assert item["updated"] == item["created"]


def test_the_log_is_in_objects_that_ask_for_it() -> None:
    assert "log" not in an_object()
    log = an_object(with_log=True)["log"]
    assert [entry["verb"] for entry in log] == [entry.verb for entry in a_ticket().log]
    assert log[0] == {
        "at": "2026-11-22T09:34:35Z",
        "by": "m@acme.example",
        "verb": "opened",
        "changes": {
            "status": "new",
            "priority": "P2",
            "tags": {"add": ["old", "older"], "remove": []},
        },
        "text": "It jams.\nAgain.",
    }
    assert [entry["changes"] for entry in log[1:]] == [
        {
            "status": "open",
            "assignee": "ana",
            "tags": {"add": [], "remove": ["old", "older"]},
            "fields.asset": "PC-42",
        },
        {"assignee": "luis", "tags": {"add": ["floor-3", "x"], "remove": ["x"]}},
        {"level": "L2"},
        {"minutes": "15"},
        {"status": "resolved", "resolution": "fixed"},
        {"status": "open", "resolution": None},
        {"status": "closed", "resolution": "fixed", "level": None},
        {"score": "4"},
    ]
    assert log[1]["text"] == ""


def test_service_levels_only_where_they_are_given() -> None:
    assert "sla" not in an_object()
    sla: dict[str, Json] = {"policy": "vip", "resolution": {"state": "met"}}
    found = told()
    assert ticket_object(found.path, found.ticket, found.facts, False, sla)["sla"] == sla


def test_how_promises_stand() -> None:
    policy = Policy("vip", "", "always", {"first_response": 300, "resolution": 3600}, {}, None)
    always = {"timezone": "UTC", "hours": {"mon-sun": "00:00-24:00"}}
    settings = Settings(calendars={"always": always}, policies=(policy,))
    found = told(desk=Desk(Path("/nowhere"), settings, DESK.now))
    sla = json.loads(tickets_text([found], [], "jsonl"))["sla"]
    assert (sla["policy"], sla["calendar"]) == ("vip", "always")
    assert sla["ownership"] is sla["next_response"] is None
    assert sla["first_response"] == {
        "state": "missed",
        "due": "2026-11-22T09:39:35Z",
        "ended_at": "2026-11-22T09:41:00Z",
        "target_seconds": 300,
        "elapsed_seconds": 385,
        "remaining_seconds": -85,
    }
    assert rows_of([found])[0]["sla.first_response.state"] == "missed"
    nothing = json.loads(tickets_text([told()], [], "jsonl"))["sla"]
    assert nothing == dict.fromkeys(("policy", "calendar", *CLOCKS))


def test_documents() -> None:
    lost = [Diagnostic("yaml", "tickets/2026/11/X.md", 3, 1, "not YAML")]
    document = json.loads(tickets_text([told(), told()], lost, "json"))
    assert list(document) == ["schema", "tickets", "unreadable"]
    assert document["schema"] == "desk.tickets/1"
    assert [ticket["id"] for ticket in document["tickets"]] == ["HD-2611-7K3QF"] * 2
    assert "log" not in document["tickets"][0]
    assert document["unreadable"] == [
        {"path": "tickets/2026/11/X.md", "line": 3, "message": "not YAML"}
    ]
    assert json.loads(tickets_text([], [], "json")) == {
        "schema": "desk.tickets/1",
        "tickets": [],
        "unreadable": [],
    }


def test_one_ticket_is_a_document_of_its_own() -> None:
    document = json.loads(tickets_text([told()], [], "json", is_one=True))
    assert list(document) == ["schema", "ticket", "unreadable"]
    assert document["schema"] == "desk.ticket/1"
    assert document["ticket"]["tags"] == ["floor-3"]
    assert len(document["ticket"]["log"]) == 9
    several = json.loads(tickets_text([told(), told()], [], "json", is_one=True))
    assert several["schema"] == "desk.tickets/1"
    assert len(several["tickets"][1]["log"]) == 9


def test_what_is_unreadable_may_turn_up_late() -> None:
    lost: list[Diagnostic] = []
    pieces = ticket_pieces(iter([told()]), lost, "json")
    text = next(pieces) + next(pieces)
    lost.append(Diagnostic("yaml", "x.md", 0, 0, "late"))
    assert json.loads(text + "".join(pieces))["unreadable"][0]["message"] == "late"


def test_lines_of_json() -> None:
    lines = tickets_text([told(), told()], [], "jsonl", is_one=True).splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["log"][0]["text"] == "It jams.\nAgain."


def test_chosen_fields_are_all_there_is() -> None:
    fields = "id, fields.asset,fields.none,tag"
    expected = {"id": "HD-2611-7K3QF", "fields.asset": "PC-42", "fields.none": None}
    expected_json = {**expected, "tags": ["floor-3"]}
    document = json.loads(tickets_text([told()], [], "json", fields, is_one=True))
    assert document["ticket"] == expected_json
    assert json.loads(tickets_text([told()], [], "jsonl", fields)) == expected_json
    assert tickets_text([told()], [], "csv", fields) == (
        "id,fields.asset,fields.none,tags\nHD-2611-7K3QF,PC-42,,floor-3\n"
    )
    assert tickets_text([told()], [], "ids", fields) == "HD-2611-7K3QF\n"
    with pytest.raises(UsageError):
        tickets_text([told()], [], "json", "titel")


def rows_of(items: Sequence[Found]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tickets_text(items, [], "csv"), newline="")))


def test_csv_has_a_column_for_everything_but_the_log() -> None:
    other = told(TEXT.replace("{asset: PC-42}", "{room.no: '7'}").replace("[floor-3]", "[a, b]"))
    one, two = rows_of([told(), other])
    objects = an_object()
    assert list(one) == [
        *(key for key in objects if key not in ("fields", "colour")),
        "sla.policy",
        *(f"sla.{clock}.{part}" for clock in CLOCKS for part in ("state", "due")),
        *("fields.asset", "fields.room.no"),
    ]
    assert (one["tags"], one["fields.asset"], one["fields.room.no"]) == ("floor-3", "PC-42", "")
    assert (two["tags"], two["fields.asset"], two["fields.room.no"]) == ("a; b", "", "7")
    assert (one["replies"], one["rating"], one["type"]) == ("1", "4", "")
    assert tickets_text([], [], "csv").count("\n") == 1


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+34600", "'+34600"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "'=1"),
        (" =1", " =1"),
        ("a=1", "a=1"),
        ('a,"b"', 'a,"b"'),
        ("a\nb\tc\rd", "a\nb\tc\rd"),
        ("\x1b[2J\x9b\u202e\ufeff", "\\u001b[2J\\u009b\\u202e\\ufeff"),
        ("José ✓ 漢", "José ✓ 漢"),
    ],
)
def test_texts_in_csv(title: str, cell: str) -> None:
    assert rows_of([with_title(title)])[0]["title"] == cell


def test_numbers_in_csv_are_numbers() -> None:
    assert "".join(csv_lines(["a", "=b"], [{"a": -5, "=b": "-5"}])) == "a,'=b\n-5,'-5\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        ([], ""),
        (["a", "b"], "a; b"),
        ({"a": "1", "b": ["x", "y"]}, "a=1; b=x; y"),
    ],
)
def test_values_as_texts(value: Any, text: str) -> None:
    assert cell_text(value) == text


def test_paths_of_keys_are_columns() -> None:
    item = {**an_object(), "sla": {"resolution": {"due": "now", "state": None}}}
    columns = ["sla.resolution.due", "sla.resolution.state", "sla.none.due", "title.x"]
    assert "".join(plain_lines(columns, [item])) == "now\t\t\t\n"


def test_lines_for_people_escape_what_is_strange() -> None:
    item = object_of(with_title("a\tb\nc\x1b"))
    assert "".join(plain_lines(["id", "title", "tags"], [item])) == (
        "HD-2611-7K3QF\ta\\u0009b\\u000ac\\u001b\tfloor-3\n"
    )
    assert tickets_text([told()], [], "plain").count("\t") == len(ALL_COLUMNS) - 1


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_json_carries_every_character_and_none_that_a_terminal_obeys(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert not STRANGE.search(line.removesuffix("\n"))


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["tags+=a", "tags+=b", "tags-=a", "tags="])), max_size=8))
def test_lists_replayed_from_objects(changes: list[tuple[str]]) -> None:
    entries = "".join(f"\n## 2026-11-22T09:50:00Z ana changed {change}\n" for (change,) in changes)
    ticket = a_ticket(TEXT + entries)
    elements: list[str] = []
    for entry in log_objects(ticket):
        moved = dict(entry)["changes"]
        assert isinstance(moved, dict)
        both = moved.get("tags", {"add": [], "remove": []})
        if len(moved) == 1:
            elements = [element for element in elements if element not in both["remove"]]
            elements += [element for element in both["add"] if element not in elements]
        elif "tags" in moved:
            elements += [element for element in both["add"] if element not in elements]
            elements = [element for element in elements if element not in both["remove"]]
    from desk.domain.replay import replay

    assert tuple(elements) == replay(ticket.log).get("tags", ())
