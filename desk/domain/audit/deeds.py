"""A commit as an audit sees it, what its author may do, and what there is to say against it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from desk.domain.audit.codes import CODE
from desk.domain.findings import Finding, Severity
from desk.domain.people import Actor
from desk.domain.settings import Settings
from desk.domain.ticket import Entry, Ticket


class Deed(NamedTuple):
    """One commit: its author, by the people of config.yaml as it was before (`settings`), its two
    dates (UTC; None where it does not say), its subject, and the command of ours that made it."""

    actor: Actor
    settings: Settings
    authored_at: datetime | None = None
    committed_at: datetime | None = None
    verb: str = ""
    subject: str = ""

    @property
    def who(self) -> str:
        """The author, and what they are here: `luis (agent)`."""
        person = self.actor.person
        if person is None:
            return f"{self.actor.email} (not in `people`)"
        return f"{person.handle} ({person.role if person.active else 'marked as having left'})"

    @property
    def is_revert(self) -> bool:
        """Whether `git revert` made it, by its subject."""
        return self.subject.startswith(('Revert "', 'Reapply "'))

    def may(self, commands: Iterable[str], ticket: Ticket | None = None) -> bool:
        """Tell whether the author may run one of these commands, on this ticket (None: the command
        is about none)."""
        person = self.actor.person
        if person is not None and not person.active:
            return False
        is_others = ticket is not None and not self.actor.asked_for(ticket.requester)
        if is_others and not self.actor.is_agent:
            return False
        return any(self.settings.may(person, command) for command in commands)


class Objection(NamedTuple):
    """Something against what a commit did to one file; `entry` is the entry that it is about."""

    code: str
    message: str
    entry: Entry | None = None


class AuditFinding(NamedTuple):
    """Something that an audit names. `path` is from the workspace ("." for the whole repository),
    `line` that of the entry in the file after the commit (0: none), `author` who the commit says
    made it; `ticket` and `entry` (a heading) are empty where it is about none."""

    code: str
    path: str
    line: int
    message: str
    commit: str = ""
    author: str = ""
    ticket: str = ""
    entry: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is, as the table has it."""
        return CODE[self.code].severity

    @property
    def as_finding(self) -> Finding:
        """Return it as any check's finding, with the commit and its author in the message."""
        where = f"{self.commit[:12]} by {self.author}: " if self.commit else ""
        message = f"{where}{self.message}"
        return Finding(self.code, self.severity, self.path, self.line, 0, message)
