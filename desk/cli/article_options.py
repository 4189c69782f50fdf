"""Options and arguments that commands of the knowledge base share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from desk.cli.choices import complete_words, one_of
from desk.cli.completion import complete_field, complete_people, complete_slugs
from desk.domain.kb import AUDIENCES

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

slug_argument = click.argument("slug", metavar="SLUG", shell_complete=complete_slugs)


def audience_option(text: str) -> Decorator:
    """Add --audience."""
    return click.option(
        "--audience",
        metavar=f"[{'|'.join(AUDIENCES)}]",
        callback=one_of("audience", AUDIENCES),
        shell_complete=complete_words(AUDIENCES),
        help=text,
    )


def category_option(text: str) -> Decorator:
    """Add -c, --category."""
    return click.option(
        *("-c", "--category"), metavar="NAME", shell_complete=complete_field("category"), help=text
    )


def owner_option(text: str) -> Decorator:
    """Add --owner."""
    return click.option("--owner", metavar="WHO", shell_complete=complete_people, help=text)


def tags_option(text: str) -> Decorator:
    """Add --tag, which repeats."""
    return click.option("--tag", "tags", multiple=True, metavar="TAG", help=text)
