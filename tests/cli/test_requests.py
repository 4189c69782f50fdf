"""What is said about tickets: new, reply, note, edit, rate, watch, attach."""

from __future__ import annotations

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.cli.files import commits, front, headings, last_entry
from tests.conftest import NOW, Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

MARIA = "maria@acme.example"


# ------------------------------------------------------------------------------------------- new


def test_new_prints_the_id_and_says_the_rest_on_stderr(desk: Shell) -> None:
    assert desk("new", "Printer", "jams") == Result(
        0, f"{PRINTER}\n", f"{PRINTER} Printer jams: opened (P3, support)\n"
    )
    assert commits(desk)[0] == f"{PRINTER} new: Printer jams"


def test_new_without_flags_has_the_usual_fields(desk: Shell) -> None:
    desk("new", "Printer jams")
    assert desk.file_of(PRINTER).read_text() == (
        f"---\nid: {PRINTER}\ntitle: Printer jams\ntype: incident\nstatus: new\npriority: P3\n"
        "requester: Ana Ruiz <ana@acme.example>\nteam: support\nlevel: L1\nchannel: cli\n"
        f"created: {NOW}\n---\n\n## {NOW} ana@acme.example opened type=incident status=new "
        "priority=P3 team=support level=L1 channel=cli\n"
    )


def test_new_takes_every_field(desk: Shell) -> None:
    desk(
        *("new", "VPN is down", "-d", "Since this morning.", "-r", f"Maria López <{MARIA}>"),
        *("-p", "p1", "-t", "request", "-c", "network", "-a", "luis", "--team", "sysadmin"),
        *("--tag", "vpn", "--tag", "home", "--company", "ACME", "--phone", "+34 600 000"),
        *("--channel", "phone", "--impact", "high", "--urgency", "low", "--set", "asset=PC-42"),
    )
    assert front(desk, PRINTER) == {
        "id": PRINTER,
        "title": "VPN is down",
        "type": "request",
        "status": "new",
        "priority": "P1",
        "impact": "high",
        "urgency": "low",
        "requester": f"Maria López <{MARIA}>",
        "company": "ACME",
        "phone": "+34 600 000",
        "assignee": "luis",
        "team": "sysadmin",
        "level": "L2",
        "category": "network",
        "tags": ["vpn", "home"],
        "channel": "phone",
        "created": NOW,
        "fields": {"asset": "PC-42"},
    }
    assert last_entry(desk, PRINTER).startswith("ana opened type=request status=new priority=P1 ")
    assert last_entry(desk, PRINTER).endswith("\n\nSince this morning.")


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [("high", "high", "P1"), ("low", "high", "P3"), ("low", "low", "P4")],
)
def test_new_takes_the_priority_from_the_matrix(
    desk: Shell, impact: str, urgency: str, priority: str
) -> None:
    desk("new", "Printer jams", "--impact", impact, "--urgency", urgency)
    assert front(desk, PRINTER)["priority"] == priority


def test_new_for_oneself_is_signed_by_address_and_for_others_by_handle(desk: Shell) -> None:
    for requester in ("@me", "ana", "ana@acme.example", "luis", MARIA):
        desk("new", "Printer jams", "-r", requester)
    signers = [headings(desk, f"HD-2611-{number:05d}")[0].split()[0] for number in range(1, 6)]
    assert signers == [*["ana@acme.example"] * 3, "ana", "ana"]


def test_new_by_somebody_unknown_is_a_request_of_theirs(desk: Shell) -> None:
    desk("new", "Help", user=MARIA)
    assert front(desk, PRINTER)["requester"] == MARIA
    assert headings(desk, PRINTER)[0].startswith(f"{MARIA} opened ")


@pytest.mark.parametrize("source", ["text.md", "-"])
def test_new_reads_the_description_from_a_file_or_standard_input(desk: Shell, source: str) -> None:
    (desk.folder / "text.md").write_bytes(b"\r\nOne.\r\n\r\nTwo.\r\n\r\n")
    desk("new", "Printer jams", "-F", source, stdin=b"\r\nOne.\r\n\r\nTwo.\r\n\r\n")
    assert last_entry(desk, PRINTER).endswith("\n\nOne.\n\nTwo.")


