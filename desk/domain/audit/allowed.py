"""Which commands can have written an entry, and whether its author may run one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from desk.domain.audit.deeds import Deed, Objection
from desk.domain.fields import ENTRY_KEYS, VERBS
from desk.domain.texts import visible
from desk.domain.ticket import Entry, Ticket

_ANY = frozenset({"*"})
_ENDING = frozenset({"status", "resolution", "until"})
_RUNG = frozenset({"level", "team", "assignee"})


class Pen(NamedTuple):
    """What a command writes: the verbs of its entries, the fields that these may change, and the
    statuses that they may lead to."""

    verbs: tuple[str, ...]
    keys: frozenset[str] = frozenset()
    statuses: tuple[str, ...] = ()


_OPENING = Pen(("changed",), frozenset({"status", "until"}), ("open",))
_ENDED = ("changed", "replied")

PENS = {
    "new": Pen(("opened",), _ANY),
    "split": Pen(("opened", "changed"), frozenset({"links"})),
    "reply": Pen(("wrote", "replied"), frozenset({"status", "resolution", "until"}), ("open",)),
    "note": Pen(("noted",)),
    "attach": Pen(("noted",)),
    "edit": Pen(("changed", "described", "noted"), _ANY),
    "watch": Pen(("changed",), frozenset({"watchers"})),
    "take": Pen(("changed",), frozenset({"status", "until", "assignee"}), ("open",)),
    "assign": Pen(("changed",), frozenset({"assignee", "team"})),
    "start": _OPENING,
    "resume": _OPENING,
    "wait": Pen(("changed",), frozenset({"status", "until"}), ("waiting",)),
    "hold": Pen(("changed",), frozenset({"status", "until"}), ("hold",)),
    "resolve": Pen(_ENDED, _ENDING, ("resolved",)),
    "close": Pen(_ENDED, _ENDING, ("closed",)),
    "cancel": Pen(("changed",), _ENDING, ("closed",)),
    "reopen": Pen(("changed",), _ENDING, ("open",)),
    "escalate": Pen(("escalated",), _RUNG),
    "deescalate": Pen(("changed",), _RUNG),
    "tag": Pen(("changed",), frozenset({"tags"})),
    "link": Pen(("changed",), frozenset({"links"})),
    "merge": Pen(("changed",), _ENDING | {"links"}, ("closed",)),
    "kb link": Pen(("changed",), frozenset({"kb"})),
    "kb new": Pen(("changed",), frozenset({"kb"})),
    "worked": Pen(("worked",)),
    "rate": Pen(("rated",)),
    "redact": Pen(("redacted",)),
}
"""What each command of the workflow writes; `undo` and `lint` write what they take back or mend,
and are known by their commits."""

_PENS_OF = {
    verb: tuple((name, pen) for name, pen in PENS.items() if verb in pen.verbs) for verb in VERBS
}

_BY_COMMIT = {"undo": ("changed", "described", "worked", "rated"), "lint": ("changed",)}


def writers_of(entry: Entry, deed: Deed, is_new: bool = False) -> list[str]:
    """Return the commands that can have written an entry of this author's, on a new ticket or on
    one that was there; the likeliest first."""
    pens = _PENS_OF.get(entry.verb, ())
    found = [name for name, pen in pens if _can_write(name, pen, entry, deed)]
    if entry.verb == "noted" and is_new:
        found.append("new")  # it tells of the attachments that the ticket came with
    if entry.verb in _BY_COMMIT.get(deed.verb, ()):
        found.append(deed.verb)
    return sorted(found, key=lambda name: name in ("edit", "split"))


def _can_write(name: str, pen: Pen, entry: Entry, deed: Deed) -> bool:
    own = ENTRY_KEYS.get(entry.verb)
    keys = {change.key.partition(".")[0] for change in entry.changes} - {own}
    status = entry.change_of("status")
    match name:
        case "new":
            return True
        case "split" if entry.verb == "opened":
            return not entry.change_of("assignee")
        case "reply" if entry.verb == "replied":
            return keys <= pen.keys and status in (None, "waiting") and deed.actor.is_agent
        case "take" if "assignee" in keys:
            assignee = entry.change_of("assignee")
            if deed.actor.person is None or assignee != deed.actor.person.handle:
                return False
        case "reopen" | "merge" if status is None and "links" not in keys:
            return False
    if pen.keys is _ANY:
        return True
    return keys <= pen.keys and (status is None or status in pen.statuses)


def role_objections(
    entries: Iterable[Entry], deed: Deed, before: Ticket | None, after: Ticket
) -> Iterator[Objection]:
    """Yield an objection to each added entry that the author's role may not write. What others than
    agents do to a ticket that was there, it must be theirs for."""
    for entry in entries:
        commands = writers_of(entry, deed, before is None)
        wanted = [(commands, before)]
        if before is None:
            wanted = [([name for name in commands if name != "new"], after)]
        is_allowed = any(deed.may(names, ticket) for names, ticket in wanted)
        if not is_allowed and before is None and "new" in commands:
            is_allowed = deed.may(["new"])
        if not is_allowed:
            what = f"`{commands[0]}`" if commands else "write that"
            yield Objection("role", _message(deed, what, entry), entry)
        elif entry.verb == "opened" and entry.change_of("assignee") and not deed.may(["assign"]):
            yield Objection("role", _message(deed, "`assign`", entry), entry)


def _message(deed: Deed, what: str, entry: Entry) -> str:
    return f"{deed.who} may not {what} here: `{shown(entry)}`"


_LONGEST = 200


def shown(entry: Entry) -> str:
    """Return an entry's heading as a sentence repeats it: escaped, and not too long."""
    heading = visible(entry.heading)
    return heading if len(heading) <= _LONGEST else f"{heading[:_LONGEST]}..."
