"""What can be wrong with a ticket that reads well: each check is one pure function of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from desk.domain import ids
from desk.domain.editing import known_values
from desk.domain.fields import FIELD, FIELDS
from desk.domain.findings import Problem
from desk.domain.links import parse_link
from desk.domain.log_checks import LOG_CHECKS
from desk.domain.people import address_in
from desk.domain.settings import Settings
from desk.domain.sheet import Known, Sheet, TicketCheck, shortened
from desk.errors import did_you_mean

MOST_PROBLEMS = 100
"""So many problems of one kind are named in one file."""


def place(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """The ID says where a ticket lies."""
    expected = ids.path_of(sheet.ticket.id)
    if sheet.path != expected:
        message = f"{sheet.ticket.id} belongs at {expected}: move the file there, or mend its `id`"
        yield Problem("path", message, key="id")


def identity(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """An ID is one ticket's. One that was claimed twice is the older ticket's, and finds that one
    before the younger, whose former ID it is."""
    own = sheet.ticket.id
    if others := _others(sheet, known.paths.get(own, ())):
        message = f"{own} is the ID of {others} as well: give one of them another, or remove it"
        yield Problem("duplicate-id", message, key="id")
    if others := _others(sheet, known.former.get(own, ())):
        message = f"{own} was claimed twice: {others} was called so too, and has another ID now"
        yield Problem("claimed-twice", message, key="id")
    for former in sheet.ticket.items("former_ids"):
        is_anybodys = former in known.paths  # whom it finds before those who were called so
        if not is_anybodys and (others := _others(sheet, known.former.get(former, ()))):
            message = f"{former} is a former ID of {others} as well: take it from one of them"
            yield Problem("duplicate-id", message, key="former_ids", word=former)


def _others(sheet: Sheet, paths: Sequence[str]) -> str:
    others = [path for path in paths if path != sheet.path]
    return f"{others[0]} and {len(others) - 1} more" if len(others) > 1 else "".join(others)


def presence(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """A ticket says what is wrong, and who asked."""
    for key in ("title", "requester"):
        if key not in sheet.ticket.values:
            yield Problem("missing", f"there is no `{key}`: add it to the front matter", key=key)


def unknown_keys(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """Keys that no field has are kept as they are."""
    for key in sheet.ticket.values:
        if key not in FIELD:
            advice = did_you_mean(key, FIELD) or "one of your own goes into `fields`"
            yield Problem("unknown-key", f"unknown key `{key}`: {advice}", key=key)


def closed_values(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """What the file format closes: status, type, resolution, channel; in the log, too."""
    for row in _CLOSED:
        value = sheet.ticket.text(row.name)
        if value and value not in row.values:
            message = _unknown(row.name, value, row.values)
            yield Problem("value", message, key=row.name, word=value)
    for number, entry in enumerate(sheet.entries):
        for key, _, value in entry.changes:
            if key in _CLOSED_VALUES and value and value not in _CLOSED_VALUES[key]:
                message = _unknown(key, value, _CLOSED_VALUES[key])
                yield Problem("value", message, entry=number, word=f"{key}=")


_CLOSED = tuple(row for row in FIELDS if row.values)
_CLOSED_VALUES = {row.name: row.values for row in _CLOSED}


def configured_values(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """What config.yaml closes: priority, team, level, category, impact, urgency."""
    for row in FIELDS:
        value = sheet.ticket.text(row.name)
        if not value or not row.setting or row.setting == "people":
            continue
        names = known_values(row.name, known.settings)
        if names and value not in names:
            message = _unknown(row.name, value, names, f", not in `{row.setting}` of config.yaml")
            yield Problem("setting", message, key=row.name, word=value)


def _unknown(kind: str, value: str, names: tuple[str, ...], where: str = "") -> str:
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    advice = did_you_mean(value, names) or f"there are {shown}"
    return f"unknown {kind} `{shortened(value)}`{where}: {advice}"


def people(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """Handles are those of `people`, of those who left too; addresses may be anybody's."""
    assignee = sheet.ticket.text("assignee")
    if assignee and not is_known_person(assignee, known.settings):
        message = unknown_person("the assignee", assignee, known.settings)
        yield Problem("person", message, key="assignee", word=assignee)
    for watcher in sheet.ticket.items("watchers"):
        if watcher not in _NOBODY and not is_known_person(watcher, known.settings):
            message = unknown_person("the watcher", watcher, known.settings)
            yield Problem("person", message, key="watchers", word=watcher)
    seen = {*_NOBODY}
    for number, entry in enumerate(sheet.entries):
        if entry.by not in seen and not is_known_person(entry.by, known.settings):
            message = unknown_person("who signs this entry,", entry.by, known.settings)
            yield Problem("person", message, entry=number, word=entry.by)
        seen.add(entry.by)


_NOBODY = ("requester", "desk")


def is_known_person(who: str, settings: Settings) -> bool:
    """Tell whether `who` is a handle from `people`, or an address."""
    return who in settings.people or bool(address_in(who))


def unknown_person(role: str, who: str, settings: Settings) -> str:
    """Say that nobody in `people` has this handle."""
    advice = did_you_mean(who, settings.people) or (
        "add them there, with `active: false` if they left"
    )
    return f"{role} `{shortened(who)}` is not in `people` of config.yaml: {advice}"


def links(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """A link names a relation and a ticket that there is, which links back."""
    own = sheet.ticket.id
    for element in sheet.ticket.items("links"):
        try:
            link = parse_link(element)
        except ValueError as error:
            yield Problem("link-relation", str(error), key="links", word=element)
            continue
        target = known.links.current(link.target)
        if target == own:
            message = f"`{element}` links the ticket to itself: remove it"
            yield Problem("link-target", message, key="links", word=element)
        elif target not in known.paths:
            message = f"`{element}`: there is no such ticket; mend the ID, or remove the link"
            yield Problem("link-target", message, key="links", word=element)
        elif missing := known.links.missing_inverse(own, link):
            message = f"`{element}`: {target} lacks `{missing}`; `desk lint --fix` adds it"
            yield Problem("link-inverse", message, key="links", word=element)


def articles(sheet: Sheet, known: Known) -> Iterator[Problem]:
    """An article that a ticket names lies in kb/."""
    for slug in sheet.ticket.items("kb"):
        if slug not in known.slugs:
            advice = did_you_mean(slug, known.slugs) or "write it, or remove the slug"
            message = f"there is no article kb/{shortened(slug)}.md: {advice}"
            yield Problem("kb-slug", message, key="kb", word=slug)


TICKET_CHECKS: tuple[TicketCheck, ...] = (
    place,
    identity,
    presence,
    unknown_keys,
    closed_values,
    configured_values,
    people,
    links,
    articles,
    *LOG_CHECKS,
)


def ticket_problems(sheet: Sheet, known: Known) -> list[Problem]:
    """Return what every check says of a ticket, at most `MOST_PROBLEMS` each."""
    return [
        problem for check in TICKET_CHECKS for problem in islice(check(sheet, known), MOST_PROBLEMS)
    ]