def test_new_keeps_files_in_the_same_commit(desk: Shell) -> None:
    (desk.folder / "shot.png").write_bytes(b"\x89PNG\0")
    desk("new", "Printer jams", "--attach", "shot.png")
    assert desk.git("show", "--name-only", "--format=").split() == [
        f"tickets/2026/11/{PRINTER}.md",
        f"tickets/2026/11/{PRINTER}/shot.png",
    ]
    assert f"[shot.png]({PRINTER}/shot.png)" in last_entry(desk, PRINTER)


REFUSED_NEW = [
    ([], 2, "a ticket needs a title; write `desk new What is wrong`"),
    ([""], 4, "the title is empty; a ticket needs one"),
    (["  "], 4, "the title is empty; a ticket needs one"),
    (
        ["x" * 2001],
        4,
        (
            "the title is 2,001 characters long; 2,000 is the most; put long texts into "
            "the description"
        ),
    ),
    (["x", "-p", "P9"], 4, "unknown priority `P9`; there are P1, P2, P3, P4"),
    (["x", "-t", "incidnt"], 4, "unknown type `incidnt`; did you mean `incident`?"),
    (["x", "-c", "hardwar"], 4, "unknown category `hardwar`; did you mean `hardware`?"),
    (["x", "-a", "anna"], 4, "unknown person `anna`; did you mean `ana`?"),
    (["x", "-a", "old"], 4, "Olga Dias (`old`) has left; assign it to somebody else"),
    (["x", "--team", "suport"], 4, "unknown team `suport`; did you mean `support`?"),
    (["x", "--channel", "fone"], 4, "unknown channel `fone`; did you mean `phone`?"),
    (["x", "-r", ""], 4, "the requester is empty; give a name, an address or `Name <address>`"),
    (
        ["x", "--tag", "two words"],
        4,
        ("`two words` is no tag; write a word, with hyphens in place of blanks"),
    ),
    (["x", "--set", "asset"], 2, "`asset` sets nothing; write --set NAME=VALUE"),
    (["x", "-d", "a", "-F", "-"], 2, "-d and -F both give the description; use one of them"),
    (["x", "-F", "none.txt"], 3, "there is no file none.txt; check the path"),
    (["x", "--attach", "none.png"], 3, "there is no file none.png; check the path"),
    (["x", "--attach", "tickets"], 4, "tickets is no regular file; attach files one by one"),
    (
        ["x", "--as-of", "yesterday"],
        2,
        ("--as-of is for reading; leave it out of a command that writes"),
    ),
]


@pytest.mark.parametrize(("words", "code", "said"), REFUSED_NEW)
def test_new_refuses_in_one_sentence_and_writes_nothing(
    desk: Shell, words: list[str], code: int, said: str
) -> None:
    (desk.folder / "tickets").mkdir()
    assert desk("new", *words, code=code) == Result(code, "", f"desk: {said}\n")
    assert not list(desk.folder.glob("tickets/*/*/*"))
    assert commits(desk) == ["config"]


# ----------------------------------------------------------------------------------------- reply


def test_an_agent_replies_and_waits(desk: Shell) -> None:
    desk("new", "Printer jams", "-r", MARIA)
    desk("reply", PRINTER, "-m", "We are on it.")
    assert last_entry(desk, PRINTER) == "ana replied\n\nWe are on it."
    assert desk("reply", "00001", "-m", "Which tray?", "--wait") == Result(
        0, f"{PRINTER}\n", f"{PRINTER} Printer jams: replied, new → waiting\n"
    )
    assert last_entry(desk, PRINTER) == "ana replied status=waiting\n\nWhich tray?"


@pytest.mark.parametrize(
    ("before", "heading", "status"),
    [
        ([], f"{MARIA} wrote", "new"),
        (["wait"], f"{MARIA} wrote status=open", "open"),
        (["resolve"], f"{MARIA} wrote status=open resolution=", "open"),
        (["close"], f"{MARIA} wrote status=open resolution=", "open"),
    ],
)
@pytest.mark.parametrize("how", ["themselves", "--from"])
def test_what_the_requester_says_opens_the_ticket_unless_it_is_new(
    desk: Shell, before: list[str], heading: str, status: str, how: str
) -> None:
    desk("new", "Printer jams", "-r", f"Maria López <{MARIA}>")
    for command in before:
        desk(command, PRINTER)
    if how == "--from":
        desk("reply", PRINTER, "-m", "Still there.", "--from", MARIA)
    else:
        desk("reply", PRINTER, "-m", "Still there.", user=MARIA)
    assert last_entry(desk, PRINTER) == f"{heading}\n\nStill there."
    assert front(desk, PRINTER)["status"] == status
    assert "resolution" not in front(desk, PRINTER)


