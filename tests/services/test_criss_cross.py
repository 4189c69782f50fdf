"""Clones that take each other's work at any time, so that their histories cross and have several
common ancestors: what comes of a ticket obeys the laws of merging all the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from subprocess import CompletedProcess
from typing import cast

from hypothesis import event, given, settings
from hypothesis import strategies as st

from desk.domain.replay import differences
from desk.domain.ticket import Ticket
from desk.services.joining import join_tickets
from desk.services.merging import Ancestors
from desk.storage.merging_trees import merge_bases
from desk.storage.repository import Repository
from desk.storage.ticket_file import format_ticket, parse_ticket
from tests.builders import PATH
from tests.domain.test_merge import BASE, KINDS, after_a_step

MANY = settings(max_examples=150, deadline=None)
CLONES = 3


@dataclass
class History:
    """Commits of one ticket, by name: their parents, and its file. It answers what merging asks of
    a repository."""

    files: dict[str, bytes] = field(default_factory=dict)
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    most_bases: int = 1

    def commit(self, data: bytes, *parents: str) -> str:
        name = hashlib.sha1("".join(parents).encode() + data, usedforsecurity=False).hexdigest()
        self.files[name], self.parents[name] = data, parents
        return name

    def ancestors(self, *names: str) -> set[str]:
        """Return the commits that some lead to, themselves included."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.parents[name]
        return found

    def contents_at(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        assert list(paths) == [PATH]
        return {PATH: self.files[commit]}

    def start(self, arguments: Sequence[str]) -> CompletedProcess[bytes]:
        command, option, one, *others = arguments
        assert (command, option) == ("merge-base", "--all")
        common = self.ancestors(one) & self.ancestors(*others)
        best = [
            name
            for name in common
            if not any(name in self.ancestors(*self.parents[each]) for each in common)
        ]
        return CompletedProcess((), 0 if best else 1, "\n".join(best).encode(), b"")

    def merged(self, ours: str, theirs: str) -> str:
        """Return the commit that comes of two, made as `desk sync` makes it."""
        if theirs in self.ancestors(ours):
            return ours
        if ours in self.ancestors(theirs):
            return theirs
        repository = cast(Repository, self)
        bases = merge_bases(repository, ours, [theirs])
        self.most_bases = max(self.most_bases, len(bases))
        base = Ancestors(repository).contents([PATH], bases)
        sides = [{PATH: self.files[name]} for name in (ours, theirs)]
        joined = join_tickets([PATH], base.get, sides[0].get, sides[1].get)
        swapped = join_tickets([PATH], base.get, sides[1].get, sides[0].get)
        assert joined.files == swapped.files
        assert not joined.left
        data = joined.files[PATH]
        assert data is not None
        return self.commit(data, ours, theirs)


def parsed(data: bytes) -> Ticket:
    ticket, problems = parse_ticket(data, PATH)
    assert ticket is not None
    assert not problems
    return ticket


@st.composite
def crossed(
    draw: st.DrawFn, kinds: tuple[str, ...], fits: bool = True
) -> tuple[History, list[str], set[str]]:
    """Return a history, the commits that three clones have come to, and the marks of what was
    said and not removed. Where it `fits`, log and front matter of each version agree."""
    history = History()
    start = history.commit(format_ticket(BASE))
    heads = [start] * CLONES
    known = [start]
    marks: set[str] = set()
    gone: set[str] = set()
    for number in range(draw(st.integers(3, 20))):
        clone = draw(st.integers(0, CLONES - 1))
        if draw(st.integers(0, 4)) < 3:
            heads[clone] = history.merged(heads[clone], draw(st.sampled_from(known)))
        else:
            before = parsed(history.files[heads[clone]])
            after = draw(after_a_step(before, f"mark {number}.", kinds))
            if fits and differences(after):
                continue
            marks |= texts_of(after) - texts_of(before)
            gone |= texts_of(before) - texts_of(after)
            heads[clone] = history.commit(format_ticket(after), heads[clone])
        known.append(heads[clone])
    return history, heads, marks - gone


def texts_of(ticket: Ticket) -> set[str]:
    return {entry.text for entry in ticket.log}


def met(history: History, heads: Sequence[str]) -> set[bytes]:
    """Let the clones meet in every order, and return what comes of it."""
    results = set()
    for first, *rest in permutations(heads):
        name = first
        for each in rest:
            name = history.merged(name, each)
        results.add(history.files[name])
    return results


@MANY
@given(crossed(("act", "act", "remove")))
def test_nothing_is_lost_nothing_comes_back_and_the_order_makes_no_difference(
    found: tuple[History, list[str], set[str]],
) -> None:
    history, heads, marks = found
    results = met(history, heads)
    event(f"bases: {history.most_bases}")
    assert len(results) == 1
    ticket = parsed(results.pop())
    assert differences(ticket) == ()
    said = [entry.text for entry in ticket.log if entry.text.startswith("mark")]
    assert sorted(said) == sorted(marks)


@MANY
@given(crossed(("act", "act", "redact")))
def test_nor_does_it_where_entries_are_redacted(
    found: tuple[History, list[str], set[str]],
) -> None:
    history, heads, _ = found
    assert len(met(history, heads)) == 1


@MANY
@given(crossed(KINDS, fits=False))
def test_which_side_is_which_makes_no_difference_whatever_people_wrote_by_hand(
    found: tuple[History, list[str], set[str]],
) -> None:
    """What `merged` asserts of each merge. Values that do not fit their ticket, such as the end of
    a hold on one that is on none, may be told in other entries in another order of meeting."""
    history, heads, _ = found
    assert all(differences(parsed(data)) == () for data in met(history, heads) - written(history))


def written(history: History) -> set[bytes]:
    """Return what people wrote, which a merge may take as it is."""
    return {data for name, data in history.files.items() if len(history.parents[name]) < 2}
