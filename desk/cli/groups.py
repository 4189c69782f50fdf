"""Commands below a name, such as `config check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from desk.cli.options import global_options, take_options, writing_options
from desk.cli.run import Run
from desk.errors import UsageError, did_you_mean


class Group(click.Group):
    """A name that commands stand below; it takes the global options too, and alone shows its
    help."""

    def __init__(self, *arguments: Any, writes: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.invoke_without_command = True
        self.no_args_is_help = False
        self.callback = click.pass_context(_show)
        self.params += [*global_options(), *(writing_options() if writes else ())]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the command line names, with a guess where there is none."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            path = ctx.command_path
            guess = did_you_mean(f"{path} {args[0]}", [f"{path} {name}" for name in self.commands])
            hint = guess or f"see `{path} --help`"
            raise UsageError(f"there is no command `{path} {args[0]}`", hint)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands alone, each with its first sentence: their own help has the options."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, _first_sentence(each)) for name, each in self.commands.items()]
            )


def _first_sentence(command: click.Command) -> str:
    paragraph = " ".join((command.help or "").split("\n\n")[0].split())
    return f"{paragraph.partition('. ')[0].rstrip('.')}."


def _show(ctx: click.Context, **options: Any) -> None:
    take_options(ctx.ensure_object(Run), options)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def group(name: str, writes: bool = False) -> Callable[[Callable[[], None]], Group]:
    """Make a group of a function whose docstring is its help."""

    def decorate(function: Callable[[], None]) -> Group:
        return click.group(name, cls=Group, writes=writes)(function)

    return decorate
