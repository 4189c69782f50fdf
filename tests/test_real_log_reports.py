"""Every figure of the reports over the real log, worked out a second time from its rows.

Nothing of `desk` decides here what is expected: the rows are read with `csv`, durations, shares and
percentiles are reckoned with the standard library. The data are not ours to copy: where they are
absent these tests report themselves skipped.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from tests.conftest import Shell
from tests.test_real_log_sla import (
    DATA,
    DONE,
    END,
    LOG,
    OTHER,
    POLICIES,
    PRIORITIES,
    ROME,
    Case,
    cases,
    expected_sla,
    iso,
)

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="the data are not beside the repository")

Numbers = dict[str, Any]
DAY = 86_400
CLOCKS = ("first_response", "next_response", "ownership", "resolution")
POLICY_NAMES = ("one", "two", "three", "other")
PRIORITY_NAMES = ("P1", "P2", "P3", "P4")
BUCKETS = {
    "under_1_day": (0, 1),
    "1_to_7_days": (1, 7),
    "7_to_30_days": (7, 30),
    "30_to_90_days": (30, 90),
    "over_90_days": (90, 1_000_000),
}


@dataclass
class Told:
    """A case, with what else its rows tell: who had it and when, and its clocks."""

    case: Case
    takes: list[tuple[datetime, str]]
    sla: Numbers = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sla = expected_sla(self.case, END)
        self.created = self.case.steps[0][0]
        self.resolved = self.case.done_at

    @property
    def closed(self) -> datetime | None:
        """When it was closed, if it is."""
        return self.case.steps[-1][0] if self.case.status == "closed" else None

    @property
    def reopenings(self) -> list[datetime]:
        """When it went from done to not done."""
        steps = self.case.steps
        return [
            at
            for (_, before), (at, after) in pairwise(steps)
            if before in DONE and after not in DONE
        ]

    @property
    def handovers(self) -> int:
        """How often another took what somebody had."""
        people = [who for _, who in self.takes]
        return sum(a != b for a, b in pairwise(people))

    def status_before(self, at: datetime) -> str:
        """Return the status just before an instant, "" before it was there."""
        return ([""] + [status for when, status in self.case.steps if when < at])[-1]

    def spent(self, names: Iterable[str]) -> int:
        """Return the seconds in some statuses up to the last resolution."""
        assert self.resolved is not None
        steps = [*self.case.steps, (END, "")]
        total = timedelta()
        for (at, status), (after, _) in pairwise(steps):
            if status in names and at < self.resolved:
                total += min(after, self.resolved) - at
        return seconds(total)


def seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def all_told() -> list[Told]:
    takes: dict[str, list[tuple[datetime, str]]] = {}
    with LOG.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["Activity"] == "Take in charge ticket":
                text, form = row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f"
                when = datetime.strptime(text, form).replace(tzinfo=ROME).astimezone(UTC)
                takes.setdefault(row["Case ID"], []).append((when, row["Resource"]))
    return [Told(case, takes.get(case.name, [])) for case in cases(END).values()]


@dataclass(frozen=True)
class Span:
    """A period, as the command line gives it and as instants."""

    since: str
    until: str

    @property
    def start(self) -> datetime:
        return self._at(self.since) if self.since else datetime(1990, 1, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return self._at(self.until) if self.until else END + timedelta(seconds=1)

    @staticmethod
    def _at(text: str) -> datetime:
        year, month, day = [*map(int, text.split("-")), 1, 1][:3]
        return datetime(year, month, day, tzinfo=ROME).astimezone(UTC)

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    @property
    def options(self) -> list[str]:
        since = ["--since", self.since] if self.since else []
        return [*since, *(["--until", self.until] if self.until else [])]


def rounded(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def times(values: list[int], name: str) -> Numbers:
    """Return median, 90th percentile and mean; `quantiles` has the method of spreadsheets."""
    if not values:
        return {f"{name}_{kind}_seconds": None for kind in ("median", "p90", "mean")}
    exact = [Fraction(value) for value in values]
    tenths = quantiles(exact if len(exact) > 1 else exact * 2, n=10, method="inclusive")
    return {
        f"{name}_median_seconds": rounded(Fraction(tenths[4])),
        f"{name}_p90_seconds": rounded(Fraction(tenths[8])),
        f"{name}_mean_seconds": rounded(Fraction(sum(values), len(values))),
    }


def part(some: int, whole: int) -> float | None:
    return round(some / whole, 4) if whole else None


def live_at_end(told: list[Told], span: Span) -> list[Told]:
    return [each for each in told if each.status_before(span.end) not in ("", *DONE)]


def broken(each: Told, span: Span, clock: str) -> bool:
    """Tell whether a promise was past its due at the end of the period and had not ended."""
    found = each.sla[clock]
    if found is None or not found["due"]:
        return False
    then = min(span.end, END)
    ended = found["ended_at"]
    return bool(found["due"] < iso(then) and (ended is None or ended >= iso(span.end)))


def ended(told: list[Told], span: Span, clock: str) -> list[Numbers]:
    """Return the clocks that ended in a period."""
    found = [each.sla[clock] for each in told if each.sla[clock]]
    first, last = iso(span.start) or "", iso(span.end) or ""
    return [each for each in found if each["ended_at"] and first <= each["ended_at"] < last]


def unassigned(each: Told, span: Span) -> bool:
    return not any(at < span.end for at, _ in each.takes)


def counts(told: list[Told], span: Span) -> Numbers:
    return {
        "created": sum(span.has(each.created) for each in told),
        "resolved": sum(span.has(each.resolved) for each in told),
        "reopened": sum(span.has(at) for each in told for at in each.reopenings),
        "backlog": len(live_at_end(told, span)),
    }


def summary(told: list[Told], span: Span) -> Numbers:
    live = live_at_end(told, span)
    found = counts(told, span) | {
        "closed": sum(span.has(each.closed) for each in told),
        "unassigned": sum(unassigned(each, span) for each in live),
        "breached": sum(any(broken(each, span, clock) for clock in CLOCKS) for each in live),
        "ratings": 0,
        "rating_mean": None,
        "satisfied_share": None,
    }
    found |= times([], "first_response")
    # Nobody replies in this log: the first response is the first entry into done.
    firsts = []
    for each in told:
        first = next((at for at, status in each.case.steps if status in DONE), None)
        if first is not None and span.has(first):
            firsts.append(seconds(first - each.created))
    found |= times(firsts, "first_response_wall")
    clocks = ended(told, span, "resolution")
    found |= times([each["elapsed_seconds"] for each in clocks], "resolution")
    done = [each for each in told if span.has(each.resolved)]
    walls = [seconds(each.resolved - each.created) for each in done if each.resolved]
    found |= times(walls, "resolution_wall")
    for clock in CLOCKS:
        over = ended(told, span, clock)
        met = sum(map(is_met, over))
        found |= {f"{clock}_met": met, f"{clock}_missed": len(over) - met}
        found[f"{clock}_compliance"] = part(met, len(over))
    return found


def is_met(clock: Numbers) -> bool:
    return bool(clock["ended_at"] <= clock["due"])


def sla(told: list[Told], span: Span) -> Numbers:
    found: Numbers = {}
    live = live_at_end(told, span)
    for clock in CLOCKS:
        over = ended(told, span, clock)
        met = sum(map(is_met, over))
        found |= {
            f"{clock}_met": met,
            f"{clock}_missed": len(over) - met,
            f"{clock}_compliance": part(met, len(over)),
            f"{clock}_breached": sum(broken(each, span, clock) for each in live),
        }
    found["breached"] = sum(any(broken(each, span, clock) for clock in CLOCKS) for each in live)
    return found


def backlog(told: list[Told], span: Span) -> Numbers:
    live = live_at_end(told, span)
    ages = [seconds(min(span.end, END) - each.created) for each in live]
    return {
        "backlog": len(live),
        **{
            f"backlog_{name}": sum(low * DAY <= age < high * DAY for age in ages)
            for name, (low, high) in BUCKETS.items()
        },
        "backlog_oldest_seconds": max(ages, default=None),
        "unassigned": sum(unassigned(each, span) for each in live),
        "breached": sum(any(broken(each, span, clock) for clock in CLOCKS) for each in live),
    }


def flow(told: list[Told], span: Span) -> Numbers:
    done = [each for each in told if span.has(each.resolved)]
    count = len(done)

    def spent(*names: str) -> int | None:
        total = sum(each.spent(names) for each in done)
        return rounded(Fraction(total, count)) if count else None

    return {
        "resolved": count,
        "reopen_rate": part(sum(bool(each.reopenings) for each in done), count),
        "escalation_rate": part(0, count),
        "handover_rate": part(sum(each.handovers > 0 for each in done), count),
        "handovers": sum(each.handovers for each in done),
        "first_contact_rate": part(0, count),
        "time_in_new_mean_seconds": spent("new"),
        "time_in_open_mean_seconds": spent("open"),
        "time_in_waiting_mean_seconds": spent("waiting"),
        "time_in_hold_mean_seconds": spent("hold"),
        "time_in_done_mean_seconds": spent(*DONE),
    }


def policy_of(each: Told) -> str:
    return POLICIES.get(each.case.first["service_level"], OTHER)[0]


def priority_of(each: Told) -> str:
    return PRIORITIES[each.case.first["seriousness_2"]]


def company_of(each: Told) -> str:
    return each.case.first["customer"]


def team_of(each: Told) -> str:
    return each.case.first["workgroup"]


def category_of(each: Told) -> str:
    return each.case.first["product"]


def agent_of(each: Told) -> str | None:
    return each.case.assignee


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log, imported into a repository of its own once."""
    from desk.services.desk import open_desk
    from desk.services.importing import import_csv

    folder = tmp_path_factory.mktemp("reports")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    config = (DATA / "helpdesk_log.config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    import_csv(open_desk(folder, END, commits=False), LOG, DATA / "helpdesk_log.map.yaml")
    return folder


@pytest.fixture
def shell(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(imported, monkeypatch)


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return all_told()


def document(shell: Shell, *arguments: str) -> Numbers:
    found = json.loads(shell("report", *arguments, "-o", "json", now=str(iso(END))).out)
    assert found["schema"] == "desk.report/1"
    assert found["as_of"] == iso(END)
    assert isinstance(found, dict)
    return found


WHOLE, YEAR, MONTH = Span("", ""), Span("2012", "2013"), Span("2011-03", "2011-04")
CASES = [
    pytest.param(WHOLE, "", id="whole"),
    pytest.param(YEAR, "", id="year"),
    pytest.param(MONTH, "", id="month"),
    pytest.param(WHOLE, "Value 22", id="company"),
    pytest.param(YEAR, "Value 22", id="company-year"),
]


def chosen(told: list[Told], company: str) -> tuple[list[Told], list[str]]:
    if not company:
        return told, []
    return [each for each in told if company_of(each) == company], [f'company:"{company}"']


@pytest.mark.parametrize(("span", "company"), CASES)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("summary", summary, id="summary"),
        pytest.param("sla", sla, id="sla"),
        pytest.param("backlog", backlog, id="backlog"),
        pytest.param("flow", flow, id="flow"),
        pytest.param("volume", counts, id="volume"),
    ],
)
def test_the_totals(
    shell: Shell, told: list[Told], name: str, expected: Any, span: Span, company: str
) -> None:
    some, query = chosen(told, company)
    assert some
    found = document(shell, name, *query, *span.options)
    assert found["totals"] == expected(some, span)
    assert found["definitions"].keys() == found["totals"].keys()


