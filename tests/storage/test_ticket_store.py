"""The tickets on disk: every file is a ticket or is named, and none hides another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.domain import ids
from desk.domain.texts import MAX_TICKET_BYTES
from desk.errors import Diagnostic
from desk.storage import files
from desk.storage.ticket_store import (
    AmbiguousId,
    TicketStore,
    UnknownTicket,
    UnreadableTicket,
)

FIRST, SECOND, OTHER = "HD-2611-7K3QF", "HD-2611-7K9ZZ", "HD-2610-Q1Q1Q"
PREFIXED = "OIL-2609-00000"


def ticket_bytes(ticket_id: str, more: str = "") -> bytes:
    return (
        f"---\nid: {ticket_id}\ntitle: T\ncreated: 2026-11-22T09:34:35Z\n{more}---\n"
        "\n## 2026-11-22T09:34:35Z ana opened status=new\n"
    ).encode()


def put(root: Path, ticket_id: str, data: bytes | None = None, path: str = "") -> Path:
    file = root / (path or ids.path_of(ticket_id))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(ticket_bytes(ticket_id) if data is None else data)
    return file


@pytest.fixture
def store(tmp_path: Path) -> TicketStore:
    root = tmp_path / "desk"
    for ticket_id in (FIRST, SECOND, OTHER, PREFIXED):
        put(root, ticket_id)
    return TicketStore(root)


def ids_of(store: TicketStore) -> list[str]:
    return [filed.ticket.id for filed in store.all().tickets]


def unreadable(store: TicketStore) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in store.all().unreadable]


# ---------------------------------------------------------------------------------- all of them


def test_all_tickets_come_by_path(store: TicketStore) -> None:
    assert ids_of(store) == [PREFIXED, OTHER, FIRST, SECOND]
    assert unreadable(store) == []
    filed = store.all().tickets[2]
    assert filed.path == f"tickets/2026/11/{FIRST}.md"
    assert filed.data == ticket_bytes(FIRST)


def test_a_workspace_may_have_no_tickets(tmp_path: Path) -> None:
    assert TicketStore(tmp_path).all() == ((), ())
    (tmp_path / "tickets").mkdir()
    assert TicketStore(tmp_path).all() == ((), ())


def test_a_bad_file_hides_no_other_and_all_of_its_problems_are_named(store: TicketStore) -> None:
    put(store.root, FIRST, b"---\nid: nine\ntags: a\ncreated: 2026-11-22T09:34:35Z\n---\n")
    shelf = store.all()
    assert [filed.ticket.id for filed in shelf.tickets] == [PREFIXED, OTHER, SECOND]
    assert [(each.path, each.line) for each in shelf.unreadable] == [
        (f"tickets/2026/11/{FIRST}.md", 2),
        (f"tickets/2026/11/{FIRST}.md", 3),
    ]


def test_a_file_that_may_not_be_read_hides_no_other(
    store: TicketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.open

    def guarded(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(f"{FIRST}.md"):
            raise PermissionError(13, "Permission denied", path)
        return whole(path, flags, mode)

    monkeypatch.setattr(os, "open", guarded)
    assert ids_of(store) == [PREFIXED, OTHER, SECOND]
    assert store.all().unreadable == (
        Diagnostic("unreadable", f"tickets/2026/11/{FIRST}.md", 0, 0, "Permission denied"),
    )


def test_a_file_that_vanishes_meanwhile_is_named(
    store: TicketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walked(root: Path) -> list[tuple[str, str, str]]:
        found = list(files.walk_tickets(root))
        (root / ids.path_of(FIRST)).unlink()
        return found

    monkeypatch.setattr("desk.storage.ticket_store.walk_tickets", walked)
    shelf = store.all()
    assert len(shelf.tickets) == 3
    assert [each.message for each in shelf.unreadable] == ["No such file or directory"]


def test_a_folder_that_may_not_be_read_hides_no_other(
    store: TicketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("2026/11"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert ids_of(store) == [PREFIXED, OTHER]
    assert store.all().unreadable == (
        Diagnostic(
            *("unreadable", "tickets/2026/11", 0, 0),
            "a folder that cannot be read: the tickets in it are missing",
        ),
    )


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tickets").write_text("none")
    assert unreadable(TicketStore(tmp_path)) == [("unreadable", "tickets")]
    with pytest.raises(UnknownTicket):
        TicketStore(tmp_path).find(FIRST)


def test_a_stray_file_is_named(store: TicketStore) -> None:
    put(store.root, FIRST, path="tickets/lost.md")
    put(store.root, FIRST, path="tickets/2026/HD-2611-AAAAA.md")
    put(store.root, FIRST, b"not a ticket", path="tickets/2026/11/README.md")
    assert unreadable(store) == [
        ("front-matter", "tickets/2026/11/README.md"),
        ("stray", "tickets/2026/HD-2611-AAAAA.md"),
        ("stray", "tickets/lost.md"),
    ]
    assert len(ids_of(store)) == 4


def test_what_is_no_ticket_is_passed_over(store: TicketStore) -> None:
    put(store.root, FIRST, path=f"tickets/2026/11/{FIRST}/notes.md")
    put(store.root, FIRST, path="tickets/2026/11/.hidden.md")
    put(store.root, FIRST, path="tickets/.git/11/HD-2611-AAAAA.md")
    put(store.root, FIRST, path="tickets/2026/11/picture.png")
    put(store.root, FIRST, path=f"tickets/2026/11/.{FIRST}.md.1234.desk-tmp")
    assert len(ids_of(store)) == 4
    assert unreadable(store) == []


def test_a_file_that_is_too_large_is_not_read_whole(store: TicketStore) -> None:
    file = put(store.root, FIRST)
    with file.open("r+b") as stream:
        stream.truncate(5 * MAX_TICKET_BYTES)
    assert [(each.code, each.path) for each in store.all().unreadable] == [
        ("size", f"tickets/2026/11/{FIRST}.md")
    ]
    with pytest.raises(UnreadableTicket):
        store.find(FIRST)


def test_names_that_are_not_utf8_are_coped_with(store: TicketStore) -> None:
    folder = os.fsencode(store.root / "tickets" / "2026" / "11")
    Path(os.fsdecode(folder + b"/\xff.md")).write_bytes(b"x")
    (found,) = store.all().unreadable
    assert found.code == "front-matter"
    assert len(ids_of(store)) == 4


# ---------------------------------------------------------------------------- links and the like


def outside(store: TicketStore) -> Path:
    folder = store.root.parent / "outside"
    put(folder, "HD-2612-AAAAA", path="HD-2612-AAAAA.md")
    put(folder, "HD-2612-AAAAA", path="12/HD-2612-AAAAA.md")
    return folder


def test_a_symbolic_link_in_place_of_a_file_is_not_followed(store: TicketStore) -> None:
    link = store.root / ids.path_of("HD-2611-AAAAA")
    link.symlink_to(outside(store) / "HD-2612-AAAAA.md")
    assert unreadable(store) == [("link", "tickets/2026/11/HD-2611-AAAAA.md")]
    assert len(ids_of(store)) == 4
    with pytest.raises(UnreadableTicket) as caught:
        store.find("HD-2611-AAAAA")
    assert caught.value.details == (
        "tickets/2026/11/HD-2611-AAAAA.md: a symbolic link, and no file",
    )


def test_a_dangling_link_holds_its_id(store: TicketStore) -> None:
    (store.root / ids.path_of("HD-2611-AAAAA")).symlink_to("nowhere")
    assert store.exists("HD-2611-AAAAA")
    with pytest.raises(UnreadableTicket):
        store.find("AAAAA")


def test_a_symbolic_link_in_place_of_a_month_is_not_followed(store: TicketStore) -> None:
    (store.root / "tickets" / "2026" / "12").symlink_to(outside(store) / "12")
    assert unreadable(store) == [("link", "tickets/2026/12")]
    with pytest.raises(UnreadableTicket) as caught:
        store.find("HD-2612-AAAAA")
    assert caught.value.details == (
        "tickets/2026/12/HD-2612-AAAAA.md: tickets/2026/12 is, or lies behind, a symbolic link",
    )
    with pytest.raises(UnreadableTicket):
        store.read("tickets/2026/12/HD-2612-AAAAA.md")


def test_a_symbolic_link_in_place_of_all_tickets_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", FIRST)
    root = tmp_path / "desk"
    root.mkdir()
    (root / "tickets").symlink_to(tmp_path / "elsewhere" / "tickets")
    store = TicketStore(root)
    assert unreadable(store) == [("link", "tickets")]
    assert ids_of(store) == []
    with pytest.raises(UnreadableTicket):
        store.find(FIRST)
    with pytest.raises(UnknownTicket):
        store.find("7K3QF")


def test_a_pipe_in_place_of_a_file_blocks_nothing(store: TicketStore) -> None:
    os.mkfifo(store.root / ids.path_of("HD-2611-AAAAA"))
    assert unreadable(store) == [("link", "tickets/2026/11/HD-2611-AAAAA.md")]
    with pytest.raises(UnreadableTicket) as caught:
        store.find("HD-2611-AAAAA")
    assert caught.value.details == ("tickets/2026/11/HD-2611-AAAAA.md: no regular file",)


def test_a_folder_in_place_of_a_file_is_named(store: TicketStore) -> None:
    (store.root / ids.path_of("HD-2611-AAAAA")).mkdir()
    assert unreadable(store) == [("link", "tickets/2026/11/HD-2611-AAAAA.md")]
    with pytest.raises(UnreadableTicket):
        store.find("HD-2611-AAAAA")


def test_reading_a_path_with_a_link_on_the_way_is_refused(store: TicketStore) -> None:
    (store.root / "way").symlink_to(store.root / "tickets")
    with pytest.raises(UnreadableTicket):
        store.read(f"way/2026/11/{FIRST}.md")
    assert store.read(ids.path_of(FIRST)).ticket.id == FIRST


# --------------------------------------------------------------------------------- finding by ID


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (FIRST, FIRST),
        (FIRST.lower(), FIRST),
        (f"  {FIRST}\n", FIRST),
        ("hd-2611-7k3qf", FIRST),
        ("HD-2611-7K3", FIRST),
        ("7k3", FIRST),
        ("7K3QF", FIRST),
        ("qf", FIRST),
        ("f", FIRST),
        ("zz", SECOND),
        ("q", OTHER),
        ("qlqiq", OTHER),
        ("hd-2610-QIQLQ", OTHER),
        ("ooooo", PREFIXED),
        ("oil-2609-ooooo", PREFIXED),
        ("oil-2609-0", PREFIXED),
    ],
)
def test_a_ticket_is_found_by_what_people_type(store: TicketStore, given: str, found: str) -> None:
    assert store.find(given).ticket.id == found


@pytest.mark.parametrize(
    "given",
    [
        *("", "-", "HD", "HD-2611", "HD-2611-", "HD-26", "2611-7K3QF", "7K3QFX", "01L-2609-00000"),
        *("K3Q", "../../etc/passwd", "../../x", "/etc/passwd", "tickets/2026/11/HD-2611-7K3QF.md"),
        *("HD-2611-7K3QF/..", "HD-9999-7K3QF", "-rf", "--", "*", "%", "\0", "a\nb", "\ud800", "ß"),
    ],
)
def test_what_names_no_ticket_is_not_found(store: TicketStore, given: str) -> None:
    with pytest.raises(UnknownTicket) as caught:
        store.find(given)
    assert caught.value.exit_code == 3
    assert str(caught.value).isprintable()


def test_an_ambiguous_beginning_names_the_candidates(store: TicketStore) -> None:
    for given in ("7k", "7", "HD-2611-7K"):
        with pytest.raises(AmbiguousId) as caught:
            store.find(given)
        assert caught.value.exit_code == 4
        assert str(caught.value) == f"`{given}` could be {FIRST}, {SECOND}; type more of it"


def test_many_candidates_are_not_all_named(store: TicketStore) -> None:
    for character in "0123456789":
        put(store.root, f"HD-2608-8888{character}")
    with pytest.raises(AmbiguousId) as caught:
        store.find("8")
    assert str(caught.value).count("HD-2608") == 8
    assert ", ..." in str(caught.value)


def test_a_near_miss_is_suggested(store: TicketStore) -> None:
    with pytest.raises(UnknownTicket) as caught:
        store.find("HD-2611-7K3QE")
    assert str(caught.value) == f"no ticket is called `HD-2611-7K3QE`; did you mean `{FIRST}`?"


def test_a_former_id_still_finds_its_ticket(store: TicketStore) -> None:
    put(store.root, FIRST, ticket_bytes(FIRST, "former_ids: [HD-2611-1BBB0, OLD-0101-AAAAA]\n"))
    assert store.find("HD-2611-1BBB0").ticket.id == FIRST
    assert store.find("hd-2611-lbbbo").ticket.id == FIRST
    assert store.find("old-0101-aaaaa").ticket.id == FIRST


@pytest.mark.parametrize("given", ["lbbbo", "1b", "b0", "HD-2611-1B", "old-0101-a", "aaa"])
def test_a_former_id_is_found_by_a_unique_beginning_or_ending(
    store: TicketStore, given: str
) -> None:
    put(store.root, FIRST, ticket_bytes(FIRST, "former_ids: [HD-2611-1BBB0, OLD-0101-AAAAA]\n"))
    assert store.find(given).ticket.id == FIRST


def test_an_ambiguous_part_of_former_ids_names_the_candidates(store: TicketStore) -> None:
    put(store.root, FIRST, ticket_bytes(FIRST, "former_ids: [HD-2611-1BBB0, HD-2611-1BBB1]\n"))
    put(store.root, SECOND, ticket_bytes(SECOND, "former_ids: [HD-2611-1BBB2]\n"))
    with pytest.raises(AmbiguousId) as caught:
        store.find("1bbb")
    assert str(caught.value) == f"`1bbb` could be {FIRST}, {SECOND}; type more of it"
    assert store.find("bbb2").ticket.id == SECOND


def test_a_ticket_of_todays_name_comes_before_a_former_one(store: TicketStore) -> None:
    put(store.root, FIRST, ticket_bytes(FIRST, f"former_ids: [{SECOND}]\n"))
    assert store.find(SECOND).ticket.id == SECOND


def test_a_ticket_that_lies_elsewhere_is_found(store: TicketStore) -> None:
    put(store.root, "HD-2611-AAAAA", path="tickets/2020/01/HD-2611-AAAAA.md")
    put(store.root, "HD-2611-BBBBB", path="tickets/2026/11/other-name.md")
    assert store.find("HD-2611-AAAAA").path == "tickets/2020/01/HD-2611-AAAAA.md"
    assert store.find("aaaaa").path == "tickets/2020/01/HD-2611-AAAAA.md"
    assert store.find("HD-2611-BBBBB").path == "tickets/2026/11/other-name.md"


def test_an_unreadable_ticket_is_found_and_refused(store: TicketStore) -> None:
    put(store.root, FIRST, b"---\nid: x\ncreated: 2026-11-22T09:34:35Z\n---\n")
    for given in (FIRST, "7k3"):
        with pytest.raises(UnreadableTicket) as caught:
            store.find(given)
        assert caught.value.exit_code == 4
        assert caught.value.details == (
            f"tickets/2026/11/{FIRST}.md:2:5: `x` is not a ticket ID like HD-2611-7K3QF",
        )


def test_an_id_is_taken_by_whatever_lies_there(store: TicketStore) -> None:
    assert store.exists(FIRST)
    assert not store.exists("HD-2611-AAAAA")
    (store.root / ids.path_of("HD-2611-AAAAA")).mkdir()
    assert store.exists("HD-2611-AAAAA")
