"""What a command left in the files: read without the program's help."""

from __future__ import annotations

import yaml

from tests.conftest import Shell


def front(desk: Shell, ticket_id: str) -> dict[str, object]:
    """Return the front matter of a ticket's file."""
    loaded = yaml.load(desk.file_of(ticket_id).read_text().split("---\n")[1], yaml.BaseLoader)
    assert isinstance(loaded, dict)
    return loaded


def headings(desk: Shell, ticket_id: str) -> list[str]:
    """Return the headings of a ticket's entries, without their instants."""
    lines = desk.file_of(ticket_id).read_text().split("\n")
    return [line.split(" ", 2)[2] for line in lines if line.startswith("## 2026-")]


def last_entry(desk: Shell, ticket_id: str) -> str:
    """Return a ticket's last entry, heading and text, without its instant."""
    return desk.file_of(ticket_id).read_text().rpartition("\n## ")[2].split(" ", 1)[1].rstrip("\n")


def commits(desk: Shell) -> list[str]:
    """Return the subjects of all commits, the newest first."""
    return desk.git("log", "--format=%s").splitlines()
