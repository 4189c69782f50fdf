"""What the log of a ticket says to the clocks: when something was asked, answered, owned, done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from desk.domain.fields import DONE
from desk.domain.ticket import Entry

FIRST_STATUS = "new"
"""Where a ticket stands whose `opened` does not say."""


class Milestones(NamedTuple):
    """The turning points of a log: the entries at which the status changes or a clock starts or
    ends, from `opened` on (without one, from the first entry).

    `statuses[n]` holds from `instants[n]` to the next. The others are places in these two: where
    the first response came, where the ticket was first owned, where the present span of done
    began (None while it is live), and from where to where each exchange after the first response
    went (None: not answered yet).
    """

    instants: list[datetime]
    statuses: list[str]
    response: int | None
    ownership: int | None
    done: int | None
    exchanges: list[tuple[int, int | None]]


def from_opened(log: Sequence[Entry]) -> Sequence[Entry]:
    """Return the log from `opened` on, or the whole one without any: nothing can happen to a ticket
    before it."""
    if not log or log[0].verb == "opened":
        return log
    return log[next((place for place, entry in enumerate(log) if entry.verb == "opened"), 0) :]


def milestones(log: Sequence[Entry], now: datetime | None = None) -> Milestones | None:
    """Read a log, which is in order of time, up to `now`; None where nothing has happened yet.

    An entry into done, or an assignment, counts whoever made it; a `replied` by `desk` answers
    nothing. A `wrote` before the first response belongs to that, and one that leaves the ticket
    done asks nothing.
    """
    if now is not None and log and log[-1].at > now:
        log = [entry for entry in log if entry.at <= now]
    if not log:
        return None
    log = from_opened(log)
    instants: list[datetime] = []
    statuses: list[str] = []
    exchanges: list[tuple[int, int | None]] = []
    response = ownership = done = asked = None
    status, was_done = FIRST_STATUS, False
    for at, by, verb, changes, _, _ in log:
        before, is_assigned = status, False
        for key, op, value in changes:
            if op != "=":
                continue
            # The last of several counts, as it does when the fields are replayed.
            if key == "status":
                status = value or FIRST_STATUS
            elif key == "assignee" and value:
                is_assigned = True
        is_done = status in DONE
        is_end = is_done and not was_done
        is_answer = is_end or (verb == "replied" and by != "desk")
        is_owned = ownership is None and (is_end or is_assigned)
        is_answered = is_answer and (response is None or asked is not None)
        is_asked = verb == "wrote" and not is_done and response is not None and asked is None
        was_done = is_done
        if not (is_owned or is_answered or is_asked or status != before or not instants):
            continue
        place = len(instants)
        instants.append(at)
        statuses.append(status)
        if is_owned:
            ownership = place
        if is_end:
            done = place
        elif not is_done:
            done = None
        if is_asked:
            asked = place
        elif is_answered and asked is not None:
            exchanges.append((asked, place))
            asked = None
        elif is_answered:
            response = place
    if asked is not None:
        exchanges.append((asked, None))
    return Milestones(instants, statuses, response, ownership, done, exchanges)
