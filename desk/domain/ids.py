"""Ticket IDs: ``HD-2611-7K3QF``, never counted, so that two clones never race for a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from desk.domain.patterns import pattern

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

RANDOM_LENGTH = 5
PREFIX = pattern(r"[A-Z][A-Z0-9]{0,9}", re.ASCII)
_ID = pattern(rf"([A-Z][A-Z0-9]{{0,9}})-(\d\d)(0[1-9]|1[0-2])-([{ALPHABET}]{{5}})", re.ASCII)
_LOOSE = str.maketrans("ILO", "110")


def is_id(text: str) -> bool:
    """Tell whether `text` is an ID as files write it."""
    return _ID.fullmatch(text) is not None


def path_of(ticket_id: str) -> str:
    """Return where a ticket lies, from the workspace: ``tickets/2026/11/HD-2611-7K3QF.md``."""
    match = _ID.fullmatch(ticket_id)
    if match is None:
        raise ValueError(f"`{ticket_id}` is not a ticket ID")
    return f"tickets/20{match[2]}/{match[3]}/{ticket_id}.md"


def id_in_path(given: str) -> str:
    """Return the ID of the ticket that a path names, seen from any folder: the path ends like the
    ticket's, or the ticket's like it. "" for anything else."""
    name = given.rpartition("/")[2].removesuffix(".md")
    if not given.endswith(".md") or not is_id(name):
        return ""
    path, seen = f"/{path_of(name)}", f"/{given.removeprefix('./')}"
    return name if path.endswith(seen) or seen.endswith(path) else ""


def random_ids(prefix: str, created: datetime, choice: Callable[[str], str]) -> Iterator[str]:
    """Yield candidate IDs for a ticket created then; `choice` picks one character."""
    while True:
        yield _compose(prefix, created, "".join(choice(ALPHABET) for _ in range(RANDOM_LENGTH)))


def imported_ids(prefix: str, created: datetime, source: str, external_id: str) -> Iterator[str]:
    """Yield the IDs of an imported ticket, best first, the same in every clone.

    The characters are those of SHA-256 over ``source NUL external_id``, five bits each from the
    first byte on; where an ID is taken by another ticket, the next five characters serve.
    """
    import hashlib

    digest = hashlib.sha256(f"{source}\0{external_id}".encode()).digest()
    bits = int.from_bytes(digest, "big")
    characters = [ALPHABET[(bits >> (251 - 5 * place)) & 31] for place in range(50)]
    for start in range(0, 50, RANDOM_LENGTH):
        yield _compose(prefix, created, "".join(characters[start : start + RANDOM_LENGTH]))


def _compose(prefix: str, created: datetime, characters: str) -> str:
    moment = created.astimezone(UTC)
    if not 2000 <= moment.year <= 2099:
        raise ValueError(
            f"a ticket cannot be created in {moment.year}: IDs reach from 2000 to 2099"
        )
    return f"{prefix}-{moment:%y%m}-{characters}"


def normalise(given: str) -> str:
    """Return what somebody typed, in the letters of an ID: upper case; in the random part alone
    I and L read as 1 and O as 0."""
    head, hyphen, tail = given.strip().upper().rpartition("-")
    return head + hyphen + tail.translate(_LOOSE)


def names(given: str, ticket_id: str) -> bool:
    """Tell whether `given` (normalised) names the ticket: its ID or a beginning of it that reaches
    into the random part, or a beginning or an ending of the random part alone."""
    head, _, characters = ticket_id.rpartition("-")
    if "-" in given:
        return len(given) > len(head) + 1 and ticket_id.startswith(given)
    return bool(given) and (characters.startswith(given) or characters.endswith(given))
