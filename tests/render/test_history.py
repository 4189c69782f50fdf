"""Commits as people and programs see them."""

from __future__ import annotations

import json
from datetime import UTC

from desk.render.history import history_lines, history_text
from desk.storage.history import Commit
from tests.builders import START

COMMITS = [
    Commit("a" * 40, START, "Ana Ruiz", "ana@acme.example", "HD-2611-7K3QF note", "note"),
    Commit("b" * 40, None, "E\x1bve", "eve@evil.example", "odd\x01", ""),
]


def test_a_commit_without_a_date_is_shown_all_the_same() -> None:
    assert history_lines(COMMITS, UTC, has_color=False) == (
        "2026-11-22 09:34  aaaaaaaaaa  Ana Ruiz  HD-2611-7K3QF note\n"
        "unknown           bbbbbbbbbb  E\\u001bve  odd\\u0001\n"
    )
    told = json.loads(history_text(COMMITS, "json"))["commits"]
    assert [each["at"] for each in told] == ["2026-11-22T09:34:35Z", None]
    assert history_text(COMMITS, "plain").splitlines()[1] == (
        "\tbbbbbbbbbb\tE\\u001bve\todd\\u0001"
    )
