"""What changed between two commits, in tickets: for telling people what came and what went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desk.domain.people import Actor
from desk.domain.ticket import Entry, Ticket
from desk.services.joining import is_ticket_path
from desk.storage.merging_trees import differences
from desk.storage.repository import Repository
from desk.storage.ticket_file import parse_ticket
from desk.storage.versions import contents_of


class TicketNews(NamedTuple):
    """A ticket that is another one now: before (None: it is new) and after (None: it is gone, or
    cannot be read), and the entries that came."""

    path: str
    before: Ticket | None
    after: Ticket | None
    entries: tuple[Entry, ...]

    @property
    def ticket(self) -> Ticket | None:
        """The ticket as it is, or was."""
        return self.after or self.before

    def is_of(self, actor: Actor | None) -> bool:
        """Tell whether it is, or was, assigned to somebody."""
        who = actor.person.handle if actor and actor.person else ""
        sides = (self.before, self.after)
        return bool(who) and any(
            each is not None and each.text("assignee") == who for each in sides
        )

    def by_others(self, actor: Actor | None) -> tuple[Entry, ...]:
        """Return the entries that are not somebody's own."""
        own = actor.signatures if actor else frozenset()
        return tuple(entry for entry in self.entries if entry.by.casefold() not in own)


class News(NamedTuple):
    """What changed: commits (merges aside), tickets by path, and other files' paths."""

    commits: int
    tickets: tuple[TicketNews, ...] = ()
    others: tuple[str, ...] = ()


def news_between(repository: Repository, spans: Sequence[tuple[str, str]], commits: int) -> News:
    """Return what changed from the first commit of the spans to the last, as far as it changed
    within one of the spans."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for old, new in spans:
        for each in differences(repository, old, new):
            before.setdefault(each.path, each.name)
            after[each.path] = each.other_name
    paths = sorted(path for path in after if before[path] != after[path])
    tickets = [path for path in paths if is_ticket_path(path)]
    contents = contents_of(
        repository, [name for path in tickets for name in (before[path], after[path])]
    )
    told = tuple(_told(path, contents, before[path], after[path]) for path in tickets)
    return News(commits, told, tuple(path for path in paths if not path.startswith("tickets/")))


def _told(path: str, contents: Mapping[str, bytes], old: str, new: str) -> TicketNews:
    before, after = (
        parse_ticket(contents[name], path)[0] if name in contents else None for name in (old, new)
    )
    fresh = Counter(after.log if after else ()) - Counter(before.log if before else ())
    entries = []
    for entry in after.log if after else ():
        if fresh[entry] > 0:
            fresh[entry] -= 1
            entries.append(entry)
    return TicketNews(path, before, after, tuple(entries))
