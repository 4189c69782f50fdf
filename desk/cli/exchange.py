"""Tickets from elsewhere, and for elsewhere: import, export."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from desk.cli.choices import limit_option
from desk.cli.completion import complete_query
from desk.cli.groups import group
from desk.cli.listing import say_cut_off, warn_unreadable
from desk.cli.run import Run, command, query_text


@command("export", asks_all=True)
@click.argument("query", nargs=-1, metavar="[QUERY...]", shell_complete=complete_query)
@limit_option
def export_command(run: Run, query: tuple[str, ...], limit: int | None) -> None:
    """Write tickets out, all of them or those that a query finds: open and done, with their logs.

    JSON lines unless -o says json, csv or ids. CSV has no logs, and is safe to open in a
    spreadsheet.

    \b
    Examples:
      desk export > tickets.jsonl
      desk export closed:2026-11 -o csv --fields id,title,company,closed_at
    """
    from desk.render.columns import keys_named
    from desk.render.machine import ticket_pieces
    from desk.services.exporting import export

    form = run.format(("jsonl", "json", "csv", "ids"), "jsonl")
    fields = keys_named(run.fields, form)
    exported = export(run.desk, query_text(query), limit or 0)
    for piece in ticket_pieces(exported.tickets, exported.unreadable, form, fields, with_log=True):
        click.echo(piece, nl=False)
    say_cut_off(run, min(limit or exported.total, exported.total), exported.total)
    warn_unreadable(run, exported.unreadable)


@group("import", writes=True)
def import_command() -> None:
    """Take in tickets from elsewhere, in one commit.

    \b
    Example:
      desk import csv tickets.csv --map tickets.map.yaml
    """


@command("csv", writes=True)
@click.argument("table", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="MAP",
    help="How its columns become tickets; see docs/import.md.",
)
def _csv(run: Run, table: Path, map_path: Path) -> None:
    """Take in a CSV file, of tickets or of events, as a map says.

    Importing twice adds nothing. A bad row is named with its line, the others come in, and the
    exit code is 1. -n tells what would come.

    \b
    Examples:
      desk import csv tickets.csv --map tickets.map.yaml -n
      desk import csv log.csv --map log.map.yaml
    """
    from desk.render.sentences import import_lines
    from desk.services.importing import import_csv

    with _bar(run) as progress:
        result = import_csv(run.desk, table, map_path, progress)
    run.warn(result.diagnostics)
    warn_unreadable(run, result.unreadable)
    run.say_notices()
    if not run.is_terminal:
        run.answer("".join(f"{ticket_id}\n" for ticket_id in result.ids))
    for line in import_lines(result, run.dry_run):
        run.say(line)
    if not result.is_clean:
        click.get_current_context().exit(1)


import_command.add_command(_csv)


@contextlib.contextmanager
def _bar(run: Run) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal, nothing elsewhere."""
    if run.quiet or not run.is_terminal:
        yield None
        return
    from desk.render.progress import progress_bar

    with progress_bar("importing", run.has_color) as advance:
        yield advance
