"""Values that people give for fields: checked against the help desk's own names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from desk.domain.fields import CHANNELS, FIELD, TYPES
from desk.domain.headings import is_custom_name
from desk.domain.people import Actor, assignee_named, requester_named
from desk.domain.settings import Settings
from desk.domain.texts import one_line
from desk.domain.ticket import Change, Ticket, Value, apply_changes, changes_between
from desk.errors import Refused, UnknownName, UsageError

MAX_LINE = 2_000
"""The longest single-line value, in characters."""


class Wishes(NamedTuple):
    """What somebody wants the fields to be, as typed: an empty text clears its field."""

    fields: Mapping[str, str] = {}
    tags: tuple[str, ...] = ()
    custom: Mapping[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wished for."""
        return not (self.fields or self.tags or self.custom)


def checked_value(key: str, given: str, settings: Settings, actor: Actor) -> str:
    """Return a field's value as the ticket holds it, its letters as the help desk writes them.

    UnknownName for a value outside a closed set; Refused for what no ticket may hold.
    """
    try:
        text = one_line(given)
    except ValueError as error:
        raise Refused(f"the {key} cannot be stored: {error}", "leave it out") from None
    if len(text) > MAX_LINE:
        raise Refused(
            f"the {key} is {len(text):,} characters long",
            f"{MAX_LINE:,} is the most; put long texts into the description",
        )
    if key == "assignee":
        return assignee_named(text, settings, actor)
    if key == "requester":
        return requester_named(text, settings, actor)
    if not text:
        if key in ("title", "type", "priority"):
            raise Refused(f"the {key} is empty", "a ticket needs one")
        return text
    known = known_values(key, settings)
    return _among(key, text, known) if known else text


def known_values(key: str, settings: Settings) -> tuple[str, ...]:
    """Return the closed set that a field's values come from here; none where any text will do."""
    if key in ("impact", "urgency"):
        place = 0 if key == "impact" else 1
        return tuple(dict.fromkeys(pair[place] for pair in settings.priority_matrix))
    return {
        "type": TYPES,
        "channel": CHANNELS,
        "priority": settings.priorities,
        "team": settings.teams,
        "level": tuple(settings.levels),
        "category": settings.categories,
    }.get(key, ())


def _among(key: str, text: str, known: Iterable[str]) -> str:
    by_folded = {name.casefold(): name for name in known}
    if text.casefold() not in by_folded:
        raise UnknownName(key, text, by_folded.values())
    return by_folded[text.casefold()]


def checked_tag(given: str) -> str:
    """Return a tag as the ticket holds it; Refused for one that no list could show plainly."""
    try:
        tag = one_line(given)
    except ValueError as error:
        raise Refused(f"a tag cannot be stored: {error}", "leave it out") from None
    if not tag or len(tag) > 100 or any(mark in tag for mark in ' ,"\n\t'):
        raise Refused(f"`{tag}` is no tag", "write a word, with hyphens in place of blanks")
    return tag


def checked_custom(name: str, value: str) -> str:
    """Return a custom field's value; Refused for a name or a value that no ticket may hold."""
    if not is_custom_name(name):
        raise Refused(
            f"`{name}` cannot name a custom field",
            "use letters, digits, `_`, `-` and `.`, a hundred at most",
        )
    if name in FIELD:
        raise UsageError(f"`{name}` is no custom field", "`desk help fields` tells how to set it")
    try:
        text = one_line(value)
    except ValueError as error:
        raise Refused(f"the field {name} cannot be stored: {error}", "leave it out") from None
    if len(text) > MAX_LINE:
        raise Refused(f"the field {name} is too long", f"{MAX_LINE:,} characters is the most")
    return text


def wished(
    before: Mapping[str, Value], wishes: Wishes, settings: Settings, actor: Actor
) -> dict[str, Value]:
    """Return the fields as somebody wants them, every value checked.

    A new impact or urgency brings the priority that the matrix has for the two, unless a priority
    is wished for as well.
    """
    changes = [
        Change(key, "=", checked_value(key, given, settings, actor))
        for key, given in wishes.fields.items()
    ]
    changes += [Change("tags", "+=", checked_tag(tag)) for tag in wishes.tags]
    changes += [
        Change(f"fields.{name}", "=", checked_custom(name, value))
        for name, value in wishes.custom.items()
    ]
    after = apply_changes(before, changes)
    if {"impact", "urgency"} & wishes.fields.keys() and "priority" not in wishes.fields:
        pair = (str(after.get("impact", "")), str(after.get("urgency", "")))
        if pair in settings.priority_matrix:
            after["priority"] = settings.priority_matrix[pair]
    return after


def edit_changes(
    ticket: Ticket, wishes: Wishes, settings: Settings, actor: Actor
) -> tuple[Change, ...]:
    """Return what the wishes change in a ticket."""
    return changes_between(ticket.values, wished(ticket.values, wishes, settings, actor))


def opening_values(wishes: Wishes, settings: Settings, actor: Actor) -> dict[str, Value]:
    """Return the fields of a new ticket, without `id` and `created`.

    What is not wished for: status new, type incident, the priority of the matrix or the last but
    one, the lowest level and its team, channel cli, and whoever runs the command as requester. A
    team alone brings the level that it serves, a level alone its team.
    """
    if "title" not in wishes.fields:
        raise UsageError("a ticket needs a title", "write `desk new What is wrong`")
    values: dict[str, Value] = {"status": "new", "type": "incident", "channel": "cli"}
    values |= {"requester": actor.address}
    values = wished(values, wishes, settings, actor)
    pair = (str(values.get("impact", "")), str(values.get("urgency", "")))
    values.setdefault("priority", settings.priority_for(*pair))
    if "team" in values:
        served = (level for level, team in settings.levels.items() if team == values["team"])
        level = next(served, "")
    else:
        level = str(values.get("level", "")) or next(iter(settings.levels), "")
        values |= {"team": settings.levels[level]} if level in settings.levels else {}
    if level:
        values.setdefault("level", level)
    return values
