"""`desk audit`: what the history says of who did what, and whether the record was touched."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.domain.audit.deeds import AuditFinding
from desk.domain.findings import is_clean
from desk.domain.instants import format_instant
from desk.errors import WorkspaceError
from desk.services.audit_shelf import AuditShelf
from desk.services.judging import Judge
from desk.services.settings_history import SettingsHistory
from desk.storage.audited import AuditedRepository, audited_repository
from desk.storage.commit_walk import CommitWalk, WalkedCommit
from desk.storage.root import CONFIG

Progress = Callable[[int], None]
"""Told how many commits were judged."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit came to: the range as it was given, how many commits were judged, what was
    found, in the order of the commits. `incomplete` says in a sentence what could not be seen; ""
    where nothing was missing. `prefix` is where the help desk lies in the repository."""

    range: str
    commits: int
    findings: tuple[AuditFinding, ...]
    incomplete: str = ""
    prefix: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether everything was seen, and nothing found that is worse than a hint."""
        return is_clean(each.as_finding for each in self.findings)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which commits are judged: those that `revisions` lead to (`^` before one leaves out what it
    leads to). With `signed` each must have a good signature of its author; `first` is a commit
    whose config.yaml judges what has none before it."""

    revisions: tuple[str, ...]
    options: tuple[str, ...] = ()
    signed: bool = False
    first: str = ""


def audit(
    start: Path, given: str = "", since: datetime | None = None, signed: bool = False
) -> AuditResult:
    """Judge the commits of a revision or a range, all of HEAD by default.

    NotFound where Git knows no such revision; WorkspaceError where there is no help desk in it.
    """
    repository = audited_repository(start, os.environ)
    name = given or "HEAD"
    if not given and not repository.commit_named("HEAD"):
        return AuditResult(name, 0, ())
    revisions = tuple(repository.commits_named(name))
    options = () if since is None else (f"--since-as-filter={format_instant(since)}",)
    scope = Scope(revisions, options, signed)
    tips = tuple(each for each in revisions if not each.startswith("^"))
    desks = repository.help_desks(tips)
    if not desks:
        raise WorkspaceError(
            f"there is no help desk in {name}: no config.yaml with `desk:` in it",
            "name a branch that has one",
        )
    results = [audit_desk(repository, prefix, scope, name) for prefix in desks]
    return joined(results)


def joined(results: Sequence[AuditResult]) -> AuditResult:
    """Return the audits of several help desks in one repository as one, paths from its top."""
    if len(results) == 1:
        return results[0]
    findings = tuple(
        found._replace(path=f"{each.prefix}{found.path}") if found.path != WHOLE else found
        for each in results
        for found in each.findings
    )
    incomplete = next((each.incomplete for each in results if each.incomplete), "")
    return AuditResult(results[0].range, max(r.commits for r in results), findings, incomplete)


WHOLE = "."
"""The path of a finding that is about no file."""


def audit_desk(
    repository: AuditedRepository, prefix: str, scope: Scope, name: str = ""
) -> AuditResult:
    """Judge the commits in `scope`, for the help desk at `prefix`."""
    is_part = any(each.startswith(("^", "--not")) for each in scope.revisions)
    is_whole = not scope.options and not is_part
    with CommitWalk(repository, prefix) as walk:
        fallback = next((each for each in scope.revisions if not each.startswith("^")), "")
        settings = SettingsHistory(
            walk,
            walk.content_at(scope.first, CONFIG)[0] if scope.first else "",
            walk.content_at(fallback, CONFIG)[0] if fallback else "",
        )
        judge = Judge(AuditShelf(walk, is_whole), settings)
        findings: list[AuditFinding] = []
        count, ends = 0, 0
        for commit in walk.commits(scope.revisions, scope.options, signed=scope.signed):
            count += 1
            if scope.signed:
                findings += _signature(commit)
            if commit.name in repository.shallow_ends:
                ends += 1
                settings.note(commit)
            else:
                findings += judge.judge(commit)
        over = judge.settled([each for each in scope.revisions if not each.startswith(("^", "--"))])
        findings = [each for each in findings if each not in over]
    incomplete = ""
    if ends:
        incomplete = "the history is shallow: nobody can tell what the commits before its end did"
        findings.append(AuditFinding("incomplete", WHOLE, 0, incomplete))
    return AuditResult(name, count, tuple(findings), incomplete, prefix)


_SIGNED_WORDS = {
    "N": "it has no signature",
    "B": "its signature is bad",
    "U": "Git does not know whether its key can be trusted",
    "E": "its signature cannot be checked",
    "X": "its signature has expired",
    "Y": "the key that signed it has expired",
    "R": "the key that signed it was revoked",
}


def _signature(commit: WalkedCommit) -> list[AuditFinding]:
    """Return what is amiss with a commit's signature, which is to be its author's own."""
    is_own = bool(commit.email) and commit.email.casefold() in commit.signer.casefold()
    if commit.signature == "G" and is_own:
        return []
    who = f"it is signed by {commit.signer}, and not by its author"
    message = who if commit.signature == "G" else _SIGNED_WORDS.get(commit.signature, "no answer")
    author = f"{commit.author} <{commit.email}>"
    return [AuditFinding("not-signed", WHOLE, 0, message, commit.name, author)]
