"""Whose turn it is: an agent's day, the ticket to work on next, the team's load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from desk.domain.instants import parse_instant
from desk.domain.query import Query
from desk.domain.query.tree import Exact, Group, Has, Not, Term
from desk.domain.settings import Settings
from desk.domain.ticket import Ticket
from desk.domain.unanswered import unanswered
from desk.domain.words import natural_key
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.outlines import Outline, live_outlines
from desk.services.reading import Found, find
from desk.services.service_levels import DueClock
from desk.services.urgency import Choice, by_urgency, choice_of


@dataclass(frozen=True, slots=True)
class Day:
    """An agent's open tickets, each in the first group that fits, the most urgent first."""

    groups: tuple[tuple[str, tuple[Found, ...]], ...]
    unreadable: tuple[Diagnostic, ...]

    @property
    def tickets(self) -> list[Found]:
        """All of them, group by group."""
        return [each for _, group in self.groups for each in group]


def today(desk: Desk) -> Day:
    """Return the acting person's day."""
    me = desk.actor.sign
    person = desk.actor.person
    teams = person.teams if person else ()
    tomorrow = desk.now + timedelta(days=1)

    def is_mine(ticket: Ticket) -> bool:
        return ticket.text("assignee") == me

    def is_workable(ticket: Ticket) -> bool:
        return is_mine(ticket) and ticket.status in ("new", "open")

    def is_back(ticket: Ticket) -> bool:
        return (
            ticket.status == "hold"
            and bool(ticket.text("until"))
            and not _is_held(ticket, tomorrow)
        )

    tests: tuple[tuple[str, Callable[[Ticket], bool]], ...] = (
        ("To answer", lambda t: is_workable(t) and unanswered(t, desk.settings) is not None),
        ("To work on", is_workable),
        ("Back from hold", lambda t: is_mine(t) and is_back(t)),
        ("Waiting", is_mine),
        ("To take", lambda t: not t.text("assignee") and t.text("team") in teams),
    )
    live = find(desk, "", default_sort="sort:created", only_live=True, within=_of(me, teams))
    groups: dict[str, list[Found]] = {name: [] for name, _ in tests}
    for each in live.shown:
        name = next((name for name, test in tests if test(each.ticket)), None)
        if name:
            groups[name].append(each)
    return Day(
        tuple((name, by_urgency(group)) for name, group in groups.items() if group),
        live.unreadable,
    )


def _of(me: str, teams: Sequence[str]) -> Query:
    """Return the query for what is somebody's, and what nobody in their teams has taken."""
    mine = Term("assignee", (Exact(me),))
    if not teams:
        return Query(mine)
    queued = Group("and", (Not(Has("assignee")), Term("team", tuple(map(Exact, teams)))))
    return Query(Group("or", (mine, queued)))


def next_ticket(desk: Desk) -> tuple[Choice | None, tuple[Diagnostic, ...]]:
    """Return what the acting person should work on now, None where there is nothing; and the files
    that could not be read. What is on hold comes back when its date has come."""
    day = today(desk)
    candidates = (
        each
        for name, group in day.groups
        for each in group
        if name != "Waiting" and not _is_held(each.ticket, desk.now)
    )
    return choice_of(candidates), day.unreadable


def _is_held(ticket: Ticket, now: datetime) -> bool:
    until = ticket.text("until")
    return ticket.status == "hold" and bool(until) and parse_instant(until) > now


@dataclass(frozen=True, slots=True)
class Load:
    """What one person, or nobody in a team, has on the desk: live tickets by status, how many are
    of the most urgent priority, await an answer, or have broken a promise; the oldest, and the one
    that is due next (None: no clock runs)."""

    who: str
    name: str
    counts: dict[str, int] = field(default_factory=dict)
    urgent: int = 0
    to_answer: int = 0
    late: int = 0
    oldest: Outline | None = None
    next_due: Outline | None = None

    @property
    def total(self) -> int:
        """All of their live tickets."""
        return sum(self.counts.values())

    @property
    def due(self) -> DueClock | None:
        """The clock that is due next, or longest overdue."""
        return self.next_due.standing.due if self.next_due else None


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """The load of every person, and of every team's queue (tickets assigned to nobody). The
    person whose ticket is due first comes first; queues stay in the order of config.yaml."""

    people: tuple[Load, ...]
    queues: tuple[Load, ...]
    unreadable: tuple[Diagnostic, ...]


def team_load(desk: Desk, team: str = "", query_text: str = "") -> TeamLoad:
    """Return who has how much to do, in one team or in all; of the tickets that a query finds
    alone, if one is given. QueryError."""
    found = live_outlines(desk, query_text)
    live = [each for each in found.tickets if not team or each.fields.text("team") == team]
    settings = desk.settings
    by_person: dict[str, list[Outline]] = {
        person.handle: []
        for person in settings.people.values()
        if person.active and person.is_agent and (not team or team in person.teams)
    }
    by_team: dict[str, list[Outline]] = {name: [] for name in settings.teams if team in ("", name)}
    for each in live:
        if who := each.fields.text("assignee"):
            by_person.setdefault(who, []).append(each)
        else:
            by_team.setdefault(each.fields.text("team") or "no team", []).append(each)
    people = [
        _load(who, _name_of(who, settings), group, settings) for who, group in by_person.items()
    ]
    queues = [_load(name, name, group, settings) for name, group in by_team.items()]
    return TeamLoad(
        tuple(
            sorted(people, key=lambda load: (*_by_due(load), -load.total, natural_key(load.who)))
        ),
        tuple(queues),
        found.unreadable,
    )


def _by_due(load: Load) -> tuple[bool, datetime]:
    return load.due is None, load.due.due if load.due else datetime.max.replace(tzinfo=UTC)


def _name_of(handle: str, settings: Settings) -> str:
    person = settings.person(handle)
    return person.name if person else handle


def _load(who: str, name: str, group: list[Outline], settings: Settings) -> Load:
    counts: dict[str, int] = {}
    for each in group:
        counts[each.fields.status] = counts.get(each.fields.status, 0) + 1
    return Load(
        who,
        name,
        counts,
        sum(each.fields.text("priority") == settings.priorities[0] for each in group),
        sum(each.unanswered_at is not None for each in group),
        sum(each.standing.is_late for each in group),
        min(group, key=lambda each: each.fields.created, default=None),
        _first_due(group),
    )


def _first_due(group: list[Outline]) -> Outline | None:
    dated = [(due.due, each.fields.id, each) for each in group if (due := each.standing.due)]
    return min(dated)[2] if dated else None
