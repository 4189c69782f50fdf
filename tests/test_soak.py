"""The soak of three clones (`tests/soak.py`), for a few steps."""

from __future__ import annotations

from pathlib import Path

from tests.soak import Soak

STEPS = 45


def test_three_clones_that_met_have_everything_once(tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed=7)
    for _ in range(STEPS):
        soak.step()
    assert soak.finish() == []
    assert len(soak.marks) > STEPS // 8
    assert {"act", "sync", "new"} <= soak.done.keys()
