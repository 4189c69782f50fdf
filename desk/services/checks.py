"""`desk lint`: every ticket and article read, and all that is wrong with them named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.domain import ids
from desk.domain.article_checks import article_problems
from desk.domain.findings import Finding, Problem, is_clean
from desk.domain.folder_checks import (
    LEFTOVER,
    Fault,
    article_name_fault,
    folder_faults,
    leftover,
)
from desk.domain.lint import finding, severity_of
from desk.domain.sheet import Known, known_of
from desk.domain.ticket_checks import ticket_problems
from desk.errors import Diagnostic
from desk.services.desk import Desk
from desk.services.fixing import Fix, FixResult, fix
from desk.services.selection import Selection, paths_of, stem, ticket_paths
from desk.services.sheets import article_findings, sheet_of, ticket_findings
from desk.storage.folders import items_below, items_in
from desk.storage.kb_file import FOLDER as KB
from desk.storage.kb_file import Library, read_library
from desk.storage.repeats import repeated_elements
from desk.storage.ticket_store import Filed, Shelf

__all__ = ["Fix", "FixResult", "LintResult", "fix", "lint"]


@dataclass(frozen=True, slots=True)
class LintResult:
    """What a check of the files came to: how many tickets and articles were looked at (unreadable
    ones too), the findings by path and line, and what of them could not be read."""

    checked: int
    articles: int
    findings: tuple[Finding, ...]
    unreadable: tuple[Diagnostic, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing worse than a hint."""
        return is_clean(self.findings)


def lint(desk: Desk, given: Sequence[str] = ()) -> LintResult:
    """Check every ticket and article, or those named alone, still against all others.

    `given` are IDs (or their unique ends), and paths: absolute, or from the workspace; a folder
    stands for all that is in it, a ticket for its attachments too. NotFound for what is not there.
    """
    shelf = desk.store.all()
    library = read_library(desk.root)
    chosen = Selection(desk, shelf, given)
    known = _known(desk, shelf, library)
    unreadable = [
        each for each in (*shelf.unreadable, *library.unreadable) if chosen.has(each.path)
    ]
    findings = [Finding.of(each, severity_of(each.code)) for each in unreadable]
    for filed in shelf.tickets:
        if chosen.has(filed.path):
            problems = [*ticket_problems(sheet_of(filed), known), *_repeated(filed)]
            findings += ticket_findings(filed, problems)
    for path, article, data in library.articles:
        if chosen.has(path):
            findings += article_findings(path, data, article_problems(article, known))
    findings += [
        finding(code, path, 0, 0, message)
        for code, path, message in _faults(desk, shelf, library)
        if chosen.has(path)
    ]
    findings.sort(key=lambda each: (each.path, each.line, each.column, each.code))
    return LintResult(
        checked=sum(chosen.has(path) for path in ticket_paths(shelf)),
        articles=sum(chosen.has(path) for path in _article_paths(library)),
        findings=tuple(findings),
        unreadable=tuple(unreadable),
    )


def _known(desk: Desk, shelf: Shelf, library: Library) -> Known:
    return known_of(
        desk.settings,
        desk.now,
        [(filed.path, filed.ticket) for filed in shelf.tickets],
        [
            (path, stem(path))
            for path in paths_of(shelf.unreadable)
            if ids.is_id(stem(path)) and ids.path_of(stem(path)) == path
        ],
        [stem(path) for path in _article_paths(library)],
    )


def _article_paths(library: Library) -> list[str]:
    return [*(filed.path for filed in library.articles), *paths_of(library.unreadable)]


def _repeated(filed: Filed) -> Iterator[Problem]:
    for key, elements in repeated_elements(filed.ticket).items():
        shown = ", ".join(f"`{element}`" for element in elements)
        message = f"`{key}` names {shown} more than once: `desk lint --fix` keeps the first"
        yield Problem("repeated", message, key=key, word=elements[0])


def _faults(desk: Desk, shelf: Shelf, library: Library) -> Iterator[Fault]:
    tickets = frozenset(ticket_paths(shelf))
    yield from folder_faults(items_below(desk.root, "tickets"), tickets)
    for item in (*items_below(desk.root, KB), *items_in(desk.root)):
        if item.kind == "file" and item.path.endswith(LEFTOVER):
            yield leftover(item.path)
    for path in _article_paths(library):
        fault = article_name_fault(path)
        if fault is not None:
            yield fault
