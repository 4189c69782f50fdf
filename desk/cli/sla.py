"""Service levels: sla status, check, explain, calendar; and sweep."""

from __future__ import annotations

import click

from desk.cli.asking import id_argument
from desk.cli.completion import complete_calendars, complete_query
from desk.cli.groups import group
from desk.cli.run import Run, command, query_text

CHECK_FORMATS = ("text", "json", "junit", "github", "gitlab", "sarif", "prometheus")

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


@command("status")
@_query
def _status(run: Run, query: tuple[str, ...]) -> None:
    """Show the clocks of tickets: those named, or those that a query finds, by due.

    \b
    Examples:
      desk sla status 7k3
      desk sla status assignee:@me
    """
    from desk.cli.listing import print_machine, warn_unreadable
    from desk.services.sla import status

    form = run.format(("table", "plain", "json", "jsonl", "csv", "ids"))
    desk = run.desk
    words = [word for word in query if ":" not in word and "\0" not in word]
    listing = status(desk, words if len(words) == len(query) else (), query_text(query))
    if form in ("json", "jsonl", "csv", "ids"):
        print_machine(run, listing.shown, listing.unreadable, form)
    elif form == "table":
        from desk.render.sla import status_table

        zone = desk.settings.zone
        run.answer(status_table(listing.shown, zone, run.width, run.has_color))
    else:
        from desk.domain.texts import visible
        from desk.render.sla import status_rows

        rows = status_rows(listing.shown)
        run.answer("".join("\t".join(map(visible, row)) + "\n" for row in rows))
    warn_unreadable(run, listing.unreadable)


@command("check")
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

    form = run.format(CHECK_FORMATS, "text")
    found = check(run.desk, query_text(query), fail_on)
    if form == "json":
        run.answer(json_document(check_object(found)))
    elif form == "prometheus":
        run.answer(prometheus(found))
    else:
        prefix = "" if form == "text" else path_in_repository(run.desk.root)
        zone = run.desk.settings.zone if form == "text" else None
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
    run.say(check_summary(found))
    if not found.is_clean:
        click.get_current_context().exit(1)


@command("explain")
@id_argument
def _explain(run: Run, ids: str) -> None:
    """Say which policy a ticket falls under and why, and add up its clocks span by span.

    \b
    Example:
      desk sla explain 7k3
    """
    from desk.services.sla import explain

    form = run.format(("text", "json"), "text")
    found = explain(run.desk, ids)
    if form == "json":
        from desk.render.explain import explanation_object
        from desk.render.machine import json_document

        run.answer(json_document(explanation_object(found)))
    else:
        from desk.render.explain import explanation_text

        run.answer(explanation_text(found, run.desk.now, run.has_color))


@command("calendar")
@click.argument("name", shell_complete=complete_calendars)
@click.argument("year", type=click.IntRange(1970, 2200), required=False)
def _calendar(run: Run, name: str, year: int | None) -> None:
    """Show a calendar's year: the week, and every date that differs from it.

    \b
    Example:
      desk sla calendar office 2027
    """
    from desk.services.sla import calendar_year

    form = run.format(("text", "json"), "text")
    desk = run.desk
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
