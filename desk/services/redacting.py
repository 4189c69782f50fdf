"""Taking a secret out of a ticket: its text goes, what happened stays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from desk.domain.redaction import REDACTED, name_of, without_text
from desk.domain.ticket import Change
from desk.domain.workflow import Act, perform
from desk.errors import Refused
from desk.services.acting import Outcome
from desk.services.desk import Desk
from desk.services.opening import entry_number
from desk.services.saving import Save, save, take_up_hand_edits

_KEPT_COPIES = ("refused", "staged", "edits")
_MOST_READ = 20_000_000


class Redaction(NamedTuple):
    """What was done; files of ours that still have one of the texts."""

    outcome: Outcome
    copies: tuple[Path, ...] = ()


def redact(desk: Desk, given: str, entry: str, reason: str) -> Redaction:
    """Take the text out of an entry, named by its number or instant, and say so in the log.

    Refused for an entry without a text. One that is redacted already is left as it is.
    """
    with desk.writing():
        filed = desk.store.find(given)
        desk.require("redact", filed.ticket)
        filed = take_up_hand_edits(desk, [filed])[0]
        ticket = filed.ticket
        number = entry_number(ticket, entry)
        chosen = ticket.log[number - 1]
        if chosen.text == REDACTED:
            return Redaction(Outcome(unchanged=(ticket.id,)))
        if not chosen.text:
            raise Refused(
                f"entry {number} of {ticket.id} has no text to take out",
                "a field is changed with `desk edit`, an attachment removed with `git rm`",
            )
        name = name_of(chosen)
        removed = {each.text for each in ticket.log if each.text and name_of(each) == name}
        act = Act("redacted", (Change("entry", "=", name),), reason)
        after = perform(without_text(ticket, name), act, desk.now, desk.actor.sign, desk.settings)
        saves = (Save(filed.path, after, filed),)
        save(desk, "redact", saves)
        if desk.dry_run:
            return Redaction(Outcome(saves))
        folder = desk.repository.git_dir / "desk"
        (folder / "index.sqlite").unlink(missing_ok=True)  # its free pages may hold the text
        return Redaction(Outcome(saves), tuple(_copies(folder, removed - {REDACTED})))


def _copies(folder: Path, texts: Iterable[str]) -> Iterable[Path]:
    """Yield the copies, kept of what could not be committed, that have one of these texts."""
    wanted = [text.encode() for text in texts]
    for kind in _KEPT_COPIES:
        for path in sorted((folder / kind).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_READ:
                data = path.read_bytes()
                if any(text in data for text in wanted):
                    yield path
