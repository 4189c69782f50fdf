"""Sweeping on the command line; what each rule does is tested with the service."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import LAPTOP, LEVELS, PRINTER, VPN
from tests.cli.files import commits, front, last_entry
from tests.conftest import CONFIG, Result, Shell


@pytest.fixture
def swept(make_desk: Callable[..., Shell], counted_ids: None) -> Shell:
    """A help desk with promises, an open ticket and a resolved one."""
    desk = make_desk("hd", CONFIG + LEVELS)
    desk("new", "VPN is down", "-p", "P1", "-r", "bob@acme.example")
    desk("new", "A new laptop", "-r", "bob@acme.example")
    desk("resolve", VPN)
    return desk


def test_a_sweep_escalates_by_the_clock_and_only_once(swept: Shell) -> None:
    late = "2026-11-22T10:34:35Z"
    assert swept("sweep", user="root", now="2026-11-22T10:34:34Z") == Result(
        0, "", "1 live ticket and 1 resolved looked at, nothing to do\n"
    )
    done = swept("sweep", user="root", now=late)
    assert done == Result(
        0,
        f"{PRINTER}\n",
        f"{PRINTER} VPN is down: Rule: resolution at 100%: escalate (team sysadmin, level L2)\n"
        "1 live ticket and 1 resolved looked at, 1 ticket changed\n",
    )
    assert last_entry(swept, PRINTER) == (
        "desk escalated team=sysadmin level=L2\n\nRule: resolution at 100%: escalate"
    )
    assert commits(swept)[0] == f"{PRINTER} sweep: VPN is down"
    assert swept("sweep", user="root", now=late).err.endswith("nothing to do\n")


def test_a_sweep_closes_what_has_long_been_resolved(swept: Shell) -> None:
    swept("sweep", f"id:{VPN}", user="root", now="2026-11-27T09:34:34Z")
    assert front(swept, VPN)["status"] == "resolved"
    swept("sweep", f"id:{VPN}", user="root", now="2026-11-27T09:34:35Z")
    assert front(swept, VPN)["status"] == "closed"
    assert last_entry(swept, VPN).startswith("desk changed status=closed\n")


def test_a_dry_sweep_writes_nothing_and_shows_the_diff(swept: Shell) -> None:
    before = swept.git("rev-parse", "HEAD")
    done = swept("sweep", "-n", user="root", now="2026-11-30T00:00:00Z")
    assert f"+++ b/tickets/2026/11/{PRINTER}.md" in done.out
    assert "+status: closed" in done.out
    assert "would" in done.err
    assert swept.git("rev-parse", "HEAD") == before
    assert swept.git("status", "--porcelain") == ""


def test_a_dry_sweep_needs_nobody_in_particular(swept: Shell) -> None:
    before = swept("sweep", "-n", user="root", now="2026-11-22T10:34:35Z")
    (swept.folder.parent / "home/.gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert swept("sweep", "-n", now="2026-11-22T10:34:35Z") == before
    assert swept("sweep", now="2026-11-22T10:34:35Z", code=4).out == ""


def test_a_sweep_in_json(swept: Shell) -> None:
    late = "2026-11-22T10:34:35Z"
    expected = {
        "schema": "desk.sweep/1",
        "as_of": late,
        "dry_run": True,
        "checked": {"live": 1, "resolved": 1},
        "changed": [PRINTER],
        "acts": [
            {
                "id": PRINTER,
                "title": "VPN is down",
                "rule": "Rule: resolution at 100%: escalate",
                "entry": {
                    "at": late,
                    "by": "desk",
                    "verb": "escalated",
                    "changes": {"team": "sysadmin", "level": "L2"},
                    "text": "Rule: resolution at 100%: escalate",
                },
            }
        ],
        "troubles": [],
        "unreadable": [],
    }
    assert json.loads(swept("sweep", "-n", "-o", "json", now=late).out) == expected
    done = swept("sweep", "-o", "json", user="root", now=late)
    assert json.loads(done.out) == {**expected, "dry_run": False}
    assert swept("sweep", "-n", "-o", "ids", now="2026-11-30T00:00:00Z").out == f"{VPN}\n"
    refused = swept("sweep", "-o", "csv", user="root", code=2)
    assert refused.err == ("desk: this command has no format `csv`; choose from plain, ids, json\n")


def test_an_agent_may_not_sweep(swept: Shell) -> None:
    refused = swept("sweep", code=4)
    assert refused.out == ""
    assert refused.err.startswith("desk: ana (agent) may not run `desk sweep`; ask an admin, ")


def test_a_broken_file_does_not_hide_the_others(swept: Shell) -> None:
    (swept.folder / f"tickets/2026/11/{LAPTOP}.md").write_text("nothing")
    done = swept("sweep", user="root", now="2026-11-30T00:00:00Z", code=1)
    assert sorted(done.out.split()) == [PRINTER, VPN]
    assert f"unreadable: tickets/2026/11/{LAPTOP}.md" in done.err


def test_a_ticket_that_cannot_be_written_does_not_hide_the_others(
    swept: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept("note", VPN, "-m", "x" * 3000)
    monkeypatch.setattr("desk.services.saving.MAX_TICKET_BYTES", 3000)
    done = swept("sweep", user="root", now="2026-11-30T00:00:00Z", code=1)
    assert done.out == f"{PRINTER}\n"
    assert f"{VPN} would be 3," in done.err
    assert front(swept, VPN)["status"] == "resolved"
