"""What a server's pre-receive hook asks: may these branches go where a push wants them?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from desk.domain.audit.allowed import shown
from desk.domain.audit.deeds import AuditFinding
from desk.domain.audit.logs import entries_between, without_redactions
from desk.domain.patterns import pattern
from desk.errors import OutsideError
from desk.services.audit_shelf import AuditShelf, is_ticket_path
from desk.services.auditing import WHOLE, AuditResult, Scope, audit_desk, joined
from desk.storage.audited import AuditedRepository, audited_repository
from desk.storage.commit_walk import CommitWalk, FileChange
from desk.storage.root import CONFIG

_LINE = pattern(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (refs/.+)", re.ASCII | re.DOTALL)
_BRANCHES = "refs/heads/"


class Update(NamedTuple):
    """A branch or tag that a push moves; `old` or `new` is "" where it is made or deleted."""

    old: str
    new: str
    ref: str


def updates_in(lines: Iterable[str]) -> list[Update]:
    """Read what Git tells a hook: a line `old new ref` for each. OutsideError for any other."""
    found = []
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise OutsideError(
                f"`{line[:200]}` is no line that Git gives a pre-receive hook",
                "call it from hooks/pre-receive, with what the hook reads on standard input",
            )
        old, new = (name if name.strip("0") else "" for name in match.groups()[:2])
        found.append(Update(old, new, match[3]))
    return found


def audit_push(start: Path, updates: Sequence[Update], signed: bool = False) -> AuditResult:
    """Judge the commits that a push brings and the repository has not, and what a forced one would
    leave behind."""
    repository = audited_repository(start, os.environ)
    new = tuple(dict.fromkeys(_commits(repository, updates)))
    here = repository.commit_named("HEAD")
    findings = tuple(_deletions(repository, updates))
    results = []
    scope = Scope((*new, "--not", "--all"), (), signed, here)
    for prefix in repository.help_desks((*new, *([here] if here else []))) if new else ():
        result = audit_desk(repository, prefix, scope, "the push")
        taken_back = tuple(_taken_back(repository, prefix, updates))
        results.append(replace(result, findings=(*result.findings, *taken_back)))
    if not results:
        return AuditResult("the push", 0, findings)
    result = joined(results)
    return replace(result, findings=(*result.findings, *findings))


def _commits(repository: AuditedRepository, updates: Iterable[Update]) -> Iterator[str]:
    """Yield the commits that the updates lead to; a tag of something else leads to none."""
    for update in updates:
        commit = repository.commit_named(update.new) if update.new else ""
        if commit:
            yield commit
        elif update.new and not repository.has_object(update.new):
            raise OutsideError(f"{update.ref} leads to {update.new}, which is not here")


def _deletions(repository: AuditedRepository, updates: Iterable[Update]) -> list[AuditFinding]:
    return [
        AuditFinding("branch-deleted", WHOLE, 0, f"the push deletes the branch {update.ref}")
        for update in updates
        if not update.new and update.ref == repository.default_branch
    ]


def _taken_back(
    repository: AuditedRepository, prefix: str, updates: Iterable[Update]
) -> Iterable[AuditFinding]:
    """Yield what branches would lose that are moved to where they do not lead on."""
    for update in updates:
        is_moved = update.old and update.new and update.ref.startswith(_BRANCHES)
        if not is_moved or repository.is_ancestor(update.old, update.new):
            continue
        with CommitWalk(repository, prefix) as walk:
            shelf = AuditShelf(walk, is_whole=True)
            for change in walk.between(update.old, update.new):
                for message, heading in _lost(shelf, change):
                    yield AuditFinding(
                        "taken-back",
                        change.path,
                        0,
                        f"{update.ref.removeprefix(_BRANCHES)} would lose {message}",
                        ticket=change.path.rpartition("/")[2].removesuffix(".md"),
                        entry=heading,
                    )


def _lost(shelf: AuditShelf, change: FileChange) -> Iterable[tuple[str, str]]:
    """Yield what a file loses, in words, and the heading of the entry that it is."""
    if change.path == CONFIG:
        yield "a version of config.yaml", ""
    elif change.before and not change.after:
        yield "the file", ""
    elif is_ticket_path(change.path):
        old, new = shelf.before(change), shelf.after(change).ticket
        if old is not None and new is not None:
            removed, added = entries_between(old.log, new.log)
            removed, _ = without_redactions(removed, added, new)
            yield from ((f"an entry: `{shown(entry)}`", entry.heading) for entry in removed)
        elif old is not None:
            yield "a ticket that could be read", ""
