"""Global options that would do nothing for a command, refused rather than passed over."""

from __future__ import annotations

from desk.cli.run import Run
from desk.errors import UsageError


def refuse_as_of(run: Run, why: str) -> None:
    """Refuse --as-of; `why` is a sentence's main clause: what the command looks at instead."""
    if run.as_of:
        raise UsageError(why, "leave --as-of out")


def refuse_fields(run: Run) -> None:
    """Refuse --fields in a format made for people, which shows what it shows."""
    if run.fields:
        raise UsageError(
            "the page for a terminal has no choice of fields", "add -o plain, csv or md"
        )
