"""The promises of one help desk: which policy a ticket falls under, and how its clocks stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from desk.domain.calendar import Calendar, HolidaysOf
from desk.domain.instants import instant_at
from desk.domain.policy import Policy
from desk.domain.query import Predicate, QueryContext, compile_predicate, parse_query
from desk.domain.settings import Settings
from desk.domain.sla import CLOCKS, Clock, ClockName, Courses, clocks, clocks_at, courses
from desk.domain.ticket import Ticket, Value
from desk.storage.holiday_package import holiday_dates


class DueClock(NamedTuple):
    """A clock that runs towards its due, or is past it."""

    name: ClockName
    due: datetime
    clock: Clock


_NO_CLOCKS: Mapping[ClockName, Clock | None] = dict.fromkeys(CLOCKS)


class Standing(NamedTuple):
    """How a ticket stands: its policy (None: nothing is promised) and its clocks (None: there is
    nothing to show)."""

    policy: Policy | None = None
    clocks: Mapping[ClockName, Clock | None] = _NO_CLOCKS

    @property
    def due(self) -> DueClock | None:
        """The clock that is due next, or longest overdue; None where none runs towards a due."""
        running = [
            DueClock(name, clock.due, clock)
            for name, clock in self.clocks.items()
            if clock is not None and clock.ended_at is None and clock.due is not None
        ]
        return min(running, key=lambda each: each.due, default=None)

    @property
    def states(self) -> dict[str, str]:
        """The state of each clock that has one."""
        return {name: clock.state for name, clock in self.clocks.items() if clock is not None}

    @property
    def is_late(self) -> bool:
        """Whether a promise is broken, and not ended yet."""
        return "breached" in self.states.values()

    @property
    def is_at_risk(self) -> bool:
        """Whether it will be late soon, and is not yet."""
        return "at_risk" in self.states.values() and not self.is_late


NOTHING_PROMISED = Standing()


class ServiceLevels:
    """Policies and calendars, made ready once and asked of every ticket.

    Calendars are built when first needed, and country holidays looked up then.
    """

    def __init__(self, settings: Settings, holidays: HolidaysOf = holiday_dates) -> None:
        self.settings = settings
        self._holidays = holidays
        self._policies: list[tuple[Policy, Predicate | None]] | None = None
        self._calendars: dict[str, Calendar] = {}

    def calendar(self, name: str) -> Calendar:
        """Return a calendar of config.yaml; KeyError for a name that is none."""
        if name not in self._calendars:
            mapping = self.settings.calendars[name]
            zoned = {"timezone": self.settings.timezone, **mapping}
            self._calendars[name] = Calendar.from_config(zoned, self._holidays)
        return self._calendars[name]

    def make_ready(self) -> None:
        """Do now what would be done for the first ticket: for processes that are about to be made
        of this one."""
        for name in self.settings.calendars:
            self.calendar(name)

    def policy_of(self, values: Mapping[str, Value], now: datetime) -> Policy | None:
        """Return the first policy whose `if` matches these fields of a ticket."""
        if self._policies is None:
            context = QueryContext("", now, self.settings.zone, self.settings.query_names)
            self._policies = [
                (policy, _predicate(policy.query_text, context))
                for policy in self.settings.policies
            ]
        for policy, matches in self._policies:
            if matches is None or matches(values):
                return policy
        return None

    def place_of(self, policy: Policy) -> int:
        """Return the place of a policy among all, from 0."""
        return next(n for n, each in enumerate(self.settings.policies) if each is policy)

    def standing(self, ticket: Ticket, now: datetime) -> Standing:
        """Return how a ticket stands at `now`."""
        policy = self.policy_of(ticket.values, now)
        if policy is None:
            return NOTHING_PROMISED
        if not policy.targets:
            return Standing(policy)
        found = clocks(
            ticket.log,
            policy,
            self.calendar(policy.calendar_name),
            now,
            ticket.text("priority"),
            self.settings.priorities,
        )
        return Standing(policy, found)

    def courses(self, ticket: Ticket) -> tuple[Policy | None, Courses | None]:
        """Return a ticket's policy, and all that its log says of the clocks, whatever the time is
        (None: nothing is promised)."""
        policy = self.policy_of(ticket.values, ticket.created)
        if policy is None or not policy.targets:
            return policy, None
        calendar = self.calendar(policy.calendar_name)
        priorities = self.settings.priorities
        return policy, courses(ticket.log, policy, calendar, ticket.text("priority"), priorities)

    def standing_of(self, place: int | None, found: Courses | None, now: datetime) -> Standing:
        """Return how a ticket stands at `now`, which no entry of its log is later than, by the
        place of its policy (`place_of`) and what its log says of the clocks."""
        if place is None:
            return NOTHING_PROMISED
        policy = self.settings.policies[place]
        if found is None:
            return Standing(policy)
        return Standing(policy, clocks_at(found, self.calendar(policy.calendar_name), now))

    def started_at(self, ticket: Ticket, clock: str, now: datetime) -> datetime:
        """Return when a clock that the ticket has began: of next_response its last exchange."""
        policy = self.policy_of(ticket.values, now)
        if policy is not None and policy.targets:
            calendar = self.calendar(policy.calendar_name)
            priorities = self.settings.priorities
            told = courses(ticket.log, policy, calendar, ticket.text("priority"), priorities, now)
            for name, course in told.clocks.items() if told else ():
                if name == clock and course is not None:
                    return instant_at(course.started_at)
        return ticket.created


def _predicate(query_text: str, context: QueryContext) -> Predicate | None:
    return compile_predicate(parse_query(query_text), context) if query_text else None
