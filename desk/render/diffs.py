"""What a command would write, as a unified diff."""

from __future__ import annotations

import difflib

from desk.domain.texts import visible
from desk.services.saving import Save


def diff_of(saved: Save) -> str:
    """Return the diff of one ticket's file, strange characters escaped."""
    file = saved.file()
    before = (file.before or b"").decode(errors="replace").split("\n")[:-1]
    after = file.data.decode().split("\n")[:-1]
    lines = difflib.unified_diff(
        before,
        after,
        f"a/{saved.path}" if file.before is not None else "/dev/null",
        f"b/{saved.path}",
        lineterm="",
    )
    return "\n".join(visible(line) for line in lines)
