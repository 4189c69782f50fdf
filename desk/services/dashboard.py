"""The pages of a lead and of an agent: what stands on them, all from one state of the tickets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.domain.report import advice
from desk.domain.report.advice import Movement, Note
from desk.domain.report.behind import joined, resolved_instead, term_of, tickets_behind
from desk.domain.report.periods import Period, before, last_days
from desk.errors import Diagnostic, Refused, UnknownName, UsageError
from desk.services.day import Load, team_load
from desk.services.desk import Desk
from desk.services.indexing import one_look
from desk.services.outlines import Outline, live_outlines
from desk.services.report_values import Report
from desk.services.reports import Wish, refuse_reversed, report
from desk.services.ticket_lists import TicketList, rows_of_each, ticket_lists

DAYS = 30
"""Of so many days, today included, a dashboard is unless somebody says otherwise."""

_OLD = timedelta(days=90)
_MOST_TOPICS = 10


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What stands on a page. `who` is the agent whose page it is, "" for the lead's; `queue` has
    the tickets that are late or at risk, or all that are the agent's, by due. `resolved` has the
    query of what was resolved in each period of `days`; `topics` what came in by category, and
    `loads` who has how much, each with its query; `lists` the tickets behind each query."""

    who: str
    name: str
    query_text: str
    period: Period
    compared: Period
    as_of: datetime
    notes: tuple[Note, ...]
    now: advice.Now
    summary: Report
    days: Report
    resolved: Mapping[str, str]
    promises: Report
    backlog: Report
    topics: tuple[Movement, ...]
    loads: tuple[tuple[Load, str], ...]
    hours: Report
    low: tuple[int, str]
    queue: tuple[Outline, ...]
    lists: Mapping[str, TicketList]
    unreadable: tuple[Diagnostic, ...]


def lead_dashboard(desk: Desk, query_text: str = "", period: Period | None = None) -> Dashboard:
    """Return a lead's page, of all tickets or of those that a query finds, over a period (None: the
    last `DAYS` days); QueryError, UsageError."""
    with one_look(desk):
        return _Making(desk, query_text, period or _last_days(desk)).page()


def agent_dashboard(desk: Desk, who: str, period: Period | None = None) -> Dashboard:
    """Return the page of one person of the help desk (`@me`: whoever asks); UnknownName,
    Refused."""
    settings = desk.settings
    person = settings.person(desk.actor.sign if who == "@me" else who)
    if person is None or not person.is_agent:
        if who == "@me":
            raise Refused(f"you are {desk.actor.sign}, no agent here", "name one with --agent")
        known = [each.handle for each in settings.people.values() if each.is_agent and each.active]
        raise UnknownName("agent", who, known)
    with one_look(desk):
        made = _Making(desk, _assigned(person.handle), period or _last_days(desk))
        return made.page(person.handle, person.name)


def _last_days(desk: Desk) -> Period:
    return last_days(DAYS, None, desk.now, desk.settings.zone)


def _assigned(handle: str) -> str:
    return term_of("assignee", handle, ())


def by_due(tickets: Iterable[Outline]) -> list[Outline]:
    """Return tickets by what is due next or longest overdue; what nothing is due of by its age."""

    def key(each: Outline) -> tuple[bool, datetime]:
        due = each.standing.due
        return due is None, due.due if due else each.fields.created

    return sorted(tickets, key=key)


