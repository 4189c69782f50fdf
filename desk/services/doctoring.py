"""`desk doctor`: whether this clone is set up as it should be. What is safe is put right, the rest
is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from desk.domain.settings import Settings
from desk.errors import DeskError, OutsideError, WorkspaceError
from desk.services.desk import USER_VARIABLE
from desk.storage import advance, journal, upkeep
from desk.storage.config_file import read_settings
from desk.storage.merge_driver import missing_settings, register
from desk.storage.repository import Repository
from desk.storage.root import find_root
from desk.storage.unmerged import files_in_conflict

State = Literal["fine", "mended", "hint", "problem"]

MANY_TICKETS = 10_000
MANY_COMMITS = 5_000


class Sign(NamedTuple):
    """One thing that was looked at: what, how it is, and what to do about it ("": nothing)."""

    code: str
    state: State
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was looked at, in order."""

    root: Path
    signs: tuple[Sign, ...]

    @property
    def is_well(self) -> bool:
        """Whether there is nothing worse than a hint."""
        return all(sign.state != "problem" for sign in self.signs)


def diagnose(start: Path, dry_run: bool = False) -> Diagnosis:
    """Look at the clone that `start` lies in; WorkspaceError where there is no help desk at all.

    What Git needs to be told to merge tickets is told to it, unless it is a dry run.
    """
    root = find_root(start)
    repository = Repository(root)
    signs = [_git(root)]
    if signs[0].state == "problem":
        return Diagnosis(root, tuple(signs))
    settings, config = _config(root)
    signs += [
        _packages(),
        config,
        *_identity(repository, settings),
        _driver(repository, dry_run),
        _attributes(repository),
        *_under_way(repository),
        _index(repository),
        *_left_behind(repository),
        *_speed(repository),
    ]
    return Diagnosis(root, tuple(signs))


def _git(root: Path) -> Sign:
    try:
        version = upkeep.git_version(root)
    except OutsideError as error:
        return Sign("git", "problem", error.message, error.hint)
    shown = ".".join(map(str, version))
    if version < upkeep.OLDEST_GIT:
        return Sign("git", "problem", f"Git {shown} is too old", "install git 2.38 or newer")
    return Sign("git", "fine", f"Git {shown}")


def _packages() -> Sign:
    lacking = upkeep.lacking_packages()
    if lacking:
        return Sign("packages", "problem", "; ".join(lacking), "install desk again")
    return Sign("packages", "fine", "Python has what desk needs")


def _config(root: Path) -> tuple[Settings | None, Sign]:
    try:
        settings, _ = read_settings(root)
    except WorkspaceError as error:
        return None, Sign("config", "problem", error.message, "see `desk config check`")
    return settings, Sign("config", "fine", "config.yaml can be read")


def _identity(repository: Repository, settings: Settings | None) -> Iterator[Sign]:
    given = os.environ.get(USER_VARIABLE, "").strip()
    identity = repository.identity()
    who = given or (identity.email if identity else "")
    if not who:
        yield Sign(
            "identity",
            "problem",
            "nobody says who you are",
            f"set user.name and user.email with `git config`, or {USER_VARIABLE}",
        )
    elif settings is not None:
        person = settings.person(who)
        if person is None:
            advice = "you act as a requester: add yourself to `people` in config.yaml to do more"
            yield Sign("identity", "hint", f"{who} is not in `people`", advice)
        elif not person.active:
            yield Sign(
                "identity", "problem", f"{person.handle} has left, by `people`", "see config.yaml"
            )
        else:
            yield Sign("identity", "fine", f"you are {person.handle} ({person.role})")


def _driver(repository: Repository, dry_run: bool) -> Sign:
    what = "merges tickets by desk, entry by entry"
    if not missing_settings(repository):
        return Sign("driver", "fine", f"Git {what}")
    if dry_run:
        return Sign(
            "driver", "problem", f"Git does not know yet that it {what}", "run `desk doctor`"
        )
    try:
        register(repository)
    except OutsideError as error:
        why = "; ".join(error.details) or error.message
        return Sign("driver", "problem", f"Git cannot be told how to merge tickets: {why}")
    return Sign("driver", "mended", f"Git {what} from now on")


def _attributes(repository: Repository) -> Sign:
    have = upkeep.attributes(repository)
    wrong = [
        name
        for name, wanted in (("tickets", "desk"), ("attachments", "binary"))
        if have.get(name) != wanted
    ]
    if wrong:
        message = f"no line in .gitattributes says how to merge {' and '.join(wrong)}"
        return Sign("attributes", "problem", message, "`desk init` adds it")
    return Sign("attributes", "fine", "tickets and attachments have their lines in .gitattributes")


def _under_way(repository: Repository) -> Iterator[Sign]:
    busy = repository.why_not_now()
    if files_in_conflict(repository):
        yield Sign("conflict", "problem", "files are in conflict", "run `desk mend`")
    elif busy:
        yield Sign(
            "under-way", "hint", f"{busy} is under way", "conclude it: `git status` says how"
        )
    if repository.is_detached and not busy:
        advice = "commits here are on no branch, and `desk sync` refuses; see `git switch`"
        yield Sign("detached", "hint", "HEAD is detached", advice)


def _index(repository: Repository) -> Sign:
    trouble = upkeep.index_trouble(repository.git_dir)
    if trouble:
        return Sign(
            "index", "hint", f"the index is damaged: {trouble}", "the next list makes it anew"
        )
    return Sign("index", "fine", "the index is whole, or not made yet")


def _left_behind(repository: Repository) -> Iterator[Sign]:
    folder = repository.git_dir / "desk"
    if journal.pending(folder) or advance.pending(folder):
        yield Sign(
            "stopped",
            "hint",
            "a command was stopped, or is at work",
            "the next one that writes finishes it",
        )
    for lock in upkeep.stale_locks(repository.git_dir, repository.common_dir):
        yield Sign(
            "lock", "problem", f"{lock} has been there for a while", "if no git runs, remove it"
        )
    for place, count in upkeep.kept_texts(repository.git_dir):
        what = "a text is" if count == 1 else f"{count:,} texts are"
        advice = "take out what you need, and delete the rest"
        yield Sign("kept", "hint", f"{what} kept in {place}", advice)


def _speed(repository: Repository) -> Iterator[Sign]:
    try:
        is_large = upkeep.count_tracked(repository) >= MANY_TICKETS
        is_long = upkeep.count_history(repository) >= MANY_COMMITS
    except DeskError:
        return
    if is_large and not upkeep.has_untracked_cache(repository):
        yield Sign(
            "untracked-cache",
            "hint",
            "Git looks through every folder each time",
            "`git config core.untrackedCache true` lets it remember, where the file system can",
        )
    if is_long and not upkeep.has_commit_graph(repository.common_dir):
        yield Sign(
            "commit-graph",
            "hint",
            "the history of a ticket is read commit by commit",
            "`git commit-graph write --reachable --changed-paths` makes it quick",
        )
