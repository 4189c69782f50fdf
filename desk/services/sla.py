"""Service levels as use cases: how tickets stand, what is broken, and why something is due then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice

from desk.domain import ids
from desk.domain.calendar import Calendar
from desk.domain.days import Day
from desk.domain.explain import Move, Portion, Span, Terms, moves, portions, spans
from desk.domain.findings import Finding
from desk.domain.instants import format_instant, format_open
from desk.domain.patterns import pattern
from desk.domain.policy import Policy
from desk.domain.sla import CLOCKS, Clock, ClockName, State
from desk.domain.ticket import Ticket, Value
from desk.errors import Diagnostic, NotFound, Refused, UnknownName
from desk.services.desk import Desk
from desk.services.outlines import Outline, live_outlines
from desk.services.reading import Listing, find, found, read_some
from desk.services.service_levels import ServiceLevels, Standing
from desk.storage.ticket_store import Filed

FAILING: Mapping[str, tuple[State, ...]] = {
    "breached": ("breached",),
    "at-risk": ("breached", "at_risk"),
    "never": (),
}
"""What --fail-on can be, and the states of a clock that fail a check then."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A clock of a live ticket that is breached or at risk."""

    ticket: Outline
    policy: Policy
    name: ClockName
    clock: Clock

    @property
    def over_seconds(self) -> int:
        """Open time used beyond the target; negative while there is some left."""
        return -self.clock.remaining_seconds

    def finding(self, fail_on: str = "breached", zone: tzinfo | None = None) -> Finding:
        """Return it as checks tell of it that fail for such clocks: times in UTC, or in the `zone`
        of the people."""
        is_late = self.clock.state == "breached"
        clock = self.name.replace("_", " ")
        lasting = due = format_instant(self.clock.due) if self.clock.due else "unknown"
        if zone is not None and self.clock.due:
            due = self.clock.due.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        how = (
            f"was due {due}, {format_open(self.over_seconds)} over"
            if is_late
            else f"is due {due}, {format_open(-self.over_seconds)} left"
        )
        fields = self.ticket.fields
        who = fields.text("assignee") or "nobody"
        return Finding(
            f"{self.name}-{self.clock.state}".replace("_", "-"),
            "error" if is_late and fail_on != "never" else "warning",
            self.ticket.path,
            self.ticket.status_line,
            1,
            f"{fields.id} {clock} {how} ({who}): {fields.title}",
            lasting=f"due {lasting}",
            is_let_pass=self.clock.state not in FAILING[fail_on],
        )


@dataclass(frozen=True, slots=True)
class SlaCheck:
    """What a check of the clocks found: live tickets looked at, clocks by state, and those that are
    breached or at risk, by due. `fail_on` is one of `FAILING`."""

    as_of: datetime
    checked: int
    counts: dict[str, int]
    breaches: tuple[Breach, ...]
    unreadable: tuple[Diagnostic, ...]
    fail_on: str = "breached"

    def findings(self, zone: tzinfo | None = None) -> list[Finding]:
        """Return the breaches, then what could not be read, as checks tell of them."""
        unread = [Finding.of(problem) for problem in self.unreadable]
        return [*(breach.finding(self.fail_on, zone) for breach in self.breaches), *unread]

    @property
    def is_clean(self) -> bool:
        """Whether nothing fails the check; an unreadable ticket does whatever `fail_on` says."""
        failing = FAILING[self.fail_on]
        return not self.unreadable and not any(
            breach.clock.state in failing for breach in self.breaches
        )


def check(desk: Desk, query_text: str = "", fail_on: str = "breached") -> SlaCheck:
    """Look at the clocks of all live tickets that a query finds."""
    outlines = live_outlines(desk, query_text)
    counts = dict.fromkeys(("breached", "at_risk", "paused", "running", "met", "missed"), 0)
    breaches = []
    for each in outlines.tickets:
        standing = each.standing
        for name, clock in standing.clocks.items():
            if clock is None:
                continue
            counts[clock.state] += 1
            if clock.state in ("breached", "at_risk") and standing.policy is not None:
                breaches.append(Breach(each, standing.policy, name, clock))
    breaches.sort(key=_by_due)
    checked, unreadable = len(outlines.tickets), outlines.unreadable
    return SlaCheck(desk.now, checked, counts, tuple(breaches), unreadable, fail_on)


def _by_due(breach: Breach) -> tuple[bool, datetime, str, int]:
    due, fields = breach.clock.due, breach.ticket.fields
    place = CLOCKS.index(breach.name)
    return due is None, due or fields.created, fields.id, place


