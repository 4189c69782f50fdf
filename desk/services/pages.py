"""What stands on a page of reports: the reports, and the tickets behind every row."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from desk.domain.report.behind import resolved_instead
from desk.domain.report.catalogue import BuiltIn
from desk.errors import Diagnostic, Refused
from desk.services.desk import Desk
from desk.services.indexing import one_look
from desk.services.report_kb import knows_articles
from desk.services.report_kinds import all_kinds, kind_named
from desk.services.report_values import Report, goes_by_periods
from desk.services.reports import Wish, report
from desk.services.side_by_side import side_by_side
from desk.services.ticket_lists import TicketList, ticket_lists
from desk.storage.files import TOP
from desk.storage.kb_file import FOLDER
from desk.storage.page_file import write_page
from desk.storage.root import CONFIG

MOST_LISTED = 100
"""Of so many rows of a report, at most, the tickets stand on the page."""


class ReportPage(NamedTuple):
    """Reports, what each shows in words, the tickets behind each query that they lead to, and the
    files that could not be read."""

    reports: tuple[Report, ...]
    summaries: Mapping[str, str]
    lists: Mapping[str, TicketList]
    unreadable: tuple[Diagnostic, ...]


def report_page(desk: Desk, names: Sequence[str], wish: Wish) -> ReportPage:
    """Return the reports of these names, or all that can be told of the instant: each as `wish`
    asks for it. Where all reports are asked for, those that go by periods are shown without the
    comparison. NotFound, UsageError, QueryError."""
    wanted = [kind_named(desk.settings, name) for name in names] or [
        kind for kind in all_kinds(desk.settings) if kind.name != "kb" or knows_articles(desk)
    ]
    with one_look(desk):
        wishes = [_wish_for(kind, wish, len(wanted)) for kind in wanted]
        reports = tuple(side_by_side(desk, wishes, lambda each: report(desk, each)))
        lists = ticket_lists(desk, _queries(reports))
    summaries = {kind.name: kind.summary for kind in wanted}
    unreadable = dict.fromkeys(each for report in reports for each in report.unreadable)
    return ReportPage(reports, summaries, lists, tuple(unreadable))


def _wish_for(kind: BuiltIn, wish: Wish, count: int) -> Wish:
    wish = wish._replace(name=kind.name)
    if count == 1:
        return wish
    if kind.is_by_period or kind.every:
        wish = wish._replace(compare=None)
    if kind.no_by:
        wish = wish._replace(by="")
    if kind.no_every:
        wish = wish._replace(every=None)
    return wish


def _queries(reports: Sequence[Report]) -> list[str]:
    found: list[str] = []
    for each in reports:
        found += each.behind.values()
        found += [group.query for group in each.groups[-MOST_LISTED:]]
        found += [group.query for group in each.groups[:MOST_LISTED]]
        if goes_by_periods(each) and "resolved" in each.metrics:
            found += [resolved_instead(group.query) for group in each.groups[-MOST_LISTED:]]
    return [query for query in found if query]


def save_page(desk: Desk, path: Path, text: str) -> None:
    """Write a page to a file; OutsideError. Refused for one of the help desk's own, or of Git's."""
    target = Path(os.path.realpath(path))
    repository = desk.repository
    places = [desk.root / name for name in (CONFIG, TOP, FOLDER)]
    for place in (*places, repository.git_dir, repository.common_dir):
        own = Path(os.path.realpath(place))
        if own == target or own in target.parents:
            raise Refused(f"{path} belongs to the help desk itself", "name another file")
    write_page(path, text)
