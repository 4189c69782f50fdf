"""What time it is, and what people mean by a time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from desk import clock
from desk.errors import UsageError

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize("given", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "now", "2026"])
def test_the_clock_is_set_to_an_instant_within_reach(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", given)
    with pytest.raises(UsageError, match="DESK_NOW: "):
        clock.now()


@pytest.mark.parametrize("text", ["2199-12-31T23:59-05:00", "+90d", "2200", "9999-12-31 23:00"])
def test_a_time_outside_of_the_years_of_files_is_refused(text: str) -> None:
    at = datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(UsageError, match=r"out of reach|years go from"):
        clock.parse_when(text, at, MADRID)
    assert clock.parse_when("now", at, MADRID) == at