class _Making:
    """A page while it is made."""

    def __init__(self, desk: Desk, query_text: str, period: Period) -> None:
        if period.since is None:
            raise UsageError("a dashboard compares with the period before", "say --since too")
        refuse_reversed(period)
        if period.since >= desk.now:
            raise UsageError("the period has not begun", "choose an earlier --since")
        self.desk, self.query, self.period = desk, query_text, period
        self.compared = before(period, desk.now, desk.settings.zone)
        self.live = live_outlines(desk, query_text)
        self.now = _standing(self.live.tickets, desk.now)

    def page(self, who: str = "", name: str = "") -> Dashboard:
        """Return the page of an agent, or the lead's."""
        desk, period = self.desk, self.period
        summary = self._report("summary", compare=self.compared)
        days = self._report("volume")
        promises = self._report("sla", by="clock", compare=self.compared)
        topics = () if who else tuple(self._topics())
        loads = () if who else tuple(self._loads())
        low = self._behind(f"rating:1..2 {self._within('resolved')}")
        low_count = ticket_lists(desk, [low])[low].total
        queue = by_due(self.live.tickets)
        made = Dashboard(
            who=who,
            name=name,
            query_text=self.query,
            period=period,
            compared=self.compared,
            as_of=desk.now,
            notes=advice.in_order(
                [
                    *self._standing_notes(is_own=bool(who)),
                    *advice.load_note([(each.name, each.total, query) for each, query in loads]),
                    *advice.topic_notes(topics),
                    *_backlog_notes(summary, self._behind("is:open")),
                    *_promise_notes(promises),
                    *advice.rating_notes(summary.totals, summary.previous, low_count, low),
                ]
            ),
            now=self.now,
            summary=summary,
            days=days,
            resolved=dict(self._resolved(days)),
            promises=promises,
            backlog=self._report("backlog", by="priority"),
            topics=topics,
            loads=loads,
            hours=self._report("hours"),
            low=(low_count, low),
            queue=tuple(queue if who else (each for each in queue if _is_pressing(each))),
            lists={},
            unreadable=self.live.unreadable,
        )
        return replace(made, lists=self._lists(made))

    def _report(self, name: str, by: str = "", compare: Period | None = None) -> Report:
        return report(self.desk, Wish(name, self.query, self.period, by, None, compare))

    def _behind(self, query: str) -> str:
        return joined(self.query, query)

    def _within(self, what: str) -> str:
        return tickets_behind(what, self.period, self.desk.settings.zone)

    def _standing_notes(self, is_own: bool) -> Iterator[Note]:
        now = self.now._replace(late_unowned=0) if is_own else self.now
        for note in advice.standing_notes(now):
            if note.query != advice.UNANSWERED:
                note = note._replace(query=self._behind(note.query))
            yield note

    def _topics(self) -> Iterator[Movement]:
        """Yield what came in by category, what came in most or did before first."""
        found = self._report("summary", by="category", compare=self.compared)
        moved = [
            Movement(
                group.key["category"],
                int(group.previous["created"] or 0),
                int(group.metrics["created"] or 0),
                group.query,
            )
            for group in found.groups
        ]
        moved = [each for each in moved if each.now or each.before]
        yield from sorted(moved, key=lambda each: (-each.now, -each.before))[:_MOST_TOPICS]

    def _loads(self) -> Iterator[tuple[Load, str]]:
        found = team_load(self.desk, query_text=self.query)
        for each in sorted(found.people, key=lambda load: -load.total):
            yield each, self._behind(f"{_assigned(each.who)} is:open")

    def _resolved(self, days: Report) -> Iterator[tuple[str, str]]:
        """Yield each day, week or month with the query of what was resolved in it."""
        for group in days.groups:
            ((_, label),) = group.key.items()
            yield label, resolved_instead(group.query)

    def _lists(self, made: Dashboard) -> Mapping[str, TicketList]:
        queries = [
            *(note.query for note in made.notes),
            *(query for _, query in made.loads),
            *(group.query for group in made.backlog.groups),
            *(group.query for group in made.promises.groups),
            *(each.query for each in made.topics),
            *made.summary.behind.values(),
            *(group.query for group in made.days.groups),
            *made.resolved.values(),
        ]
        wanted = [query for query in queries if query not in ("", advice.UNANSWERED)]
        lists = dict(ticket_lists(self.desk, wanted))
        waiting = [each for each in made.queue if each.unanswered_at] if made.who else []
        waiting = waiting or [each for each in self.live.tickets if each.unanswered_at]
        waiting.sort(key=lambda each: each.unanswered_at or made.as_of)
        shown = waiting[: rows_of_each(len(lists))]
        lists[advice.UNANSWERED] = TicketList("", len(waiting), tuple(shown))
        return lists


def _is_pressing(ticket: Outline) -> bool:
    return ticket.standing.is_late or ticket.standing.is_at_risk


def _standing(live: Sequence[Outline], now: datetime) -> advice.Now:
    late = [each for each in live if each.standing.is_late]
    unowned = [each for each in live if not each.fields.text("assignee")]
    waiting = [each.unanswered_at for each in live if each.unanswered_at]
    first = min((each.fields.created for each in unowned), default=now)
    return advice.Now(
        live=len(live),
        late=len(late),
        late_unowned=sum(not each.fields.text("assignee") for each in late),
        at_risk=sum(each.standing.is_at_risk for each in live),
        unowned=len(unowned),
        oldest_unowned_seconds=_seconds(first, now),
        unanswered=len(waiting),
        longest_unanswered_seconds=_seconds(min(waiting, default=now), now),
        old=sum(now - each.fields.created >= _OLD for each in live),
    )


def _seconds(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds()))


def _backlog_notes(summary: Report, query: str) -> list[Note]:
    now, then = summary.totals["backlog"], summary.previous["backlog"]
    return advice.backlog_note(int(then or 0), int(now or 0), query)


def _promise_notes(promises: Report) -> list[Note]:
    name = "promises_compliance"
    return advice.promise_notes(
        (group.key["clock"], group.previous[name], group.metrics[name], group.query)
        for group in promises.groups
    )
