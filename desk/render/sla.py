"""Service levels for people and programs: clocks, checks, and the JSON of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from desk.domain.instants import format_instant, format_open
from desk.domain.sla import Clock, State
from desk.domain.texts import visible
from desk.render.machine import Json, instant, unreadable_objects
from desk.render.metrics import gauge, labels
from desk.render.rows import Row, chosen, rows_text
from desk.render.style import local, styled
from desk.render.tables import Cell, screen_table
from desk.services.reading import Found
from desk.services.service_levels import Standing

if TYPE_CHECKING:
    from desk.services.sla import Breach, SlaCheck

STATE_STYLES: dict[State, str] = {
    "breached": "red",
    "missed": "red",
    "at_risk": "yellow",
    "paused": "dim",
    "running": "green",
    "met": "dim",
}


def check_object(found: SlaCheck) -> dict[str, Json]:
    """Return a check for JSON (`desk.sla-check/1`)."""
    return {
        "schema": "desk.sla-check/1",
        "as_of": format_instant(found.as_of),
        "checked": found.checked,
        "counts": dict(found.counts),
        "findings": [_breach_object(breach) for breach in found.breaches],
        "unreadable": unreadable_objects(found.unreadable),
    }


def _breach_object(breach: Breach) -> dict[str, Json]:
    path, fields = breach.ticket.path, breach.ticket.fields
    return {
        "id": fields.id,
        "path": path,
        "title": fields.title,
        "priority": fields.text("priority") or None,
        "assignee": fields.text("assignee") or None,
        "team": fields.text("team") or None,
        "policy": breach.policy.name,
        "clock": breach.name,
        "state": breach.clock.state,
        "due": instant(breach.clock.due),
        "over_seconds": breach.over_seconds,
    }


def check_summary(found: SlaCheck) -> str:
    """Return a check in one sentence."""
    counted = ", ".join(
        f"{count:,} {state.replace('_', ' ')}" for state, count in found.counts.items() if count
    )
    unread = f"; {len(found.unreadable):,} unreadable" if found.unreadable else ""
    tickets = "1 live ticket" if found.checked == 1 else f"{found.checked:,} live tickets"
    return f"{tickets} checked; clocks: {counted or 'none'}{unread}"


def prometheus(found: SlaCheck) -> str:
    """Return a check as metrics, in Prometheus's text format."""
    lines = [
        *gauge("desk_sla_tickets_checked", "Live tickets looked at.", [("", found.checked)]),
        *gauge(
            "desk_sla_clocks",
            "Clocks of live tickets, by state.",
            [(labels({"state": state}), count) for state, count in found.counts.items()],
        ),
        *gauge(
            "desk_sla_findings",
            "Clocks that are breached or at risk, by clock, policy, team and priority.",
            sorted(_grouped(found.breaches).items()),
        ),
        *gauge("desk_unreadable", "Problems of unreadable files.", [("", len(found.unreadable))]),
        *gauge(
            "desk_sla_as_of_seconds",
            "The instant that was checked, in Unix time.",
            [("", int(found.as_of.timestamp()))],
        ),
    ]
    return "".join(f"{line}\n" for line in lines)


