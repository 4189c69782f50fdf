"""Two versions of a help desk's tickets brought together, path by path: the same code for files in
conflict and for `desk sync`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from desk.domain import ids
from desk.domain.attachments import name_beside
from desk.domain.ticket import Ticket
from desk.errors import Diagnostic
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_merge import merge_files, renamed, same_ticket, younger_first

Lookup = Callable[[str], bytes | None]
"""What one version has at a path (from the workspace), None where it has nothing."""


class Renaming(NamedTuple):
    """A ticket whose ID another one had claimed too: what it was called, what it is called now, and
    whether it is ours (or else theirs)."""

    old: str
    new: str
    is_ours: bool


@dataclass
class Joined:
    """What comes of it: `files` by path (None: no file), which tickets were renamed, and what is
    wrong with those that cannot be merged, by path (the `left`)."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    renamings: list[Renaming] = field(default_factory=list)
    left: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)


@dataclass
class Sides:
    """The versions that meet, with what renaming a ticket does to them (`_moved`)."""

    base: Lookup
    ours: Lookup
    theirs: Lookup
    _moved: dict[tuple[str, str], bytes | None] = field(default_factory=dict)

    def at(self, path: str) -> tuple[bytes | None, bytes | None, bytes | None]:
        """Return what base, ours and theirs have at a path."""
        return (self.get("base", path), self.get("ours", path), self.get("theirs", path))

    def get(self, side: str, path: str) -> bytes | None:
        """Return what one version has at a path."""
        if (side, path) in self._moved:
            return self._moved[side, path]
        lookup: Lookup = getattr(self, side)
        return lookup(path)

    def move(self, side: str, path: str, data: bytes | None) -> None:
        """Let a version have something else at a path."""
        self._moved[side, path] = data


def is_ticket_path(path: str) -> bool:
    """Tell whether a file at this path (from the workspace) is read as a ticket."""
    return path.startswith("tickets/") and path.endswith(".md") and path.count("/") == 3


def join_tickets(paths: Iterable[str], base: Lookup, ours: Lookup, theirs: Lookup) -> Joined:
    """Bring together the tickets at these paths.

    What only one side changed is taken from it; a ticket that one side removed and the other
    changed stays; what both changed is merged. Two different tickets of one ID are both kept: the
    younger gets an ID of its own.
    """
    sides, joined = Sides(base, ours, theirs), Joined()
    waiting = sorted(paths)
    done = set()
    while waiting:
        path = waiting.pop(0)
        if path in done:
            continue
        done.add(path)
        renaming = _set_apart(sides, path)
        if renaming:
            joined.renamings.append(renaming)
            waiting.append(ids.path_of(renaming.new))
            done.discard(waiting[-1])
        before, here, there = sides.at(path)
        data, problems = _joined(before, here, there, path)
        if problems:
            joined.left[path] = problems
        else:
            joined.files[path] = data
    return joined


def both_kept(path: str, ours: str, theirs: str) -> dict[str, str]:
    """Return where two attachments of one name go, by the names of their contents: the first of
    them keeps the name, whichever side it comes from."""
    names = sorted({ours, theirs} - {""})
    places = [path, *(name_beside(path, name) for name in names[1:])]
    return dict(zip(places, names, strict=True))


def _joined(
    before: bytes | None, here: bytes | None, there: bytes | None, path: str
) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    if here == there or there == before:
        return here, ()
    if here == before:
        return there, ()
    if here is None or there is None:
        return here or there, ()
    one, other = _parsed(here), _parsed(there)
    common = _parsed(before)
    is_base = one and other and common and (_are_one(common, one) or _are_one(common, other))
    merged = merge_files((before or b"") if is_base else b"", here, there, path)
    if merged.is_clean:
        return merged.data, ()
    unknown = Diagnostic("conflict", path, 0, 0, "the two versions cannot be merged")
    return None, tuple(merged.problems) or (unknown,)


def _set_apart(sides: Sides, path: str) -> Renaming | None:
    """Where two different tickets stand at a path, let the younger one stand at a path of its own,
    in the version that has it and in the base it comes from."""
    before, here, there = sides.at(path)
    if here is None or there is None or here == there:
        return None
    one, other, common = _parsed(here), _parsed(there), _parsed(before)
    if one is None or other is None or not ids.is_id(one.id):
        return None
    if same_ticket(one, other):
        return None
    ours_goes = _has_gone(sides, one, other)
    if ours_goes is None:
        if common is not None and _are_one(one, other):
            return None
        ours_goes = younger_first(one, other)[0] is one
    side, goer = ("ours", one) if ours_goes else ("theirs", other)
    moved = renamed(goer, lambda ticket_id: _is_taken(sides, ticket_id, goer))
    new_path = ids.path_of(moved.id)
    sides.move(side, path, None)
    sides.move(side, new_path, _with_what_is_there(sides.get(side, new_path), moved, new_path))
    if common is not None and _are_one(common, goer):
        sides.move("base", new_path, format_ticket(_renamed_alike(common, goer, moved)))
    sides.move("base", path, None)
    return Renaming(goer.id, moved.id, ours_goes)


def _renamed_alike(common: Ticket, ticket: Ticket, moved: Ticket) -> Ticket:
    """Return an earlier version of a ticket with what renaming did to the later one."""
    names = {key: moved.values[key] for key in ("id", "former_ids") if key in moved.values}
    known = set(ticket.log)
    log = [*common.log, *(entry for entry in moved.log if entry not in known)]
    log.sort(key=lambda entry: entry.at)
    return replace(common, values={**common.values, **names}, log=tuple(log))


def _with_what_is_there(there: bytes | None, moved: Ticket, path: str) -> bytes:
    """Return the renamed ticket, with what its side had under the new name already."""
    data = format_ticket(moved)
    return data if there is None else merge_files(b"", there, data, path).data


def _has_gone(sides: Sides, ours: Ticket, theirs: Ticket) -> bool | None:
    """Tell whether it is our ticket that the other side has renamed already, or theirs that we
    have; None where neither is so."""
    for ticket, side, answer in ((ours, "theirs", True), (theirs, "ours", False)):
        if _known_as(sides, ticket, side):
            return answer
    return None


def _known_as(sides: Sides, ticket: Ticket, side: str) -> bool:
    """Tell whether a side has this ticket under the ID that it gets when it is renamed."""
    name = renamed(ticket, lambda ticket_id: False).id
    there = _parsed(sides.get(side, ids.path_of(name)))
    return there is not None and ticket.id in there.items("former_ids") and _are_one(ticket, there)


def _is_taken(sides: Sides, ticket_id: str, ticket: Ticket) -> bool:
    path = ids.path_of(ticket_id)
    there = [data for data in (sides.get("ours", path), sides.get("theirs", path)) if data]
    return any(
        other is None or not same_ticket(other, ticket) for other in (_parsed(d) for d in there)
    )


def _are_one(one: Ticket, other: Ticket) -> bool:
    """Tell whether two versions that have a common ancestor are of one ticket. Its `opened` may
    have been redacted in one of them: then it is the instant and the person that count."""
    return same_ticket(one, other) or _beginning(one) == _beginning(other)


def _beginning(ticket: Ticket) -> tuple[str, ...]:
    opened = next((entry for entry in ticket.log if entry.verb == "opened"), None)
    return (ticket.text("created"), *((str(opened.at), opened.by) if opened else ()))


def _parsed(data: bytes | None) -> Ticket | None:
    return parse_ticket(data, "")[0] if data else None
