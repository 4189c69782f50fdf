"""Where a help desk is: a folder with its config.yaml, inside a Git work tree. Found without
reading what the file says."""

from __future__ import annotations

import re
from pathlib import Path

from desk.domain.patterns import pattern
from desk.errors import WorkspaceError

CONFIG = "config.yaml"
MAX_CONFIG_BYTES = 1_000_000

_DESK_KEY = pattern(rb"^(?:\xef\xbb\xbf)?([\"']?)desk\1[ \t]*:(?:[ \t\r\n]|\Z)", re.MULTILINE)


def looks_like_workspace(data: bytes) -> bool:
    """Tell whether a config.yaml has a top-level `desk:` key, without reading it as YAML: the
    search for a workspace passes by other tools' files of that name."""
    return _DESK_KEY.search(data) is not None


def find_root(start: Path) -> Path:
    """Return the workspace that `start` lies in: the nearest folder upward whose config.yaml has a
    top-level `desk:`. WorkspaceError where there is none."""
    start = start.absolute()
    if not start.is_dir():
        raise WorkspaceError(f"{start} is not a folder", "name one with -C or DESK_DIR")
    for folder in (start, *start.parents):
        data = config_bytes(folder)
        if data is not None and looks_like_workspace(data):
            return folder
    raise WorkspaceError(
        f"{start} is in no help desk: no config.yaml with `desk:` in it or above",
        "make one with `desk init`, or name one with -C or DESK_DIR",
    )


def find_git_dir(root: Path) -> Path | None:
    """Return, without starting git, the git directory of the work tree that a folder lies in."""
    for folder in (root, *root.parents):
        found = folder / ".git"
        if found.is_dir():
            return found
        if found.exists():
            try:
                told = found.read_text(encoding="utf-8", errors="surrogateescape")
            except OSError:
                return found
            return folder / told.removeprefix("gitdir: ").rstrip("\n")
    return None


def config_bytes(folder: Path) -> bytes | None:
    """Return a folder's config.yaml, of which at most one byte is too many, or None."""
    try:
        with (folder / CONFIG).open("rb") as stream:
            return stream.read(MAX_CONFIG_BYTES + 1)
    except OSError:
        return None
