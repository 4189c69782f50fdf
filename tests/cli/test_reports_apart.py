"""`desk report` on agents, topics, hours, ratings and articles: what each says of a busy month."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import LEVELS, made_folder
from tests.conftest import CONFIG, Shell

NAMES = ("agents", "topics", "hours", "csat", "kb")
JAMS = (
    "---\ntitle: Printers that jam\naudience: public\nreviewed: 2026-11-11\n---\n\nOpen the tray.\n"
)
VPN = "---\ntitle: The gateway\ntags: [vpn]\nreviewed: 2026-01-10\n---\n\nRestart it.\n"
USUAL = "2026-11-20T12:00:00Z"


@pytest.fixture(scope="module")
def busy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help desk with tickets of two months: ana solves two, one of which comes back; luis solves
    one, which is rated; three are left."""
    return made_folder(tmp_path_factory, "busy", _write)


def _write(desk: Shell) -> None:
    (desk.folder / "config.yaml").write_text(CONFIG + LEVELS)
    (desk.folder / "kb").mkdir()
    (desk.folder / "kb" / "printers.md").write_text(JAMS)
    (desk.folder / "kb" / "gateway.md").write_text(VPN)
    desk.git("init", "--quiet")
    desk.git("add", ".")
    desk.git("commit", "--quiet", "-m", "config")

    def new(title: str, now: str, *more: str) -> str:
        bob = ("-r", "bob@acme.example")
        return desk.id("new", title, *bob, "-p", "P3", *more, now=now)

    old = new("Printer jams", "2026-10-05T08:00:00Z", "-c", "hardware/printer", "--company", "ACME")
    desk("take", old, user="ana", now="2026-10-05T08:30:00Z")
    desk("kb", "link", old, "printers", user="ana", now="2026-10-05T08:40:00Z")
    desk("resolve", old, "-m", "Open it.", user="ana", now="2026-10-05T09:00:00Z")

    # The last Sunday of October has 02:30 twice: at 00:30 UTC, and at 01:30 UTC.
    for at in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"):
        new("Scanner broken", at, "-c", "hardware", "--tag", "floor-3", "--tag", "loud")

    back = new("Scanner hums", "2026-11-02T08:10:00Z", "-c", "hardware", "--tag", "loud")
    desk("take", back, user="ana", now="2026-11-02T08:20:00Z")
    desk("resolve", back, "-m", "Hit it.", user="ana", now="2026-11-02T10:00:00Z")
    desk("reopen", back, "-m", "It hums again.", user="ana", now="2026-11-03T10:00:00Z")
    desk("resolve", back, "-m", "Oiled.", user="ana", now="2026-11-03T11:00:00Z")
    desk("worked", back, "45m", user="ana", now="2026-11-03T11:30:00Z")

    rated = new("VPN is slow", "2026-11-04T08:15:00Z", "-c", "network", "--company", "=1+1")
    desk("take", rated, user="luis", now="2026-11-04T08:20:00Z")
    desk("reply", rated, "-m", "I look.", user="luis", now="2026-11-04T08:45:00Z")
    desk("resolve", rated, "-m", "Faster now.", user="luis", now="2026-11-04T09:15:00Z")
    desk("rate", rated, "4", user="bob@acme.example", now="2026-11-04T10:00:00Z")

    held = new("Access to the ERP", "2026-11-05T08:15:00Z", "-c", "access", "--company", "ACME")
    desk("take", held, user="luis", now="2026-11-05T08:20:00Z")