@pytest.mark.parametrize(("span", "company"), CASES)
@pytest.mark.parametrize(
    ("by", "of", "all_values"),
    [
        ("policy", policy_of, POLICY_NAMES),
        ("priority", priority_of, PRIORITY_NAMES),
        ("team", team_of, ("Value 1", "Value 2", "Value 3", "Value 4")),
        ("agent", agent_of, ()),
        ("company", company_of, ()),
        ("category", category_of, ()),
    ],
)
def test_sla_and_backlog_by_groups(
    shell: Shell, told: list[Told], span: Span, company: str, by: str, of: Any, all_values: Any
) -> None:
    some, query = chosen(told, company)
    key = "assignee" if by == "agent" else by
    for name, expected in (("sla", sla), ("backlog", backlog), ("flow", flow)):
        found = document(shell, name, *query, *span.options, "--by", by)
        groups = {group["key"][key]: group["metrics"] for group in found["groups"]}
        assert len(groups) == len(found["groups"])
        by_value: dict[str | None, list[Told]] = {value: [] for value in all_values}
        for each in some:
            by_value.setdefault(of(each), []).append(each)
        wanted = {value: expected(group, span) for value, group in by_value.items()}
        shown = {
            value: figures
            for value, figures in wanted.items()
            if value in all_values or any(figures.values())
        }
        assert groups == shown


