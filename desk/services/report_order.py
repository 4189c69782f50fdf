"""In which order the rows of a report stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from desk.domain.fields import FIELD, STATUSES
from desk.domain.report.groups import Key
from desk.domain.report_words import CLOCK
from desk.domain.settings import Settings
from desk.domain.sla import CLOCKS
from desk.domain.words import natural_key
from desk.services.report_rows import CREATED
from desk.services.report_values import Group


def closed_set(settings: Settings, by: str) -> tuple[str, ...]:
    """Return every value of a grouping that has but a few, else none."""
    sets: dict[str, Callable[[], tuple[str, ...]]] = {
        "policy": lambda: tuple(dict.fromkeys(policy.name for policy in settings.policies)),
        "priority": lambda: tuple(settings.priorities),
        "status": lambda: STATUSES,
        "type": lambda: FIELD["type"].values,
        "resolution": lambda: FIELD["resolution"].values,
        "level": lambda: tuple(settings.levels),
        "team": lambda: tuple(settings.teams),
        CLOCK: lambda: CLOCKS,
    }
    return sets[by]() if by in sets else ()


def active_agents(settings: Settings) -> tuple[str, ...]:
    """Return the handles of those who take tickets, and have not left."""
    people = settings.people.values()
    return tuple(each.handle for each in people if each.active and each.is_agent)


def ordered(
    settings: Settings, by: Sequence[str], keys: Iterable[Key], sizes: Mapping[Key, float]
) -> list[Key]:
    """Return keys in order: the values of a closed set in its own, those of time one after the
    other, all others by their size, the greatest first; none comes last."""
    places = [
        {value: place for place, value in enumerate(closed_set(settings, name))} for name in by
    ]
    together: dict[Key, float] = {}
    for key, size in sizes.items():
        for depth in range(1, len(key) + 1):
            together[key[:depth]] = together.get(key[:depth], 0) + size

    def part(key: Key, depth: int) -> tuple[object, ...]:
        value, known = key[depth], places[depth]
        has_order = bool(known) or by[depth] in CREATED
        size = 0 if has_order else -together.get(key[: depth + 1], 0)
        return not value, known.get(value, len(known)), size, natural_key(value)

    return sorted(keys, key=lambda key: [part(key, depth) for depth in range(len(key))])


def sorted_groups(settings: Settings, sort: str, groups: Sequence[Group]) -> list[Group]:
    """Return rows in the order of a metric or a grouping (`-` before it: downward; "": as they
    are); what is not known comes last either way."""
    if not sort:
        return [*groups]
    name = sort.removeprefix("-")
    is_down = name != sort
    places = {value: place for place, value in enumerate(closed_set(settings, name))}

    def is_known(group: Group) -> bool:
        return bool(group.key.get(name)) or group.metrics.get(name) is not None

    def key(group: Group) -> tuple[object, ...]:
        value = group.key.get(name, "")
        return places.get(value, len(places)), natural_key(value), group.metrics.get(name, 0)

    known = sorted(filter(is_known, groups), key=key, reverse=is_down)
    return [*known, *(group for group in groups if not is_known(group))]
