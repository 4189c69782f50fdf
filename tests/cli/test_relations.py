"""Tickets among each other, and taking back: tag, link, merge, split, undo."""

from __future__ import annotations

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.cli.files import commits, front, headings, last_entry
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

INVERSE = {
    "relates": "relates",
    "duplicates": "duplicated-by",
    "duplicated-by": "duplicates",
    "blocks": "blocked-by",
    "blocked-by": "blocks",
    "parent": "child",
    "child": "parent",
    "causes": "caused-by",
    "caused-by": "causes",
}


@pytest.fixture
def two(desk: Shell) -> Shell:
    """A help desk with two tickets, of which the first came first."""
    desk("new", "Printer jams", "-r", "maria@acme.example", "-d", "It jams.")
    desk("new", "VPN is down", now="2026-11-22T09:40:00Z")
    return desk


# ------------------------------------------------------------------------------------------- tag


def test_tags_are_added_and_taken_off(two: Shell) -> None:
    assert two("tag", PRINTER, "loud", "floor-3") == Result(
        0, f"{PRINTER}\n", f"{PRINTER} Printer jams: +loud, +floor-3\n"
    )
    assert front(two, PRINTER)["tags"] == ["loud", "floor-3"]
    assert two("tag", PRINTER, "loud").err == (
        f"{PRINTER} has the tag loud already; nothing was written\n"
    )
    assert two("tag", PRINTER, "nope", "--remove").err == (
        f"{PRINTER} has no tag nope; nothing was written\n"
    )
    two("tag", PRINTER, "loud", "none", "--remove")
    assert headings(two, PRINTER)[1:] == [
        "ana changed tags+=loud tags+=floor-3",
        "ana changed tags-=loud",
    ]


@pytest.mark.parametrize("tag", ["two words", "a,b", 'a"b', "", "x" * 101])
def test_what_no_list_shows_plainly_is_no_tag(two: Shell, tag: str) -> None:
    refused = two("tag", PRINTER, tag, code=4)
    assert refused.err == (
        f"desk: `{tag}` is no tag; write a word, with hyphens in place of blanks\n"
    )
    assert len(headings(two, PRINTER)) == 1


# ------------------------------------------------------------------------------------------ link


@pytest.mark.parametrize(("relation", "inverse"), INVERSE.items())
def test_a_link_is_written_in_both_tickets_in_one_commit(
    two: Shell, relation: str, inverse: str
) -> None:
    two("link", PRINTER, relation, "2")
    assert front(two, PRINTER)["links"] == [f"{relation} {VPN}"]
    assert front(two, VPN)["links"] == [f"{inverse} {PRINTER}"]
    assert last_entry(two, VPN) == f'ana changed links+="{inverse} {PRINTER}"'
    assert commits(two)[0] == "2 tickets link"


def test_a_link_twice_changes_nothing_and_goes_in_both(two: Shell) -> None:
    two("link", PRINTER, "blocked_by", VPN)
    assert two("link", VPN, "blocks", PRINTER) == Result(
        0,
        "",
        f"{VPN} has that link already; nothing was written\n"
        f"{PRINTER} has that link already; nothing was written\n",
    )
    two("link", PRINTER, "blocked-by", VPN, "--remove")
    assert "links" not in front(two, PRINTER)
    assert "links" not in front(two, VPN)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([PRINTER, "relats", VPN], 2, "unknown relation `relats`; did you mean `relates`?"),
        (
            [PRINTER, "relates", PRINTER],
            4,
            (f"{PRINTER} cannot be linked to itself; name two tickets"),
        ),
        (
            [PRINTER, "relates", "00009"],
            3,
            ("no ticket is called `00009`; did you mean `HD-2611-00002`?"),
        ),
        ([PRINTER, "relates"], 2, "missing argument 'ID'; see `desk link --help`"),
    ],
)
def test_link_refuses(two: Shell, words: list[str], code: int, said: str) -> None:
    refused = two("link", *words, code=code)
    assert refused == Result(code, "", f"desk: {said}\n")
    assert len(commits(two)) == 3


# ----------------------------------------------------------------------------------------- merge


def test_merge_closes_duplicates_and_links_both_sides(two: Shell) -> None:
    two("new", "Paper jam", now="2026-11-22T09:45:00Z")
    done = two(
        "merge", VPN, LAPTOP, "--into", PRINTER, "-m", "The same.", now="2026-11-22T10:00:00Z"
    )
    assert set(done.out.split()) == {PRINTER, VPN, LAPTOP}
    assert commits(two)[0] == "3 tickets merge"
    for duplicate in (VPN, LAPTOP):
        values = front(two, duplicate)
        assert (values["status"], values["resolution"]) == ("closed", "duplicate")
        assert last_entry(two, duplicate) == (
            "ana changed status=closed resolution=duplicate "
            f'links+="duplicates {PRINTER}"\n\nThe same.'
        )
    assert front(two, PRINTER)["status"] == "new"
    assert front(two, PRINTER)["links"] == [f"duplicated-by {VPN}", f"duplicated-by {LAPTOP}"]
    assert "It jams." in two.file_of(PRINTER).read_text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            [PRINTER, "--into", PRINTER],
            4,
            (f"{PRINTER} cannot be merged into itself; name another ticket"),
        ),
        ([PRINTER, "--into", "ZZZZZ"], 3, "no ticket is called `ZZZZZ`; see `desk list`"),
        ([PRINTER], 2, "missing option '--into'; see `desk merge --help`"),
    ],
)
def test_merge_refuses(two: Shell, words: list[str], code: int, said: str) -> None:
    assert two("merge", *words, code=code) == Result(code, "", f"desk: {said}\n")


