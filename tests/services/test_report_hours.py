"""The hours in which tickets come, in zones that are no whole hours from UTC."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from desk.domain.instants import parse_instant, second_of
from desk.services.report_hours import _QUARTER, _places


@pytest.mark.parametrize(
    ("zone", "at", "place"),
    [
        ("UTC", "2026-11-22T23:59:59Z", (6, 23)),
        ("Asia/Kolkata", "2026-11-04T04:29:59Z", (2, 9)),
        ("Asia/Kolkata", "2026-11-04T04:30:00Z", (2, 10)),
        ("Asia/Kathmandu", "2026-11-04T18:14:59Z", (2, 23)),
        ("Asia/Kathmandu", "2026-11-04T18:15:00Z", (3, 0)),
    ],
)
def test_an_instant_lies_in_an_hour_of_the_zone(zone: str, at: str, place: tuple[int, int]) -> None:
    quarter = second_of(parse_instant(at)) // _QUARTER
    assert _places(Counter([quarter]), ZoneInfo(zone)) == {place: 1}
