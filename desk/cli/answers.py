"""Before a ticket is opened: the articles that likely answer it."""

from __future__ import annotations

from collections.abc import Sequence

from desk.cli.run import Run

MOST = 3


def show_likely_answers(
    run: Run, title: str, text: str, category: str = "", tags: Sequence[str] = ()
) -> None:
    """Name the articles that likely answer a request, where there is somebody to read that."""
    if run.quiet or not run.can_ask:
        return
    from desk.render.articles import likely_lines
    from desk.services.suggesting import likely_answers

    found = likely_answers(run.desk, title, text, category, tags, MOST)
    for line in likely_lines([each.article for each in found]):
        run.say(line)