def test_a_requester_without_an_address_signs_as_requester(desk: Shell) -> None:
    desk("new", "Printer jams", "-r", "A caller")
    desk("reply", PRINTER, "--from", "A caller", "-m", "It is loud.")
    assert last_entry(desk, PRINTER) == "requester wrote\n\nIt is loud."


@pytest.mark.parametrize("speaker", ["bob@acme.example", "ana", "Bob", f"Bob <x{MARIA}>"])
def test_a_requester_speaks_for_nobody_else(desk: Shell, speaker: str) -> None:
    desk("new", "Printer jams", "-r", MARIA)
    refused = desk("reply", PRINTER, "--from", speaker, "-m", "Close it.", user=MARIA, code=4)
    assert refused.err.startswith(f"desk: {MARIA} may not take down what ")
    assert len(headings(desk, PRINTER)) == 1
    for themselves in (MARIA, f"Maria <{MARIA.upper()}>", "@me"):
        desk("reply", PRINTER, "--from", themselves, "-m", "It jams.", user=MARIA)
        assert last_entry(desk, PRINTER) == f"{MARIA} wrote\n\nIt jams."
    desk("reply", PRINTER, "--from", "bob@acme.example", "-m", "Here too.")
    assert last_entry(desk, PRINTER) == "bob@acme.example wrote\n\nHere too."


def test_an_agent_replies_to_what_is_done_without_opening_it(desk: Shell) -> None:
    desk("new", "Printer jams", "-r", MARIA)
    desk("close", PRINTER)
    desk("reply", PRINTER, "-m", "You are welcome.")
    assert front(desk, PRINTER)["status"] == "closed"
    said = desk("reply", PRINTER, "-m", "Which?", "--wait", code=4).err
    assert said.startswith(f"desk: cannot reply --wait to {PRINTER}: it is closed; now: ")


@pytest.mark.parametrize(("command", "what"), [("reply", "the reply"), ("note", "the note")])
@pytest.mark.parametrize("text", ["", " \n\t"])
def test_reply_and_note_need_a_text(desk: Shell, command: str, what: str, text: str) -> None:
    desk("new", "Printer jams")
    assert desk(command, PRINTER, code=2).err == (
        f"desk: {what} is missing; give it with -m TEXT, or -F FILE (- for stdin)\n"
    )
    refused = f"desk: {what} is empty; nothing was written; give it with -m TEXT\n"
    assert desk(command, PRINTER, "-m", text, code=4).err == refused
    assert desk(command, PRINTER, "-F", "-", stdin=text, code=4).err == refused
    assert len(headings(desk, PRINTER)) == 1


def test_a_note_is_internal(desk: Shell) -> None:
    desk("new", "Printer jams")
    assert desk("note", PRINTER, "-m", "Called the supplier.").err == (
        f"{PRINTER} Printer jams: noted\n"
    )
    assert last_entry(desk, PRINTER) == "ana noted\n\nCalled the supplier."


# ------------------------------------------------------------------------------------------ edit


def test_edit_changes_sets_and_clears_fields_in_one_entry(desk: Shell) -> None:
    desk("new", "Printer jams", "--company", "ACME", "--set", "asset=PC-42", "--tag", "floor-3")
    done = desk(
        *("edit", PRINTER, "-p", "P1", "--company", "", "--set", "asset=", "--set", "room=3 b"),
        *("--tag", "loud", "--title", "Printer = broken"),
    )
    assert done.out == f"{PRINTER}\n"
    assert headings(desk, PRINTER)[-1] == (
        'ana changed title="Printer = broken" priority=P1 company= tags+=loud fields.asset= '
        'fields.room="3 b"'
    )
    values = front(desk, PRINTER)
    assert (values["title"], values["priority"]) == ("Printer = broken", "P1")
    assert values["fields"] == {"room": "3 b"}
    assert "company" not in values


def test_edit_of_the_description_adds_an_entry_and_rewrites_nothing(desk: Shell) -> None:
    desk("new", "Printer jams", "-d", "First.")
    desk("edit", PRINTER, "-d", "Second.")
    assert last_entry(desk, PRINTER) == "ana described\n\nSecond."
    assert "\nFirst.\n" in desk.file_of(PRINTER).read_text()


