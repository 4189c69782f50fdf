"""What is said and kept on tickets: replies, notes, ratings, work, attachments, watchers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk.domain import workflow
from desk.domain.people import requester_named, signature_of
from desk.domain.texts import visible
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act
from desk.errors import Refused
from desk.services.acting import Outcome, act, write_acts
from desk.services.attaching import mention, take_files
from desk.services.desk import Desk
from desk.services.saving import take_up_hand_edits


def reply(
    desk: Desk, given: Sequence[str], text: str, wait: bool = False, speaker: str | None = None
) -> Outcome:
    """Answer as an agent or, as the requester or with a `speaker`, take down what they wrote.

    An agent takes down anybody's words, a requester their own alone.
    """
    settings, actor = desk.settings, desk.actor
    said_by = None if speaker is None else requester_named(speaker, settings, actor)
    if said_by is not None and not actor.is_agent and not actor.asked_for(said_by):
        raise Refused(
            f"{actor.requester_sign} may not take down what {visible(said_by)} said",
            "leave --from out to say something yourself",
        )

    def plan(ticket: Ticket) -> Act:
        if said_by is not None:
            return workflow.requester_wrote(ticket, text, signature_of(said_by))
        if actor.asked_for(ticket.requester):
            if wait:
                raise Refused(
                    f"{ticket.id} is your own request, so it cannot wait for its requester",
                    "leave --wait out",
                )
            return workflow.requester_wrote(ticket, text, actor.requester_sign)
        return workflow.reply(ticket, text, wait)

    return act(desk, given, "reply", plan)


def note(desk: Desk, given: Sequence[str], text: str) -> Outcome:
    """Write something down, internally."""
    return act(desk, given, "note", lambda ticket: Act("noted", text=text))


def rate(desk: Desk, given: Sequence[str], score: int, text: str = "") -> Outcome:
    """Take down how content the requester is."""
    return act(desk, given, "rate", lambda ticket: workflow.rate(ticket, score, text))


def worked(desk: Desk, given: Sequence[str], minutes: int, text: str = "") -> Outcome:
    """Log minutes of work."""
    return act(desk, given, "worked", lambda ticket: workflow.worked(ticket, minutes, text))


def watch(desk: Desk, given: Sequence[str], remove: bool = False) -> Outcome:
    """Put the acting person among a ticket's watchers, or take them out."""
    change = Change("watchers", "-=" if remove else "+=", desk.actor.sign)
    return act(desk, given, "watch", lambda old: workflow.step(old, "watch", others=(change,)))


def tag(desk: Desk, given: Sequence[str], tags: Sequence[str], remove: bool = False) -> Outcome:
    """Put tags on a ticket, or take them off."""
    from desk.domain.editing import checked_tag

    if remove:
        changes = tuple(Change("tags", "-=", name) for name in tags)
    else:
        changes = tuple(Change("tags", "+=", checked_tag(name)) for name in tags)
    return act(desk, given, "tag", lambda old: workflow.step(old, "tag", others=changes))


def attach(desk: Desk, given: str, sources: Sequence[Path], text: str = "") -> Outcome:
    """Keep files with a ticket; a `noted` entry links to them."""
    with desk.writing():
        found = desk.store.find(given)
        desk.require("attach", found.ticket)
        filed = take_up_hand_edits(desk, [found])[0]
        files = take_files(desk, filed.path, sources)
        told = Act("noted", text=mention(filed.path, files, text))
        return write_acts(desk, "attach", [(filed, lambda ticket: told)], files)
