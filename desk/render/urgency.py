"""Why a ticket is the next one, for people and programs."""

from __future__ import annotations

import json

from desk.domain.texts import visible
from desk.render.machine import Json, json_document
from desk.render.rows import markdown_rows
from desk.render.sentences import count_words
from desk.render.style import shortened, styled
from desk.services.reading import Found
from desk.services.urgency import REASONS, Choice, Reason


def why_page(choice: Choice, width: int = 0, has_color: bool = False) -> str:
    """Return the ticket, what speaks for it, and in what the one after it loses; lines of at most
    `width` columns, 0 for any."""
    lines = [_head(choice.first), "", *_words(choice.first), ""]
    if choice.second is None or choice.reason is None:
        lines.append("There is no other.")
    else:
        lines += [
            f"It is the first of {count_words(choice.total, 'ticket')}. The next one is",
            _head(choice.second),
            f"which loses by `{choice.reason.name}`: {visible(choice.reason.words(choice.second))}",
            f"(first comes {choice.reason.rule})",
        ]
    first, *rest = (shortened(line, width) if width else line for line in lines)
    return "".join(f"{line}\n" for line in (styled(first, "bold", has_color), *rest))


def why_markdown(choice: Choice) -> str:
    """Return a table of both tickets in Markdown, with the rule that decided below it."""
    both = [choice.first, *([choice.second] if choice.second else [])]
    headings = ["", *(each.ticket.id for each in both)]
    rows = [["title", *(each.ticket.title for each in both)]]
    rows += [[reason.name, *(reason.words(each) for each in both)] for reason in _shown()]
    table = markdown_rows(headings, rows)
    if choice.reason is None:
        return table
    return f"{table}\nFirst comes {choice.reason.rule}: `{choice.reason.name}` decided.\n"


def with_why(document: str, choice: Choice | None) -> str:
    """Return a document of tickets with the key `why` added."""
    return json_document({**json.loads(document), "why": _object(choice)})


def _object(choice: Choice | None) -> Json:
    if choice is None:
        return None
    second: Json = None
    if choice.second is not None and choice.reason is not None:
        second = {
            "id": choice.second.ticket.id,
            "title": choice.second.ticket.title,
            "loses_by": choice.reason.name,
            "rule": choice.reason.rule,
            "reasons": _values(choice.second),
        }
    return {"total": choice.total, "reasons": _values(choice.first), "second": second}


def _values(found: Found) -> dict[str, Json]:
    return {reason.name: reason.value(found) for reason in REASONS}


def _shown() -> list[Reason]:
    return [reason for reason in REASONS if reason.name != "id"]


def _words(found: Found) -> list[str]:
    size = max(len(reason.name) for reason in _shown()) + 2
    return [f"{reason.name.ljust(size)}{visible(reason.words(found))}" for reason in _shown()]


def _head(found: Found) -> str:
    return f"{found.ticket.id}  {visible(found.ticket.title)}"
