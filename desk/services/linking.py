"""Two tickets that belong together: links, which both carry, and merging into one."""

from __future__ import annotations

from collections.abc import Sequence

from desk.domain.fields import RELATIONS
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act, step
from desk.errors import Refused, UnknownName
from desk.services.acting import Outcome, Plan, write_acts
from desk.services.desk import Desk
from desk.services.finding import find_all
from desk.services.saving import take_up_hand_edits


def link(desk: Desk, given: str, relation: str, other: str, remove: bool = False) -> Outcome:
    """Relate a ticket to another one, or undo that; the other one carries the inverse."""
    word = relation.strip().casefold().replace("_", "-")
    if word not in RELATIONS:
        raise UnknownName("relation", relation, RELATIONS)
    with desk.writing():
        filed = find_all(desk, [given, other])
        if len(filed) < 2:
            raise Refused(f"{filed[0].ticket.id} cannot be linked to itself", "name two tickets")
        desk.require("link", filed[0].ticket)
        one, two = take_up_hand_edits(desk, filed)
        plans: list[tuple[str, str]] = [
            (word, two.ticket.id),
            (RELATIONS[word], one.ticket.id),
        ]
        return write_acts(
            desk,
            "link",
            [
                (each, _linking(f"{name} {ticket_id}", remove))
                for each, (name, ticket_id) in zip((one, two), plans, strict=True)
            ],
        )


def _linking(element: str, remove: bool) -> Plan:
    change = Change("links", "-=" if remove else "+=", element)
    return lambda ticket: step(ticket, "link", others=(change,))


def merge(desk: Desk, given: Sequence[str], into: str, text: str = "") -> Outcome:
    """Close tickets as duplicates of another one. Nothing moves: the texts stay where they are,
    and each side links to the other."""
    with desk.writing():
        target = desk.store.find(into)
        sources = find_all(desk, given)
        if any(each.path == target.path for each in sources):
            raise Refused(f"{target.ticket.id} cannot be merged into itself", "name another ticket")
        for each in (target, *sources):
            desk.require("merge", each.ticket)
        target, *sources = take_up_hand_edits(desk, [target, *sources])
        target_id = target.ticket.id

        def ended(ticket: Ticket) -> Act:
            others = (
                Change("resolution", "=", "duplicate"),
                Change("links", "+=", f"duplicates {target_id}"),
            )
            return step(ticket, "merge", text, others)

        back = tuple(Change("links", "+=", f"duplicated-by {each.ticket.id}") for each in sources)
        return write_acts(
            desk,
            "merge",
            [
                *((each, ended) for each in sources),
                (target, lambda ticket: step(ticket, "link", others=back)),
            ],
        )
