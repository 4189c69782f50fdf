"""The state of a clone: what is installed, what lies about, what Git is set to."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from desk.domain.patterns import pattern
from desk.storage.git_program import GitProgram
from desk.storage.repository import Repository

OLDEST_GIT = (2, 38)
DISTRIBUTION = "flatdesk"
KEPT = ("refused", "staged", "edits")
"""Folders below `desk` in the git directory that hold texts which people may still want."""

_TICKET = "tickets/2000/01/HD-0001-00000.md"
_ATTACHMENT = "tickets/2000/01/HD-0001-00000/scan.pdf"
_FRESH_SECONDS = 60
_REQUIREMENT = pattern(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)")


def git_version(folder: Path) -> tuple[int, ...]:
    """Return the git program's version."""
    said = GitProgram(folder).run("version").decode(errors="replace")
    found = re.search(r"\d+(?:\.\d+)+", said)
    return tuple(map(int, found[0].split("."))) if found else ()


def lacking_packages() -> list[str]:
    """Return what `desk` needs of Python's packages and has not, or has too old."""
    try:
        needs = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:  # run from its source
        return []
    lacking = []
    for need in needs:
        match = _REQUIREMENT.match(need)
        if match is None or "extra ==" in need:
            continue
        try:
            have = metadata.version(match[1])
        except metadata.PackageNotFoundError:
            lacking.append(f"{match[1]} is not installed")
            continue
        if _numbers(have) < _numbers(match[2]):
            lacking.append(f"{match[1]} {have} is too old, {match[2]} is the oldest that will do")
    return lacking


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def attributes(repository: Repository) -> dict[str, str]:
    """Return what `.gitattributes` comes to: how tickets and attachments are merged."""
    out = repository.run("check-attr", "-z", "merge", "--", _TICKET, _ATTACHMENT)
    parts = out.decode(errors="replace").split("\0")
    return {
        "tickets" if path == _TICKET else "attachments": value
        for path, value in zip(parts[:-1:3], parts[2::3], strict=True)
    }


def stale_locks(git_dir: Path, common_dir: Path) -> list[Path]:
    """Return Git's locks that are older than any git should need."""
    places = {
        *git_dir.glob("*.lock"),
        *common_dir.glob("*.lock"),
        *common_dir.glob("refs/heads/**/*.lock"),
        *common_dir.glob("objects/*.lock"),
    }
    return sorted(place for place in places if _age(place) > _FRESH_SECONDS)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def kept_texts(git_dir: Path) -> Iterator[tuple[Path, int]]:
    """Yield the folders that hold texts of refused commits and the like, and how many."""
    for name in KEPT:
        folder = git_dir / "desk" / name
        count = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0
        if count:
            yield folder, count


def index_trouble(git_dir: Path) -> str:
    """Say what is wrong with the index, "" where nothing is or there is none yet."""
    path = git_dir / "desk" / "index.sqlite"
    if not path.exists():
        return ""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        return str(error)
    try:
        told = str(connection.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        told = str(error)
    finally:
        connection.close()
    return "" if told == "ok" else told


def count_tracked(repository: Repository) -> int:
    """Return how many files of tickets Git knows."""
    return repository.run("ls-files", "-z", "--", "tickets").count(b"\0")


def count_history(repository: Repository) -> int:
    """Return how many commits HEAD has."""
    done = repository.start(["rev-list", "--count", "HEAD"])
    return int(done.stdout) if done.returncode == 0 else 0


def has_commit_graph(common_dir: Path) -> bool:
    """Tell whether Git keeps what makes the history of a file quick."""
    info = common_dir / "objects" / "info"
    return (info / "commit-graph").exists() or (info / "commit-graphs").is_dir()


def has_untracked_cache(repository: Repository) -> bool:
    """Tell whether Git remembers which folders it has looked through."""
    done = repository.start(["config", "--get", "core.untrackedCache"])
    return done.stdout.strip() == b"true"
