"""Who is who: the acting person, people named on the command line, and requesters."""

from __future__ import annotations

from typing import NamedTuple

from desk.domain.headings import is_who
from desk.domain.patterns import pattern
from desk.domain.settings import Person, Settings
from desk.domain.texts import STRANGE, one_line
from desk.errors import Refused, UnknownName

_ADDRESS = pattern(r"[^\s<>@\"=,;]+@[^\s<>@\"=,;]+")
_NAMED = pattern(r"\s*(.*?)\s*<([^<>]*)>\s*")


class Actor(NamedTuple):
    """Whoever runs the command: `person` where config.yaml has them, else only an address."""

    name: str
    email: str
    person: Person | None = None

    @property
    def sign(self) -> str:
        """What signs their entries: the handle, else the address."""
        return self.person.handle if self.person else self.requester_sign

    @property
    def requester_sign(self) -> str:
        """What signs what they say as a requester: the address."""
        return (self.person.email if self.person else self.email).lower()

    @property
    def signatures(self) -> frozenset[str]:
        """Everything that signs an entry of theirs: handle and addresses, in lower case."""
        return frozenset({self.sign.casefold(), self.requester_sign, self.email.casefold()})

    @property
    def is_agent(self) -> bool:
        """Whether what they say is an answer."""
        return self.person is not None and self.person.is_agent

    @property
    def address(self) -> str:
        """The person as a requester: `Name <address>`."""
        name = self.person.name if self.person else self.name
        email = self.person.email if self.person else self.email
        return f"{name} <{email}>" if name and not STRANGE.search(name) else email

    def asked_for(self, requester: str) -> bool:
        """Tell whether this requester is the acting person."""
        theirs = {self.email.casefold()}
        if self.person:
            theirs |= {self.person.email.casefold(), self.person.handle}
        return (address_in(requester) or requester.strip().casefold()) in theirs


def address_in(requester: str) -> str:
    """Return the e-mail address of `Name <address>` or of a bare one, in lower case, or ""; also
    for one that could not sign an entry."""
    named = _NAMED.fullmatch(requester)
    address = (named[2] if named else requester.strip()).casefold()
    return address if _ADDRESS.fullmatch(address) and is_who(address) else ""


def signature_of(requester: str) -> str:
    """Return who signs for a requester: their address, else `requester`."""
    return address_in(requester) or "requester"


def requester_named(given: str, settings: Settings, actor: Actor | None) -> str:
    """Return a requester as a ticket holds it: a handle (with an `@` before it or not), `@me` or
    an address of `people` becomes `Name <address>`; anything else stays as it was typed. Refused
    where it is empty."""
    try:
        text = one_line(given)
    except ValueError as error:
        raise Refused(f"`{given!r}` cannot be a requester: {error}") from None
    if not text:
        raise Refused("the requester is empty", "give a name, an address or `Name <address>`")
    if text in ("@me", "me") and actor is not None:
        return actor.address
    person = settings.person(text.removeprefix("@"))
    return f"{person.name} <{person.email}>" if person else text


def assignee_named(given: str, settings: Settings, actor: Actor) -> str:
    """Return the handle of somebody who can be given work, "" for `nobody`.

    UnknownName for who is not in `people`; Refused for those who left.
    """
    if given in ("nobody", "none", ""):
        return ""
    if given in ("@me", "me"):
        if actor.person is None:
            raise Refused(
                f"{actor.email} is not in `people`, so nothing can be assigned to you",
                "add yourself to config.yaml or set DESK_USER",
            )
        return actor.person.handle
    person = settings.person(given.removeprefix("@"))
    if person is None:
        raise UnknownName("person", given, active_handles(settings))
    if not person.active:
        raise Refused(f"{person.name} (`{person.handle}`) has left", "assign it to somebody else")
    return person.handle


def is_same_person(one: str, other: str, settings: Settings | None = None) -> bool:
    """Tell whether two signatures are one person's: the same handle or address or, where the
    `settings` know who is who, a handle and an address of theirs."""
    if one.casefold() == other.casefold():
        return True
    if settings is None:
        return False
    person = settings.person(one)
    return person is not None and person is settings.person(other)


def active_handles(settings: Settings) -> list[str]:
    """Return the handles of those who have not left."""
    return [person.handle for person in settings.people.values() if person.active]
