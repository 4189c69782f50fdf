"""What the shell offers while a word is being typed: IDs with titles, people, categories, queries.

A completion never complains: where it cannot know, it offers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from desk import clock
from desk.domain.fields import FIELD

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from desk.domain.settings import Settings

Complete: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"

_MOST = 200


def _settings(ctx: click.Context) -> Settings | None:
    from desk.errors import DeskError
    from desk.services.configuration import check_config

    try:
        return check_config(_start(ctx))[1]
    except (DeskError, OSError):
        return None


def _start(ctx: click.Context) -> Path:
    from desk.cli.run import Run

    at: click.Context | None = ctx
    while at is not None and not at.params.get("run_folder"):
        at = at.parent
    return Run(folder=at.params["run_folder"] if at else "").start


def _item(value: str, meaning: str) -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(value, help=meaning)


def _items(pairs: Iterable[tuple[str, str]], begun: str) -> list[CompletionItem]:
    return [
        _item(name, meaning)
        for name, meaning in pairs
        if name.casefold().startswith(begun.casefold())
    ][:_MOST]


def complete_ids(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the IDs of live tickets (to `reopen`, of done ones), with their titles; a beginning or
    an ending of the random part will do."""
    from desk.domain import ids
    from desk.domain.texts import visible
    from desk.errors import DeskError
    from desk.services.desk import open_desk
    from desk.services.reading import find

    query = "is:done sort:-updated" if ctx.info_name == "reopen" else "is:open sort:id"
    try:
        listing = find(open_desk(_start(ctx), clock.now()), query)
    except (DeskError, OSError):
        return []
    wanted = ids.normalise(incomplete)
    tickets = [each.ticket for each in listing.shown]
    offered = [
        ticket
        for ticket in tickets
        if not wanted or ticket.id.startswith(wanted) or ids.names(wanted, ticket.id)
    ]
    return [_item(ticket.id, visible(ticket.title)) for ticket in offered[:_MOST]]


def complete_people(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the handles of those who have not left, with their names."""
    return _items([("@me", "you"), *_people(_settings(ctx))], incomplete)


def _people(settings: Settings | None) -> list[tuple[str, str]]:
    if settings is None:
        return []
    return [(person.handle, person.name) for person in settings.people.values() if person.active]


def complete_assignees(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer IDs first; then people, and nobody."""
    settings = _settings(ctx)
    people = [("@me", "you"), ("nobody", "take it off everybody"), *_people(settings)]
    if ctx.params.get(param.name or ""):
        return _items(people, incomplete) + complete_ids(ctx, param, incomplete)
    return complete_ids(ctx, param, incomplete)


def complete_targets(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer levels, teams and people, where a ticket can be handed to."""
    settings = _settings(ctx)
    if settings is None:
        return []
    levels = [(level, team) for level, team in settings.levels.items()]
    teams = [(team, "team") for team in settings.teams]
    return _items([*levels, *teams, *_people(settings)], incomplete)


def complete_calendars(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the names of calendars."""
    settings = _settings(ctx)
    return _items(((name, "") for name in settings.calendars), incomplete) if settings else []


def complete_field(name: str) -> Complete:
    """Return what offers the values that a field of this help desk can have."""

    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        if name in ("assignee", "requester"):
            return complete_people(ctx, param, incomplete)
        settings = _settings(ctx)
        if settings is None:
            return []
        from desk.domain.editing import known_values

        if name == "tags":
            return []
        values = known_values(name, settings) or FIELD[name].values if name in FIELD else ()
        return _items([(value, "") for value in values], incomplete)

    return complete


def complete_slugs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the slugs of articles, with their titles."""
    from desk.domain.texts import visible
    from desk.errors import DeskError
    from desk.services.articles import readable
    from desk.services.desk import open_desk

    try:
        articles = readable(open_desk(_start(ctx), clock.now())).articles
    except (DeskError, OSError):
        return []
    return _items(
        ((each.article.slug, visible(each.article.title)) for each in articles), incomplete
    )


def complete_reports(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer desk's own reports, and those of this help desk."""
    from desk.domain.report.catalogue import EXPLAIN
    from desk.domain.texts import visible
    from desk.services.report_kinds import all_kinds

    kinds = [(kind.name, visible(kind.summary)) for kind in all_kinds(_settings(ctx))]
    return _items([*kinds, (EXPLAIN, "what a figure means")], incomplete)


def complete_query(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the fields, values and views of a query; values as the tickets have them where no
    setting names them."""
    settings = _settings(ctx)
    if settings is None:
        return []
    from desk.domain.query import completions
    from desk.domain.texts import visible

    found = completions(incomplete, settings.query_names, lambda field: _seen(ctx, field))
    return [_item(each.text, each.meaning) for each in found if visible(each.text) == each.text]


def _seen(ctx: click.Context, field: str) -> list[str]:
    """Return the most frequent values that tickets have of a field of the front matter."""
    from desk.errors import DeskError
    from desk.services.counting import GroupField, count_by
    from desk.services.desk import open_desk

    try:
        desk = open_desk(_start(ctx), clock.now())
        counts = count_by(desk, "is:open or is:done", GroupField(field, lambda found: ""))
    except (DeskError, OSError):
        return []
    return [value for value, _ in counts.values[:_MOST]]


def complete_columns(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer what a list can be grouped by."""
    from desk.render.columns import COLUMNS

    return _items(((name, "") for name in COLUMNS), incomplete)
