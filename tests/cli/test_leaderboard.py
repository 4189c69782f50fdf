"""`desk leaderboard`: who comes first, where a help desk wants to know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import LEVELS
from tests.conftest import Shell

DAY = "2026-11-22T"


@pytest.fixture
def board(desk: Shell) -> Shell:
    """Ana keeps three resolutions, misses one, keeps one; Luis keeps two, and is rated thrice."""
    (desk.folder / "config.yaml").write_text(
        (desk.folder / "config.yaml").read_text() + LEVELS + "leaderboard: true\n"
    )
    desk.git("commit", "--quiet", "-a", "-m", "levels")

    def solve(who: str, start: str, end: str, score: str = "") -> None:
        ticket = desk.id(
            *("new", "It jams", "-p", "P1", "-r", "bob@acme.example"), now=f"{DAY}{start}:00Z"
        )
        desk("take", ticket, user=who, now=f"{DAY}{start}:00Z")
        desk("resolve", ticket, "-m", "Done.", user=who, now=f"{DAY}{end}:00Z")
        if score:
            desk("rate", ticket, score, user="bob@acme.example", now=f"{DAY}{end}:30Z")

    for start, end in (("01:00", "01:10"), ("02:00", "02:10"), ("03:00", "03:10")):
        solve("ana", start, end)
    solve("ana", "04:00", "06:00")
    solve("ana", "07:00", "07:10")
    for start, end, score in (
        ("05:00", "05:05", "5"),
        ("05:10", "05:15", "4"),
        ("05:20", "05:25", "5"),
    ):
        solve("luis", start, end, score)
    desk("kb", "new", "How to unjam", "-m", "Pull.", user="luis", now=f"{DAY}08:00:00Z")
    return desk


def document(desk: Shell, *arguments: str) -> dict[str, Any]:
    found = json.loads(desk("leaderboard", *arguments, "-o", "json").out)
    assert isinstance(found, dict)
    return found


def places(found: dict[str, Any]) -> dict[str, list[tuple[int, str, float, int]]]:
    return {
        each["badge"]: [
            (one["place"], one["who"], one["value"], one["count"]) for one in each["ranking"]
        ]
        for each in found["badges"]
    }


def test_the_badges(board: Shell) -> None:
    found = document(board)
    assert found["schema"] == "desk.leaderboard/1"
    assert (found["since"], found["until"]) == ("2026-10-31T23:00:00Z", None)
    assert places(found) == {
        "most-kept": [(1, "ana", 4, 4), (2, "luis", 3, 3)],
        "longest-run": [(1, "ana", 6, 10), (1, "luis", 6, 6)],
        "best-rated": [(1, "luis", 4.67, 3)],
        "fastest-response": [(1, "luis", 300, 3), (2, "ana", 600, 5)],
        "articles": [(1, "luis", 1, 1)],
    }
    titles = {one["who"]: one["name"] for each in found["badges"] for one in each["ranking"]}
    assert titles == {"ana": "Ana Ruiz", "luis": "Luis Gil"}


def test_the_figures_are_those_of_the_report(board: Shell) -> None:
    told = json.loads(board("report", "sla", "--by", "agent", "-o", "json").out)["groups"]
    kept = {each["key"]["assignee"]: each["metrics"]["resolution_met"] for each in told}
    assert {who: value for _, who, value, _ in places(document(board))["most-kept"]} == kept


def test_another_period_and_a_query(board: Shell) -> None:
    assert not any(places(document(board, "--since", "2026-12")).values())
    morning = places(document(board, "--until", f"{DAY}02:30:00Z"))
    assert morning["most-kept"] == [(1, "ana", 2, 2)]
    assert morning["fastest-response"] == []  # of three at least
    assert morning["articles"] == []
    assert places(document(board, "assignee:luis"))["most-kept"] == [(1, "luis", 3, 3)]


@pytest.mark.parametrize("width", [60, 100])
def test_for_people(board: Shell, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = board("leaderboard", "-o", "table").out.splitlines()
    assert lines[0].startswith("leaderboard from 2026-11-01 on, as of 2026-11-22")
    assert max(map(len, lines[1:])) <= width
    text = "\n".join(lines)
    assert "luis 5m" in text
    assert "ana 6, luis 6" in text
    assert "nobody yet" in board("leaderboard", "--since", "2026-12", "-o", "table").out


def test_for_programs(board: Shell) -> None:
    rows = board("leaderboard", "-o", "plain").out.splitlines()
    assert rows[0] == "most-kept\t1\tana\tAna Ruiz\tresolution_met\t4\t4"
    assert board("leaderboard", "-o", "csv").out.startswith("badge,place,who,name,metric,value")
    made = board("leaderboard", "-o", "md").out
    assert "| best rated | luis 4.67 |" in made
    assert "For at least 3 ratings." in made


def test_it_is_off_unless_config_asks_for_it(desk: Shell) -> None:
    refused = desk("leaderboard", code=4)
    assert refused.err == (
        "desk: this help desk keeps no leaderboard; an admin turns it on with "
        "`leaderboard: true` in config.yaml\n"
    )


def test_an_article_counts_once_for_whoever_wrote_it_first(board: Shell) -> None:
    article = board.folder / "kb" / "how-to-unjam.md"
    text = article.read_text()
    board.git("rm", "--quiet", "kb/how-to-unjam.md")
    board.git("commit", "--quiet", "-m", "gone")
    assert places(document(board))["articles"] == []
    article.parent.mkdir(exist_ok=True)
    article.write_text(text)
    board.git("add", "kb")
    board.git("commit", "--quiet", "-m", "back", "--author", "Ana <ana@acme.example>")
    assert places(document(board))["articles"] == [(1, "luis", 1, 1)]
