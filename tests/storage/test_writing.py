"""Whole files or none: what stands on disk after a write, however it ends."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest

from desk.errors import Conflict, OutsideError
from desk.storage.files import NewFile, walk_tickets
from desk.storage.writing import BULK, Step, write_files

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


def tree(root: Path) -> dict[str, bytes]:
    """Return everything below the root: files with their bytes, folders and links as themselves."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = b"-> " + os.fsencode(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else b"/"
    return found


def failing(
    call: Callable[..., object], when: Callable[..., bool], code: int
) -> Callable[..., object]:
    """Return the call, which fails with this error number for the arguments that `when` picks."""

    def guarded(*arguments: object, **options: object) -> object:
        if when(*arguments):
            raise OSError(code, os.strerror(code))
        return call(*arguments, **options)

    return guarded


def nth(number: int) -> Callable[..., bool]:
    """Return what is true of the so-many-th call alone."""
    calls = count(1)
    return lambda *arguments: next(calls) == number


BOTH = (NewFile(OLD, b"changed", b"old"), NewFile(NEW, b"new", None))


def test_files_are_written_and_nothing_else_is_left(root: Path) -> None:
    before = tree(root)
    write_files(root, BOTH).settle()
    assert tree(root) == {**before, OLD: b"changed", "tickets/2026/12": b"/", NEW: b"new"}


def test_many_files_are_written_with_one_sync(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "sync", lambda: calls.append("sync"))

    def counted(handle: int) -> None:
        calls.append("fsync")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", counted)
    write_files(root, [NewFile(f"tickets/2026/11/{place}.md", b"x", None) for place in range(BULK)])
    assert calls == ["sync", "fsync"]
    calls.clear()
    write_files(root, BOTH)
    assert calls == ["fsync"] * 4


def test_nothing_to_write_is_fine(root: Path) -> None:
    write_files(root, [])
    assert tree(root)[OLD] == b"old"


def test_each_file_is_whole_before_it_has_its_name(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, bytes | None]] = []

    def before_each(call: Callable[..., None]) -> Callable[..., None]:
        def watched(source: str, target: str) -> None:
            new = root / NEW
            seen.append((Path(source).read_bytes(), new.read_bytes() if new.exists() else None))
            call(source, target)

        return watched

    monkeypatch.setattr(os, "replace", before_each(os.replace))
    monkeypatch.setattr(os, "link", before_each(os.link))
    write_files(root, BOTH)
    assert seen == [(b"old", None), (b"changed", None), (b"new", None)]


def test_a_files_mode_outlives_a_rewrite(root: Path) -> None:
    (root / OLD).chmod(0o640)
    placed = write_files(root, BOTH[:1])
    assert stat.S_IMODE((root / OLD).stat().st_mode) == 0o640
    placed.take_back()
    assert (root / OLD).read_bytes() == b"old"
    assert stat.S_IMODE((root / OLD).stat().st_mode) == 0o640


@pytest.mark.parametrize("taken", ["file", "folder", "link"])
def test_a_new_name_that_is_taken_is_nobodys_loss(root: Path, taken: str) -> None:
    target = put(root, NEW, b"theirs")
    if taken != "file":
        target.unlink()
        target.mkdir() if taken == "folder" else target.symlink_to("nowhere")
    before = tree(root)
    with pytest.raises(FileExistsError):
        write_files(root, BOTH)
    assert tree(root) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("place", [0, 1])
def test_a_full_disk_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, place: int, code: int
) -> None:
    before = tree(root)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, nth(place + 1), code))
    with pytest.raises(OutsideError) as caught:
        write_files(root, BOTH)
    assert tree(root) == before
    path = BOTH[place].path
    assert str(caught.value) == f"cannot write {path}: {os.strerror(code)}; nothing was changed"
    assert caught.value.exit_code == 7


