"""Making a help desk: in a repository that is there, or in a new one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.domain.ids import PREFIX
from desk.domain.settings import RESERVED_HANDLES, as_handle
from desk.errors import OutsideError, Refused, UsageError, WorkspaceError
from desk.services.committing import commit_files
from desk.services.desk import Desk
from desk.storage.config_file import load_settings, starter_config
from desk.storage.files import NewFile
from desk.storage.lock import writer_lock
from desk.storage.merge_driver import register_if_possible
from desk.storage.repository import Identity, Repository, make_repository
from desk.storage.root import CONFIG, find_git_dir, looks_like_workspace

ATTRIBUTES = """\
# Tickets are text that ends its lines at LF; `desk` merges them. Attachments are as they came.
tickets/*/*/*.md text eol=lf merge=desk
tickets/*/*/*/** -text merge=binary
"""

IGNORED = """\
# What editors and half-done writes leave behind.
*~
.*.sw?
.*.desk-tmp
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What `init` did, or would do in a dry run: where, whether the repository is new, and which
    files it wrote."""

    root: Path
    is_new_repository: bool
    files: tuple[NewFile, ...]
    notices: tuple[str, ...] = ()

    @property
    def paths(self) -> list[str]:
        """Where the files are, from the help desk's folder."""
        return [file.path for file in self.files]


def make_help_desk(
    folder: Path,
    now: datetime,
    is_dated: bool = False,
    name: str = "",
    prefix: str = "",
    timezone: str = "",
    commits: bool = True,
    dry_run: bool = False,
) -> Made:
    """Make a help desk in `folder`, which need not be there yet, and commit it if it `commits`.

    The repository that the folder lies in is used, else a new one is made on Git's default branch.
    What is there already stays; whoever Git says is at work becomes the administrator.
    """
    if prefix and not PREFIX.fullmatch(prefix):
        raise UsageError(
            f"`{prefix}` is no prefix for IDs", "use up to ten capitals and figures: HD, IT2"
        )
    root = folder.absolute()
    if not dry_run:
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError(
                f"cannot make {root}: {error.strerror}", "name another folder"
            ) from None
    root = root.resolve()
    is_new = find_git_dir(root) is None
    files = _missing_files(root, _starter(root, name, prefix, timezone))
    config = next((file.data for file in files if file.path == CONFIG), None)
    settings, problems = load_settings(config or (root / CONFIG).read_bytes(), CONFIG)
    if settings is None:
        raise WorkspaceError("config.yaml has problems", "mend it first", problems)
    if dry_run:
        return Made(root, is_new, tuple(files))
    if is_new:
        make_repository(root)
    repository = Repository(root)
    desk = Desk(root, settings, now, is_dated, commits=commits and settings.commit)
    if desk.commits and repository.identity() is None:
        desk = Desk(root, settings, now, is_dated, commits=False)
        desk.notices.append(
            "Git does not know who you are, so nothing is committed: set user.name and user.email "
            "with `git config`, put yourself into config.yaml, then `git add` and `git commit`"
        )
    with writer_lock(repository.common_dir / "desk"):
        commit_files(desk, files, "Make this a help desk", "", "init")
        trouble = register_if_possible(repository)
    desk.notices.extend([trouble] if trouble else [])
    return Made(root, is_new, tuple(files), tuple(desk.notices))


def _starter(root: Path, name: str, prefix: str, timezone: str) -> str:
    """Return a config.yaml to begin with, in the name of whoever Git says is at work."""
    there = next(folder for folder in (root, *root.parents) if folder.is_dir())
    identity = Repository(there).identity() or Identity("", "")
    email = identity.email if re.fullmatch(r"[^\s@]+@[^\s@]+", identity.email) else ""
    handle = as_handle(email.partition("@")[0]) or as_handle(identity.name)
    if not handle or handle in RESERVED_HANDLES:
        handle = "admin"
    return starter_config(
        name or root.name,
        prefix or "HD",
        timezone or local_timezone(),
        handle,
        identity.name or "Administrator",
        email or f"{handle}@localhost.example",
    )


def _missing_files(root: Path, starter: str) -> list[NewFile]:
    """Return what a help desk needs and the folder lacks."""
    files = []
    config = root / CONFIG
    if not config.exists():
        files.append(NewFile(CONFIG, starter.encode(), None))
    elif not looks_like_workspace(config.read_bytes()):
        raise Refused(
            f"{config} belongs to something else: it has no top-level `desk:`",
            "make the help desk in a folder of its own, such as `desk init helpdesk`",
        )
    for folder in ("tickets", "kb"):
        if not (root / folder).exists():
            files.append(NewFile(f"{folder}/.gitkeep", b"", None))
    for name, lines in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        files += _with_lines(root, name, lines)
    return files


def _with_lines(root: Path, name: str, lines: str) -> list[NewFile]:
    """Return the file with the lines it lacks at its end; nothing where it lacks none."""
    path = root / name
    before = path.read_bytes() if path.exists() else None
    have = {line.strip() for line in (before or b"").decode(errors="replace").split("\n")}
    missing = [line for line in lines.split("\n") if line and line not in have]
    if all(line.startswith("#") for line in missing):
        return []
    glue = b"\n" if before and not before.endswith(b"\n") else b""
    data = (before or b"") + glue + "".join(f"{line}\n" for line in missing).encode()
    return [NewFile(name, data, before)]


def local_timezone() -> str:
    """Return the machine's time zone by its IANA name, UTC where it has none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    linked = os.path.realpath("/etc/localtime")
    for name in (os.environ.get("TZ", "").lstrip(":"), linked.partition("zoneinfo/")[2]):
        try:
            if name and ZoneInfo(name):
                return "UTC" if name == "Etc/UTC" else name
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"
