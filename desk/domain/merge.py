"""Two versions of a ticket, and the one they come from, brought together: nothing is lost.

Entries are merged as a multiset (`desk.domain.merge_log`), fields by replaying the merged log. What
only a front matter shows is first given the entry that it lacks, by `desk`, in all three versions:
so both people's values stay in the history, and the later one is in force. See docs/merging.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desk.domain.fields import FIELD
from desk.domain.headings import new_entry, parse_heading
from desk.domain.instants import LAST_INSTANT
from desk.domain.mending import unexplained
from desk.domain.merge_log import AUTOMATION, in_order, kept
from desk.domain.redaction import REDACTED, name_of, redacted_names
from desk.domain.replay import replay
from desk.domain.ticket import OTHER_KEY, Block, Change, Entry, Ticket, Value, changes_between

_SECOND = timedelta(seconds=1)
_FIXED = ("id", "created")


def merge(base: Ticket | None, ours: Ticket, theirs: Ticket) -> Ticket:
    """Return the ticket that two versions of one come to; `base` is the version that both come
    from, None where there is none.

    It does not matter which side is which. A ticket that one side deleted is the other's version:
    that is for the caller to see to.
    """
    if _is_same(ours, theirs) or _is_same(theirs, base):
        return ours
    if _is_same(ours, base):
        return theirs
    logs = [_explained(each) if each else () for each in (base, ours, theirs)]
    entries = kept(*logs)
    names = redacted_names(entries)
    entries = _with_one_opened(_redacted(entries, names))
    log = in_order(entries, *(_redacted(each, names) for each in logs[1:]))
    log, unsaid = _without_lone_values(log)
    nameless, notes = _nameless(base, ours, theirs)
    if notes:
        log = in_order([*log, *(note for note in notes if note not in log)], log, log)
    fixed = {key: _fixed(key, base, ours, theirs) for key in _FIXED}
    values = {key: value for key, value in fixed.items() if value} | unsaid | replay(log) | nameless
    return Ticket(values, log, _head(base, ours, theirs))


def _is_same(one: Ticket, other: Ticket | None) -> bool:
    """Tell whether two versions are the same, the way their front matter is written included."""
    return other is not None and one == other and one.head == other.head


# ------------------------------------------------------------------------- what no entry carries


def _explained(ticket: Ticket) -> tuple[Entry, ...]:
    """Return the log with the entries that the front matter lacks, each by `desk` one second after
    the last one that speaks of its field, or else after `opened`."""
    begun = _begun(ticket)
    spoken = {change.key: entry.at for entry in ticket.log for change in entry.changes}
    added: list[Entry] = []
    changes = unexplained(ticket)
    # What follows from a status is looked at once the log has the status: it may need no entry, or
    # may have brought back what an earlier entry said.
    added += _told([change for change in changes if change.key not in _FOLLOWING], spoken, begun)
    if changes:
        so_far = replace(ticket, log=_by_instant(ticket.log, added))
        added += _told(unexplained(so_far), spoken, begun)
    for key, value in ticket.values.items():
        if key not in spoken and _is_untold(key):
            changes_of = changes_between({}, {key: value})
            added.append(new_entry(_after(begun), AUTOMATION, "changed", changes_of))
    if not added:
        return ticket.log
    return _by_instant(ticket.log, added)


_FOLLOWING = ("resolution", "until")


def _told(
    changes: Sequence[Change], spoken: Mapping[str, datetime], begun: datetime
) -> list[Entry]:
    """Return the entry of each key that changed, behind the last that speaks of it: one that clears
    all custom fields speaks of each."""
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        by_key.setdefault(change.key, []).append(change)
    entries = []
    for key, own in by_key.items():
        at = spoken.get(key, begun)
        if key.startswith("fields."):
            at = max(at, spoken.get("fields", begun))
        entries.append(new_entry(_after(at), AUTOMATION, "changed", own))
    return entries


def _by_instant(log: Sequence[Entry], added: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted([*log, *added], key=lambda entry: entry.at))


def _begun(ticket: Ticket) -> datetime:
    opened = (entry.at for entry in ticket.log if entry.verb == "opened")
    return next(opened, ticket.created)


def _after(at: datetime) -> datetime:
    return min(at + _SECOND, LAST_INSTANT)


def _is_untold(key: str) -> bool:
    """Tell whether a key of a front matter need not be in the log, but could be."""
    if key in _FIXED:
        return False
    return not FIELD[key].logged if key in FIELD else bool(OTHER_KEY.fullmatch(key))


def _without_lone_values(log: Sequence[Entry]) -> tuple[tuple[Entry, ...], dict[str, Value]]:
    """Take out the entries that were made for a title, a requester or an unknown key, where no
    other speaks of it; return these values."""
    counts = Counter(key for entry in log for key in {change.key for change in entry.changes})
    begun = next((entry.at for entry in log if entry.verb == "opened"), None)
    if begun is None and log:
        begun = log[0].at - _SECOND
    lone: list[Entry] = []
    for entry in log:
        keys = {change.key for change in entry.changes}
        if (
            (entry.by, entry.verb, entry.text) == (AUTOMATION, "changed", "")
            and len(keys) == 1
            and all(counts[key] == 1 and _is_untold(key) for key in keys)
            and begun is not None
            and entry.at == _after(begun)
        ):
            lone.append(entry)
    rest = tuple(entry for entry in log if entry not in lone)
    return rest, replay(lone) if lone else {}


# ------------------------------------------------------------------------------- special entries


def _with_one_opened(entries: Sequence[Entry]) -> list[Entry]:
    """Keep the first `opened`; each other becomes a note by `desk`, of its instant, that quotes
    it."""
    opened = sorted(
        {entry for entry in entries if entry.verb == "opened"},
        key=lambda entry: (entry.at, entry.heading, entry.text),
    )
    if len(opened) < 2 and sum(entry.verb == "opened" for entry in entries) < 2:
        return list(entries)
    rest = [entry for entry in entries if entry.verb != "opened"]
    quotes = [_quote(entry) for entry in opened[1:]]
    return [opened[0], *(quote for quote in quotes if quote not in rest), *rest]


_QUOTED = "Opened twice:\n\n> "


def _quote(entry: Entry) -> Entry:
    quoted = "".join(f"\n> {line}".rstrip() for line in entry.text.split("\n") if entry.text)
    return new_entry(entry.at, AUTOMATION, "noted", (), f"{_QUOTED}{entry.heading}{quoted}")


def _redacted(entries: Sequence[Entry], names: frozenset[str]) -> list[Entry]:
    """Take the text out of every entry that a `redacted` one names, also where it is quoted; equal
    ones become one."""
    if not names:
        return list(entries)
    found: dict[Entry, int] = {}
    for entry in entries:
        if entry.text and name_of(entry) in names:
            found[entry._replace(text=REDACTED)] = 1
        elif (quoted := _quoted(entry)) and name_of(quoted) in names:
            found[quoted._replace(text=REDACTED)] = 1
        else:
            found[entry] = found.get(entry, 0) + 1
    return [entry for entry, count in found.items() for _ in range(count)]


def _quoted(entry: Entry) -> Entry | None:
    """Return the `opened` that a note of ours quotes, without its text."""
    if (entry.by, entry.verb) != (AUTOMATION, "noted") or not entry.text.startswith(_QUOTED):
        return None
    heading = entry.text.removeprefix(_QUOTED).partition("\n")[0]
    try:
        return parse_heading(heading)
    except ValueError:
        return None


# ------------------------------------------------------------------------- beside the log


def _fixed(key: str, base: Ticket | None, ours: Ticket, theirs: Ticket) -> str:
    """Return the `id` or `created`: the side's that changed it, or else the smaller one."""
    before = base.text(key) if base else ""
    sides = {ours.text(key), theirs.text(key)} - {before} or {before}
    return min(sides)


