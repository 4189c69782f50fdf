"""The files that two commits have otherwise, taken from the one to the other, in the work tree and
in the index: each whole at any instant, and none that a person has changed."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Container, Sequence
from functools import cached_property
from pathlib import Path

from desk.storage.arrivals import (
    attributes_on_the_way,
    in_order,
    make_ready,
    put,
    remove_empty_folders,
    sync_folders_of,
)
from desk.storage.commits import PRIVATE_INDEX
from desk.storage.files import read_plain
from desk.storage.git_program import nul_ended
from desk.storage.merging_trees import Difference, scratch_folder
from desk.storage.repository import Repository
from desk.storage.standing import (
    FOLDER,
    Standing,
    for_git,
    index_entries,
    is_staged,
    look,
    standings,
)

_MOST_BYTES = 200_000_000


class Changeover(contextlib.ExitStack):
    """All that is to be known of the files that two commits have otherwise; the caller has locked
    the index.

    Where it `has_begun`, files may be as the new commit made them with attributes of its own, and
    git may have written a part of those that it writes itself. Leaving it clears away what was
    made ready.
    """

    def __init__(
        self,
        top: Repository,
        old: str,
        new: str,
        changed: Sequence[Difference],
        has_begun: bool = False,
    ) -> None:
        super().__init__()
        self.top, self.old, self.new = top, old, new
        self.changed = in_order(changed)
        self.index = index_entries(top)
        self.for_git = for_git(top, changed, self.index)
        self.standings = standings(top, changed)
        for path in self.for_git:
            if self.standings[path].seen == FOLDER:  # which is to become a file
                self.standings[path] = Standing("old", FOLDER)
        self._has_begun = has_begun
        self._half_written: set[str] = set()

    def __enter__(self) -> Changeover:
        super().__enter__()
        if self._has_begun:
            self._look_closer()
        return self

    @cached_property
    def ready(self) -> Path:
        """Where the new versions of files lie, whole, outside of the work tree. OutsideError where
        git cannot make them."""
        return self._made(self.old, self.new)

    def _made(self, old: str, new: str) -> Path:
        folder = self.enter_context(scratch_folder(self.top))
        attributes = attributes_on_the_way(self.top, self.changed)
        untracked = [path for path in attributes if path not in self.index]
        return make_ready(self.top, old, new, folder, untracked)

    def _look_closer(self) -> None:
        """Compare what git takes for neither version with what it writes for each."""
        doubtful = [each for each in self.changed if self.standings[each.path].state == "other"]
        if not doubtful:
            return
        before, length = self._made(self.new, self.old), len(self.old)
        for each in doubtful:
            seen = self.standings[each.path].seen
            if seen == look(f"{self.ready}/{each.path}", length):
                self.standings[each.path] = Standing("new", seen)
            elif seen == look(f"{before}/{each.path}", length):
                self.standings[each.path] = Standing("old", seen)
            elif each.path in self.for_git and self._is_part(each.path):
                self.standings[each.path] = Standing("old", seen)
                self._half_written.add(each.path)

    def _is_part(self, path: str) -> bool:
        try:
            whole = read_plain(f"{self.ready}/{path}", _MOST_BYTES)
            return whole.startswith(read_plain(f"{self.top.folder}/{path}", _MOST_BYTES))
        except OSError:
            return False

    def in_the_way(self, dirty: Container[str] = ()) -> list[str]:
        """Return the paths that a person has changed, on disk or in the index: the `dirty` ones
        too that have the old commit's contents, and so another mode."""
        return sorted(
            each.path
            for each in self.changed
            if self.standings[each.path].state == "other"
            or is_staged(each, self.index)
            or (each.path in dirty and self._is_old_file(each.path))
        )

    def _is_old_file(self, path: str) -> bool:
        state, seen = self.standings[path]
        return state == "old" and bool(seen)

    def as_new(self) -> list[str]:
        """Return the paths that the work tree has as the new commit."""
        return [path for path, found in self.standings.items() if found.state == "new"]

    def put_all(self, keep: Container[str] = ()) -> str:
        """Let the new versions take their places, but those of which git alone knows what becomes
        of them, and those to `keep`; return the path that somebody has changed under our hands,
        because of which the rest was left, else ""."""
        placed = []
        for each in self.changed:
            state, seen = self.standings[each.path]
            if state == "new" and not each.other_name:  # who was killed may have left its folder
                remove_empty_folders(self.top.folder, each.path)
            if state != "old" or each.path in keep or not self._is_ours(each):
                continue
            if not put(self.top, self.ready, each, seen, self.new):
                return each.path
            placed.append(each)
            self.standings[each.path] = Standing("new", "")
        sync_folders_of(self.top, placed)
        return ""

    def _is_ours(self, each: Difference) -> bool:
        """Tell whether a path is ours to write: not where a sparse checkout leaves it out."""
        if each.path in self.for_git:
            return each.path in self._half_written
        return not each.other_name or os.path.lexists(f"{self.ready}/{each.path}")

    def into_index(self, besides: Container[str] = ()) -> None:
        """Let the index have the new versions that the work tree has, and of some paths besides."""
        lines = [
            f"{each.other_mode or 0} {each.other_name or '0' * len(each.name)}\t{each.path}"
            for each in self.changed
            if (self.standings[each.path].state == "new" or each.path in besides)
            and not (each.path in self.index and self.index[each.path].is_skipped)
        ]
        if not lines:
            return
        index = self.top.git_dir / "index"
        private = self.top.git_dir / f"{PRIVATE_INDEX}{os.getpid()}"
        try:
            shutil.copyfile(index, private)
            self.top.run(
                *("update-index", "-z", "--index-info"),
                stdin=nul_ended(sorted(lines)),  # what goes comes before what takes its place
                extra={"GIT_INDEX_FILE": str(private)},
            )
            private.replace(index)
        finally:
            private.unlink(missing_ok=True)

    def backwards(self) -> Changeover:
        """Return the way back."""
        changed = [
            Difference(each.path, each.other_mode, each.mode, each.other_name, each.name)
            for each in self.changed
        ]
        return Changeover(self.top, self.new, self.old, changed, has_begun=True)
