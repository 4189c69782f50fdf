"""`desk sync`: what others did comes, what was done here goes, and people hear of it in tickets."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from desk.domain.settings import Settings
from desk.errors import Conflict, DeskError, OutsideError, Refused
from desk.services.committing import unlock_after_dead_syncs
from desk.services.desk import Desk
from desk.services.joining import Renaming, is_ticket_path
from desk.services.merging import merge_commits
from desk.services.news import News, news_between
from desk.services.saving import plain_line, take_up_hand_edits
from desk.storage import remotes
from desk.storage.advance import Advance, advance, dirty_paths
from desk.storage.merge_driver import register_if_possible
from desk.storage.merging_trees import (
    clear_scratch,
    commit_merge,
    commit_of,
    count_commits,
    differences,
    merge_bases,
)
from desk.storage.remotes import Place
from desk.storage.repository import Repository
from desk.storage.root import find_root
from desk.storage.sync_marks import at_work

MOST_TRIES = 100
MOST_SECONDS = 300.0
"""So often, and so long, a remote that moves meanwhile is merged again."""

_NOTHING = News(0)


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync` did, or in a dry run would do.

    `place` is None where there is no remote. `sent` is what the remote took, `waiting` what it has
    not taken; `refusal` says why. `before` and `after` are the commits that HEAD was and is at.
    """

    place: Place | None
    before: str = ""
    after: str = ""
    received: News = _NOTHING
    sent: News = _NOTHING
    waiting: News = _NOTHING
    renamings: tuple[Renaming, ...] = ()
    tries: int = 0
    is_merged: bool = False
    is_new_branch: bool = False
    refusal: DeskError | None = None


class _Met(NamedTuple):
    """Our commit before and after it met the remote's; in a dry run the latter is a tree."""

    ours: str
    now: str
    renamings: tuple[Renaming, ...] = ()
    is_merged: bool = False


@dataclass
class _Course:
    """What happened so far."""

    met: list[_Met] = field(default_factory=list)
    received_commits: int = 0


def without_settings(start: Path, now: datetime, is_dated: bool, dry_run: bool) -> Desk:
    """Open the help desk though its config.yaml does not check: what mends it may have to come from
    others. Hand edits are not committed then."""
    desk = Desk(find_root(start), Settings(), now, is_dated, commits=False, dry_run=dry_run)
    desk.notices.append("config.yaml had problems when this began: see `desk config check`")
    return desk


def sync(desk: Desk, pushes: bool = True, may_ask: bool = False) -> Synced:
    """Fetch, merge and push until both sides have the same.

    Refused on no branch; Conflict where something is under way, where files that are no tickets
    conflict, or a file of a person's own is in the way: nothing is touched then. OutsideError where
    the remote cannot be reached. Where it does not take what is sent, the answer says so in its
    `refusal`: what came stays.
    """
    repository = desk.repository
    remotes.check_is_free(repository)
    branch = remotes.current_branch(repository)
    if not branch:
        raise Refused(
            "HEAD is detached: it is on no branch, so there is nothing to send it to",
            "go to one with `git switch main` (`git switch -c NAME` keeps what is here in a new "
            "one), then run `desk sync` again",
        )
    place = remotes.place_of(repository, branch)
    if place is None:
        return Synced(None)
    with at_work(repository.git_dir / "desk"):
        if not desk.dry_run:
            unlock_after_dead_syncs(desk)
            trouble = register_if_possible(repository)
            desk.notices.extend([trouble] if trouble else [])
        return _until_settled(desk, place, pushes, remotes.quiet_environment(repository, may_ask))


def _until_settled(desk: Desk, place: Place, pushes: bool, quiet: Mapping[str, str]) -> Synced:
    repository, course = desk.repository, _Course()
    began, tries = time.monotonic(), 0
    while True:
        tries += 1
        desk.tell(f"fetching from {place.name}")
        theirs = remotes.fetch(repository, place, quiet)
        with desk.writing():
            met = _meet(desk, place, theirs, quiet)
        if met is None:
            if tries < MOST_TRIES:
                continue
            raise Conflict("commits are being made here all the time", "try again later")
        _keep_course(repository, course, met, theirs)
        if desk.dry_run or not pushes or met.now == theirs:
            return _told(desk, place, course, theirs, tries, is_sent=met.now == theirs)
        desk.tell(f"sending to {place.name}")
        answer = remotes.push(repository, place, met.now, quiet)
        if answer.kind == "taken":
            return _told(desk, place, course, theirs, tries, is_sent=True)
        if answer.kind == "refused" and remotes.fetch(repository, place, quiet) != theirs:
            answer = answer._replace(kind="moved")
        refusal = _refusal(place, answer)
        is_over = tries >= MOST_TRIES or time.monotonic() - began > MOST_SECONDS
        if answer.kind != "moved" or is_over:
            return _told(desk, place, course, theirs, tries, is_sent=False, refusal=refusal)
        remotes.wait_a_moment(tries)


