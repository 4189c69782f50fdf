"""The pages of a lead and of an agent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.completion import complete_field, complete_query
from desk.cli.listing import warn_unreadable
from desk.cli.pages import PAGE, html_option, page_path, setting_of, write_page
from desk.cli.run import Run, command, query_text
from desk.errors import UsageError

if TYPE_CHECKING:
    from desk.domain.report.periods import Period


@command("dashboard", asks_all=True)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@html_option
@click.option(
    "--agent",
    metavar="NAME",
    shell_complete=complete_field("assignee"),
    help="The page of one person: their tickets, and their figures.",
)
@click.option("--since", metavar="WHEN", help="From then on; without, the last 30 days.")
@click.option("--until", metavar="WHEN", help="Up to then, which is out; without, up to now.")
def dashboard_command(
    run: Run,
    query: tuple[str, ...],
    html_path: Path | None,
    agent: str | None,
    since: str | None,
    until: str | None,
) -> None:
    """Show how the desk stands, and what to do first: for a lead, or with --agent for one person.

    With --html a page that any browser shows, without network, and that prints; with a list of
    the tickets behind every figure.

    \b
    Examples:
      desk dashboard
      desk dashboard team:support --html support.html
      desk dashboard --agent @me --html me.html
    """
    from desk.services.dashboard import agent_dashboard, lead_dashboard

    if agent and query:
        raise UsageError("an agent's page is of all their tickets", "leave the query out")
    html_path = page_path(run, html_path)
    period = _period(run, since, until)
    made = (
        agent_dashboard(run.desk, agent, period)
        if agent
        else lead_dashboard(run.desk, query_text(query), period)
    )
    if html_path is not None:
        from desk.render.html.dashboard import dashboard_page

        write_page(run, html_path, dashboard_page(made, setting_of(run)))
    else:
        from desk.render.dashboard import FORMATS, dashboard_text

        form = run.format((*FORMATS, PAGE))
        run.answer(dashboard_text(made, form, run.desk.settings.zone, run.width, run.has_color))
    warn_unreadable(run, made.unreadable)


def _period(run: Run, since: str | None, until: str | None) -> Period | None:
    from desk.domain.report.periods import Period

    if since is None and until is None:
        return None
    return Period(run.when(since), run.when(until))
