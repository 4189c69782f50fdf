"""config.yaml as its administrator sees it: what is wrong with it, and where it lies."""

from __future__ import annotations

from pathlib import Path

from desk.domain.settings import Settings
from desk.errors import Diagnostic, Refused, UsageError
from desk.storage.config_file import load_settings
from desk.storage.root import CONFIG, find_root


def check_config(start: Path) -> tuple[Path, Settings | None, tuple[Diagnostic, ...]]:
    """Return the workspace that `start` lies in, its settings (None unless config.yaml checks) and
    everything that is wrong there."""
    root = find_root(start)
    settings, problems = load_settings((root / CONFIG).read_bytes(), CONFIG)
    return root, settings, problems


def only_calendar(settings: Settings) -> str:
    """Return the name of the one calendar there is; UsageError, naming them, where there are more,
    Refused where there is none."""
    names = list(settings.calendars)
    if not names:
        raise Refused("this help desk has no calendar", "write `calendars` in config.yaml")
    if len(names) > 1:
        raise UsageError("say which calendar", f"there are {', '.join(names)}")
    return names[0]


def path_in_repository(root: Path) -> str:
    """Return where the workspace lies in its Git work tree: "" at the top, else `helpdesk/`.

    It asks no git, which refuses to speak of a work tree that belongs to somebody else, as in the
    containers of CI.
    """
    root = root.resolve()
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            inner = root.relative_to(folder).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""
