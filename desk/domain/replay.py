"""The fields as the log tells them: at its end, or as they were at any instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from desk.domain.fields import DONE, FIELD
from desk.domain.ticket import Change, Entry, Ticket, Value, apply_changes, changes_between


def replay(log: Iterable[Entry]) -> dict[str, Value]:
    """Return the fields that the log leads to, `settle`d. `id` and `created` are never among them,
    `title` and `requester` only where an entry changed them."""
    log = tuple(log)
    changes = [change for entry in log for change in entry.changes]
    return settle(apply_changes({}, changes), log)


def replays(log: Iterable[Entry]) -> Iterator[Mapping[str, Value]]:
    """Yield, for each entry, what `replay` makes of the log up to it; in one pass."""
    told: dict[str, Value] = {}
    settled: Mapping[str, Value] = {}
    named: tuple[Entry, ...] = ()
    for entry in log:
        if entry.changes:
            told = apply_changes(told, entry.changes)
            named = (entry,) if entry.change_of("resolution") else named
            settled = settle(told, named)
        yield settled


def settle(values: Mapping[str, Value], log: Iterable[Entry]) -> dict[str, Value]:
    """Return the fields with what follows from the status: a live ticket has no resolution, a done
    one without has the last one the log names, else `fixed`; one that is not on hold has no
    `until`."""
    settled = dict(values)
    status = settled.get("status", "new")
    if status not in DONE:
        settled.pop("resolution", None)
    elif "resolution" not in settled:
        named = [entry.change_of("resolution") for entry in log]
        settled["resolution"] = next(filter(None, reversed(named)), "fixed")
    if status != "hold":
        settled.pop("until", None)
    return settled


def differences(ticket: Ticket) -> tuple[Change, ...]:
    """Return the changes that the front matter shows and no entry of the log carries.

    Of what the log need not carry (title, requester, unknown keys) only those keys count that an
    entry speaks of.
    """
    told = replay(ticket.log)
    spoken = {change.key for entry in ticket.log for change in entry.changes}
    shown = {
        key: value
        for key, value in ticket.values.items()
        if key in spoken or (key in FIELD and FIELD[key].logged)
    }
    if "status" not in shown and told.get("status") == "new":
        shown["status"] = "new"
    return changes_between(told, shown)


def as_of(ticket: Ticket, when: datetime) -> Ticket | None:
    """Return the ticket as its log had it then; None where it was not there yet.

    Fields that an entry ever speaks of are replayed up to `when`, even against a hand-edited front
    matter; the others are as the file has them.
    """
    log = tuple(entry for entry in ticket.log if entry.at <= when)
    if not log or ticket.created > when:
        return None
    told = replay(log)
    spoken = {change.key for entry in ticket.log for change in entry.changes}
    keys = {key.partition(".")[0] for key in spoken}
    # What a title was before its first change no entry says: the file's must do.
    from_log = {key for key in keys if key in told or (key in FIELD and FIELD[key].logged)}
    values = {key: value for key, value in ticket.values.items() if key not in from_log}
    values |= {key: value for key, value in told.items() if key in from_log}
    untold = [
        Change(f"fields.{name}", "=", value)
        for name, value in ticket.custom.items()
        if not {"fields", f"fields.{name}"} & spoken
    ]
    return replace(ticket, values=settle(apply_changes(values, untold), log), log=log)
