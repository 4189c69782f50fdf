"""Writing articles of the knowledge base, and linking tickets to them; one command, one commit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from desk.domain.article_checks import article_problems
from desk.domain.drafts import draft_text
from desk.domain.editing import checked_tag, checked_value
from desk.domain.folder_checks import article_name_fault
from desk.domain.kb import AUDIENCES, Article, article_path, as_slug, is_slug, slug_of
from desk.domain.people import assignee_named
from desk.domain.sheet import Known
from desk.domain.texts import MAX_TEXT_BYTES, stored, visible
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import perform, step
from desk.errors import Conflict, NotFound, Refused, UnknownName, UsageError
from desk.services.acting import Outcome, act
from desk.services.articles import UnreadableArticle, article_named, path_named
from desk.services.committing import commit_files
from desk.services.desk import Desk
from desk.services.editing import Editor, place_for_edit
from desk.services.saving import Save, is_edited_by_hand, plain_line, save, take_up_hand_edits
from desk.storage.files import NewFile, read_file
from desk.storage.kb_file import FiledArticle, format_article, parse_article, read_library
from desk.storage.ticket_store import Filed


@dataclass(frozen=True, slots=True)
class ArticleWishes:
    """What somebody wants an article to say, as typed: None leaves a thing as it is, an empty text
    clears it. Tags are added, and taken off."""

    title: str | None = None
    category: str | None = None
    audience: str | None = None
    owner: str | None = None
    text: str | None = None
    reviewed: date | None = None
    tags: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wished for."""
        return self == ArticleWishes()


class Authored(NamedTuple):
    """What a command did, or would do in a dry run: the article as it is now, its file (None: it
    stays as it was), the ticket that it was begun from, with its link, and the article as it was
    (None: it is new, or could not be read)."""

    article: Article
    file: NewFile | None
    saves: tuple[Save, ...] = ()
    before: Article | None = None


def draft_from(desk: Desk, given: str) -> tuple[Ticket, str]:
    """Return a ticket that is done, and the text of an article that it makes. Refused for one that
    is not."""
    desk.require("kb new")
    ticket = desk.store.find(given).ticket
    _refuse_live(ticket)
    return ticket, draft_text(ticket)


def _refuse_live(ticket: Ticket) -> None:
    if ticket.is_live:
        raise Refused(
            f"{ticket.id} is {'on ' * (ticket.status == 'hold')}{ticket.status}, and an article "
            "comes from what is solved",
            "resolve it first, or leave --from out",
        )


def new_article(desk: Desk, wishes: ArticleWishes, slug: str = "", source: str = "") -> Authored:
    """Write a new article; with a `source`, a ticket that is done, of its category and tags too,
    and the ticket names it from then on."""
    desk.require("kb new")
    with desk.writing():
        filed = take_up_hand_edits(desk, [desk.store.find(source)])[0] if source else None
        article = _begun(desk, wishes, slug, filed.ticket if filed else None)
        path = article_path(article.slug)
        if os.path.lexists(desk.root / path):
            raise _taken(article.slug)
        _refuse_faults(desk, article)
        file = _file(path, article)
        saves = (_naming(desk, filed, article.slug),) if filed else ()
        try:
            save(desk, "kb new", saves, [file], _subject(desk, "kb new", article))
        except FileExistsError:
            raise _taken(article.slug) from None
        return Authored(article, file, saves)


def _begun(desk: Desk, wishes: ArticleWishes, slug: str, source: Ticket | None) -> Article:
    """Return a new article: what is wished for, else what the ticket has, else the defaults."""
    if source is not None:
        _refuse_live(source)
        wishes = replace(
            wishes,
            title=wishes.title or source.title,
            category=source.text("category") if wishes.category is None else wishes.category,
            text=draft_text(source) if wishes.text is None else wishes.text,
        )
    if not wishes.title:
        raise UsageError("an article needs a title", "write `desk kb new What it tells`")
    owner = desk.actor.person.handle if desk.actor.person else ""
    tags = source.items("tags") if source else ()
    article = _wished(desk, Article("new", "", owner=owner, tags=tags), wishes)
    return replace(article, slug=_new_slug(slug, article.title))


