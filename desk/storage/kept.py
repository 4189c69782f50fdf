"""Small files in the git directory that hold what takes long to work out: derived, and safe to
delete at any time. Where one cannot be read or written, it is worked out again.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from desk.storage.files import read_plain

_MOST_BYTES = 10_000_000


def read_kept(path: Path) -> Any:
    """Return what `keep` wrote as JSON has it, None where there is nothing that can be read."""
    try:
        return json.loads(read_plain(str(path), _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def keep(path: Path, told: object) -> None:
    """Write JSON, whole or not at all; the folder may still be missing, its parent not."""
    text = json.dumps(told)
    beside = path.with_suffix(f".{os.getpid()}.new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
