"""The knowledge base: kb new, edit, list, show, search, suggest, link, lint, stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.article_options import (
    audience_option,
    category_option,
    owner_option,
    slug_argument,
    tags_option,
)
from desk.cli.asking import id_argument, named_id
from desk.cli.authoring import edit_article_command, link_articles_command, new_article_command
from desk.cli.checking import CHECK_FORMATS, text_format
from desk.cli.choices import limit_option
from desk.cli.groups import group
from desk.cli.paging import show_page
from desk.cli.refusing import refuse_as_of, refuse_fields
from desk.cli.run import Run, command
from desk.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.services.articles import Articles

_AS_NOW = "articles are shown as they are now"
_LINES_OF_A_HIT = 2


@group("kb", writes=True)
def kb_command() -> None:
    """Write down what is known, find it again, and say which tickets it answers. An article is a
    Markdown file in kb/; its name without `.md` is its slug.

    \b
    Examples:
      desk kb search vpn certificate
      desk kb new --from 7k3
      desk kb edit vpn-drops --reviewed
    """


@command("list", of_now=True)
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@tags_option("That has this tag; repeats.")
@category_option("About this, or what is below it.")
@audience_option("For them alone.")
@owner_option("Kept by this person; nobody: by none.")
@limit_option
def _list(
    run: Run,
    words: tuple[str, ...],
    tags: tuple[str, ...],
    category: str | None,
    audience: str | None,
    owner: str | None,
    limit: int | None,
) -> None:
    """List articles, all or those that have the words. `solved` counts the tickets that name an
    article and are done, but not as duplicates or cancelled.

    \b
    Examples:
      desk kb list
      desk kb list vpn --audience public -o md
      desk kb list --owner @me --fields slug,solved
    """
    from desk.cli.listing import rows_wanted
    from desk.render.articles import COLUMNS
    from desk.services.articles import Filter, list_articles

    refuse_as_of(run, _AS_NOW)
    form = run.format()
    wanted = Filter(words, tags, category or "", audience or "", owner or "")
    found = list_articles(run.desk, wanted, rows_wanted(limit, form))
    _print(run, found, form, COLUMNS, "no article matches")


@command("stale", of_now=True)
@click.option(
    "--older",
    default="180d",
    metavar="SPAN",
    show_default=True,
    help="Not read through for so long.",
)
@owner_option("Kept by this person; nobody: by none.")
@limit_option
def _stale(run: Run, older: str, owner: str | None, limit: int | None) -> None:
    """List the articles that nobody has read through for long. Who keeps them stands beside; the
    longest come first.

    \b
    Examples:
      desk kb stale
      desk kb stale --older 365d --owner @me
    """
    from desk.cli.listing import rows_wanted
    from desk.domain.instants import parse_duration
    from desk.render.articles import STALE_COLUMNS
    from desk.services.articles import stale_articles

    refuse_as_of(run, _AS_NOW)
    form = run.format()
    try:
        days = parse_duration(older, days=True) // 86_400
    except ValueError as error:
        raise UsageError(f"--older: {error}", "write it like 180d") from None
    found = stale_articles(run.desk, days, owner or "", rows_wanted(limit, form))
    _print(run, found, form, STALE_COLUMNS, f"every article was read through within {older}")


def _print(run: Run, found: Articles, form: str, names: Sequence[str], nothing: str) -> None:
    """Print a list of articles; what is left out, and could not be read, is told on stderr."""
    from desk.render.articles import KNOWN, articles_table, articles_text
    from desk.render.rows import chosen

    if form == "table":
        today = run.desk.now.astimezone(run.desk.settings.zone).date()
        columns = chosen(run.fields, KNOWN, names)
        if found.shown:
            run.answer(articles_table(found.shown, columns, run.width, run.has_color, today))
        else:
            run.say(nothing)
    else:
        run.answer(articles_text(found.shown, form, run.fields, names, unreadable=found.unreadable))
    _say_rest(run, found)


def _say_rest(run: Run, found: Articles) -> None:
    from desk.cli.listing import say_cut_off, warn_unreadable
    from desk.render.sentences import count_words

    say_cut_off(run, len(found.shown), found.total, "article")
    if found.left_out:
        run.say(f"left out, as for agents alone: {count_words(found.left_out, 'article')}")
    warn_unreadable(run, found.unreadable)


@command("show", of_now=True)
@slug_argument
def _show(run: Run, slug: str) -> None:
    """Show an article: laid out on a terminal, its file elsewhere. A unique beginning of the slug
    will do.

    \b
    Examples:
      desk kb show vpn-drops
      desk kb show vpn -o json
    """
    from desk.render.articles import article_document, article_page, file_text
    from desk.services.articles import told_article

    refuse_as_of(run, _AS_NOW)
    refuse_fields(run)
    form = run.format(("table", "md", "plain", "json", "ids"), "md")
    desk = run.desk
    told, data = told_article(desk, slug)
    run.say_notices()
    if form == "json":
        run.answer(article_document(told))
    elif form == "ids":
        run.answer(told.article.slug)
    elif form == "table":
        today = desk.now.astimezone(desk.settings.zone).date()
        show_page(run, article_page(told, run.width, run.has_color, today))
    else:
        run.answer(file_text(data))


@command("search", of_now=True)
@click.argument("words", nargs=-1, metavar="WORDS...")
@limit_option
def _search(run: Run, words: tuple[str, ...], limit: int | None) -> None:
    """Search the articles for words, the best first. Case and accents make no difference; a phrase
    goes in quotes, `print*` begins a word.

    Where no article has all of the words, those that have some are shown.

    \b
    Examples:
      desk kb search vpn password
      desk kb search '"empty pages" scan*'
    """
    from desk.cli.listing import rows_wanted
    from desk.render.articles import INDENT, article_hits, search_text
    from desk.services.articles import SNIPPET_WIDTH, search_articles

    refuse_as_of(run, _AS_NOW)
    form = run.format()
    is_page = form == "table"
    wanted = rows_wanted(limit, form)
    if limit is None and is_page:
        wanted = max(1, wanted // _LINES_OF_A_HIT)
    width = max(20, run.width - INDENT) if is_page else SNIPPET_WIDTH
    found = search_articles(run.desk, words, wanted, width)
    if is_page:
        refuse_fields(run)
        run.answer(article_hits(found.shown, found.phrases, run.width, run.has_color))
    else:
        run.answer(search_text(found, form, run.fields))
    if not found.total:
        run.say("no article has any of these words")
    elif not found.is_exact:
        run.say("no article has all of that; these have some of the words, or words that begin so")
    _say_rest(run, found)


@command("suggest", of_now=True)
@id_argument
@limit_option
def _suggest(run: Run, ids: str, limit: int | None) -> None:
    """Show the articles most like what a ticket's requester says. The best comes first; there are
    five, unless --limit says otherwise.

    \b
    Example:
      desk kb suggest 7k3
    """
    from desk.render.articles import COLUMNS, KNOWN, articles_table, articles_text
    from desk.render.rows import chosen
    from desk.services.suggesting import suggest_for

    refuse_as_of(run, _AS_NOW)
    form = run.format()
    desk = run.desk
    ticket, shown = suggest_for(desk, named_id(ids), 5 if limit is None else limit)
    run.say_notices()
    if form == "table":
        today = desk.now.astimezone(desk.settings.zone).date()
        columns = chosen(run.fields, KNOWN, ("slug", "solved", "title"))
        if shown:
            run.answer(articles_table(shown, columns, run.width, run.has_color, today))
    else:
        about: dict[str, Any] = {"ticket": ticket.id}
        schema = "desk.kb-suggest/1"
        run.answer(articles_text(shown, form, run.fields, COLUMNS, schema, about=about))
    if shown:
        run.say(f"if one answers it: `desk kb link {ticket.id} {shown[0].article.slug}`")
    elif ticket.items("kb"):
        run.say(f"no article is like {ticket.id}, beside those that it names already")
    else:
        run.say(
            f"no article is like {ticket.id}; once it is solved, `desk kb new --from` makes one"
        )


@command("lint", of_now=True)
def _lint(run: Run) -> None:
    """Check every article, as `desk lint` does. Links to articles, headings, tickets and files are
    followed; addresses on the web are not. Exit code 1 where something is wrong.

    \b
    Examples:
      desk kb lint
      desk kb lint -o github
    """
    from desk.render.findings import findings_text, summary
    from desk.services.checks import lint_articles
    from desk.services.configuration import path_in_repository

    refuse_as_of(run, "lint looks at the files as they are now")
    form = text_format(run, CHECK_FORMATS)
    desk = run.desk
    result = lint_articles(desk)
    prefix = path_in_repository(desk.root)
    run.answer(
        findings_text(
            form, "desk.kb-lint/1", result.articles, result.findings, prefix, result.unreadable
        )
    )
    run.say(summary(result.articles, result.findings))
    if not result.is_clean:
        click.get_current_context().exit(1)


for _part in (
    *(new_article_command, edit_article_command, _list, _show, _search, _suggest),
    *(link_articles_command, _lint, _stale),
):
    kb_command.add_command(_part)
