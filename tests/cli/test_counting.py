"""`desk list --count`: a number, or one for each value; and lists in groups."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from desk.render.columns import columns_named
from desk.services.counting import GroupField, count_by
from desk.services.desk import open_desk
from desk.services.reading import find
from tests.cli.conftest import PRINTER
from tests.conftest import Result, Shell


@pytest.fixture
def full(desk: Shell) -> Shell:
    """A help desk with tickets of many values."""
    for title, words in {
        "one": "-p P2 --tag floor-3 --tag printer --company ACME",
        "two": "-p P1 --tag printer --company ACME",
        "three": "-p P2 --company Zorg --team sysadmin --set asset=PC-42",
        "four": "-p P2",
    }.items():
        desk("new", title, *words.split(), "-r", f"{title}@acme.example")
    desk("wait", desk("list", "three", "-o", "ids").out.strip(), "-m", "Which?")
    desk("close", desk("list", "four", "-o", "ids").out.strip())
    return desk


def test_the_number_alone(full: Shell) -> None:
    for words in ((), ("-o", "table"), ("-o", "md")):
        assert full("list", "--count", *words) == Result(0, "3\n", "")
    assert full("list", "--count", "is:done").out == "1\n"
    assert full("list", "--count", "company:acme", terminal=True).out == "2\n"
    assert full("list", "--count", "company:nobody", terminal=True) == Result(0, "0\n", "")
    assert full("list", "--count", "-o", "csv").out == "count\n3\n"
    assert full("list", "--count", "-o", "jsonl").out == '{"count": 3}\n'
    assert json.loads(full("list", "--count", "-o", "json").out) == {
        "schema": "desk.counts/1",
        "total": 3,
        "by": None,
        "counts": [],
        "unreadable": [],
    }


ALL = "is:open or is:done"
COUNTED = [
    ("priority", "P1\t1\nP2\t3\n"),
    ("status", "new\t2\nwaiting\t1\nclosed\t1\n"),
    ("tag", "printer\t2\nfloor-3\t1\n\t2\n"),
    ("company", "ACME\t2\nZorg\t1\n\t1\n"),
    ("team", "support\t3\nsysadmin\t1\n"),
    ("fields.asset", "PC-42\t1\n\t3\n"),
    ("fields", "asset=PC-42\t1\n\t3\n"),
    ("created", "2026-11-22\t4\n"),
    ("closed", "2026-11-22\t1\n\t3\n"),
    ("replies", "0\t4\n"),
    ("sla.policy", "\t4\n"),
]


@pytest.mark.parametrize(("field", "told"), COUNTED)
def test_a_line_for_each_value(full: Shell, field: str, told: str) -> None:
    assert full("list", "--count", "--by", field, ALL) == Result(0, told, "")


def test_days_are_those_of_the_help_desk_and_come_in_order(desk: Shell) -> None:
    for at in ("2026-11-21T23:30:00Z", "2026-11-20T09:00:00Z", "2026-11-22T05:00:00Z"):
        desk("new", "x", now=at)
    for words in ((), ("--as-of", "2026-11-22T06:00:00Z")):
        told = desk("list", "--count", "--by", "created", *words).out
        assert told == "2026-11-20\t1\n2026-11-22\t2\n"


def test_the_index_and_the_files_count_the_same(full: Shell) -> None:
    from desk.domain.instants import parse_instant

    desk = open_desk(full.folder, parse_instant("2026-11-22T12:00:00Z"))
    for name, _ in COUNTED:
        column = columns_named(name)[0]
        by = GroupField(column.name, column.plain)
        listed = Counter(value for each in find(desk, ALL).shown for value in by.values(each))
        counts = count_by(desk, ALL, by)
        assert (dict(counts.values), counts.total) == (listed, 4), name


def test_entries_ahead_of_now_are_counted_as_they_will_be(full: Shell) -> None:
    earlier = "2026-11-22T09:00:00Z"
    listed = full("list", ALL, "-o", "ids", now=earlier).out.splitlines()
    assert full("list", "--count", ALL, now=earlier).out == f"{len(listed)}\n"
    assert full("list", "--count", "--by", "type", ALL, now=earlier).out == "incident\t4\n"


def test_values_for_people_and_for_programs(full: Shell) -> None:
    shown = full("list", "--count", "--by", "company", ALL, "--color", "never", "-o", "table")
    assert shown.out == "company  tickets\nACME           2\nZorg           1\nnone           1\n"
    md = full("list", "--count", "--by", "company", ALL, "-o", "md").out.splitlines()
    assert md == ["| value | count |", "|---|---|", "| ACME | 2 |", "| Zorg | 1 |", "| none | 1 |"]
    document = json.loads(full("list", "--count", "--by", "company", ALL, "-o", "json").out)
    assert (document["by"], document["total"]) == ("company", 4)
    assert document["counts"][-1] == {"value": None, "count": 1}
    assert full("list", "--count", "--by", "tags", "-o", "jsonl", "--limit", "1") == Result(
        0, '{"value": "printer", "count": 2}\n', "2 more of 3 values: --limit 0 shows all\n"
    )


@pytest.mark.parametrize(
    "words",
    [("-o", "ids"), ("--by", "team,status"), ("--by", "nothing"), ("--fields", "id"), ("is:x",)],
)
def test_what_cannot_be_counted(library: Shell, words: tuple[str, ...]) -> None:
    refused = library("list", "--count", *words, code=2)
    assert refused.out == ""
    assert refused.err.splitlines()[-1].startswith("desk: ")


def test_groups_have_their_number_and_the_order_of_their_values(full: Shell) -> None:
    lines = full("list", "--by", "status", ALL, "--fields", "title", "-o", "table").out
    assert [line for line in lines.splitlines() if line.endswith(")")] == [
        "new (2)",
        "waiting (1)",
        "closed (1)",
    ]
    shown = full("list", "--by", "priority", "-o", "md").out
    assert "## P1 (1)\n| ID | status |" in shown
    assert [line[3:] for line in shown.splitlines() if line[:2] == "##"] == ["P1 (1)", "P2 (2)"]
    assert full("list", "--by", "company", ALL).out.splitlines()[-2] == "none (1)"


def test_unreadable_files_are_named(desk: Shell) -> None:
    folder = desk.folder / "tickets/2026/11"
    folder.mkdir(parents=True)
    (folder / f"{PRINTER}.md").write_text("nothing")
    done = desk("list", "--count")
    assert (done.out, done.err[:11]) == ("0\n", "unreadable:")
    assert json.loads(desk("list", "--count", "-o", "json").out)["unreadable"][0]["line"] == 1
