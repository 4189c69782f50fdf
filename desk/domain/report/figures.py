"""Medians, percentiles, means and shares: how each is reckoned, once for all reports."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Return the value that so many percent of others do not exceed, None of none at all.

    `ordered` goes from the least to the greatest. Between two values it is interpolated, as
    PERCENTILE and MEDIAN of spreadsheets do; a half is rounded up.
    """
    if not ordered:
        return None
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    low = ordered[place]
    if not rest:
        return low
    return (100 * low + (ordered[place + 1] - low) * rest + 50) // 100


def mean(total: int, count: int) -> int | None:
    """Return the mean in whole numbers, a half rounded up; None of none at all."""
    return (2 * total + count) // (2 * count) if count else None


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, from 0 to 1, to four digits; None of no whole at all."""
    return round(part / whole, 4) if whole else None
