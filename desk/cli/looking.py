"""Looking at tickets: list, show, log, history."""

from __future__ import annotations

import click

from desk.cli.asking import id_argument, ids_argument, named_ids
from desk.cli.completion import complete_query
from desk.cli.run import Run, command, query_text
from desk.errors import UsageError

query_argument = click.argument(
    "query", nargs=-1, metavar="[QUERY...]", shell_complete=complete_query
)


@command("list")
@query_argument
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N; 0 for all.")
@click.option("--by", metavar="FIELD", help="In groups of one field's value.")
def list_command(run: Run, query: tuple[str, ...], limit: int | None, by: str | None) -> None:
    """List tickets: those that are open, unless the query speaks of the status.

    `desk help query` explains the query language.

    \b
    Examples:
      desk list assignee:@me
      desk list priority:P1..P2 -team:sysadmin sort:-updated
      desk list status:closed "paper jam" -o ids
    """
    from desk.cli.listing import print_list
    from desk.services.reading import find

    form = run.format()
    if limit is None:
        limit = _screenful(run) if form == "table" else 0
    listing = find(run.desk, query_text(query), 0 if by else limit)
    print_list(run, listing, form, by or "")


def _screenful(run: Run) -> int:
    import shutil

    return max(5, shutil.get_terminal_size().lines - 4)


@command("show")
@ids_argument
def show_command(run: Run, ids: tuple[str, ...]) -> None:
    """Show tickets in full: fields, then everything said and done.

    \b
    Examples:
      desk show 7k3
      desk show 7k3 -o json
    """
    from desk.services.attaching import attachments_of
    from desk.services.reading import found, read_some

    form = run.format(("table", "plain", "json", "jsonl", "csv", "ids", "md"))
    desk = run.desk
    filed = read_some(desk, named_ids(ids))
    if run.fields and form in ("table", "plain", "md"):
        from desk.cli.listing import print_found

        print_found(run, [found(desk, each) for each in filed], form)
    elif form in ("table", "plain"):
        from desk.render.sla import standing_lines
        from desk.render.ticket_page import ticket_page

        pages = [
            ticket_page(
                each.ticket,
                desk.now,
                desk.settings.zone,
                run.has_color,
                attachments_of(desk, each.path),
                each.path,
                standing_lines(
                    desk.levels.standing(each.ticket, desk.now), desk.settings.zone, run.has_color
                ),
            )
            for each in filed
        ]
        _page(run, "\n".join(pages))
    elif form == "md":
        from desk.render.ticket_markdown import ticket_markdown

        run.answer("\n".join(ticket_markdown(each.ticket) for each in filed))
    else:
        from desk.cli.listing import print_machine

        print_machine(run, [found(desk, each) for each in filed], (), form, is_one=True)


@command("log")
@id_argument
@click.option("--reverse", is_flag=True, help="The newest entry first.")
def log_command(run: Run, ids: str, reverse: bool) -> None:
    """Show what happened to a ticket, entry by entry, with their numbers.

    \b
    Example:
      desk log 7k3
    """
    from desk.services.reading import read_some

    form = run.format(("table", "plain", "json", "jsonl"))
    desk = run.desk
    ticket = read_some(desk, named_ids(ids))[0].ticket
    if form in ("json", "jsonl"):
        from desk.render.machine import json_document, json_line, log_objects

        entries = log_objects(ticket)
        if reverse:
            entries.reverse()
        if form == "jsonl":
            run.answer("".join(json_line(entry) for entry in entries))
        else:
            run.answer(json_document({"schema": "desk.log/1", "id": ticket.id, "log": entries}))
        return
    from desk.render.ticket_page import log_page

    _page(run, log_page(ticket, desk.settings.zone, run.has_color, True, reverse))


@command("history")
@ids_argument
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N.")
def history_command(run: Run, ids: tuple[str, ...], limit: int) -> None:
    """Show the commits that made a ticket what it is, the newest first.

    \b
    Example:
      desk history 7k3
    """
    from desk.render.history import history_lines, history_objects
    from desk.services.reading import history

    if run.as_of:
        raise UsageError("history shows all commits", "leave --as-of out")
    form = run.format(("table", "plain", "json", "jsonl"))
    desk = run.desk
    commits = history(desk, named_ids(ids), limit)
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document({"schema": "desk.history/1", "commits": history_objects(commits)}))
    elif form == "jsonl":
        from desk.render.machine import json_line

        run.answer("".join(json_line(each) for each in history_objects(commits)))
    else:
        run.answer(history_lines(commits, form == "table", desk.settings.zone, run.has_color))
    if not commits:
        run.say("no commit has touched it yet")


def _page(run: Run, text: str) -> None:
    """Show a long page through PAGER on a terminal, as it is elsewhere."""
    import os
    import shutil

    is_long = text.count("\n") >= shutil.get_terminal_size().lines
    if run.is_terminal and is_long and not run.no_input and os.environ.get("TERM") != "dumb":
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text, color=run.has_color)
    else:
        run.answer(text)
