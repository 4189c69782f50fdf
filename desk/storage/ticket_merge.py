"""Two versions of a ticket's file, and the one they come from, brought together as bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from desk.domain import ids
from desk.domain.headings import new_entry
from desk.domain.merge import merge
from desk.domain.texts import MAX_TICKET_BYTES
from desk.domain.ticket import Block, Change, Entry, Ticket
from desk.errors import Diagnostic
from desk.storage.front_matter import comments_in
from desk.storage.ticket_file import format_ticket, parse_ticket


class Merged(NamedTuple):
    """A file that came of two. Where one of them cannot be read it holds both texts between Git's
    markers, and is not `is_clean`; `problems` say what was wrong with them."""

    data: bytes
    is_clean: bool = True
    problems: tuple[Diagnostic, ...] = ()


def merge_files(base: bytes, ours: bytes, theirs: bytes, path: str) -> Merged:
    """Bring two versions of a ticket's file together; `base` is b"" where there is none.

    Equal sides, and a side that is equal to the base, are taken as they are. A base that cannot be
    read counts as none. The result is the same whichever side is which, but for the markers.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    here, wrong_here = parse_ticket(ours, path)
    there, wrong_there = parse_ticket(theirs, path)
    if here is None or there is None:
        return Merged(_both(ours, theirs), False, (*wrong_here, *wrong_there))
    before = parse_ticket(base, path)[0] if base else None
    try:
        merged = merge(before, here, there)
        head = (*merged.head, *_lost_comments(before, here, there, merged))
        data = format_ticket(replace(merged, head=head))
    except ValueError as error:  # a value that a front matter can hold, and no entry
        told = Diagnostic("merge", path, 0, 0, str(error))
        return Merged(_both(ours, theirs), False, (told,))
    if len(data) > MAX_TICKET_BYTES:
        message = f"both versions together are {len(data):,} bytes long, more than a ticket may be"
        return Merged(_both(ours, theirs), False, (Diagnostic("size", path, 0, 0, message),))
    return Merged(data)


def _lost_comments(
    before: Ticket | None, here: Ticket, there: Ticket, merged: Ticket
) -> list[Block]:
    """Return the comments beside values that a side added and the merged front matter lacks, each
    as a line of its own."""
    if here.head == there.head or not (here.head and there.head):
        return []
    old, left = _comments(before), _comments(merged)
    added = (_comments(here) - old) | (_comments(there) - old)
    return [Block("", f"{comment}\n", None) for comment in sorted((added - left).elements())]


def _comments(ticket: Ticket | None) -> Counter[str]:
    head = ticket.head if ticket else ()
    return Counter(comments_in("".join(block.lines for block in head)))


def _both(ours: bytes, theirs: bytes) -> bytes:
    """Return both texts, each whole, as Git marks a conflict."""
    return b"".join(
        (b"<<<<<<< ours\n", _ended(ours), b"=======\n", _ended(theirs), b">>>>>>> theirs\n")
    )


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") or not text else text + b"\n"


def same_ticket(one: Ticket, other: Ticket) -> bool:
    """Tell whether two files of one ID are one ticket: they came from the same import (source and
    external_id), or have the same `opened` entry."""
    keys = ("source", "external_id")
    if one.text("external_id") and all(one.text(key) == other.text(key) for key in keys):
        return True
    opened = _opened(one)
    return opened is not None and opened == _opened(other)


def _opened(ticket: Ticket) -> Entry | None:
    return next((entry for entry in ticket.log if entry.verb == "opened"), None)


def younger_first(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Return two tickets of one ID, first the one that has to take another: the younger; of two as
    old, the larger by its bytes."""
    older, younger = sorted((one, other), key=lambda each: (each.created, format_ticket(each)))
    return younger, older


def renamed(ticket: Ticket, is_taken: Callable[[str], bool]) -> Ticket:
    """Return a ticket under another ID, which follows from its `opened` entry, the same in every
    clone; the one it had goes into its `former_ids`.

    LookupError where all IDs that follow are taken.
    """
    opened = _opened(ticket) or (ticket.log[0] if ticket.log else None)
    told = f"{opened.heading}\0{opened.text}" if opened else format_ticket(ticket).decode()
    head = ticket.id.rpartition("-")[0]
    for characters in _candidates(told):
        new_id = f"{head}-{characters}"
        if new_id != ticket.id and not is_taken(new_id):
            entry = new_entry(
                opened.at if opened else ticket.created,
                "desk",
                "changed",
                (Change("former_ids", "+=", ticket.id),),
                f"{ticket.id} was claimed twice: this ticket is called {new_id} from now on.",
            )
            former = tuple(dict.fromkeys((*ticket.items("former_ids"), ticket.id)))
            values = {**ticket.values, "id": new_id, "former_ids": former}
            place = 1 + ticket.log.index(opened) if opened else 0
            log = (*ticket.log[:place], entry, *ticket.log[place:])
            return replace(ticket, values=values, log=log)
    raise LookupError(f"every ID that follows from {ticket.id} is taken")


def _candidates(told: str) -> list[str]:
    """Return the random parts that follow from a text, best first: five bits of SHA-256 a
    character, as imported tickets have them."""
    bits = int.from_bytes(hashlib.sha256(told.encode(errors="surrogatepass")).digest(), "big")
    characters = [ids.ALPHABET[(bits >> (251 - 5 * place)) & 31] for place in range(50)]
    size = ids.RANDOM_LENGTH
    return ["".join(characters[start : start + size]) for start in range(0, 50, size)]
