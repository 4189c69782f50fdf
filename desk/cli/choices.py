"""Words of the command line that are one of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from desk.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


limit_option = click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help="At most N; 0 for all."
)


def one_of(what: str, known: Sequence[str]) -> Callable[..., str | None]:
    """Return the callback of a parameter that is one of these words; UsageError, with a guess, for
    another. Case, and hyphen or underscore, make no difference."""

    def chosen(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
        if given is None or given in known or ctx.resilient_parsing:
            return given
        by_key = {_key(word): word for word in known}
        if _key(given) in by_key:
            return by_key[_key(given)]
        guess = did_you_mean(given, known)
        raise UsageError(f"unknown {what} `{given}`", guess or f"there are {', '.join(known)}")

    return chosen


def _key(word: str) -> str:
    return word.casefold().replace("_", "-")


def complete_words(words: Iterable[str]) -> Callable[..., list[str]]:
    """Return what offers these words to a shell."""
    offered = tuple(words)
    return lambda ctx, param, begun: [word for word in offered if word.startswith(begun)]


def complete_paths(kind: str) -> Callable[..., list[CompletionItem]]:
    """Return what lets a shell offer files (`file`) or folders (`dir`)."""

    def offered(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(begun, type=kind)]

    return offered