def test_edit_attaches_files_in_the_same_commit(desk: Shell) -> None:
    for title in ("Printer jams", "VPN"):
        desk("new", title)
    (desk.folder / "a b.txt").write_text("one")
    said = desk("edit", PRINTER, VPN, "-p", "P1", "-d", "New.", "--attach", "a b.txt")
    assert said.out == f"{PRINTER}\n{VPN}\n"
    for ticket_id in (PRINTER, VPN):
        link = f"* [a b.txt]({ticket_id}/a%20b.txt)"
        assert headings(desk, ticket_id)[-2:] == ["ana described priority=P1", "ana noted"]
        assert last_entry(desk, ticket_id) == f"ana noted\n\n{link}"
        assert (desk.file_of(ticket_id).with_suffix("") / "a b.txt").read_text() == "one"
    assert commits(desk)[0] == "2 tickets edit"
    assert desk.git("status", "--short") == '?? "a b.txt"\n'
    desk("edit", PRINTER, "--attach", "a b.txt")
    assert last_entry(desk, PRINTER) == f"ana noted\n\n* [a b-2.txt]({PRINTER}/a%20b-2.txt)"
    before = desk.file_of(PRINTER).read_bytes()
    assert desk("edit", PRINTER, "-p", "P2", "--attach", "none.txt", code=3).out == ""
    assert f"+* [a b-3.txt]({PRINTER}" in desk("edit", PRINTER, "--attach", "a b.txt", "-n").out
    assert desk.file_of(PRINTER).read_bytes() == before


def test_edit_of_impact_brings_the_priority_of_the_matrix(desk: Shell) -> None:
    desk("new", "Printer jams", "--urgency", "high")
    desk("edit", PRINTER, "--impact", "high")
    assert headings(desk, PRINTER)[-1] == "ana changed priority=P1 impact=high"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "nothing to change is named; see `desk edit --help` for the options"),
        (["--title", ""], 4, "the title is empty; a ticket needs one"),
        (["-p", ""], 4, "the priority is empty; a ticket needs one"),
        (["-c", "netwrok"], 4, "unknown category `netwrok`; did you mean `network`?"),
        (
            ["--set", "status=closed"],
            2,
            ("`status` is no custom field; `desk help fields` tells how to set it"),
        ),
        (
            ["--set", "a b=c"],
            4,
            (
                "`a b` cannot name a custom field; use letters, digits, `_`, `-` "
                "and `.`, a hundred at most"
            ),
        ),
    ],
)
def test_edit_refuses(desk: Shell, words: list[str], code: int, said: str) -> None:
    desk("new", "Printer jams")
    assert desk("edit", PRINTER, *words, code=code) == Result(code, "", f"desk: {said}\n")
    assert len(headings(desk, PRINTER)) == 1


# -------------------------------------------------------------------------- rate, watch, attach


def test_the_requester_rates(desk: Shell) -> None:
    desk("new", "Printer jams", "-r", MARIA)
    desk("rate", PRINTER, "5", "-m", "Quick.", user=MARIA)
    assert last_entry(desk, PRINTER) == f"{MARIA} rated score=5\n\nQuick."


@pytest.mark.parametrize("score", ["0", "6", "good", "4.5", "٣٣"])
def test_a_rating_is_a_number_from_1_to_5(desk: Shell, score: str) -> None:
    desk("new", "Printer jams")
    desk("rate", PRINTER, score, code=2)
    assert len(headings(desk, PRINTER)) == 1


def test_watching_and_no_longer(desk: Shell) -> None:
    desk("new", "Printer jams")
    desk("watch", PRINTER)
    assert front(desk, PRINTER)["watchers"] == ["ana"]
    assert desk("watch", PRINTER).err == (
        f"{PRINTER} is watched by you already; nothing was written\n"
    )
    desk("watch", PRINTER, "--remove")
    assert headings(desk, PRINTER)[1:] == ["ana changed watchers+=ana", "ana changed watchers-=ana"]


def test_files_are_attached_beside_the_ticket(desk: Shell) -> None:
    desk("new", "Printer jams")
    (desk.folder / "a b.txt").write_text("one")
    (desk.folder / "log.txt").write_text("two")
    desk("attach", PRINTER, "a b.txt", "log.txt", "-m", "The log.")
    assert last_entry(desk, PRINTER) == (
        f"ana noted\n\nThe log.\n\n* [a b.txt]({PRINTER}/a%20b.txt)\n* [log.txt]({PRINTER}/log.txt)"
    )
    folder = desk.file_of(PRINTER).with_suffix("")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "a b.txt": "one",
        "log.txt": "two",
    }
    assert (
        f"attached   tickets/2026/11/{PRINTER}/a b.txt\n"
        in desk("show", PRINTER, "-o", "table").out
    )


