"""Files that belong to a ticket: they lie beside it, in a folder of its name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from desk.domain.attachments import MAX_ATTACHMENT_BYTES, attachment_name
from desk.errors import NotFound, Refused
from desk.services.desk import Desk
from desk.storage.files import NewFile, has_link


def folder_of(path: str) -> str:
    """Return where the attachments of the ticket at `path` lie."""
    return path.removesuffix(".md")


def attachments_of(desk: Desk, path: str) -> list[str]:
    """Return the names of a ticket's attachments, sorted. None lies behind a symbolic link, nor is
    one: what is there may be anywhere."""
    return sorted(item.name for item in _items(desk, path) if item.is_file(follow_symlinks=False))


def _items(desk: Desk, path: str) -> list[os.DirEntry[str]]:
    if has_link(desk.root, folder_of(path)):
        return []
    try:
        return list(os.scandir(desk.root / folder_of(path)))
    except OSError:
        return []


def take_files(desk: Desk, path: str, sources: Sequence[Path]) -> list[NewFile]:
    """Read files to be attached to the ticket at `path`, and name them.

    NotFound for a file that is not there; Refused for one that is too large, no regular file, or
    whose name will not do.
    """
    taken = [item.name for item in _items(desk, path)]
    files = []
    for source in sources:
        if source.is_dir() or (source.exists() and not source.is_file()):
            raise Refused(f"{source} is no regular file", "attach files one by one")
        try:
            with source.open("rb") as stream:
                data = stream.read(MAX_ATTACHMENT_BYTES + 1)
        except FileNotFoundError:
            raise NotFound(f"there is no file {source}", "check the path") from None
        except OSError as error:
            raise Refused(f"cannot read {source}: {error.strerror}", "check its rights") from None
        if len(data) > MAX_ATTACHMENT_BYTES:
            raise Refused(
                f"{source} is larger than {MAX_ATTACHMENT_BYTES // 1_000_000} MB",
                "keep it elsewhere and write down where",
            )
        try:
            name = attachment_name(source.name, taken)
        except ValueError as error:
            raise Refused(f"cannot attach {source}: {error}", "rename it first") from None
        taken.append(name)
        files.append(NewFile(f"{folder_of(path)}/{name}", data, None))
    return files


def mention(path: str, files: Sequence[NewFile], said: str = "") -> str:
    """Return the text that tells of attachments: what was said, then a link to each."""
    folder = folder_of(path).rpartition("/")[2]
    names = [file.path.rpartition("/")[2] for file in files]
    links = [f"* [{_label(name)}]({folder}/{quote(name)})" for name in names]
    return "\n".join([*([said, ""] if said else []), *links])


def _label(name: str) -> str:
    return name.replace("[", r"\[").replace("]", r"\]")
