"""Writing articles of the knowledge base: kb new, edit, link."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk import clock
from desk.cli.article_options import (
    audience_option,
    category_option,
    owner_option,
    slug_argument,
    tags_option,
)
from desk.cli.asking import edit_text, given_text, id_argument, named_id, text_options
from desk.cli.completion import complete_ids, complete_slugs
from desk.cli.run import Run, command
from desk.errors import UsageError

if TYPE_CHECKING:
    from desk.services.authoring import Authored


@command("new", writes=True)
@click.argument("title", nargs=-1, metavar="[TITLE...]")
@click.option(
    "--from",
    "source",
    metavar="ID",
    shell_complete=complete_ids,
    help="Begin with a ticket that is done: its question and public answers.",
)
@text_options("Its text, Markdown")
@tags_option("A word to find it by; repeats.")
@category_option("What it is about.")
@audience_option("Who may read it: internal, unless you say public.")
@owner_option("Who keeps it true: you, unless you say otherwise.")
@click.option("--slug", default="", metavar="NAME", help="Its name; else the title makes one.")
def new_article_command(
    run: Run,
    title: tuple[str, ...],
    source: str | None,
    message: str | None,
    file: str | None,
    slug: str,
    **given: Any,
) -> None:
    """Write an article. --from begins it with a ticket that is done, whose internal notes stay out
    of it, and lets the ticket name it.

    \b
    Examples:
      desk kb new "VPN drops every hour" -m "Restart the client." --tag vpn
      desk kb new --from 7k3
    """
    from desk.services.authoring import ArticleWishes, draft_from, new_article

    desk = run.desk
    desk.require("kb new")
    words: str | None = " ".join(title) or None
    begun = ""
    if source is not None:
        source = named_id(source)
        begun = draft_from(desk, source)[1]
    elif words is None and run.can_ask:
        words = click.prompt("Title", err=True)
    elif words is None:
        raise UsageError("an article needs a title", "write `desk kb new What it tells`")
    names = [source] if source else []
    text = given_text(run, message, file, "the text", names=names, begun=begun)
    wishes = ArticleWishes(title=words, text=text, **given)
    _report(run, new_article(desk, wishes, slug, source or ""))


@command("edit", writes=True)
@slug_argument
@click.option("--title", metavar="TEXT", help="A better title.")
@text_options("A new text, Markdown")
@tags_option("One more word to find it by; repeats.")
@click.option("--remove-tag", "tags_off", multiple=True, metavar="TAG", help="One less; repeats.")
@category_option("What it is about.")
@audience_option("Who may read it.")
@owner_option("Who keeps it true.")
@click.option(
    "--reviewed",
    is_flag=False,
    flag_value="today",
    metavar="[DATE]",
    help="Somebody read it through: today, or then.",
)
def edit_article_command(
    run: Run,
    slug: str,
    message: str | None,
    file: str | None,
    reviewed: str | None,
    **given: Any,
) -> None:
    """Change an article; without options, edit the whole file in your editor.

    An empty value clears a key. Comments and keys that desk does not know stay.

    \b
    Examples:
      desk kb edit vpn-drops --reviewed
      desk kb edit vpn-drops --audience public --owner luis
      desk kb edit vpn-drops
    """
    from desk.services.authoring import ArticleWishes, edit_article, edit_article_file

    has_text = message is not None or file is not None
    text = given_text(run, message, file, "the text") if has_text else None
    day = _reviewed(run, reviewed) if reviewed is not None else None
    wishes = ArticleWishes(text=text, reviewed=day, **given)
    if not wishes.is_empty:
        _report(run, edit_article(run.desk, slug, wishes))
        return
    if not run.can_ask:
        raise UsageError("nothing to change is named", "see `desk kb edit --help` for the options")
    if run.dry_run:
        raise UsageError("-n shows what options would change", "leave it out to use the editor")

    def edit(text: str, path: Path) -> str:
        run.typed = path
        return edit_text(text, path)

    _report(run, edit_article_file(run.desk, slug, edit))


def _reviewed(run: Run, given: str) -> date:
    zone = run.desk.settings.zone
    day = clock.parse_when(given, run.desk.now, zone).astimezone(zone).date()
    if day > run.desk.now.astimezone(zone).date():
        raise UsageError(f"{day} is yet to come", "--reviewed is when somebody read it through")
    return day


def _report(run: Run, authored: Authored) -> None:
    """Tell what became of an article; in a dry run show the diff."""
    from desk.render.articles import authored_line
    from desk.render.diffs import diff_of, file_diff

    run.has_written = True
    run.say_notices()
    file = authored.file
    if run.dry_run and file is not None:
        run.answer(file_diff(file.path, file.before, file.data))
        for saved in authored.saves:
            run.answer(diff_of(saved))
    elif file is not None:
        run.answer(authored.article.slug)
    run.say(authored_line(authored, run.dry_run))


@command("link", writes=True)
@id_argument
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG...", shell_complete=complete_slugs)
@click.option("--remove", is_flag=True, help="Take the articles off.")
def link_articles_command(run: Run, ids: str, slugs: tuple[str, ...], remove: bool) -> None:
    """Say which articles answer a ticket.

    \b
    Examples:
      desk kb link 7k3 printer-jams
      desk kb link 7k3 printer-jams --remove
    """
    from desk.cli.writing import report
    from desk.services.authoring import link_articles

    outcome, named = link_articles(run.desk, named_id(ids), slugs, remove)
    shown = ", ".join(named)
    report(
        run, outcome, "kb link", f"does not name {shown}" if remove else f"names {shown} already"
    )
