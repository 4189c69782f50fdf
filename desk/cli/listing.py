"""Printing what a query found, in every format that lists have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from desk.cli.paging import screen_lines
from desk.cli.run import Run
from desk.domain.texts import visible
from desk.errors import Diagnostic, UsageError
from desk.render.columns import DEFAULT, columns_named
from desk.render.sentences import count_words
from desk.services.reading import Found, Listing

if TYPE_CHECKING:
    from desk.services.counting import GroupField

_LINES_OF_A_GROUP = 3
"""Its name, the table's heading, a blank line."""

Groups = Sequence[tuple[str, Sequence[Found]]]


def screenful() -> int:
    """Return how many rows a terminal shows below a heading, with room for what is said."""
    return max(5, screen_lines() - 4)


def rows_wanted(limit: int | None, form: str) -> int:
    """Return how many rows are to be shown, 0 for all: what --limit says, else on a terminal a
    screenful."""
    if limit is not None:
        return limit
    return screenful() if form == "table" else 0


def say_cut_off(run: Run, shown: int, total: int, one: str = "ticket", many: str = "") -> None:
    """Tell how much of a list is not shown."""
    if shown < total:
        run.say(f"{total - shown:,} more of {count_words(total, one, many)}: --limit 0 shows all")


def print_list(
    run: Run, listing: Listing, form: str, by: str = "", limit: int | None = None
) -> None:
    """Print a list, of groups as much as `limit` says; what could not be read, and what was cut
    off, is told on stderr."""
    shown = len(listing.shown)
    if by:
        shown = _print_groups(run, listing, form, by, limit)
    else:
        print_found(run, listing.shown, form, listing.unreadable)
    say_cut_off(run, shown, listing.total)
    if not listing.total and form == "table":
        run.say("no ticket matches")
    warn_unreadable(run, listing.unreadable)


def cut_groups(groups: Groups, limit: int | None, form: str) -> Groups:
    """Return as many groups, and of the last one as many tickets, as are wanted: see
    `rows_wanted`."""
    left = rows_wanted(limit, form)
    if not left:
        return groups
    cost = 0 if limit is not None else _LINES_OF_A_GROUP
    kept: list[tuple[str, Sequence[Found]]] = []
    for name, group in groups:
        left -= cost
        shown = group[: max(left, 0 if kept else 1)]
        if not shown:
            break
        kept.append((name, shown))
        left -= len(shown)
    return kept


def warn_unreadable(run: Run, unreadable: Sequence[Diagnostic]) -> None:
    """Tell which files could not be read, and which are gone; no command passes over them in
    silence."""
    run.say_notices()
    run.warn(f"unreadable: {problem}" for problem in unreadable)


def print_found(
    run: Run,
    found: Sequence[Found],
    form: str,
    unreadable: Sequence[Diagnostic] = (),
    names: Sequence[str] = DEFAULT,
    marks: Mapping[str, str] | None = None,
) -> None:
    """Print tickets in one of the formats, with the columns of --fields or else of `names`; in a
    table with `marks`, by ID, before them."""
    if form in ("json", "jsonl", "csv", "ids"):
        print_machine(run, found, unreadable, form)
        return
    from desk.render import lists

    columns = columns_named(run.fields or ",".join(names))
    if form == "table":
        if found:
            now, yields = run.desk.now, not run.fields
            run.answer(lists.table(found, columns, now, run.width, run.has_color, yields, marks))
    elif form == "md":
        run.answer(lists.markdown_list(found, columns))
    else:
        run.answer(lists.plain_list(found, columns))


def print_heading(run: Run, heading: str, form: str) -> None:
    """Print what stands above a group: any text."""
    from desk.render.rows import markdown_words
    from desk.render.style import styled

    shown = visible(heading)
    if form == "md":
        run.answer(f"## {markdown_words(shown)}")
    else:
        run.answer(styled(shown, "bold" if form == "table" else "", run.has_color))


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


def print_counts(run: Run, query_text: str, by: str = "", limit: int | None = None) -> None:
    """Print how many tickets a query finds, `by` the values of a field if it is given."""
    from dataclasses import replace

    from desk.render.counts import FORMATS, counts_text
    from desk.services.counting import count, count_by

    form = run.format(FORMATS)
    if run.fields:
        raise UsageError("--count shows no fields", "leave --fields out")
    group = _group_field(by) if by else None
    counts = count_by(run.desk, query_text, group) if group else count(run.desk, query_text)
    kept = counts.values[: rows_wanted(limit, form) or None]
    name = group.name if group else ""
    run.answer(counts_text(replace(counts, values=kept), form, name, run.width, run.has_color))
    say_cut_off(run, len(kept), len(counts.values), "value")
    if name and not counts.total and form == "table":
        run.say("no ticket matches")
    warn_unreadable(run, counts.unreadable)


def _group_field(by: str) -> GroupField:
    from desk.services.counting import GroupField

    first, *others = columns_named(by)
    if others:
        raise UsageError("--by takes one field", f"leave out `{others[0].name}`")
    return GroupField(first.name, first.plain)


def _print_groups(run: Run, listing: Listing, form: str, by: str, limit: int | None) -> int:
    """Print the groups; return how many tickets they have."""
    from desk.services.counting import value_key

    field = _group_field(by)
    found: dict[str, list[Found]] = {}
    for each in listing.shown:
        found.setdefault(", ".join(field.values(each)), []).append(each)
    key = value_key(field.name, run.desk.settings)
    groups = cut_groups(sorted(found.items(), key=lambda group: key(group[0])), limit, form)
    everything = [each for _, group in groups for each in group]
    if form not in ("table", "plain", "md"):
        print_found(run, everything, form, listing.unreadable)
        return len(everything)
    names = [name for name in DEFAULT if name != field.name or form == "plain"]
    for place, (name, group) in enumerate(groups, 1):
        print_heading(run, f"{name or 'none'} ({len(found[name])})", form)
        print_found(run, group, form, names=names)
        run.answer("\n" if place < len(groups) else "")
    return len(everything)
