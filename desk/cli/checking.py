"""What checks have in common on the command line: their formats."""

from __future__ import annotations

from collections.abc import Sequence

from desk.cli.run import Run

CHECK_FORMATS = ("text", "json", "junit", "github", "gitlab", "sarif", "prometheus")
PAGE_FORMATS = ("text", "json")


def text_format(run: Run, allowed: Sequence[str] = PAGE_FORMATS) -> str:
    """Return the format of an answer that is a text for people everywhere: `plain` and `table` are
    other words for `text`."""
    form = run.format((*allowed, "plain", "table"), "text")
    return "text" if form in ("plain", "table") else form
