"""Files are read as they are, up to a limit, and never through a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.storage.files import (
    LinkError,
    NewFile,
    has_link,
    read_file,
    read_plain,
    walk_tickets,
)
from desk.storage.writing import write_files

OLD, NEW = "tickets/2026/11/HD-2611-AAAAA.md", "tickets/2026/12/HD-2612-BBBBB.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    put(folder, OLD, b"old")
    return folder


def put(root: Path, path: str, data: bytes = b"x") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 200_000])
def test_a_file_is_read_up_to_its_limit(root: Path, size: int) -> None:
    data = os.urandom(size)
    put(root, "a/b", data)
    assert read_file(root, "a/b", 10) == data[:11]
    assert read_file(root, "a/b", size) == data
    assert read_plain(str(root / "a" / "b"), 1_000_000) == data


def test_a_file_that_grows_meanwhile_is_read_to_its_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(root, "a", b"12345")
    fstat = os.fstat

    def grown(handle: int) -> os.stat_result:
        found = fstat(handle)
        file.write_bytes(b"1234567890")
        return found

    monkeypatch.setattr(os, "fstat", grown)
    assert read_plain(str(file), 100) == b"1234567890"


def test_what_is_no_file_is_not_read(root: Path) -> None:
    put(root, "a")
    (root / "link").symlink_to("a")
    (root / "dangling").symlink_to("nowhere")
    (root / "folder").mkdir()
    os.mkfifo(root / "pipe")
    for name in ("link", "dangling", "folder", "pipe"):
        with pytest.raises(LinkError):
            read_file(root, name, 10)
    with pytest.raises(FileNotFoundError):
        read_file(root, "missing", 10)
    (root / "way").symlink_to("folder")
    put(root, "folder/b")
    with pytest.raises(LinkError, match="way is, or lies behind, a symbolic link"):
        read_file(root, "way/b", 10)


def test_links_on_the_way_are_seen(root: Path) -> None:
    (root / "tickets" / "link").symlink_to("2026")
    assert has_link(root, "tickets/link")
    assert has_link(root, "tickets/link/11")
    assert not has_link(root, "tickets/2026/11")
    assert not has_link(root, "tickets/none/11")
    assert not has_link(root, "")


def test_no_handle_is_left_open(root: Path) -> None:
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    os.mkfifo(root / "pipe")
    for _ in range(5):
        with pytest.raises(LinkError):
            read_plain(str(root / "pipe"), 10)
        with pytest.raises(FileExistsError):
            write_files(root, [NewFile(OLD, b"x", None)])
        read_plain(str(root / OLD), 10)
    assert len(list(handles.iterdir())) == before


# ---------------------------------------------------------------------------------------- walking


def test_the_walk_names_what_it_finds_by_path(root: Path) -> None:
    put(root, "tickets/stray.md")
    put(root, "tickets/2026/11/HD-2611-AAAAA/attached.md")
    put(root, "tickets/2026/11/.hidden.md")
    put(root, "tickets/2026/11/notes.txt")
    put(root, "tickets/2025/01/HD-2501-AAAAA.md")
    (root / "tickets/2026/11/HD-2611-BBBBB.md").symlink_to("HD-2611-AAAAA.md")
    (root / "tickets/2026/11/link").symlink_to("HD-2611-AAAAA")
    (root / "tickets/2024").symlink_to("2025")
    assert [(kind, path) for kind, path, _ in walk_tickets(root)] == [
        ("link", "tickets/2024"),
        ("ticket", "tickets/2025/01/HD-2501-AAAAA.md"),
        ("ticket", OLD),
        ("link", "tickets/2026/11/HD-2611-BBBBB.md"),
        ("stray", "tickets/stray.md"),
    ]
    assert all(full == str(root / path) for _, path, full in walk_tickets(root))
