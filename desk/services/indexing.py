"""The index kept in step with the files, and asked in their place."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from desk import __version__
from desk.domain.query import Query, QueryContext, expand, meaning
from desk.errors import Diagnostic, OutsideError, WorkspaceError
from desk.services.desk import Desk
from desk.services.records import text_of
from desk.services.row_making import made
from desk.storage.files import TOP, list_folder
from desk.storage.freshness import (
    Changes,
    Seen,
    absent_at_head,
    changes_since,
    stamp_of,
    untracked,
)
from desk.storage.holiday_package import package_stamp
from desk.storage.index import FAILURES, Index, IndexUnusable, is_damage
from desk.storage.index_tables import TEXTS
from desk.storage.query_sql import Condition, asks_for_texts, order_by
from desk.storage.ticket_store import Filed, problem_of, read_ticket

_TRIES = 3
MOST_AHEAD = 1_000

T = TypeVar("T")


class Answer(NamedTuple):
    """What the index says to a query: the tickets, in its order, how many there are, and what is
    wrong with files that are none.

    `ahead` are those, not among them, about which the index cannot tell: some of their entries lie
    ahead of now, and count for no clock yet.
    """

    tickets: tuple[Filed, ...]
    total: int
    unreadable: tuple[Diagnostic, ...]
    ahead: tuple[Filed, ...]


def ask(
    desk: Desk, query: Query, context: QueryContext, only_live: bool, limit: int, match: str = ""
) -> Answer | None:
    """Answer a query from the index, brought up to date first; with a MATCH, only what fulfils it
    too, and the best first.

    None where the files have to be read: for an earlier instant, where the index cannot be used,
    where most tickets are ahead of now.
    """
    order = order_by(expand(query, context.names).sort, context)
    node = meaning(query, context)

    def answer(index: Index) -> Answer | None:
        if match or asks_for_texts(node):
            fill_texts(desk, index)
        condition = Condition(node, desk.now)
        condition = condition.narrowed("is_live") if only_live else condition
        known, ahead = known_and_ahead(desk, index)
        if len(ahead) > MOST_AHEAD:
            return None
        condition = condition.narrowed(known)
        if match:
            paths = index.search(match, condition, limit or -1)
        else:
            paths = index.select(condition, order, limit or -1)
        total = len(paths)
        if limit and total == limit:
            total = index.count(condition, match)
        sparse = _seen(index).sparse
        tickets, rest = _read(desk, paths, sparse), _read(desk, ahead, sparse)
        if tickets is None or rest is None:
            return None
        return Answer(tickets, total, index.problems(), rest)

    return None if desk.is_past else answered(desk, answer)


def answered(desk: Desk, answer: Callable[[Index], T | None]) -> T | None:
    """Return what somebody makes of the index, brought up to date; None where it cannot be used."""
    try:
        index = fresh_index(desk)
    except (*FAILURES, OutsideError, WorkspaceError) as error:
        _say_passed_by(desk, error)
        return None
    is_damaged = False
    try:
        return answer(index)
    except FAILURES as error:
        is_damaged = is_damage(error)
        return None
    finally:
        index.close(is_damaged)


def _say_passed_by(desk: Desk, error: BaseException) -> None:
    if isinstance(error, IndexUnusable) and error.is_held:
        told = "the index is in use by another command, so every file was read"
        if told not in desk.notices:
            desk.notices.append(told)


def known_and_ahead(desk: Desk, index: Index) -> tuple[str, list[str]]:
    """Return the condition of tickets that the index can tell about, and the paths, at most
    `MOST_AHEAD` and one, of those that it cannot: they have entries that lie ahead of now."""
    now = int(desk.now.timestamp())
    return f"updated < {now}", index.select_where(f"updated >= {now}", MOST_AHEAD + 1)


def fill_texts(desk: Desk, index: Index) -> None:
    """Read into the index the texts that it lacks; IndexUnusable."""
    if index.is_filled(TEXTS):
        return
    with index.changing():
        lacking = index.begin_to_fill(TEXTS)
        index.add_texts(
            (number, filed.ticket.title, text_of(filed.ticket))
            for number, filed in _numbered(desk, index, lacking)
        )


def _numbered(
    desk: Desk, index: Index, numbered: Iterable[tuple[int, str]]
) -> Iterator[tuple[int, Filed]]:
    sparse = _seen(index).sparse
    for number, path in numbered:
        found = _read(desk, [path], sparse)
        if found is not None:  # else it changed just now, and the next command takes it up
            yield number, found[0]


def _read(desk: Desk, paths: Sequence[str], sparse: frozenset[str]) -> tuple[Filed, ...] | None:
    """Read tickets that the index knows; None where one of them changed since."""
    absent = [path for path in paths if path in sparse and not _is_there(desk, path)]
    at_head = absent_at_head(desk.repository, absent)
    found = []
    for path in paths:
        filed, _ = read_ticket(desk.root, path, at_head.get(path))
        if filed is None:
            return None
        found.append(filed)
    return tuple(found)


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
    raise IndexUnusable("others keep changing it")


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
    serial, seen = index.fact("serial"), _seen(index)
    changes = changes_since(desk.repository, desk.root, seen, time.time_ns())
    if changes.deleted:
        count = len(changes.deleted)
        what = "1 ticket was" if count == 1 else f"{count:,} tickets were"
        told = (
            f"{what} deleted by hand, and not listed; `git restore {TOP}` brings back what Git has"
        )
        if told not in desk.notices:
            desk.notices.append(told)
    if changes.is_empty and changes.seen == seen:
        return True
    update = _Update(desk, index, changes)
    with index.changing():
        if index.fact("serial") != serial:
            return False
        update.write()
        index.keep("serial", str(int(serial or 0) + 1))
    return True


def _seen(index: Index) -> Seen:
    told = json.loads(index.fact("seen") or "{}")
    return Seen(
        told.get("tree", ""),
        index.stamps("folder"),
        index.stamps("watched"),
        told.get("git_index", ""),
        frozenset(told.get("hidden", ())),
        frozenset(told.get("sparse", ())),
    )


class _Update:
    """What has to be removed from the index and read into it."""

    def __init__(self, desk: Desk, index: Index, changes: Changes) -> None:
        self.desk, self.index, self.changes = desk, index, changes
        self.gone: set[str] = set()
        self.problems: list[Diagnostic] = []
        self.to_read: set[str] = {path for path in changes.files if _is_place_of_ticket(path)}
        sparse = changes.seen.sparse
        added: set[str] = set()
        for folder in changes.seen.folders if changes.is_all else changes.folders:
            named: set[str] = set()
            self.gone.add(folder)
            for kind, path, _ in list_folder(desk.root, folder).files:
                named.add(path)
                if kind != "ticket":
                    self.gone.add(path)
                    self.problems.append(problem_of(kind, path))
            known = index.paths_in(folder)
            self.gone |= known - named - sparse
            added |= {path for path in named - known if _is_place_of_ticket(path)}
            self.to_read |= (known - named) & sparse
        if changes.is_all:
            self.to_read |= {path for path in sparse if _is_place_of_ticket(path)}
        self.gone |= {path for path in self.to_read if not _is_there(desk, path)} - sparse
        self.to_read = (self.to_read | added) - self.gone
        self.watched = dict(changes.seen.watched)
        for path in untracked(desk.repository, added & self.to_read):
            self.watched[path] = stamp_of(str(desk.root / path), time.time_ns())

    def write(self) -> None:
        """Write it; the index is being changed."""
        index, seen = self.index, self.changes.seen
        if self.changes.is_all:
            index.clear()
        else:
            index.remove(self.gone | self.to_read)
        for rows, problems in made(self.desk, sorted(self.to_read), self._contents()):
            index.add(rows, problems)
        index.add((), self.problems)
        index.set_stamps("folder", seen.folders)
        index.set_stamps("watched", self.watched)
        told = {
            "tree": seen.tree,
            "git_index": seen.git_index,
            "hidden": sorted(seen.hidden),
            "sparse": sorted(seen.sparse),
        }
        index.keep("seen", json.dumps(told))

    def _contents(self) -> dict[str, bytes]:
        """Return what HEAD has of files that a sparse checkout leaves out."""
        sparse = self.to_read & self.changes.seen.sparse
        absent = {path for path in sparse if not _is_there(self.desk, path)}
        return absent_at_head(self.desk.repository, absent)


def _is_place_of_ticket(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    parts = folder.split("/")
    is_hidden = any(part.startswith(".") for part in (*parts, name))
    return len(parts) == 3 and parts[0] == TOP and name.endswith(".md") and not is_hidden


def _is_there(desk: Desk, path: str) -> bool:
    full_path = Path(desk.root, path)
    return full_path.is_file() and not full_path.is_symlink()
