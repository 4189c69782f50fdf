"""Files written and committed together, or neither; and finishing what a stopped command began."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from desk.domain.instants import format_instant
from desk.errors import Conflict, OutsideError
from desk.services.desk import Desk
from desk.storage import journal
from desk.storage.commits import commit, index_from_head, stage
from desk.storage.files import NewFile, read_file
from desk.storage.journal import Order
from desk.storage.writing import Placed, write_files


def commit_files(desk: Desk, files: Sequence[NewFile], subject: str, body: str, verb: str) -> None:
    """Write files and commit them with this message, or leave everything as it was.

    In the middle of a merge and the like, the files are staged instead and a notice says so. Where
    git refuses the commit, what was to be written lies below the git directory: the refusal says
    where.
    """
    if desk.dry_run or not files:
        return
    if not desk.commits:
        write_files(desk.root, files).settle()
        return
    under_way = desk.repository.why_not_now()
    if under_way:
        _stage_files(desk, files, under_way)
        return
    message = "\n\n".join(part for part in (subject, body, f"Desk-Verb: {verb}") if part)
    dated = format_instant(desk.now) if desk.is_dated else ""
    order = Order(f"{message}\n", dated, desk.author)
    notes = desk.repository.git_dir / "desk"
    try:
        placed = write_files(desk.root, files, lambda steps: journal.note(notes, order, steps))
        _commit(desk, placed, files, order)
    finally:
        journal.forget(notes)


def _commit(desk: Desk, placed: Placed, files: Sequence[NewFile], order: Order) -> None:
    paths = [file.path for file in files]
    try:
        commit(desk.repository, paths, *order)
    except BaseException as error:
        if _is_committed(desk, files):
            placed.settle()
            if isinstance(error, OutsideError | Conflict):
                return  # as when Ctrl-C came between the commit and its end
            raise
        stuck = placed.take_back()
        if not isinstance(error, OutsideError | Conflict):
            raise
        what = "and nothing was changed" if not stuck else "and not all could be put back"
        hint = error.hint or "mend what it names and try again"
        try:
            hint = f"{hint}; your text is kept in {_keep(desk, files, 'refused')}"
        except OSError as trouble:
            hint = f"{hint}; your text cannot be kept: {trouble.strerror}"
        raise type(error)(f"{error.message}, {what}", hint, [*error.details, *stuck]) from error
    placed.settle()
    _follow_hooks(desk, files)
    if desk.repository.is_detached:
        desk.notices.append("HEAD is detached: this commit is on no branch")


def _stage_files(desk: Desk, files: Sequence[NewFile], under_way: str) -> None:
    placed = write_files(desk.root, files)
    try:
        stage(desk.repository, [file.path for file in files])
    except BaseException:
        placed.take_back()
        raise
    placed.settle()
    copy = _keep(desk, files, "staged")
    desk.notices.append(
        f"{under_way} is under way: staged, and not committed (a copy is in {copy})"
    )


def _is_committed(desk: Desk, files: Sequence[NewFile]) -> bool:
    """Tell whether HEAD has these files as they are on disk now."""
    paths = [file.path for file in files]
    try:
        committed = desk.repository.contents_at("HEAD", paths)
        if len(committed) < len(files):
            return False
        rest = [file.path for file in files if committed[file.path] != file.data]
        return not rest or not desk.repository.modified(rest)
    except OutsideError:
        return False


def _follow_hooks(desk: Desk, files: Sequence[NewFile]) -> None:
    """Give the index what a hook made of the files and put into the commit: `git commit --only`
    leaves it with what they were before the hook."""
    changed = [file.path for file in files if _now(desk, file.path) != file.data]
    if changed:
        index_from_head(desk.repository, changed)


def _now(desk: Desk, path: str) -> bytes:
    try:
        return read_file(desk.root, path, 1 << 30)
    except OSError:
        return b""


def _keep(desk: Desk, files: Sequence[NewFile], why: str) -> str:
    """Keep a copy of files below the git directory; return where the only one, or their folder,
    is."""
    name = f"{format_instant(desk.now)}-{secrets.token_hex(2)}"
    folder = desk.repository.git_dir / "desk" / why / name
    targets = [folder / file.path for file in files]
    for target, file in zip(targets, files, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)
    return str(targets[0] if len(targets) == 1 else folder)


def finish_stopped_command(desk: Desk) -> None:
    """Finish what a command had begun when it was killed, and say so. The caller holds the lock.

    Its files take their places and are committed as it would have done. Where one of them was
    changed since, or the commit is refused, they stay as they are, and a notice says so.
    """
    from desk.storage.dead_locks import remove_dead_locks

    repository = desk.repository
    notes = repository.git_dir / "desk"
    unlock_after_dead_syncs(desk)
    _finish_advance(desk)
    found = journal.pending(notes)
    if found is None:
        return
    order, files = found
    if remove_dead_locks(repository.top, repository.git_dir):
        desk.notices.append("Git's index was locked by a process that was killed: unlocked")
    what = f"`{order.subject}`, which was stopped"
    paths = [each.path for each in files]
    told = ""
    match journal.roll_forward(desk.root, files):
        case "changed":
            told = f"{what}, is left undone: its files were changed since; see `git status`"
        case "done":
            told = f"{what}, is finished now"
            if _is_committed(desk, journal.new_files(desk.root, files)):
                index_from_head(repository, paths)
            else:
                try:
                    commit(repository, paths, *order)
                except OutsideError as error:
                    told = f"{what}, is written but not committed: {'; '.join(error.details)}"
    journal.clear_temporaries(files)
    journal.forget(notes)
    if told:
        desk.notices.append(told)


def unlock_after_dead_syncs(desk: Desk) -> None:
    """Remove what a `desk sync` that was killed has left locked: it fetches and pushes without the
    writers' lock."""
    from desk.storage.sync_marks import marks_of_the_dead

    repository = desk.repository
    marks = marks_of_the_dead(repository.git_dir / "desk")
    if not marks:
        return
    from desk.storage.dead_locks import remove_dead_locks
    from desk.storage.remotes import forget_fetched

    remove_dead_locks(repository.top, repository.git_dir)
    for mark in marks:
        forget_fetched(repository, mark.name.rpartition("-")[2])
        mark.unlink(missing_ok=True)


def _finish_advance(desk: Desk) -> None:
    """Go on with bringing the work tree to the commit that `sync` had made when it was killed."""
    repository = desk.repository
    if not (repository.git_dir / "desk" / "advance").exists():
        return
    from desk.storage.advance import pending, resume
    from desk.storage.dead_locks import remove_dead_locks

    step = pending(repository.git_dir / "desk")
    if step is None:
        return
    remove_dead_locks(repository.top, repository.git_dir)
    try:
        changed = resume(repository, step)
    except (OutsideError, Conflict) as error:
        changed = list(error.details) or [error.message]
    if changed:
        desk.notices.append(
            "a `desk sync` that was stopped is left undone: its files were changed since; see "
            f"`git status` ({', '.join(changed[:5])})"
        )
    else:
        desk.notices.append("a `desk sync` that was stopped is finished now")