def _grouped(breaches: Iterable[Breach]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for breach in breaches:
        fields = breach.ticket.fields
        key = labels(
            {
                "clock": breach.name,
                "policy": breach.policy.name,
                "priority": fields.text("priority"),
                "state": breach.clock.state,
                "team": fields.text("team"),
            }
        )
        counts[key] = counts.get(key, 0) + 1
    return counts


def clock_words(clock: Clock, zone: tzinfo) -> str:
    """Say in words how a clock stands: `at risk, due 2026-11-23 10:00, 25m left`."""
    state = clock.state.replace("_", " ")
    due = f", due {local(clock.due, zone)}" if clock.due else ""
    if clock.state == "met":
        return f"met after {format_open(clock.elapsed_seconds)}{due}"
    if clock.state == "missed":
        return f"missed by {format_open(-clock.remaining_seconds)}{due}"
    return f"{state}{due}, {left_words(clock)}"


def left_words(clock: Clock, units: int = 2) -> str:
    """Say how much open time is left of a clock that runs: `25m left`, `3h over`. A promise is
    broken after its due, even where no open time has gone by since."""
    seconds = clock.remaining_seconds
    if clock.state == "breached":
        return f"{format_open(-seconds, units)} over"
    return f"{format_open(seconds, units)} left"


def due_words(found: Found, has_name: bool = True) -> str:
    """Say what is due next, for a list: `resolution 3h over`, `first response 25m at risk`; of a
    done ticket, on which date it ended."""
    if not found.ticket.is_live:
        ended_at = found.facts.resolved_at
        return local(ended_at, found.desk.settings.zone, "%Y-%m-%d") if ended_at else ""
    due = found.standing.due
    if due is None:
        paused = [clock for clock in found.standing.clocks.values() if clock is not None]
        return "paused" if any(clock.state == "paused" for clock in paused) else ""
    name = f"{due.name.replace('_', ' ')} " if has_name else ""
    return f"{name}{short_words(due.clock)}"


_MOST_HOURS = 999
"""Open time beyond this is no longer told by the hour in a list: it has no days to count in."""


def short_words(clock: Clock) -> str:
    """Say how a clock that runs stands, in its largest unit: `3h over`, `25m at risk`, `2h`."""
    words = {"breached": " over", "at_risk": " at risk"}.get(clock.state, "")
    seconds = abs(clock.remaining_seconds)
    is_long = seconds > _MOST_HOURS * 3600
    return f"{f'>{_MOST_HOURS}h' if is_long else format_open(seconds, 1)}{words}"


def due_style(found: Found) -> str:
    """Return the style in which a list shows what is due next."""
    due = found.standing.due if found.ticket.is_live else None
    return STATE_STYLES[due.clock.state] if due else "dim"


STATUS_KEYS = ("id", "priority", "clock", "state", "due", "remaining_seconds", "title")
STATUS_COLUMNS = ("ID", "P", "clock", "state", "due", "left", "title")


def status_rows(shown: Sequence[Found], zone: tzinfo | None = None) -> list[tuple[str, ...]]:
    """Return a row a clock: for programs in ISO and seconds, with a `zone` for people."""
    rows: list[tuple[str, ...]] = []
    for each in shown:
        for name, clock in each.standing.clocks.items():
            if clock is None:
                continue
            if zone is None:
                due, left = instant(clock.due) or "", str(clock.remaining_seconds)
            else:
                due = local(clock.due, zone) if clock.due else ""
                left = format_open(clock.remaining_seconds) if clock.ended_at is None else ""
            state = clock.state if zone is None else clock.state.replace("_", " ")
            label = name if zone is None else name.replace("_", " ")
            ticket = each.ticket
            rows.append((ticket.id, ticket.text("priority"), label, state, due, left, ticket.title))
    return rows


def status_text(shown: Sequence[Found], form: str, fields: str = "") -> str:
    """Return the clocks of tickets as `plain` or `md`, with the columns that `fields` names."""
    rows: list[Row] = [dict(zip(STATUS_KEYS, row, strict=True)) for row in status_rows(shown)]
    return rows_text(form, chosen(fields, STATUS_KEYS), rows)


def unpromised_words(shown: Sequence[Found]) -> str:
    """Say of which tickets nothing is shown, because nothing is promised; empty for none."""
    names = [each.ticket.id for each in shown if not each.standing.states]
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return f"nothing is promised for {', '.join(names[:5])}{more}" if names else ""


def status_table(shown: Sequence[Found], zone: tzinfo, width: int, has_color: bool) -> str:
    """Return the clocks of tickets as a table."""
    rows = []
    for row in status_rows(shown, zone):
        cells = [Cell(text) for text in row]
        cells[0] = Cell(row[0], "cyan")
        cells[3] = Cell(row[3], STATE_STYLES[_state(row[3])])
        cells[4] = Cell(row[4], short=row[4].partition("-")[2])  # without the year
        rows.append(cells)
    return screen_table(
        *(STATUS_COLUMNS, rows, width, has_color),
        wide=("title",),
        right=("left",),
        yielding=("P", "due", "title", "due", "left"),
        least=16,
    )


def _state(words: str) -> State:
    states: dict[str, State] = {name.replace("_", " "): name for name in STATE_STYLES}
    return states[words]


def standing_lines(standing: Standing, zone: tzinfo, has_color: bool) -> list[tuple[str, str]]:
    """Return a name and words for a ticket's policy and each of its clocks, for its page."""
    policy = [("policy", visible(standing.policy.name))] if standing.policy else []
    return policy + [
        (
            name.replace("_", " "),
            styled(clock_words(clock, zone), STATE_STYLES[clock.state], has_color),
        )
        for name, clock in standing.clocks.items()
        if clock is not None
    ]
