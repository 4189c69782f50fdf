"""A ticket with what is like it: other tickets, and articles that may answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desk.cli.paging import show_page
from desk.cli.refusing import refuse_as_of
from desk.cli.run import Run
from desk.errors import UsageError
from desk.services.reading import Found

_MOST_TICKETS = 5
_MOST_ARTICLES = 3


def show_with_similar(
    run: Run, told: Sequence[Found], form: str, page_of: Callable[[Run, Found], str]
) -> None:
    """Show tickets, each followed by what is like it: on a terminal below its page, in JSON beside
    it, elsewhere the similar tickets alone, as a list."""
    from desk.cli.listing import print_found
    from desk.render.machine import tickets_text
    from desk.render.searching import Alike, alike_lines, alike_objects
    from desk.services.searching import similar
    from desk.services.suggesting import suggest_for

    refuse_as_of(run, "what is similar is looked for among the tickets of now")
    if len(told) > 1:
        raise UsageError("--similar takes one ticket", "name it by itself")
    (ticket,) = told
    _, articles = suggest_for(run.desk, ticket.ticket.id, _MOST_ARTICLES)
    alike = Alike(similar(run.desk, ticket.ticket, _MOST_TICKETS), articles)
    if form == "json":
        beside = alike_objects(alike)
        run.answer(tickets_text(told, (), form, run.fields, is_one=True, beside=beside))
    elif form == "table" and not run.fields:
        below = alike_lines(alike, run.desk.now, run.width, run.has_color)
        show_page(run, f"{page_of(run, ticket)}\n{below or 'Nothing is like it.'}")
    else:
        print_found(run, alike.tickets, form)
