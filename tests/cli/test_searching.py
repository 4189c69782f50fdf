"""`desk search`, in every format."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Shell


@pytest.fixture
def some(desk: Shell) -> list[str]:
    return [
        desk.id("new", "Printer jams", "-d", "The tray\x1b[2J jams."),
        desk.id("new", "Scanner is slow", "-d", "So is the printer.\n\nAnd the tray."),
    ]


def test_a_page_has_two_lines_a_hit(desk: Shell, some: list[str]) -> None:
    lines = desk("search", "printer", "-o", "table").out.splitlines()
    assert [line[:13] for line in lines[::2]] == some
    assert lines[0].endswith("Printer jams")
    assert lines[1] == "    The tray\\u001b[2J jams."
    assert lines[3] == "    So is the printer. And the tray."


def test_words_are_bold_in_colour(desk: Shell, some: list[str]) -> None:
    out = desk("search", "printer", "-o", "table", "--color", "always").out
    assert "\x1b[1mPrinter\x1b[0m jams" in out
    assert "So is the \x1b[1mprinter\x1b[0m." in out


def test_lines_and_documents_for_programs(desk: Shell, some: list[str]) -> None:
    first, second = some
    assert desk("search", "printer", "-o", "ids").out == f"{first}\n{second}\n"
    assert desk("search", "printer", "--fields", "id,snippet").out.splitlines()[0] == (
        f"{first}\tThe tray\\u001b[2J jams."
    )
    told = json.loads(desk("search", "printer", "-o", "json").out)
    assert (told["schema"], told["total"], told["is_exact"]) == ("desk.search/1", 2, True)
    assert [each["id"] for each in told["tickets"]] == some
    assert told["tickets"][0]["snippet"] == "The tray\x1b[2J jams."
    line = json.loads(desk("search", "scanner", "-o", "jsonl").out)
    assert (line["id"], line["title"]) == (second, "Scanner is slow")
    assert "did you mean" in desk("search", "printer", "--fields", "snipet", code=2).err


def test_what_is_not_shown_is_told(desk: Shell, some: list[str]) -> None:
    assert "1 more of 2 tickets" in desk("search", "printer", "--limit", "1").err
    assert "these have some of the words" in desk("search", "printer nowhere").err
    assert "no ticket has any of these words" in desk("search", "nowhere").err
    narrowed = desk("search", "printer is:done").err
    assert narrowed == "no ticket that fulfils the other conditions has any of these words\n"
    assert "no words to search for" in desk("search", "is:open", code=2).err


def test_articles_are_found_too_where_only_words_are_asked_for(
    desk: Shell, some: list[str]
) -> None:
    desk("kb", "new", "Clearing the tray", "-m", "Open the printer and pull.")
    page = desk("search", "tray", "-o", "table").out
    assert "\nArticles\nclearing-the-tray  Clearing the tray\n    Open the printer" in page
    told = json.loads(desk("search", "tray", "-o", "json").out)
    assert [each["slug"] for each in told["articles"]] == ["clearing-the-tray"]
    assert json.loads(desk("search", "tray status:new", "-o", "json").out)["articles"] == []
    assert "but these articles have" in desk("search", "pull", "-o", "table").err
    assert "but articles have: `desk kb search`" in desk("search", "pull").err


def test_a_ticket_with_what_is_like_it(desk: Shell, some: list[str]) -> None:
    desk("kb", "new", "Printer jams in the tray", "-m", "Clean the rollers.")
    same = desk.id("new", "The printer jams again", "-d", "In the tray.")
    page = desk("show", same, "--similar", "-o", "table").out
    assert f"Similar tickets\n{some[0]}  new" in page
    assert "Articles\nprinter-jams-in-the-tray" in page
    told = json.loads(desk("show", same, "--similar", "-o", "json").out)
    assert told["ticket"]["id"] == same
    assert some[0] in [each["id"] for each in told["similar"]]
    assert [each["slug"] for each in told["articles"]] == ["printer-jams-in-the-tray"]
    assert some[0] in desk("show", same, "--similar", "-o", "ids").out.split()
    assert "takes one ticket" in desk("show", *some, "--similar", code=2).err
