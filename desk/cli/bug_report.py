"""A report of a bug: what was run and what went wrong, in a file that people can send."""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Sequence

from desk import __version__


def written_report(arguments: Sequence[str]) -> tuple[str, str]:
    """Write the report of the exception being handled; return its path ("" where it cannot be
    written) and what it says."""
    lines = [
        f"desk {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {list(arguments)!r}",
        "",
        traceback.format_exc(),
    ]
    report = "\n".join(lines)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="desk-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as stream:
            stream.write(report)
    except OSError:
        return "", report
    return stream.name, report
