"""What the figures say in plain sentences: what a lead should look at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from desk.domain.instants import format_duration
from desk.domain.report.metric import Figure

Tone: TypeAlias = Literal["late", "watch", "good"]
"""What must be done at once, what is to be watched, and what goes well."""

TONES: tuple[Tone, ...] = ("late", "watch", "good")

MOST = 8
"""More sentences nobody reads on a Monday."""

_RISE, _FACTOR = 3, 1.5
"""A topic rose where so many more tickets came than before, and so many times as many."""

_POINTS = 0.05
_SHARE = 0.4


class Note(NamedTuple):
    """One sentence, and the query of the tickets that it speaks of ("": of none in particular)."""

    tone: Tone
    text: str
    query: str = ""


class Now(NamedTuple):
    """How the live tickets stand: counts, and of those who wait for an answer the longest time."""

    live: int
    late: int
    late_unowned: int
    at_risk: int
    unowned: int
    oldest_unowned_seconds: int
    unanswered: int
    longest_unanswered_seconds: int
    old: int


class Movement(NamedTuple):
    """Something that was counted in a period and in the one before."""

    name: str
    before: int
    now: int
    query: str


QUERIES = {
    "late": "is:open is:breached",
    "at_risk": "is:open is:at-risk -is:breached",
    "unowned": "is:open is:unassigned",
    "old": "is:open age:90d..",
}
"""The queries of what `Now` counts of the live tickets."""

UNANSWERED = "unanswered"
"""Stands for the query of who waits for an answer: there is none."""


def tickets_words(count: int) -> str:
    """Return `1 ticket` or `12 tickets`."""
    return f"{count:,} ticket{'' if count == 1 else 's'}"


def standing_notes(now: Now) -> list[Note]:
    """Say what about the live tickets cannot wait."""
    notes = []
    if now.late:
        verb = "is" if now.late == 1 else "are"
        text = f"{tickets_words(now.late)} {verb} past {'its' if now.late == 1 else 'their'} due"
        if now.late_unowned == now.late:
            text += ", and nobody has " + ("it" if now.late == 1 else "them")
        elif now.late_unowned:
            text += f"; {now.late_unowned:,} of them nobody has"
        notes.append(Note("late", f"{text}.", QUERIES["late"]))
    if now.at_risk:
        verb = "is" if now.at_risk == 1 else "are"
        text = f"{now.at_risk:,} more {verb} at risk: most of the time is used up."
        if not now.late:
            text = f"{tickets_words(now.at_risk)} {verb} at risk: most of the time is used up."
        notes.append(Note("late", text, QUERIES["at_risk"]))
    if now.unanswered:
        who = "1 requester waits" if now.unanswered == 1 else f"{now.unanswered:,} requesters wait"
        longest = _span(now.longest_unanswered_seconds)
        how = f", for {longest}" if now.unanswered == 1 else f", the longest for {longest}"
        notes.append(Note("watch", f"{who} for an answer{how}.", UNANSWERED))
    if now.unowned:
        text = f"{tickets_words(now.unowned)} nobody has taken"
        since = _span(now.oldest_unowned_seconds)
        text += f", for {since}." if now.unowned == 1 else f", the oldest for {since}."
        notes.append(Note("watch", text, QUERIES["unowned"]))
    if now.old:
        verb = "is" if now.old == 1 else "are"
        text = f"{tickets_words(now.old)} {verb} older than 90 days."
        notes.append(Note("watch", text, QUERIES["old"]))
    return notes


def _span(seconds: int) -> str:
    return format_duration(seconds).split(" ")[0] if seconds >= 60 else "a moment"


def backlog_note(before: int, now: int, query: str) -> list[Note]:
    """Say how the backlog changed, which `query` finds; nothing where there was none before, as on
    a desk that has just begun."""
    if not before or before == now:
        return []
    if now > before:
        return [Note("watch", f"The backlog grew from {before:,} to {now:,}.", query)]
    return [Note("good", f"The backlog shrank from {before:,} to {now:,}.", query)]


def promise_notes(
    shares: Iterable[tuple[str, Figure, Figure, str]], goal: float = 0.9
) -> list[Note]:
    """Say which promises were kept less than before, or less than the goal; each is given with its
    clock, the share before and now, and the query of what was missed."""
    notes = []
    for clock, before, now, query in shares:
        if now is None:
            continue
        words = clock.replace("_", " ")
        text = f"Promises of {words} were kept in {_percent(now)}"
        points = 0 if before is None else round(now - before, 4)
        if before is not None and points <= -_POINTS:
            notes.append(Note("watch", f"{text}, down from {_percent(before)}.", query))
        elif before is not None and points >= _POINTS:
            notes.append(Note("good", f"{text}, up from {_percent(before)}.", query))
        elif now < goal:
            notes.append(Note("watch", f"{text}.", query))
    return notes


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def topic_notes(topics: Iterable[Movement], most: int = 2) -> list[Note]:
    """Say which topics rose most."""
    rising = [
        each for each in topics if each.name and each.now - each.before >= _RISE and _grew(each)
    ]
    rising.sort(key=lambda each: (each.before - each.now, each.name))
    return [
        Note("watch", f"{each.name} rose from {each.before:,} to {each.now:,}.", each.query)
        for each in rising[:most]
    ]


def _grew(each: Movement) -> bool:
    return each.now >= _FACTOR * each.before


def load_note(loads: Sequence[tuple[str, int, str]]) -> list[Note]:
    """Say where one person has far more than the others; each is given with the number of their
    live tickets and the query of these."""
    total = sum(count for _, count, _ in loads)
    if len(loads) < 2 or total < 2 * len(loads):
        return []
    who, most, query = max(loads, key=lambda each: each[1])
    if most < max(_SHARE * total, 2 * total / len(loads) if len(loads) > 2 else 0.75 * total):
        return []
    return [Note("watch", f"{who} has {most:,} of the {tickets_words(total)} in hand.", query)]


def rating_notes(
    now: Mapping[str, Figure], before: Mapping[str, Figure], low: int, query: str
) -> list[Note]:
    """Say how content the requesters were: `low` of them gave 1 or 2, which `query` finds."""
    if low:
        text = "1 requester was" if low == 1 else f"{low:,} requesters were"
        return [Note("watch", f"{text} not content: a score of 1 or 2.", query)]
    mean, earlier = now.get("rating_mean"), before.get("rating_mean")
    if mean is None or earlier is None or abs(mean - earlier) < 0.3:
        return []
    if mean > earlier:
        return [Note("good", f"Ratings rose from {earlier:.1f} to {mean:.1f}.")]
    return [Note("watch", f"Ratings fell from {earlier:.1f} to {mean:.1f}.")]


def in_order(notes: Iterable[Note], most: int = MOST) -> tuple[Note, ...]:
    """Return the notes that cannot wait first, then what is to be watched, then what goes well; one
    that all is well where there is none."""
    found = sorted(notes, key=lambda note: TONES.index(note.tone))[:most]
    return tuple(found) or (Note("good", "Nothing is late, and nothing waits to be taken."),)
