"""Bars and sparklines of plain characters, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"


def bar(amount: float, greatest: float, width: int) -> str:
    """Return a bar whose length is the share that an amount has of the greatest; what is more than
    nothing is seen."""
    if greatest <= 0 or amount <= 0 or width <= 0:
        return ""
    eighths = max(1, round(8 * width * amount / greatest))
    whole, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * whole + (_EIGHTHS[rest] if rest else "")


def sparkline(amounts: Sequence[float], width: int) -> str:
    """Return a character an amount, from 0 up; of more than fit, as many side by side are added up
    for each character."""
    if not amounts or width <= 0:
        return ""
    together = -(-len(amounts) // width)
    sums = [sum(amounts[at : at + together]) for at in range(0, len(amounts), together)]
    greatest = max(sums)
    if greatest <= 0:
        return _LEVELS[0] * len(sums)
    return "".join(_LEVELS[_level(amount, greatest)] for amount in sums)


def _level(amount: float, greatest: float) -> int:
    return 0 if amount <= 0 else min(7, max(1, round(7 * amount / greatest)))


_ASCII = str.maketrans(
    {
        **dict(zip(_LEVELS, "_.-=+*%#", strict=True)),
        **dict(zip(_EIGHTHS, " :::|####"[: len(_EIGHTHS)], strict=True)),
        **dict(zip("░▒▓", ".+*", strict=True)),
    }
)


def drawn_for(text: str, encoding: str) -> str:
    """Return a text as a terminal of this encoding can show its bars: in ASCII if need be."""
    try:
        (_LEVELS + _EIGHTHS).encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII)
    return text
