"""`desk mend`: files in conflict, whatever brought them there, put right and staged; and the merge
driver, which does the same for one file while Git merges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from desk.domain.attachments import is_attachment_path
from desk.domain.texts import MAX_TICKET_BYTES
from desk.services.joining import (
    Joined,
    Lookup,
    Renaming,
    both_kept,
    is_ticket_path,
    join_tickets,
)
from desk.storage.commits import stage
from desk.storage.files import NewFile, read_file
from desk.storage.lock import writer_lock
from desk.storage.merge_driver import LEFT, MERGED
from desk.storage.repository import Repository
from desk.storage.root import find_root
from desk.storage.ticket_file import parse_ticket
from desk.storage.unmerged import (
    Stages,
    contents_in_conflict,
    files_in_conflict,
    is_as_git_wrote_it,
    marked_tickets,
    sides_of,
    staged_content,
    under_way,
)
from desk.storage.versions import contents_of
from desk.storage.writing import write_files

_MOST_BYTES = 100_000_000

Versions = tuple[bytes | None, bytes | None, bytes | None]
"""What base, ours and theirs of a file hold."""


class Left(NamedTuple):
    """A file that a person has to settle: its path, and why or how."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What `mend` did, or in a dry run would do.

    `files` are those it wrote, `kept` the paths of tickets and attachments that one side had
    removed, `left` what people have to settle; `conclude` is the command that ends what is under
    way ("" where nothing is), and `looked_at` how many files were in conflict.
    """

    root: Path
    files: tuple[NewFile, ...]
    renamings: tuple[Renaming, ...]
    kept: tuple[str, ...]
    left: tuple[Left, ...]
    conclude: str
    looked_at: int


def mend(start: Path, dry_run: bool = False) -> Mended:
    """Put right every ticket and attachment in conflict in the help desk that `start` lies in, and
    stage it; what is neither is named. config.yaml is not read: it may be in conflict itself."""
    root = find_root(start)
    repository = Repository(root)
    if dry_run:
        return _mended(root, repository, dry_run)
    with writer_lock(repository.common_dir / "desk"):
        return _mended(root, repository, dry_run)


def _mended(root: Path, repository: Repository, dry_run: bool) -> Mended:
    conflicts = files_in_conflict(repository)
    tickets = {
        path: stages
        for path, stages in conflicts.items()
        if is_ticket_path(path) and stages.is_plain
    }
    versions = contents_in_conflict(repository, tickets)
    left = []
    for path, sides in list(versions.items()):
        why = _worked_on(root, path, sides)
        if why:
            left.append(Left(path, why))
            del versions[path]
    marked = _sides_of_marked(root, repository, conflicts, left)
    joined = _joined(repository, {**versions, **marked})
    left += [
        Left(path, "; ".join(str(problem) for problem in problems))
        for path, problems in joined.left.items()
    ]
    wanted = dict(joined.files)
    attachments = {
        path: stages
        for path, stages in conflicts.items()
        if is_attachment_path(path) and stages.is_plain
    }
    wanted.update(_attachments(repository, attachments))
    handled = {*tickets, *attachments}
    left += [Left(path, _advice(path)) for path in conflicts if path not in handled]
    files = _new_files(root, wanted)
    if not dry_run and wanted:
        placed = write_files(root, files)
        try:
            stage(repository, [path for path, data in wanted.items() if data is not None])
        except BaseException:
            placed.take_back()
            raise
        placed.settle()
    kept = [path for path in (*versions, *attachments) if "" in conflicts[path][1:]]
    return Mended(
        root,
        tuple(files),
        tuple(joined.renamings),
        tuple(path for path in kept if path in wanted),
        tuple(sorted(left)),
        under_way(repository.git_dir),
        len({*conflicts, *marked, *(each.path for each in left)}),
    )


def _joined(repository: Repository, versions: Mapping[str, Versions]) -> Joined:
    def lookup(side: int) -> Lookup:
        def at(path: str) -> bytes | None:
            if path in versions:
                return versions[path][side]
            # What only one side has, Git has staged: it is theirs, if it is anybody's.
            return staged_content(repository, path) if side == 2 else None

        return at

    return join_tickets(versions, lookup(0), lookup(1), lookup(2))


def _worked_on(root: Path, path: str, sides: Versions) -> str:
    """Say why a file in conflict is somebody's own work by now, "" where it is as Git left it."""
    try:
        now = read_file(root, path, MAX_TICKET_BYTES)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if is_as_git_wrote_it(now, sides):
        return ""
    if parse_ticket(now, path)[0] is None:
        return (
            "was changed by hand since Git left it in conflict: settle it and `git add` it, or "
            f"let `git checkout -m -- {quote(path)}` write it anew, and run `desk mend` again"
        )
    return "is settled by hand already, it seems: then `git add` it"


def _sides_of_marked(
    root: Path, repository: Repository, conflicts: Mapping[str, Stages], left: list[Left]
) -> dict[str, Versions]:
    """Return the versions of tickets that hold conflict markers though Git takes them for merged:
    somebody added them so."""
    found: dict[str, Versions] = {}
    for path in marked_tickets(repository):
        if path in conflicts or not is_ticket_path(path):
            continue
        try:
            sides = sides_of(read_file(root, path, MAX_TICKET_BYTES))
        except OSError as error:
            left.append(Left(path, f"cannot be read: {error.strerror or error}"))
            continue
        if sides is None:
            left.append(Left(path, "its conflict markers do not add up: settle it by hand"))
            continue
        wrong = [parse_ticket(side, path)[1] for side in sides[1:]]
        if any(wrong):
            left += [Left(path, str(problem)) for problem in [*wrong[0], *wrong[1]][:1]]
            continue
        found[path] = (sides[0] or None, sides[1], sides[2])
    return found


def _attachments(repository: Repository, conflicts: Mapping[str, Stages]) -> dict[str, bytes]:
    """Return what becomes of attachments: one that a side removed stays, two of one name are both
    kept."""
    wanted = {}
    for path, stages in conflicts.items():
        wanted.update(both_kept(path, stages.ours, stages.theirs))
    found = contents_of(repository, list(wanted.values()))
    return {path: found[name] for path, name in wanted.items() if name in found}


def _advice(path: str) -> str:
    if path == "config.yaml":
        return (
            "keep what both sides want, remove the markers, see that `desk config check` is "
            "content, then `git add config.yaml`"
        )
    return f"keep what both sides want, remove the markers, then `git add {quote(path)}`"


def _new_files(root: Path, wanted: Mapping[str, bytes | None]) -> list[NewFile]:
    files = []
    for path, data in wanted.items():
        try:
            before = read_file(root, path, _MOST_BYTES)
        except FileNotFoundError:
            before = None
        if data is not None:
            files.append(NewFile(path, data, before))
    return files


def merge_for_git(base: Path, ours: Path, theirs: Path) -> str:
    """Merge one ticket for Git: the result takes the place of `ours`. Return the word that the
    driver prints: `LEFT`, with the file as it was, where one of them cannot be read as a ticket, or
    they are two different ones."""
    versions = tuple(each.read_bytes() or None for each in (base, ours, theirs))
    joined = join_tickets([_HERE], *(_only_here(data) for data in versions))
    data = joined.files.get(_HERE)
    if joined.renamings or data is None:
        return LEFT
    ours.write_bytes(data)
    return MERGED


_HERE = "tickets/0000/00/.md"
"""Stands for the one path that a merge driver is asked about."""


def _only_here(data: bytes | None) -> Lookup:
    return lambda path: data if path == _HERE else None
