"""Where the help desk is: a directory tree with its config.yaml, inside a Git work tree."""

from __future__ import annotations

from pathlib import Path

from desk.domain.settings import Settings
from desk.errors import WorkspaceError
from desk.storage.config_cache import ConfigCache
from desk.storage.config_file import MAX_CONFIG_BYTES, load_settings, looks_like_workspace

CONFIG = "config.yaml"


def find_root(start: Path) -> Path:
    """Return the workspace that `start` lies in: the nearest folder upward whose config.yaml has a
    top-level `desk:`. WorkspaceError where there is none."""
    start = start.absolute()
    if not start.is_dir():
        raise WorkspaceError(f"{start} is not a folder", "name one with -C or DESK_DIR")
    for folder in (start, *start.parents):
        data = _read_config(folder)
        if data is not None and looks_like_workspace(data):
            return folder
    raise WorkspaceError(
        f"{start} is in no help desk: no config.yaml with `desk:` in it or above",
        "make one with `desk init`, or name one with -C or DESK_DIR",
    )


def read_settings(root: Path) -> tuple[Settings, bytes]:
    """Load the workspace's config.yaml, and return the bytes that the settings come from too;
    WorkspaceError, with all that is wrong in it."""
    data = _read_config(root) or b""
    git_dir = find_git_dir(root)
    cache = ConfigCache(git_dir / "desk") if git_dir else None
    settings, problems = load_settings(data, CONFIG, cache)
    if settings is None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise WorkspaceError(f"config.yaml has {count}", "mend it first", problems)
    return settings, data


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


def _read_config(folder: Path) -> bytes | None:
    try:
        with (folder / CONFIG).open("rb") as stream:
            return stream.read(MAX_CONFIG_BYTES + 1)
    except OSError:
        return None
