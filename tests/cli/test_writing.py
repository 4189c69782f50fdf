"""What every command that writes has: -n, --no-commit, and saying that nothing changed."""

from __future__ import annotations

import pytest

from tests.cli.conftest import LAPTOP, PRINTER, VPN
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

WRITES = [
    ["new", "Another"],
    ["reply", PRINTER, "-m", "x"],
    ["note", PRINTER, "-m", "x"],
    ["edit", PRINTER, "-p", "P1"],
    ["rate", PRINTER, "5"],
    ["watch", PRINTER],
    ["take", PRINTER],
    ["assign", PRINTER, "luis"],
    ["start", PRINTER],
    ["resume", PRINTER],
    ["wait", PRINTER],
    ["hold", PRINTER, "-m", "x"],
    ["resolve", PRINTER],
    ["close", PRINTER],
    ["reopen", LAPTOP, "-m", "x"],
    ["cancel", PRINTER, "-m", "x"],
    ["escalate", PRINTER, "-m", "x"],
    ["deescalate", PRINTER, "-m", "x", "--to", "L2"],
    ["tag", PRINTER, "x"],
    ["link", PRINTER, "relates", VPN],
    ["merge", PRINTER, "--into", VPN],
    ["split", PRINTER, "1"],
    ["worked", PRINTER, "15m"],
    ["attach", PRINTER, "config.yaml"],
    ["undo"],
]


@pytest.fixture
def three(desk: Shell) -> Shell:
    """A help desk with two new tickets and a closed one."""
    desk("new", "Printer jams")
    desk("new", "VPN is down")
    desk("new", "A new laptop")
    desk("close", LAPTOP)
    return desk


def test_a_dry_run_shows_the_diff_and_writes_nothing(three: Shell) -> None:
    def state() -> tuple[str, dict[str, bytes]]:
        files = {str(p): p.read_bytes() for p in three.folder.glob("tickets/**/*") if p.is_file()}
        return three.git("rev-parse", "HEAD") + three.git("status", "--porcelain"), files

    before = state()
    for words in WRITES:
        done = three(*words, "-n")
        assert "\n@@ " in done.out, words
        assert "\n+## 2026-11-22T09:34:3" in done.out, words
        assert all("would write " in line or "undoing: " in line for line in done.err.splitlines())
        assert state() == before, words


def test_a_dry_run_of_several_shows_every_diff(three: Shell) -> None:
    done = three("close", PRINTER, VPN, "-n")
    assert done.out.count("+++ b/tickets/2026/11/HD-2611-0000") == 2
    assert done.err.splitlines() == [
        f"would write {PRINTER} Printer jams: new → closed, resolution fixed",
        f"would write {VPN} VPN is down: new → closed, resolution fixed",
    ]


def test_a_dry_run_of_what_is_so_already_or_refused(three: Shell) -> None:
    assert three("close", LAPTOP, "-n").err == (
        f"{LAPTOP} is closed already; nothing was written\n"
    )
    assert three("take", LAPTOP, "-n", code=4).out == ""


def test_without_a_commit_the_files_are_written(three: Shell) -> None:
    before = three.git("rev-parse", "HEAD")
    assert three("take", PRINTER, "--no-commit").out == f"{PRINTER}\n"
    assert three.git("rev-parse", "HEAD") == before
    assert three.git("status", "--porcelain") == f" M tickets/2026/11/{PRINTER}.md\n"


@pytest.mark.parametrize(
    "words",
    [
        ["start", VPN],
        ["take", VPN],
        ["assign", VPN, "ana"],
        ["tag", VPN, "loud"],
        ["watch", VPN],
        ["edit", VPN, "-p", "P1"],
        ["link", VPN, "blocks", PRINTER],
    ],
)
def test_the_second_time_nothing_changes(three: Shell, words: list[str]) -> None:
    three(*words)
    head = three.git("rev-parse", "HEAD")
    again = three(*words)
    assert again.out == ""
    assert "already; nothing was written\n" in again.err
    assert three.git("rev-parse", "HEAD") == head
    assert three.git("status", "--porcelain") == ""
