"""A report of a bug: what was run and what went wrong, in a file that people can send."""

from __future__ import annotations

import platform
import tempfile
import traceback

from desk import __version__


def write_report(arguments: list[str]) -> str:
    """Write the report of the exception being handled and return its path."""
    lines = [
        f"desk {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {arguments!r}",
        "",
        traceback.format_exc(),
    ]
    with tempfile.NamedTemporaryFile(
        "w", prefix="desk-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as stream:
        stream.write("\n".join(lines))
    return stream.name
