"""Tickets among each other, and taking back: tag, link, merge, split, undo."""

from __future__ import annotations

import click

from desk.cli.asking import given_text, id_argument, ids_argument, named_id, named_ids, text_options
from desk.cli.choices import complete_words, one_of
from desk.cli.completion import complete_field, complete_ids
from desk.cli.run import Run, command
from desk.cli.writing import report
from desk.domain.fields import RELATIONS


@command("tag", writes=True)
@id_argument
@click.argument(
    "tags", nargs=-1, required=True, metavar="TAG...", shell_complete=complete_field("tags")
)
@click.option("--remove", is_flag=True, help="Take the tags off.")
def tag_command(run: Run, ids: str, tags: tuple[str, ...], remove: bool) -> None:
    """Add tags to a ticket, or take them off; `-` reads the IDs from standard input.

    \b
    Examples:
      desk tag 7k3 printer floor-3
      desk list "paper jam" -o ids | desk tag - printer
    """
    from desk.services.saying import tag

    outcome = tag(run.desk, named_ids(ids), tags, remove)
    word = "the tag" if len(tags) == 1 else "the tags"
    named = ", ".join(tags)
    report(run, outcome, "tag", f"has no tag {named}" if remove else f"has {word} {named} already")


@command("link", writes=True)
@id_argument
@click.argument(
    "relation",
    callback=one_of("relation", tuple(RELATIONS)),
    shell_complete=complete_words(RELATIONS),
)
@click.argument("other", metavar="ID", shell_complete=complete_ids)
@click.option("--remove", is_flag=True, help="Take the link off, in both.")
def link_command(run: Run, ids: str, relation: str, other: str, remove: bool) -> None:
    """Relate two tickets; the other one gets the inverse relation, in the same commit. `desk help
    fields` lists the relations.

    \b
    Example:
      desk link 7k3 blocked-by p9q
    """
    from desk.services.linking import link

    outcome = link(run.desk, named_id(ids), relation, other, remove)
    report(run, outcome, "link", "has no such link" if remove else "")


@command("merge", writes=True)
@ids_argument
@click.option(
    "--into", required=True, metavar="ID", shell_complete=complete_ids, help="The one that stays."
)
@text_options("Why")
def merge_command(
    run: Run, ids: tuple[str, ...], into: str, message: str | None, file: str | None
) -> None:
    """Close tickets as duplicates of another one. Their texts stay where they are, and each side
    links to the other.

    \b
    Example:
      desk merge p9q x4t --into 7k3
    """
    from desk.services.linking import merge

    names = named_ids(ids)
    text = given_text(run, message, file, "the reason", required=False)
    report(run, merge(run.desk, names, into, text), "merge")


@command("split", writes=True)
@id_argument
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option("--title", default="", metavar="TEXT", help="The new ticket's title.")
def split_command(run: Run, ids: str, entries: tuple[str, ...], title: str) -> None:
    """Start a new ticket that quotes entries of another one; the two are linked. ENTRY is a number
    as `desk log` shows it.

    \b
    Example:
      desk split 7k3 4 --title "Scanner is slow"
    """
    from desk.services.opening import split

    report(run, split(run.desk, named_id(ids), entries, title), "split")


@command("undo", writes=True)
def undo_command(run: Run) -> None:
    """Take back your last command: an entry sets the fields back and says what it undoes. Nothing
    is removed; a new ticket is cancelled. Once more undoes the one before.

    \b
    Example:
      desk undo
    """
    from desk.services.undoing import undo

    commit, outcome = undo(run.desk)
    run.say(f"undoing: {commit.subject}")
    report(run, outcome, "undo")
