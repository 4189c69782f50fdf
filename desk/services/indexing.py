"""The index kept in step with the files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from desk import __version__
from desk.errors import Diagnostic, OutsideError, WorkspaceError
from desk.services.desk import Desk
from desk.storage.files import list_folder
from desk.storage.freshness import (
    Changes,
    Seen,
    absent_at_head,
    changes_since,
    is_place_of_ticket,
    stamp_of,
    untracked,
)
from desk.storage.holiday_package import package_stamp
from desk.storage.index import Index
from desk.storage.index_file import FAILURES, IndexUnusable, is_damage
from desk.storage.ticket_store import problem_of

_TRIES = 3

T = TypeVar("T")


def answered(desk: Desk, answer: Callable[[Index], T | None], in_memory: bool = False) -> T | None:
    """Return what somebody makes of the index, brought up to date; None where it cannot be used, or
    knows nothing of the instant that is asked about. With `in_memory` an index is made for this
    once where the one on disk cannot be used."""
    if desk.held:
        return _held_answer(desk, answer)
    if desk.is_past:
        return None
    try:
        index = fresh_index(desk)
    except (*FAILURES, OutsideError, WorkspaceError) as error:
        if not in_memory:
            _say_passed_by(desk, error)
            return None
        index = Index.in_memory()
        _bring_up_to_date(desk, index)
    is_damaged = False
    try:
        return answer(index)
    except FAILURES as error:
        is_damaged = is_damage(error)
        return None
    finally:
        index.close(is_damaged)


@contextmanager
def one_look(desk: Desk) -> Iterator[None]:
    """Let all answers within come from one state of the tickets, looked for once; of an earlier
    instant, from one reading of the files."""
    from desk.services.past_rows import index_of_all

    if desk.held:
        yield
        return
    try:
        index = index_of_all(desk) if desk.is_past else fresh_index(desk)
    except (*FAILURES, OutsideError, WorkspaceError) as error:
        _say_passed_by(desk, error)
        yield
        return
    desk.held.append(index)
    try:
        yield
    finally:
        if desk.held:
            desk.held.pop().close()


def _held_answer(desk: Desk, answer: Callable[[Index], T | None]) -> T | None:
    try:
        return answer(desk.held[-1])
    except FAILURES as error:
        desk.held.pop().close(is_damage(error))
        return None


_LONG = 5_000


def say_wait(desk: Desk, count: int, things: str) -> None:
    """Tell whoever waits that so many things are read, where that takes a while."""
    if count > _LONG:
        desk.tell(f"reading {count:,} {things} into the index; the next time it is there")


def _say_passed_by(desk: Desk, error: BaseException) -> None:
    told = "the index is in use by another command, so every file was read"
    if isinstance(error, IndexUnusable) and error.is_held and told not in desk.notices:
        desk.notices.append(told)


def fresh_index(desk: Desk) -> Index:
    """Return the index, in step with the files as they are now. IndexUnusable; OutsideError."""
    folder = desk.repository.git_dir / "desk"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexUnusable(str(error)) from None
    for _ in range(_TRIES):
        index = Index(folder / "index.sqlite", _made_from(desk))
        try:
            if _bring_up_to_date(desk, index):
                return index
        except BaseException as error:
            index.close(is_damage(error))
            raise
        index.close()
    raise IndexUnusable("others keep changing it", is_held=True)


def _made_from(desk: Desk) -> str:
    """Return everything that rows come from beside the tickets, as it is: what makes a digest
    would take longer to load."""
    from zoneinfo import TZPATH

    parts = [__version__.encode(), desk.config, package_stamp().encode()]
    calendars = desk.settings.calendars.values()
    zones = {desk.settings.timezone, *(str(each.get("timezone", "")) for each in calendars)}
    for zone in sorted(zones - {""}):
        parts += [stamp_of(f"{path}/{zone}", 0).encode() for path in TZPATH]
    return b"\0".join(parts).decode("latin-1")


def _bring_up_to_date(desk: Desk, index: Index) -> bool:
    """Write what changed into the index; tell whether it is so, and nobody else did meanwhile."""
    serial, seen = index.number("serial"), _seen(index)
    changes = changes_since(desk.repository, desk.root, seen, time.time_ns())
    if changes.deleted:
        told = _deleted(changes.deleted)
        if told not in desk.notices:
            desk.notices.append(told)
    if changes.is_empty and changes.seen == seen:
        return True
    update = _Update(desk, index, changes)
    with index.changing():
        if index.number("serial") != serial:
            return False
        update.write()
        index.keep("serial", str(serial + 1))
    return True


def _deleted(paths: set[str]) -> str:
    """Say that tickets were deleted by hand, and what brings back one without the edits of others
    being lost."""
    from shlex import quote

    restore = "git restore --staged --worktree"
    if len(paths) == 1:
        what, advice = "1 ticket was", f"`{restore} {quote(*paths)}` brings it back"
    else:
        what = f"{len(paths):,} tickets were"
        advice = f"`git status` names them, `{restore} FILE` brings one back"
    return f"{what} deleted by hand, and not listed; {advice}"


def sparse_paths(index: Index) -> frozenset[str]:
    """Return the tickets that a sparse checkout may leave out."""
    return index.paths("sparse")


def _seen(index: Index) -> Seen:
    return Seen(
        index.fact("tree"),
        index.stamps("folder"),
        index.stamps("watched"),
        index.fact("git_index"),
        index.paths("hidden"),
        sparse_paths(index),
    )


class _Update:
    """What has to be removed from the index and read into it."""

    def __init__(self, desk: Desk, index: Index, changes: Changes) -> None:
        self.desk, self.index, self.changes = desk, index, changes
        self.gone: set[str] = set()
        self.problems: list[Diagnostic] = []
        self.to_read: set[str] = {path for path in changes.files if is_place_of_ticket(path)}
        sparse, known_folders = changes.seen.sparse, changes.seen.folders
        added: set[str] = set()
        there: set[str] = set()
        # What was no ticket may be one now: Git watches links, but not those that it does not know.
        broken = {each.path for each in index.problems()}
        if changes.is_all:
            self.to_read |= {path for path in sparse if is_place_of_ticket(path)}
        no_file = {path for path in self.to_read if not self._is_file(path)}
        # Only the list of its folder says what lies there instead: a link, a folder, nothing.
        holders = {path.rpartition("/")[0] for path in no_file}
        folders = changes.folders | (holders & known_folders.keys())
        for folder in known_folders if changes.is_all else folders:
            files = list_folder(desk.root, folder).files if folder in known_folders else []
            others = {path: kind for kind, path, _ in files if kind != "ticket"}
            self.problems += [problem_of(kind, path) for path, kind in others.items()]
            tickets = {path for kind, path, _ in files if kind == "ticket"}
            known = set() if changes.is_all else index.paths_in(folder)
            absent = known - tickets - others.keys()
            self.gone |= {folder, *others} | (absent - sparse)
            self.to_read |= absent & sparse
            added |= tickets - (known - broken)
            there |= tickets
        self.gone |= {
            path for path in no_file - there if path not in sparse or is_there(desk, path)
        }
        self.to_read = (self.to_read | added) - self.gone
        self.watched = dict(changes.seen.watched)
        for path in untracked(desk.repository, added & self.to_read):
            self.watched[path] = stamp_of(str(desk.root / path), time.time_ns())

    def _is_file(self, path: str) -> bool:
        """Tell whether a file lies at a path, and neither it nor a folder of it is a link."""
        full_path = Path(self.desk.root, path)
        is_known = path.rpartition("/")[0] in self.changes.seen.folders
        return is_known and full_path.is_file() and not full_path.is_symlink()

    def write(self) -> None:
        """Write it; the index is being changed."""
        from desk.services.row_making import made

        index, seen = self.index, self.changes.seen
        if self.changes.is_all:
            index.clear()
        else:
            index.remove(self.gone | self.to_read)
        say_wait(self.desk, len(self.to_read), "tickets")
        for rows, problems in made(self.desk, sorted(self.to_read), self._contents()):
            index.add(rows, problems)
        index.add((), self.problems)
        index.sort()
        index.set_stamps("folder", seen.folders)
        index.set_stamps("watched", self.watched)
        index.keep("tree", seen.tree)
        index.keep("git_index", seen.git_index)
        index.keep_paths("hidden", seen.hidden)
        index.keep_paths("sparse", seen.sparse)

    def _contents(self) -> dict[str, bytes]:
        """Return what HEAD has of files that a sparse checkout leaves out."""
        sparse = self.to_read & self.changes.seen.sparse
        absent = {path for path in sparse if not is_there(self.desk, path)}
        return absent_at_head(self.desk.repository, absent)


def is_there(desk: Desk, path: str) -> bool:
    """Tell whether anything lies where a ticket does: a sparse checkout has not left it out."""
    return os.path.lexists(desk.root / path)
