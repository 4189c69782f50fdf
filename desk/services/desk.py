"""An opened help desk: what every use case works on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from desk.domain.people import Actor, active_handles, address_in
from desk.domain.settings import Settings
from desk.domain.ticket import Ticket
from desk.errors import Refused, WorkspaceError, did_you_mean
from desk.services.naming import NamedTickets
from desk.storage.config_file import read_settings
from desk.storage.lock import is_in_writers_hook, writer_lock
from desk.storage.repository import Identity, Repository
from desk.storage.root import find_git_dir, find_root
from desk.storage.ticket_store import TicketStore

if TYPE_CHECKING:
    from desk.services.service_levels import ServiceLevels
    from desk.storage.index import Index

USER_VARIABLE = "DESK_USER"


@dataclass(frozen=True, eq=False, repr=False)
class Desk:
    """A workspace, its settings, and how this command runs.

    `now` is the present (or DESK_NOW: then `is_dated`, and commits carry that date), or with
    `is_past` the instant at which tickets are read; `commits` is false where files are only
    written; with `dry_run` nothing is.
    """

    root: Path
    settings: Settings
    now: datetime
    is_dated: bool = False
    is_past: bool = False
    commits: bool = True
    dry_run: bool = False
    user: str = ""
    commit: str = ""
    """The commit whose tickets are read, and whose config.yaml the settings are; "" for the files
    as they are now."""
    config: bytes = b""
    """The bytes of config.yaml that the settings come from."""
    notices: list[str] = field(default_factory=list)
    """What the person should hear of beside the answer, in whole sentences."""
    tell: Callable[[str], None] = lambda sentence: None
    """Says something at once to a person who has to wait; to nobody where none does."""
    ahead: Repository | None = None
    """Where git looks for changes already: `desk.services.looking_ahead`."""
    held: list[Index] = field(default_factory=list)
    """The index that all answers come from while it is held: `desk.services.indexing.one_look`."""

    @cached_property
    def store(self) -> TicketStore:
        """The tickets."""
        return NamedTickets(self.root)

    @cached_property
    def repository(self) -> Repository:
        """The repository that the workspace lies in."""
        if self.ahead is not None and self.ahead.folder == self.root:
            return self.ahead
        return Repository(self.root)

    @cached_property
    def levels(self) -> ServiceLevels:
        """The promises: policies and calendars."""
        from desk.services.service_levels import ServiceLevels
        from desk.storage.holiday_cache import HolidayCache

        git_dir = find_git_dir(self.root)
        holidays = HolidayCache(git_dir / "desk" if git_dir else None)
        return ServiceLevels(self.settings, holidays.dates)

    @cached_property
    def known_actor(self) -> Actor | None:
        """Whoever runs the command, None where neither DESK_USER nor Git says."""
        if self.user:
            person = self.settings.person(self.user)
            if person is not None:
                return Actor(person.name, person.email, person)
            if address_in(self.user) == self.user.casefold():
                return Actor("", self.user)
            raise Refused(
                f"{USER_VARIABLE} says `{self.user}`, who is not in `people`",
                did_you_mean(self.user, active_handles(self.settings))
                or "set it to a handle or an address",
            )
        identity = self.repository.identity()
        if identity is None or not identity.email:
            return None
        return Actor(identity.name, identity.email, self.settings.person(identity.email))

    @property
    def actor(self) -> Actor:
        """Whoever runs the command; Refused where nobody says."""
        if self.known_actor is None:
            raise Refused(
                "nobody says who you are",
                f"set {USER_VARIABLE}, or user.name and user.email with `git config`",
            )
        if self.known_actor.person is not None and not self.known_actor.person.active:
            raise Refused(
                f"{self.known_actor.sign} is marked as having left in `people`",
                f"set {USER_VARIABLE} to somebody who is active",
            )
        return self.known_actor

    @property
    def author(self) -> Identity | None:
        """Who signs commits as their author, None for Git's own identity."""
        if not self.user or self.known_actor is None:
            return None
        actor = self.known_actor
        return Identity(actor.name or actor.email, actor.email)

    def require(self, command: str, ticket: Ticket | None = None) -> None:
        """Refuse a command that the acting person's role may not run, on this ticket."""
        actor = self.actor
        may = self.settings.may(actor.person, command)
        if may and ticket is not None and not actor.is_agent:
            may = actor.asked_for(ticket.requester)
        if may:
            return
        what = f"{command} {ticket.id}" if ticket is not None else f"run `desk {command}`"
        ask = _whom_to_ask(self.settings, command)
        if actor.person is None:
            raise Refused(
                f"{actor.email} is not in `people` and may not {what}",
                f"add them to `people` in config.yaml, {ask}, or set {USER_VARIABLE}",
            )
        raise Refused(
            f"{actor.sign} ({actor.person.role}) may not {what}",
            f"{ask}, see `people` and `permissions` in config.yaml, or set {USER_VARIABLE}",
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writers' lock, and first finish what a command that was killed had begun; a dry
        run needs no lock."""
        if self.dry_run:
            yield
            return
        folder = self.repository.common_dir / "desk"
        is_inside = is_in_writers_hook(folder)
        with writer_lock(folder):
            if not is_inside:
                from desk.services.committing import finish_stopped_command

                finish_stopped_command(self)
            yield


def _whom_to_ask(settings: Settings, command: str) -> str:
    """Say which roles may run a command: `ask a lead or an admin`."""
    roles = [role for role in settings.roles_for(command) if role != "requester"]
    if not roles:
        return "no role may"
    *others, last = [f"{'an' if role[0] in 'aeiou' else 'a'} {role}" for role in roles]
    return f"ask {', '.join(others)} or {last}" if others else f"ask {last}"


def open_desk(
    start: Path,
    now: datetime,
    is_dated: bool = False,
    commits: bool = True,
    dry_run: bool = False,
) -> Desk:
    """Find the workspace that `start` lies in and load its settings; WorkspaceError."""
    root = find_root(start)
    if find_git_dir(root) is None:
        raise WorkspaceError(
            f"{root} is not inside a Git work tree", "run `git init` there: Git keeps the history"
        )
    settings, config = read_settings(root)
    return Desk(
        root=root,
        settings=settings,
        now=now,
        is_dated=is_dated,
        commits=commits and settings.commit,
        dry_run=dry_run,
        config=config,
        user=os.environ.get(USER_VARIABLE, "").strip(),
    )
