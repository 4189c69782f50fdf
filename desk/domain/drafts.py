"""What a solved ticket already says of an article to be: its question and its public answers."""

from __future__ import annotations

from desk.domain.redaction import REDACTED
from desk.domain.ticket import Ticket


def draft_text(ticket: Ticket) -> str:
    """Return the text of an article about a ticket: what was asked, then what agents answered, in
    Markdown. Of what is internal nothing is in it, nor what the requester said later."""
    question = _kept(ticket.description) or ticket.title
    answers = [_kept(entry.text) for entry in ticket.log if entry.verb == "replied"]
    parts = ["## Question", question, "## Answer", *filter(None, answers)]
    return "\n\n".join(parts)


def _kept(text: str) -> str:
    return "" if text == REDACTED else text
