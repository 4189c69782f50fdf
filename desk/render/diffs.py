"""What a command would write, as a unified diff."""

from __future__ import annotations

import difflib

from desk.domain.texts import visible
from desk.services.saving import Save


def diff_of(saved: Save) -> str:
    """Return the diff of one ticket's file."""
    file = saved.file()
    return file_diff(file.path, file.before, file.data)


def file_diff(path: str, before: bytes | None, after: bytes) -> str:
    """Return the diff of a file (`before` is None for a new one), strange characters escaped."""
    lines = difflib.unified_diff(
        (before or b"").decode(errors="replace").split("\n")[:-1],
        after.decode(errors="replace").split("\n")[:-1],
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}",
        lineterm="",
    )
    return "\n".join(visible(line) for line in lines)
