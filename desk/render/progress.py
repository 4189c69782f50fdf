"""A bar for work that takes a while, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(what: str, has_color: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is; yields a function of (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not has_color, markup=False, emoji=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Drawn where there is more of it to see: the full bar stands still while git commits.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task = progress.add_task(what, total=None)
        drawn = -1

        def advance(done: int, total: int) -> None:
            nonlocal drawn
            progress.update(task, completed=done, total=total)
            if (percent := 100 * done // total) != drawn:
                drawn = percent
                progress.refresh()

        try:
            yield advance
        finally:
            progress.update(task, visible=False)
