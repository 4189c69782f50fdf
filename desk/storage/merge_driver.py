"""What each clone has to be told so that its own merges go through `desk`: Git takes a merge driver
from a clone's settings alone, never from what it fetched."""

from __future__ import annotations

import sys
from shlex import quote

from desk.errors import OutsideError
from desk.storage.repository import Repository

MERGED, LEFT = "merged", "left"
"""What the driver prints, and nothing else: a `desk` on PATH that is another program prints
neither."""


def driver_line(python: str) -> str:
    """Return the shell line that merges a ticket: by the `desk` on PATH, else by the `python` that
    registered it; where neither runs, with conflict markers, as Git does.

    `-P` lets Python not take modules from the work tree, where git starts the driver.
    """
    told = "mend --driver %O %A %B 2>/dev/null"
    known = f"{quote(python)} -P -m desk".replace("%", "%%")
    return (
        f"said=$(desk {told}); "
        f'case "$said" in {MERGED}|{LEFT}) ;; *) said=$({known} {told}) ;; esac; '
        f'test "$said" = {MERGED} || '
        "git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1"
    )


def settings_of(python: str) -> dict[str, str]:
    """Return what a clone's Git settings have to be. Rename detection would carry what is said in
    one ticket into another that is like it."""
    return {
        "merge.desk.name": "desk, which merges tickets entry by entry",
        "merge.desk.driver": driver_line(python),
        "merge.renames": "false",
        "merge.directoryrenames": "false",
    }


def registered(repository: Repository) -> dict[str, str]:
    """Return those settings that the clone has of its own."""
    done = repository.start(["config", "--local", "-z", "--get-regexp", r"^merge\."])
    pairs = done.stdout.decode(errors="replace").split("\0")
    return {key: value for key, _, value in (pair.partition("\n") for pair in pairs) if key}


def missing_settings(repository: Repository, python: str = sys.executable) -> dict[str, str]:
    """Return what is still to be set."""
    have = registered(repository)
    wanted = settings_of(python)
    return {key: value for key, value in wanted.items() if have.get(key) != value}


def register(repository: Repository, python: str = sys.executable) -> bool:
    """Set in the clone what merging tickets needs; tell whether anything was missing.

    OutsideError where its settings cannot be written.
    """
    missing = missing_settings(repository, python)
    for key, value in missing.items():
        repository.run("config", "--local", "--replace-all", key, value)
    return bool(missing)


def register_if_possible(repository: Repository) -> str:
    """Do so; return in a sentence why it could not be done, "" where it is."""
    try:
        register(repository)
    except OutsideError as error:
        why = "; ".join(error.details) or error.message
        return f"Git cannot be told how to merge tickets, so `git pull` may leave conflicts: {why}"
    return ""
