"""Printing what a query found, in every format that lists have."""

from __future__ import annotations

from collections.abc import Sequence

from desk.cli.run import Run
from desk.domain.texts import visible
from desk.errors import Diagnostic
from desk.render.columns import columns_named
from desk.render.sentences import count_words
from desk.services.reading import Found, Listing


def print_list(run: Run, listing: Listing, form: str, by: str = "") -> None:
    """Print a list; what could not be read, and what was cut off, is told on stderr."""
    if by:
        _print_groups(run, listing, form, by)
    else:
        print_found(run, listing.shown, form, listing.unreadable)
    hidden = listing.total - len(listing.shown)
    if hidden:
        run.say(f"{hidden:,} more of {count_words(listing.total, 'ticket')}: --limit 0 shows all")
    elif not listing.total and form == "table":
        run.say("no ticket matches")
    warn_unreadable(run, listing.unreadable)


def warn_unreadable(run: Run, unreadable: Sequence[Diagnostic]) -> None:
    """Tell which files could not be read; no command passes over them in silence."""
    run.warn(f"unreadable: {problem}" for problem in unreadable)


def print_found(
    run: Run, found: Sequence[Found], form: str, unreadable: Sequence[Diagnostic] = ()
) -> None:
    """Print tickets in one of the formats."""
    if form in ("json", "jsonl", "csv", "ids"):
        print_machine(run, found, unreadable, form)
        return
    from desk.render import lists

    columns = columns_named(run.fields)
    if form == "table":
        if found:
            run.answer(lists.table(found, columns, run.desk.now, run.width, run.has_color))
    elif form == "md":
        run.answer(lists.markdown_list(found, columns, run.desk.now))
    else:
        run.answer(lists.plain_list(found, columns))


def print_machine(
    run: Run,
    found: Sequence[Found],
    unreadable: Sequence[Diagnostic],
    form: str,
    is_one: bool = False,
) -> None:
    """Print tickets for programs; `is_one` is `show`, which adds the log."""
    from desk.render.machine import tickets_text

    run.answer(tickets_text(found, unreadable, form, run.fields, is_one))


def _print_groups(run: Run, listing: Listing, form: str, by: str) -> None:
    column = columns_named(by)[0]
    groups: dict[str, list[Found]] = {}
    for each in listing.shown:
        groups.setdefault(column.plain(each), []).append(each)
    if form in ("table", "plain", "md"):
        from desk.render.lists import markdown_words

        for name in sorted(groups):
            title = visible(name) or "none"
            head = f"## {markdown_words(title)}" if form == "md" else title
            run.answer(f"{head} ({len(groups[name])})")
            print_found(run, groups[name], form)
            run.answer("\n" if name != max(groups) else "")
        return
    print_found(run, [each for name in sorted(groups) for each in groups[name]], form)
