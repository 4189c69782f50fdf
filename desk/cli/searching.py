"""Searching by words: search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.choices import limit_option
from desk.cli.completion import complete_query
from desk.cli.listing import rows_wanted, say_cut_off, warn_unreadable
from desk.cli.options import FORMATS
from desk.cli.refusing import refuse_fields
from desk.cli.run import Run, command, query_text

if TYPE_CHECKING:
    from desk.services.searching import Search

_LINES_OF_A_HIT = 2


@command("search", asks_all=True)
@click.argument("query", nargs=-1, metavar="WORDS...", shell_complete=complete_query)
@limit_option
def search_command(run: Run, query: tuple[str, ...], limit: int | None) -> None:
    """Search all tickets, open and done, for words: in titles, descriptions and everything said;
    the best first. Case and accents make no difference. The best articles are shown below them.

    WORDS are a query (`desk help query`): a phrase goes in quotes, `print*` begins a word, and
    fields narrow the search. Where no ticket has all of it, those that have some are shown.

    \b
    Examples:
      desk search paper jam
      desk search '"paper jam" is:done company:acme'
    """
    from desk.render.searching import INDENT, hits_page, hits_text
    from desk.services.articles import SNIPPET_WIDTH
    from desk.services.searching import search

    form = run.format(FORMATS)
    is_page = form == "table"
    wanted = rows_wanted(limit, form)
    if limit is None and is_page:
        wanted = max(1, wanted // _LINES_OF_A_HIT)
    width = run.width - INDENT if is_page else SNIPPET_WIDTH
    result = search(run.desk, query_text(query), wanted, max(20, width))
    if is_page:
        refuse_fields(run)
        run.answer(hits_page(result, run.desk.now, run.width, run.has_color))
    else:
        run.answer(hits_text(result, form, run.fields))
    if result.total and not result.is_exact:
        run.say("no ticket has all of that; these have some of the words, or words that begin so")
    if not result.total:
        run.say(_nothing_found(result, form))
    say_cut_off(run, len(result.hits), result.total)
    warn_unreadable(run, result.unreadable)


def _nothing_found(result: Search, form: str) -> str:
    """Say that no ticket was found; the articles that were are in some formats alone."""
    which = "ticket" if result.has_only_words else "ticket that fulfils the other conditions"
    said = f"no {which} has any of these words"
    if not result.articles:
        return said
    is_shown = form in ("table", "json")
    return f"{said}, but {'these articles have' if is_shown else 'articles have: `desk kb search`'}"
