"""What lies in the workspace's folders, whatever it is; no symbolic link is followed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from desk.domain.folder_checks import Item

MAX_DEPTH = 12


def items_below(root: Path, folder: str) -> Iterator[Item]:
    """Yield everything below a folder of the workspace, by path; hidden folders are named, and not
    looked into. Nothing where there is no such folder, or where it is a link."""
    top = os.path.join(root, folder)
    if not os.path.islink(top):
        yield from _below(top, folder, 0)


def items_in(root: Path) -> Iterator[Item]:
    """Yield what lies in the workspace's top folder itself."""
    yield from _scan(str(root), "")


def _below(folder: str, path: str, depth: int) -> Iterator[Item]:
    for item in _scan(folder, f"{path}/"):
        yield item
        name = item.path.rpartition("/")[2]
        if item.kind == "folder" and not name.startswith(".") and depth < MAX_DEPTH:
            yield from _below(os.path.join(folder, name), item.path, depth + 1)


def _scan(folder: str, before: str) -> Iterator[Item]:
    try:
        with os.scandir(folder) as scan:
            found = sorted(scan, key=lambda item: item.name)
    except OSError:
        return
    for item in found:
        path = f"{before}{item.name}"
        if item.is_symlink():
            yield Item(path, "link")
        elif item.is_dir(follow_symlinks=False):
            yield Item(path, "folder")
        else:
            with contextlib.suppress(FileNotFoundError):
                yield Item(path, "file", item.stat(follow_symlinks=False).st_size)