def status(desk: Desk, words: Sequence[str], query_text: str) -> Listing:
    """Return the tickets that `words` name; where there are none, or one of them names no ticket,
    those that the query finds, by due.

    NotFound or Refused for an ID that is meant as one: a whole one, one that names several
    tickets, one whose file cannot be read; and for a single word that finds nothing either.
    """
    are_names = bool(words) and all(map(_WORD.fullmatch, words))
    if are_names and not (unknown := [word for word in words if not _is_known(desk, word)]):
        named = tuple(found(desk, each) for each in read_some(desk, words))
        return Listing(named, len(named), ())
    if are_names and any(ids.is_id(ids.normalise(word)) for word in unknown):
        read_some(desk, words)
    listing = find(desk, query_text)
    if are_names and len(words) == 1 and not listing.total:
        read_some(desk, words)
    return listing


_WORD = pattern(r"[\w-]+")


def _is_known(desk: Desk, word: str) -> bool:
    """Tell whether a word names a ticket, or several, or one that cannot be read."""
    try:
        desk.store.find(word)
    except NotFound:
        return False
    except Refused:
        return True
    return True


MOST_AHEAD = 10
"""How many days an explanation goes through before it says that there are more."""


@dataclass(frozen=True, slots=True)
class ClockStory:
    """One clock with the spans that add up to what it shows. `ahead` is how what is left of it
    lies over the coming days, up to a due of another day or, if there is more, the first."""

    name: ClockName
    clock: Clock | None
    spans: tuple[Span, ...]
    pause_in: tuple[str, ...]
    ahead: tuple[Portion, ...] = ()
    has_more_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a ticket's clocks show what they show."""

    ticket: Ticket
    standing: Standing
    tried: tuple[tuple[Policy, bool], ...]
    stories: tuple[ClockStory, ...] = ()
    moves: tuple[Move, ...] = ()
    calendar: Calendar | None = field(default=None, compare=False)


def explain(desk: Desk, given: Sequence[str]) -> list[Explanation]:
    """Say which policy each ticket falls under and why, and add its clocks up span by span."""
    return [_explained(desk, filed) for filed in read_some(desk, given)]


def _explained(desk: Desk, filed: Filed) -> Explanation:
    ticket = filed.ticket
    levels = desk.levels
    standing = levels.standing(ticket, desk.now)
    tried = tuple(_tried(desk, standing))
    policy = standing.policy
    if policy is None or not policy.targets:
        return Explanation(ticket, standing, tried)
    calendar = levels.calendar(policy.calendar_name)
    stories = tuple(
        _story(name, standing.clocks.get(name), ticket, policy, calendar, desk.now)
        for name in CLOCKS
        if name in policy.targets
    )
    return Explanation(ticket, standing, tried, stories, _moves(desk, filed, levels), calendar)


def _story(
    name: ClockName,
    clock: Clock | None,
    ticket: Ticket,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
) -> ClockStory:
    pause_in = tuple(sorted(policy.pause_in.get(name, ())))
    if clock is None:
        return ClockStory(name, None, (), pause_in)
    told = spans(ticket.log, policy, calendar, name, now)
    if clock.ended_at is not None or clock.due is None or _is_one_day(now, clock.due, calendar):
        return ClockStory(name, clock, told, pause_in)
    coming = portions(calendar, now, clock.due)
    ahead = tuple(islice(coming, MOST_AHEAD))
    return ClockStory(name, clock, told, pause_in, ahead, next(coming, None) is not None)


def _is_one_day(one: datetime, other: datetime, calendar: Calendar) -> bool:
    return one.astimezone(calendar.zone).date() == other.astimezone(calendar.zone).date()


def _tried(desk: Desk, standing: Standing) -> Iterable[tuple[Policy, bool]]:
    for policy in desk.settings.policies:
        is_it = policy is standing.policy
        yield policy, is_it
        if is_it:
            return


def _moves(desk: Desk, filed: Filed, levels: ServiceLevels) -> tuple[Move, ...]:
    ticket = filed.ticket
    unlogged = {key: value for key, value in ticket.values.items() if key in ("title", "requester")}

    def terms_of(told: Mapping[str, Value]) -> Terms | None:
        values = {**unlogged, **told}
        policy = levels.policy_of(values, desk.now)
        if policy is None or not policy.targets:
            return None
        priority = values.get("priority", "")
        calendar = levels.calendar(policy.calendar_name)
        return Terms(policy, calendar, priority if isinstance(priority, str) else "")

    return moves(ticket.log, terms_of, desk.settings.priorities, desk.now)


def calendar_year(desk: Desk, name: str, year: int) -> tuple[Calendar, tuple[Day, ...]]:
    """Return a calendar and every date of a year of it; UnknownName for a name that is none."""
    if name not in desk.settings.calendars:
        raise UnknownName("calendar", name, desk.settings.calendars)
    calendar = desk.levels.calendar(name)
    return calendar, calendar.days(year)
