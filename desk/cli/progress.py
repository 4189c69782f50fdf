"""Moving tickets along: take, assign, start, wait, hold, resolve, close and the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from desk.cli.asking import given_text, id_argument, ids_argument, named_ids, text_options
from desk.cli.choices import complete_words, one_of
from desk.cli.completion import complete_assignees, complete_field, complete_targets
from desk.cli.run import DeskCommand, Run, command
from desk.cli.writing import report
from desk.domain.fields import RESOLUTIONS
from desk.domain.workflow import COMMANDS
from desk.errors import UsageError


def _simple(name: str, example: str) -> DeskCommand:
    """Make a command that needs tickets and perhaps a text, as the workflow's table says."""

    def function(run: Run, ids: tuple[str, ...], message: str | None, file: str | None) -> None:
        from desk.services import progress

        row = COMMANDS[name]
        what = "the reason" if row.text == "reason" else "the text"
        names = named_ids(ids)
        text = given_text(run, message, file, what, required=row.text == "reason", names=names)
        known: dict[str, Callable[..., Any]] = {
            "take": progress.take,
            "close": progress.close,
            "cancel": progress.cancel,
        }
        use_case = known.get(name)
        outcome = (
            use_case(run.desk, names, text)
            if use_case
            else progress.move(run.desk, names, name, text)
        )
        report(run, outcome, name)

    row = COMMANDS[name]
    what = "Why" if row.text == "reason" else "A public answer" if row.public else "A remark"
    function.__doc__ = f"{row.summary}\n\n{_steps(name)}\n\n\b\nExample:\n  {example}\n"
    return command(name, writes=True)(ids_argument(text_options(what)(function)))


def _steps(name: str) -> str:
    """Say in a line what the workflow's table says of a command."""
    row = COMMANDS[name]
    after = f"afterwards {row.target}" if row.target else "the status stays"
    return f"From {', '.join(row.sources)}; {after}."


take_command = _simple("take", "desk list no:assignee -o ids | desk take -")
start_command = _simple("start", "desk start 7k3")
resume_command = _simple("resume", 'desk resume 7k3 -m "The part is here."')
wait_command = _simple("wait", "desk wait 7k3")
close_command = _simple("close", "desk list status:resolved -o ids | desk close -")
cancel_command = _simple("cancel", 'desk cancel 7k3 -m "Asked by mistake."')
reopen_command = _simple("reopen", 'desk reopen 7k3 -m "It jams again."')


@command("assign", writes=True, short_help="Give tickets to somebody, or to nobody.")
@click.argument(
    "words", nargs=-1, required=True, metavar="ID... WHO", shell_complete=complete_assignees
)
@click.option("--team", metavar="TEAM", shell_complete=complete_field("team"), help="The team too.")
@text_options("A remark")
def assign_command(
    run: Run, words: tuple[str, ...], team: str | None, message: str | None, file: str | None
) -> None:
    """Give tickets to somebody: a handle or an address from `people`, @me, or nobody.

    \b
    Examples:
      desk assign 7k3 luis
      desk assign 7k3 p9q nobody --team sysadmin
      desk assign 7k3 --team sysadmin
    """
    from desk.services.progress import assign

    *ids, who = words
    if team is None and not ids:
        raise UsageError("say to whom", f"write `desk assign {who} @me`, or a handle, or nobody")
    names = named_ids(ids or words)
    text = given_text(run, message, file, "the remark", required=False)
    report(run, assign(run.desk, names, who if ids else None, team, text), "assign")


@command("hold", writes=True)
@ids_argument
@text_options("Why")
@click.option(
    "--until",
    metavar="WHEN",
    help="When the hold ends: 2026-12-01, +3d, tomorrow; see `desk help dates`.",
)
def hold_command(
    run: Run, ids: tuple[str, ...], message: str | None, file: str | None, until: str | None
) -> None:
    """Wait for a third party or a date. --until gives one that is on hold a new date.

    \b
    Example:
      desk hold 7k3 --until 2026-12-01 -m "New rollers are on their way."
    """
    from desk import clock
    from desk.domain.dates import FORMS_AHEAD
    from desk.services.progress import hold

    desk = run.desk
    zone = desk.settings.zone
    when = clock.parse_when(until, desk.now, zone, FORMS_AHEAD) if until else None
    names = named_ids(ids)
    reason = given_text(run, message, file, "the reason", names=names)
    report(run, hold(desk, names, reason, when), "hold")


@command("resolve", writes=True)
@ids_argument
@click.option(
    "--as",
    "resolution",
    default="fixed",
    metavar=f"[{'|'.join(RESOLUTIONS)}]",
    callback=one_of("resolution", RESOLUTIONS),
    shell_complete=complete_words(RESOLUTIONS),
    help="How it ended.",
)
@text_options("A public answer")
def resolve_command(
    run: Run, ids: tuple[str, ...], resolution: str, message: str | None, file: str | None
) -> None:
    """Say that tickets are solved. A text becomes a public answer.

    \b
    Example:
      desk resolve 7k3 -m "Cleaned the rollers." --as workaround
    """
    from desk.services.progress import resolve

    names = named_ids(ids)
    text = given_text(run, message, file, "the answer", required=False)
    report(run, resolve(run.desk, names, resolution, text), "resolve")


def _ladder(name: str, direction: str, example: str) -> DeskCommand:
    def function(
        run: Run, ids: tuple[str, ...], message: str | None, file: str | None, to: str
    ) -> None:
        from desk.services import progress

        names = named_ids(ids)
        reason = given_text(run, message, file, "the reason", names=names)
        use_case = progress.escalate if name == "escalate" else progress.deescalate
        report(run, use_case(run.desk, names, reason, to), name)

    function.__doc__ = (
        f"{COMMANDS[name].summary}\n\nThe next level {direction} and its team take over, and nobody"
        " is assigned; or whom --to names.\n\n\b\nExample:\n"
        f"  desk {name} 7k3 {example}\n"
    )
    where = click.option(
        "--to",
        default="",
        metavar="WHERE",
        shell_complete=complete_targets,
        help="A level, a team or a person.",
    )
    return command(name, writes=True)(ids_argument(text_options("Why")(where(function))))


escalate_command = _ladder("escalate", "up", '-m "Needs a new driver." --to luis')
deescalate_command = _ladder("deescalate", "down", '-m "It was the cable after all."')


@command("worked", writes=True)
@id_argument
@click.argument("time", metavar="TIME")
@text_options("What was done")
def worked_command(run: Run, ids: str, time: str, message: str | None, file: str | None) -> None:
    """Log time spent on a ticket, in whole minutes: 15m, 1h30m.

    \b
    Example:
      desk worked 7k3 15m -m "Cleaned the rollers."
    """
    from desk.domain.instants import parse_duration
    from desk.services.saying import worked

    try:
        seconds = parse_duration(time)
    except ValueError:
        seconds = 1
    if seconds % 60:
        raise UsageError(f"`{time}` is no number of minutes", "write 15m or 1h30m")
    names = named_ids(ids)
    text = given_text(run, message, file, "the remark", required=False)
    report(run, worked(run.desk, names, seconds // 60, text), "worked")
