"""Looking at tickets: list, show, log, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.asking import ids_argument, named_ids
from desk.cli.choices import limit_option
from desk.cli.completion import complete_columns, complete_query
from desk.cli.paging import show_page
from desk.cli.refusing import refuse_as_of, refuse_fields
from desk.cli.run import Run, command, query_text

if TYPE_CHECKING:
    from desk.services.reading import Found

query_argument = click.argument(
    "query", nargs=-1, metavar="[QUERY...]", shell_complete=complete_query
)


@command("list", asks_all=True)
@query_argument
@limit_option
@click.option(
    "--by",
    metavar="FIELD",
    shell_complete=complete_columns,
    help="In groups of one field's value.",
)
@click.option("--count", is_flag=True, help="Only how many there are; with --by, of each value.")
@click.option(
    "--watch",
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    help="Look again every so often, and mark what is new (+) or changed (*). Ctrl-C ends it.",
)
def list_command(
    run: Run,
    query: tuple[str, ...],
    limit: int | None,
    by: str | None,
    count: bool,
    watch: int | None,
) -> None:
    """List tickets: those that are open, unless the query speaks of the status.

    `desk help query` explains the query language. Elsewhere than on a terminal, --watch prints what
    is there and then each ticket that is new or changed, as a line.

    \b
    Examples:
      desk list assignee:@me
      desk list priority:P1..P2 -team:sysadmin sort:-updated
      desk list status:closed "paper jam" -o ids
      desk list --count --by team
      desk list --watch 30 is:overdue
    """
    from desk.cli.listing import print_counts, print_list, rows_wanted
    from desk.services.reading import find

    text = query_text(query)
    if watch is not None:
        from desk.cli.watching import watch_list

        watch_list(run, text, watch, limit, is_alone=not (by or count))
        return
    if count:
        print_counts(run, text, by or "", limit)
        return
    form = run.format()
    listing = find(run.desk, text, 0 if by else rows_wanted(limit, form))
    print_list(run, listing, form, by or "", limit)


@command("show")
@ids_argument
@click.option("--similar", is_flag=True, help="Similar tickets and articles too; -o json has both.")
def show_command(run: Run, ids: tuple[str, ...], similar: bool) -> None:
    """Show tickets in full: fields, then everything said and done.

    Elsewhere than on a terminal, a line a field, then a line an entry, with tabs between cells.

    \b
    Examples:
      desk show 7k3
      desk show 7k3 --similar
      desk show 7k3 -o json
      desk show 7k3 --fields status,sla.resolution.due
    """
    from desk.cli.listing import print_found, print_machine
    from desk.services.attaching import attachments_of
    from desk.services.reading import found, read_some

    form = run.format()
    desk = run.desk
    told = [found(desk, each) for each in read_some(desk, named_ids(ids))]
    if similar:
        from desk.cli.likeness import show_with_similar

        show_with_similar(run, told, form, _ticket_page)
    elif form in ("json", "jsonl", "csv", "ids"):
        print_machine(run, told, (), form, is_one=True)
    elif run.fields:
        print_found(run, told, form)
    elif form == "table":
        show_page(run, "\n".join(_ticket_page(run, each) for each in told))
    elif form == "plain":
        from desk.render.entries import ticket_lines

        pages = (ticket_lines(each, attachments_of(desk, each.path)) for each in told)
        run.answer("\n".join(pages))
    else:
        from desk.render.ticket_markdown import ticket_markdown

        run.answer("\n".join(ticket_markdown(each.ticket) for each in told))


def _ticket_page(run: Run, found: Found) -> str:
    from desk.render.sla import standing_lines
    from desk.render.ticket_page import ticket_page
    from desk.services.attaching import attachments_of

    desk = run.desk
    zone, has_color = desk.settings.zone, run.has_color
    attachments = attachments_of(desk, found.path)
    promises = standing_lines(found.standing, zone, has_color)
    return ticket_page(found.ticket, desk.now, zone, has_color, attachments, found.path, promises)


@command("log")
@ids_argument
@click.option("--reverse", is_flag=True, help="The newest entry first.")
@limit_option
def log_command(run: Run, ids: tuple[str, ...], reverse: bool, limit: int | None) -> None:
    """Show what happened to tickets, entry by entry, with their numbers.

    Elsewhere than on a terminal, a line an entry, with tabs between cells: at, by, verb, changes,
    text, the ticket's ID, the number.

    \b
    Examples:
      desk log 7k3
      desk log 7k3 --reverse --limit 3
      desk log 7k3 p9q -o csv --fields id,at,by,text
    """
    from desk.cli.listing import say_cut_off
    from desk.render.entries import log_text
    from desk.services.reading import read_some

    form = run.format(("table", "plain", "json", "jsonl", "csv", "md"))
    desk = run.desk
    tickets = [each.ticket for each in read_some(desk, named_ids(ids))]
    kept = [limit or len(ticket.log) for ticket in tickets]
    if form == "table":
        from desk.render.ticket_page import log_page

        refuse_fields(run)
        has_names = len(tickets) > 1
        pages = [
            log_page(ticket, desk.settings.zone, run.has_color, True, reverse, most, has_names)
            for ticket, most in zip(tickets, kept, strict=True)
        ]
        show_page(run, "\n".join(pages))
    else:
        run.answer(log_text(tickets, form, run.fields, reverse, limit or 0))
    total = sum(len(ticket.log) for ticket in tickets)
    shown = sum(min(most, len(ticket.log)) for most, ticket in zip(kept, tickets, strict=True))
    say_cut_off(run, shown, total, "entry", "entries")


@command("history", of_now=True)
@ids_argument
@limit_option
def history_command(run: Run, ids: tuple[str, ...], limit: int | None) -> None:
    """Show the commits that made tickets what they are, the newest first.

    \b
    Example:
      desk history 7k3
    """
    from desk.render.history import history_lines, history_text
    from desk.services.reading import history

    refuse_as_of(run, "history shows all commits")
    form = run.format(("table", "plain", "json", "jsonl", "csv", "md"))
    desk = run.desk
    commits = history(desk, named_ids(ids), limit + 1 if limit else 0)
    shown = commits[:limit] if limit else commits
    if form == "table":
        refuse_fields(run)
        run.answer(history_lines(shown, desk.settings.zone, run.has_color))
    else:
        run.answer(history_text(shown, form, run.fields))
    if not commits:
        run.say("no commit has touched it yet")
    elif len(shown) < len(commits):
        run.say("there are older commits: --limit 0 shows all")
