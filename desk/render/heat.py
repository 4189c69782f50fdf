"""The hours of a week as a map of plain characters, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from desk.render.bars import sparkline
from desk.render.style import styled

_SHADES = ("  ", "░░", "▒▒", "▓▓", "██")
_EVERY = 3


def heat_map(
    labels: Sequence[str], amounts: Sequence[Sequence[int]], ends: Sequence[str], has_color: bool
) -> str:
    """Return a line a day, of two characters an hour: the darker, the more; `ends` stand behind the
    lines. Above them are the hours, below them their sums and what the shades mean."""
    greatest = max((amount for row in amounts for amount in row), default=0)
    indent = max(map(len, labels))
    width = max(map(len, ("all", *ends)))
    count = len(amounts[0])
    hours = "".join(f"{hour:<{2 * _EVERY}}" for hour in range(0, count, _EVERY))
    lines = [f"{'':{indent}} {hours[: 2 * count]} {'all':>{width}}"]
    for label, row, end in zip(labels, amounts, ends, strict=True):
        cells = "".join(_SHADES[_shade(amount, greatest)] for amount in row)
        lines.append(f"{label:<{indent}} {styled(cells, 'cyan', has_color)} {end:>{width}}")
    sums = [sum(row[hour] for row in amounts) for hour in range(count)]
    drawn = "".join(f"{mark}{mark}" for mark in sparkline(sums, count))
    lines += [f"{'all':<{indent}} {drawn}", "", f"{'':{indent}} {_legend(greatest)}"]
    return "\n".join(lines) + "\n"


def _shade(amount: int, greatest: int) -> int:
    """Return which quarter of the greatest an amount lies in, 0 for none."""
    return -(-4 * amount // greatest) if amount > 0 else 0


def _legend(greatest: int) -> str:
    said = ["blank 0"]
    for shade in range(1, 5):
        low, high = (shade - 1) * greatest // 4 + 1, shade * greatest // 4
        if low <= high:
            said.append(f"{_SHADES[shade]} {low:,}" + (f"-{high:,}" if high > low else ""))
    return "  ".join(said)
