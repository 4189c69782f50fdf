"""The words of reports: what rows can be grouped by, and what can be counted in each."""

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

MEASURES = {
    "tickets": "how many tickets there are",
    "open": "how many of them are live",
    "done": "how many of them are resolved or closed",
    "breached": "how many have a promise that is broken, kept too late or not at all",
    "compliance": "the share of promises that were kept, of those whose clocks have ended",
    "first_response": "the median open time to the first response",
    "next_response": "the median open time to each later response",
    "ownership": "the median open time until somebody took it",
    "resolution_time": "the median open time to resolution",
    "replies": "how many answers were given",
    "reopens": "how often tickets came back",
    "escalations": "how often tickets were escalated",
    "handovers": "how often tickets went from one person to another",
    "worked_minutes": "the minutes of work logged",
    "rating": "the mean of the requesters' scores",
}
"""What the columns of a report can show."""


def is_grouping(name: str) -> bool:
    """Tell whether rows can be grouped by this: one of `GROUPINGS`, or a custom field."""
    custom = name.removeprefix("fields.")
    return name in GROUPINGS or (custom != name and CUSTOM_NAME.fullmatch(custom) is not None)
