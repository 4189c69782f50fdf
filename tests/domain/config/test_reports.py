"""Reports of one's own in config.yaml."""

from __future__ import annotations

import pytest

from desk.domain.report.catalogue import BUILT_IN
from desk.domain.settings import ReportDefinition
from tests.domain.config import problems_in, settings_of


def test_reports_are_read_with_their_defaults() -> None:
    reports = """\
reports:
  load:
    name: Load
    summary: who has how much
    base: volume
    query: is:open or is:reopened
    by: [agent, fields.site]
    every: week
    columns: [created, backlog]
    sort: -created
  plain: {by: [month], sort: -month}
  clocks: {base: sla, by: [clock]}
"""
    assert settings_of(reports).reports == {
        "load": ReportDefinition(
            name="load",
            title="Load",
            base="volume",
            query_text="is:open or is:reopened",
            by=("assignee", "fields.site"),
            every="week",
            columns=("created", "backlog"),
            sort="-created",
            summary="who has how much",
        ),
        "plain": ReportDefinition("plain", "plain", by=("month",), sort="-month", summary="plain"),
        "clocks": ReportDefinition("clocks", "clocks", "sla", by=("clock",), summary="clocks"),
    }


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ("{by: [tema]}", "1:20: `reports.r.by`: unknown grouping `tema`; did you mean `team`?"),
        ("{by: [fields.]}", "unknown grouping `fields.`"),
        ("{by: [clock]}", "unknown grouping `clock`"),
        ("{base: sla, by: [clock, team]}", "unknown grouping `clock`"),
        ("{by: [agent, assignee]}", "`reports.r.by` names `agent` twice"),
        ("{by: [team, level, type, day]}", "`reports.r.by` are 4: 3 are the most"),
        (
            "{columns: [creatd]}",
            "1:25: `reports.r.columns`: unknown metric `creatd`; did you mean `created`?",
        ),
        ("{columns: []}", "`reports.r.columns` are none"),
        ("{columns: [created_share]}", "unknown metric `created_share`"),
        ("{base: kb}", "unknown report `kb`"),
        ("{base: sla, by: [clock], columns: [created]}", "rows of clocks have their own"),
        ("{columns: [created], sort: backlog}", "unknown metric or grouping `backlog`"),
        ("{sort: team}", "1:21: `reports.r.sort`: unknown metric or grouping `team`"),
        ("{sort: -}", "1:21: `reports.r.sort`: unknown metric or grouping `-`"),
        ("{base: volum}", "1:21: `reports.r.base`: unknown report `volum`; did you mean `volume`"),
        ("{every: year}", "1:22: `reports.r.every`: unknown period `year`"),
        ("{query: 'is:opne'}", "1:22: `reports.r.query`: `opne` "),
        ("{query: 'is:open sort:due'}", "`reports.r.query` sorts tickets"),
        ("{colour: red}", "`reports.r.colour` is no setting"),
        ("is:open", "`reports.r` must be a mapping, like {name: ...}"),
    ],
)
def test_what_is_wrong_with_a_report(report: str, problem: str) -> None:
    [found] = problems_in(f"reports: {{r: {report}}}")
    assert problem in found


@pytest.mark.parametrize("name", [*BUILT_IN, "explain", "SUMMARY"])
def test_no_report_is_called_like_one_of_desks_own(name: str) -> None:
    [found] = problems_in(f"reports: {{{name}: {{by: [team]}}}}")
    assert found == f"1:11: `reports.{name}` is a report of desk's own: take another name"


@pytest.mark.parametrize("name", ["a b", "-x", "--at", "a/b", "=x"])
def test_names_can_be_typed(name: str) -> None:
    [found] = problems_in(f"reports: {{{name!r}: {{by: [team]}}}}")
    assert "cannot be the name of a report" in found


def test_two_names_that_are_the_same_to_the_command_are_told() -> None:
    [found] = problems_in("reports: {top-ten: {by: [team]}, Top_Ten: {by: [team]}}")
    assert "`top-ten` and `Top_Ten` are the same to `desk report`" in found


def test_all_problems_are_told_at_once() -> None:
    found = problems_in("reports: {r: {by: [tema], columns: [creatd], base: volum, sort: x}}")
    assert len(found) == 4
