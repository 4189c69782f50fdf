"""Reports, and what their figures mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.choices import complete_words, one_of
from desk.cli.completion import complete_query, complete_reports
from desk.cli.listing import warn_unreadable
from desk.cli.pages import PAGE, html_option, page_path, refuse_several, write_reports
from desk.cli.run import Run, command, query_text
from desk.errors import NotFound, UsageError, WorkspaceError, did_you_mean

if TYPE_CHECKING:
    from desk.domain.report.periods import Period
    from desk.services.reports import Wish

_EVERY = ("day", "week", "month")


@command("report", asks_all=True)
@click.argument("name", required=False, shell_complete=complete_reports)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--since", metavar="WHEN", help="From then on; without, from the beginning.")
@click.option("--until", metavar="WHEN", help="Up to then, which is out; without, up to now.")
@click.option(
    "--by", metavar="FIELD,...", help="A row for each value: company, policy, agent, tags..."
)
@click.option(
    "--every",
    metavar="[day|week|month]",
    callback=one_of("period", _EVERY),
    shell_complete=complete_words(_EVERY),
    help="A row for each of them.",
)
@click.option(
    "--compare",
    metavar="PERIOD",
    help="Show another period beside it: previous, 2025, 2025-11, 2025-11-01..2025-11-15.",
)
@click.option(
    "--at",
    metavar="REVISION",
    help="The help desk as a commit, a branch or a tag has it, or as it was at a date.",
)
@html_option
def report_command(
    run: Run,
    name: str | None,
    query: tuple[str, ...],
    since: str | None,
    until: str | None,
    by: str | None,
    every: str | None,
    compare: str | None,
    at: str | None,
    html_path: Path | None,
) -> None:
    """Show the figures of the desk, or of the tickets that a query finds; without a name, which
    reports there are. `desk report explain METRIC` says what a figure means.

    Dates are days of the workspace's zone: --since 2026-11-01 --until 2026-12-01 is November.

    \b
    Examples:
      desk report summary --since 2026-11-01 --compare previous
      desk report sla company:ACME --by priority
      desk report volume --since 2026 --every week -o csv
      desk report backlog --by team,priority
      desk report summary --at v1.0 -o md
      desk report --html figures.html --since 2026-11-01
      desk report explain resolution_compliance
    """
    from desk.render.reports import FORMATS

    if run.fields:
        raise UsageError("a report has its own columns", "leave --fields out")
    html_path = page_path(run, html_path)
    form = PAGE if html_path else run.format((*FORMATS, PAGE))
    if at is not None:
        _travel(run, at)
    if name == "explain":
        _explain(run, query, form)
    elif html_path is not None:
        words = [*filter(None, [name]), *query]
        write_reports(run, html_path, words, _wish(run, since, until, by, every, compare))
    elif name is None:
        _list(run, form)
    else:
        refuse_several(run, query)
        wish = _wish(run, since, until, by, every, compare)
        _report(run, form, wish._replace(name=name, query_text=query_text(query)))


def _travel(run: Run, given: str) -> None:
    """Go on with the help desk as it was."""
    from desk.services.time_travel import desk_at

    now = run.desk
    now.repository.stop_begun()  # what is in the work tree is not asked for
    try:
        when = run.when(given)
    except UsageError:
        when = None
    run.desk = desk_at(now, given, when)


def _list(run: Run, form: str) -> None:
    from desk.services.report_kinds import all_kinds

    try:
        kinds = all_kinds(run.desk.settings)
    except WorkspaceError:
        kinds = all_kinds(None)  # what they are can be asked anywhere
    if form == "table":
        from desk.render.report_screen import catalogue_table

        run.answer(catalogue_table(kinds, run.width, run.has_color))
    else:
        from desk.render.reports import catalogue_text

        run.answer(catalogue_text(kinds, form))


def _explain(run: Run, given: tuple[str, ...], form: str) -> None:
    from desk.domain.report.metrics import METRICS
    from desk.render.reports import metric_text, metrics_object, metrics_page

    if form not in ("table", "plain", "json", "md"):
        raise UsageError(f"a metric is not explained as `{form}`", "choose from plain, json, md")
    for name in given:
        if name.replace("-", "_") not in METRICS:
            hint = did_you_mean(name, METRICS) or "`desk report explain` names all"
            raise NotFound(f"there is no metric `{name}`", hint)
    named = [METRICS[name.replace("-", "_")] for name in given]
    if form == "json":
        run.answer(metrics_object(named or list(METRICS.values())))
    elif not named:
        words = "".join(f"{each.name}\t{each.words}\n" for each in METRICS.values())
        run.answer(metrics_page() if form == "md" else words.expandtabs(36))
    else:
        run.answer("\n".join(map(metric_text, named)))


def _report(run: Run, form: str, wish: Wish) -> None:
    from desk.render.report_parts import nothing_text
    from desk.render.reports import period_words, report_text
    from desk.services.reports import report

    zone = run.desk.settings.zone
    made = report(run.desk, wish._replace(has_trend=form == "table"))
    if form != "table":
        run.answer(report_text(made, form, zone))
    elif not made.is_empty:
        from desk.render.bars import drawn_for
        from desk.render.report_screen import report_table

        table = report_table(made, zone, run.width, run.has_color)
        run.answer(drawn_for(table, run.encoding))
    if made.is_empty and form in ("table", "plain", "md"):
        run.say(nothing_text(made, period_words(made.period, zone)))
    warn_unreadable(run, made.unreadable)


def _wish(
    run: Run,
    since: str | None,
    until: str | None,
    by: str | None,
    every: str | None,
    compare: str | None,
) -> Wish:
    from desk.domain.report.periods import EVERY
    from desk.services.reports import Wish

    wanted = _compared(run, compare) if compare else None
    cut = next((each for each in EVERY if each == every), None)
    return Wish("", "", _period(run, since, until), by or "", cut, wanted)


def _period(run: Run, since: str | None, until: str | None) -> Period:
    from desk.domain.report.periods import Period

    return Period(run.when(since), run.when(until))


def _compared(run: Run, given: str) -> Period | str:
    """Read PERIOD: `previous`, a year, a month or a day, or two of them with `..` between, both of
    them included. UsageError."""
    from desk.domain.dates import read_span
    from desk.domain.report.periods import Period
    from desk.services.reports import PREVIOUS

    if given.casefold() == PREVIOUS:
        return PREVIOUS
    first, dots, last = given.partition("..")
    now, zone = run.desk.now, run.desk.settings.zone
    try:
        start, end = read_span(first, now, zone)
        if dots:
            end = read_span(last, now, zone)[1]
    except ValueError as error:
        guess = did_you_mean(given, [PREVIOUS])
        raise UsageError(str(error), guess or "or write `previous`") from None
    if start >= end:
        raise UsageError(f"`{given}` ends before it starts", "write the earlier date first")
    return Period(start, end)
