"""How the time that something takes grows with its input, whatever the machine."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T")

TIMES = 8
"""How much larger the larger input is: about 8 times the time where the work is linear, 64 where it
is quadratic."""

MOST = 30
"""A growth that is nearer to the first than to the second, with room for a busy machine."""


def growth(work: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """Return how many times longer the work takes on an input `TIMES` larger than one of `size`;
    the best of some runs each."""
    small, large = make(size), make(size * TIMES)
    return _seconds(work, large) / _seconds(work, small)


def _seconds(work: Callable[[T], object], given: T) -> float:
    best = float("inf")
    for _ in range(5):
        begin = process_time()
        work(given)
        best = min(best, process_time() - begin)
    return max(best, 1e-6)
