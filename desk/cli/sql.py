"""SQL for the curious."""

from __future__ import annotations

import click

from desk.cli.asking import read_text
from desk.cli.choices import limit_option
from desk.cli.listing import rows_wanted, warn_unreadable
from desk.cli.refusing import refuse_as_of, refuse_fields
from desk.cli.run import Run, command
from desk.errors import UsageError


@command("sql")
@click.argument("statement", nargs=-1, metavar="STATEMENT")
@limit_option
def sql_command(run: Run, statement: tuple[str, ...], limit: int | None) -> None:
    """Answer a SELECT over the tickets, their entries, clocks and tags; - reads it from standard
    input. It only reads; `desk help sql` lists the tables.

    \b
    Examples:
      desk sql "SELECT company, count(*) FROM ticket WHERE live GROUP BY company ORDER BY 2 DESC"
      desk sql "SELECT by, count(*) FROM entry WHERE verb = 'replied' GROUP BY by" -o csv
      desk sql "SELECT clock, state, count(*) FROM clock GROUP BY clock, state"
    """
    from desk.render.sql import sql_table, sql_text
    from desk.services.curious import select

    refuse_as_of(run, "`desk sql` reads the index, which knows the present alone")
    form = run.format(("table", "plain", "json", "jsonl", "csv", "md"))
    text = " ".join(statement)
    text = read_text("-") if text == "-" else text
    if not text.strip():
        raise UsageError("there is no statement", "give a SELECT; `desk help sql` lists the tables")
    found = select(run.desk, text, rows_wanted(limit, form))
    if form == "table":
        refuse_fields(run)
        run.answer(sql_table(found, run.width, run.has_color))
    else:
        run.answer(sql_text(found, form, run.fields))
    if not found.rows and form == "table":
        run.say("no row matches")
    if found.has_more:
        run.say("there are more rows: --limit 0 shows all")
    warn_unreadable(run, found.unreadable)
