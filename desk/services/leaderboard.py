"""Who comes first: figures of reports, person by person, for teams that want to see them so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from desk.domain.report.badges import BADGES, Badge, Ranked, ranking
from desk.domain.report.catalogue import BuiltIn
from desk.domain.report.metric import Figure
from desk.domain.report.metrics import METRICS
from desk.domain.report.periods import Period
from desk.errors import Diagnostic, Refused
from desk.services.desk import Desk
from desk.services.report_making import Plan, made
from desk.storage.additions import additions
from desk.storage.kb_file import read_library

_NAMES = dict.fromkeys(name for badge in BADGES for name in (badge.metric, *badge.of))
_KIND = BuiltIn(
    "leaderboard",
    "who comes first",
    tuple(name for name in _NAMES if not METRICS[name].is_apart),
    by=("assignee",),
    base="agents",
    title="leaderboard",
)


class LeaderboardOff(Refused):
    """config.yaml does not ask for one."""

    def __init__(self) -> None:
        super().__init__(
            "this help desk keeps no leaderboard",
            "an admin turns it on with `leaderboard: true` in config.yaml",
        )


class Standings(NamedTuple):
    """A badge, and who stands where."""

    badge: Badge
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All badges in a period; `names` are those of the people."""

    period: Period
    query_text: str
    as_of: datetime
    standings: tuple[Standings, ...]
    names: Mapping[str, str]
    unreadable: tuple[Diagnostic, ...]


def leaderboard(desk: Desk, query_text: str, period: Period) -> Leaderboard:
    """Return who comes first, of those in `people` who answer: tickets count for whoever has them,
    articles for who wrote them. LeaderboardOff; QueryError."""
    if not desk.settings.leaderboard:
        raise LeaderboardOff
    report = made(Plan(desk, _KIND, query_text, period, _KIND.by, None, None))
    agents = [person for person in desk.settings.people.values() if person.is_agent]
    people: dict[str, dict[str, Figure]] = {person.handle: {} for person in agents}
    for group in report.groups:
        who = desk.settings.person(group.key["assignee"])
        if who is not None and who.handle in people:
            people[who.handle] = dict(group.metrics)
    for who_wrote in _writers(desk, period):
        if who_wrote in people:
            written = people[who_wrote].get("kb_written") or 0
            people[who_wrote]["kb_written"] = written + 1
    return Leaderboard(
        period,
        query_text,
        desk.now,
        tuple(Standings(badge, tuple(ranking(badge, people))) for badge in BADGES),
        {person.handle: person.name for person in agents},
        report.unreadable,
    )


def _writers(desk: Desk, period: Period) -> list[str]:
    """Return who wrote each article of the period, by handle."""
    there = {each.path for each in read_library(desk.root).articles}
    if not there:
        return []
    start, end = period.start(), period.end(desk.now)
    first: dict[str, tuple[datetime, str]] = {}
    for each in additions(desk.repository, "kb"):
        if each.path in there:
            first[each.path] = each.at, each.email  # the newest comes first: the last one stays
    found = []
    for at, email in first.values():
        who = desk.settings.person(email)
        if who is not None and start <= at.timestamp() < end:
            found.append(who.handle)
    return found
