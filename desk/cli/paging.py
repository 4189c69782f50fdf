"""Long pages on a terminal."""

from __future__ import annotations

import os
import shutil

import click

from desk.cli.run import Run


def show_page(run: Run, text: str) -> None:
    """Show a long page through PAGER on a terminal, as it is elsewhere."""
    is_long = text.count("\n") >= shutil.get_terminal_size().lines
    if run.is_terminal and is_long and not run.no_input and os.environ.get("TERM") != "dumb":
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text, color=run.has_color)
    else:
        run.answer(text)
