"""The page on dates and spans of time, as they are typed."""

from __future__ import annotations

from collections.abc import Sequence

INTRODUCTION = """\
People read times in the help desk's time zone (`desk.timezone` in config.yaml); files and formats
for programs have UTC."""

INSTANTS = (
    ("`2026-11-22`", "a day in the help desk's time zone"),
    ("`2026-11`, `2026`", "a month, a year"),
    ("`today`, `yesterday`, `tomorrow`", "these days"),
    ("`2026-11-22 18:00`, `yesterday 18:00`", "a time of day in the help desk's time zone"),
    ("`2026-11-22T17:00:00Z`, `2026-11-22T18:00+01:00`", "a time in UTC, or in another zone"),
    ("`now`", "this second"),
    ("`-7d`, `-90m`, `+3d`", "so long ago, or ahead, to the second"),
)

DURATIONS = (
    ("`90s`, `15m`, `4h`, `1h30m`", "seconds, minutes, hours, and sums of them"),
    ("`3d`", "days of 24 hours, where no opening hours count; `7d` is a week"),
)

USES = (
    (
        "`--as-of 2026-11-22`, `--until 2026-11-22`",
        "a day's first instant: as it was, or until, when that day began",
    ),
    ("`--until +3d`, `--until tomorrow`", "when a hold ends; it lies ahead"),
    ("`created:2026-11-22`", "in a query all of the day, or of the month, the year, the minute"),
    ("`created:2026-11-01..2026-11-15`", "from the first day's beginning to the last one's end"),
    ("`updated:-7d..`, `due:..+2h`", "since then, until then: what counts from now needs a range"),
    ("`idle:3d..`, `age:..4h`", "in a query three days or more, four hours or less"),
    ("`desk worked 7k3 1h30m`", "time spent, in whole minutes"),
    ("`resolution: 4h`", "a target in config.yaml, in open time; `d` is refused there"),
)


def dates_page() -> str:
    """Return the page as Markdown: what can be typed, and what it means where."""
    return (
        "\n\n".join(
            (
                "# Dates and times",
                INTRODUCTION,
                _table(("instant", "meaning"), INSTANTS),
                _table(("duration", "meaning"), DURATIONS),
                _table(("where", "what it means there"), USES),
            )
        )
        + "\n"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(
        "| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)
    )
