"""Long pages on a terminal."""

from __future__ import annotations

import os

import click

from desk.cli.run import Run


def screen_lines() -> int:
    """Return how many lines the terminal shows."""
    import shutil

    return shutil.get_terminal_size().lines


def show_page(run: Run, text: str) -> None:
    """Show a long page through PAGER on a terminal, as it is elsewhere."""
    may_page = run.is_terminal and not run.no_input and os.environ.get("TERM") != "dumb"
    if may_page and text.count("\n") >= screen_lines():
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text, color=run.has_color)
    else:
        run.answer(text)
