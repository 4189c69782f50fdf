"""Whose turn it is: today, next, team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.choices import limit_option
from desk.cli.completion import complete_field
from desk.cli.listing import cut_groups, print_found, print_heading, say_cut_off, warn_unreadable
from desk.cli.options import FORMATS
from desk.cli.refusing import refuse_fields
from desk.cli.run import Run, command
from desk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.errors import Diagnostic
    from desk.services.reading import Found
    from desk.services.urgency import Choice


@command("today", asks_all=True)
@limit_option
def today_command(run: Run, limit: int | None) -> None:
    """Show my day: what to answer, what to work on, what waits, what nobody has taken yet; in each
    group what comes first in `desk next`.

    \b
    Example:
      desk today
    """
    from desk.render.columns import TODAY
    from desk.services.day import today

    form = run.format(FORMATS)
    day = today(run.desk)
    counts = {name: len(group) for name, group in day.groups}
    groups = cut_groups(day.groups, limit, form)
    shown = [each for _, group in groups for each in group]
    if form in ("table", "md"):
        for place, (name, group) in enumerate(groups):
            run.answer("\n" if place else "")
            print_heading(run, f"{name} ({counts[name]})", form)
            print_found(run, group, form, names=TODAY)
    else:
        print_found(run, shown, form, day.unreadable)
    say_cut_off(run, len(shown), len(day.tickets))
    if not day.groups:
        run.say("nothing is waiting for you")
    warn_unreadable(run, day.unreadable)


@command("next", asks_all=True)
@click.option("--why", is_flag=True, help="Say why it comes before the others, and before which.")
def next_command(run: Run, why: bool) -> None:
    """Show the ticket to work on next.

    What waits for the requester, or is on hold until later, is left out. Of the rest comes first,
    in this order: what is yours before what nobody has; what is late or at risk, of that the most
    urgent priority; what is due next; the most urgent priority; who waits longest for an answer;
    the oldest.

    \b
    Examples:
      desk next --why
      desk next -o ids | desk take -
    """
    from desk.services.day import next_ticket

    form = run.format(("table", "plain", "json", "md") if why else FORMATS)
    choice, unreadable = next_ticket(run.desk)
    first = () if choice is None else (choice.first,)
    if why:
        _print_why(run, choice, form, unreadable)
    elif first and form in ("table", "md") and not run.fields:
        _print_page(run, first[0], form)
    else:
        print_found(run, first, form, unreadable)
    if not first:
        run.say("nothing is waiting for you")
    warn_unreadable(run, unreadable)


def _print_why(
    run: Run, choice: Choice | None, form: str, unreadable: Sequence[Diagnostic]
) -> None:
    from desk.render.machine import tickets_text
    from desk.render.urgency import why_markdown, why_page, with_why

    if form == "json":
        first = () if choice is None else (choice.first,)
        run.answer(with_why(tickets_text(first, unreadable, form, run.fields), choice))
        return
    if run.fields:
        raise UsageError("--why tells of each reason", "leave --fields out, or add -o json")
    if choice is None:
        return
    if form == "md":
        run.answer(why_markdown(choice))
    else:
        run.answer(why_page(choice, run.width if form == "table" else 0, run.has_color))


def _print_page(run: Run, found: Found, form: str) -> None:
    from desk.render.sla import standing_lines
    from desk.render.ticket_markdown import ticket_markdown
    from desk.render.ticket_page import ticket_page

    ticket, zone = found.ticket, run.desk.settings.zone
    if form == "md":
        run.answer(ticket_markdown(ticket))
        return
    promises = standing_lines(found.standing, zone, run.has_color)
    run.answer(ticket_page(ticket, run.desk.now, zone, run.has_color, promises=promises))
    if not ticket.text("assignee"):
        run.say(f"nobody has it yet: desk take {ticket.id}")


@command("team", asks_all=True)
@click.argument("team", required=False, shell_complete=complete_field("team"))
def team_command(run: Run, team: str | None) -> None:
    """Show who has how much to do and what is due next, and what nobody has taken yet; of one team
    or of all.

    \b
    Example:
      desk team support
    """
    from desk.domain.editing import checked_value
    from desk.render.team import team_table, team_text
    from desk.services.day import team_load

    form = run.format(("table", "plain", "json", "jsonl", "csv", "md"))
    desk = run.desk
    if team and not desk.settings.teams:
        raise UsageError("this help desk has no teams", "leave the team out")
    name = checked_value("team", team, desk.settings, desk.actor) if team else ""
    load = team_load(desk, name)
    if form == "table":
        refuse_fields(run)
        urgent = desk.settings.priorities[0]
        run.answer(team_table(load, urgent, desk.now, run.width, run.has_color))
    else:
        run.answer(team_text(load, form, run.fields))
    warn_unreadable(run, load.unreadable)
