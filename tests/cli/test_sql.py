"""SQL for the curious, on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Shell


@pytest.fixture
def some(desk: Shell) -> list[str]:
    return [desk.id("new", title, "-c", "network") for title in ("Printer jams", "=1+1")]


PAGE = (Path(__file__).parents[2] / "docs" / "sql.md").read_text()
COUNT = "SELECT category, count(*) FROM ticket GROUP BY category"


def test_every_format(desk: Shell, some: list[str]) -> None:
    assert desk("sql", COUNT).out == "network\t2\n"
    assert desk("sql", COUNT, "-o", "csv").out == "category,count(*)\nnetwork,2\n"
    assert "| network | 2 |" in desk("sql", COUNT, "-o", "md").out
    assert desk("sql", COUNT, "-o", "table").out.split() == ["category", "count(*)", "network", "2"]
    assert json.loads(desk("sql", COUNT, "-o", "jsonl").out) == {
        "category": "network",
        "count(*)": 2,
    }
    told = json.loads(desk("sql", COUNT, "-o", "json").out)
    rows = [{"category": "network", "count(*)": 2}]
    assert told == {"schema": "desk.sql/1", "rows": rows, "unreadable": []}


def test_columns_of_one_name_and_strange_values(desk: Shell, some: list[str]) -> None:
    statement = "SELECT 1.5 AS a, NULL AS a, x'00ff' AS b, char(27) AS c, title AS d FROM ticket"
    out = desk("sql", f"{statement} WHERE title LIKE '=%'", "-o", "csv").out
    assert out == "a,a_2,b,c,d\n1.5,,x'00ff',\\u001b,'=1+1\n"
    assert desk("sql", statement, "-o", "ids", code=2).out == ""


def test_a_number_without_end_is_still_json(desk: Shell, some: list[str]) -> None:
    def refuse(name: str) -> None:
        pytest.fail(f"{name} is no JSON")

    out = desk("sql", "SELECT 1e999 AS a, -1e999 AS b", "-o", "jsonl").out
    assert json.loads(out, parse_constant=refuse) == {"a": "inf", "b": "-inf"}


def test_an_id_is_whole_beside_long_texts(
    desk: Shell, some: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    desk("new", "A title that is much longer than there is room for", "-c", "network")
    statement = "SELECT id, title, created, category || ' and some more words' FROM ticket"
    out = desk("sql", statement, "-o", "table").out
    assert all(each in out for each in some)
    assert "…" in out


@pytest.mark.parametrize("statement", re.findall(r'^desk sql "(.+?)"', PAGE, re.DOTALL | re.M))
def test_the_examples_of_the_page_work(desk: Shell, some: list[str], statement: str) -> None:
    desk("sql", statement)


def test_more_rows_than_wanted_are_told(desk: Shell, some: list[str]) -> None:
    result = desk("sql", "SELECT id FROM ticket", "--limit", "1")
    assert len(result.out.splitlines()) == 1
    assert "there are more rows: --limit 0 shows all" in result.err


def test_a_statement_from_standard_input(desk: Shell, some: list[str]) -> None:
    assert desk("sql", "-", stdin=COUNT).out == "network\t2\n"
    assert "there is no statement" in desk("sql", code=2).err


def test_refusals_say_what_to_do(desk: Shell, some: list[str]) -> None:
    assert "did you mean `ticket`?" in desk("sql", "SELECT * FROM tickets", code=2).err
    assert "did you mean `company`?" in desk("sql", "SELECT comany FROM ticket", code=2).err
    assert "`desk sql` only reads" in desk("sql", "DELETE FROM main.ticket", code=2).err
    assert "knows the present alone" in desk("sql", COUNT, "--as-of", "-1d", code=2).err


def test_files_that_cannot_be_read_are_told(desk: Shell, some: list[str]) -> None:
    path = Path(desk.file_of(some[0]))
    path.write_text("no ticket\n")
    result = desk("sql", COUNT)
    assert result.out == "network\t1\n"
    assert path.name in result.err
