"""What is counted of tickets at the ends of periods."""

from __future__ import annotations

import pytest

from desk.domain.report.groups import Collector
from desk.domain.report.periods import Slices
from desk.domain.report.rows import COLUMNS, TicketRow

BARE = TicketRow._make([None] * len(COLUMNS))._replace(reopens=0, steps="[]")


@pytest.mark.parametrize(
    ("created", "resolved", "live"),
    [
        (0, None, [1, 1]),
        (0, 99, [0, 0]),
        (0, 100, [1, 0]),
        (0, 200, [1, 1]),
        (100, None, [0, 1]),
        (200, None, [0, 0]),
    ],
)
def test_live_at_the_end_of_a_period_is_what_was_so_just_before(
    created: int, resolved: int | None, live: list[int]
) -> None:
    collector = Collector(["backlog"], Slices(("1", "2"), (0, 100), (100, 200)), now=1_000)
    collector.add(BARE._replace(created=created, resolved=resolved))
    assert [tally.count("backlog") for tally in collector.counted.all] == live
