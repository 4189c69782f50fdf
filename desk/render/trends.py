"""A line a figure over the last periods, readable without colour."""

from __future__ import annotations

from desk.domain.report.metrics import METRICS
from desk.domain.report.trend import Trend
from desk.render.bars import sparkline

_FEWEST = 3
_GAP = 2


def trend_lines(trend: Trend | None, width: int) -> str:
    """Return the lines of a trend, as many of its last periods as fit; "" where there are too few
    to see anything, or nothing happened in them."""
    if trend is None:
        return ""
    rows = {name: getattr(trend, name) for name in ("created", "resolved", "backlog")}
    longest = max(len(METRICS[name].words) for name in rows)
    widest = max(len(f"{max(amounts):,}") for amounts in rows.values())
    room = width - longest - 2 * _GAP - 2 * widest - len(" to ")
    shown = {name: amounts[-room:] for name, amounts in rows.items()} if room >= _FEWEST else {}
    if not any(map(any, shown.values())) or len(trend.labels) < _FEWEST:
        return ""
    labels = trend.labels[-room:]
    lines = [f"by {trend.every}, {labels[0]} to {labels[-1]}\n"]
    for name, amounts in shown.items():
        ends = f"{min(amounts):,} to {max(amounts):,}"
        drawn = sparkline(amounts, len(amounts))
        lines.append(f"{METRICS[name].words:<{longest}}  {drawn}  {ends}\n")
    return "".join([*lines, "\n"])
