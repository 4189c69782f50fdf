"""Why something is due then: a ticket's clocks, added up span by span; a calendar's year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from desk.domain.days import Day
from desk.domain.explain import Move
from desk.domain.hours import format_intervals
from desk.domain.instants import format_duration, format_instant, format_open
from desk.domain.policy import Policy
from desk.domain.sla import Clock
from desk.domain.texts import visible
from desk.render.machine import Json, Object, clock_object, instant, json_document, sla_object
from desk.render.sla import left_words
from desk.render.style import local, styled
from desk.services.sla import ClockStory, Explanation

_WHEN = "%a %Y-%m-%d %H:%M:%S"


def explanation_text(found: Explanation, now: datetime, has_color: bool) -> str:
    """Return the explanation as a page that can be checked with a calendar on the wall."""
    ticket = found.ticket
    title = styled(visible(ticket.title), "bold", has_color)
    lines = [f"{styled(ticket.id, 'cyan', has_color)}  {title}", "", *_policy_lines(found), ""]
    if found.calendar is None:
        return "\n".join([*lines[:-1], "Nothing is promised, so no clock runs.", ""])
    zone = found.calendar.zone
    lines += [
        f"calendar  {visible(_calendar_name(found))}: opening hours in {found.calendar.timezone}",
        f"now       {_local(now, zone)}",
    ]
    for story in found.stories:
        lines += ["", *_story_lines(story, zone, has_color)]
    for move in found.moves:
        lines += ["", _move_words(move, zone)]
    return "\n".join(lines) + "\n"


def _move_words(move: Move, zone: tzinfo) -> str:
    after = f"due {_local(move.after, zone)}" if move.after else "not due"
    return (
        f"The {move.clock.replace('_', ' ')} was due {_local(move.before, zone)} and late already "
        f"when {visible(move.entry.by)} changed its terms on {_local(move.entry.at, zone)}; "
        f"from then on it was {after}."
    )


def _calendar_name(found: Explanation) -> str:
    return found.standing.policy.calendar_name if found.standing.policy else ""


def _policy_lines(found: Explanation) -> list[str]:
    lines = []
    for policy, is_it in found.tried:
        condition = f"if {policy.query_text}" if policy.query_text else "for every ticket"
        verdict = "applies" if is_it else "does not match"
        lines.append(f"policy    {visible(policy.name)}, {visible(condition)}: {verdict}")
    if found.standing.policy is None:
        lines.append("policy    no policy matches" if lines else "policy    config.yaml has none")
    return lines


def _story_lines(story: ClockStory, zone: tzinfo, has_color: bool) -> list[str]:
    name = styled(story.name.replace("_", " "), "bold", has_color)
    clock = story.clock
    if clock is None:
        return [f"{name}: nothing to show"]
    pauses = f"; pauses in {', '.join(story.pause_in)}" if story.pause_in else "; never pauses"
    lines = [f"{name}: {format_open(clock.target_seconds)} of open time{pauses}"]
    for span in story.spans:
        counted = format_open(span.open_seconds, 3)
        what = {
            "counts": counted,
            "paused": f"paused ({counted} open)",
            "done": f"done ({counted} open)",
        }[span.kind]
        lines.append(
            f"  {_local(span.start, zone)} to {_local(span.end, zone)}  "
            f"{visible(span.status):9} {what}"
        )
    lines.append(f"  sum {_sum(story)}, target {format_open(clock.target_seconds)}")
    due = f"due {_local(clock.due, zone)}" if clock.due else "no due while it is paused"
    if clock.ended_at:
        lines.append(f"  {due}, ended {_local(clock.ended_at, zone)}: {clock.state}")
    else:
        state = clock.state.replace("_", " ")
        lines.append(f"  {due}: {state}, {left_words(clock, 3)}")
    lines += [f"    {_day(part.date)}  {format_open(part.seconds, 3)}" for part in story.ahead]
    return [*lines, "    ..."] if story.has_more_ahead else lines


def _sum(story: ClockStory) -> str:
    counted = [span.open_seconds for span in story.spans if span.kind == "counts"]
    total = format_open(sum(counted), 3)
    if len(counted) < 2:
        return total
    return f"{' + '.join(format_open(seconds, 3) for seconds in counted)} = {total}"


def _local(at: datetime, zone: tzinfo) -> str:
    return local(at, zone, _WHEN)


def _day(date: date) -> str:
    return date.strftime("%a %Y-%m-%d")


def explanations_document(found: Sequence[Explanation]) -> str:
    """Return one explanation as JSON (`desk.sla-explain/1`), or several (`desk.sla-explains/1`)."""
    told = [_explanation_object(each) for each in found]
    if len(told) == 1:
        return json_document({"schema": "desk.sla-explain/1", **told[0]})
    return json_document({"schema": "desk.sla-explains/1", "explanations": told})


def _explanation_object(found: Explanation) -> Object:
    return {
        "id": found.ticket.id,
        "sla": sla_object(found.standing),
        "policies": [_policy_object(policy, is_it) for policy, is_it in found.tried],
        "clocks": {story.name: _story_object(story) for story in found.stories},
        "moved": [
            {
                "clock": move.clock,
                "at": instant(move.entry.at),
                "by": move.entry.by,
                "due_before": instant(move.before),
                "due_after": instant(move.after),
            }
            for move in found.moves
        ],
    }


def _policy_object(policy: Policy, is_it: bool) -> Object:
    return {"name": policy.name, "if": policy.query_text or None, "applies": is_it}


def _story_object(story: ClockStory) -> Object:
    return {
        **(clock_object(story.clock) or dict.fromkeys(Clock._fields)),
        "pause_in": list(story.pause_in),
        "spans": [
            {
                "from": format_instant(span.start),
                "to": format_instant(span.end),
                "status": span.status,
                "kind": span.kind,
                "open_seconds": span.open_seconds,
            }
            for span in story.spans
        ],
    }


def calendar_text(name: str, timezone: str, days: Sequence[Day], has_color: bool) -> str:
    """Return a calendar's year: the week, then every date that differs from it."""
    week = {day.date.weekday(): day for day in days if day.why == "weekday"}
    year = days[0].date.year
    title = styled(f"{visible(name)} {year}", "bold", has_color)
    lines = [f"{title}  opening hours in {timezone}", ""]
    lines += [
        f"{day.date.strftime('%a')}  {format_intervals(day.intervals)}"
        for _, day in sorted(week.items())
    ]
    odd = [f"{_day(day.date)}  {_day_words(day)}" for day in days if day.why != "weekday"]
    changed = [day for day in days if day.changes or day.is_skipped]
    changes = [f"{_day(day.date)}  {_change_words(day)}" for day in changed]
    for heading, rows in (("Dates that differ", odd), ("Clock changes", changes)):
        lines += ["", f"{heading}:", *rows] if rows else []
    hours = sum(day.open_seconds for day in days)
    open_days = sum(1 for day in days if day.open_seconds)
    lines += ["", f"{open_days} open days, {hours / 3600:,.1f} open hours"]
    return "\n".join(lines) + "\n"


