"""`desk report --html` and `desk dashboard`: whole pages, or the old file; and the short form."""

from __future__ import annotations

import json
import os
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from desk.domain.report.catalogue import BUILT_IN
from desk.storage import ticket_store
from tests.cli.conftest import PRINTER, VPN
from tests.conftest import Shell


class Reader(HTMLParser):
    """What a page holds: its tags, its attributes, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def ids(self) -> list[str]:
        """Return the anchors."""
        return [value or "" for name, value in self.attributes if name == "id"]

    def links(self) -> list[str]:
        """Return where links lead."""
        return [value or "" for name, value in self.attributes if name == "href"]


HOSTILE = '<script>alert(1)</script>\u202e\x1b[31m" onclick=x javascript:alert(1) {{ 7*7 }}'


def test_a_page_of_all_reports(library: Shell, tmp_path: Path) -> None:
    page = tmp_path / "figures.html"
    told = library("report", "--html", str(page), "--since", "2026-11-22")
    assert (told.out, told.err) == ("", f"wrote {page}\n")
    read = Reader(page.read_text())
    headings = "".join(read.words)
    for name in BUILT_IN:
        assert f"{name}\n" in headings.casefold()
    assert all(link[1:] in read.ids() for link in read.links())
    assert len(read.ids()) == len(set(read.ids()))
    assert f"created {BUILT_IN['summary'].metrics[0]}" in headings  # a definition


def test_some_reports_of_some_tickets(library: Shell) -> None:
    text = library("report", "--html", "-", "backlog", "sla", "priority:P1").out
    read = Reader(text)
    words = "".join(read.words)
    assert "Tickets that match: priority:P1" in words
    assert [each for each in read.ids() if each.startswith("r-")] == ["r-1", "r-2"]
    assert VPN in words
    assert PRINTER not in words


def test_a_query_alone_is_of_all_reports(library: Shell) -> None:
    text = library("report", "--html", "-", "company:ACME").out
    assert len(re.findall(r'<section id="r-', text)) == len(BUILT_IN)


@pytest.mark.parametrize(
    "arguments",
    [
        ("report",),
        ("report", "--since", "2026-11", "--compare", "previous", "--by", "company"),
        ("dashboard",),
        ("dashboard", "--agent", "ana"),
    ],
)
def test_strange_texts_are_inert(desk: Shell, arguments: tuple[str, ...]) -> None:
    ticket = desk.id(
        "new", HOSTILE, "--company", HOSTILE, "-r", "<b>@acme.example", "--tag", "a<i>"
    )
    desk("take", ticket)
    read = Reader(desk(*arguments, "--html", "-").out)
    assert read.tags.count("script") == 1  # the page's own
    assert not {"b", "i", "img"} & {*read.tags}
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in read.links())
    words = "".join(read.words)
    assert "{{ 7*7 }}" in words
    assert r"<script>alert(1)</script>\u202e\u001b[31m" in words
    assert "\u202e" not in words and "\x1b" not in words


def test_the_page_allows_itself_alone(library: Shell) -> None:
    from base64 import b64encode
    from hashlib import sha256

    text = library("dashboard", "--html", "-").out
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    told = policy[1].replace("&#39;", "'")
    assert told.startswith("default-src 'none'; ")
    assert "unsafe" not in told
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inside is not None
        digest = b64encode(sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in told
    assert not re.search(r'(?:src|href)="(?!#)|https?:|url\(| style="', text)


def test_the_same_tickets_make_the_same_page(library: Shell) -> None:
    assert library("dashboard", "--html", "-").out == library("dashboard", "--html", "-").out


@pytest.mark.parametrize("command", ["report", "dashboard"])
def test_what_cannot_be_written_leaves_the_old_file(
    library: Shell, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("old")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        told = library(command, "--html", str(page), code=7)
    assert told.err == (
        f"desk: {page} cannot be written: No space left on device; "
        "name a file in a folder that you may write to, or - for standard output\n"
    )
    assert page.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    told = library(command, "--html", str(tmp_path / "none" / "page.html"), code=7)
    assert "cannot be written" in told.err
    assert "is a folder" in library(command, "--html", str(tmp_path), code=7).err


def test_a_page_takes_the_place_of_what_a_link_leads_to(library: Shell, tmp_path: Path) -> None:
    page, link = tmp_path / "page.html", tmp_path / "link.html"
    page.write_text("old")
    page.chmod(0o640)
    link.symlink_to(page)
    library("dashboard", "--html", str(link))
    assert link.is_symlink()
    assert page.read_text().startswith("<!doctype html>")
    assert page.stat().st_mode & 0o777 == 0o640


def test_a_page_takes_no_file_of_the_help_desk(desk: Shell, tmp_path: Path) -> None:
    path = desk.folder / "tickets" / "2026" / "11" / f"{desk.id('new', 'Printer')}.md"
    link = tmp_path / "link.html"
    link.symlink_to(path)
    for place in (path, link, desk.folder / "config.yaml", desk.folder / ".git" / "HEAD"):
        before = place.read_bytes()
        assert "belongs to the help desk" in desk("dashboard", "--html", str(place), code=4).err
        assert place.read_bytes() == before
    desk("dashboard", "--html", str(desk.folder / "page.html"))


def test_what_no_report_could_read_is_told_once(desk: Shell) -> None:
    desk("new", "Printer")
    path = desk.folder / "kb" / "broken.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text("no article\n")
    told = desk("report", "--html", "-").err
    assert told.count("kb/broken.md") == desk("report", "kb").err.count("kb/broken.md") > 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["report", "--html", "-", "sumary"], 3, "did you mean `summary`?"),
        (["report", "--html", "-", "-o", "json"], 2, "leave -o and --fields out"),
        (["dashboard", "--html", "-", "-o", "json"], 2, "leave -o and --fields out"),
        (["dashboard", "--agent", "anna"], 4, "did you mean `ana`?"),
        (["dashboard", "--agent", "ana", "is:open"], 2, "leave the query out"),
        (["dashboard", "--until", "2026-11-01"], 2, "say --since too"),
        (["dashboard", "--since", "2026-11-02", "--until", "2026-11-01"], 2, "ends before"),
        (["dashboard", "--since", "2027"], 2, "has not begun"),
        (["dashboard", "--agent", "zoe"], 4, "unknown agent `zoe`; there are ana"),
        (["dashboard", "statsu:open"], 2, "did you mean `status`?"),
    ],
)
def test_refusals(library: Shell, arguments: list[str], code: int, told: str) -> None:
    result = library(*arguments, code=code)
    assert told in result.err
    assert result.out == ""


def test_the_short_form_for_people_and_programs(library: Shell) -> None:
    told = json.loads(library("dashboard", "-o", "json").out)
    assert told["schema"] == "desk.dashboard/1"
    assert told["notes"][0] == {
        "tone": "late",
        "text": "1 ticket is past its due, and nobody has it.",
        "query": "is:open is:breached",
    }
    assert (told["now"]["live"], told["now"]["late"], told["totals"]["created"]) == (2, 1, 3)
    topics = json.loads(library("report", "topics", "-o", "json").out)
    assert (told["since"], told["until"]) == (topics["since"], None)  # the last 30 days
    table = library("dashboard", "-o", "table").out
    assert (
        "! 1 ticket is past its due, and nobody has it.\n    desk list is:open is:breached\n"
        in (table)
    )
    assert library("dashboard", "-o", "plain").out.startswith("late\t1 ticket is past its due")
    assert "* 1 ticket is past its due" in library("dashboard", "-o", "md").out
    mine = json.loads(library("dashboard", "--agent", "@me", "-o", "json").out)
    assert (mine["agent"], mine["now"]["live"]) == ("ana", 1)


def test_notes_lead_to_tickets_that_the_query_finds(library: Shell) -> None:
    notes = json.loads(library("dashboard", "-tag:other", "-o", "json").out)["notes"]
    queries = [note["query"] for note in notes if note["query"]]
    assert "-tag:other is:open is:breached" in queries
    assert all(each.startswith("-tag:other ") for each in queries)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_short_form_fits(library: Shell, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for more in ([], ["--agent", "ana"], ["company:ACME"]):
        text = library("dashboard", *more, "--color", "never", terminal=True).out
        assert max(map(len, text.splitlines())) <= width


def test_the_past_is_told_as_it_was(library: Shell) -> None:
    now = json.loads(library("dashboard", "-o", "json").out)
    then = json.loads(library("dashboard", "-o", "json", "--as-of", "now").out)
    assert now == then
    assert VPN in library("dashboard", "--html", "-", "--as-of", "now").out


def test_an_earlier_instant_is_read_once(library: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    once = ticket_store.read_ticket

    def noted(root: Path, path: str, data: bytes | None = None) -> object:
        read.append(path)
        return once(root, path, data)

    monkeypatch.setattr("desk.services.past_rows.read_ticket", noted)
    library("--as-of", "2026-11-22", "report", "--html", "-")
    tickets = [str(path) for path in library.folder.glob("tickets/*/*/*.md")]
    assert sorted(read) == sorted(path.removeprefix(f"{library.folder}/") for path in tickets)


@pytest.mark.parametrize("who", [[], ["priority:P1 or(priority:P2)"], ["--agent", "ana"]])
def test_the_command_beside_a_queue_finds_it(
    library: Shell, who: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("MOST_PRESSING", "MOST_OWN"):
        monkeypatch.setattr(f"desk.render.html.dashboard.{most}", 0)
    page = unescape(library("dashboard", *who, "--html", "-", now="2026-11-23T10:50:00Z").out)
    told = re.findall(r"(\d+) more: <code>desk (list [^<]*)</code>", page)
    assert told
    for number, command in told:
        words = shlex.split(command)
        assert library(*words, "--count", now="2026-11-23T10:50:00Z").out == f"{number}\n"


def test_a_desk_without_tickets_has_nothing_to_draw(desk: Shell) -> None:
    page = desk("dashboard", "--html", "-").out
    assert "Nothing came in, nothing was done, and nothing was left." in page
    assert "The same as a table" not in page


def test_whoever_is_no_agent_has_no_page(library: Shell) -> None:
    refused = library("dashboard", "--agent", "@me", user="bob@acme.example", code=4)
    assert refused.err == "desk: you are bob@acme.example, no agent here; name one with --agent\n"
