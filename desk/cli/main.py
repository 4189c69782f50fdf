"""The program: finds the command, and runs it."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import click

from desk import __version__
from desk.cli.options import global_options, take_options, writing_options
from desk.cli.refusals import exit_code_of
from desk.cli.run import Run
from desk.errors import did_you_mean

COMPLETE_VARIABLE = "_DESK_COMPLETE"
"""Set by a shell that asks what a word may become: `desk.cli.shells.VARIABLE`."""


class Listed(NamedTuple):
    """Where a command lives and what it does, so that the others need not be loaded for help."""

    module: str
    summary: str


SECTIONS: dict[str, dict[str, Listed]] = {
    "For everyone": {
        "new": Listed("requests", "Open a ticket."),
        "list": Listed("looking", "List tickets."),
        "show": Listed("looking", "Show tickets in full."),
        "reply": Listed("requests", "Answer, or say something as the requester."),
        "note": Listed("requests", "Write something down, internally."),
        "edit": Listed("requests", "Change fields, or the whole file in your editor."),
        "log": Listed("looking", "Show what happened to a ticket, entry by entry."),
        "history": Listed("looking", "Show the commits of a ticket."),
        "search": Listed("searching", "Search tickets for words, the best first."),
        "kb": Listed("kb", "Find, write and check articles of the knowledge base."),
        "rate": Listed("requests", "Say how content you are, from 1 to 5."),
        "watch": Listed("requests", "Hear of what happens to a ticket."),
        "help": Listed("help", "Explain a topic: query, fields, formats and more."),
    },
    "For agents": {
        "today": Listed("day", "Show my day: what is mine, and what is next."),
        "next": Listed("day", "Show the ticket to work on next."),
        "take": Listed("progress", "Make tickets yours and open them."),
        "assign": Listed("progress", "Give tickets to somebody, or to nobody."),
        "start": Listed("progress", "Begin to work on tickets."),
        "resume": Listed("progress", "Go on working on tickets."),
        "wait": Listed("progress", "Wait for the requester."),
        "hold": Listed("progress", "Wait for a third party or a date."),
        "resolve": Listed("progress", "Say that tickets are solved."),
        "close": Listed("progress", "End tickets."),
        "reopen": Listed("progress", "Open tickets again that were done."),
        "cancel": Listed("progress", "End tickets without a solution."),
        "escalate": Listed("progress", "Hand tickets up the ladder."),
        "deescalate": Listed("progress", "Hand tickets down the ladder."),
        "tag": Listed("relations", "Add tags to a ticket, or take them off."),
        "link": Listed("relations", "Relate two tickets, in both of them."),
        "merge": Listed("relations", "Close tickets as duplicates of another one."),
        "split": Listed("relations", "Start a new ticket from entries of another one."),
        "worked": Listed("progress", "Log time spent on a ticket."),
        "attach": Listed("requests", "Keep files with a ticket."),
        "undo": Listed("relations", "Take back your last command."),
    },
    "For leads": {
        "team": Listed("day", "Show the team's load and queues."),
        "report": Listed("reports", "Show the figures: volume, promises, backlog, flow."),
        "dashboard": Listed("dashboard", "Show how the desk stands, and what to do first."),
        "leaderboard": Listed("leaderboard", "Show who comes first; off without config.yaml."),
        "sla": Listed("sla", "See how promises stand, check them, and learn why."),
        "export": Listed("exchange", "Write tickets out as JSON lines, JSON or CSV."),
        "sql": Listed("sql", "Answer a SELECT of your own."),
    },
    "For administrators": {
        "init": Listed("admin", "Make a help desk in a Git repository."),
        "config": Listed("admin", "Check, show or describe config.yaml."),
        "lint": Listed("admin", "Check every file of the help desk."),
        "audit": Listed("audit", "Find in the history who touched the record."),
        "redact": Listed("redacting", "Take a secret out of a ticket."),
        "sweep": Listed("sla", "Escalate by the clock, close what was resolved."),
        "import": Listed("exchange", "Take in tickets from a CSV file."),
        "sync": Listed("together", "Take in what others did, and send what was done here."),
        "doctor": Listed("together", "See whether this clone is set up as it should be."),
        "mend": Listed("together", "Put tickets in conflict right, after a merge or rebase."),
        "completion": Listed("help", "Print what makes your shell complete words."),
    },
}
"""Every command, under its heading in `desk --help`."""

COMMANDS = {name: listed for section in SECTIONS.values() for name, listed in section.items()}
ALIASES = {"ls": "list"}

EXAMPLES = """\
\b
Examples:
  desk new "Printer on the third floor jams" -r maria@acme.example -p P2
  desk list assignee:@me              what is mine and open
  desk take 7k3                       any unique beginning or ending of the ID's last part
  desk reply 7k3 -m "Which tray?" --wait
  desk resolve 7k3 -m "Cleaned the rollers."
"""


class Program(click.Group):
    """The group of all commands; each module is loaded only when a command of it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by its name or alias."""
        listed = COMMANDS.get(ALIASES.get(cmd_name, cmd_name))
        if listed is None:
            return None
        module = import_module(f"desk.cli.{listed.module}")
        found: click.Command = getattr(module, f"{ALIASES.get(cmd_name, cmd_name)}_command")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the command line names, with a guess where there is none."""
        name = args[0]
        if ALIASES.get(name, name) not in COMMANDS and not ctx.resilient_parsing:
            guess = did_you_mean(name, [*COMMANDS, *ALIASES])
            raise click.UsageError(
                f"there is no command `{name}`; {guess or 'see `desk --help`'}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under their headings."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, listed.summary) for name, listed in commands.items()])


def _start(ctx: click.Context, **options: Any) -> None:
    run = ctx.ensure_object(Run)
    take_options(run, options)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


program = Program(
    "desk",
    callback=click.pass_context(_start),
    params=[
        *global_options(),
        *writing_options(),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="Show the version.",
            callback=lambda ctx, _, value: _show_version(ctx) if value else None,
        ),
    ],
    invoke_without_command=True,
    help="A help desk in a Git repository: every ticket is one text file.",
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(ctx: click.Context) -> None:
    click.echo(f"desk {__version__}")
    ctx.exit()


def main() -> NoReturn:
    """Run the program on the command line's arguments and end the process."""
    # Most commands are over before there is garbage: looking for it, at the end too, took a tenth
    # of their time.
    gc.set_threshold(100_000)
    _prepare_output()
    try:
        code = run_program(sys.argv[1:])
    except KeyboardInterrupt:  # another one, while the first was being told
        code = 130
    gc.freeze()
    sys.exit(code)


def _prepare_output() -> None:
    """Write data in UTF-8, whatever the locale; and let no character of a ticket be an error on a
    terminal that cannot show it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


def run_program(arguments: list[str]) -> int:
    """Run the program and return its exit code (`desk.errors.EXIT_CODES`)."""
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction:
        from desk.cli.shells import complete

        return complete(program, instruction)
    run = Run()
    return exit_code_of(lambda: _invoke(arguments, run), run, arguments)


def _invoke(arguments: list[str], run: Run) -> None:
    """Run a command. Unlike `program.main`, this leaves a closed pipe and Ctrl-C to the caller."""
    try:
        with program.make_context("desk", list(arguments), obj=run) as context:
            program.invoke(context)
    except click.exceptions.Exit:
        _flush()
        raise
    _flush()


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()
