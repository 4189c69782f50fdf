"""Who comes first."""

from __future__ import annotations

import click

from desk.cli.completion import complete_query
from desk.cli.listing import warn_unreadable
from desk.cli.refusing import refuse_fields
from desk.cli.run import Run, command, query_text


@command("leaderboard", asks_all=True)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--since", metavar="WHEN", help="From then on; without, from the month's beginning.")
@click.option("--until", metavar="WHEN", help="Up to then, which is out; without, up to now.")
def leaderboard_command(
    run: Run, query: tuple[str, ...], since: str | None, until: str | None
) -> None:
    """Show who comes first: most resolved in time, the longest run of kept promises, best rated,
    fastest first response, most articles written.

    It is there where config.yaml says `leaderboard: true`. Tickets count for whoever has them,
    with the figures of `desk report`; so they say as much about the tickets as about people.

    \b
    Examples:
      desk leaderboard
      desk leaderboard team:support --since 2026-10-01 --until 2026-11-01 -o md
    """
    from desk.domain.report.periods import Period, month_start
    from desk.render.leaderboard import FORMATS, leaderboard_table, leaderboard_text
    from desk.services.leaderboard import leaderboard

    refuse_fields(run)
    form = run.format(FORMATS)
    zone = run.desk.settings.zone
    period = Period(run.when(since) or month_start(run.desk.now, zone), run.when(until))
    board = leaderboard(run.desk, query_text(query), period)
    if form == "table":
        run.answer(leaderboard_table(board, zone, run.width, run.has_color))
    else:
        run.answer(leaderboard_text(board, form, zone))
    warn_unreadable(run, board.unreadable)
