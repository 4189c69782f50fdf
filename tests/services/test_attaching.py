"""Files beside tickets: which there are, and what stands in the way of one more."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.domain.settings import Settings
from desk.services.attaching import attachments_of, take_files
from desk.services.desk import Desk
from tests.builders import ID, PATH, START

FOLDER = PATH.removesuffix(".md")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    root = tmp_path / "hd"
    (root / FOLDER / "folder").mkdir(parents=True)
    for name in ("b.txt", "a.txt"):
        (root / FOLDER / name).write_text(name)
    return Desk(root, Settings(), START)


def test_attachments_are_the_files_in_the_folder_of_the_tickets_name(desk: Desk) -> None:
    assert attachments_of(desk, PATH) == ["a.txt", "b.txt"]
    assert attachments_of(desk, PATH.replace(ID, "HD-2611-ZZZZZ")) == []


@pytest.mark.parametrize("place", [FOLDER, "tickets/2026/11", "tickets/2026", "tickets"])
def test_nothing_behind_a_link_is_an_attachment(desk: Desk, tmp_path: Path, place: str) -> None:
    (desk.root / place).rename(tmp_path / "elsewhere")
    (desk.root / place).symlink_to(tmp_path / "elsewhere")
    assert attachments_of(desk, PATH) == []


def test_a_link_is_no_attachment_but_its_name_is_taken(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("mine")
    (desk.root / FOLDER / "c.txt").symlink_to(tmp_path / "c.txt")
    (desk.root / FOLDER / "gone").symlink_to("nowhere")
    assert attachments_of(desk, PATH) == ["a.txt", "b.txt"]
    assert [file.path for file in take_files(desk, PATH, [tmp_path / "c.txt"])] == [
        f"{FOLDER}/c-2.txt"
    ]
