"""Small files in the git directory that hold what takes long to work out: derived, and safe to
delete at any time. Where one cannot be read or written, it is worked out again.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any
from zlib import crc32

from desk.storage.files import read_plain

_MOST_BYTES = 10_000_000


def read_kept(path: Path) -> Any:
    """Return what `keep` wrote as JSON has it, None where there is nothing that can be read, or
    something else than was written."""
    try:
        sum_, _, text = read_plain(str(path), _MOST_BYTES).partition(b"\n")
        return json.loads(text) if sum_ == _checksum(text) else None
    except (OSError, ValueError, RecursionError):
        return None


def _checksum(text: bytes) -> bytes:
    return f"{crc32(text):08x}".encode()


def keep(path: Path, told: object) -> None:
    """Write JSON below its checksum, whole or not at all; the folder may still be missing, its
    parent not."""
    text = json.dumps(told).encode()
    beside = path.with_suffix(f".{os.getpid()}.new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside.write_bytes(_checksum(text) + b"\n" + text)
        beside.replace(path)
