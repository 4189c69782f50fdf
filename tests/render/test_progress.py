"""The bar on a terminal."""

from __future__ import annotations

import sys

import pytest

from desk.render.progress import progress_bar
from tests.conftest import Terminal


def test_the_full_bar_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("importing", has_color=False) as advance:
        for done in range(1, 2001):
            advance(done, 2000)
    shown = terminal.text()
    assert shown.count("2000/2000") == 1
    assert shown.count("importing") <= 102
