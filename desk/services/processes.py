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


def _by_many(
    portions: Sequence[Sequence[T]], work: Callable[[Sequence[T]], R], processes: int
) -> Iterator[R]:
    from multiprocessing import get_context

    _shared.append(work)
    try:
        try:
            pool = get_context("fork").Pool(processes)
        except OSError:  # where processes cannot share a semaphore
            yield from map(work, portions)
            return
        with pool:
            yield from pool.imap(_work, portions)
    finally:
        _shared.pop()


def _work(portion: Any) -> Any:
    return _shared[-1](portion)
