"""config.yaml through the history: who was what, before each commit."""

from __future__ import annotations

from collections.abc import Iterator

from desk.domain.audit.deeds import Deed, Objection
from desk.domain.audit.merges import is_taken
from desk.domain.settings import Settings
from desk.storage.commit_walk import CommitWalk, WalkedCommit
from desk.storage.config_file import load_settings
from desk.storage.root import CONFIG


class SettingsHistory:
    """Knows config.yaml at every commit of the walk.

    A commit is judged by the config.yaml of its parent; the first one that there is, by its own.
    One that does not check is passed over, and the last good one stays in force. A second
    beginning, without a parent that has one, is judged by the first: else anybody could bring
    along a help desk of which they are the administrator. `first` is the one that a server has.
    """

    def __init__(self, walk: CommitWalk, first: str = "", fallback: str = "") -> None:
        self._walk = walk
        self._at: dict[str, str] = {}
        self._loaded: dict[str, tuple[Settings | None, str]] = {"": (None, "")}
        self._instead: dict[str, Settings] = {}
        self._first = self._good(first)
        self._fallback = fallback

    def before(self, commit: WalkedCommit) -> Settings | None:
        """Return the settings that a commit is judged by."""
        before = self._inherited(commit) or self._first
        if before is None:
            before = self._good(self._name_at(commit)) or self._good(self._fallback)
        return before

    def _inherited(self, commit: WalkedCommit) -> Settings | None:
        found = (self._good(self._name_of(parent)) for parent in commit.parents)
        return next((settings for settings in found if settings is not None), None)

    def objections(self, commit: WalkedCommit, deed: Deed) -> Iterator[Objection]:
        """Note what a commit made of config.yaml, and yield what is against it."""
        name = self.note(commit)
        parents = [self._name_of(parent) for parent in commit.parents]
        if name not in parents and name:
            settings, wrong = self._load(name)
            if settings is None:
                self._instead[name] = deed.settings
                yield Objection("settings", f"config.yaml does not check: {wrong}")
        if name in parents and len(set(parents)) == 1:
            return
        is_changed = any(change.path == CONFIG for side in commit.changes for change in side)
        if is_changed and self._is_judged(commit):
            if not name:
                yield Objection("settings", "config.yaml was deleted")
            if not self._may_change(commit, deed, parents, name):
                yield Objection("role", f"{deed.who} may not change config.yaml")
        if self._first is None:
            self._first = self._good(name)

    def note(self, commit: WalkedCommit) -> str:
        """Keep in mind which config.yaml a commit has; return the name of its content."""
        name = self._at[commit.name] = self._name_at(commit)
        return name

    def _is_judged(self, commit: WalkedCommit) -> bool:
        return (self._inherited(commit) or self._first) is not None

    def _may_change(self, commit: WalkedCommit, deed: Deed, parents: list[str], name: str) -> bool:
        if len(parents) < 2:
            return deed.may(["config"])
        rulers = [settings for parent in parents if (settings := self._good(parent))]
        if all(_may_config(deed, settings) for settings in rulers):
            return True

        def bases() -> list[str]:
            found = self._walk.repository.merge_bases(commit.parents)
            return [self._name_of(base) for base in found] or [""]

        if is_taken(parents, name, bases):
            return True
        return self._is_clean_merge(parents, name, bases())

    def _is_clean_merge(self, parents: list[str], name: str, bases: list[str]) -> bool:
        """Tell whether Git makes the same of the two versions by itself."""
        contents = [self._walk.content(each) for each in (parents[0], bases[0], parents[1], name)]
        ours, base, theirs, merged = contents
        if len(parents) > 2 or ours is None or base is None or theirs is None:
            return False
        return self._walk.repository.merged_lines(ours, base, theirs) == merged

    def _name_at(self, commit: WalkedCommit) -> str:
        """Return the name of a commit's own config.yaml, "" where it has none."""
        for change in commit.changes[0]:
            if change.path == CONFIG:
                return change.after if change.is_file else ""
        return self._name_of(commit.parents[0]) if commit.parents else ""

    def _name_of(self, commit: str) -> str:
        if commit not in self._at:
            self._at[commit] = self._walk.content_at(commit, CONFIG)[0]
        return self._at[commit]

    def _good(self, name: str) -> Settings | None:
        return self._load(name)[0] or self._instead.get(name)

    def _load(self, name: str) -> tuple[Settings | None, str]:
        if name not in self._loaded:
            data = self._walk.content(name)
            settings, problems = load_settings(data) if data is not None else (None, ())
            self._loaded[name] = (settings, problems[0].message if problems else "")
        return self._loaded[name]


def _may_config(deed: Deed, settings: Settings) -> bool:
    email = deed.actor.email
    person = settings.person(email) if "@" in email else None
    actor = deed.actor._replace(person=person)
    return deed._replace(actor=actor, settings=settings).may(["config"])