def test_a_disk_that_takes_half_a_file_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root)
    fdopen = os.fdopen

    class Full:
        """A stream that takes the first byte."""

        def __init__(self, handle: int, mode: str) -> None:
            self.stream = fdopen(handle, mode)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *wrong: object) -> None:
            self.stream.close()

        def write(self, data: bytes) -> None:
            self.stream.write(data[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fdopen", Full)
    with pytest.raises(OutsideError, match="No space left on device"):
        write_files(root, BOTH)
    assert tree(root) == before


@pytest.mark.parametrize("code", [errno.EPERM, errno.EIO])
@pytest.mark.parametrize("path", [OLD, "tickets/2026/11/HD-2611-CCCCC.md"])
def test_a_file_that_cannot_be_replaced_takes_the_others_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, code: int
) -> None:
    third = NewFile("tickets/2026/11/HD-2611-CCCCC.md", b"changed too", b"old too")
    put(root, third.path, b"old too")
    before = tree(root)
    targeted = failing(os.replace, lambda source, target: str(target).endswith(path), code)
    monkeypatch.setattr(os, "replace", targeted)
    with pytest.raises(OutsideError) as caught:
        write_files(root, [BOTH[0], BOTH[1], third] if path == third.path else [BOTH[1], BOTH[0]])
    assert tree(root) == before
    assert str(caught.value).startswith(f"cannot write {path}: ")


def test_what_cannot_be_put_back_is_named_and_the_rest_is_put_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = NewFile("tickets/2026/11/HD-2611-CCCCC.md", b"changed too", b"old too")
    put(root, third.path, b"old too")
    placed = write_files(root, [BOTH[0], third])
    targeted = failing(os.replace, lambda source, target: str(target).endswith(OLD), errno.EROFS)
    monkeypatch.setattr(os, "replace", targeted)
    assert placed.take_back() == [f"{OLD} cannot be put back: Read-only file system"]
    assert (root / third.path).read_bytes() == b"old too"


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_a_file_system_without_hard_links_will_do(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before = tree(root)
    monkeypatch.setattr(os, "link", failing(os.link, lambda *arguments: True, code))
    write_files(root, BOTH)
    assert tree(root) == {**before, OLD: b"changed", "tickets/2026/12": b"/", NEW: b"new"}
    with pytest.raises(FileExistsError):
        write_files(root, [NewFile(NEW, b"again", None)])
    assert (root / NEW).read_bytes() == b"new"


def test_without_hard_links_a_failure_leaves_no_empty_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root)
    monkeypatch.setattr(os, "link", failing(os.link, lambda *arguments: True, errno.EPERM))
    targeted = failing(os.replace, lambda source, target: str(target).endswith(NEW), errno.EIO)
    monkeypatch.setattr(os, "replace", targeted)
    with pytest.raises(OutsideError):
        write_files(root, BOTH)
    assert tree(root) == before


def test_folders_that_cannot_be_synced_take_everything_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(root)
    monkeypatch.setattr(os, "fsync", failing(os.fsync, nth(3), errno.EIO))
    with pytest.raises(OutsideError):
        write_files(root, BOTH)
    assert tree(root) == before


def test_a_file_system_that_syncs_no_folders_will_do(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_folder(handle: int) -> bool:
        return stat.S_ISDIR(os.fstat(handle).st_mode)

    monkeypatch.setattr(os, "fsync", failing(os.fsync, is_folder, errno.EINVAL))
    write_files(root, BOTH)
    assert (root / NEW).read_bytes() == b"new"


@pytest.mark.parametrize("name", ["fsync", "link", "replace"])
def test_an_interruption_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = tree(root)
    call = getattr(os, name)
    calls: list[object] = []

    def interrupted(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return call(*arguments)

    monkeypatch.setattr(os, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files(root, BOTH)
    assert tree(root) == before


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("link", ["tickets", "tickets/2026", "tickets/2026/12"])
def test_nothing_is_written_through_a_link(root: Path, link: str, inside: bool) -> None:
    elsewhere = (root / "kb") if inside else root.parent / "outside"
    elsewhere.mkdir()
    if link != "tickets/2026/12":
        (root / OLD).unlink()
        for folder in ("tickets/2026/11", "tickets/2026", "tickets"):
            if folder.startswith(link):
                (root / folder).rmdir()
    (root / link).symlink_to(elsewhere)
    before = tree(root.parent)
    with pytest.raises(OutsideError, match="symbolic link"):
        write_files(root, [NewFile(NEW, b"new", None)])
    assert tree(root.parent) == before


@pytest.mark.parametrize("way", ["tickets/2026/12", "tickets/2026"])
def test_a_file_in_the_way_of_a_folder_is_no_taken_name(root: Path, way: str) -> None:
    if way == "tickets/2026":
        (root / OLD).unlink()
        (root / "tickets/2026/11").rmdir()
        (root / "tickets/2026").rmdir()
    put(root, way)
    before = tree(root)
    with pytest.raises(OutsideError, match="Not a directory"):
        write_files(root, [NewFile(NEW, b"new", None)])
    assert tree(root) == before


def test_taking_back_removes_new_files_and_their_empty_folders(root: Path) -> None:
    before = tree(root)
    placed = write_files(root, BOTH)
    assert placed.take_back() == []
    assert tree(root) == before
    assert placed.take_back() == []
    assert tree(root) == before


def test_a_file_that_a_link_replaced_is_left_alone(root: Path) -> None:
    secret = put(root.parent, "secret", b"old")
    (root / OLD).unlink()
    (root / OLD).symlink_to(secret)
    before = tree(root)
    with pytest.raises(OutsideError, match="symbolic link"):
        write_files(root, BOTH)
    assert tree(root) == before
    assert secret.read_bytes() == b"old"


def test_what_somebody_saved_meanwhile_is_not_written_over(root: Path) -> None:
    put(root, OLD, b"theirs")
    before = tree(root)
    with pytest.raises(Conflict, match=f"{OLD} was changed by somebody else meanwhile"):
        write_files(root, [BOTH[1], BOTH[0]])
    assert tree(root) == before


def test_what_somebody_saved_since_is_not_taken_back(root: Path) -> None:
    placed = write_files(root, BOTH)
    put(root, OLD, b"theirs")
    assert placed.take_back() == [f"{OLD} was changed meanwhile, and stays as it is"]
    assert tree(root)[OLD] == b"theirs"
    assert NEW not in tree(root)


def test_taking_back_needs_no_room(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)
    placed = write_files(root, BOTH)
    monkeypatch.setattr(os, "fdopen", failing(os.fdopen, lambda *given: True, errno.ENOSPC))
    assert placed.take_back() == []
    assert tree(root) == before


def test_settling_leaves_nothing_but_the_files(root: Path) -> None:
    before = tree(root)
    write_files(root, BOTH).settle()
    assert tree(root) == {**before, OLD: b"changed", "tickets/2026/12": b"/", NEW: b"new"}


def test_a_walk_passes_by_what_is_being_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    replace = os.replace

    def watched(source: str, target: str) -> None:
        seen.append([path for _, path, _ in walk_tickets(root)])
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    write_files(root, BOTH[:1]).settle()
    assert seen == [[OLD]]


def test_the_steps_are_told_before_anything_is_written(root: Path) -> None:
    before = tree(root)
    told: list[str] = []

    def listen(steps: Sequence[Step]) -> None:
        assert tree(root) == before
        told.extend(step.file.path for step in steps)

    write_files(root, BOTH, listen)
    assert told == [OLD, NEW]
