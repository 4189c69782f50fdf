"""The words of reports: what rows can be grouped by."""

from __future__ import annotations

from desk.domain.fields import FIELD
from desk.domain.headings import CUSTOM_NAME

GROUPINGS = {
    **{
        name: FIELD[name].meaning
        for name in (
            *("type", "status", "resolution", "priority", "impact", "urgency", "requester"),
            *("company", "assignee", "team", "level", "category", "tags", "channel"),
        )
    },
    "policy": "the policy that covers it",
    "day": "the date on which it was created",
    "week": "the week (ISO 8601) in which it was created",
    "month": "the month in which it was created",
    "quarter": "the quarter in which it was created",
    "year": "the year in which it was created",
}
"""What the rows of a report can stand for, and `fields.<name>` besides."""


CLOCK = "clock"
"""The grouping whose rows are clocks: of promises, not of tickets."""

AGENT = "agent"
"""What else people call the assignee."""


def as_grouping(given: str) -> str:
    """Return the grouping that somebody means, "" where it is none: one of `GROUPINGS`, or a custom
    field."""
    name = given
    if not name.startswith("fields."):
        name = name.casefold().replace("-", "_")
        name = "assignee" if name == AGENT else name
    return name if is_grouping(name) else ""


def is_grouping(name: str) -> bool:
    """Tell whether rows can be grouped by this: one of `GROUPINGS`, or a custom field."""
    custom = name.removeprefix("fields.")
    return name in GROUPINGS or (custom != name and CUSTOM_NAME.fullmatch(custom) is not None)
