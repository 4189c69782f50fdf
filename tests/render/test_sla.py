"""How clocks stand, in words: by their state, whatever the seconds are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.domain.sla import Clock, State
from desk.render.sla import clock_words, left_words, short_words

DUE = datetime(2026, 11, 27, 17, tzinfo=UTC)


def a_clock(state: State, left: int, due: datetime | None = DUE) -> Clock:
    ended_at = DUE if state in ("met", "missed") else None
    return Clock(state, due, ended_at, 28_800, 28_800 - left, left)


@pytest.mark.parametrize(
    ("clock", "words", "short"),
    [
        (a_clock("running", 9_000), "running, due 2026-11-27 17:00, 2h 30m left", "2h"),
        (a_clock("at_risk", 1_530), "at risk, due 2026-11-27 17:00, 25m 30s left", "25m at risk"),
        (a_clock("at_risk", 0), "at risk, due 2026-11-27 17:00, 0s left", "0s at risk"),
        (a_clock("breached", -9_000), "breached, due 2026-11-27 17:00, 2h 30m over", "2h over"),
        # Nobody has been at work since it closed on time for the due.
        (a_clock("breached", 0), "breached, due 2026-11-27 17:00, 0s over", "0s over"),
        (a_clock("paused", 9_000, None), "paused, 2h 30m left", "2h"),
    ],
)
def test_a_clock_that_goes_on(clock: Clock, words: str, short: str) -> None:
    assert clock_words(clock, UTC) == words
    assert left_words(clock) == " ".join(words.split(" ")[-len(left_words(clock).split(" ")) :])
    assert short_words(clock) == short


def test_a_clock_that_has_ended() -> None:
    due = "due 2026-11-27 17:00"
    assert clock_words(a_clock("met", 0), UTC) == f"met after 8h, {due}"
    assert clock_words(a_clock("missed", -60), UTC) == f"missed by 1m, {due}"
    assert clock_words(a_clock("missed", 0), UTC) == f"missed by 0s, {due}"


def test_open_time_to_the_second() -> None:
    assert left_words(a_clock("running", 9_045), 3) == "2h 30m 45s left"
