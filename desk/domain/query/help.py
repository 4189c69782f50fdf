"""The page on the query language, made from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desk.domain.query.fields import FLAGS, KINDS, QUERY_FIELDS, SYNTAX, QueryField

INTRODUCTION = """\
The same language in `list`, `export`, `sla`, `sweep`, views, policies and rules.
A list shows what is open unless its query speaks of the status."""

NOTES = """\
A date is all of its day, month or year in the workspace's time zone, a time of day all of its
minute; `-7d` is the moment seven days ago, so it stands in a range. `age:3d` is three days or more
but less than four, `age:3d..` three days or more.

A value outside a fixed set, or outside config.yaml's priorities and levels, is an error; any other
unknown value finds nothing.

On a command line, put a query in single quotes if it holds quotes, parentheses or `*`."""
"""What the tables do not say."""


def query_help() -> str:
    """Return the page as Markdown: the forms, every field with an example, what `is` may ask."""
    fields = [
        (f"`{_shown(field)}`", field.meaning, KINDS[field.kind], f"`{field.example}`")
        for field in QUERY_FIELDS
    ]
    sections = (
        "# Queries",
        INTRODUCTION,
        _table(("write", "to find tickets where"), [(f"`{form}`", m) for form, m in SYNTAX]),
        "## Fields",
        _table(("field", "meaning", "value", "example"), fields),
        "## What `is` may ask",
        _table(("write", "meaning"), [(f"`is:{flag}`", m) for flag, m in FLAGS.items()]),
        NOTES,
    )
    return "\n\n".join(sections) + "\n"


def _shown(field: QueryField) -> str:
    return f"{field.name}.<name>" if field.kind == "custom" else field.name


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
