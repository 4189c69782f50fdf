"""What a report comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from desk.domain.report.metric import Figure
from desk.domain.report.periods import EVERY, Period
from desk.domain.report.trend import Trend
from desk.errors import Diagnostic


class Group(NamedTuple):
    """A row of a report: what it stands for, its figures, those of the period compared with (empty
    without one), and the query of the tickets behind it ("" where none finds just these)."""

    key: Mapping[str, str]
    metrics: Mapping[str, Figure]
    previous: Mapping[str, Figure]
    query: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `metrics` names its figures in order, `groupings` what its rows stand for, in the
    order of their keys; the report of desk's own that it is like is its `base`. `is_empty` where
    nothing happened in the period and nothing was live. `commit` is the one that was read, "" for
    the files as they are; `note` says what was chosen where nobody said.

    Where each group has but one of the groupings in its key, those of one are a part by itself,
    which may have some of the metrics alone."""

    name: str
    title: str
    base: str
    query_text: str
    period: Period
    compared: Period | None
    as_of: datetime
    commit: str
    metrics: tuple[str, ...]
    groupings: tuple[str, ...]
    groups: tuple[Group, ...]
    totals: Mapping[str, Figure]
    previous: Mapping[str, Figure]
    behind: Mapping[str, str]
    is_empty: bool
    unreadable: tuple[Diagnostic, ...]
    trend: Trend | None = None
    note: str = ""


def goes_by_periods(report: Report) -> bool:
    """Tell whether the rows of a report are days, weeks or months, and nothing besides."""
    return len(report.groupings) == 1 and report.groupings[0] in EVERY
