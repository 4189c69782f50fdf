"""Writing articles: new ones, from tickets too, changes to them, and links from tickets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import PRINTER
from tests.cli.files import commits, front, last_entry
from tests.cli.test_asking import edits
from tests.conftest import CONFIG, Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

MARIA = "maria@acme.example"


def article(desk: Shell, slug: str) -> str:
    return (desk.folder / "kb" / f"{slug}.md").read_text()


# ------------------------------------------------------------------------------------------- new


def test_a_new_article_is_one_commit(desk: Shell) -> None:
    done = desk(
        *("kb", "new", "VPN:", "drops", "--tag", "vpn", "-c", "Network", "--audience", "public"),
        *("-m", "# What to do\n\nRestart it.\n\n"),
    )
    assert done == Result(0, "vpn-drops\n", "vpn-drops VPN: drops: a new article, public\n")
    assert article(desk, "vpn-drops") == (
        '---\ntitle: "VPN: drops"\ntags: [vpn]\ncategory: network\naudience: public\nowner: ana\n'
        "---\n\n# What to do\n\nRestart it.\n"
    )
    assert desk.git("log", "-1", "--format=%s|%an|%b") == (
        "kb new vpn-drops: VPN: drops|Ana Ruiz|Desk-Verb: kb new\n\n"
    )
    assert desk.git("show", "--format=", "--name-only") == "kb/vpn-drops.md\n"
    assert desk("kb", "lint").err == "1 checked: nothing to mend\n"


def test_an_article_is_internal_and_yours_unless_you_say_otherwise(desk: Shell) -> None:
    desk("kb", "new", "Año nuevo", "--slug", "NY_2027", "--owner", "luis", "-F", "-", stdin="Hi.")
    assert article(desk, "ny-2027") == (
        "---\ntitle: Año nuevo\naudience: internal\nowner: luis\n---\n\nHi.\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-m", "x"], 2, "an article needs a title; write `desk kb new What it tells`"),
        (["VPN"], 2, "the text is missing; give it with -m TEXT, or -F FILE (- for stdin)"),
        (["VPN", "-m", " "], 4, "the text is empty; nothing was written; give it with -m TEXT"),
        (["Принтер", "-m", "x"], 2, "this title makes no name for a file; give one with --slug"),
        (
            ["VPN", "-m", "x", "--slug", "a/b c!"],
            2,
            "`a/b c!` cannot name an article; write --slug",
        ),
        (
            ["VPN", "-m", "x", "--slug", "../vpn"],
            2,
            "`../vpn` cannot name an article; write --slug",
        ),
        (["Con", "-m", "x"], 2, "`con.md` is a reserved name on Windows; name it with --slug"),
        (["VPN", "-m", "x", "--owner", "bob"], 4, "unknown person `bob`"),
        (["VPN", "-m", "x", "--owner", "old"], 4, "Olga Dias (`old`) has left"),
        (["VPN", "-m", "x", "-c", "netwrok"], 4, "unknown category `netwrok`; did you mean"),
        (["VPN", "-m", "x", "--tag", "a b"], 4, "`a b` is no tag"),
        (["VPN", "-m", "x", "--audience", "pubic"], 2, "unknown audience `pubic`; did you mean"),
        (["VPN", "-m", "x" * 1_000_001], 4, "the text is refused: "),
        (["VPN", "-m", "x" * 999_999], 4, "kb/vpn.md would be 1,000,0"),
        (["VPN", "--from", "7k3"], 3, "no ticket is called `7k3`"),
    ],
)
def test_what_no_article_can_be_is_refused(
    desk: Shell, words: list[str], code: int, said: str
) -> None:
    refused = desk("kb", "new", *words, code=code)
    assert refused.out == ""
    assert refused.err.splitlines()[-1].startswith(f"desk: {said}")
    assert not (desk.folder / "kb").exists()
    assert commits(desk) == ["config"]


def test_a_slug_is_taken_once(desk: Shell) -> None:
    desk("kb", "new", "VPN", "-m", "one")
    assert desk("kb", "new", "vpn!", "-m", "two", code=4) == Result(
        4,
        "",
        "desk: there is an article kb/vpn.md already; change it with `desk kb edit vpn`, "
        "or name yours with --slug\n",
    )
    assert article(desk, "vpn").endswith("\none\n")


def test_nothing_is_written_behind_a_link(desk: Shell) -> None:
    elsewhere = desk.folder.parent / "elsewhere"
    elsewhere.mkdir()
    (desk.folder / "kb").symlink_to(elsewhere)
    desk("kb", "new", "VPN", "-m", "x", code=7)
    assert not list(elsewhere.iterdir())
    assert commits(desk) == ["config"]


def test_who_may_not_write_articles_types_none(desk: Shell) -> None:
    edits(desk, "touch ran")
    for words in (
        ["new", "VPN"],
        ["new", "VPN", "-m", "x"],
        ["edit", "x"],
        ["edit", "x", "-m", "y"],
    ):
        desk("kb", *words, terminal=True, user=MARIA, code=4)
    assert not (desk.folder / "ran").exists()


def test_on_a_terminal_the_editor_is_asked(desk: Shell) -> None:
    edits(desk, "echo 'Restart it.' > $1")
    done = desk("kb", "new", terminal=True, stdin="VPN drops\n")
    assert done.out == "vpn-drops\n"
    assert article(desk, "vpn-drops").endswith("---\n\nRestart it.\n")
    edits(desk, "echo 'For nothing.' > $1")
    refused = desk("kb", "new", "VPN drops", terminal=True, code=4)
    kept = Path(refused.err.rpartition("what you typed is kept in ")[2].strip())
    assert kept.read_text() == "For nothing.\n"


@pytest.mark.parametrize("option", ["-n", "--no-commit"])
def test_a_dry_run_writes_nothing_and_no_commit_no_commit(desk: Shell, option: str) -> None:
    desk("new", "Printer jams")
    desk("resolve", PRINTER, "-m", "Cleaned.")
    before = commits(desk)
    done = desk("kb", "new", "--from", PRINTER, option)
    assert commits(desk) == before
    if option == "-n":
        assert "+++ b/kb/printer-jams.md\n" in done.out
        assert "+kb: [printer-jams]\n" in done.out
        assert done.err.startswith("would write printer-jams Printer jams: a new article")
        assert desk.git("status", "--porcelain") == ""
    else:
        assert desk.git("status", "--porcelain").split() == [
            *("M", f"tickets/2026/11/{PRINTER}.md", "??", "kb/"),
        ]


# ------------------------------------------------------------------------------------ new --from


def solved(desk: Shell) -> None:
    desk(
        *("new", "Printer jams", "-c", "hardware/printer", "--tag", "floor-3", "-r", MARIA),
        *("-d", "On every page."),
    )
    desk("note", PRINTER, "-m", "SECRET note")
    desk("reply", PRINTER, "-m", "Which tray?", "--wait")
    desk("reply", PRINTER, "--from", MARIA, "-m", "The lower one.")
    desk("escalate", PRINTER, "-m", "SECRET reason")
    desk("worked", PRINTER, "5m", "-m", "SECRET work")
    desk("resolve", PRINTER, "-m", "New rollers are in.")


def test_an_article_begins_with_a_solved_ticket_and_the_ticket_names_it(desk: Shell) -> None:
    solved(desk)
    before = commits(desk)
    assert desk("kb", "new", "--from", "00001", "--tag", "jam") == Result(
        0,
        "printer-jams\n",
        f"printer-jams Printer jams: a new article, internal, and {PRINTER} names it\n",
    )
    assert article(desk, "printer-jams") == (
        "---\ntitle: Printer jams\ntags: [floor-3, jam]\ncategory: hardware/printer\n"
        "audience: internal\nowner: ana\n---\n\n"
        "## Question\n\nOn every page.\n\n## Answer\n\nWhich tray?\n\nNew rollers are in.\n"
    )
    assert front(desk, PRINTER)["kb"] == ["printer-jams"]
    assert last_entry(desk, PRINTER) == "ana changed kb+=printer-jams"
    assert commits(desk) == ["kb new printer-jams: Printer jams", *before]
    assert desk("lint", now="2026-11-22T10:00:00Z").out == ""
    assert desk("kb", "list", "--fields", "slug,solved").out == "printer-jams\t1\n"


def test_what_is_given_comes_before_what_the_ticket_has(desk: Shell) -> None:
    solved(desk)
    desk("kb", "new", "Jams", "--from", PRINTER, "-m", "Clean it.", "-c", "hardware")
    assert "title: Jams\ntags: [floor-3]\ncategory: hardware\n" in article(desk, "jams")
    assert article(desk, "jams").endswith("---\n\nClean it.\n")


def test_the_editor_begins_with_the_draft(desk: Shell) -> None:
    solved(desk)
    edits(desk, "sed -i s/Question/Symptom/ $1")
    desk("kb", "new", "--from", PRINTER, terminal=True)
    assert "## Symptom\n\nOn every page.\n\n## Answer" in article(desk, "printer-jams")
    assert article(desk, "printer-jams").endswith("New rollers are in.\n")


def test_a_ticket_that_is_not_solved_makes_no_article(desk: Shell) -> None:
    desk("new", "Printer jams")
    desk("hold", PRINTER, "-m", "x")
    assert desk("kb", "new", "--from", PRINTER, code=4).err == (
        f"desk: {PRINTER} is on hold, and an article comes from what is solved; "
        "resolve it first, or leave --from out\n"
    )


def test_without_titles_in_history_there_is_none_of_articles(make_desk: object) -> None:
    assert callable(make_desk)
    desk = make_desk(config=f"{CONFIG}git: {{subject: id}}\n")
    desk("kb", "new", "Secret project", "--slug", "project", "-m", "x")
    assert commits(desk)[0] == "kb new project"


# ------------------------------------------------------------------------------------------ edit


@pytest.fixture
def kb(desk: Shell) -> Shell:
    """A help desk with an article that somebody wrote by hand."""
    (desk.folder / "kb").mkdir()
    (desk.folder / "kb" / "vpn-drops.md").write_text(
        "---\n# ours\ntitle: VPN drops\ncolour: blue\ntags: [vpn]\n---\nRestart it.\n"
    )
    desk.git("add", ".")
    desk.git("commit", "--quiet", "-m", "kb")
    return desk


def test_options_change_an_article_and_nothing_else_in_its_file(kb: Shell) -> None:
    done = kb(
        *("kb", "edit", "vpn", "--title", "The VPN drops", "--tag", "network", "--owner", "luis"),
        *("--remove-tag", "vpn", "--audience", "public", "--reviewed"),
    )
    assert done == Result(
        0,
        "vpn-drops\n",
        "vpn-drops The VPN drops: changed title, tags, audience, owner, reviewed\n",
    )
    assert article(kb, "vpn-drops") == (
        "---\n# ours\ntitle: The VPN drops\ncolour: blue\ntags: [network]\naudience: public\n"
        "owner: luis\nreviewed: 2026-11-22\n---\nRestart it.\n"
    )
    assert commits(kb)[0] == "kb edit vpn-drops: The VPN drops"


def test_a_new_text_and_keys_that_are_cleared(kb: Shell) -> None:
    kb("kb", "edit", "vpn", "-m", "Wait.", "--category", "network")
    kb("kb", "edit", "vpn", "--category", "", "--reviewed", "2026-11-01")
    assert article(kb, "vpn-drops") == (
        "---\n# ours\ntitle: VPN drops\ncolour: blue\ntags: [vpn]\nreviewed: 2026-11-01\n---\n"
        "\nWait.\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--title", " "], 4, "the title is empty; an article needs one"),
        (["--reviewed", "2026-11-23"], 2, "2026-11-23 is yet to come"),
        (["--reviewed", "soon"], 2, "`soon` is not a date"),
        (["--owner", "an"], 4, "unknown person `an`; did you mean `ana`?"),
        ([], 2, "nothing to change is named; see `desk kb edit --help` for the options"),
    ],
)
def test_what_an_article_cannot_become_is_refused(
    kb: Shell, words: list[str], code: int, said: str
) -> None:
    assert kb("kb", "edit", "vpn-drops", *words, code=code).err.startswith(f"desk: {said}")
    assert commits(kb) == ["kb", "config"]


def test_what_is_so_already_is_said_and_not_written(kb: Shell) -> None:
    assert kb("kb", "edit", "vpn", "--tag", "vpn") == Result(
        0, "", "vpn-drops is like that already; nothing was written\n"
    )
    edits(kb, "true")
    assert kb("kb", "edit", "vpn", terminal=True).out == ""
    assert commits(kb) == ["kb", "config"]


def test_an_edit_by_hand_is_committed_first_on_its_own(kb: Shell) -> None:
    path = kb.folder / "kb" / "vpn-drops.md"
    path.write_text(path.read_text().replace("Restart", "Reset"))
    done = kb("kb", "edit", "vpn", "--reviewed")
    assert done.err.startswith("your edit of kb/vpn-drops.md was committed first, on its own\n")
    assert commits(kb)[:2] == ["kb edit vpn-drops: VPN drops", "kb edit vpn-drops by hand"]
    assert "Reset" not in kb.git("show", "--format=", "--unified=0")


def test_the_editor_takes_the_whole_file(kb: Shell) -> None:
    edits(kb, "sed -i 's/^tags.*/tags: [a, b]/; s/Restart/Reset/' $1")
    assert kb("kb", "edit", "vpn", terminal=True) == Result(
        0, "vpn-drops\n", "vpn-drops VPN drops: changed tags, text\n"
    )
    assert article(kb, "vpn-drops") == (
        "---\n# ours\ntitle: VPN drops\ncolour: blue\ntags: [a, b]\n---\nReset it.\n"
    )


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sed -i s/title:/titel:/ $1", "what you typed is no article, and nothing was changed"),
        ("sed -i 's/^# ours/owner: bob/' $1", "the article is refused, and nothing was changed"),
        ("echo '# again' >> kb/vpn-drops.md; echo x >> $1", "kb/vpn-drops.md changed while you"),
    ],
)
def test_what_was_typed_is_kept_where_it_is_refused(kb: Shell, script: str, said: str) -> None:
    edits(kb, script)
    refused = kb("kb", "edit", "vpn", terminal=True, code=6 if "changed while" in said else 4)
    *_, last = refused.err.splitlines()
    assert last.startswith(f"desk: {said}")
    kept = Path(last.rpartition("what you typed is kept in ")[2])
    assert kept.parent == kb.folder / ".git" / "desk" / "edits"
    assert kept.read_text() != ""
    assert commits(kb) == ["kb", "config"]


def test_the_editor_mends_what_cannot_be_read(kb: Shell) -> None:
    (kb.folder / "kb" / "vpn-drops.md").write_text("---\ntitle: VPN\naudience: all\n---\n")
    kb("kb", "edit", "vpn-drops", "--reviewed", code=4)
    edits(kb, "sed -i s/all/public/ $1")
    assert kb("kb", "edit", "vpn-drops", terminal=True).err.endswith(
        "vpn-drops VPN: changed into an article\n"
    )
    assert kb("kb", "show", "vpn").out == "---\ntitle: VPN\naudience: public\n---\n"


# ------------------------------------------------------------------------------------ link, undo


def test_a_ticket_names_articles_and_no_longer(kb: Shell) -> None:
    kb("new", "VPN is down")
    assert kb("kb", "link", PRINTER, "vpn-drops") == Result(
        0, f"{PRINTER}\n", f"{PRINTER} VPN is down: +vpn-drops\n"
    )
    assert last_entry(kb, PRINTER) == "ana changed kb+=vpn-drops"
    assert commits(kb)[0] == f"{PRINTER} kb link: VPN is down"
    assert kb("kb", "link", PRINTER, "vpn-drops") == Result(
        0, "", f"{PRINTER} names vpn-drops already; nothing was written\n"
    )
    (kb.folder / "kb" / "vpn-drops.md").unlink()
    kb("kb", "link", PRINTER, "vpn-drops", "--remove")
    assert "kb" not in front(kb, PRINTER)
    assert kb("kb", "link", PRINTER, "vpn-drop", "--remove", code=3).out == ""


def test_only_articles_that_are_there_are_linked(kb: Shell) -> None:
    kb("new", "VPN is down")
    assert kb("kb", "link", PRINTER, "vpm-drops", code=3).err == (
        "desk: no article is called `vpm-drops`; did you mean `vpn-drops`?\n"
    )
    assert "kb" not in front(kb, PRINTER)


def test_undo_takes_back_links_and_says_how_to_take_back_the_rest(kb: Shell) -> None:
    kb("new", "VPN is down")
    kb("kb", "link", PRINTER, "vpn-drops")
    kb("undo")
    assert "kb" not in front(kb, PRINTER)
    kb("kb", "edit", "vpn-drops", "--reviewed", now="2026-11-23T09:00:00Z")
    refused = kb("undo", code=3, now="2026-11-23T09:01:00Z")
    commit = kb.git("rev-parse", "HEAD").strip()[:12]
    assert refused.err == (
        f"desk: your last command, `kb edit`, changed no ticket; `git revert {commit}` "
        "takes it back\n"
    )
