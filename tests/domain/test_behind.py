"""The queries that find the tickets behind a figure."""

from __future__ import annotations

import pytest

from desk.domain.policy import Policy
from desk.domain.report.behind import resolved_instead, term_of

POLICIES = [
    Policy(name, query, "always", {}, {}, None)
    for name, query in (("urgent", "priority:P1"), ("acme", "company:ACME or tag:vip"), ("all", ""))
]


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


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("urgent", "(priority:P1)"),
        ("acme", "not (priority:P1) (company:ACME or tag:vip)"),
        ("all", "not (priority:P1) not (company:ACME or tag:vip)"),
        ("", "not (priority:P1) not (company:ACME or tag:vip)"),
    ],
)
def test_a_policy_covers_what_none_before_it_does(name: str, term: str) -> None:
    assert term_of("policy", name, POLICIES) == term
