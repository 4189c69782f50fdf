"""Whose turn it is: today, next, team."""

from __future__ import annotations

import click

from desk.cli.completion import complete_field
from desk.cli.listing import print_found, print_machine, warn_unreadable
from desk.cli.run import FORMATS, Run, command
from desk.errors import UsageError


@command("today")
def today_command(run: Run) -> None:
    """Show my day: what to answer, what to work on, what waits, what nobody has taken yet.

    \b
    Example:
      desk today
    """
    from desk.render.style import styled
    from desk.services.day import today

    form = run.format(FORMATS)
    day = today(run.desk)
    if form in ("table", "md"):
        for name, group in day.groups:
            run.answer(f"## {name}\n" if form == "md" else styled(name, "bold", run.has_color))
            print_found(run, group, form)
            run.answer("\n")
    else:
        print_found(run, day.tickets, form, day.unreadable)
    if not day.groups:
        run.say("nothing is waiting for you")
    warn_unreadable(run, day.unreadable)


@command("next")
def next_command(run: Run) -> None:
    """Show the ticket to work on next: mine before those that nobody has, the most urgent first.

    \b
    Example:
      desk next -o ids | desk take -
    """
    from desk.services.day import today

    form = run.format(("table", "plain", "json", "jsonl", "csv", "ids"))
    desk = run.desk
    day = today(desk)
    groups = [group for name, group in day.groups if name != "Waiting"]
    warn_unreadable(run, day.unreadable)
    if not groups:
        run.say("nothing is waiting for you")
        if form != "json":
            return
    first = groups[0][:1] if groups else ()
    if form == "table":
        from desk.render.sla import standing_lines
        from desk.render.ticket_page import ticket_page

        ticket = first[0].ticket
        zone = desk.settings.zone
        promises = standing_lines(first[0].standing, zone, run.has_color)
        run.answer(ticket_page(ticket, desk.now, zone, run.has_color, promises=promises))
        if not ticket.text("assignee"):
            run.say(f"nobody has it yet: desk take {ticket.id}")
    elif form == "plain":
        print_found(run, first, form)
    else:
        print_machine(run, first, day.unreadable, form)


@command("team")
@click.argument("team", required=False, shell_complete=complete_field("team"))
def team_command(run: Run, team: str | None) -> None:
    """Show who has how much to do, and what nobody has taken yet; of one team or of all.

    \b
    Example:
      desk team support
    """
    from desk.domain.editing import checked_value
    from desk.render.team import team_object, team_plain, team_table
    from desk.services.day import team_load

    form = run.format(("table", "plain", "json"))
    desk = run.desk
    if team and not desk.settings.teams:
        raise UsageError("this help desk has no teams", "leave the team out")
    name = checked_value("team", team, desk.settings, desk.actor) if team else ""
    load = team_load(desk, name)
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document(team_object(load)))
    elif form == "table":
        run.answer(team_table(load, desk.now, run.width, run.has_color))
    else:
        run.answer(team_plain(load))
    warn_unreadable(run, load.unreadable)
