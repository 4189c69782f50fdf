"""Every clock of the real log, worked out a second time from its rows by other means.

Nothing of `desk` decides here what is expected: the rows are read with `csv`, the policies are
chosen by hand, and time is counted by walking through the openings of the office, one after the
other. The data are not ours to copy: where they are absent these tests report themselves skipped.
"""

from __future__ import annotations

import csv
import json
import subprocess
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Shell

DATA = Path(__file__).parents[1].parent / "shared" / "data"
LOG = DATA / "helpdesk_log.csv"
END = datetime(2014, 1, 4, tzinfo=UTC)
MIDDLE = datetime(2012, 7, 9, 9, 30, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
HOUR = 3_600

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="the data are not beside the repository")

# What helpdesk_log.config.yaml says, by hand.

HOLIDAYS = {
    date.fromisoformat(day)
    for day in (
        *("2010-04-05", "2010-06-02", "2010-12-08", "2011-04-25", "2011-06-02", "2011-08-15"),
        *("2011-11-01", "2011-12-08", "2011-12-26", "2012-01-06", "2012-04-09", "2012-04-25"),
        *("2012-05-01", "2012-08-15", "2012-11-01", "2012-12-25", "2012-12-26", "2013-01-01"),
        *("2013-04-01", "2013-04-25", "2013-05-01", "2013-08-15", "2013-11-01", "2013-12-25"),
        *("2013-12-26", "2014-01-01"),
    )
}
HALF_DAYS = {date(2012, 12, 24), date(2013, 12, 24)}
MORNING, AFTERNOON = (time(9), time(13)), (time(14), time(18))

POLICIES = {
    "Value 1": ("one", 4 * HOUR, 16 * HOUR),
    "Value 2": ("two", 8 * HOUR, 40 * HOUR),
    "Value 3": ("three", 16 * HOUR, 80 * HOUR),
}
OTHER = ("other", 24 * HOUR, 160 * HOUR)
PRIORITIES = {"Value 1": "P3", "Value 2": "P2", "Value 3": "P1", "Value 4": "P4"}

STATUSES = {
    "Take in charge ticket": "open",
    "Wait": "waiting",
    "Resolve ticket": "resolved",
    "Closed": "closed",
}
DONE = ("resolved", "closed")


def openings() -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the office was open, in UTC, in order."""
    day = date(2010, 1, 1)
    while day < date(2016, 1, 1):
        spans = [MORNING, AFTERNOON] if day.weekday() < 5 and day not in HOLIDAYS else []
        for start, end in [MORNING] if day in HALF_DAYS else spans:
            yield (
                datetime.combine(day, start, ROME).astimezone(UTC),
                datetime.combine(day, end, ROME).astimezone(UTC),
            )
        day += timedelta(days=1)


OPENINGS = list(openings())
CLOSINGS = [end for _, end in OPENINGS]


def open_parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Walk from one instant to another: yield when each piece of open time began, and its length
    in seconds."""
    for opened, closed in OPENINGS[bisect_left(CLOSINGS, start) :]:
        if opened >= end:
            return
        first, last = max(opened, start), min(closed, end)
        if first < last:
            yield first, round((last - first).total_seconds())


@dataclass
class Case:
    """A ticket as its rows tell it: the statuses it took on, and when; the first is `new`."""

    name: str
    first: Mapping[str, str]
    steps: list[tuple[datetime, str]]
    owned_at: datetime | None
    assignee: str | None

    @property
    def status(self) -> str:
        return self.steps[-1][1]

    @property
    def done_at(self) -> datetime | None:
        """When the present span of done began, None for a live ticket."""
        found = None
        for at, status in self.steps:
            found = (found or at) if status in DONE else None
        return found

    @property
    def title(self) -> str:
        first = self.first
        return f"{first['product']}: {first['service_type']} ({self.name})"


def cases(now: datetime) -> dict[str, Case]:
    """Read the rows, those up to `now`, as cases."""
    found: dict[str, Case] = {}
    with LOG.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        names = next(reader)
        for cells in reader:
            # Of the two columns `Variant` only the last survives, and neither is needed.
            row = dict(zip(names, cells, strict=True))
            text, form = row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f"
            at = datetime.strptime(text, form).replace(tzinfo=ROME).astimezone(UTC)
            if at > now:
                continue
            name = row["Case ID"]
            case = found.setdefault(name, Case(name, row, [(at, "new")], None, None))
            status = STATUSES.get(row["Activity"])
            if status is None:
                continue
            if status == "open":
                case.assignee = "agent-" + row["Resource"].lower().replace(" ", "-")
            if status == "open" or status in DONE:
                case.owned_at = case.owned_at or at
            case.steps.append((at, status))
    return found


