"""The worked examples of docs/service-levels.md, counted again minute by minute.

That its screens are what the program prints is held by `tests/docs.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import holidays
import pytest

from desk.domain.ticket import Ticket
from desk.services.service_levels import ServiceLevels
from desk.storage.config_file import load_settings
from desk.storage.ticket_file import parse_ticket
from tests.slow import NAMES, Event, SlowCalendar, SlowDesk
from tests.transcripts import config_of, tickets_of

PAGE = (Path(__file__).parents[1] / "docs" / "service-levels.md").read_text()
HOUR = 3_600
OFFICE = SlowCalendar(
    "Europe/Madrid",
    {
        **{day: [("09:00", "14:00"), ("15:00", "18:00")] for day in ("mon", "tue", "wed", "thu")},
        "fri": [("09:00", "15:00")],
    },
    [day.isoformat() for day in holidays.country_holidays("ES", subdiv="MD", years=2026)],
)
NIGHT = SlowCalendar(
    "Europe/Madrid", {day: [("00:00", "06:00"), ("22:00", "24:00")] for day in NAMES}
)
PAUSES = {"resolution": ("waiting", "hold"), "next_response": ("hold",)}


def targets(first_response: int, resolution: int) -> dict[str, int]:
    return {
        "ownership": HOUR,
        "first_response": first_response * HOUR,
        "next_response": 8 * HOUR,
        "resolution": resolution * HOUR,
    }


EXAMPLES = {
    "HD-2610-0FR1D": ("2026-10-16T08:00:00+00:00", OFFICE, targets(4, 24)),
    "HD-2610-7K3QF": ("2026-11-06T08:00:00+00:00", OFFICE, targets(4, 24)),
    "HD-2610-N1GHT": ("2026-10-25T00:00:00+00:00", NIGHT, {"first_response": 4 * HOUR}),
    "HD-2610-PR10R": ("2026-10-19T13:00:00+00:00", OFFICE, targets(8, 40)),
}


def ticket_of(name: str) -> Ticket:
    path, text = next(item for item in tickets_of(PAGE).items() if name in item[0])
    ticket, problems = parse_ticket(text.encode(), path)
    assert ticket is not None, problems
    return ticket


def test_every_ticket_of_the_page_is_an_example() -> None:
    assert {Path(path).stem for path in tickets_of(PAGE)} == set(EXAMPLES)


def test_the_configuration_of_the_page_checks() -> None:
    assert load_settings(config_of(PAGE).encode(), "config.yaml")[1] == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_counted_minute_by_minute(name: str) -> None:
    now_text, calendar, promised = EXAMPLES[name]
    now = datetime.fromisoformat(now_text)
    ticket = ticket_of(name)
    events = [
        Event(
            each.at,
            each.by,
            each.verb,
            each.change_of("status") or None,
            each.change_of("assignee") or None,
        )
        for each in ticket.log
    ]
    settings, _ = load_settings(config_of(PAGE).encode(), "config.yaml")
    assert settings is not None
    levels = ServiceLevels(settings)
    shown = {str(name): told for name, told in levels.standing(ticket, now).clocks.items()}
    slow = SlowDesk(events, calendar, promised, PAUSES, 75, now).clocks()
    for clock, expected in slow.items():
        found = shown.get(clock)
        assert (found is None) == (expected is None), clock
        if expected is not None and found is not None:
            told = (found.state, found.due, found.ended_at, found.elapsed_seconds)
            assert told == tuple(expected), clock
