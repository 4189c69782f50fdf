"""Pages of reports: never larger than a mail may carry, however large the help desk is."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.domain.report.catalogue import BUILT_IN
from desk.domain.report.metric import Figure
from desk.domain.report.periods import Period
from desk.domain.ticket import Fields
from desk.render.html.lists import Lists
from desk.render.html.page import Setting
from desk.render.html.reports import MOST_ROWS, reports_page
from desk.services.outlines import Outline
from desk.services.report_values import Group, Report
from desk.services.service_levels import NOTHING_PROMISED
from desk.services.ticket_lists import TicketList, rows_of_each

NOW = datetime(2026, 11, 22, 9, 34, 35, tzinfo=UTC)
SETTING = Setting("ACME IT", UTC, "UTC", NOW)
ROWS = 500
TICKET = Outline(
    "tickets/2026/11/HD-2611-7K3QX.md",
    Fields(
        {
            "id": "HD-2611-7K3QX",
            "title": "A printer on the third floor jams " * 3,
            "priority": "P2",
            "assignee": "maria.lopez",
            "status": "waiting",
        }
    ),
    NOTHING_PROMISED,
    None,
    1,
)


def a_report(name: str, by: str) -> Report:
    metrics = BUILT_IN["agents"].metrics
    figures: dict[str, Figure] = dict.fromkeys(metrics, 12345)
    groups = tuple(
        Group({by: f"value {number}"}, figures, figures, f"{by}:{name}-{number}")
        for number in range(ROWS)
    )
    return Report(
        name=name,
        title=name,
        base="agents",
        query_text="",
        commit="",
        period=Period(None, None),
        compared=Period(None, None),
        as_of=NOW,
        metrics=metrics,
        groupings=(by,),
        groups=groups,
        totals=figures,
        previous=figures,
        behind={},
        is_empty=False,
        unreadable=(),
    )


def test_a_page_stays_small() -> None:
    reports = [a_report(name, "company") for name in BUILT_IN]
    queries = [group.query for report in reports for group in report.groups[:MOST_ROWS]]
    shown = (TICKET,) * rows_of_each(2 * len(queries))
    lists = {query: TicketList(query, 10_000, shown) for query in queries}
    page = reports_page(reports, dict.fromkeys(BUILT_IN, "what it shows"), lists, SETTING)
    assert len(page.encode()) < 3_000_000
    assert page.count('<section id="t') == len(queries) + 1
    assert f"{ROWS - MOST_ROWS} more rows: desk report agents -o csv" in page
    assert f"{10_000 - len(shown):,} more; the command above shows all." in page


def test_what_leads_to_tickets_leads_to_one_list_of_them() -> None:
    found = {"one": TicketList("one", 1, (TICKET,)), "none": TicketList("none", 0, ())}
    lists = Lists(found)
    assert [lists.href(query, query) for query in ("none", "one", "unknown")] == ["", "#t1", ""]
    assert lists.href("one", "another heading") == "#t1"
    assert [*lists.items()] == [("one", found["one"])]


def test_many_bars_lead_to_few_lists() -> None:
    report = a_report("agents", "company")
    page = reports_page([report], {"agents": "what it shows"}, {}, SETTING)
    assert 'id="tickets"' not in page
    assert 'href="#t' not in page.replace('href="#top"', "")
