"""How figures changed, in words."""

from __future__ import annotations

from desk.domain.report.metric import Figure, Metric
from desk.render.reports import figure_text


def change_words(metric: Metric, new: Figure, old: Figure) -> tuple[str, str]:
    """Return how a figure changed, and which it is where there is a better and a worse: `better`,
    `worse`, else "". Nothing where one of both is not known."""
    if new is None or old is None:
        return "", ""
    if new == old:
        return "the same", ""
    sign = "+" if new > old else "-"
    if metric.unit == "share":
        amount = f"{sign}{100 * abs(new - old):.1f} points"
    elif metric.unit == "seconds":
        amount = f"{sign}{figure_text(metric, abs(new - old))}"
    else:
        amount = f"{sign}{abs(round(new - old, 2)):,}"
    if metric.better == "neither":
        return amount, ""
    return amount, "better" if (new > old) == (metric.better == "higher") else "worse"