def _nameless(
    base: Ticket | None, ours: Ticket, theirs: Ticket
) -> tuple[dict[str, Value], list[Entry]]:
    """Merge the unknown keys that no heading can name: the side's value that changed it; where both
    did, the larger by its letters, and a note has the other."""
    versions = [each.values if each else {} for each in (base, ours, theirs)]
    keys = {key for each in versions for key in each if key not in FIELD}
    merged: dict[str, Value] = {}
    notes: list[Entry] = []
    for key in sorted(key for key in keys if not OTHER_KEY.fullmatch(key)):
        before, here, there = (each.get(key) for each in versions)
        chosen = there if here == before else here
        if here != there and before not in (here, there):
            lost, chosen = sorted((here, there), key=_letters)
            if lost is not None:
                text = f"Two values met; this one gave way:\n\n{key}: {_letters(lost)}"
                at = _after(_begun(min(ours, theirs, key=_begun)))
                notes.append(new_entry(at, AUTOMATION, "noted", (), text))
        if chosen is not None:
            merged[key] = chosen
    return merged, notes


def _letters(value: Value | None) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={value[name]}" for name in sorted(value))
    return "" if value is None else value if isinstance(value, str) else ", ".join(value)


def _head(base: Ticket | None, ours: Ticket, theirs: Ticket) -> tuple[Block, ...]:
    """Return how the front matter is written: as the side has it that changed it; where both did,
    as one of them, with the comments that the other one added."""
    before = base.head if base else ()
    if ours.head == theirs.head or theirs.head == before:
        return ours.head
    if ours.head == before:
        return theirs.head
    first, second = sorted((ours.head, theirs.head), key=repr)
    known = {block.lines for block in (*first, *before)}
    comments = (block for block in second if not block.key and block.lines not in known)
    return (*first, *comments)
