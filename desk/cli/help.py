"""Help by topic, and shell completion."""

from __future__ import annotations

from collections.abc import Callable

import click

from desk.cli.run import Run, command
from desk.errors import NotFound, UsageError, did_you_mean


def _query() -> str:
    from desk.domain.query import query_help

    return query_help()


def _fields() -> str:
    from desk.render.reference import fields_page

    return fields_page()


def _workflow() -> str:
    from desk.render.reference import workflow_page

    return workflow_page()


def _environment() -> str:
    from desk.render.reference import environment_page

    return environment_page()


def _formats() -> str:
    from desk.render.reference import formats_page

    return formats_page()


def _exit_codes() -> str:
    from desk.render.reference import exit_codes_page

    return exit_codes_page()


def _settings() -> str:
    from desk.domain.settings_page import settings_page

    return settings_page()


def _lint() -> str:
    from desk.domain.lint import lint_page

    return lint_page()


TOPICS: dict[str, tuple[str, Callable[[], str]]] = {
    "query": ("how to say which tickets", _query),
    "fields": ("the fields of a ticket, and the columns of lists", _fields),
    "workflow": ("statuses, and which command leads where", _workflow),
    "settings": ("every setting of config.yaml, and the default permissions", _settings),
    "lint": ("what `desk lint` checks", _lint),
    "formats": ("how answers can be printed", _formats),
    "environment": ("variables that the program heeds", _environment),
    "exit-codes": ("what the exit code says", _exit_codes),
}
"""The topics of `desk help`: what each is about, and its page in Markdown."""


@command("help")
@click.argument("topic", required=False)
def help_command(run: Run, topic: str | None) -> None:
    """Explain a topic, or a command. Without one, list the topics.

    \b
    Examples:
      desk help query
      desk help reply
    """
    from desk.cli.main import ALIASES, COMMANDS, program

    if topic is None:
        width = max(map(len, TOPICS))
        lines = [f"  {name.ljust(width)}  {meaning}" for name, (meaning, _) in TOPICS.items()]
        run.answer("\n".join(["desk help TOPIC explains", *lines]))
        return
    name = topic.casefold().replace("_", "-")
    if name in TOPICS:
        run.answer(TOPICS[name][1]())
        return
    if ALIASES.get(name, name) in COMMANDS:
        context = click.Context(program, info_name="desk")
        found = program.get_command(context, name)
        if found is not None:
            run.answer(found.get_help(click.Context(found, info_name=name, parent=context)))
        return
    guess = did_you_mean(name, [*TOPICS, *COMMANDS])
    raise NotFound(f"there is no help on `{topic}`", guess or "`desk help` lists the topics")


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(run: Run, shell: str) -> None:
    """Print what makes your shell complete commands, IDs with their titles, people and queries.

    \b
    Examples:
      desk completion bash > ~/.local/share/bash-completion/completions/desk
      desk completion zsh > ~/.zfunc/_desk
      desk completion fish > ~/.config/fish/completions/desk.fish
    """
    from click.shell_completion import get_completion_class

    from desk.cli.main import program

    made = get_completion_class(shell)
    if made is None:
        raise UsageError(f"no completion for {shell}", "choose bash, zsh or fish")
    run.answer(made(program, {}, "desk", "_DESK_COMPLETE").source())
