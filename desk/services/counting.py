"""How many tickets a query finds, altogether or by the values of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from desk.domain.fields import FIELD, STATUSES
from desk.domain.instants import parse_instant
from desk.domain.settings import Settings
from desk.domain.ticket import Fields
from desk.domain.words import natural_key
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.reading import Found, asked, find, matching
from desk.storage.index import Index

INSTANTS = ("updated", "first_response_at", "owned_at", "resolved_at", "closed_at", "due")
"""The columns beside the front matter's that are instants."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets were found; how many have each value ("": none), in the order of
    `value_order`, or else the most frequent first; and the files that could not be read."""

    total: int
    values: tuple[tuple[str, int], ...]
    unreadable: tuple[Diagnostic, ...]


class GroupField(NamedTuple):
    """What tickets are grouped by: a name as lists have it, and the text of its column."""

    name: str
    plain: Callable[[Found], str]

    def values(self, found: Found) -> tuple[str, ...]:
        """Return the values of a ticket, each element of a list; of an instant the day, in the
        workspace's zone. There is always one, if need be "" for none."""
        zone = found.desk.settings.zone
        if self.is_front_matter:
            return _front_matter(found.ticket, self.name, zone)
        text = self.plain(found)
        return (_day(text, zone) if self.name in INSTANTS else text,)

    @property
    def is_front_matter(self) -> bool:
        """Whether it is in the front matter, so that the index tells it without a look into the
        files."""
        return self.name in FIELD or self.name.startswith("fields.")


def value_order(name: str, settings: Settings) -> tuple[str, ...]:
    """Return the values of a field that has an order of its own, else none."""
    orders = {
        "status": STATUSES,
        "priority": settings.priorities,
        "level": tuple(settings.levels),
        "team": settings.teams,
    }
    return tuple(orders.get(name, FIELD[name].values if name in FIELD else ()))


def value_key(name: str, settings: Settings) -> Callable[[str], tuple[object, ...]]:
    """Return the key that sorts a field's values: by their order if they have one, days by date,
    else as people sort names; none comes last."""
    places = {value: place for place, value in enumerate(value_order(name, settings))}
    return lambda value: (not value, places.get(value, len(places)), natural_key(value))


def count(desk: Desk, query_text: str) -> Counts:
    """Count what a query finds; QueryError."""
    listing = find(desk, query_text, limit=1)  # the index counts the rest without reading it
    return Counts(listing.total, (), listing.unreadable)


def count_by(desk: Desk, query_text: str, by: GroupField) -> Counts:
    """Count what a query finds by the values of a field; QueryError. A ticket with several tags
    counts for each of them."""
    from desk.services.indexing import answered

    counts = None
    if by.is_front_matter:
        counts = answered(desk, lambda index: _count_rows(desk, index, query_text, by))
    if counts is not None:
        return counts
    listing = find(desk, query_text)
    return _counted(desk, by, map(by.values, listing.shown), listing.unreadable)


def _count_rows(desk: Desk, index: Index, query_text: str, by: GroupField) -> Counts | None:
    from desk.services.answering import known_to
    from desk.services.outlines import fields_of

    question = asked(desk, query_text)
    known = known_to(desk, index, question)
    if known is None:
        return None
    condition, ahead = known
    zone = desk.settings.zone

    def values() -> Iterator[tuple[str, ...]]:
        for *_, told in index.values(("is_live",), condition):
            yield _front_matter(fields_of(told), by.name, zone)
        yield from map(by.values, matching(desk, ahead, question))

    return _counted(desk, by, values(), index.problems())


def _counted(
    desk: Desk,
    by: GroupField,
    found: Iterable[tuple[str, ...]],
    unreadable: tuple[Diagnostic, ...],
) -> Counts:
    total = 0
    counted: Counter[str] = Counter()
    for values in found:
        total += 1
        counted.update(values)
    key = value_key(by.name, desk.settings)
    has_order = bool(value_order(by.name, desk.settings)) or _is_instant(by.name)
    pairs = sorted(
        counted.items(),
        key=lambda pair: (not pair[0], 0 if has_order else -pair[1], key(pair[0])),
    )
    return Counts(total, tuple(pairs), unreadable)


def _is_instant(name: str) -> bool:
    return name in INSTANTS or (name in FIELD and FIELD[name].kind == "instant")


def _front_matter(fields: Fields, name: str, zone: tzinfo) -> tuple[str, ...]:
    if name == "status":
        return (fields.status,)
    if name == "fields":
        return tuple(f"{key}={value}" for key, value in fields.custom.items()) or ("",)
    if name.startswith("fields."):
        return (fields.custom.get(name.removeprefix("fields."), ""),)
    if _is_instant(name):
        return (_day(fields.text(name), zone),)
    return fields.items(name) or (fields.text(name),)


def _day(text: str, zone: tzinfo) -> str:
    return f"{parse_instant(text).astimezone(zone):%Y-%m-%d}" if text else ""
