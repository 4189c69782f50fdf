"""Pages of HTML, written to a file or to standard output."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.choices import complete_paths
from desk.cli.listing import warn_unreadable
from desk.cli.run import Run, query_text
from desk.domain.patterns import pattern
from desk.errors import UsageError

if TYPE_CHECKING:
    from desk.render.html.page import Setting
    from desk.services.reports import Wish

PAGE = "html"
"""What -o calls a page."""

html_option = click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    shell_complete=complete_paths("file"),
    help="Write a page to FILE; - or -o html: to standard output.",
)

_WORD = pattern(r"[\w-]+")


def write_page(run: Run, path: Path, text: str) -> None:
    """Write a page where it was asked for."""
    from desk.services.pages import save_page

    if str(path) == "-":
        run.answer(text)
        return
    save_page(run.desk, path, text)
    run.say(f"wrote {path}")


def setting_of(run: Run) -> Setting:
    """Return what a page says of the help desk."""
    from desk.render.html.page import Setting

    settings = run.desk.settings
    return Setting(settings.name, settings.zone, settings.timezone, run.desk.now, run.desk.commit)


def page_path(run: Run, given: Path | None) -> Path | None:
    """Return where a page is to go: as --html says, with `-o html` to standard output; None where
    none is asked for. UsageError for another -o and for --fields, which a page has no use for."""
    is_form = run.output == PAGE
    if given is None and not is_form:
        return None
    if run.fields or (run.output and not is_form):
        raise UsageError("a page has a form of its own", "leave -o and --fields out")
    return given or Path("-")


def write_reports(run: Run, path: Path, words: Sequence[str], wish: Wish) -> None:
    """Write a page of the reports that the first words name, of all where they name none; the
    other words are a query."""
    from desk.render.html.reports import reports_page
    from desk.services.pages import report_page

    names, rest = _names_first(run, words)
    made = report_page(run.desk, names, wish._replace(query_text=query_text(rest)))
    write_page(run, path, reports_page(made.reports, made.summaries, made.lists, setting_of(run)))
    warn_unreadable(run, made.unreadable)


def refuse_several(run: Run, query: Sequence[str]) -> None:
    """Refuse a query that begins with a report's name, as that of a page may; UsageError."""
    from desk.services.report_kinds import find_kind

    if query and find_kind(run.desk.settings, query[0]) is not None:
        raise UsageError(
            "several reports at once are a page",
            f"add --html FILE, or write text:{query[0]} to search for the word",
        )


def _names_first(run: Run, words: Sequence[str]) -> tuple[list[str], Sequence[str]]:
    """Return the names of reports that words begin with, and the other words. NotFound where the
    first one looks like a name, and is none."""
    from desk.services.report_kinds import find_kind, kind_named

    settings = run.desk.settings
    count = 0
    while count < len(words) and find_kind(settings, words[count]) is not None:
        count += 1
    if words and not count and _WORD.fullmatch(words[0]):
        kind_named(settings, words[0])
    return list(words[:count]), words[count:]
