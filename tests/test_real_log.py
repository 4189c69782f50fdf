"""The log of a real help desk, 21,348 rows of it, imported with its map.

The data are published for research and not ours to copy: without them beside the repository these
tests report themselves skipped.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.domain.facts import facts
from desk.domain.instants import parse_instant
from desk.domain.replay import differences
from desk.services.desk import open_desk
from desk.services.importing import ImportResult, import_csv
from tests.conftest import NOW, Shell

DATA = Path(__file__).parents[1].parent / "shared" / "data"
LOG = DATA / "helpdesk_log.csv"

pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="the data are not beside the repository")


def import_log(shell: Shell, commits: bool = True) -> ImportResult:
    desk = open_desk(shell.folder, parse_instant(NOW), is_dated=True, commits=commits)
    return import_csv(desk, LOG, DATA / "helpdesk_log.map.yaml")


def files_of(shell: Shell) -> dict[str, bytes]:
    return {
        str(path.relative_to(shell.folder)): path.read_bytes()
        for path in shell.folder.glob("tickets/*/*/*")
    }


def test_the_whole_log(make_desk: Callable[..., Shell]) -> None:
    config = (DATA / "helpdesk_log.config.yaml").read_text()
    shell, other = make_desk("one", config), make_desk("other", config)
    result = import_log(shell)
    assert (result.source, result.rows, result.entries) == ("helpdesk_log", 21_348, 25_928)
    assert (len(result.ids), result.known) == (4_580, 0)
    assert result.diagnostics == result.unreadable == ()
    assert result.unknown == ()

    assert shell.git("log", "--format=%s|%b").splitlines()[:1] == [
        "import 4580 tickets from helpdesk_log|Desk-Verb: import"
    ]
    assert shell.git("rev-list", "--count", "HEAD") == "2\n"
    assert shell.git("status", "--porcelain") == ""

    shelf = open_desk(shell.folder, parse_instant(NOW)).store.all()
    tickets = [filed.ticket for filed in shelf.tickets]
    assert shelf.unreadable == ()
    assert all(differences(ticket) == () for ticket in tickets)
    assert sum(len(ticket.log) for ticket in tickets) == 25_928
    statuses = {"closed": 4_558, "resolved": 10, "waiting": 9, "open": 3}
    assert Counter(ticket.status for ticket in tickets) == statuses
    reopens = [facts(ticket).reopens for ticket in tickets]
    assert (sum(reopens), sum(count > 0 for count in reopens)) == (161, 152)

    with LOG.open(encoding="utf-8", newline="") as stream:
        rows = Counter(row["Case ID"] for row in csv.DictReader(stream))
    assert {ticket.text("external_id"): len(ticket.log) - 1 for ticket in tickets} == rows

    before = files_of(shell)
    again = import_log(shell)
    assert (again.known, again.ids, again.entries) == (4_580, (), 0)
    assert shell.git("rev-list", "--count", "HEAD") == "2\n"

    import_log(other, commits=False)
    assert files_of(other) == before == files_of(shell)
