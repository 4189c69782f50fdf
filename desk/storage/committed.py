"""The tickets and articles of a commit, read from Git alone: the work tree is left as it is.

One git lists the files, another reads them, some at a time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from desk.domain.patterns import pattern
from desk.domain.texts import MAX_TICKET_BYTES
from desk.errors import Diagnostic, OutsideError
from desk.storage.files import TOP
from desk.storage.git_program import Conversation
from desk.storage.kb_file import FOLDER, FiledArticle, Library, parse_article, stray_article
from desk.storage.repository import Repository
from desk.storage.ticket_file import too_large
from desk.storage.ticket_store import problem_of

_ENTRY = pattern(rb"(\d+) (\w+) ([0-9a-f]+)\t(.*)", re.DOTALL)
_AT_A_TIME = 60
"""So many objects are asked for in one go: few enough for a pipe to hold the question, even one of
a page, which is what who has very many pipes gets, so that neither side waits for the other to
read."""
_CHUNK = 1 << 16


class CommittedFile(NamedTuple):
    """A file: its path from the workspace, and the name of its content."""

    path: str
    name: str


class Listing(NamedTuple):
    """The files of all tickets, by path; and what is wrong with other files that are there."""

    files: list[CommittedFile]
    problems: list[Diagnostic]


def tickets_at(repository: Repository, commit: str) -> Listing:
    """List the tickets that a commit has; the rules are those of `desk.storage.files`."""
    listed = Listing([], [])
    for path, name, is_link in _files(repository, commit, TOP):
        kind = _kind_of(path, is_link)
        if kind == "ticket":
            listed.files.append(CommittedFile(path, name))
        elif kind:
            listed.problems.append(problem_of(kind, path))
    return listed


def library_at(repository: Repository, commit: str) -> Library:
    """Read the articles that a commit has; the rules are those of `read_library`."""
    files, problems = [], []
    for path, name, is_link in _files(repository, commit, FOLDER):
        parts = path.split("/")[1:]
        if path != FOLDER and not (
            path.endswith(".md") and not any(part.startswith(".") for part in parts)
        ):
            continue
        if is_link:
            problems.append(stray_article("link", path))
        elif len(parts) != 1:
            problems.append(stray_article("stray", path))
        else:
            files.append(CommittedFile(path, name))
    articles = []
    for file, data in contents(repository, files):
        if isinstance(data, Diagnostic):
            problems.append(data)
            continue
        article, wrong = parse_article(data, file.path)
        articles += [FiledArticle(file.path, article, data)] if article else []
        problems += wrong
    return Library(tuple(articles), tuple(sorted(problems, key=lambda each: each.path)))


def _files(repository: Repository, commit: str, folder: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the path and the name of the content of each file below a folder, and whether it is a
    symbolic link."""
    out = repository.run("ls-tree", "-r", "-z", commit, "--", folder)
    if out:
        _fetch_lacking(repository, commit, folder)
    for line in out.split(b"\0")[:-1]:
        found = _ENTRY.fullmatch(line)
        if found is not None and found[2] == b"blob":  # anything else is a submodule
            yield os.fsdecode(found[4]), found[3].decode(), found[1] == b"120000"


def _kind_of(path: str, is_link: bool) -> str:
    """Return what a file is by where it lies: `ticket`, `link`, `stray`, or "" for nothing of
    ours."""
    *folders, name = path.split("/")
    depth = len(folders)
    is_hidden = any(part.startswith(".") for part in folders[1:])
    is_markdown = name.endswith(".md") and not name.startswith(".")
    if is_hidden or depth > 3:
        return ""
    if is_link:
        return "link" if is_markdown or depth < 3 else ""
    return ("ticket" if depth == 3 else "stray") if is_markdown else ""


def contents(
    repository: Repository, files: Sequence[CommittedFile]
) -> Iterator[tuple[CommittedFile, bytes | Diagnostic]]:
    """Yield each file with its content, or with what is wrong where it is too large for a ticket.
    OutsideError where the repository has lost it."""
    if not files:
        return
    with repository.talking("cat-file", "--batch") as talk:
        waiting = iter(files)
        while some := list(islice(waiting, _AT_A_TIME)):
            talk.ask.write("".join(f"{each.name}\n" for each in some).encode())
            talk.ask.flush()
            for each in some:
                yield each, _content(talk, each)


def _content(talk: Conversation, file: CommittedFile) -> bytes | Diagnostic:
    head = talk.answer.readline().split()
    if len(head) != 3:
        raise OutsideError(
            f"the repository lacks the content of {file.path}",
            "`git fsck` tells whether the repository is whole",
        )
    size = int(head[2])
    if size <= MAX_TICKET_BYTES:
        return talk.answer.read(size + 1)[:-1]
    left = size + 1
    while left > 0 and (piece := talk.answer.read(min(left, _CHUNK))):
        left -= len(piece)
    return too_large(file.path, size)


def _fetch_lacking(repository: Repository, commit: str, folder: str) -> None:
    """Get what a partial clone lacks of a commit's folder, all in one go: git by itself would ask
    for each alone."""
    asked = ("config", "--name-only", "--get-regexp", r"^remote\..*\.promisor$")
    told = repository.start(asked).stdout.decode(errors="surrogateescape").split("\n")
    remote = told[0].removeprefix("remote.").removesuffix(".promisor")
    if not remote or remote.startswith("-"):
        return
    tree = f"{commit}:{repository.prefix}{folder}"
    listing = ("rev-list", "--objects", "--no-object-names", "--missing=print", tree, "--")
    out = repository.run(*listing)
    lacking = b"".join(line[1:] + b"\n" for line in out.splitlines() if line.startswith(b"?"))
    if lacking:
        repository.run(
            *("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", remote, "--no-tags"),
            *("--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "--stdin"),
            stdin=lacking,
        )
