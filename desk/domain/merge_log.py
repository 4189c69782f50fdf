"""Two versions of a log and the one they come from: which entries stay, and in which order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from desk.domain.ticket import Entry

MOST_CONTRARY = 200
"""So many entries of one instant are compared in pairs where two versions contradict each other."""

AUTOMATION = "desk"


class _Slot(NamedTuple):
    """One entry of a log: entries that are the same, byte for byte, are told apart by `number`.

    Slots compare as their entries do by bytes.
    """

    heading: str
    text: str
    number: int


class Sameness(NamedTuple):
    """What makes two entries the same one, and how they compare by bytes."""

    heading: str
    text: str


def sameness(entry: Entry) -> Sameness:
    """Return an entry's heading and text."""
    return Sameness(entry.heading, entry.text)


def kept(base: Sequence[Entry], ours: Sequence[Entry], theirs: Sequence[Entry]) -> list[Entry]:
    """Return the entries of the merged log, each as many times as it stands there.

    Where one side has as many as the base, the other's number counts; else, where both have fewer,
    the smaller one; else the larger one. A `redacted` entry goes only where both sides lack it.
    """
    entries: dict[Sameness, Entry] = {}
    counts: list[Counter[Sameness]] = []
    for log in (base, ours, theirs):
        own = [Sameness(entry.heading, entry.text) for entry in log]
        entries.update(zip(own, log, strict=True))
        counts.append(Counter(own))
    before, here, there = counts
    found: list[Entry] = []
    for same, entry in entries.items():
        number = _number(before[same], here[same], there[same])
        if entry.verb == "redacted":
            number = max(number, here[same], there[same])
        found += [entry] * number
    return found


def _number(base: int, ours: int, theirs: int) -> int:
    if ours == base:
        return theirs
    if theirs == base:
        return ours
    if ours < base and theirs < base:
        return min(ours, theirs)
    return max(ours, theirs)


def in_order(
    entries: Iterable[Entry], ours: Iterable[Entry], theirs: Iterable[Entry]
) -> tuple[Entry, ...]:
    """Return the entries of a merged log in their order; `ours` and `theirs` are the logs that they
    come from.

    By instant; within one, `opened` first, then everybody's own entries as either side has them
    (but for automation's), and any entries as both sides have them. What that leaves open, and
    where it contradicts itself, is settled by bytes.
    """
    by_instant: defaultdict[datetime, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_instant[entry.at].append(entry)
    crowded = {at for at, group in by_instant.items() if len(group) > 1}
    here, there = _slots(ours, crowded), _slots(theirs, crowded)
    merged: list[Entry] = []
    for at in sorted(by_instant):
        group = by_instant[at]
        if at in crowded:
            known = dict(zip(_slots(group, crowded)[at], group, strict=True))
            group = [known[slot] for slot in _arranged(known, here[at], there[at])]
        merged += group
    return tuple(merged)


def _slots(log: Iterable[Entry], crowded: set[datetime]) -> defaultdict[datetime, list[_Slot]]:
    """Return the entries of some instants, in the order of the log."""
    found: defaultdict[datetime, list[_Slot]] = defaultdict(list)
    seen: Counter[Sameness] = Counter()
    for entry in log if crowded else ():
        if entry.at in crowded:
            same = sameness(entry)
            found[entry.at].append(_Slot(*same, seen[same]))
            seen[same] += 1
    return found


def _arranged(
    known: Mapping[_Slot, Entry], ours: Sequence[_Slot], theirs: Sequence[_Slot]
) -> list[_Slot]:
    """Return the slots of one instant in their order."""
    first = sorted(slot for slot, entry in known.items() if entry.verb == "opened")
    rest = known.keys() - set(first)
    here = [slot for slot in ours if slot in rest]
    there = [slot for slot in theirs if slot in rest]
    both = set(here) & set(there)
    shared = [slot for slot in here if slot in both]
    if shared == [slot for slot in there if slot in both]:
        chains = [shared, *_own(known, here), *_own(known, there)]
        bounds = {pair for chain in chains for pair in pairwise(chain)}
    elif len(rest) <= MOST_CONTRARY:
        bounds = set(_undisputed(known, here, there, both))
    else:
        bounds = set()
    return first + _laid_out(rest, bounds)


def _own(known: Mapping[_Slot, Entry], slots: Iterable[_Slot]) -> Iterable[list[_Slot]]:
    """Return each person's slots, in their order."""
    chains: defaultdict[str, list[_Slot]] = defaultdict(list)
    for slot in slots:
        who = known[slot].by.casefold()
        if who != AUTOMATION:
            chains[who].append(slot)
    return chains.values()


def _undisputed(
    known: Mapping[_Slot, Entry],
    ours: Sequence[_Slot],
    theirs: Sequence[_Slot],
    both: set[_Slot],
) -> Iterator[tuple[_Slot, _Slot]]:
    """Yield which slot stands before which: as both sides have it, or as one has it of one person
    and the other does not deny."""
    places = {slot: place for place, slot in enumerate(ours) if slot in both}
    other_places = {slot: place for place, slot in enumerate(theirs) if slot in both}
    for slots, others in ((ours, other_places), (theirs, places)):
        for place, slot in enumerate(slots):
            who = known[slot].by.casefold()
            for later in slots[place + 1 :]:
                if slot in both and later in both:
                    if others[slot] < others[later]:
                        yield slot, later
                elif who != AUTOMATION and known[later].by.casefold() == who:
                    yield slot, later


def _laid_out(slots: Iterable[_Slot], bounds: set[tuple[_Slot, _Slot]]) -> list[_Slot]:
    """Return slots by bytes, as far as the bounds (which slot stands before which) let them; where
    bounds go round in a circle, the first by bytes breaks it."""
    ahead = dict.fromkeys(slots, 0)
    behind: defaultdict[_Slot, list[_Slot]] = defaultdict(list)
    for slot, later in bounds:
        ahead[later] += 1
        behind[slot].append(later)
    free = [slot for slot, count in ahead.items() if not count]
    heapify(free)
    waiting = sorted(ahead, reverse=True) if bounds else []
    laid: list[_Slot] = []
    placed: set[_Slot] = set()
    while len(laid) < len(ahead):
        while not free:
            slot = waiting.pop()
            if slot not in placed:
                free.append(slot)
        slot = heappop(free)
        if slot in placed:
            continue
        laid.append(slot)
        placed.add(slot)
        for later in behind[slot]:
            ahead[later] -= 1
            if not ahead[later]:
                heappush(free, later)
    return laid
