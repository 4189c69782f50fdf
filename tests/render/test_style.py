"""Words for the screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk.render.style import ago

NOW = datetime(2026, 11, 22, 9, 34, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "now"), (59, "now"), (-1, "now"), (-59, "now"), (60, "1m"), (-60, "in 1m"), (90000, "1d")],
)
def test_how_long_ago(seconds: int, said: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == said
