"""SQL of one's own: the tables say what the tickets say, and nothing but reading is possible."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.facts import facts
from desk.domain.fields import FIELDS
from desk.domain.ids import path_of
from desk.domain.instants import format_instant
from desk.domain.sql_tables import TABLES
from desk.domain.ticket import Ticket
from desk.errors import UsageError
from desk.services.curious import select
from desk.services.desk import Desk, open_desk
from desk.services.rows import entries_of, row_of
from desk.storage.config_file import load_settings
from desk.storage.index import Index
from desk.storage.index_tables import ENTRY
from desk.storage.sql_reader import read
from desk.storage.ticket_store import Filed
from tests.builders import SLOWER
from tests.conftest import Shell
from tests.services.made_tickets import CLOCK, tickets

SETTINGS, _ = load_settings((Path(__file__).parents[2] / "config.yaml").read_bytes())
assert SETTINGS is not None
DESK = Desk(Path("/nowhere"), SETTINGS, CLOCK)


def selected(desk: Desk, made: list[Ticket], statement: str) -> list[dict[str, object]]:
    index = Index(Path(":memory:"), "test")
    index.add([row_of(Filed(path_of(each.id), each, b""), desk.levels) for each in made], ())
    with index.changing():
        for (number, _), each in zip(index.begin_to_fill(ENTRY), made, strict=True):
            index.add_entries(entries_of(number, each))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.curious.answered", lambda desk, use, in_memory: use(index))
        answer = select(desk, statement)
    index.close()
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


some_tickets = st.lists(tickets(), min_size=1, max_size=4, unique_by=lambda each: each.id)


@SLOWER
@given(some_tickets)
def test_a_row_says_what_the_ticket_says(made: list[Ticket]) -> None:
    rows = {row["id"]: row for row in selected(DESK, made, "SELECT * FROM ticket")}
    assert rows.keys() == {each.id for each in made}
    for each in made:
        row, derived = rows[each.id], facts(each)
        for name in (field.name for field in FIELDS):
            told = row[name]
            value = json.loads(str(told)) if told and name in ("tags", "links", "fields") else told
            expected = each.values.get(name)
            if name in ("tags", "links", "fields", "status"):
                value = tuple(value) if isinstance(value, list) else value
                assert value == (expected if name != "status" else each.status)
            elif isinstance(expected, str):
                assert value == expected
        assert row["live"] == each.is_live
        assert row["updated"] == format_instant(derived.updated)
        for name in ("resolved_at", "closed_at", "first_response_at", "owned_at"):
            at = getattr(derived, name)
            assert row[name] == (format_instant(at) if at else None)
        policy = DESK.levels.standing(each, CLOCK).policy
        assert row["policy"] == (policy.name if policy else None)


@SLOWER
@given(some_tickets, st.integers(0, 60 * 24 * 40))
def test_a_clock_says_how_the_promise_stands(made: list[Ticket], minutes: int) -> None:
    desk = replace(DESK, now=CLOCK + timedelta(minutes=minutes))
    rows = selected(desk, made, "SELECT * FROM clock")
    told = {(row.pop("id"), row.pop("clock")): row for row in rows}
    assert all(row.pop("started_at") for row in rows)
    for each in made:
        for name, clock in desk.levels.standing(each, desk.now).clocks.items():
            row = told.pop((each.id, name), None)
            if clock is None:
                assert row is None
                continue
            at = [format_instant(when) if when else None for when in (clock.due, clock.ended_at)]
            assert row == dict(zip(clock._fields, (clock.state, *at, *clock[3:]), strict=True))
    assert not told


@SLOWER
@given(some_tickets)
def test_entries_and_tags_are_there(made: list[Ticket]) -> None:
    rows = selected(DESK, made, "SELECT * FROM entry ORDER BY id, place")
    told = [(row["id"], row["place"], row["at"], row["by"], row["text"]) for row in rows]
    assert told == [
        (each.id, place, format_instant(entry.at), entry.by, entry.text)
        for each in sorted(made, key=lambda each: each.id)
        for place, entry in enumerate(each.log, 1)
    ]
    tags = selected(DESK, made, "SELECT * FROM tag")
    assert {(row["id"], row["tag"]) for row in tags} == {
        (each.id, tag) for each in made for tag in each.items("tags")
    }


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented_and_no_other_is_there(table: str) -> None:
    made = selected(DESK, [], f"SELECT * FROM {table} UNION ALL SELECT * FROM {table}")
    assert made == []
    with pytest.raises(UsageError, match="there is no column"):
        selected(DESK, [], f"SELECT nothing_such FROM {table}")
    columns = ", ".join(f'"{name}"' for name in TABLES[table].columns)
    both = f"SELECT {columns} FROM {table} UNION ALL SELECT * FROM {table}"
    assert selected(DESK, [], both) == []


@pytest.mark.parametrize(
    "statement",
    [
        *("DELETE FROM main.ticket", "DROP TABLE told", "UPDATE main.ticket SET path = ''"),
        *("ATTACH '/tmp/elsewhere' AS other", "PRAGMA journal_mode = WAL", "VACUUM"),
        *("CREATE TABLE x (a)", "CREATE TEMP TABLE x (a)", "INSERT INTO told VALUES (1, '')"),
        *("SELECT load_extension('x')", "BEGIN", "SELECT 1; DELETE FROM main.ticket", "", "x"),
        *("SELECT * FROM pragma_database_list", "SELECT '\udcff'", "SELECT nothing FROM ticket"),
        *("VACUUM INTO '/tmp/elsewhere'", "SELECT writefile('/tmp/x', 'y')", "EXPLAIN SELECT ?"),
    ],
)
def test_what_does_not_read_is_refused(statement: str) -> None:
    with pytest.raises(UsageError):
        selected(DESK, [], statement)


def test_a_read_only_repository_is_answered_from_memory(
    make_desk: Callable[..., Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = make_desk()
    ticket = shell.id("new", "Printer jams")

    def unusable(desk: Desk) -> Index:
        from desk.storage.index_file import IndexUnusable

        raise IndexUnusable("read-only")

    monkeypatch.setattr("desk.services.indexing.fresh_index", unusable)
    found = select(
        open_desk(shell.folder, CLOCK), "SELECT id, verb FROM entry JOIN ticket USING (id)"
    )
    assert found.rows == ((ticket, "opened"),)


def test_a_few_large_rows_can_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def look() -> int:
        looks.append(1)
        return 0

    monkeypatch.setattr("desk.storage.sql_reader._go_on", look)
    database = sqlite3.connect(":memory:")
    many = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200)"
    found = read(database, [], {}, f"{many} SELECT x, randomblob(10) FROM c")
    assert len(list(found.rows)) == 200
    assert looks
    database.close()
