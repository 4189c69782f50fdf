"""What a stopped command left is finished, cleared or left alone, by what lies on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.storage import journal
from desk.storage.files import NewFile
from desk.storage.journal import Order
from desk.storage.repository import Identity
from desk.storage.writing import Step

OLD, NEW = "tickets/2026/11/HD-2611-AAAAA.md", "tickets/2026/11/HD-2611-BBBBB.md"
ORDER = Order("HD-2611-AAAAA note: Ä\n\nDesk-Verb: note\n", "", Identity("Ana", "ana@acme.example"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / OLD).parent.mkdir(parents=True)
    (folder / OLD).write_bytes(b"old")
    steps = []
    for path, data, before in ((OLD, b"changed", b"old"), (NEW, b"new", None)):
        file = NewFile(path, data, before)
        steps.append(Step(file, str(folder / path), f"{folder / path}.tmp", f"{folder / path}.was"))
    journal.note(folder / "notes", ORDER, steps)
    return folder


def whole(root: Path, path: str) -> Path:
    """Write the temporary file of a path, whole."""
    beside = root / f"{path}.tmp"
    beside.write_bytes(b"changed" if path == OLD else b"new")
    return beside


def rolled(root: Path) -> str:
    found = journal.pending(root / "notes")
    assert found is not None
    assert found[0] == ORDER
    return journal.roll_forward(root, found[1])


def contents(root: Path) -> list[bytes | None]:
    return [(root / path).read_bytes() if (root / path).exists() else None for path in (OLD, NEW)]


def test_nothing_that_was_only_begun_is_finished(root: Path) -> None:
    assert rolled(root) == "begun"
    whole(root, OLD)
    (root / f"{NEW}.tmp").write_bytes(b"ne")
    assert rolled(root) == "begun"
    assert contents(root) == [b"old", None]


@pytest.mark.parametrize("placed", [(), (OLD,), (NEW,), (OLD, NEW)])
def test_what_was_whole_is_finished(root: Path, placed: tuple[str, ...]) -> None:
    for path in (OLD, NEW):
        beside = whole(root, path)
        if path in placed:
            beside.replace(root / path)
    assert rolled(root) == "done"
    assert contents(root) == [b"changed", b"new"]


@pytest.mark.parametrize(("path", "data"), [(OLD, b"theirs"), (NEW, b"theirs")])
def test_what_was_changed_since_is_left_alone(root: Path, path: str, data: bytes) -> None:
    whole(root, OLD)
    whole(root, NEW)
    (root / path).write_bytes(data)
    before = contents(root)
    assert rolled(root) == "changed"
    assert contents(root) == before


def test_a_half_finished_one_that_lost_a_file_is_left_alone(root: Path) -> None:
    whole(root, OLD).replace(root / OLD)
    assert rolled(root) == "changed"
    assert contents(root) == [b"changed", None]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"order": [], "files": []}', '{"order": 1}'])
def test_a_note_that_cannot_be_read_is_none(root: Path, text: str) -> None:
    (root / "notes" / "pending").write_text(text)
    assert journal.pending(root / "notes") is None
    assert not (root / "notes" / "pending").exists()


def test_the_temporary_files_are_cleared(root: Path) -> None:
    whole(root, OLD)
    (root / f"{OLD}.was").write_bytes(b"old")
    found = journal.pending(root / "notes")
    assert found is not None
    journal.clear_temporaries(found[1])
    assert sorted(path.name for path in (root / OLD).parent.iterdir()) == [Path(OLD).name]
