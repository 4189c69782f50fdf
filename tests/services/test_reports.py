"""Reports over tickets of all kinds: sums, groups, and the same from the index and the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.facts import facts
from desk.domain.fields import DONE
from desk.domain.headings import new_entry
from desk.domain.ids import path_of
from desk.domain.replay import as_of
from desk.domain.report.catalogue import BUILT_IN
from desk.domain.report.metrics import METRICS
from desk.domain.report.periods import Period
from desk.domain.sla import CLOCKS
from desk.domain.ticket import Change, Ticket
from desk.services.desk import Desk
from desk.services.report_values import Report
from desk.services.reports import Wish, report
from desk.services.rows import row_of
from desk.storage.config_file import load_settings
from desk.storage.index import Index
from desk.storage.ticket_file import format_ticket
from desk.storage.ticket_store import Filed
from tests.builders import SLOWER
from tests.services.made_tickets import CLOCK, tickets

SETTINGS, _ = load_settings((Path(__file__).parents[2] / "config.yaml").read_bytes())
assert SETTINGS is not None
NOW = CLOCK + timedelta(days=2)
DESK = Desk(Path("/nowhere"), SETTINGS, NOW)
COUNTS = ("created", "resolved", "closed", "reopened", "backlog", "unassigned", "breached")

some_tickets = st.lists(tickets(), min_size=1, max_size=6, unique_by=lambda each: each.id)
instants = st.integers(-90_000, 3_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


def filed(made: Iterable[Ticket]) -> list[Filed]:
    return [Filed(path_of(each.id), each, b"") for each in made]


def from_index(made: list[Ticket], wish: Wish) -> Report:
    index = Index(Path(":memory:"), "test")
    index.add([row_of(each, DESK.levels) for each in filed(made)], ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.report_rows.answered", lambda desk, use: use(index))
        patch.setattr("desk.services.report_rows.known_to", known_to_all)
        found = report(DESK, wish)
    index.close()
    return found


def known_to_all(desk: Desk, index: Index, question: object) -> object:
    from desk.domain.query import Query, QueryContext, meaning
    from desk.storage.query_sql import Condition

    assert SETTINGS is not None
    context = QueryContext("", NOW, SETTINGS.zone, SETTINGS.query_names)
    return Condition(meaning(Query(), context), NOW), ()


def from_files(made: list[Ticket], wish: Wish, now: datetime = NOW) -> Report:
    files = [(path_of(each.id), format_ticket(each)) for each in made]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.services.past_rows._batches", lambda desk: [(files, [])])
        return report(replace(DESK, now=now, is_past=True), wish)


@SLOWER
@given(some_tickets, st.sampled_from([each for each in BUILT_IN if each != "kb"]), instants)
def test_the_index_and_the_files_say_the_same(
    made: list[Ticket], name: str, since: datetime
) -> None:
    for wish in (
        Wish(name),
        Wish(name, period=Period(since, None), by="priority"),
        Wish(name, period=Period(None, since), by="tags"),
    ):
        if BUILT_IN[name].no_by:
            wish = wish._replace(by="")
        assert from_index(made, wish) == from_files(made, wish)


@SLOWER
@given(some_tickets, instants, instants, st.sampled_from(["priority", "type", "company", "status"]))
def test_groups_add_up_to_the_totals(
    made: list[Ticket], since: datetime, until: datetime, by: str
) -> None:
    period = Period(min(since, until), max(since, until) + timedelta(seconds=1))
    counted = [name for name in METRICS if METRICS[name].unit in ("tickets", "times", "promises")]
    for name in BUILT_IN:
        if name == "volume" or BUILT_IN[name].no_by:
            continue
        found = from_index(made, Wish(name, period=period, by=by))
        for metric in set(counted) & {*found.metrics}:
            total = sum(group.metrics[metric] or 0 for group in found.groups)
            assert total == found.totals[metric], metric


@SLOWER
@given(some_tickets, instants, st.sampled_from(["day", "week", "month"]))
def test_volume_adds_up_to_the_summary(made: list[Ticket], since: datetime, every: object) -> None:
    assert every in ("day", "week", "month")
    period = Period(since, None)
    if since >= NOW:
        return
    volume = from_index(made, Wish("volume", period=period, every=every))
    summary = from_index(made, Wish("summary", period=period)).totals
    assert volume.totals == {name: summary[name] for name in volume.metrics}
    for name in ("created", "resolved", "reopened"):
        assert sum(group.metrics[name] or 0 for group in volume.groups) == summary[name]
    if volume.groups:
        assert volume.groups[-1].metrics["backlog"] == summary["backlog"]


@SLOWER
@given(some_tickets, instants)
def test_what_was_taken_is_known_without_the_steps_of_every_ticket(
    made: list[Ticket], since: datetime
) -> None:
    period = Period(min(since, NOW - timedelta(days=1)), None)
    found = from_index(made, Wish("agents", period=period))
    by_month = from_index(made, Wish("agents", period=period, every="month"))
    for metric in ("taken", "resolved", "reopened", "worked_seconds", "ratings"):
        total = sum(group.metrics[metric] or 0 for group in by_month.groups)
        assert total == found.totals[metric] == by_month.totals[metric]
    firsts = [
        next((at for at, _, is_owned in facts(each).steps if is_owned), None) for each in made
    ]
    start = period.since
    assert start is not None
    assert found.totals["taken"] == sum(at is not None and start <= at <= NOW for at in firsts)


@SLOWER
@given(some_tickets, instants)
def test_topics_and_hours_count_what_was_created(made: list[Ticket], since: datetime) -> None:
    period = Period(since, None)
    created = from_index(made, Wish("summary", period=period)).totals["created"]
    hours = from_index(made, Wish("hours", period=period))
    assert len(hours.groups) == 168
    assert sum(group.metrics["created"] or 0 for group in hours.groups) == created
    topics = from_index(made, Wish("topics", period=period))
    assert topics.totals["created"] == created
    assert created is not None
    for kind in ("category", "tags", "company"):
        rows = [group.metrics for group in topics.groups if kind in group.key]
        count = sum(row["created"] or 0 for row in rows)
        assert count >= created if kind == "tags" else count == created
        shares = [row["created_cumulative_share"] for row in rows]
        assert shares == sorted(shares, key=lambda each: each or 0)
        assert not created or shares[-1] == 1


@SLOWER
@given(some_tickets, instants)
def test_compliance_is_met_of_met_and_missed(made: list[Ticket], since: datetime) -> None:
    found = from_index(made, Wish("sla", period=Period(since, None))).totals
    by_clock = from_index(made, Wish("sla", period=Period(since, None), by="clock"))
    for clock in CLOCKS:
        met, missed = found[f"{clock}_met"] or 0, found[f"{clock}_missed"] or 0
        share = round(met / (met + missed), 4) if met + missed else None
        assert found[f"{clock}_compliance"] == share
    assert [group.key["clock"] for group in by_clock.groups] == [*CLOCKS]
    for group in by_clock.groups:
        of_clock = group.key["clock"]
        assert group.metrics["promises_met"] == found[f"{of_clock}_met"]
    assert by_clock.totals["promises_missed"] == sum(found[f"{c}_missed"] or 0 for c in CLOCKS)


@SLOWER
@given(some_tickets, instants)
def test_the_backlog_of_an_earlier_instant_is_what_was_live_then(
    made: list[Ticket], at: datetime
) -> None:
    """Up to an instant that is out: so, of the files as they were a second before."""
    at = min(at, NOW)
    backlog = from_index(made, Wish("backlog", period=Period(None, at))).totals
    then = [as_of(each, at - timedelta(seconds=1)) for each in made]
    live = [each for each in then if each is not None and each.status not in DONE]
    assert backlog["backlog"] == len(live)
    assert backlog["unassigned"] == sum(not each.text("assignee") for each in live)


def test_an_exchange_that_was_late_at_an_earlier_instant_was_broken_then() -> None:
    """Whatever became of it: it was answered afterwards, and another exchange is shown now."""
    begun = datetime(2026, 11, 2, 9, tzinfo=UTC)
    ticket = Ticket({"id": "HD-2611-7K3QF", "created": "2026-11-02T09:00:00Z"}, ())
    for days, by, verb in (
        (0, "maria@acme.example", "opened"),
        (0, "ana", "replied"),
        (1, "maria@acme.example", "wrote"),
        (9, "ana", "replied"),
        (9, "maria@acme.example", "wrote"),
        (10, "ana", "replied"),
    ):
        changes = (Change("status", "=", "open"),) if verb == "opened" else ()
        ticket = ticket.with_entry(new_entry(begun + timedelta(days=days), by, verb, changes))

    def broken(days: int) -> tuple[object, object]:
        period = Period(None, begun + timedelta(days=days))
        found = from_index([ticket], Wish("sla", period=period, by="policy")).totals
        return found["next_response_breached"], found["breached"]

    assert [broken(days) for days in (2, 8, 9, 10)] == [(0, 1), (1, 1), (1, 1), (0, 1)]


@SLOWER
@given(some_tickets)
def test_the_time_in_each_status_adds_up_to_the_time_to_resolution(made: list[Ticket]) -> None:
    for each in made:
        flow = from_index([each], Wish("flow")).totals
        wall = from_index([each], Wish("summary")).totals["resolution_wall_mean_seconds"]
        parts = [flow[name] for name in flow if name.startswith("time_in_")]
        if wall is None:
            assert set(parts) == {None}
        else:
            assert sum(part or 0 for part in parts) == wall


@SLOWER
@given(some_tickets, instants, st.sampled_from([None, "company:ACME"]))
def test_the_trend_is_what_volume_says(
    made: list[Ticket], since: datetime, query: str | None
) -> None:
    for period in (Period(since, None), Period(None, None), Period(None, since)):
        wish = Wish("summary", query or "", period, has_trend=True)
        trend = from_index(made, wish).trend if not query else from_files(made, wish).trend
        if trend is None:
            continue
        volume = Wish("volume", query or "", period, every=trend.every)
        groups = (from_files if query else from_index)(made, volume).groups
        for name in ("created", "resolved", "backlog"):
            assert getattr(trend, name) == tuple(each.metrics[name] for each in groups)


def test_every_metric_is_in_a_report_or_stands_for_one() -> None:
    shown = {name for each in BUILT_IN.values() for name in each.metrics}
    assert shown <= METRICS.keys()
    for name, metric in METRICS.items():
        assert name == metric.name
        assert metric.definition.endswith(".")
        assert metric.formula
        assert name.endswith("_seconds") == (metric.unit == "seconds")


def test_first_contact_is_one_answer_and_nothing_else() -> None:
    from tests.builders import a_ticket

    def rate(*words: str) -> object:
        made = a_ticket("resolved", words)
        there = replace(made, values={**made.values, "created": "2026-11-01T09:00:00Z"})
        return from_index([there], Wish("flow")).totals["first_contact_rate"]

    end = "ana replied status=resolved"
    assert rate(end) == 1
    assert rate("desk replied", end) == 1
    assert rate("ana replied", end) == 0
    assert rate("ana changed status=resolved") == 0
    assert (
        rate(
            "ana changed assignee=ana", "ana changed assignee=luis", "luis replied status=resolved"
        )
        == 0
    )
    assert rate(end, "ana changed status=open", "ana changed status=resolved") == 0
    assert datetime(2026, 11, 1, tzinfo=UTC) < NOW
