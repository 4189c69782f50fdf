"""Help by topic, and shell completion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from desk.cli.choices import complete_words, one_of
from desk.cli.paging import show_page
from desk.cli.run import Run, command
from desk.errors import NotFound, did_you_mean

SHELLS = ("bash", "zsh", "fish")


def _query() -> str:
    from desk.domain.query import query_help

    return query_help()


def _dates() -> str:
    from desk.domain.dates_page import dates_page

    return dates_page()


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
    from desk.cli.main import COMMANDS
    from desk.domain.settings_page import settings_page

    return settings_page(COMMANDS)


def _sql() -> str:
    from desk.render.sql import sql_page

    return sql_page()


def _metrics() -> str:
    from desk.render.reports import metrics_page

    return metrics_page()


def _lint() -> str:
    from desk.domain.lint import lint_page

    return lint_page()


def _audit() -> str:
    from desk.domain.audit.codes import audit_page

    return audit_page()


TOPICS: dict[str, tuple[str, Callable[[], str]]] = {
    "query": ("how to say which tickets", _query),
    "dates": ("dates, times and spans of time, as you type them", _dates),
    "fields": ("the fields of a ticket, and the columns of lists", _fields),
    "sql": ("the tables of `desk sql`", _sql),
    "metrics": ("what each figure of a report means", _metrics),
    "workflow": ("statuses, and which command leads where", _workflow),
    "settings": ("every setting of config.yaml, and the default permissions", _settings),
    "lint": ("what `desk lint` checks", _lint),
    "audit": ("what `desk audit` finds", _audit),
    "formats": ("how answers can be printed", _formats),
    "environment": ("variables that the program heeds", _environment),
    "exit-codes": ("what the exit code says", _exit_codes),
}
"""The topics of `desk help`: what each is about, and its page in Markdown."""


def _complete_topics(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
    from desk.cli.main import COMMANDS

    return (
        [] if ctx.params.get("topic") else [n for n in (*TOPICS, *COMMANDS) if n.startswith(begun)]
    )


@command("help", of_now=True)
@click.argument("topic", nargs=-1, metavar="[TOPIC]", shell_complete=_complete_topics)
def help_command(run: Run, topic: tuple[str, ...]) -> None:
    """Explain a topic, or a command. Without one, list the topics.

    \b
    Examples:
      desk help query
      desk help config check
    """
    from desk.cli.main import COMMANDS

    if not topic:
        width = max(map(len, TOPICS))
        lines = [f"  {name.ljust(width)}  {meaning}" for name, (meaning, _) in TOPICS.items()]
        run.answer("\n".join(["desk help TOPIC explains", *lines]))
        return
    name = " ".join(topic).casefold().replace("_", "-")
    if name in TOPICS:
        text = TOPICS[name][1]()
        if run.format(("table", "md"), "md") == "table":
            from desk.render.screen_markdown import markdown_screen

            text = markdown_screen(text, run.width, run.has_color)
        show_page(run, text)
        return
    page = _help_of(topic)
    if page:
        run.answer(page)
        return
    guess = did_you_mean(name, [*TOPICS, *COMMANDS])
    raise NotFound(
        f"there is no help on `{' '.join(topic)}`", guess or "`desk help` lists the topics"
    )


def _help_of(names: Sequence[str]) -> str:
    """Return the help of a command by its name, or of one below it; "" where there is none."""
    from desk.cli.main import program

    found: click.Command | None = program
    context = click.Context(program, info_name="desk", **program.context_settings)
    for name in names:
        if not isinstance(found, click.Group):
            return ""
        found = found.get_command(context, name.casefold())
        if found is None:
            return ""
        context = click.Context(found, info_name=name.casefold(), parent=context)
    return found.get_help(context) if found else ""


@command("completion", of_now=True)
@click.argument(
    "shell",
    metavar=f"[{'|'.join(SHELLS)}]",
    callback=one_of("shell", SHELLS),
    shell_complete=complete_words(SHELLS),
)
def completion_command(run: Run, shell: str) -> None:
    """Print what makes your shell complete commands, IDs with their titles, people and queries.

    \b
    Examples:
      desk completion bash > ~/.local/share/bash-completion/completions/desk
      desk completion zsh > ~/.zfunc/_desk
      desk completion fish > ~/.config/fish/completions/desk.fish
    """
    from desk.cli.main import program
    from desk.cli.shells import script

    run.answer(script(program, shell))
