"""Work on many things, on all processors where that is quicker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

MANY = 600
"""From so many things on, more processes than one are worth their start."""

_AT_A_TIME = 250

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

_shared: list[Callable[[Any], Any]] = []
"""What the other processes do: they are forked, and so have it already."""


def in_portions(things: Sequence[T], work: Callable[[Sequence[T]], R]) -> Iterator[R]:
    """Yield what `work` makes of the things, a portion at a time, in their order."""
    portions = [things[start : start + _AT_A_TIME] for start in range(0, len(things), _AT_A_TIME)]
    processes = min(os.cpu_count() or 1, 8)
    if len(things) < MANY or processes < 2 or sys.platform != "linux":
        yield from map(work, portions)
        return
    yield from _by_many(portions, work, processes)


def one_by_one(
    things: Sequence[T], work: Callable[[T], R], begin: Callable[[], object]
) -> Iterator[R]:
    """Yield what `work` makes of each thing, in their order: for few that take long. `begin` is
    called first in every process beside this one."""
    processes = min(os.cpu_count() or 1, len(things), 8)
    if processes < 2 or sys.platform != "linux":
        yield from map(work, things)
        return
    yield from _by_many(things, work, processes, begin)


def _by_many(
    portions: Sequence[P],
    work: Callable[[P], R],
    processes: int,
    begin: Callable[[], object] | None = None,
) -> Iterator[R]:
    from multiprocessing import get_context

    _shared.append(work)
    try:
        try:
            pool = get_context("fork").Pool(processes, begin)
        except OSError:  # where processes cannot share a semaphore
            yield from map(work, portions)
            return
        with pool:
            yield from pool.imap(_work, portions)
    finally:
        _shared.pop()


def _work(portion: Any) -> Any:
    return _shared[-1](portion)
