"""The help desk as a commit has it: its tickets and its config.yaml, at its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desk.domain.texts import visible
from desk.errors import NotFound, WorkspaceError
from desk.services.desk import Desk
from desk.storage.config_file import load_settings
from desk.storage.revisions import Dated, commit_called, is_ref, last_commit_by
from desk.storage.root import CONFIG, looks_like_workspace


def desk_at(desk: Desk, given: str, when: datetime | None = None) -> Desk:
    """Return the help desk as it was at a commit, or at a date (`when`, if what is given is one):
    then that of the last commit of HEAD's branch at or before it.

    It is read as of the instant that `desk` is (`is_past`), else as of the commit's own time, or
    the date. A branch or a tag comes before a date of the same name. NotFound; WorkspaceError.
    """
    commit, at = _commit(desk, given, when)
    config = desk.repository.contents_at(commit.name, [CONFIG]).get(CONFIG)
    shown = visible(given)
    if config is None or not looks_like_workspace(config):
        where = f" in {desk.repository.prefix}" if desk.repository.prefix else ""
        raise NotFound(f"there was no help desk yet{where} at `{shown}`", "name a later commit")
    settings, problems = load_settings(config, CONFIG)
    if settings is None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise WorkspaceError(
            f"config.yaml had {count} at `{shown}`", "name another commit", problems
        )
    return replace(
        desk,
        settings=settings,
        config=config,
        commit=commit.name,
        now=desk.now if desk.is_past else at,
        is_past=True,
    )


def _commit(desk: Desk, given: str, when: datetime | None) -> tuple[Dated, datetime]:
    """Return the commit that is meant, and the instant."""
    if when is not None and not is_ref(desk.repository, given):
        return last_commit_by(desk.repository, when), when
    commit = commit_called(desk.repository, given)
    return commit, commit.at
