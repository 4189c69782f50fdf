"""`desk lint`: every ticket and article read, and all that is wrong with them named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.domain import ids
from desk.domain.article_checks import Reach, article_problems, link_problems
from desk.domain.article_links import anchors_of
from desk.domain.findings import Finding, Problem, is_clean
from desk.domain.folder_checks import (
    LEFTOVER,
    Fault,
    Item,
    article_name_fault,
    folder_faults,
    leftover,
)
from desk.domain.lint import finding, severity_of
from desk.domain.sheet import Known, known_of
from desk.domain.ticket_checks import ticket_problems
from desk.errors import DeskError, Diagnostic, NotFound
from desk.services.desk import Desk
from desk.services.fixing import Fix, FixResult, fix
from desk.services.selection import Selection, paths_of, stem, ticket_paths
from desk.services.sheets import article_findings, sheet_of, ticket_findings
from desk.storage.folders import items_below, items_in
from desk.storage.kb_file import FOLDER as KB
from desk.storage.kb_file import Library, read_library
from desk.storage.repeats import repeated_elements
from desk.storage.ticket_store import Filed, Shelf

__all__ = ["Fix", "FixResult", "LintResult", "fix", "lint", "lint_articles"]


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
    findings += _in_articles(desk, library, known, chosen.has)
    findings += [
        finding(code, path, 0, 0, message)
        for code, path, message in _faults(desk, shelf, library)
        if chosen.has(path)
    ]
    return LintResult(
        checked=sum(chosen.has(path) for path in ticket_paths(shelf)),
        articles=sum(chosen.has(path) for path in _article_paths(library)),
        findings=_in_order(findings),
        unreadable=tuple(unreadable),
    )


def lint_articles(desk: Desk) -> LintResult:
    """Check every article, without a look at other tickets than they link to."""
    library = read_library(desk.root)
    paths = _article_paths(library)
    known = Known(desk.settings, desk.now, slugs=frozenset(map(stem, paths)))
    findings = [Finding.of(each, severity_of(each.code)) for each in library.unreadable]
    findings += _in_articles(desk, library, known, lambda path: True)
    findings += [finding(code, path, 0, 0, told) for code, path, told in _kb_faults(desk, library)]
    return LintResult(0, len(paths), _in_order(findings), library.unreadable)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: (each.path, each.line, each.column, each.code)))


def _in_articles(
    desk: Desk, library: Library, known: Known, is_chosen: Callable[[str], bool]
) -> Iterator[Finding]:
    texts = {each.article.slug: each.article.text for each in library.articles}

    def has_ticket(ticket_id: str) -> bool:
        try:
            return desk.store.exists(ticket_id) or bool(desk.store.find(ticket_id))
        except DeskError as error:
            return not isinstance(error, NotFound)

    reach = Reach(
        lambda path: _lies_at(desk.root / path),
        has_ticket,
        lambda slug: anchors_of(texts.get(slug, "")),
    )
    for path, article, data in library.articles:
        if is_chosen(path):
            problems = article_problems(article, known)
            links = link_problems(article, known.slugs, reach)
            yield from article_findings(path, data, (*problems, *links))


def _lies_at(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # as where a name is too long
        return False


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
    yield from _leftovers(items_in(desk.root))
    yield from _kb_faults(desk, library)


def _leftovers(items: Iterable[Item]) -> Iterator[Fault]:
    for item in items:
        if item.kind == "file" and item.path.endswith(LEFTOVER):
            yield leftover(item.path)


def _kb_faults(desk: Desk, library: Library) -> Iterator[Fault]:
    yield from _leftovers(items_below(desk.root, KB))
    for path in _article_paths(library):
        fault = article_name_fault(path)
        if fault is not None:
            yield fault
