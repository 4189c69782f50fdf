"""For administrators: init, config, lint."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk import clock
from desk.cli.asking import named_ids
from desk.cli.checking import CHECK_FORMATS, text_format
from desk.cli.choices import complete_words, one_of
from desk.cli.completion import complete_ids
from desk.cli.groups import group
from desk.cli.refusing import refuse_as_of
from desk.cli.run import Run, command

if TYPE_CHECKING:
    from desk.domain.settings import Settings


@command("init", writes=True)
@click.argument("folder", required=False, default=".", metavar="[DIR]")
@click.option("--name", default="", metavar="TEXT", help="What the help desk is called.")
@click.option("--prefix", default="", metavar="HD", help="What its IDs begin with.")
@click.option("--timezone", default="", metavar="ZONE", help="An IANA name: Europe/Madrid.")
def init_command(run: Run, folder: str, name: str, prefix: str, timezone: str) -> None:
    """Make a help desk: config.yaml to start from, tickets/, kb/, and what Git needs to know.

    Uses the repository that DIR lies in, else makes one. What is there already stays.

    \b
    Example:
      desk init helpdesk && cd helpdesk && desk new "Hello, world"
    """
    from desk.render.diffs import file_diff
    from desk.services.setup import make_help_desk

    refuse_as_of(run, "a help desk is made now")

    place = Path(run.folder or ".") / folder
    made = make_help_desk(
        place,
        clock.now(),
        clock.is_fixed(),
        name,
        prefix,
        timezone,
        commits=not run.no_commit,
        dry_run=run.dry_run,
    )
    for notice in made.notices:
        run.say(notice)
    if not made.files:
        run.say(f"{made.root} is a help desk already: nothing to do")
        return
    named = ", ".join(made.paths)
    where = "in a new repository" if made.is_new_repository else "in the repository that is there"
    if run.dry_run:
        run.answer("\n".join(file_diff(each.path, each.before, each.data) for each in made.files))
        run.say(f"would write {where}: {named}")
        return
    run.answer(str(made.root))
    if "config.yaml" not in made.paths:
        run.say(f"added what was missing: {named}")
        return
    run.say(f"made a help desk {where}: {named}")
    where = "" if place.samefile(".") else f"-C {shlex.quote(str(place))} "
    run.say(f'look through config.yaml, then try: desk {where}new "Hello, world"')


@group("config")
def config_command() -> None:
    """Check config.yaml, show what is in force, or print its JSON Schema.

    \b
    Examples:
      desk config check
      desk config schema > .config.schema.json
    """


@command("check", of_now=True)
def _check(run: Run) -> None:
    """Name everything that is wrong in config.yaml, with line and column."""
    from desk.domain.findings import Finding
    from desk.render.findings import findings_text
    from desk.services.configuration import check_config, path_in_repository

    refuse_as_of(run, "config check looks at config.yaml as it is now")
    form = text_format(run, CHECK_FORMATS)
    root, settings, problems = check_config(run.start)
    findings = [Finding.of(problem) for problem in problems]
    run.answer(findings_text(form, "desk.config-check/1", 1, findings, path_in_repository(root)))
    if settings is not None:
        run.say(f"config.yaml is fine: {_summary(settings)}")
        return
    run.say(f"config.yaml has {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    click.get_current_context().exit(1)


def _summary(settings: Settings) -> str:
    from desk.render.sentences import count_words

    people = count_words(len(settings.people), "person", "people")
    return f"{people}, {count_words(len(settings.policies), 'policy', 'policies')}"


@command("show", of_now=True)
def _show(run: Run) -> None:
    """Show the settings in force, defaults included."""
    from desk.render.settings import settings_object, settings_text

    refuse_as_of(run, "config show looks at config.yaml as it is now")
    form = text_format(run)
    settings = run.desk.settings
    if form == "json":
        from desk.render.machine import json_document

        run.answer(json_document({"schema": "desk.settings/1", **settings_object(settings)}))
    else:
        run.answer(settings_text(settings))


@command("schema", of_now=True)
@click.argument(
    "what",
    default="config",
    required=False,
    metavar="[config|ticket]",
    callback=one_of("schema", ("config", "ticket")),
    shell_complete=complete_words(("config", "ticket")),
)
def _schema(run: Run, what: str) -> None:
    """Print the JSON Schema of config.yaml, or of a ticket's front matter, for editors."""
    from desk.domain.schema import config_schema, ticket_schema
    from desk.render.machine import json_document

    run.answer(json_document(config_schema() if what == "config" else ticket_schema()))


for _part in (_check, _show, _schema):
    config_command.add_command(_part)


@command("lint", writes=True)
@click.argument("ids", nargs=-1, metavar="[ID...]", shell_complete=complete_ids)
@click.option("--fix", is_flag=True, help="Mend what is certain, in one commit.")
def lint_command(run: Run, ids: tuple[str, ...], fix: bool) -> None:
    """Check every file of the help desk, and name each problem with its line.

    Exit code 1 where something is wrong; hints alone leave it 0. `desk help lint` lists the checks.

    \b
    Examples:
      desk lint
      desk lint -o github
      desk lint --fix
    """
    from desk.render.diffs import diff_of
    from desk.render.findings import findings_text, fix_lines, summary
    from desk.services.checks import fix as mend
    from desk.services.checks import lint
    from desk.services.configuration import path_in_repository

    refuse_as_of(run, "lint looks at the files as they are now")
    form = text_format(run, CHECK_FORMATS)
    desk = run.desk
    names = [_absolute(name) for name in named_ids(ids)] if ids else []
    if fix:
        mended = mend(desk, names)
        for line in fix_lines(mended.fixes, run.dry_run):
            run.say(line)
        run.say_notices()
        if run.dry_run:
            for saved in mended.outcome.saves:
                run.answer(diff_of(saved))
    result = lint(desk, names)
    checked = result.checked + result.articles
    run.answer(
        findings_text(
            form,
            "desk.lint/1",
            checked,
            result.findings,
            path_in_repository(desk.root),
            result.unreadable,
        )
    )
    run.say(summary(checked, result.findings))
    if not result.is_clean:
        click.get_current_context().exit(1)


def _absolute(name: str) -> str:
    """Return a path as seen from anywhere; an ID stays as it is."""
    return str(Path(name).absolute()) if "/" in name or name.endswith(".md") else name
