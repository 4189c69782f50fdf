"""The options that commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.choices import complete_paths, complete_words, one_of

if TYPE_CHECKING:
    from desk.cli.run import Run

FORMATS = ("table", "plain", "json", "jsonl", "csv", "ids", "md")

_PREFIX = "run_"
"""Before the names of the global options among a command's parameters, so that none can clash."""


def _option(flags: str, **rest: Any) -> click.Option:
    names = flags.split(", ")
    attribute = rest.pop("to", names[-1].lstrip("-").replace("-", "_"))
    return click.Option([*names, f"{_PREFIX}{attribute}"], **rest)


def _flag(flags: str, text: str) -> click.Option:
    return _option(flags, is_flag=True, default=None, help=text)


def global_options() -> list[click.Option]:
    """Return the global options, made anew for each command that carries them."""
    colors = ("auto", "always", "never")
    return [
        _option(
            "-C",
            to="folder",
            metavar="DIR",
            shell_complete=complete_paths("dir"),
            help="The help desk's folder.",
        ),
        _option("--as-of", metavar="WHEN", help="As it was then: `desk help dates`."),
        _option(
            "-o, --output",
            metavar="FORMAT",
            shell_complete=complete_words(FORMATS),
            help="How to print the answer.",
        ),
        _option("--fields", metavar="A,B", help="Which fields to show."),
        _option(
            "--color",
            metavar=f"[{'|'.join(colors)}]",
            callback=one_of("choice of colours", colors),
            shell_complete=complete_words(colors),
            help="Colours or none.",
        ),
        _flag("-q, --quiet", "Data and errors only."),
        _flag("-v, --verbose", "Tell more."),
        _flag("--no-input", "Never ask, never edit."),
        _flag("-y, --yes", "Take yes for the answer where it asks whether to go on."),
    ]


def writing_options() -> list[click.Option]:
    """Return the options of commands that write."""
    return [
        _flag("-n, --dry-run", "Show the diff, write nothing."),
        _flag("--no-commit", "Write, but do not commit."),
    ]


def take_options(run: Run, params: dict[str, Any]) -> None:
    """Move the global options among a command's parameters into the run; the later place wins."""
    for name in [name for name in params if name.startswith(_PREFIX)]:
        value = params.pop(name)
        if value is not None:
            setattr(run, name.removeprefix(_PREFIX), value)
