"""A file that a person asked for, such as a page: written whole, wherever they want it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from desk.errors import OutsideError
from desk.storage.writing import TEMPORARY


def write_page(path: Path, text: str) -> None:
    """Write a file, in the place of what was there; OutsideError, and what was there stays, where
    that cannot be."""
    data = text.encode("utf-8", "replace")
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise OutsideError(f"{path} is a folder", "name a file, such as page.html")
            target.write_bytes(data)  # a pipe, or a device: there is nothing to keep
            return
        _replace(target, data)
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be written: {error.strerror or error}",
            "name a file in a folder that you may write to, or - for standard output",
        ) from None


def _replace(target: Path, data: bytes) -> None:
    """Write beside the file, then rename: at any instant it is the old one or the new one."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, beside = tempfile.mkstemp(TEMPORARY, f".{target.name[:100]}.", target.parent)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(handle)
            os.fchmod(handle, mode)
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