def expected_clock(
    case: Case, target: int, end: datetime | None, stopped_in: tuple[str, ...], now: datetime
) -> dict[str, object]:
    """Walk through a clock from the opening of the case to its end, or to now."""
    until = end or now
    used, due = 0, None
    stops = [at for at, _ in case.steps[1:]] + [now]
    for (at, status), stop in zip(case.steps, stops, strict=True):
        if at >= until and at > case.steps[0][0]:
            break
        if status in stopped_in:
            continue
        for start, seconds in open_parts(at, min(stop, until)):
            if due is None and used + seconds >= target:
                due = start + timedelta(seconds=target - used)
            used += seconds
    is_stopped = end is None and case.status in stopped_in
    if due is None and not is_stopped:
        left = target - used
        for start, seconds in open_parts(until, OPENINGS[-1][1]):
            if seconds >= left:
                due = start + timedelta(seconds=left)
                break
            left -= seconds
    if end is not None:
        assert due is not None
        state = "met" if end <= due else "missed"
    elif due is not None and due < now:
        state = "breached"
    elif is_stopped:
        state, due = "paused", None
    else:
        state = "at_risk" if used * 4 >= target * 3 else "running"
    return {
        "state": state,
        "due": iso(due),
        "ended_at": iso(end),
        "target_seconds": target,
        "elapsed_seconds": used,
        "remaining_seconds": target - used,
    }


def expected_sla(case: Case, now: datetime) -> dict[str, object]:
    policy, ownership, resolution = POLICIES.get(case.first["service_level"], OTHER)
    return {
        "policy": policy,
        "calendar": "office",
        "first_response": None,
        "next_response": None,
        "ownership": expected_clock(case, ownership, case.owned_at, DONE, now),
        "resolution": expected_clock(
            case, resolution, case.done_at, ("waiting", "hold", *DONE), now
        ),
    }


def iso(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log, imported into a repository of its own once."""
    from desk.services.desk import open_desk
    from desk.services.importing import import_csv

    folder = tmp_path_factory.mktemp("real")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    config = (DATA / "helpdesk_log.config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    desk = open_desk(folder, END, commits=False)
    result = import_csv(desk, LOG, DATA / "helpdesk_log.map.yaml")
    assert len(result.ids) == 4_580
    return folder


@pytest.fixture
def shell(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(imported, monkeypatch)


@pytest.mark.parametrize(
    ("now", "count", "states"),
    [
        (END, 4_580, {"met", "missed", "breached", "paused"}),
        (MIDDLE, 3_502, {"met", "missed", "breached", "paused", "at_risk", "running"}),
    ],
    ids=["end", "middle"],
)
def test_the_export_agrees_on_every_clock(
    shell: Shell, now: datetime, count: int, states: set[str]
) -> None:
    lines = shell("export", "-o", "jsonl", "--as-of", str(iso(now))).out.splitlines()
    exported = {item["external_id"]: item for item in map(json.loads, lines)}
    expected = cases(now)
    assert exported.keys() == expected.keys()
    assert len(expected) == count

    for name, case in expected.items():
        item = exported[name]
        assert item["sla"] == expected_sla(case, now), name
        assert (item["created"], item["status"]) == (iso(case.steps[0][0]), case.status), name
        ends = (iso(case.owned_at), iso(case.done_at))
        assert (item["owned_at"], item["resolved_at"]) == ends, name

    clocks = [
        item["sla"][name] for item in exported.values() for name in ("ownership", "resolution")
    ]
    assert {clock["state"] for clock in clocks} == states


@pytest.mark.parametrize(("now", "live"), [(END, 12), (MIDDLE, 31)], ids=["end", "middle"])
def test_the_check_agrees_on_every_live_ticket(shell: Shell, now: datetime, live: int) -> None:
    as_of = str(iso(now))
    document = json.loads(shell("sla", "check", "-o", "json", "--as-of", as_of, code=1).out)
    counts: Counter[str] = Counter()
    findings = []
    looked_at = 0
    for case in cases(now).values():
        if case.status in DONE:
            continue
        looked_at += 1
        sla = expected_sla(case, now)
        for name in ("ownership", "resolution"):
            clock = sla[name]
            assert isinstance(clock, dict)
            counts[clock["state"]] += 1
            if clock["state"] in ("breached", "at_risk"):
                findings.append(
                    {
                        "title": case.title,
                        "priority": PRIORITIES[case.first["seriousness_2"]],
                        "assignee": case.assignee,
                        "team": case.first["workgroup"],
                        "policy": sla["policy"],
                        "clock": name,
                        "state": clock["state"],
                        "due": clock["due"],
                        "over_seconds": clock["elapsed_seconds"] - clock["target_seconds"],
                    }
                )
    assert looked_at == live
    assert (document["schema"], document["as_of"]) == ("desk.sla-check/1", as_of)
    assert (document["checked"], document["unreadable"]) == (live, [])
    assert {state: count for state, count in document["counts"].items() if count} == counts

    told = document["findings"]
    assert [each["due"] for each in told] == sorted(each["due"] for each in told)
    for each in told:
        ticket_id, path = each.pop("id"), each.pop("path")
        assert path.endswith(f"/{ticket_id}.md")
        assert each["title"] in (shell.folder / path).read_text(encoding="utf-8")

    def key(finding: Mapping[str, object]) -> tuple[str, str]:
        return str(finding["title"]), str(finding["clock"])

    assert sorted(told, key=key) == sorted(findings, key=key)