def _day_words(day: Day) -> str:
    why = f"{day.why}{f': {visible(day.name)}' if day.name else ''}"
    return f"{format_intervals(day.intervals)}, {why}"


def _change_words(day: Day) -> str:
    if day.is_skipped:
        return "skipped: the clocks go from the day before to the day after"
    words = []
    for change in day.changes:
        ahead = change.after - change.before
        how = "forward" if ahead > 0 else "back"
        words.append(f"clocks go {how} {format_duration(abs(ahead))}")
    return ", ".join(
        [*words, f"open {format_intervals(day.intervals)}" if day.intervals else "closed"]
    )


def calendar_object(name: str, timezone: str, days: Sequence[Day]) -> Object:
    """Return a calendar's year for JSON (`desk.sla-calendar/1`)."""
    return {
        "schema": "desk.sla-calendar/1",
        "calendar": name,
        "timezone": timezone,
        "days": [_day_object(day) for day in days],
    }


def _day_object(day: Day) -> dict[str, Json]:
    return {
        "date": day.date.isoformat(),
        "hours": format_intervals(day.intervals),
        "why": day.why,
        "name": day.name or None,
        "open_seconds": day.open_seconds,
        "skipped": day.is_skipped,
        "clock_changes": [
            {"at": format_instant(each.at), "before": each.before, "after": each.after}
            for each in day.changes
        ],
    }