@pytest.mark.parametrize(("span", "company"), CASES)
def test_sla_by_clock(shell: Shell, told: list[Told], span: Span, company: str) -> None:
    some, query = chosen(told, company)
    found = document(shell, "sla", *query, *span.options, "--by", "clock")
    expected = sla(some, span)
    assert [group["key"] for group in found["groups"]] == [{"clock": clock} for clock in CLOCKS]
    for group in found["groups"]:
        clock = group["key"]["clock"]
        parts = ("met", "missed", "compliance", "breached")
        assert group["metrics"] == {
            f"promises_{each}": expected[f"{clock}_{each}"] for each in parts
        }


def months(first: datetime, end: datetime) -> list[tuple[str, Span]]:
    at = first.astimezone(ROME)
    found: list[tuple[str, Span]] = []
    year, month = at.year, at.month
    while True:
        after = (year + month // 12, month % 12 + 1)
        span = Span(f"{year}-{month:02d}", f"{after[0]}-{after[1]:02d}")
        if span.start >= end:
            return found
        found.append((f"{year}-{month:02d}", span))
        year, month = after


@pytest.mark.parametrize(("span", "company"), CASES)
def test_volume_month_by_month(shell: Shell, told: list[Told], span: Span, company: str) -> None:
    some, query = chosen(told, company)
    found = document(shell, "volume", *query, *span.options, "--every", "month")
    first = span.start if span.since else min(each.created for each in some)
    expected = {
        name: counts(some, each if each.end <= END else Span(each.since, ""))
        for name, each in months(first, min(span.end, END))
    }
    assert {group["key"]["month"]: group["metrics"] for group in found["groups"]} == expected
    for name in ("created", "resolved", "reopened"):
        whole = document(shell, "summary", *query, *span.options)["totals"][name]
        assert sum(group[name] for group in expected.values()) == whole


@pytest.mark.parametrize("every", ["day", "week"])
def test_volume_adds_up_and_its_backlog_is_what_came_less_what_went(
    shell: Shell, told: list[Told], every: str
) -> None:
    groups = document(shell, "volume", *YEAR.options, "--every", every)["groups"]
    assert len(groups) == (366 if every == "day" else 54)
    totals = counts(told, YEAR)
    for name in ("created", "resolved", "reopened"):
        assert sum(group["metrics"][name] for group in groups) == totals[name]
    for group in groups:
        since, text = group["key"][every], "%G-W%V-%u" if every == "week" else "%Y-%m-%d"
        given = f"{since}-1" if every == "week" else since
        start = datetime.strptime(given, text).replace(tzinfo=ROME)
        # A sum of a zone's own times stays at midnight, whatever the clocks do meanwhile.
        end = start + timedelta(days=7 if every == "week" else 1)
        end = min(end.astimezone(UTC), YEAR.end)
        live = sum(each.status_before(end) not in ("", *DONE) for each in told)
        assert group["metrics"]["backlog"] == live


def test_an_earlier_instant_gives_what_was_so_then(shell: Shell) -> None:
    """What the files tell of 2012, and what the index tells of it, of what cannot change later."""
    then = "2013-01-01T00:00:00+01:00"
    past = json.loads(
        shell("report", "backlog", "--as-of", then, "-o", "json", now=str(iso(END))).out
    )
    now = document(shell, "backlog", "--until", "2013")
    for name in ("backlog", *(f"backlog_{bucket}" for bucket in BUCKETS)):
        assert past["totals"][name] == now["totals"][name], name
    assert past["as_of"] == "2012-12-31T23:00:00Z"


def test_the_period_before_is_compared(shell: Shell, told: list[Told]) -> None:
    found = document(shell, "summary", *YEAR.options, "--compare", "previous")
    before = Span("2011", "2012")
    assert found["previous"] == {
        "since": iso(before.start),
        "until": iso(before.end),
        "totals": summary(told, before),
    }
    by = document(shell, "flow", "--by", "team", *YEAR.options, "--compare", "2011")
    for group in by["groups"]:
        some = [each for each in told if team_of(each) == group["key"]["team"]]
        assert group["previous"] == flow(some, before)


def test_csv_has_the_same_figures(shell: Shell) -> None:
    made = shell("report", "sla", "--by", "company", "-o", "csv", now=str(iso(END))).out
    rows = list(csv.DictReader(io.StringIO(made)))
    groups = document(shell, "sla", "--by", "company")["groups"]
    assert len(rows) == len(groups) > 100
    for row, group in zip(rows, groups, strict=True):
        assert row["company"] == group["key"]["company"]
        assert {name: row[name] for name in group["metrics"]} == {
            name: "" if value is None else str(value) for name, value in group["metrics"].items()
        }


def test_the_query_of_a_row_finds_its_tickets(shell: Shell) -> None:
    for group in document(shell, "flow", "--by", "policy", *YEAR.options)["groups"]:
        found = shell("list", group["query"], "-o", "ids", now=str(iso(END))).out.split()
        assert len(found) == group["metrics"]["resolved"]
    for group in document(shell, "volume", *YEAR.options, "--every", "month")["groups"]:
        found = shell(
            "list",
            group["query"],
            "status:new,open,waiting,hold,resolved,closed",
            "-o",
            "ids",
            now=str(iso(END)),
        ).out.split()
        assert len(found) == group["metrics"]["created"]


def agents(told: list[Told], span: Span) -> Numbers:
    promised = sla(told, span)
    met, missed = (sum(promised[f"{clock}_{part}"] for clock in CLOCKS) for part in _KEPT)
    done = [each for each in told if span.has(each.resolved)]
    return {
        **{name: counts(told, span)[name] for name in ("backlog", "resolved", "reopened")},
        "breached": promised["breached"],
        "promises_met": met,
        "promises_missed": missed,
        "promises_compliance": part(met, met + missed),
        "reopen_rate": part(sum(bool(each.reopenings) for each in done), len(done)),
        "taken": sum(span.has(each.takes[0][0]) for each in told if each.takes),
        # Nobody replies, notes work or rates in this log.
        "first_response_median_seconds": None,
        "worked_seconds": 0,
        "ratings": 0,
        "rating_mean": None,
    }


_KEPT = ("met", "missed")


@pytest.mark.parametrize(("span", "company"), CASES)
def test_agents(shell: Shell, told: list[Told], span: Span, company: str) -> None:
    some, query = chosen(told, company)
    found = document(shell, "agents", *query, *span.options)
    assert found["totals"] == agents(some, span)
    people = [f"agent-value-{number}" for number in range(1, 23)]
    shown = {group["key"]["assignee"]: group["metrics"] for group in found["groups"]}
    assert len(shown) == len(found["groups"])
    for who in (*people, None):
        expected = agents([each for each in some if agent_of(each) == who], span)
        if who in people or any(expected.values()):
            assert shown.pop(who) == expected
    assert shown == {}
    loads = [group["metrics"]["backlog"] for group in found["groups"] if group["key"]["assignee"]]
    assert loads == sorted(loads, reverse=True)


@pytest.mark.parametrize(("of", "kind"), [(category_of, "category"), (company_of, "company")])
def test_topics(shell: Shell, told: list[Told], of: Any, kind: str) -> None:
    found = document(shell, "topics", *YEAR.options)
    before = Span("2011", "2012")
    now = Counter(of(each) for each in told if YEAR.has(each.created))
    then = Counter(of(each) for each in told if before.has(each.created))
    rows = [group for group in found["groups"] if kind in group["key"]]
    assert {row["key"][kind] for row in rows} == {*now, *then}
    so_far = 0
    for row in rows:
        name, figures = row["key"][kind], row["metrics"]
        so_far += now[name]
        assert figures == {
            "created": now[name],
            "created_share": part(now[name], now.total()),
            "created_cumulative_share": part(so_far, now.total()),
            "created_change": now[name] - then[name],
        }
        assert row["previous"]["created"] == then[name]
        assert row["previous"]["created_share"] == part(then[name], then.total())
    amounts = [row["metrics"]["created"] for row in rows]
    assert amounts == sorted(amounts, reverse=True)
    assert so_far == found["totals"]["created"] == now.total()
    assert found["totals"]["created_change"] == now.total() - then.total()
    some = rows[:5]
    for row in some:
        listed = shell("list", row["query"], "-o", "ids", now=str(iso(END))).out.split()
        assert len(listed) == row["metrics"]["created"]


@pytest.mark.parametrize(("span", "company"), CASES)
def test_hours(shell: Shell, told: list[Told], span: Span, company: str) -> None:
    some, query = chosen(told, company)
    found = document(shell, "hours", *query, *span.options)
    there = [each.created.astimezone(ROME) for each in some if span.has(each.created)]
    count = Counter(at.strftime("%a %H").lower() for at in there)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    wanted = [(day, f"{hour:02d}") for day in days for hour in range(24)]
    assert [(each["key"]["weekday"], each["key"]["hour"]) for each in found["groups"]] == wanted
    assert [each["metrics"] for each in found["groups"]] == [
        {
            "created": count[f"{day} {hour}"],
            "created_share": part(count[f"{day} {hour}"], len(there)),
        }
        for day, hour in wanted
    ]
    assert found["totals"]["created"] == len(there)


def test_nobody_rated(shell: Shell) -> None:
    totals = document(shell, "csat", *YEAR.options)["totals"]
    assert (totals["ratings"], totals["rated_share"], totals["rating_mean"]) == (0, 0.0, None)