def _refusal(place: Place, answer: remotes.Answer) -> DeskError:
    if answer.kind == "moved":
        return Conflict(
            f"{place.name} moved again and again while this was being sent",
            "what came is merged, and what you wrote is safe in its commits; run `desk sync` again",
        )
    if answer.kind == "failed":
        return OutsideError(
            f"cannot send to {place.remote}",
            "what came is merged, and what you wrote is safe in its commits; see the network and "
            "your rights there, then run `desk sync` again",
            answer.words,
        )
    return OutsideError(
        f"{place.remote} does not take this on {place.branch}",
        "what came is merged, and what you wrote is safe in its commits; if the branch is "
        f"protected, send it to one of your own with `git push {quote(place.remote)} HEAD:NAME` "
        "and ask there for a merge",
        answer.words,
    )


def _meet(desk: Desk, place: Place, theirs: str, quiet: Mapping[str, str]) -> _Met | None:
    """Bring our branch together with what was fetched; None where it moved under our hands."""
    repository = desk.repository
    if not desk.dry_run:
        remotes.check_is_free(repository)
        clear_scratch(repository)
    ours = commit_of(repository, "HEAD")
    if not ours:
        raise Refused(
            "nothing is committed here yet", "commit something, then run `desk sync` again"
        )
    if not theirs:
        return _Met(ours, ours)
    bases = _bases(repository, place, ours, theirs, quiet)
    if bases == [theirs]:
        return _Met(ours, ours)
    if not desk.dry_run:
        base = bases[0] if len(bases) == 1 else ours
        if _take_up(desk, base, theirs):
            ours = commit_of(repository, "HEAD")
            bases = merge_bases(repository, ours, [theirs])
    met = _Met(ours, theirs) if bases == [ours] else _merged(desk, place, ours, theirs, bases)
    if desk.dry_run or advance(repository, Advance(ours, met.now)):
        return met
    return None


def _bases(
    repository: Repository, place: Place, ours: str, theirs: str, quiet: Mapping[str, str]
) -> list[str]:
    bases = merge_bases(repository, ours, [theirs])
    if not bases and remotes.deepen(repository, place, quiet, ours, theirs):
        bases = merge_bases(repository, ours, [theirs])
    if not bases:
        raise Conflict(
            f"{place.name} and this branch have no commit in common",
            "they are two help desks, or one that was begun twice: see which is which with "
            f"`git log {quote(place.name)}`; `git pull --no-rebase --allow-unrelated-histories "
            f"{quote(place.remote)} {quote(place.branch)}`, then `desk mend`, makes them one",
        )
    return bases


def _merged(desk: Desk, place: Place, ours: str, theirs: str, bases: list[str]) -> _Met:
    repository = desk.repository
    merge = merge_commits(repository, ours, theirs, bases, (place.remote, place.branch))
    if desk.dry_run:
        return _Met(ours, merge.tree, merge.renamings, True)
    count = count_commits(repository, theirs, ours)
    what = "1 commit" if count == 1 else f"{count} commits"
    subject = plain_line(f"sync: merge {what} from {place.name}")
    body = "\n".join(f"{each.old} is {each.new} now" for each in merge.renamings)
    message = "\n\n".join(part for part in (subject, body, "Desk-Verb: sync") if part)
    dated = f"{desk.now:%Y-%m-%dT%H:%M:%SZ}" if desk.is_dated else ""
    commit = commit_merge(
        repository, merge.tree, (ours, theirs), f"{message}\n", dated, desk.author
    )
    return _Met(ours, commit, merge.renamings, True)


def _take_up(desk: Desk, base: str, theirs: str) -> bool:
    """Commit what was edited by hand in tickets that the other side changed; tell whether anything
    was."""
    repository = desk.repository
    changed = {
        each.path: each
        for each in differences(repository, base, theirs, "tickets")
        if is_ticket_path(each.path)
    }
    prefix = repository.prefix
    dirty = {path.removeprefix(prefix) for path in dirty_paths(Repository(repository.top))}
    here = [
        path
        for path in sorted(changed)
        if (desk.root / path).is_file() and (path in dirty or not changed[path].name)
    ]
    if not here:
        return False
    before = commit_of(repository, "HEAD")
    take_up_hand_edits(desk, [desk.store.read(path) for path in here])
    return commit_of(repository, "HEAD") != before


def _keep_course(repository: Repository, course: _Course, met: _Met, theirs: str) -> None:
    if theirs:
        course.received_commits += count_commits(repository, theirs, met.ours)
    course.met.append(met)


def _told(
    desk: Desk,
    place: Place,
    course: _Course,
    theirs: str,
    tries: int,
    is_sent: bool,
    refusal: DeskError | None = None,
) -> Synced:
    repository, last = desk.repository, course.met[-1]
    spans = [(each.ours, each.now) for each in course.met if each.ours != each.now]
    own = last.ours if desk.dry_run else last.now
    outgoing = _NOTHING
    if theirs and last.now != theirs:
        count = count_commits(repository, own, theirs)
        outgoing = news_between(repository, [(theirs, last.now)], count)
    elif not theirs:
        outgoing = News(int(repository.run("rev-list", "--count", "--no-merges", own)))
    return Synced(
        place=place,
        before=course.met[0].ours,
        after=last.now,
        received=news_between(repository, spans, course.received_commits),
        sent=outgoing if is_sent else _NOTHING,
        waiting=_NOTHING if is_sent else outgoing,
        renamings=tuple(one for each in course.met for one in each.renamings),
        tries=tries,
        is_merged=any(each.is_merged for each in course.met),
        is_new_branch=not theirs,
        refusal=refusal,
    )
