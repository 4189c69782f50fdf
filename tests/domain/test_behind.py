"""The queries that find the tickets behind a figure."""

from __future__ import annotations

import pytest

from desk.domain.report.behind import resolved_instead


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("created:2026-11-05 has:status", "resolved:2026-11-05"),
        ("tag:vpn created:2026-11-02.. has:status", "tag:vpn resolved:2026-11-02.."),
        (
            "created:2026.. created:2026-11-05 has:status",
            "created:2026.. resolved:2026-11-05",
        ),
        ("created:2026 resolved:2026-11-05", "created:2026 resolved:2026-11-05"),
    ],
)
def test_what_was_resolved_in_a_period_leaves_the_query_of_ones_own_alone(
    query: str, instead: str
) -> None:
    assert resolved_instead(query) == instead
