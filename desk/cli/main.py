"""The program: finds the command, runs it, and turns every trouble into a sentence and an exit
code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import click

from desk import __version__
from desk.cli.run import Run, global_options, take_options, writing_options
from desk.domain.texts import visible
from desk.errors import DeskError, did_you_mean


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
        "sla": Listed("sla", "See how promises stand, check them, and learn why."),
        "export": Listed("exchange", "Write tickets out as JSON lines, JSON or CSV."),
    },
    "For administrators": {
        "init": Listed("admin", "Make a help desk in a Git repository."),
        "config": Listed("admin", "Check, show or describe config.yaml."),
        "lint": Listed("admin", "Check every file of the help desk."),
        "sweep": Listed("sla", "Escalate by the clock, close what was resolved."),
        "import": Listed("exchange", "Take in tickets from a CSV file."),
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
  desk take 7k3                       any unique part of an ID will do
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
        if ALIASES.get(name, name) not in COMMANDS:
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
    sys.exit(run_program(sys.argv[1:]))


def run_program(arguments: list[str]) -> int:
    """Run the program and return its exit code (`desk.errors.EXIT_CODES`)."""
    try:
        code = program.main(arguments, prog_name="desk", standalone_mode=False)
        sys.stdout.flush()
    except DeskError as error:
        for line in error.details:
            click.echo(visible(line), err=True)
        _refuse(str(error))
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        _refuse(_usage(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        _refuse("cancelled; nothing more was done")
        return 130
    except click.ClickException as error:
        _refuse(error.format_message())
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        _refuse(f"{named}{error.strerror or error}; check the path and its rights, and try again")
        return 7
    except Exception:
        from desk.cli.bug_report import write_report

        _refuse(f"this is a bug in desk; a report of it is in {write_report(arguments)}")
        return 70
    return code if isinstance(code, int) else 0


def _refuse(sentence: str) -> None:
    click.echo(f"desk: {visible_sentence(sentence)}", err=True)


def visible_sentence(sentence: str) -> str:
    """Return a refusal for the screen: line ends of a caret stay, all else strange is escaped."""
    return "\n".join(visible(line) for line in sentence.split("\n"))


def _usage(error: click.UsageError) -> str:
    message = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx else "desk"
    message = message[:1].lower() + message[1:]
    return message if "; " in message else f"{message}; see `{path} --help`"