def _new_slug(given: str, title: str) -> str:
    slug = slug_of(title) if not given else "" if "/" in given else as_slug(given)
    if is_slug(slug):
        if fault := article_name_fault(article_path(slug)):
            raise UsageError(fault.message.partition(": ")[0], "name it with --slug")
        return slug
    if not given:
        raise UsageError("this title makes no name for a file", "give one with --slug vpn-drops")
    hint = slug_of(given)
    raise UsageError(
        f"`{visible(given)}` cannot name an article",
        f"write --slug {hint or 'vpn-drops'}: lower-case letters, digits, single hyphens",
    )


def _taken(slug: str) -> Refused:
    return Refused(
        f"there is an article {article_path(slug)} already",
        f"change it with `desk kb edit {slug}`, or name yours with --slug",
    )


def _naming(desk: Desk, filed: Filed, slug: str) -> Save:
    planned = step(filed.ticket, "link", others=(Change("kb", "+=", slug),))
    after = perform(filed.ticket, planned, desk.now, desk.actor.sign, desk.settings)
    return Save(filed.path, after, filed)


def _subject(desk: Desk, command: str, article: Article) -> str:
    if desk.settings.subject == "id":
        return f"{command} {article.slug}"
    return f"{command} {article.slug}: {plain_line(article.title)}"


def _file(path: str, article: Article, before: bytes | None = None) -> NewFile:
    data = format_article(article, before)
    if len(data) > MAX_TEXT_BYTES:
        raise Refused(
            f"{path} would be {len(data):,} bytes long", f"{MAX_TEXT_BYTES:,} is the most"
        )
    return NewFile(path, data, before)


def _wished(desk: Desk, article: Article, wishes: ArticleWishes) -> Article:
    """Return the article as somebody wants it, every value checked."""
    settings, actor = desk.settings, desk.actor
    title, category, owner = article.title, article.category, article.owner
    if wishes.title is not None:
        if not wishes.title.strip():
            raise Refused("the title is empty", "an article needs one")
        title = checked_value("title", wishes.title, settings, actor)
    if wishes.category is not None:
        category = checked_value("category", wishes.category, settings, actor)
    if wishes.owner is not None:
        owner = assignee_named(wishes.owner, settings, actor)
    audience = next((name for name in AUDIENCES if name == wishes.audience), article.audience)
    if wishes.audience not in (None, audience):
        raise UnknownName("audience", wishes.audience or "", AUDIENCES)
    tags = dict.fromkeys((*article.tags, *map(checked_tag, wishes.tags)))
    text = article.text
    if wishes.text is not None:
        try:
            text = stored(wishes.text)
        except ValueError as error:
            raise Refused(f"the text is refused: {error}", "shorten it") from None
    return replace(
        article,
        title=title,
        category=category,
        owner=owner,
        audience=audience,
        tags=tuple(tag for tag in tags if tag not in wishes.tags_off),
        text=text,
        reviewed=wishes.reviewed or article.reviewed,
    )


def edit_article(desk: Desk, given: str, wishes: ArticleWishes) -> Authored:
    """Change what an article says; nothing else in its file."""
    desk.require("kb edit")
    with desk.writing():
        filed = article_named(desk, given)
        _take_up_hand_edit(desk, filed.path, filed.data)
        return _replace(desk, filed, _wished(desk, filed.article, wishes))


def _replace(desk: Desk, filed: FiledArticle, after: Article) -> Authored:
    if after == filed.article:
        return Authored(after, None)
    _refuse_faults(desk, after, filed.article)
    file = _file(filed.path, after, filed.data)
    commit_files(desk, [file], _subject(desk, "kb edit", after), "", "kb edit")
    return Authored(after, file, before=filed.article)