def test_a_file_of_the_same_name_does_not_replace_the_first(desk: Shell) -> None:
    desk("new", "Printer jams")
    for name, text in (("a.txt", "one"), ("A.txt", "two"), ("a.txt", "three")):
        (desk.folder / "up").mkdir(exist_ok=True)
        (desk.folder / "up" / name).write_text(text)
        desk("attach", PRINTER, f"up/{name}")
    folder = desk.file_of(PRINTER).with_suffix("")
    names = [path.name for path in folder.iterdir()]
    assert len({name.casefold() for name in names}) == 3
    assert sorted(path.read_text() for path in folder.iterdir()) == ["one", "three", "two"]


@pytest.mark.parametrize("name", [".hidden", "CON", "nul.txt"])
def test_a_name_that_other_systems_do_not_have_is_never_stored(desk: Shell, name: str) -> None:
    desk("new", "Printer jams")
    (desk.folder / name).write_text("x")
    result = desk("attach", PRINTER, name, code=4)
    assert result.err.startswith(f"desk: cannot attach {name}: ")
    assert not desk.file_of(PRINTER).with_suffix("").exists()


# ---------------------------------------------------------------------------------- permissions


@pytest.mark.parametrize(
    ("words", "may"),
    [
        (["reply", PRINTER, "-m", "x"], True),
        (["rate", PRINTER, "5"], True),
        (["reopen", PRINTER, "-m", "x"], True),
        (["note", PRINTER, "-m", "x"], False),
        (["edit", PRINTER, "-p", "P1"], False),
        (["take", PRINTER], False),
        (["close", PRINTER], False),
        (["undo"], False),
        (["reply", VPN, "-m", "x"], False),
        (["rate", VPN, "1"], False),
        (["reopen", VPN, "-m", "x"], False),
    ],
)
def test_who_is_not_in_people_may_act_on_what_is_theirs(
    desk: Shell, words: list[str], may: bool
) -> None:
    desk("new", "Printer jams", "-r", f"Maria López <{MARIA.upper()}>")
    desk("new", "VPN is down", "-r", "bob@acme.example")
    desk("close", PRINTER, VPN)
    result = desk(*words, user=MARIA, code=0 if may else 4)
    if not may:
        assert result.out == ""
        assert result.err.startswith("desk: ")
        assert "`people`" in result.err
        assert "DESK_USER" in result.err
        assert len(commits(desk)) == 4


def test_nobody_known_and_nobody_by_that_handle(desk: Shell) -> None:
    assert desk("new", "Help", user="nobody-here", code=4).err == (
        "desk: DESK_USER says `nobody-here`, who is not in `people`; set it to a handle or an "
        "address\n"
    )
    assert desk("new", "Help", user="old", code=4).err == (
        "desk: old is marked as having left in `people`; set DESK_USER to somebody who is active\n"
    )


@pytest.mark.parametrize("user", ["@", "a@", "@b", "a@b>,<c@d", "Ana <a@b.example>", "a@b c"])
def test_nobody_is_called_what_is_no_address(desk: Shell, user: str) -> None:
    refused = desk("new", "Help", user=user, code=4)
    assert refused.out == ""
    assert refused.err.startswith(f"desk: DESK_USER says `{user}`, who is not in `people`; ")


def test_reading_needs_nobody(desk: Shell) -> None:
    desk("new", "Printer jams")
    desk("new", "A laptop")
    assert LAPTOP not in desk("list", user="nobody-here").out
    assert PRINTER in desk("list", user="nobody-here").out
    assert "Printer jams" in desk("show", PRINTER, user="old").out


@pytest.mark.parametrize(
    "words",
    [
        ["note", PRINTER, "-m", "x"],
        ["attach", PRINTER, "config.yaml"],
        ["link", PRINTER, "relates", VPN],
        ["split", PRINTER, "1"],
        ["undo"],
    ],
)
def test_who_may_not_does_not_even_commit_a_hand_edit(desk: Shell, words: list[str]) -> None:
    desk("new", "Printer jams", user=MARIA)
    desk("new", "VPN is down")
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("priority: P3", "priority: P1"))
    desk(*words, user=MARIA, code=4)
    assert len(commits(desk)) == 3