def test_what_is_done_cannot_be_merged(two: Shell) -> None:
    two("close", VPN)
    assert two("merge", VPN, "--into", PRINTER, code=4).err.startswith(
        f"desk: cannot merge {VPN}: it is closed; now: "
    )
    assert "links" not in front(two, PRINTER)


# ----------------------------------------------------------------------------------------- split


def test_split_quotes_entries_in_a_new_ticket_that_is_linked(two: Shell) -> None:
    two("reply", PRINTER, "--from", "maria@acme.example", "-m", "And the scanner\n\nis slow.")
    done = two("split", PRINTER, "2", "--title", "Scanner is slow")
    assert done.out.split() == [LAPTOP, PRINTER]
    assert commits(two)[0] == "2 tickets split"
    assert front(two, PRINTER)["links"] == [f"relates {LAPTOP}"]
    values = front(two, LAPTOP)
    assert (values["title"], values["status"]) == ("Scanner is slow", "new")
    assert values["requester"] == "maria@acme.example"
    assert values["links"] == [f"relates {PRINTER}"]
    assert last_entry(two, LAPTOP).partition("\n\n")[2] == (
        f"Split off {PRINTER}.\n\n> 2026-11-22T09:34:36Z maria@acme.example wrote:\n>\n"
        "> And the scanner\n>\n> is slow."
    )


@pytest.mark.parametrize("entry", ["0", "2", "99999999999", "x", "-1", "2026-11-22T00:00:00Z"])
def test_split_refuses_an_entry_that_is_not_there(two: Shell, entry: str) -> None:
    refused = two("split", PRINTER, "--", entry, code=3)
    assert refused.err == (
        f"desk: {PRINTER} has no entry `{entry}`; `desk log {PRINTER}` numbers its 1\n"
    )
    assert len(commits(two)) == 3


# ------------------------------------------------------------------------------------------ undo


@pytest.mark.parametrize(
    ("words", "back"),
    [
        (["take", PRINTER], "ana changed status=new assignee="),
        (["edit", PRINTER, "-p", "P1", "--set", "a=b"], "ana changed priority=P3 fields.a="),
        (["tag", PRINTER, "loud"], "ana changed tags-=loud"),
        (["resolve", PRINTER], "ana changed status=new resolution="),
        (["worked", PRINTER, "15m"], "ana worked minutes=-15"),
        (["escalate", PRINTER, "-m", "x"], "ana changed team=support level=L1"),
    ],
)
def test_undo_sets_the_fields_back_and_names_what_it_undoes(
    two: Shell, words: list[str], back: str
) -> None:
    two(*words)
    before = headings(two, PRINTER)
    subject, undone = commits(two)[0], two.file_of(PRINTER).read_text().rpartition("\n## ")[2]
    done = two("undo")
    assert done.out == f"{PRINTER}\n"
    assert done.err.startswith(f"undoing: {subject}\n")
    assert headings(two, PRINTER) == [*before, back]
    name = " ".join(undone.split("\n")[0].split(" ")[:3])
    assert last_entry(two, PRINTER) == f"{back}\n\nUndoes: {name}"
    assert commits(two)[0] == f"{PRINTER} undo: Printer jams"


def test_undo_of_new_cancels_the_ticket(two: Shell) -> None:
    two("undo")
    values = front(two, VPN)
    assert (values["status"], values["resolution"]) == ("closed", "cancelled")


def test_undo_again_undoes_the_command_before(two: Shell) -> None:
    two("tag", PRINTER, "one")
    two("tag", PRINTER, "two")
    two("undo")
    assert front(two, PRINTER)["tags"] == ["one"]
    two("undo")
    assert "tags" not in front(two, PRINTER)


def test_undo_leaves_what_others_changed_since(two: Shell) -> None:
    two("edit", PRINTER, "-p", "P1", "--company", "ACME")
    two("edit", PRINTER, "-p", "P2", user="luis")
    two("undo")
    assert headings(two, PRINTER)[-1] == "ana changed company="
    assert front(two, PRINTER)["priority"] == "P2"


def test_undo_is_of_ones_own_last_command(two: Shell) -> None:
    two("take", PRINTER, user="luis")
    assert two("undo", user="eva", code=3) == Result(
        3, "", "desk: no command of yours is left to undo; `git log` shows the commits\n"
    )
    two("undo", user="luis")
    assert headings(two, PRINTER)[-1] == "luis changed status=new assignee="


def test_undo_of_several_tickets_is_one_commit(two: Shell) -> None:
    two("close", PRINTER, VPN)
    assert two("undo").out.split() == [PRINTER, VPN]
    assert commits(two)[0] == "2 tickets undo"
    assert front(two, VPN)["status"] == "new"


@pytest.mark.parametrize(
    ("words", "deed"),
    [
        (["worked", PRINTER, "15m"], "15m of work taken back"),
        (["rate", PRINTER, "5"], "the rating taken back"),
    ],
)
def test_undo_says_what_is_taken_back(two: Shell, words: list[str], deed: str) -> None:
    two(*words)
    assert two("undo").err.endswith(f"{PRINTER} Printer jams: {deed}\n")
