"""A calendar's year and an explanation, as pages and as data."""

from __future__ import annotations

from desk.domain.calendar import Calendar
from desk.render.explain import calendar_object, calendar_text

HOURS = {"mon-fri": "09:00-17:00"}


def test_a_year_shows_the_week_and_what_differs_from_it() -> None:
    calendar = Calendar.from_config(
        {
            "timezone": "Europe/Madrid",
            "hours": HOURS,
            "holidays": {"dates": ["2026-12-25"]},
            "exceptions": {"2026-12-31": "09:00-12:00"},
        }
    )
    assert calendar_text("office", "Europe/Madrid", calendar.days(2026), has_color=False) == (
        "office 2026  opening hours in Europe/Madrid\n"
        "\n"
        "Mon  09:00-17:00\n"
        "Tue  09:00-17:00\n"
        "Wed  09:00-17:00\n"
        "Thu  09:00-17:00\n"
        "Fri  09:00-17:00\n"
        "Sat  closed\n"
        "Sun  closed\n"
        "\n"
        "Dates that differ:\n"
        "Fri 2026-12-25  closed, holiday\n"
        "Thu 2026-12-31  09:00-12:00, exception\n"
        "\n"
        "Clock changes:\n"
        "Sun 2026-03-29  clocks go forward 1h, closed\n"
        "Sun 2026-10-25  clocks go back 1h, closed\n"
        "\n"
        "260 open days, 2,075.0 open hours\n"
    )


def test_a_date_that_the_clocks_pass_by() -> None:
    """Samoa moved to the other side of the date line: friday, 30 December 2011, never was."""
    days = Calendar.from_config({"timezone": "Pacific/Apia", "hours": HOURS}).days(2011)
    shown = calendar_text("apia", "Pacific/Apia", days, has_color=False).splitlines()
    assert shown[-4:-2] == [
        "Fri 2011-12-30  skipped: the clocks go from the day before to the day after",
        "Sat 2011-12-31  clocks go forward 1d, closed",
    ]
    assert sum(day.is_skipped for day in days) == 1
    told = calendar_object("apia", "Pacific/Apia", days)["days"]
    assert isinstance(told, list)
    assert (told[363]["skipped"], told[363]["open_seconds"], told[362]["skipped"]) == (
        *(True, 0),
        False,
    )
