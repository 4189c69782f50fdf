"""Where the help desk is: a directory tree with its config.yaml, inside a Git work tree."""

from __future__ import annotations

from pathlib import Path

from desk.domain.settings import Settings
from desk.errors import WorkspaceError
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


def read_settings(root: Path) -> Settings:
    """Load the workspace's config.yaml; WorkspaceError, with all that is wrong in it."""
    settings, problems = load_settings(_read_config(root) or b"", CONFIG)
    if settings is None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise WorkspaceError(f"config.yaml has {count}", "mend it first", problems)
    return settings


def is_in_git(root: Path) -> bool:
    """Tell, without starting git, whether a folder lies in a work tree."""
    return any((folder / ".git").exists() for folder in (root, *root.parents))


def _read_config(folder: Path) -> bytes | None:
    try:
        with (folder / CONFIG).open("rb") as stream:
            return stream.read(MAX_CONFIG_BYTES + 1)
    except OSError:
        return None
