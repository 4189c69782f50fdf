"""Help desks for tests of the command line: IDs that count up, and one that many tests read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.clones import Clones
from tests.conftest import CONFIG, Shell, set_clean_environment

LEVELS = """\
calendars:
  always: {timezone: UTC, hours: {mon-sun: 00:00-24:00}}
  office: {timezone: Europe/Madrid, hours: {mon-fri: 09:00-17:00}, holidays: {dates: [2026-12-25]}}
sla:
  - name: standard
    calendar: always
    first_response: {P1: 15m, P2: 2h, P3: 4h, P4: 8h}
    resolution: {P1: 1h, P2: 8h, P3: 24h, P4: 40h}
escalation:
  - {clock: resolution, at: 100%, do: escalate}
close_resolved_after: 5d
"""

PRINTER, VPN, LAPTOP = "HD-2611-00001", "HD-2611-00002", "HD-2611-00003"


@pytest.fixture
def counted_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """New tickets are HD-2611-00001, HD-2611-00002 and so on."""
    count_ids(monkeypatch)


def count_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let IDs count up."""
    numbers = itertools.count(1)

    def counted(prefix: str, created: datetime, choice: object) -> Iterator[str]:
        return (f"{prefix}-{created:%y%m}-{number:05d}" for number in numbers)

    monkeypatch.setattr("desk.domain.ids.random_ids", counted)


@pytest.fixture
def clones(desk: Shell) -> Clones:
    return Clones(desk)


@pytest.fixture
def two(clones: Clones) -> tuple[Shell, Shell, str]:
    """Ana's and Luis' clones, and a ticket that both have."""
    ticket_id = clones.first.id("new", "Printer jams", "-d", "On every page.")
    clones.first("sync")
    return clones.first, clones.another("luis"), ticket_id


def made_folder(factory: pytest.TempPathFactory, name: str, write: Callable[[Shell], None]) -> Path:
    """Return the folder of a help desk for tests that only read, as `write` fills it."""
    folder = factory.mktemp(name) / "hd"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        set_clean_environment(patch, folder.parent / "home")
        count_ids(patch)
        write(Shell(folder, patch))
    return folder


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help desk with a morning's work in it, for tests that only read."""
    return made_folder(tmp_path_factory, "library", _write)


def _write(desk: Shell) -> None:
    (desk.folder / "config.yaml").write_text(CONFIG + LEVELS)
    desk.git("init", "--quiet")
    desk.git("add", ".")
    desk.git("commit", "--quiet", "-m", "config")
    day = "2026-11-22T"
    desk(
        *("new", "Printer on the third floor jams", "-r", "Maria López <maria@acme.example>"),
        *("-p", "P2", "-c", "hardware/printer", "--tag", "floor-3", "-d", "On every second page."),
        now=f"{day}09:00:00Z",
    )
    desk("take", PRINTER, now=f"{day}09:05:00Z")
    desk("reply", PRINTER, "-m", "Which tray?", "--wait", now=f"{day}09:10:00Z")
    desk(
        *("new", "VPN is down", "-r", "bob@acme.example", "-p", "P1", "--company", "ACME"),
        *("--team", "sysadmin", "--set", "asset=PC-42"),
        user="luis",
        now=f"{day}09:15:00Z",
    )
    desk("new", "A new laptop", "-t", "request", "-p", "P4", user="eva", now=f"{day}09:20:00Z")
    desk("resolve", LAPTOP, "-m", "On your desk.", user="ana", now=f"{day}09:25:00Z")


@pytest.fixture
def library(library_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The program in the help desk that many tests read; none may write."""
    return Shell(library_folder, monkeypatch)
