"""Work on many things, on all processors where that is quicker.

The other processes are forked, so they have what they work with already. They take what comes next
from one queue, a pipe with a number for each thing; what one of them leaves undone, because it was
killed or failed, is done here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MANY = 600
"""From so many things on, more processes than one are worth their start."""

_AT_A_TIME = 100
_MOST_PORTIONS = 1_000
"""The numbers of all must find room in a pipe, which is one page for who has very many of them."""

_NUMBER_BYTES = 4
_ROOM_BYTES = 1 << 20
"""So much may wait to be taken from a process before that has to wait: some portions of rows."""

T = TypeVar("T")
R = TypeVar("R")


def in_portions(things: Sequence[T], work: Callable[[Sequence[T]], R]) -> Iterator[R]:
    """Yield what `work` makes of the things, a portion at a time, in their order."""
    size = max(_AT_A_TIME, -(-len(things) // _MOST_PORTIONS))
    portions = [things[start : start + size] for start in range(0, len(things), size)]
    if len(things) < MANY:
        yield from map(work, portions)
    else:
        yield from one_by_one(portions, work, lambda: None)


def one_by_one(
    things: Sequence[T], work: Callable[[T], R], begin: Callable[[], object]
) -> Iterator[R]:
    """Yield what `work` makes of each thing, in their order: for few that take long. `begin` is
    called first in every process beside this one. Such a process has none beside itself."""
    from multiprocessing import parent_process

    count = min(_processors(), len(things), 8)
    if count < 2 or parent_process() is not None:
        yield from map(work, things)
        return
    made: dict[int, R] = {}
    with _workers(count, things, work, begin) as results:
        for place, thing in enumerate(things):
            while place not in made and results:
                _receive(results, made)
            yield made.pop(place) if place in made else work(thing)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextlib.contextmanager
def _workers(
    count: int, things: Sequence[T], work: Callable[[T], R], begin: Callable[[], object]
) -> Iterator[list[Connection]]:
    """Start processes that work on the things; where their results come from."""
    from fcntl import F_SETPIPE_SZ, fcntl
    from multiprocessing import get_context

    queue, filling = os.pipe()
    os.write(filling, b"".join(place.to_bytes(_NUMBER_BYTES) for place in range(len(things))))
    os.close(filling)
    context = get_context("fork")
    processes = []
    results: list[Connection] = []
    try:
        # There may be too many processes: those that could be started will do.
        with contextlib.suppress(OSError), _no_interrupts():
            for _ in range(count):
                receiving, sending = context.Pipe(duplex=False)
                with contextlib.suppress(OSError):
                    fcntl(sending.fileno(), F_SETPIPE_SZ, _ROOM_BYTES)
                told = (queue, receiving, sending, things, work, begin)
                process = context.Process(target=_take_turns, args=told, daemon=True)
                process.start()
                sending.close()
                processes.append(process)
                results.append(receiving)
        yield results
    finally:
        os.close(queue)
        for process in processes:
            process.kill()
            process.join()
        for receiving in results:
            receiving.close()


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """Hold back Ctrl-C, for good in processes that are started meanwhile: who presses it means the
    command, which ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _take_turns(
    queue: int,
    receiving: Connection,
    sending: Connection,
    things: Sequence[T],
    work: Callable[[T], object],
    begin: Callable[[], object],
) -> None:
    """Work, in a process of its own, on what comes next until there is no more. What fails here
    fails again where it can be told."""
    receiving.close()  # else it could not be seen that nobody receives any more
    with contextlib.suppress(Exception):
        begin()
        while number := os.read(queue, _NUMBER_BYTES):
            place = int.from_bytes(number)
            sending.send((place, work(things[place])))


def _receive(results: list[Connection], made: dict[int, R]) -> None:
    """Take what is there, or comes next; who sends no more is left out from then on."""
    from multiprocessing.connection import wait

    ready = wait(results)
    for result in [each for each in results if each in ready]:
        try:
            place, value = result.recv()
        except (EOFError, OSError):
            results.remove(result)
            result.close()
        else:
            made[place] = value
