"""One ticket as Markdown, to be pasted into a pull request or a wiki."""

from __future__ import annotations

from desk.domain.fields import PUBLIC_VERBS
from desk.domain.instants import format_instant
from desk.domain.patterns import pattern
from desk.domain.texts import visible, visible_lines
from desk.domain.ticket import Ticket
from desk.render.columns import value_text

_SHOWN = ("status", "priority", "requester", "company", "assignee", "team", "category", "tags")

_TAG = pattern(r"<(?=[A-Za-z/!?])")


def ticket_markdown(ticket: Ticket) -> str:
    """Return title, fields and entries; texts are quoted, so that none can pose as a heading, and
    stay Markdown, but for HTML, which is shown and not obeyed."""
    lines = [f"## {ticket.id} {escaped(ticket.title)}", ""]
    for name in _SHOWN:
        value = ticket.status if name == "status" else value_text(ticket, name)
        if value:
            lines.append(f"* {name}: {escaped(value)}")
    for entry in ticket.log:
        internal = "" if entry.verb in PUBLIC_VERBS else " (internal)"
        lines += ["", f"**{escaped(entry.by)}** {entry.verb}{internal}, {format_instant(entry.at)}"]
        if entry.text:
            quoted = _TAG.sub(r"\\<", visible_lines(entry.text)).split("\n")
            lines += ["", *(f"> {line}".rstrip() for line in quoted)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    shown = visible(text)
    for mark in "\\`*_[]<>|#":
        shown = shown.replace(mark, f"\\{mark}")
    return shown