@pytest.fixture
def busy(busy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(busy_folder, monkeypatch)


def document(desk: Shell, *arguments: str) -> dict[str, Any]:
    found = json.loads(desk("report", *arguments, "-o", "json", now=USUAL).out)
    assert isinstance(found, dict)
    assert found["definitions"].keys() == found["totals"].keys()
    return found


def figures(found: dict[str, Any], name: str, *metrics: str) -> dict[str | None, list[Any]]:
    return {
        group["key"][name]: [group["metrics"][metric] for metric in metrics]
        for group in found["groups"]
        if name in group["key"]
    }


def tickets_of(desk: Shell, query: str) -> list[str]:
    return desk("list", query, "-o", "ids", now=USUAL).out.split()


def test_agents(busy: Shell) -> None:
    found = document(busy, "agents")
    metrics = ("backlog", "taken", "resolved", "reopened", "reopen_rate", "worked_seconds")
    assert figures(found, "assignee", *metrics, "ratings", "rating_mean") == {
        "luis": [1, 2, 1, 0, 0.0, 0, 1, 4.0],
        "ana": [0, 2, 2, 1, 0.5, 45 * 60, 0, None],
        "eva": [0, 0, 0, 0, None, 0, 0, None],
        "root": [0, 0, 0, 0, None, 0, 0, None],
        None: [2, 0, 0, 0, None, 0, 0, None],
    }
    assert next(group["key"]["assignee"] for group in found["groups"]) == "luis"
    quick = figures(found, "assignee", "first_response_median_seconds", "promises_compliance")
    assert quick["luis"] == [30 * 60, 1.0]
    assert quick["ana"] == [(3_600 + 110 * 60) // 2, 1.0]
    for group in found["groups"]:
        assert len(tickets_of(busy, group["query"])) == group["metrics"]["backlog"]


def test_agents_agree_with_the_summary(busy: Shell) -> None:
    for more in ([], ["--since", "2026-11"], ["--since", "2026-11", "--until", "2026-11-03"]):
        agents = document(busy, "agents", *more)
        summary = document(busy, "summary", "--by", "agent", *more)
        for metric in ("backlog", "breached", "resolved", "reopened", "ratings", "rating_mean"):
            told = {
                who: one for who, one in figures(agents, "assignee", metric).items() if any(one)
            }
            assert told.items() <= figures(summary, "assignee", metric).items()
            assert agents["totals"][metric] == summary["totals"][metric]


def test_a_summary_by_agent_shows_what_was_kept(
    busy: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    text = busy("report", "summary", "--by", "agent", "-o", "table", now=USUAL).out
    assert "resolution kept" in text.splitlines()[2]
    assert "100.0%" in text


def test_a_category_leads_to_its_own_tickets_and_not_to_those_below(busy: Shell) -> None:
    for group in document(busy, "volume", "--by", "category", "--every", "month")["groups"]:
        assert len(tickets_of(busy, group["query"])) == group["metrics"]["created"]


def test_what_nobody_took_is_not_taken(desk: Shell) -> None:
    done = desk.id("new", "It jams", now="2026-11-20T09:00:00Z")
    desk("resolve", done, "-m", "No more.", user="ana", now="2026-11-20T09:30:00Z")
    found = document(desk, "agents")["totals"]
    assert (found["taken"], found["resolved"]) == (0, 1)


def test_topics(busy: Shell) -> None:
    found = document(busy, "topics", "--since", "2026-11", "--compare", "2026-10")
    assert found["by"] == ["category", "tags", "company"]
    shown = ("created", "created_share", "created_cumulative_share", "created_change")
    assert list(figures(found, "category", *shown).items()) == [
        ("access", [1, 0.3333, 0.3333, 1]),
        ("hardware", [1, 0.3333, 0.6667, -1]),
        ("network", [1, 0.3333, 1.0, 1]),
        ("hardware/printer", [0, 0.0, 1.0, -1]),
    ]
    assert list(figures(found, "tags", *shown).items()) == [
        ("loud", [1, 0.3333, 0.3333, -1]),
        ("floor-3", [0, 0.0, 0.3333, -2]),
        (None, [2, 0.6667, 1.0, 1]),
    ]
    assert found["totals"]["created_change"] == 0
    assert found["previous"]["since"] == "2026-09-30T22:00:00Z"
    for group in found["groups"]:
        assert group["metrics"]["created"] == len(tickets_of(busy, group["query"]))
        before = group["metrics"]["created"] - group["metrics"]["created_change"]
        assert group["previous"]["created"] == before


def test_a_ticket_with_two_tags_counts_once_in_what_they_come_to(busy: Shell) -> None:
    found = document(busy, "topics", "--since", "2026-10-20", "--until", "2026-11", "--by", "tags")
    assert figures(found, "tags", "created_share", "created_cumulative_share") == {
        "floor-3": [1.0, 1.0],
        "loud": [1.0, 1.0],
    }


def test_topics_are_of_the_last_days_where_nobody_says(busy: Shell) -> None:
    found = document(busy, "topics")
    assert (found["since"], found["until"]) == ("2026-10-21T22:00:00Z", None)
    text = busy("report", "topics", "-o", "table", now=USUAL).out
    assert text.startswith("topics from 2026-10-22 on (the last 30 days, without --since), as of ")
    assert "rose most: hardware +3 (0 to 3)" in text
    assert document(busy, "topics", "--until", "2026-11")["since"] == "2026-10-01T22:00:00Z"
    compared = document(busy, "topics", "--compare", "2026-10-05")
    assert compared["previous"]["totals"]["created"] == 1


def test_topics_of_another_kind(busy: Shell) -> None:
    found = document(busy, "topics", "--since", "2026-10", "--by", "priority")
    assert figures(found, "priority", "created") == {"P3": [6]}


def test_hours(busy: Shell) -> None:
    found = document(busy, "hours")
    assert len(found["groups"]) == 168
    there = {
        (group["key"]["weekday"], group["key"]["hour"]): group["metrics"]["created"]
        for group in found["groups"]
    }
    assert {place: count for place, count in there.items() if count} == {
        ("mon", "10"): 1,  # 08:00 UTC is 10:00 in October, and 09:00 in November
        ("sun", "02"): 2,
        ("mon", "09"): 1,
        ("wed", "09"): 1,
        ("thu", "09"): 1,
    }
    assert found["totals"] == {"created": 6, "created_share": 1.0}
    rows = list(csv.DictReader(io.StringIO(busy("report", "hours", "-o", "csv", now=USUAL).out)))
    assert [(row["weekday"], row["hour"]) for row in rows[:25:24]] == [("mon", "00"), ("tue", "00")]
    assert sum(int(row["created"]) for row in rows) == 6


def test_the_map_of_hours(busy: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = busy("report", "hours", "-o", "table", now=USUAL).out.splitlines()
    assert lines[2].split() == ["0", "3", "6", "9", "12", "15", "18", "21", "all"]
    sunday = next(line for line in lines if line.startswith("sun"))
    assert sunday == "sun     ██" + 42 * " " + "   2"
    assert "    blank 0  ▒▒ 1  ██ 2" in lines
    assert "busiest: sun 02:00 to 03:00, 2 (33.3%)" in lines
    page = busy("report", "hours", "-o", "md", now=USUAL).out.splitlines()
    table = [line for line in page if line.startswith("|")]
    assert len(table) == 10
    assert {line.count("|") for line in table} == {27}


def test_csat(busy: Shell) -> None:
    found = document(busy, "csat")
    metrics = ("ratings", "rated_share", "rated_4", "rated_5", "rating_mean", "satisfied_share")
    assert figures(found, "month", *metrics) == {
        "2026-10": [0, 0.0, 0, 0, None, None],
        "2026-11": [1, 0.5, 1, 0, 4.0, 1.0],
    }
    for group in found["groups"]:
        assert len(tickets_of(busy, group["query"])) == group["metrics"]["ratings"]
    by_agent = document(busy, "csat", "--by", "agent")
    assert figures(by_agent, "assignee", "ratings", "rated_share")["luis"] == [1, 1.0]
    assert document(busy, "csat", "--since", "2026-11", "--compare", "previous")["groups"] == []
    days = document(busy, "csat", "--since", "2026-11-04", "--every", "day")["groups"]
    assert len(days) == 17


def test_kb(busy: Shell) -> None:
    found = document(busy, "kb")
    metrics = ("kb_linked", "kb_solved", "kb_unused", "kb_stale", "kb_review_age_seconds")
    day = 86_400
    assert figures(found, "article", *metrics) == {
        "printers": [1, 1, 0, 0, 9 * day + 13 * 3_600],
        "gateway": [0, 0, 1, 1, 314 * day + 13 * 3_600],
    }
    assert figures(found, "word", "kb_unanswered") == {"scanner": [3], "broken": [2]}
    totals = found["totals"]
    assert [totals[f"kb_{name}"] for name in ("articles", "unused", "stale", "unanswered")] == [
        *(2, 1, 1, 3)
    ]
    for group in found["groups"]:
        of = "kb_linked" if "article" in group["key"] else "kb_unanswered"
        assert len(tickets_of(busy, group["query"])) == group["metrics"][of]
    listed = json.loads(busy("kb", "list", "-o", "json").out)["articles"]
    assert {each["slug"]: each["solved"] for each in listed} == {
        slug: one for slug, (one,) in figures(found, "article", "kb_solved").items()
    }


def test_kb_within_a_period(busy: Shell) -> None:
    found = document(busy, "kb", "--since", "2026-11", "--compare", "previous")
    assert figures(found, "article", "kb_linked", "kb_solved", "kb_unused") == {
        "printers": [0, 0, 1],
        "gateway": [0, 0, 1],
    }
    assert found["previous"]["totals"]["kb_solved"] == 0  # as long before as November lasts so far
    october = document(busy, "kb", "--since", "2026-10", "--until", "2026-11")
    assert october["totals"]["kb_solved"] == 1
    assert figures(october, "word", "kb_unanswered") == {"scanner": [2], "broken": [2]}


def test_a_word_is_found_in_its_plural(desk: Shell) -> None:
    for title in ("Badge lost", "Two badges lost", "BADGES"):
        desk("new", title, now="2026-11-20T09:00:00Z")
    found = document(desk, "kb")
    assert figures(found, "word", "kb_unanswered") == {"badge": [3], "lost": [2]}
    assert len(tickets_of(desk, found["groups"][0]["query"])) == 3
    text = desk("report", "kb", "-o", "table").out
    assert "There are no articles yet: `desk kb new` writes one." in text
    assert "Words in titles that no article has:" in text
    (desk.folder / "kb").mkdir(exist_ok=True)
    (desk.folder / "kb" / "badges.md").write_text("---\ntitle: A new badge\n---\n\nAsk.\n")
    assert figures(document(desk, "kb"), "word", "kb_unanswered") == {"lost": [2]}


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_it(busy: Shell, name: str) -> None:
    for form in ("table", "plain", "md", "csv"):
        assert busy("report", name, "-o", form, now=USUAL).out
    csv_text = busy("report", name, "-o", "csv", now=USUAL).out
    rows = list(csv.DictReader(io.StringIO(csv_text)))
    assert len(rows) == len(document(busy, name)["groups"])
    if name == "topics":
        assert {row["kind"] for row in rows} == {"category", "tags", "company"}
        assert "'=1+1" in [row["value"] for row in rows]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", NAMES)
def test_tables_fit(busy: Shell, name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for more in ([], ["--since", "2026-11", "--compare", "previous"]):
        lines = busy(
            "report", name, *more, "--color", "never", terminal=True, now=USUAL
        ).out.splitlines()
        shown = [line for line in lines[1:] if ": desk list " not in line]
        assert max(map(len, shown)) <= width


@pytest.mark.parametrize("name", [each for each in NAMES if each != "kb"])
def test_an_earlier_instant_is_told_from_the_files(busy: Shell, name: str) -> None:
    assert document(busy, name) == document(busy, name, "--as-of", USUAL)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["topics", "--until", "2020"], "no tickets were created from 2019-12-02 up to 2020-01-01"),
        (["topics", "company:nobody"], "no tickets that match were created"),
        (["hours", "--since", "2020", "--until", "2021"], "no tickets were created"),
        (["csat", "--until", "2020"], "none of the tickets resolved up to 2020-01-01 was rated"),
        (["csat", "assignee:ana"], "none of the tickets that match was ever rated"),
        (["hours", "tag:none"], "no tickets that match were ever created"),
        (["flow", "tag:none"], "nothing ever happened to the tickets that match, and none"),
        (["agents", "--until", "2020"], "nothing happened to the tickets"),
    ],
)
def test_nothing_gives_a_sentence(busy: Shell, arguments: list[str], said: str) -> None:
    result = busy("report", *arguments, "-o", "table", now=USUAL)
    assert result.out == ""
    assert result.err.startswith(said)


def test_nothing_to_say_of_articles(desk: Shell) -> None:
    result = desk("report", "kb", "-o", "table")
    assert result.out == ""
    assert result.err.startswith("there are no articles, and no word")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["agents", "--by", "team"], 2, "`desk report summary --by`"),
        (["hours", "--by", "company"], 2, "narrow it with a query"),
        (["hours", "--every", "day"], 2, "does not go by periods"),
        (["topics", "--every", "month"], 2, "`desk report volume --by category --every month`"),
        (["topics", "--by", "clock"], 2, "cannot stand for `clock`"),
        (["kb", "--by", "tags"], 2, "`desk kb list`"),
        (["kb", "--every", "month"], 2, "narrow it with --since"),
        (["kb", "--as-of", "2026-11-20"], 4, "take the articles of a commit with --at"),
        (["csat", "--every", "month", "--compare", "2025"], 2, "leave one of"),
    ],
)
def test_refusals(busy: Shell, arguments: list[str], code: int, told: str) -> None:
    result = busy("report", *arguments, code=code, now=USUAL)
    assert told in result.err
    assert result.out == ""


def test_strange_names_are_shown_and_not_obeyed(desk: Shell) -> None:
    desk("new", "A\x1b[31m red one", "--company", "<b>|\x1b[31m", "--tag", "x|y")
    table = desk("report", "topics", "-o", "table").out
    page = desk("report", "topics", "-o", "md").out
    for text in (table, page):
        assert "\x1b" not in text
    assert r"\<b>\|" in page


def test_topics_that_no_ticket_has_take_a_sentence(desk: Shell) -> None:
    desk("new", "It jams", "-c", "hardware")
    assert "No ticket has tags or a company." in desk("report", "topics", "-o", "table").out
    text = desk("report", "topics", "--by", "tags", "-o", "table").out
    assert "No ticket has" not in text
    assert [line.split()[:3] for line in text.splitlines() if line.startswith("none")] == [
        ["none", "1", "(0)"]
    ]
