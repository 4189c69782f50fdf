"""Judging what commits did to files that are no tickets: attachments and articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.domain.article_checks import has_conflict
from desk.domain.attachments import name_beside
from desk.domain.audit.deeds import Deed, Objection
from desk.domain.audit.merges import is_taken
from desk.domain.patterns import pattern
from desk.domain.redaction import redacted_names
from desk.domain.texts import visible
from desk.services.audit_shelf import AuditShelf, Files, Sides, broken_objections
from desk.storage.commit_walk import WalkedCommit
from desk.storage.kb_file import parse_article

_ATTACHMENT = pattern(r"(tickets/[^/.][^/]*/[^/.][^/]*/[^/]+)/.+", re.DOTALL)
_ARTICLE = pattern(r"kb/(?:.*/)?[^/.][^/]*\.md", re.DOTALL)

Found = Iterator[tuple[str, int, Objection]]
"""Objections, each with the path and the line that it is about."""


def file_objections(shelf: AuditShelf, commit: WalkedCommit, deed: Deed, files: Files) -> Found:
    """Yield what is against a commit for attachments and articles."""
    for path, sides in files.items():
        attachment = _ATTACHMENT.fullmatch(path)
        if attachment is not None:
            ticket_path = f"{attachment[1]}.md"
            if len(commit.parents) > 1:
                found = _merged_attachment(shelf, commit, path, sides)
            else:
                found = _attachment(shelf, commit, deed, sides, files.get(ticket_path), ticket_path)
            yield from ((path, 0, each) for each in found)
        elif _ARTICLE.fullmatch(path):
            found = _article_role(shelf, commit, deed, path, sides)
            yield from ((path, 0, each) for each in found)
            yield from _article(shelf, path, sides)


def _attachment(
    shelf: AuditShelf,
    commit: WalkedCommit,
    deed: Deed,
    sides: Sides,
    ticket_sides: Sides | None,
    ticket_path: str,
) -> Iterator[Objection]:
    change = sides[0]
    step = ticket_sides[0] if ticket_sides else None
    if not change.before:
        is_new = step is not None and not step.before
        if is_new and deed.may(["new"]):
            return
        name = step.after if step else shelf.walk.content_at(commit.name, ticket_path)[0]
        ticket = shelf.sheet(name, ticket_path).ticket
        if not deed.may(["attach", "edit"], ticket):
            yield Objection("role", f"{deed.who} may not `attach` here")
        return
    name = step.after if step else shelf.walk.content_at(commit.name, ticket_path)[0]
    ticket = shelf.sheet(name, ticket_path).ticket
    if ticket and not change.after and redacted_names(ticket.log):
        return
    if step is not None and not step.after:
        return  # the ticket went with it, which is said
    if change.after and _is_beside(shelf, commit, change.path, change.before):
        return  # a merge of two that have one name, settled in a rebase
    yield Objection("attachment", _what_became(change.after))


def _what_became(after: str) -> str:
    return "an attachment was replaced" if after else "an attachment was deleted"


def _merged_attachment(
    shelf: AuditShelf, commit: WalkedCommit, path: str, sides: Sides
) -> Iterator[Objection]:
    names = {change.before for change in sides} - {""}
    after = sides[0].after
    if not names:
        return
    others = names - {after}
    bases = shelf.walk.repository.merge_bases(commit.parents) if others else []
    others -= {shelf.walk.content_at(base, path)[0] for base in bases}
    others = {name for name in others if not _is_beside(shelf, commit, path, name)}
    if others or after not in {change.before for change in sides}:
        yield Objection("attachment", f"{_what_became(after)} by the merge")


def _is_beside(shelf: AuditShelf, commit: WalkedCommit, path: str, name: str) -> bool:
    """Tell whether an attachment lies where a merge puts the second of two that have one name."""
    return shelf.walk.content_at(commit.name, name_beside(path, name))[0] == name


def _article_role(
    shelf: AuditShelf, commit: WalkedCommit, deed: Deed, path: str, sides: Sides
) -> Iterator[Objection]:
    """Yield an objection to an article that the author may not change. In a merge that is one of
    which Git by itself would have made something else."""
    command = "kb edit" if any(change.before for change in sides) else "kb new"
    if deed.may([command]):
        return
    if len(commit.parents) < 2:
        yield Objection("role", f"{deed.who} may not `{command}`")
    elif not _is_gits_merge(shelf, commit, path, sides):
        yield Objection("role", f"{deed.who} may not `{command}`, and changed it in the merge")


def _is_gits_merge(shelf: AuditShelf, commit: WalkedCommit, path: str, sides: Sides) -> bool:
    names, after = [change.before for change in sides], sides[0].after
    found = shelf.walk.repository.merge_bases(commit.parents)
    bases = [shelf.walk.content_at(base, path)[0] for base in found] or [""]
    if is_taken(names, after, lambda: bases):
        return True
    ours, theirs, merged = (shelf.walk.content(name) for name in (*names[:2], after))
    if len(names) > 2 or ours is None or theirs is None or merged is None:
        return False
    contents = (shelf.walk.content(base) for base in bases if base)
    merges = (
        shelf.walk.repository.merged_lines(ours, base, theirs)
        for base in contents
        if base is not None
    )
    return any(made == merged for made in merges)


def _article(shelf: AuditShelf, path: str, sides: Sides) -> Found:
    change = sides[0]
    if not change.after or any(each.before == change.after for each in sides):
        return
    data = shelf.walk.content(change.after) if change.is_file else None
    if data is None:
        yield path, 0, Objection("broken", "it cannot be read: it is a link, or too large")
        return
    article, problems = parse_article(data, visible(path))
    if article is None:
        yield from ((path, line, each) for line, each in broken_objections(problems))
    elif has_conflict(article.text):
        yield path, 0, Objection("conflict-marker", "conflict markers of Git were committed")
