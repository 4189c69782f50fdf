"""Tickets by the names that people type."""

from __future__ import annotations

from collections.abc import Sequence

from desk.errors import DeskError
from desk.services.desk import Desk
from desk.storage.ticket_store import Filed


def find_all(desk: Desk, given: Sequence[str]) -> list[Filed]:
    """Return the tickets named, each once, in the order given; all that cannot be found refuse
    together."""
    found: dict[str, Filed] = {}
    troubles: list[DeskError] = []
    for name in given:
        try:
            filed = desk.store.find(name)
            found.setdefault(filed.path, filed)
        except DeskError as error:
            troubles.append(error)
    raise_together(troubles)
    return list(found.values())


def raise_together(troubles: Sequence[DeskError]) -> None:
    """Raise the last of several refusals, with the others before it as details."""
    if not troubles:
        return
    *earlier, last = troubles
    details = [str(error) for error in earlier]
    if details:
        last.details = (*details, *last.details)
    raise last