def edit_article_file(desk: Desk, given: str, edit: Editor) -> Authored:
    """Let somebody edit an article's whole file; one that cannot be read too.

    What was typed is never lost: it lies where the editor had it until it is part of the article.
    """
    desk.require("kb edit")
    path = path_named(desk, given)
    with desk.writing():
        before = _read(desk, path)
        _take_up_hand_edit(desk, path, before)
    try:
        shown = before.decode()
    except UnicodeDecodeError:
        problems = parse_article(before, path)[1]
        raise UnreadableArticle(path, problems) from None
    kept = place_for_edit(desk, path.rpartition("/")[2].removesuffix(".md"))
    typed = edit(shown, kept).encode()
    with desk.writing():
        authored = _take(desk, path, before, typed)
    kept.unlink(missing_ok=True)
    return authored


def _take(desk: Desk, path: str, before: bytes, typed: bytes) -> Authored:
    if _read(desk, path) != before:
        raise Conflict(f"{path} changed while you edited it", "look at it and edit it again")
    was, wrong = parse_article(before, path)
    after, problems = parse_article(typed, path)
    if typed == before and was is not None:
        return Authored(was, None)
    if after is None:
        raise Refused(
            "what you typed is no article, and nothing was changed", details=problems or wrong
        )
    _refuse_faults(desk, after, was)
    file = NewFile(path, typed, before)
    commit_files(desk, [file], _subject(desk, "kb edit", after), "", "kb edit")
    return Authored(after, file, before=was)


def _read(desk: Desk, path: str) -> bytes:
    try:
        return read_file(desk.root, path, MAX_TEXT_BYTES)
    except FileNotFoundError:
        raise NotFound(f"{path} is not there any more", "see `desk kb list`") from None
    except OSError as error:
        raise Refused(
            f"{path} cannot be read: {error.strerror or error}", "mend it first"
        ) from None


def _take_up_hand_edit(desk: Desk, path: str, data: bytes) -> None:
    """Commit first, on its own, what somebody did to the file by hand and did not commit."""
    can_commit = desk.commits and not desk.dry_run and not desk.repository.why_not_now()
    article, _ = parse_article(data, path)
    if article is None or not can_commit or not is_edited_by_hand(desk, path, data):
        return
    subject = f"kb edit {article.slug} by hand"
    commit_files(desk, [NewFile(path, data, data)], subject, "", "kb edit")
    desk.notices.append(f"your edit of {path} was committed first, on its own")


_REFUSED = ("person", "setting", "conflict")


def _refuse_faults(desk: Desk, after: Article, before: Article | None = None) -> None:
    """Refuse, with all reasons at once, what no check would let pass and was not there before; of
    what else is wrong with it, tell."""
    slugs = frozenset(each.article.slug for each in read_library(desk.root).articles)
    known = Known(desk.settings, desk.now, slugs=slugs | {after.slug})
    old = {each.message for each in article_problems(before, known)} if before else set()
    new = [each for each in article_problems(after, known) if each.message not in old]
    if wrong := [each.message for each in new if each.code in _REFUSED]:
        raise Refused("the article is refused, and nothing was changed", details=wrong)
    desk.notices.extend(f"{article_path(after.slug)}: {each.message}" for each in new)


def link_articles(
    desk: Desk, given: str, slugs: Sequence[str], remove: bool = False
) -> tuple[Outcome, tuple[str, ...]]:
    """Let a ticket name articles, or no longer; return what became of it, and the slugs."""
    named = desk.store.find(given).ticket.items("kb") if remove else ()
    found = tuple(
        each if each in named else article_named(desk, each).article.slug for each in slugs
    )
    changes = tuple(Change("kb", "-=" if remove else "+=", slug) for slug in found)
    outcome = act(desk, [given], "kb link", lambda old: step(old, "link", others=changes))
    return outcome, found
