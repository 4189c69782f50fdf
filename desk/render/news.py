"""What changed in tickets, in few words: `3 new, 2 resolved by luis`, and what of it is yours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from desk.domain.fields import DONE
from desk.domain.instants import format_instant
from desk.domain.texts import visible
from desk.domain.ticket import Entry
from desk.render.sentences import change_words, count_words

if TYPE_CHECKING:
    from desk.domain.people import Actor
    from desk.services.news import News, TicketNews

MOST_LINES = 20
"""So many tickets of one's own are told of; the rest is counted."""

_MOST_PEOPLE = 3
_MOST_ENTRIES = 3
_SAID = {
    "wrote": "wrote",
    "replied": "replied",
    "noted": "noted something",
    "described": "described it anew",
    "escalated": "escalated it",
    "worked": "logged work",
    "rated": "rated it",
    "redacted": "redacted something",
}


def news_words(news: News) -> str:
    """Return what changed, counted by what was done and by whom; "" where nothing did."""
    groups: dict[tuple[int, str], dict[str, list[TicketNews]]] = {}
    for each in news.tickets:
        place, what, who = _kind(each)
        groups.setdefault((place, what), {}).setdefault(who, []).append(each)
    parts = []
    for (_, what), by_person in sorted(groups.items()):
        people = sorted(by_person.items(), key=lambda item: (-len(item[1]), item[0]))
        if len(people) > _MOST_PEOPLE:
            count = sum(len(tickets) for _, tickets in people)
            parts.append(f"{_counted(count, what)} by {len(people)} people")
            continue
        parts += [_group_words(what, who, tickets) for who, tickets in people]
    articles = [path for path in news.others if path.startswith("kb/")]
    if articles:
        parts.append(f"{count_words(len(articles), 'article')} changed")
    rest = [path for path in news.others if path not in articles]
    if len(rest) == 1:
        parts.append(f"{visible(rest[0])} changed")
    elif rest:
        parts.append(f"{count_words(len(rest), 'other file')} changed")
    return ", ".join(parts)


def _kind(news: TicketNews) -> tuple[int, str, str]:
    """Return the place, the word and the person of what matters most about a ticket's news."""
    if news.after is None:
        return (8, "removed", "") if not news.entries else (7, "changed", "")
    if news.before is None:
        return 0, "new", ""
    is_done, was_done = (each.status in DONE for each in (news.after, news.before))
    if is_done and news.after.status != news.before.status:
        setting = [entry for entry in news.entries if entry.change_of("status") in DONE]
        return 1, news.after.status, setting[-1].by if setting else ""
    if was_done and not is_done:
        return 2, "reopened", news.entries[-1].by if news.entries else ""
    for place, what, verbs in (
        (3, "escalated", ("escalated",)),
        (4, "reply", ("wrote", "replied")),
    ):
        said = [entry for entry in news.entries if entry.verb in verbs]
        if said:
            return place, what, said[-1].by
    if news.after.text("assignee") != news.before.text("assignee"):
        given = [entry for entry in news.entries if entry.change_of("assignee") is not None]
        return 5, "assigned", given[-1].by if given else ""
    return 6, "changed", news.entries[-1].by if news.entries else ""


def _counted(count: int, what: str) -> str:
    return count_words(count, "reply", "replies") if what == "reply" else f"{count:,} {what}"


def _group_words(what: str, who: str, tickets: Sequence[TicketNews]) -> str:
    counted, by = _counted(len(tickets), what), visible(who)
    found = tickets[0].ticket if len(tickets) == 1 else None
    named = visible(found.id) if found else ""
    if what == "reply":
        return f"{counted}{f' on {named}' if named else ''} from {by}"
    if what == "new":
        return f"{counted}{f': {named}' if named else ''}"
    return f"{counted}{f' by {by}' if by else ''}{f': {named}' if named else ''}"


def own_lines(news: News, actor: Actor | None, zone: tzinfo) -> list[str]:
    """Return a line for each ticket of somebody's own that others did something to."""
    theirs = [
        (each, entries)
        for each in news.tickets
        if each.is_of(actor) and (entries := each.by_others(actor))
    ]
    lines = [_own_line(each, entries, zone) for each, entries in theirs[:MOST_LINES]]
    if len(theirs) > MOST_LINES:
        lines.append(f"and {count_words(len(theirs) - MOST_LINES, 'more ticket')} of yours")
    return lines


def _own_line(news: TicketNews, entries: Sequence[Entry], zone: tzinfo) -> str:
    ticket = news.ticket
    name = visible(f"{ticket.id} {ticket.title}") if ticket else visible(news.path)
    before = news.before.values if news.before else {}
    told = [_entry_words(entry, before, zone) for entry in entries[-_MOST_ENTRIES:]]
    if len(entries) > _MOST_ENTRIES:
        told.insert(0, f"{len(entries) - _MOST_ENTRIES} entries before")
    return f"yours: {name}: {'; '.join(told)}"


def _entry_words(entry: Entry, before: Any, zone: tzinfo) -> str:
    said = _SAID.get(entry.verb, "")
    known = {**before}
    known.pop("status", None)
    keys = ("status", "assignee", "priority", "team", "level", "until", "resolution")
    changes = [change_words(change, known, zone) for change in entry.changes if change.key in keys]
    what = ", ".join([*filter(None, [said]), *changes]) or "changed it"
    return f"{visible(entry.by)} {what}" if said else f"{visible(entry.by)}: {what}"


def news_object(news: News, actor: Actor | None) -> dict[str, Any]:
    """Return what changed, for programs."""
    return {
        "commits": news.commits,
        "new": [_id(each) for each in news.tickets if each.before is None and each.after],
        "changed": [_changed_object(each, actor) for each in news.tickets if each.before],
        "files": list(news.others),
    }


def _id(news: TicketNews) -> str:
    return news.ticket.id if news.ticket else ""


def _changed_object(news: TicketNews, actor: Actor | None) -> dict[str, Any]:
    return {
        "id": _id(news),
        "path": news.path,
        "is_removed": news.after is None,
        "is_yours": news.is_of(actor),
        "entries": list(_entry_objects(news.entries)),
    }


def _entry_objects(entries: Iterable[Entry]) -> Iterable[dict[str, str]]:
    for entry in entries:
        yield {"at": format_instant(entry.at), "by": entry.by, "verb": entry.verb}
