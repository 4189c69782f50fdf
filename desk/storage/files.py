"""Reading files below the workspace, and never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class LinkError(OSError):
    """A symbolic link, or something that is no file, stands where a file was to be read."""


class NewFile(NamedTuple):
    """A file to be written: where (from the workspace), what, and what was there (None: nothing,
    and nothing may be there)."""

    path: str
    data: bytes
    before: bytes | None


def read_file(root: Path, path: str, limit: int) -> bytes:
    """Read at most `limit` + 1 bytes of a file below `root`.

    LinkError where the file or a folder on the way is a symbolic link, or it is no regular file;
    otherwise whatever OSError the system gives.
    """
    folder = os.path.dirname(path)
    if has_link(root, folder):
        raise LinkError(f"{folder} is, or lies behind, a symbolic link")
    return read_plain(os.path.join(root, path), limit)


def read_plain(full_path: str, limit: int) -> bytes:
    """Read a file whose folders are known to be no links; see `read_file`."""
    try:
        handle = os.open(full_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(full_path):
            raise LinkError("a symbolic link, and no file") from error
        raise
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise LinkError("no regular file")
        return _read(handle, found.st_size, limit + 1)
    finally:
        os.close(handle)


def _read(handle: int, size: int, most: int) -> bytes:
    """Read to the end, at most so many bytes, without the stream that would take longer to make
    than a small file to read; `size` is a guess."""
    data = os.read(handle, min(size + 1, most))
    if len(data) == size:
        return data
    pieces = [data]
    while data and (most := most - len(data)):
        data = os.read(handle, most)
        pieces.append(data)
    return b"".join(pieces)


def has_link(root: Path, folder: str) -> bool:
    """Tell whether a folder below `root`, or one on the way to it, is a symbolic link."""
    at = str(root)
    for part in folder.split("/"):
        at = f"{at}/{part}"
        if os.path.islink(at):
            return True
    return False


class Listed(NamedTuple):
    """What lies in one of the folders of tickets/: (kind, path, full path) of each file, and the
    paths of the folders below it that may hold tickets."""

    files: list[tuple[str, str, str]]
    folders: list[str]


TOP = "tickets"


def list_folder(root: Path, folder: str) -> Listed:
    """List tickets/, a year's or a month's folder (its path from the workspace), by name.

    The kind of a file is `ticket` for one that ends in .md, `link` for a symbolic link in place of
    a file or a folder, `stray` for an .md file that lies in no month's folder, `closed` for a
    folder that cannot be read.
    """
    full_path = os.path.join(root, folder)
    depth = folder.count("/")
    if not depth and os.path.islink(full_path):
        return Listed([("link", folder, full_path)], [])
    try:
        with os.scandir(full_path) as scan:
            found = sorted(scan, key=lambda item: item.name)
    except FileNotFoundError:
        return Listed([], [])
    except OSError:
        return Listed([("closed", folder, full_path)], [])
    listed = Listed([], [])
    for item in found:
        here = f"{folder}/{item.name}"
        is_markdown = item.name.endswith(".md") and not item.name.startswith(".")
        if item.is_symlink():
            if is_markdown or depth < 2:
                listed.files.append(("link", here, item.path))
        elif item.is_dir() and not (is_markdown and depth == 2):
            if depth < 2 and not item.name.startswith("."):
                listed.folders.append(here)
        elif is_markdown:
            listed.files.append(("ticket" if depth == 2 else "stray", here, item.path))
    return listed


def ticket_names(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (folder, name) of whatever ends in .md in the months of tickets/, in no order: quicker
    than `walk_tickets`, and it does not say what lies there."""
    for year in list_folder(root, TOP).folders:
        for month in list_folder(root, year).folders:
            try:
                names = os.listdir(os.path.join(root, month))
            except OSError:
                continue
            yield from ((month, name) for name in names if name.endswith(".md"))


def walk_tickets(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, path, full path) of every file in tickets/ and its years and months
    (`list_folder`), by path."""
    yield from _walk(root, TOP)


def _walk(root: Path, folder: str) -> Iterator[tuple[str, str, str]]:
    files, folders = list_folder(root, folder)
    waiting = sorted([*files, *(("", path, "") for path in folders)], key=lambda each: each[1])
    for kind, path, full_path in waiting:
        if kind:
            yield kind, path, full_path
        else:
            yield from _walk(root, path)
