"""The knowledge base: found, shown, suggested, checked."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

JAMS = """\
---
title: A printer jams
tags: [printer, paper-jam]
category: hardware/printer
audience: public
owner: ana
reviewed: 2026-11-11
related: [scanner]
---

Clean the rollers of the tray. See [the scanner](scanner.md).
"""
SCANNER = (
    "---\ntitle: Empty pages\naudience: public\nreviewed: 2026-03-01\n---\n\nClean the glass.\n"
)
GATEWAY = """\
---
title: The gateway's certificate
tags: [vpn]
category: network
owner: luis
---

Renew it for the VPN, then restart the gateway.
"""
MARIA = "maria@acme.example"


@pytest.fixture
def kb(desk: Shell) -> Shell:
    """A help desk with three articles, of which one is internal."""
    folder = desk.folder / "kb"
    folder.mkdir()
    for slug, text in (("printer-jams", JAMS), ("scanner", SCANNER), ("gateway", GATEWAY)):
        (folder / f"{slug}.md").write_text(text)
    desk.git("add", ".")
    desk.git("commit", "--quiet", "-m", "kb")
    return desk


# ------------------------------------------------------------------------------------------ list


def test_a_list_has_a_line_an_article(kb: Shell) -> None:
    assert kb("kb", "list") == Result(
        0,
        "gateway\tThe gateway's certificate\tnetwork\tinternal\tluis\t\t0\n"
        "printer-jams\tA printer jams\thardware/printer\tpublic\tana\t2026-11-11\t0\n"
        "scanner\tEmpty pages\t\tpublic\t\t2026-03-01\t0\n",
        "",
    )
    assert kb("kb", "list", "-o", "ids").out == "gateway\nprinter-jams\nscanner\n"
    cut = kb("kb", "list", "-o", "ids", "--limit", "1")
    assert cut == Result(0, "gateway\n", "2 more of 3 articles: --limit 0 shows all\n")


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["clean"], "printer-jams scanner"),
        (["CLÉAN", "roll*"], "printer-jams"),
        (["paper-jam"], "printer-jams"),
        (["the glass"], "scanner"),
        (['"the glass"'], "scanner"),
        (['"glass the"'], ""),
        (["--tag", "Printer", "--tag", "paper-jam"], "printer-jams"),
        (["--category", "hardware"], "printer-jams"),
        (["--category", "hard"], ""),
        (["--audience", "internal"], "gateway"),
        (["--owner", "@me"], "printer-jams"),
        (["--owner", "Luis@acme.example"], "gateway"),
        (["--owner", "nobody"], "scanner"),
    ],
)
def test_a_list_can_be_narrowed(kb: Shell, words: list[str], slugs: str) -> None:
    assert kb("kb", "list", *words, "-o", "ids").out.split() == slugs.split()


def test_a_list_for_programs(kb: Shell) -> None:
    (kb.folder / "kb" / "broken.md").write_text("nothing")
    done = kb("kb", "list", "paper", "-o", "json")
    document = json.loads(done.out)
    assert done.err == (
        "unreadable: kb/broken.md:1:1: "
        "the front matter of an article begins with a line `---`: add it\n"
    )
    assert document == {
        "schema": "desk.articles/1",
        "articles": [
            {
                "slug": "printer-jams",
                "title": "A printer jams",
                "tags": ["printer", "paper-jam"],
                "category": "hardware/printer",
                "audience": "public",
                "owner": "ana",
                "reviewed": "2026-11-11",
                "related": ["scanner"],
                "path": "kb/printer-jams.md",
                "solved": 0,
            }
        ],
        "unreadable": [
            {
                "path": "kb/broken.md",
                "line": 1,
                "message": "the front matter of an article begins with a line `---`: add it",
            }
        ],
    }
    rows = list(csv.DictReader(io.StringIO(kb("kb", "list", "-o", "csv").out)))
    assert [row["slug"] for row in rows] == ["gateway", "printer-jams", "scanner"]
    lines = kb("kb", "list", "-o", "jsonl", "--fields", "slug,tags").out.splitlines()
    assert json.loads(lines[0]) == {"slug": "gateway", "tags": ["vpn"]}
    assert kb("kb", "list", "scanner", "-o", "md", "--fields", "slug").out == (
        "| slug |\n|---|\n| printer-jams |\n| scanner |\n"
    )
    assert kb("kb", "list", "--fields", "slgu", code=2).err == (
        "desk: there is no field `slgu` to show; did you mean `slug`?\n"
    )


def test_a_list_on_a_terminal(kb: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert kb("kb", "list", "--color", "never", terminal=True).out == (
        "slug          title                      audience  owner  reviewed  solved\n"
        "gateway       The gateway's certificate  internal  luis   never\n"
        "printer-jams  A printer jams             public    ana    11d ago\n"
        "scanner       Empty pages                public           266d ago\n"
    )
    assert kb("kb", "list", "zebra", terminal=True) == Result(0, "", "no article matches\n")
    monkeypatch.setenv("COLUMNS", "42")
    narrow = kb("kb", "list", "--color", "never", terminal=True).out
    assert narrow.startswith(
        "slug          title                 solved\ngateway       The gateway's certi…\n"
    )
    stale = kb("kb", "stale", "--color", "never", terminal=True).out
    assert stale == "slug     reviewed  owner\ngateway  never     luis\nscanner  266d ago\n"


def test_articles_count_the_tickets_that_they_solved(kb: Shell) -> None:
    kb("new", "Printer jams")
    kb("new", "VPN is down")
    kb("new", "A new laptop")
    for ticket_id in (PRINTER, VPN, LAPTOP):
        kb("kb", "link", ticket_id, "printer-jams")
    assert kb("kb", "list", "printer", "--fields", "solved").out == "0\n"
    kb("resolve", PRINTER)
    kb("resolve", VPN, "--as", "duplicate")
    kb("cancel", LAPTOP, "-m", "x")
    assert kb("kb", "list", "printer", "--fields", "solved").out == "1\n"
    kb("reopen", VPN, "-m", "x")
    kb("close", VPN)
    assert json.loads(kb("kb", "show", "printer", "-o", "json").out)["article"]["solved"] == 2


# ------------------------------------------------------------------------------------------ show


def test_an_article_is_shown_by_a_unique_beginning_or_its_path(kb: Shell) -> None:
    for given in ("printer-jams", "pri", "Printer_Jams", "kb/printer-jams.md"):
        assert kb("kb", "show", given) == Result(0, JAMS, "")
    kb("kb", "new", "Printer paper", "-m", "x")
    assert kb("kb", "show", "printer", code=4).err == (
        "desk: `printer` could be printer-jams, printer-paper; type more of it\n"
    )
    assert kb("kb", "show", "printer-james", code=3).err == (
        "desk: no article is called `printer-james`; did you mean `printer-jams`?\n"
    )
    assert kb("kb", "show", "../../etc/passwd", code=3).out == ""


def test_an_article_of_a_bad_name_is_found_by_it(kb: Shell) -> None:
    (kb.folder / "kb" / "Bad Name.md").write_text("---\ntitle: Bad\n---\n")
    assert kb("kb", "show", "Bad Name").out == "---\ntitle: Bad\n---\n"


def test_an_article_for_programs_and_on_a_page(kb: Shell) -> None:
    document = json.loads(kb("kb", "show", "gateway", "-o", "json").out)
    assert document["schema"] == "desk.article/1"
    assert document["article"]["text"] == "Renew it for the VPN, then restart the gateway."
    assert document["article"]["reviewed"] is None
    page = kb("kb", "show", "printer", "--color", "never", terminal=True).out
    assert page.startswith("printer-jams  A printer jams\n\ncategory  hardware/printer\n")
    assert "reviewed  2026-11-11 (11d ago)\n" in page
    assert "See the scanner (scanner.md)." in page


def test_an_article_that_cannot_be_read_says_why(kb: Shell) -> None:
    (kb.folder / "kb" / "broken.md").write_text("---\naudience: all\n---\n")
    refused = kb("kb", "show", "broken", code=4)
    assert "kb/broken.md:2:11: unknown audience `all`" in refused.err
    assert refused.err.endswith(
        "desk: kb/broken.md cannot be read; mend it with `desk kb edit broken`, "
        "or see `desk kb lint`\n"
    )


@pytest.mark.parametrize("words", [["show", "link"], ["edit", "link", "--owner", "ana"]])
def test_nobody_is_sent_to_an_editor_for_a_link(kb: Shell, words: list[str]) -> None:
    (kb.folder / "kb" / "link.md").symlink_to(kb.folder / "config.yaml")
    refused = kb("kb", *words, code=4)
    assert refused.err == (
        "kb/link.md: a symbolic link\n"
        "desk: kb/link.md cannot be read; put the file itself in its place, or remove it\n"
    )


@pytest.mark.parametrize("words", [["show", "strange"], ["list", "-o", "plain"], ["search", "esc"]])
@pytest.mark.parametrize("terminal", [True, False])
def test_strange_characters_are_shown_escaped(kb: Shell, words: list[str], terminal: bool) -> None:
    text = 'Esc \x1b[2J &#27;[2J &#x202e; [l](x"\x07)\u202e `\x1b`\n\n    \x1b\n'
    (kb.folder / "kb" / "strange.md").write_text(f'---\ntitle: "a \\e\\a"\n---\n\n{text}')
    shown = kb("kb", *words, "--color", "never", terminal=terminal).out
    assert "\\u001b" in shown
    assert not set("\x1b\x07\u202e") & set(shown)


# ---------------------------------------------------------------------------------------- search


def test_a_search_finds_articles_with_all_words_the_best_first(kb: Shell) -> None:
    (kb.folder / "kb" / "tray.md").write_text("---\ntitle: Rollers\n---\n\nClean the tray.\n")
    assert kb("kb", "search", "clean", "rollers") == Result(
        0,
        "tray\tRollers\tClean the tray.\n"
        "printer-jams\tA printer jams\tClean the rollers of the tray. "
        "See [the scanner](scanner.md).\n",
        "",
    )
    document = json.loads(kb("kb", "search", "scanner", "-o", "json", "--limit", "1").out)
    assert document["schema"] == "desk.kb-search/1"
    assert (document["is_exact"], document["total"]) == (True, 2)
    assert document["articles"][0]["snippet"] == "Clean the glass."


def test_where_no_article_has_all_words_those_with_some_are_found(kb: Shell) -> None:
    assert kb("kb", "search", "roll", "zebra", "-o", "ids") == Result(
        0,
        "printer-jams\n",
        "no article has all of that; these have some of the words, or words that begin so\n",
    )
    assert kb("kb", "search", "zebra") == Result(0, "", "no article has any of these words\n")
    assert kb("kb", "search", code=2).err == (
        "desk: there are no words to search for; `desk kb list` shows every article\n"
    )
    assert kb("kb", "search", "!?", code=2).out == ""


def test_a_search_on_a_terminal_shows_where_the_words_stand(kb: Shell) -> None:
    shown = kb("kb", "search", "glass", terminal=True).out
    assert shown == "\x1b[36mscanner\x1b[0m  Empty pages\n    Clean the \x1b[1mglass\x1b[0m.\n"


# -------------------------------------------------------------------------------------- audience


def test_who_is_no_agent_is_shown_public_articles_alone(kb: Shell) -> None:
    listed = kb("kb", "list", "-o", "ids", user=MARIA)
    assert listed.out == "printer-jams\nscanner\n"
    assert listed.err == "left out, as for agents alone: 1 article\n"
    assert kb("kb", "search", "certificate", user=MARIA).out == ""
    assert kb("kb", "show", "gateway", user=MARIA, code=4).err == (
        "desk: the article gateway is for agents alone; "
        "ask the help desk: `desk new` opens a ticket\n"
    )
    assert kb("kb", "show", "gate", user=MARIA, code=3).out == ""
    ticket_id = kb.id("new", "Certificate of the gateway", user=MARIA)
    assert "gateway" not in kb("kb", "suggest", ticket_id, user=MARIA).out
    assert kb("kb", "suggest", ticket_id, "-o", "ids").out == "gateway\n"


def test_where_nobody_says_who_is_at_work_everything_is_shown(kb: Shell) -> None:
    kb.git("config", "user.email", "")
    kb.git("config", "user.name", "")
    assert kb("kb", "list", "-o", "ids").out == "gateway\nprinter-jams\nscanner\n"


# ----------------------------------------------------------------------------- suggest and `new`


def test_articles_are_suggested_for_a_ticket(kb: Shell) -> None:
    kb("new", "Printers jam again", "-d", "The rollers squeak.")
    assert kb("kb", "suggest", PRINTER) == Result(
        0,
        "printer-jams\tA printer jams\thardware/printer\tpublic\tana\t2026-11-11\t0\n",
        f"if one answers it: `desk kb link {PRINTER} printer-jams`\n",
    )
    document = json.loads(kb("kb", "suggest", PRINTER, "-o", "json").out)
    assert (document["schema"], document["ticket"]) == ("desk.kb-suggest/1", PRINTER)
    kb("kb", "link", PRINTER, "printer-jams")
    assert kb("kb", "suggest", PRINTER) == Result(
        0, "", f"no article is like {PRINTER}, beside those that it names already\n"
    )
    kb("new", "Lunch")
    kb("reply", VPN, "--from", MARIA, "-m", "It is the certificate of the gateway.")
    assert kb("kb", "suggest", VPN, "-o", "ids").out == "gateway\n"


def test_a_new_ticket_is_told_of_likely_answers_on_a_terminal(kb: Shell) -> None:
    told = "this may be answered already (`desk kb show SLUG`):\n  printer-jams  A printer jams\n"
    words = ("new", "My printer jams")
    assert kb(*words, terminal=True).err.startswith(told)
    assert "printer-jams" not in kb(*words).err
    for option in ("--no-input", "-q"):
        assert "printer-jams" not in kb(*words, option, terminal=True).err
    assert "may be answered" not in kb("new", "The printer is on fire", terminal=True).err
    assert kb("new", "Certificate of the gateway", terminal=True, user=MARIA).err.count("\n") == 1


# --------------------------------------------------------------------------------- stale and lint


def test_what_nobody_read_through_for_long_is_stale(kb: Shell) -> None:
    assert kb("kb", "stale") == Result(
        0, "gateway\t\tluis\tThe gateway's certificate\nscanner\t2026-03-01\t\tEmpty pages\n", ""
    )
    assert kb("kb", "stale", "--older", "1d", "--owner", "ana", "-o", "ids").out == "printer-jams\n"
    assert kb("kb", "stale", "--owner", "ana", terminal=True).err == (
        "every article was read through within 180d\n"
    )
    assert kb("kb", "stale", "--older", "soon", code=2).out == ""


def test_articles_are_checked(kb: Shell) -> None:
    assert kb("kb", "lint") == Result(0, "", "3 checked: nothing to mend\n")
    (kb.folder / "kb" / "scanner.md").unlink()
    done = kb("kb", "lint", code=1)
    assert done.out == (
        "kb/printer-jams.md:8:11: warning: there is no article kb/scanner.md: write it, "
        "or remove the slug [kb-slug]\n"
        "kb/printer-jams.md:11:50: warning: there is no file kb/scanner.md: correct the link, "
        "or remove it [kb-link]\n"
    )
    assert json.loads(kb("kb", "lint", "-o", "json", code=1).out)["schema"] == "desk.kb-lint/1"
    assert (
        "::warning file=kb/printer-jams.md,line=8" in kb("kb", "lint", "-o", "github", code=1).out
    )
    assert kb("lint", code=1).out == done.out


def test_reading_is_of_now(kb: Shell) -> None:
    for words in (["list"], ["show", "scanner"], ["search", "x"], ["stale"], ["lint"]):
        refused = kb("kb", *words, "--as-of", "yesterday", code=2)
        assert refused.err.endswith("leave --as-of out\n"), words


def test_permissions_tell_of_the_commands(kb: Shell) -> None:
    page = kb("help", "settings").out
    for name in ("kb new", "kb edit", "kb link"):
        assert f"| `{name}` |  | yes | yes | yes |" in page
