"""`desk list --watch`: on a terminal a screen that is drawn anew, elsewhere what is new."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Callable, Sequence

import pytest

from desk.cli.watching import wait_for
from desk.errors import WorkspaceError
from tests.conftest import CONFIG, Result, Shell

Step = Callable[[], object]


def watched(desk: Shell, steps: Sequence[Step], *arguments: str, terminal: bool = False) -> Result:
    """Run `desk list --watch 30`; each time it waits, one of the steps is taken instead, and at the
    end Ctrl-C pressed."""
    left = iter(steps)

    def wait(seconds: float) -> float:
        assert seconds == 30
        step = next(left, None)
        if step is None:
            raise KeyboardInterrupt
        step()
        return 0

    with desk.monkeypatch.context() as patch:
        patch.setattr("desk.cli.watching.wait_for", wait)
        return desk("list", "--watch", "30", *arguments, terminal=terminal)


def screens(drawn: str) -> list[list[str]]:
    """Return the lines of each screen that was drawn."""
    *_, first = drawn.split("\x1b[2J\x1b[H", 1)
    return [
        [re.sub(r"\x1b\[(?:2K|J)", "", line).rstrip() for line in screen.split("\r\n")]
        for screen in first.partition("\x1b[?25h")[0].split("\x1b[H")
    ]


@pytest.fixture
def plain_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def test_a_screen_marks_what_is_new_and_what_has_changed(
    desk: Shell, plain_screen: None, counted_ids: None
) -> None:
    desk("new", "Printer", "-r", "maria@acme.example")
    steps = [
        lambda: desk("new", "Scanner", now="2026-11-22T09:34:36Z"),
        lambda: desk("take", "00001"),
        lambda: desk("close", "00001"),
    ]
    done = watched(desk, steps, terminal=True)
    head = "2026-11-22 10:34:35  every 30s  what is open"
    assert [screen[:2] for screen in screens(done.out)] == [
        [head, "1 ticket"],
        [head, "2 tickets, + 1 new"],
        [head, "2 tickets, * 1 changed"],
        [head, "1 ticket, - 1 gone: HD-2611-00001"],
    ]
    marked = [[line[:16].strip() for line in screen[3:]] for screen in screens(done.out)]
    one, two = "HD-2611-00001", "HD-2611-00002"
    assert [sorted(filter(None, lines)) for lines in marked] == [
        [one],
        [f"+  {two}", one],
        [f"*  {one}", two],
        [two],
    ]
    assert done.out.startswith("\x1b[?1049h")
    assert done.out.endswith("\x1b[?25h\x1b[?1049l")
    assert done.err == ""


def test_a_promise_that_breaks_is_a_change(
    make_desk: Callable[..., Shell], plain_screen: None
) -> None:
    from tests.cli.conftest import LEVELS

    desk = make_desk("hd", CONFIG + LEVELS)
    desk("new", "VPN is down", "-p", "P1", "-r", "bob@acme.example")
    steps = [lambda: desk.monkeypatch.setenv("DESK_NOW", "2026-11-22T09:50:00Z")]
    first, second = screens(watched(desk, steps, terminal=True).out)
    assert (first[1], second[1]) == ("1 ticket", "1 ticket, * 1 changed")
    assert second[0].startswith("2026-11-22 10:50:00")


def test_a_screen_fits(desk: Shell, plain_screen: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        desk("new", f"Printer \x1b[2J {number} {'x' * 90}")
    monkeypatch.setenv("LINES", "8")
    monkeypatch.setenv("COLUMNS", "40")
    ((heading, counted, *rows),) = screens(watched(desk, [], "x" * 90, terminal=True).out)
    assert (len(heading), counted, len(rows)) == (40, "9 tickets (5 of them shown)", 6)
    assert max(map(len, rows)) <= 40
    ((_, counted, *rows),) = screens(watched(desk, [], "--limit", "2", terminal=True).out)
    assert (counted, len(rows)) == ("9 tickets (2 of them shown)", 4)


def test_a_change_of_size_draws_again_and_does_not_look(
    desk: Shell, plain_screen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("new", "Printer")
    waits: list[float] = []

    def wait(seconds: float) -> float:
        waits.append(seconds)
        if len(waits) > 1:
            raise KeyboardInterrupt
        desk("new", "Scanner")
        monkeypatch.setenv("COLUMNS", "50")
        return 12

    monkeypatch.setattr("desk.cli.watching.wait_for", wait)
    first, second = screens(desk("list", "--watch", "30", terminal=True).out)
    assert (first[1], second[1], waits) == ("1 ticket", "1 ticket", [30, 12])
    assert first != second


def test_what_goes_wrong_in_one_round_is_shown_and_passes(desk: Shell, plain_screen: None) -> None:
    desk("new", "Printer")
    config = desk.folder / "config.yaml"
    steps = [
        lambda: config.write_text(CONFIG + "colour: red\n"),
        lambda: config.write_text(CONFIG),
    ]
    first, broken, again = screens(watched(desk, steps, terminal=True).out)
    assert broken[2].startswith("config.yaml:")
    assert broken[3].startswith("desk: ")
    assert broken[4:] == first[2:]
    assert again == first

    piped = watched(desk, [steps[0], steps[0], steps[1]])
    assert piped.out.count("Printer") == 1
    assert piped.err.count("desk: config.yaml") == 1


def test_at_the_first_look_it_is_refused(desk: Shell) -> None:
    assert desk("list", "--watch", "5", "statsu:new", code=2).out == ""
    (desk.folder / "config.yaml").write_text("desk: 1\n")
    refused = desk("list", "--watch", "5", code=WorkspaceError.exit_code, terminal=True)
    assert refused.out == ""


def test_piped_each_ticket_is_a_line_when_it_is_new_or_changed(
    desk: Shell, counted_ids: None
) -> None:
    desk("new", "Printer")
    steps: list[Step] = [
        lambda: desk("new", "Scanner"),
        lambda: None,
        lambda: desk("take", "00001"),
        lambda: desk("close", "00002"),
    ]
    done = watched(desk, steps, "-o", "ids")
    assert done == Result(
        0,
        "HD-2611-00001\nHD-2611-00002\nHD-2611-00001\n",
        "HD-2611-00002 is no longer among them\n",
    )
    (line,) = watched(desk, [], "-o", "jsonl").out.splitlines()
    assert json.loads(line)["assignee"] == "ana"
    assert watched(desk, [], "--fields", "title").out == "Printer\n"


def test_what_cannot_be_read_is_told_once(desk: Shell) -> None:
    folder = desk.folder / "tickets/2026/11"
    folder.mkdir(parents=True)
    (folder / "HD-2611-BR0KE.md").write_text("nothing")
    said = watched(desk, [lambda: None]).err
    assert said.count("unreadable: tickets/2026/11/HD-2611-BR0KE.md") == 1


def test_a_terminal_that_cannot_draw_gets_lines(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    desk("new", "Printer")
    out = watched(desk, [], terminal=True).out
    assert "\x1b" not in out
    assert out.endswith("\tPrinter\n")


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "-1d"),
        ("--by", "team"),
        ("--count",),
        ("-o", "json"),
        ("-o", "table"),
        ("--fields", "nothing"),
    ],
)
def test_what_does_not_go_with_it(library: Shell, words: tuple[str, ...]) -> None:
    refused = library("list", "--watch", "5", *words, code=2)
    assert refused.out == ""
    assert refused.err.startswith("desk: ")


@pytest.mark.parametrize("seconds", ["0", "-1", "1000000", "soon"])
def test_the_time_between_is_bounded(library: Shell, seconds: str) -> None:
    assert "--watch" in library("list", "--watch", seconds, code=2).err


def test_waiting_ends_when_the_terminal_changes_its_size() -> None:
    assert wait_for(0.001) == 0
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGWINCH))
    timer.start()
    assert 0 < wait_for(60) < 60
    timer.join()
    assert signal.getsignal(signal.SIGWINCH) == signal.SIG_DFL
