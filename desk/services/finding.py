"""Tickets by the names that people type."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain import ids
from desk.errors import DeskError, OutsideError, Refused, WorkspaceError
from desk.services.desk import Desk
from desk.storage.freshness import absent_at_head, left_out
from desk.storage.ticket_store import Filed, UnknownTicket, read_ticket


def find_all(desk: Desk, given: Sequence[str], left_out_too: bool = False) -> list[Filed]:
    """Return the tickets named, each once, in the order given; all that cannot be found refuse
    together.

    What a sparse checkout leaves out is refused too, and with `left_out_too` read from HEAD.
    """
    found: dict[str, Filed] = {}
    troubles: list[DeskError] = []
    for name in given:
        try:
            filed = _find(desk, name, left_out_too)
            found.setdefault(filed.path, filed)
        except DeskError as error:
            troubles.append(error)
    raise_together(troubles)
    return list(found.values())


def _find(desk: Desk, name: str, left_out_too: bool) -> Filed:
    try:
        return desk.store.find(name)
    except UnknownTicket:
        filed = _left_out(desk, name)
        if filed is None:
            raise
    if left_out_too:
        return filed
    from shlex import quote

    folder = quote(desk.repository.prefix + filed.path.rpartition("/")[0])
    raise Refused(
        f"{filed.ticket.id} is left out by the sparse checkout",
        f"`git sparse-checkout add {folder}` brings it back",
    )


def _left_out(desk: Desk, name: str) -> Filed | None:
    """Return the one ticket of this name that a sparse checkout leaves out, if there is one."""
    wanted = ids.normalise(ids.id_in_path(name) or name)
    try:
        paths = left_out(desk.repository, desk.root)
        known = [path for path in paths if ids.names(wanted, path[:-3].rpartition("/")[2])]
        contents = absent_at_head(desk.repository, known)
    except (OutsideError, WorkspaceError):
        return None
    if len(contents) != 1:
        return None
    ((path, data),) = contents.items()
    return read_ticket(desk.root, path, data)[0]


def raise_together(troubles: Sequence[DeskError]) -> None:
    """Raise the last of several refusals, with the others before it as details."""
    if not troubles:
        return
    *earlier, last = troubles
    details = [str(error) for error in earlier]
    if details:
        last.details = (*details, *last.details)
    raise last
