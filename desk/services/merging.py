"""Two commits merged into a third, tickets entry by entry, while the work tree stays as it is."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote
from typing import NamedTuple

from desk.domain.attachments import is_attachment_path
from desk.errors import Conflict, Diagnostic
from desk.services.joining import Lookup, Renaming, both_kept, is_ticket_path, join_tickets
from desk.storage.merging_trees import (
    FILE,
    Rest,
    differences,
    merge_bases,
    merge_rest,
    tree_with,
    write_blobs,
)
from desk.storage.repository import Repository
from desk.storage.versions import contents_of

_DEEPEST = 40
"""So many times the common ancestors of common ancestors are looked for."""


class Merge(NamedTuple):
    """A merge: its tree, and the tickets that got an ID of their own."""

    tree: str
    renamings: tuple[Renaming, ...]


class CannotMerge(Conflict):
    """Files that only people can settle were changed on both sides."""

    def __init__(self, why: Mapping[str, str], remote: str, branch: str) -> None:
        count = "a file was" if len(why) == 1 else f"{len(why)} files were"
        super().__init__(
            f"{count} changed both here and there, and nothing was touched",
            f"run `git pull --no-rebase {quote(remote)} {quote(branch)}`, then `desk mend`; settle "
            "what is named above, `git add` it, `git commit`, and run `desk sync` again",
            [f"{path}: {what}" for path, what in sorted(why.items())],
        )


class _Names(NamedTuple):
    """The object names of a ticket's versions: "" for none, None for a base that has to be merged
    first."""

    base: str | None
    ours: str
    theirs: str


@dataclass
class Ancestors:
    """What the common ancestors of two commits have: where there are several that differ, what
    merging them gives."""

    repository: Repository
    _bases: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def contents(
        self, paths: Sequence[str], commits: Sequence[str], depth: int = 0
    ) -> dict[str, bytes]:
        """Return what is taken for the base of these paths."""
        if not commits or not paths or depth > _DEEPEST:
            return {}
        first, *rest = sorted(commits)
        known = self.repository.contents_at(first, paths)
        seen = [first]
        for commit in rest:
            there = self.repository.contents_at(commit, paths)
            unlike = [path for path in paths if known.get(path) != there.get(path)]
            if unlike:
                base = self.contents(unlike, self._bases_of(commit, seen), depth + 1)
                joined = join_tickets(unlike, base.get, known.get, there.get)
                for path in joined.left:
                    known.pop(path, None)
                for path, data in joined.files.items():
                    if data is None:
                        known.pop(path, None)
                    else:
                        known[path] = data
            seen.append(commit)
        return known

    def _bases_of(self, commit: str, others: Sequence[str]) -> tuple[str, ...]:
        key = (commit, *others)
        if key not in self._bases:
            self._bases[key] = tuple(merge_bases(self.repository, commit, others))
        return self._bases[key]


def merge_commits(
    repository: Repository, ours: str, theirs: str, bases: Sequence[str], place: tuple[str, str]
) -> Merge:
    """Merge two commits; CannotMerge where articles, config.yaml or anything else but tickets was
    changed on both sides in the same lines (`place`: what to call the other side in a `git pull`).
    """
    both = _changed_on_both(repository, ours, theirs, bases)
    found = contents_of(repository, [name for each in both.values() for name in each if name])
    unsettled = [path for path, each in both.items() if each.base is None]
    base = Ancestors(repository).contents(unsettled, bases)
    base |= {path: found[each.base] for path, each in both.items() if each.base}
    joined = join_tickets(
        both,
        base.get,
        _lookup(repository, ours, {path: found.get(each.ours) for path, each in both.items()}),
        _lookup(repository, theirs, {path: found.get(each.theirs) for path, each in both.items()}),
    )
    rest = merge_rest(repository, ours, theirs)
    files, why = _attachments(repository, rest, both)
    why |= {path: _said(problems) for path, problems in joined.left.items()}
    if why:
        raise CannotMerge(why, *place)
    kept = {path: data for path, data in joined.files.items() if data is not None}
    names = write_blobs(repository, list(kept.values()))
    prefix = repository.prefix
    overlay: dict[str, tuple[str, str] | None] = dict(files)
    overlay |= {f"{prefix}{path}": None for path in joined.files}
    overlay |= {f"{prefix}{path}": (FILE, name) for path, name in zip(kept, names, strict=True)}
    return Merge(tree_with(repository, rest.tree, overlay), tuple(joined.renamings))


def _changed_on_both(
    repository: Repository, ours: str, theirs: str, bases: Sequence[str]
) -> dict[str, _Names]:
    """Return the tickets that neither side has as the common ancestor has them."""
    # Asking what the ancestors have path by path would take git much longer.
    changed = [
        {each.path: each.name for each in differences(repository, base, ours, "tickets")}
        for base in bases
    ]
    found = {}
    for each in differences(repository, ours, theirs, "tickets"):
        if not (is_ticket_path(each.path) and each.is_plain):
            continue
        before = {names.get(each.path, each.name) for names in changed}
        if len(before) > 1:
            found[each.path] = _Names(None, each.name, each.other_name)
        elif not before & {each.name, each.other_name}:
            found[each.path] = _Names(before.pop(), each.name, each.other_name)
    return found


def _lookup(repository: Repository, commit: str, known: Mapping[str, bytes | None]) -> Lookup:
    """Return what a commit has at any path; most that is asked is `known`."""

    def at(path: str) -> bytes | None:
        if path in known:
            return known[path]
        return repository.contents_at(commit, [path]).get(path)

    return at


def _attachments(
    repository: Repository, rest: Rest, tickets: Container[str]
) -> tuple[dict[str, tuple[str, str] | None], dict[str, str]]:
    """Return what becomes of attachments that were changed on both sides, by path from the top,
    and of all other files that were, why they cannot be merged."""
    files: dict[str, tuple[str, str] | None] = {}
    why: dict[str, str] = {}
    prefix = repository.prefix
    for path, stages in rest.conflicts.items():
        inside = path.removeprefix(prefix) if path.startswith(prefix) else ""
        is_plain = all(mode in (FILE, "100755") for mode, _ in stages.values())
        if inside in tickets and is_plain:
            continue
        if inside and is_plain and is_attachment_path(inside):
            names = [stages[stage][1] if stage in stages else "" for stage in (2, 3)]
            for place, name in both_kept(path, *names).items():
                files[place] = (FILE, name)
        else:
            why[inside or path] = "changed in the same lines, or removed on one side"
    return files, why


def _said(problems: Sequence[Diagnostic]) -> str:
    return "; ".join(str(problem) for problem in problems)
