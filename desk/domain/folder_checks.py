"""What can be wrong with the files and folders beside the tickets: names, places, sizes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from desk.domain.attachments import MAX_ATTACHMENT_BYTES, attachment_name, folded_name
from desk.domain.kb import is_slug

LEFTOVER = ".desk-tmp"
"""How the temporary files end from which whole files are made."""

_IN_MONTH = 3
"""How many slashes a path has that lies in a month's folder, where tickets lie."""


class Item(NamedTuple):
    """A file, folder or symbolic link below the workspace; `size` is a file's, in bytes."""

    path: str
    kind: Literal["file", "folder", "link"]
    size: int = 0


class Fault(NamedTuple):
    """What is wrong with a whole file: the code of the check, its path, and the message."""

    code: str
    path: str
    message: str


def folder_faults(items: Iterable[Item], tickets: Collection[str]) -> Iterator[Fault]:
    """Check what lies in tickets/, but for the tickets themselves.

    `items` are sorted by path; `tickets` are the paths of all files that are, or should be,
    tickets.
    """
    beside: dict[str, set[str]] = {}
    for item in items:
        path = item.path
        folder, _, name = path.rpartition("/")
        depth = path.count("/")
        if name.endswith(LEFTOVER) and item.kind == "file":
            yield leftover(path)
        elif depth > _IN_MONTH:
            yield from _attached(item, name, beside.setdefault(folder, set()))
        elif depth == _IN_MONTH and not name.startswith("."):
            yield from _in_month(item, name, tickets)


def leftover(path: str) -> Fault:
    """Say that a command was stopped before its file was whole."""
    message = "left by a command that was stopped: remove it, unless a desk command is running"
    return Fault("leftover", path, message)


def _in_month(item: Item, name: str, tickets: Collection[str]) -> Iterator[Fault]:
    path = item.path
    if item.kind == "link" and not name.endswith(".md"):
        yield Fault("link", path, "a symbolic link: put the folder itself here")
    elif item.kind == "folder" and f"{path}.md" not in tickets:
        message = f"a folder of attachments without its ticket {name}.md: move it, or remove it"
        yield Fault("orphan", path, message)
    elif item.kind == "file" and not name.endswith(".md"):
        message = "neither a ticket nor an attachment: move it into the folder of its ticket"
        yield Fault("orphan", path, message)


def _attached(item: Item, name: str, beside: set[str]) -> Iterator[Fault]:
    path = item.path
    if item.kind == "link":
        yield Fault("link", path, "a symbolic link: attach the file itself")
        return
    try:
        attachment_name(name, ())
    except ValueError as error:
        yield Fault("file-name", path, f"{error}: rename it")
    folded = folded_name(name)
    if folded in beside:
        message = "differs from another name here by case or normalisation alone: rename it"
        yield Fault("file-name", path, message)
    beside.add(folded)
    if item.size > MAX_ATTACHMENT_BYTES:
        message = f"larger than {MAX_ATTACHMENT_BYTES // 1_000_000} MB: keep it elsewhere"
        yield Fault("size", path, message)


def article_name_fault(path: str) -> Fault | None:
    """Check the name of an article's file."""
    name = path.rpartition("/")[2]
    try:
        attachment_name(name, ())
    except ValueError as error:
        return Fault("file-name", path, f"{error}: rename it")
    if not is_slug(name.removesuffix(".md")):
        message = (
            "an article is named in lower-case letters, digits and hyphens, like vpn-drops.md:"
            " rename it"
        )
        return Fault("file-name", path, message)
    return None
