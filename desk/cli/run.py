"""What every command shares: the global options, the help desk it works on, where answers go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from desk import clock
from desk.cli.options import FORMATS, global_options, take_options, writing_options
from desk.domain.texts import visible
from desk.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from click.shell_completion import CompletionItem

    from desk.services.desk import Desk
    from desk.storage.repository import Repository

QUERY_MARK = "\0"
"""Stands for the hyphen of a query term such as `-tag:printer` while Click parses options."""


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a standard stream is there and a terminal; one that was closed is not."""
    return stream is not None and not stream.closed and stream.isatty()


@dataclass(eq=False, repr=False)
class Run:
    """One run of the program: the global options, and what follows from them."""

    folder: str = ""
    as_of: str = ""
    output: str = ""
    fields: str = ""
    color: str = ""
    quiet: bool = False
    verbose: bool = False
    no_input: bool = False
    yes: bool = False
    dry_run: bool = False
    no_commit: bool = False
    writes: bool = False
    ahead: Repository | None = None
    """Where git looks for changes already, for a command that asks the index."""
    typed: Path | None = None
    """Where a text lies that was typed in an editor, until the command has used it."""
    stdin_gave: str = ""
    """What standard input was read for, "" while it was not."""
    has_written: bool = False
    """Whether the command has done its work, and only the answer is left."""

    @cached_property
    def start(self) -> Path:
        """Where the search for the workspace begins: -C, then DESK_DIR, then here."""
        return Path(self.folder or os.environ.get("DESK_DIR") or ".")

    @cached_property
    def desk(self) -> Desk:
        """The help desk, opened; WorkspaceError where there is none."""
        from desk.services.desk import open_desk

        if self.as_of and self.writes:
            raise UsageError("--as-of is for reading", "leave it out of a command that writes")
        desk = open_desk(
            self.start,
            clock.now(),
            is_dated=clock.is_fixed(),
            commits=not self.no_commit,
            dry_run=self.dry_run,
        )
        desk = replace(desk, ahead=self.ahead)
        if is_terminal(sys.stderr):
            desk = replace(desk, tell=self.say)
        if not self.as_of:
            return desk
        when = clock.parse_when(self.as_of, desk.now, desk.settings.zone)
        return replace(desk, now=when, is_past=True)

    def when(self, given: str | None) -> datetime | None:
        """Read WHEN, if it is given, in the workspace's zone; UsageError."""
        if not given:
            return None
        return clock.parse_when(given, self.desk.now, self.desk.settings.zone)

    def look_ahead(self) -> None:
        """Let git look for changes while the rest of the program is loaded."""
        from desk.services.looking_ahead import look_ahead

        self.ahead = look_ahead(self.start)

    @cached_property
    def is_terminal(self) -> bool:
        """Whether answers go to a person's screen."""
        return is_terminal(sys.stdout)

    @property
    def encoding(self) -> str:
        """In which characters can be answered."""
        return getattr(sys.stdout, "encoding", None) or "utf-8"

    @cached_property
    def can_ask(self) -> bool:
        """Whether there is somebody at a terminal who may be asked."""
        return not self.no_input and is_terminal(sys.stdin) and is_terminal(sys.stderr)

    @cached_property
    def has_color(self) -> bool:
        """Whether answers may be coloured: --color, then NO_COLOR and FORCE_COLOR, then the
        terminal."""
        if self.color in ("always", "never"):
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.is_terminal and os.environ.get("TERM") != "dumb"

    @cached_property
    def width(self) -> int:
        """How many columns a line may have."""
        import shutil

        return shutil.get_terminal_size().columns

    def format(self, allowed: Sequence[str] = FORMATS, default: str = "plain") -> str:
        """Return the format of the answer: -o, else a table on a terminal and `default` elsewhere.

        UsageError for one that this command does not have.
        """
        if not self.output:
            return "table" if self.is_terminal and "table" in allowed else default
        if self.output not in allowed:
            raise UsageError(
                f"this command has no format `{visible(self.output)}`",
                f"choose from {', '.join(allowed)}",
            )
        return self.output

    def answer(self, text: str) -> None:
        """Print data on stdout."""
        if text:
            click.echo(text if text.endswith("\n") else f"{text}\n", nl=False, color=self.has_color)

    def say(self, sentence: str) -> None:
        """Tell the person something on stderr, unless -q."""
        if not self.quiet:
            click.echo(visible(sentence), err=True)

    def say_notices(self) -> None:
        """Tell what the help desk has to say beside the answer, each thing once."""
        if "desk" in self.__dict__:
            notices = self.desk.notices
            while notices:
                self.say(notices.pop(0))

    def warn(self, lines: Iterable[object]) -> None:
        """Tell of trouble on stderr, -q or not."""
        for line in lines:
            click.echo(visible(str(line)), err=True)

    def end(self) -> None:
        """Stop what was begun early and nobody needed."""
        if self.ahead is not None:
            self.ahead.stop_begun()

    def forget_typed(self) -> None:
        """Remove what was typed in an editor: it is where it belongs, or there was nothing."""
        if self.typed is not None:
            self.typed.unlink(missing_ok=True)
            self.typed = None


class DeskCommand(click.Command):
    """A command that also takes the global options, and query terms that begin with a hyphen.

    Where it `writes`, or is `of_now`, its help leaves out --as-of, which it refuses in words. One
    that `asks_all` has an answer to make of all tickets: what changed is then looked for early.
    """

    def __init__(
        self,
        *arguments: Any,
        writes: bool = False,
        of_now: bool = False,
        asks_all: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.writes = writes
        self.asks_all = asks_all
        shared = [*global_options(), *(writing_options() if writes else ())]
        taken = {flag for param in self.params for flag in (*param.opts, *param.secondary_opts)}
        self.shared = [option for option in shared if not taken & {*option.opts}]
        for option in self.shared:
            option.hidden = (writes or of_now) and "--as-of" in option.opts
        self.params += self.shared
        self.hides_shared = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; a term such as `-tag:printer` is no option."""
        if any(param.name == "query" for param in self.params):
            from desk.domain.query import is_query_option

            args = [QUERY_MARK + each[1:] if is_query_option(each) else each for each in args]
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # an option without its value does not say whose it is
            raise

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer options and, of a query, terms such as `-tag:` too."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("--"):
            return found
        queries = [param for param in self.params if param.name == "query"]
        return [item for param in queries for item in param.shell_complete(ctx, incomplete)] + found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command with what the global options say."""
        run = ctx.ensure_object(Run)
        run.writes = self.writes
        take_options(run, ctx.params)
        if self.asks_all and not run.as_of:
            run.look_ahead()
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the command's own options, then those that all commands have."""
        groups: dict[str, list[tuple[str, str]]] = {"Options": [], "Everywhere": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                groups["Everywhere" if param in self.shared else "Options"].append(record)
        for title, records in groups.items():
            if records and not (self.hides_shared and title == "Everywhere"):
                with formatter.section(title):
                    formatter.write_dl(records)


def command(name: str, **options: Any) -> Callable[[Callable[..., Any]], DeskCommand]:
    """Make a command (`DeskCommand`) of a function that takes the `Run` first."""

    def decorate(function: Callable[..., Any]) -> DeskCommand:
        made = click.command(name, cls=DeskCommand, **options)
        return made(click.pass_obj(function))

    return decorate


def query_text(arguments: Sequence[str]) -> str:
    """Return the query that a command line's arguments make."""
    from desk.domain.query import from_arguments

    return from_arguments([each.replace(QUERY_MARK, "-", 1) for each in arguments])
