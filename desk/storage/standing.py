"""How the work tree and the index have the files that two commits have otherwise."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from desk.storage.files import has_link
from desk.storage.merging_trees import Difference
from desk.storage.repository import Repository

_LINK, _MODULE = "120000", "160000"
FOLDER = "a folder"
_PIECE = 1 << 20
_SHA1 = 40

State = Literal["old", "new", "other"]


class Standing(NamedTuple):
    """How the work tree has a path: as the `old` commit, as the `new` one, or as neither (`other`),
    and what was `seen` there (`look`)."""

    state: State
    seen: str


class Entry(NamedTuple):
    """What the index has at a path."""

    mode: str
    name: str
    is_skipped: bool
    """Whether Git was told to leave it out of the work tree."""


def look(full_path: str, length: int) -> str:
    """Name what is at a place: the object name, of so many digits, that a file's bytes have as they
    are; `link:` and that of its target for a symbolic link; "" where there is nothing."""
    try:
        found = os.lstat(full_path)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISLNK(found.st_mode):
        target = os.fsencode(os.readlink(full_path))
        return f"link:{_named(length, len(target), [target])}"
    if not stat.S_ISREG(found.st_mode):
        return FOLDER if stat.S_ISDIR(found.st_mode) else "no file"
    handle = os.open(full_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        size = os.fstat(handle).st_size
        return _named(length, size, iter(lambda: os.read(handle, _PIECE), b""))
    finally:
        os.close(handle)


def _named(length: int, size: int, pieces: Iterable[bytes]) -> str:
    head = f"blob {size}\0".encode()
    make = hashlib.sha1 if length == _SHA1 else hashlib.sha256
    digest = make(head, usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def standings(top: Repository, changed: Sequence[Difference]) -> dict[str, Standing]:
    """Tell for each path how the work tree has it. What the clone's filters and line ends make of a
    version is that version. A file that is gone is as the old commit: git writes it again."""
    found = {}
    links: dict[str, bool] = {}
    going = {each.path for each in changed if each.mode == _LINK and not each.other_mode}
    for each in changed:
        folder = os.path.dirname(each.path)
        if folder not in links:
            links[folder] = bool(folder) and has_link(top.folder, folder)
        if links[folder] and any(str(above) in going for above in Path(each.path).parents):
            found[each.path] = Standing("old", "")  # git takes the link away first
        elif links[folder] and each.is_plain:
            found[each.path] = Standing("other", "behind a link")
        else:
            found[each.path] = _standing(top, each)
    doubtful = [each for each in changed if found[each.path].state == "other"]
    files = [each for each in doubtful if _is_name(found[each.path].seen) and "\n" not in each.path]
    for each, name in zip(files, _cleaned(top, files), strict=True):
        seen = found[each.path].seen
        if name in (each.name, each.other_name):
            found[each.path] = Standing("old" if name == each.name else "new", seen)
    return found


def _standing(top: Repository, each: Difference) -> Standing:
    seen = look(f"{top.folder}/{each.path}", len(each.name or each.other_name))
    if _MODULE in (each.mode, each.other_mode) or seen == _seen_as(each.mode, each.name):
        return Standing("old", seen)
    if seen == _seen_as(each.other_mode, each.other_name):
        return Standing("new", seen)
    return Standing("other" if seen and each.is_plain else "old", seen)


def _seen_as(mode: str, name: str) -> str:
    return f"link:{name}" if mode == _LINK else name


def _is_name(seen: str) -> bool:
    return bool(seen) and " " not in seen and ":" not in seen


def _cleaned(top: Repository, files: Sequence[Difference]) -> list[str]:
    """Return the object names that git would give to files if it took them up now."""
    if not files:
        return []
    asked = b"".join(os.fsencode(each.path) + b"\n" for each in files)
    return top.run("hash-object", "--stdin-paths", stdin=asked).decode().split()


def index_entries(top: Repository) -> dict[str, Entry]:
    """Return what the index has, by path from the top."""
    listed = top.run("ls-files", "-t", "--stage", "-z").decode(errors="surrogateescape")
    entries = {}
    for line in listed.split("\0")[:-1]:
        told, _, path = line.partition("\t")
        tag, mode, name, _ = told.split(" ")
        entries[path] = Entry(mode, name, tag == "S")
    return entries


def is_staged(each: Difference, entries: Mapping[str, Entry]) -> bool:
    """Tell whether the index has neither of a path's versions."""
    entry = entries.get(each.path)
    found = (entry.mode, entry.name) if entry else ("", "")
    return found not in ((each.mode, each.name), (each.other_mode, each.other_name))


def for_git(top: Repository, changed: Sequence[Difference], index: Mapping[str, Entry]) -> set[str]:
    """Return the paths of which git alone knows what becomes of them in the work tree: links and
    submodules, what a sparse checkout leaves out, files that become folders and the other way
    round, and names that the file system takes for one."""
    paths = {each.path for each in changed}
    gone = {each.path for each in changed if not each.other_name}
    found = {each.path for each in changed if not each.is_plain}
    found |= {path for path in paths if path in index and index[path].is_skipped}
    for path in paths:
        others = paths - gone if path in gone else gone
        above = {str(folder) for folder in Path(path).parents} & others
        if above:
            found |= {path, *above}
    folded = Counter(map(_folded, paths))
    alike = {path for path in paths if folded[_folded(path)] > 1}
    if alike and os.path.lexists(top.git_dir / "head"):
        found |= alike
    return found


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
