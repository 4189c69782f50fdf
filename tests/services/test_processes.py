"""Work in several processes: in order, all of it, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import pytest

from desk.services.processes import MANY, in_portions, one_by_one

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.services.processes._processors", lambda: 2)


def squares(portion: Sequence[int]) -> list[int]:
    return [number * number for number in portion]


def test_everything_comes_in_order_from_other_processes() -> None:
    seen = [*one_by_one(range(50), lambda number: (number, os.getpid()), lambda: None)]
    assert [number for number, _ in seen] == [*range(50)]
    assert os.getpid() not in {process for _, process in seen}


@pytest.mark.parametrize("count", [0, 1, MANY - 1, MANY, 3 * MANY + 1])
def test_portions_are_the_whole(count: int) -> None:
    found = [each for portion in in_portions(range(count), squares) for each in portion]
    assert found == squares(range(count))


def test_there_are_never_more_portions_than_a_pipe_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.services.processes._AT_A_TIME", 1)
    portions = [*in_portions(range(25_001), len)]
    assert sum(portions) == 25_001 and len(portions) * 4 <= 4096


def test_what_other_processes_do_makes_no_more_of_them() -> None:
    def work(number: int) -> set[int]:
        inner = one_by_one(range(3), lambda _: os.getpid(), lambda: None)
        return {number, os.getpid(), *inner}

    seen = [*one_by_one(range(20), work, lambda: None)]
    assert all(len(each) == 2 and os.getpid() not in each for each in seen)


def test_results_larger_than_a_pipe_arrive_whole() -> None:
    sizes = [3_000_000, 10, 2_000_000, 10]
    found = [*one_by_one(sizes, lambda size: b"x" * size, lambda: None)]
    assert [len(each) for each in found] == sizes


def test_what_slow_things_hold_up_comes_after_them() -> None:
    def waited(number: int) -> int:
        time.sleep(0.3 if number == 0 else 0)
        return number

    assert [*one_by_one(range(20), waited, lambda: None)] == [*range(20)]


@pytest.mark.parametrize("killed", [{3}, {3, 4}, {*range(20)}], ids=str)
def test_what_a_killed_process_leaves_is_done_here(killed: set[int]) -> None:
    here = os.getpid()

    def work(number: int) -> int:
        if number in killed and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert [*one_by_one(range(20), work, lambda: None)] == [*range(20)]


def test_a_failure_is_told_as_it_would_be_without_other_processes() -> None:
    def work(number: int) -> int:
        if number == 7:
            raise LookupError("seven")
        return number

    found = []
    with pytest.raises(LookupError, match="seven"):
        for each in one_by_one(range(20), work, lambda: None):
            found.append(each)
    assert found == [*range(7)]


@pytest.mark.parametrize("made", [0, 1])
def test_where_no_more_processes_can_be_had_those_there_are_do_it(
    monkeypatch: pytest.MonkeyPatch, made: int
) -> None:
    fork, forks = os.fork, []

    def refuse() -> int:
        forks.append(1)
        if len(forks) > made:
            raise BlockingIOError("too many processes")
        return fork()

    monkeypatch.setattr("os.fork", refuse)
    assert [*one_by_one(range(20), abs, lambda: None)] == [*range(20)]
    assert len(forks) == made + 1


def test_no_process_is_left_when_somebody_wants_no_more() -> None:
    processes = one_by_one(range(100), lambda _: os.getpid(), lambda: None)
    seen = {next(processes) for _ in range(3)}
    processes.close()  # type: ignore[attr-defined]
    for process in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


_SLOW = """
import os, sys, time
import desk.services.processes as processes
processes._processors = lambda: 2
def slow(number):
    os.write(1, b"at work\\n")
    time.sleep(0.5)
try:
    list(processes.one_by_one(range(1000), slow, lambda: None))
except KeyboardInterrupt:
    print("cancelled", file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (lambda started: os.killpg(started.pid, signal.SIGINT), "cancelled\n"),
        (lambda started: started.kill(), ""),
    ],
    ids=["ctrl-c", "killed"],
)
def test_who_stops_the_command_stops_its_processes_without_a_word_of_theirs(
    end: Callable[[subprocess.Popen[str]], object], told: str
) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", _SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout is not None
    assert {started.stdout.readline() for _ in range(2)} == {"at work\n"}
    end(started)
    # This ends when the last process is gone that could still write something.
    _, errors = started.communicate(timeout=30)
    assert errors == told
