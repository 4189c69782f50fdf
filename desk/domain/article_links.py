"""The links in an article's Markdown: to other articles, to headings, tickets and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote

from desk.domain import ids
from desk.domain.kb import article_path
from desk.domain.patterns import pattern
from desk.domain.words import folded

_TARGET = pattern(r"(?<!\\)\]\(\s*(?:<([^<>]*)>|([^\s()<>]+))")
_DEFINITION = pattern(r" {0,3}\[[^\[\]]+\]:\s*(?:<([^<>]*)>|(\S+))")
_FENCE = pattern(r" {0,3}(`{3,}|~{3,})")
_HEADING = pattern(r" {0,3}#{1,6}(?:\s+(.*?))?(?:\s+#+)?\s*")
_ELSEWHERE = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\Z")
"""Addresses and paths from the root of a site: where they lead is not for us to say."""


class Link(NamedTuple):
    """What a link leads to, as it is written, and the line of the text (from 0)."""

    target: str
    line: int


class Target(NamedTuple):
    """A link from an article, made out: `path` is from the workspace (empty: this same article),
    or `ticket` is an ID; `anchor` is the heading's."""

    path: str = ""
    ticket: str = ""
    anchor: str = ""


def links_in(text: str) -> Iterator[Link]:
    """Yield the links of a Markdown text that are relative; not those in code."""
    for number, line in _prose(text):
        pieces = re.split("`+", line)
        if len(pieces) > 2:  # what stands between two runs of backticks is code
            line = " ".join(pieces[::2])
        found = [*_TARGET.finditer(line)]
        if definition := _DEFINITION.match(line):
            found.append(definition)
        for match in found:
            target = match[1] or match[2] or ""
            if not _ELSEWHERE.match(target):
                yield Link(target, number)


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside of fenced code, with their numbers from 0."""
    fence = ""
    for number, line in enumerate(text.split("\n")):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield number, line


def anchors_of(text: str) -> frozenset[str]:
    """Return the anchors of a text's headings, as forges make them: `## What to do` is
    `what-to-do`, a second one `what-to-do-1`."""
    anchors: dict[str, int] = {}
    for _, line in _prose(text):
        heading = _HEADING.fullmatch(line)
        if heading is None:
            continue
        words = re.sub(r"[^\w\- ]", "", folded(heading[1] or "")).strip().replace(" ", "-")
        count = anchors.get(words, 0)
        anchors[words] = count + 1
        if count:
            anchors.setdefault(f"{words}-{count}", 1)
    return frozenset(anchors)


def made_out(target: str, has_file: Callable[[str], bool]) -> Target | None:
    """Return where a relative link from an article leads; None where that is outside of the help
    desk. `kb/...` and `tickets/...` are read from the workspace where that file is there."""
    place, _, anchor = target.partition("#")
    place = unquote(place.partition("?")[0])
    if not place:
        return Target(anchor=unquote(anchor))
    if ids.is_id(place.upper()):
        return Target(ticket=place.upper())
    path = normpath(place)
    if not (path.startswith(("kb/", "tickets/")) and has_file(path)):
        path = normpath(f"kb/{place}")
    if path == ".." or path.startswith("../"):
        return None
    return Target(path, anchor=unquote(anchor))


def slug_at(path: str, slugs: frozenset[str]) -> str:
    """Return the slug of the article at a path, "" where there is none."""
    slug = path.rpartition("/")[2].removesuffix(".md")
    return slug if slug in slugs and article_path(slug) == path else ""
