"""Acting on tickets that exist: find them, let the workflow decide, write and commit the lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desk.domain.ticket import Ticket
from desk.domain.workflow import Act, perform
from desk.errors import DeskError, Refused
from desk.services.desk import Desk
from desk.services.finding import find_all, raise_together
from desk.services.saving import Save, save, take_up_hand_edits
from desk.storage.files import NewFile
from desk.storage.ticket_store import Filed

Plan = Callable[[Ticket], Act]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did, or would do in a dry run: the files written (a new one was None before),
    the tickets as they are now, and the IDs of those that it left as they were."""

    saves: tuple[Save, ...] = ()
    unchanged: tuple[str, ...] = ()
    others: tuple[NewFile, ...] = ()

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """The tickets that were written."""
        return tuple(each.ticket for each in self.saves)


def act(desk: Desk, given: Sequence[str], command: str, plan: Plan) -> Outcome:
    """Do one thing to each ticket named: all of them, in one commit, or none.

    `plan` says what, from the ticket as it is under the lock; an act that would change nothing
    leaves its ticket as it is.
    """
    with desk.writing():
        filed = find_all(desk, given)
        for each in filed:
            desk.require(command, each.ticket)
        return write_acts(desk, command, [(each, plan) for each in take_up_hand_edits(desk, filed)])


def write_acts(
    desk: Desk,
    command: str,
    plans: Sequence[tuple[Filed, Plan]],
    others: Sequence[NewFile] = (),
    new: Sequence[Save] = (),
) -> Outcome:
    """Let each plan decide on its ticket and write what comes of it, with new tickets and other
    files, in one commit. The caller holds the lock."""
    saves: list[Save] = list(new)
    unchanged: list[str] = []
    troubles: list[DeskError] = []
    for filed, plan in plans:
        try:
            after = _acted(desk, filed.ticket, plan)
        except DeskError as error:
            troubles.append(error)
            continue
        if after is None:
            unchanged.append(filed.ticket.id)
        else:
            saves.append(Save(filed.path, after, filed))
    raise_together(troubles)
    if saves:
        save(desk, command, saves, others)
    return Outcome(tuple(saves), tuple(unchanged), tuple(others))


def _acted(desk: Desk, ticket: Ticket, plan: Plan) -> Ticket | None:
    planned = plan(ticket)
    if planned.is_empty:
        return None
    try:
        return perform(ticket, planned, desk.now, planned.by or desk.actor.sign, desk.settings)
    except ValueError as error:
        raise Refused(f"{ticket.id}: {error}", "shorten it or attach it as a file") from None
