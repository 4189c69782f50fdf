"""A ticket, or another file, in the parents of a merge and in what it made of them.

A merge has the entries of all sides, less what a side took away that the common base had; fields as
replaying the log gives them; entries by `desk` that merging makes, or leaves out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from desk.domain.audit.allowed import shown
from desk.domain.audit.deeds import Objection
from desk.domain.audit.signing import AUTOMATION, tells_new_id
from desk.domain.mending import unexplained
from desk.domain.merge import merge
from desk.domain.redaction import REDACTED, name_of, redacted_names
from desk.domain.ticket import Change, Entry, Ticket

Bases = Callable[[], Sequence["Ticket | None"]]
"""Reads the ticket as the common ancestors have it; asked only where it matters."""

Counts = Counter[Entry]


def judge_merge(
    sides: Sequence[Ticket | None],
    after: Ticket,
    bases: Bases,
    is_elsewhere: Callable[[Entry], bool] = lambda entry: False,
) -> Iterator[Objection]:
    """Judge the log that a merge made. `is_elsewhere` tells of entries that went into another file
    along with a ticket that takes a new ID."""
    names = redacted_names([e for side in (*sides, after) if side for e in side.log])
    counted = [_counts(side, names) for side in sides]
    merged = _counts(after, names)
    told: list[Counts] = []

    def most_in_bases(entry: Entry) -> int:
        if not told:
            told.extend(_counts(base, names) for base in bases())
        return max((counts[entry] for counts in told), default=0)

    openings = {entry.at for entry in merged if entry.by == AUTOMATION and entry.verb == "noted"}
    every = dict.fromkeys(entry for counts in (*counted, merged) for entry in counts)
    for entry in every:
        if entry.by == AUTOMATION:
            continue
        have = merged[entry]
        least = min(counts[entry] for counts in counted)
        most = max(counts[entry] for counts in counted)
        if least <= have <= most and (have == most or most_in_bases(entry) >= most):
            continue
        if have > most:
            message = f"the merge has an entry that no side had: `{shown(entry)}`"
            yield Objection("merge-added", message, entry)
        elif entry.verb == "opened" and entry.at in openings:
            continue  # of several, the others become notes that quote them
        elif not is_elsewhere(entry):
            message = f"the merge lost an entry: `{shown(entry)}`"
            yield Objection("merge-dropped", message, entry)


def _counts(ticket: Ticket | None, names: frozenset[str]) -> Counts:
    """Count whole entries; those that are redacted anywhere by what remains of them, once."""
    if ticket is None:
        return Counter()
    if not names:
        return Counter(ticket.log)
    counts: Counts = Counter()
    for entry in ticket.log:
        if name_of(entry) in names:
            counts[entry._replace(text=REDACTED)] = 1
        else:
            counts[entry] += 1
    return counts


def unasked_entries(sides: Sequence[Ticket | None], after: Ticket, bases: Bases) -> list[Entry]:
    """Return the entries by `desk` that no side had, and that merging them does not make."""
    had = {entry for side in sides if side for entry in side.log}
    new = [entry for entry in after.log if entry.by == AUTOMATION and entry not in had]
    new = [entry for entry in new if not tells_new_id(entry, after)]
    if not new:
        return []
    made: set[Entry] = set()
    for one, other in combinations([side for side in sides if side], 2):
        for base in (None, *bases()):
            try:
                made.update(merge(base, one, other).log)
            except ValueError:  # a value that a front matter can hold, and no entry
                continue
    return [entry for entry in new if entry not in made]


def merged_by_hand(sides: Sequence[Ticket | None], after: Ticket) -> tuple[Change, ...]:
    """Return what the merged front matter shows, and neither its log nor a side tells."""
    had = {change for side in sides if side for change in unexplained(side)}
    return tuple(change for change in unexplained(after) if change not in had)


def is_taken(sides: Sequence[str], after: str, bases: Callable[[], Sequence[str]]) -> bool:
    """Tell whether a merge took one side's file (names of contents, "" for none), and was right to:
    that of the side that changed it."""
    if after not in sides:
        return False
    others = {side for side in sides if side != after}
    return not others or bool(others & set(bases()))
