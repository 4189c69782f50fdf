"""Service levels: sla status, check, explain, calendar; and sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.asking import ids_argument, named_ids
from desk.cli.checking import CHECK_FORMATS, text_format
from desk.cli.choices import limit_option
from desk.cli.completion import complete_calendars, complete_query
from desk.cli.groups import group
from desk.cli.refusing import refuse_fields
from desk.cli.run import Run, command, query_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.services.reading import Found

_query = click.argument("query", nargs=-1, metavar="[QUERY...]", shell_complete=complete_query)


@group("sla")
def sla_command() -> None:
    """See how promises stand, check them in CI, and learn why something is due when.

    \b
    Examples:
      desk sla status
      desk sla check -o github
      desk sla explain 7k3
    """


@command("status", asks_all=True)
@_query
@limit_option
def _status(run: Run, query: tuple[str, ...], limit: int | None) -> None:
    """Show the clocks of tickets: those named, or those that a query finds, by due.

    \b
    Examples:
      desk sla status 7k3
      desk sla status assignee:@me
    """
    from desk.cli.listing import print_machine, say_cut_off, warn_unreadable
    from desk.render.sla import status_table, status_text, unpromised_words
    from desk.services.sla import status

    form = run.format()
    desk = run.desk
    words = [word for word in query if ":" not in word and "\0" not in word]
    listing = status(desk, words if len(words) == len(query) else (), query_text(query))
    shown = _cut(listing.shown, limit, form)
    if form in ("json", "jsonl", "csv", "ids"):
        print_machine(run, shown, listing.unreadable, form)
    elif form == "table":
        refuse_fields(run)
        run.answer(status_table(shown, desk.settings.zone, run.width, run.has_color))
    else:
        run.answer(status_text(shown, form, run.fields))
    if unpromised := unpromised_words(shown):
        run.say(unpromised)
    say_cut_off(run, len(shown), listing.total)
    warn_unreadable(run, listing.unreadable)


def _cut(found: Sequence[Found], limit: int | None, form: str) -> Sequence[Found]:
    """Return the first tickets, as many as --limit says; else on a terminal those whose clocks
    fill a screen."""
    from desk.cli.listing import screenful

    if limit is not None or form != "table":
        return found[: limit or None]
    left = screenful()
    for place, each in enumerate(found):
        left -= len(each.standing.states)
        if left < 0 and place:
            return found[:place]
    return found


@command("check", asks_all=True)
@_query
@click.option(
    "--fail-on",
    type=click.Choice(["breached", "at-risk", "never"]),
    default="breached",
    help="Which clocks make the exit code 1.",
)
def _check(run: Run, query: tuple[str, ...], fail_on: str) -> None:
    """Check the clocks of all live tickets, for CI: exit code 1 where a promise is broken.

    A ticket that cannot be read fails it whatever --fail-on says.

    \b
    Examples:
      desk sla check
      desk sla check team:support --fail-on at-risk -o junit > sla.xml
    """
    from desk.render.findings import findings_text
    from desk.render.machine import json_document
    from desk.render.sla import check_object, check_summary, prometheus
    from desk.services.configuration import path_in_repository
    from desk.services.sla import check

    form = text_format(run, CHECK_FORMATS)
    found = check(run.desk, query_text(query), fail_on)
    if form == "json":
        run.answer(json_document(check_object(found)))
    elif form == "prometheus":
        run.answer(prometheus(found))
    else:
        prefix = "" if form == "text" else path_in_repository(run.desk.root)
        zone = run.desk.settings.zone if run.is_terminal and form == "text" else None
        run.answer(
            findings_text(
                form,
                "desk.sla-check/1",
                found.checked,
                found.findings(zone),
                prefix,
                found.unreadable,
            )
        )
    run.say_notices()
    run.say(check_summary(found))
    if not found.is_clean:
        click.get_current_context().exit(1)


@command("explain")
@ids_argument
def _explain(run: Run, ids: tuple[str, ...]) -> None:
    """Say which policy a ticket falls under and why, and add up its clocks span by span.

    \b
    Example:
      desk sla explain 7k3
    """
    from desk.render.explain import explanation_text, explanations_document
    from desk.services.sla import explain

    form = text_format(run)
    found = explain(run.desk, named_ids(ids))
    if form == "json":
        run.answer(explanations_document(found))
    else:
        pages = (explanation_text(each, run.desk.now, run.has_color) for each in found)
        run.answer("\n".join(pages))


@command("calendar")
@click.argument("name", required=False, shell_complete=complete_calendars)
@click.argument("year", type=click.IntRange(1970, 2200), required=False)
def _calendar(run: Run, name: str | None, year: int | None) -> None:
    """Show a calendar's year: the week, and every date that differs from it. A help desk's only
    calendar needs no name.

    \b
    Example:
      desk sla calendar office 2027
    """
    from desk.services.configuration import only_calendar
    from desk.services.sla import calendar_year

    form = text_format(run)
    desk = run.desk
    name = name or only_calendar(desk.settings)
    calendar, days = calendar_year(desk, name, year or desk.now.astimezone(desk.settings.zone).year)
    if form == "json":
        from desk.render.explain import calendar_object
        from desk.render.machine import json_document

        run.answer(json_document(calendar_object(name, calendar.timezone, days)))
    else:
        from desk.render.explain import calendar_text

        run.answer(calendar_text(name, calendar.timezone, days, run.has_color))


for _part in (_status, _check, _explain, _calendar):
    sla_command.add_command(_part)


@command("sweep", writes=True)
@_query
def sweep_command(run: Run, query: tuple[str, ...]) -> None:
    """Do what config.yaml says at given points of the clocks, and close what has been resolved for
    `close_resolved_after`. For cron or CI; run it as often as you like, each rule acts once.

    \b
    Examples:
      desk sweep
      desk sweep -n
    """
    from desk.cli.listing import warn_unreadable
    from desk.render.diffs import diff_of
    from desk.render.machine import json_document
    from desk.render.sweeping import sweep_lines, sweep_object
    from desk.services.sweeping import sweep

    form = run.format(("plain", "ids", "json"))
    result = sweep(run.desk, query_text(query))
    run.say_notices()
    if form == "json":
        run.answer(json_document(sweep_object(result, run.desk.now, run.dry_run)))
    elif run.dry_run and form == "plain":
        for saved in result.outcome.saves:
            run.answer(diff_of(saved))
    else:
        run.answer("".join(f"{ticket.id}\n" for ticket in result.outcome.tickets))
    for line in sweep_lines(result, run.dry_run):
        run.say(line)
    run.warn(result.troubles)
    warn_unreadable(run, result.unreadable)
    if result.troubles or result.unreadable:
        click.get_current_context().exit(1)
