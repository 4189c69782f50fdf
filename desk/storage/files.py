"""Reading and writing files below the workspace: whole ones only, and never through a link."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from desk.errors import OutsideError

BULK = 50
"""From so many files on, one sync of the file system replaces one of each file."""


class LinkError(OSError):
    """A symbolic link, or something that is no file, stands where a file was to be read."""


class NewFile(NamedTuple):
    """A file to be written: where (from the workspace), what, and what was there (None: nothing,
    and nothing may be there)."""

    path: str
    data: bytes
    before: bytes | None


def read_file(root: Path, path: str, limit: int) -> bytes:
    """Read at most `limit` + 1 bytes of a file below `root`.

    LinkError where the file or a folder on the way is a symbolic link, or it is no regular file;
    otherwise whatever OSError the system gives.
    """
    folder = os.path.dirname(path)
    if has_link(root, folder):
        raise LinkError(f"{folder} is, or lies behind, a symbolic link")
    return read_plain(os.path.join(root, path), limit)


def read_plain(full_path: str, limit: int) -> bytes:
    """Read a file whose folders are known to be no links; see `read_file`."""
    try:
        handle = os.open(full_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(full_path):
            raise LinkError("a symbolic link, and no file") from error
        raise
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise LinkError("no regular file")
        return _read(handle, found.st_size, limit + 1)
    finally:
        os.close(handle)


def _read(handle: int, size: int, most: int) -> bytes:
    """Read to the end, at most so many bytes, without the stream that would take longer to make
    than a small file to read; `size` is a guess."""
    data = os.read(handle, min(size + 1, most))
    if len(data) == size:
        return data
    pieces = [data]
    while data and (most := most - len(data)):
        data = os.read(handle, most)
        pieces.append(data)
    return b"".join(pieces)


def has_link(root: Path, folder: str) -> bool:
    """Tell whether a folder below `root`, or one on the way to it, is a symbolic link."""
    at = str(root)
    for part in folder.split("/"):
        at = f"{at}/{part}"
        if os.path.islink(at):
            return True
    return False


def write_files(root: Path, files: Iterable[NewFile]) -> None:
    """Write files so that each is whole at any instant: a temporary one beside it, synced, renamed.

    All temporary files are complete before the first takes its place. FileExistsError where a new
    file's name is taken; OutsideError where the system refuses. Then, and when it is interrupted,
    everything is as it was.
    """
    files = list(files)
    ready: list[tuple[str, NewFile]] = []
    placed: list[NewFile] = []
    path = ""
    try:
        for file in files:
            path = file.path
            ready.append((_write_beside(root, file, sync=len(files) < BULK), file))
        if len(files) >= BULK:
            os.sync()
        for temporary, file in ready:
            path = file.path
            _place(root, temporary, file)
            placed.append(file)
        sync_folders(root, files)
    except BaseException as error:
        for temporary, _ in ready:
            _discard(temporary)
        restore_files(root, placed)
        for file in files:
            if file.before is None:
                _remove_empty_folders(root, file.path)
        if not isinstance(error, OSError) or isinstance(error, FileExistsError):
            raise
        reason = error.strerror or str(error)
        raise OutsideError(f"cannot write {path}: {reason}", "nothing was changed") from error


def _write_beside(root: Path, file: NewFile, sync: bool) -> str:
    target = root / file.path
    folder = str(target.parent)
    if has_link(root, os.path.dirname(file.path)):
        raise LinkError(None, "a symbolic link leads out of the workspace", folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder) from None
    temporary = f"{folder}/.{target.name}.{os.urandom(4).hex()}.desk-tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(file.data)
            stream.flush()
            if sync:
                os.fsync(handle)
    except BaseException:
        _discard(temporary)
        raise
    return temporary


def _discard(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _place(root: Path, temporary: str, file: NewFile) -> None:
    target = str(root / file.path)
    if file.before is not None:
        with contextlib.suppress(OSError):
            os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(temporary, target)
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        try:
            os.replace(temporary, target)
        except BaseException:
            _discard(target)
            raise
    else:
        _discard(temporary)


def sync_folders(root: Path, files: Iterable[NewFile]) -> None:
    """Make the files' names as durable as their contents."""
    for folder in {str((root / file.path).parent) for file in files}:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # what a file system that cannot sync a folder says
                raise
        finally:
            os.close(handle)


def restore_files(root: Path, files: Iterable[NewFile]) -> None:
    """Put back what was there before `write_files`: earlier bytes, or nothing.

    OutsideError, naming them, where some files cannot be put back; all others are.
    """
    stuck = []
    for file in files:
        try:
            _restore(root, file)
        except OSError as error:
            stuck.append(f"{file.path} ({error.strerror or error})")
    if stuck:
        raise OutsideError(
            f"cannot put back {', '.join(stuck)}", "see `git status`; `git restore` puts them back"
        )


def _restore(root: Path, file: NewFile) -> None:
    if file.before is None:
        with contextlib.suppress(FileNotFoundError):
            (root / file.path).unlink()
        _remove_empty_folders(root, file.path)
        return
    temporary = _write_beside(root, file._replace(data=file.before), sync=True)
    try:
        _place(root, temporary, file)
    except BaseException:
        _discard(temporary)
        raise


def _remove_empty_folders(root: Path, path: str) -> None:
    """Remove the folders that a file taken back leaves empty, up to the workspace's own."""
    for folder in list(Path(path).parents)[:-2]:
        try:
            (root / folder).rmdir()
        except OSError:
            return


def walk_tickets(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, path, full path) of what lies in the months' folders of tickets/.

    `kind` is `ticket` for a file that ends in .md, `link` for a symbolic link in place of a file
    or a folder, `stray` for an .md file that lies in no month's folder, `closed` for a folder that
    cannot be read. Sorted by path.
    """
    top = os.path.join(root, "tickets")
    if os.path.islink(top):
        yield "link", "tickets", top
        return
    yield from _walk(top, "tickets", 0)


def _walk(folder: str, path: str, depth: int) -> Iterator[tuple[str, str, str]]:
    try:
        with os.scandir(folder) as scan:
            found = sorted(scan, key=lambda item: item.name)
    except FileNotFoundError:
        return
    except OSError:
        yield "closed", path, folder
        return
    for item in found:
        here = f"{path}/{item.name}"
        is_markdown = item.name.endswith(".md") and not item.name.startswith(".")
        if item.is_symlink():
            if is_markdown or depth < 2:
                yield "link", here, item.path
        elif item.is_dir() and not (is_markdown and depth == 2):
            if depth < 2 and not item.name.startswith("."):
                yield from _walk(item.path, here, depth + 1)
        elif is_markdown:
            yield ("ticket" if depth == 2 else "stray"), here, item.path
