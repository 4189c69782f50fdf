"""`desk lint --fix`: mends what is certain about tickets, and leaves the rest to people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from desk.domain.headings import is_who
from desk.domain.links import link_book, links_of
from desk.domain.mending import Origin, dated_back, introduced, settled, told_now, unexplained
from desk.domain.people import address_in
from desk.domain.replay import differences
from desk.domain.texts import visible
from desk.domain.ticket import Change, Ticket, changes_between
from desk.domain.workflow import Act, perform
from desk.errors import OutsideError
from desk.services.acting import Outcome
from desk.services.committing import commit_files
from desk.services.desk import Desk
from desk.services.saving import Save, save
from desk.services.selection import Selection
from desk.services.sheets import is_in_order
from desk.storage.files import NewFile
from desk.storage.repeats import repeated_elements, without_repeats
from desk.storage.ticket_file import format_ticket, parse_ticket
from desk.storage.ticket_store import Filed, Shelf
from desk.storage.versions import Version, contents_of, versions_of

_AT_A_TIME = 8
"""So many versions of a file are read before the next older ones."""


class Fix(NamedTuple):
    """A ticket that was mended (in a dry run: would be), and what was done, a clause each."""

    path: str
    id: str
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FixResult:
    """The tickets that were mended, by path: what was done, and as files before and after."""

    fixes: tuple[Fix, ...]
    outcome: Outcome


class _Repair(NamedTuple):
    """A ticket, its file as committed (None: never), with the entry of an uncommitted edit (which
    is committed on its own), and mended."""

    filed: Filed
    committed: bytes | None
    taken_up: Ticket
    mended: Ticket


def fix(desk: Desk, given: Sequence[str] = ()) -> FixResult:
    """Mend what is certain, in one commit: the order of logs, entries that a front matter lacks,
    links back, elements that stand twice. What does not parse is not touched.

    `given` limits it to the tickets named, as in `lint`. An edit by hand that is not committed yet
    is committed first, on its own.
    """
    desk.require("lint")
    with desk.writing():
        shelf = desk.store.all()
        chosen = Selection(desk, shelf, given)
        links = _links_back(shelf)
        suspects = [
            each
            for each in shelf.tickets
            if chosen.has(each.path) and (each.path in links or _is_amiss(each))
        ]
        heads = _at_head(desk, [each.path for each in suspects])
        origins = _origins(desk, suspects, heads)
        repairs = [
            _repaired(desk, each, heads.get(each.path), origins.get(each.path, {}), links)
            for each in suspects
        ]
        mended = [(each, done) for each in repairs if (done := _clauses(each))]
        _write(desk, [each for each, _ in mended])
    return FixResult(
        tuple(Fix(each.filed.path, each.filed.ticket.id, tuple(done)) for each, done in mended),
        Outcome(tuple(Save(each.filed.path, each.mended, each.filed) for each, _ in mended)),
    )


def _write(desk: Desk, repairs: Sequence[_Repair]) -> None:
    taken_up = [(each.mended, _taken_up(desk, each)) for each in repairs]
    saves = [
        Save(was.path, ticket, was) for ticket, was in taken_up if format_ticket(ticket) != was.data
    ]
    if saves:
        save(desk, "lint", saves)


def _links_back(shelf: Shelf) -> dict[str, tuple[Change, ...]]:
    """Return, by path, the links that other tickets show a ticket to lack. An ID that two files
    have is nobody's."""
    times = Counter(each.ticket.id for each in shelf.tickets)
    paths = {each.ticket.id: each.path for each in shelf.tickets if times[each.ticket.id] == 1}
    book = link_book(each.ticket for each in shelf.tickets)
    found: defaultdict[str, dict[Change, None]] = defaultdict(dict)
    for each in shelf.tickets:
        source = each.ticket.id
        for link in links_of(each.ticket) if source in paths else ():
            missing = book.missing_inverse(source, link)
            target = book.current(link.target)
            if missing and target in paths:
                found[paths[target]][Change("links", "+=", str(missing))] = None
    return {path: tuple(changes) for path, changes in found.items()}


def _is_amiss(filed: Filed) -> bool:
    return (
        not is_in_order(filed)
        or bool(repeated_elements(filed.ticket))
        or (_is_opened(filed.ticket) and bool(differences(filed.ticket)))
    )


def _is_opened(ticket: Ticket) -> bool:
    """Tell whether the log says what the ticket started with; without, it explains nothing."""
    return any(entry.verb == "opened" for entry in ticket.log)


def _at_head(desk: Desk, paths: Sequence[str]) -> dict[str, bytes]:
    try:
        return desk.repository.contents_at("HEAD", paths) if paths else {}
    except OutsideError:
        return {}


def _repaired(
    desk: Desk,
    filed: Filed,
    committed: bytes | None,
    origins: Mapping[Change, Origin],
    links: Mapping[str, tuple[Change, ...]],
) -> _Repair:
    ticket = without_repeats(filed.ticket)
    taken_up = mended = ticket
    if _is_opened(ticket) and differences(ticket):
        taken_up, mended = _explained(desk, ticket, _parsed(committed, filed.path), origins)
    if filed.path in links:
        act = Act("changed", links[filed.path])
        mended = perform(mended, act, desk.now, desk.actor.sign, desk.settings)
    return _Repair(filed, committed, taken_up, mended)


def _explained(
    desk: Desk, ticket: Ticket, committed: Ticket | None, origins: Mapping[Change, Origin]
) -> tuple[Ticket, Ticket]:
    """Return the ticket with the entry of its uncommitted changes, and with all that it lacks; as
    it was, where even that would not bring log and front matter together."""
    known = set(unexplained(committed)) if committed else set()
    base = settled(ticket)
    fresh = tuple(change for change in differences(base) if change not in known)
    taken_up = _told_now(desk, base, fresh)
    by_origin: defaultdict[Origin, list[Change]] = defaultdict(list)
    for change in differences(taken_up):
        if change in origins:
            by_origin[origins[change]].append(change)
    mended = taken_up
    for origin in sorted(by_origin, key=lambda each: each.at):
        mended = dated_back(mended, by_origin[origin], origin, desk.settings)
    mended = _told_now(desk, mended, differences(mended))
    if differences(mended):
        # An entry between says otherwise, or takes back what goes before it.
        mended = _told_now(desk, taken_up, differences(taken_up))
    if differences(mended):
        return ticket, ticket
    return (taken_up if fresh else ticket), mended


def _told_now(desk: Desk, ticket: Ticket, changes: Sequence[Change]) -> Ticket:
    if not changes:
        return ticket
    return told_now(ticket, changes, desk.now, desk.actor.sign, desk.settings)


def _origins(
    desk: Desk, suspects: Iterable[Filed], heads: Mapping[str, bytes]
) -> dict[str, dict[Change, Origin]]:
    """Return, by path, where the changes come from that are committed and that no entry carries."""
    wanted: dict[str, tuple[Change, ...]] = {}
    for each in suspects:
        committed = _parsed(heads.get(each.path), each.path)
        if committed and _is_opened(each.ticket) and differences(each.ticket):
            changes = set(unexplained(each.ticket)) & set(unexplained(committed))
            if changes:
                wanted[each.path] = tuple(changes)
    versions = versions_of(desk.repository, list(wanted))
    return {
        path: _traced(desk, path, changes, versions.get(path, []))
        for path, changes in wanted.items()
    }


def _traced(
    desk: Desk, path: str, changes: Sequence[Change], versions: Sequence[Version]
) -> dict[Change, Origin]:
    found: dict[Change, Origin] = {}
    for start in range(0, len(versions), _AT_A_TIME):
        batch = versions[start : start + _AT_A_TIME]
        contents = contents_of(
            desk.repository, [name for each in batch for name in (each.before, each.after)]
        )
        for version in batch:
            after = _parsed(contents.get(version.after), path)
            before = _parsed(contents.get(version.before), path)
            if after is None or (version.before and before is None):
                continue
            left = [change for change in changes if change not in found]
            for change in introduced(left, before, after):
                found[change] = _origin(desk, version)
        if len(found) == len(changes):
            break
    return found


def _origin(desk: Desk, version: Version) -> Origin:
    person = desk.settings.person(version.email)
    address = address_in(version.email)
    by = person.handle if person else address if is_who(address) else desk.actor.sign
    return Origin(min(version.at or desk.now, desk.now), by, version.commit)


def _parsed(data: bytes | None, path: str) -> Ticket | None:
    return None if data is None else parse_ticket(data, path)[0]


def _clauses(repair: _Repair) -> list[str]:
    """Say what was done to a ticket."""
    before, after = repair.filed.ticket, repair.mended
    done = [] if is_in_order(repair.filed) else ["sorted its log"]
    for key, elements in repeated_elements(before).items():
        done.append(f"named {', '.join(map(visible, elements))} once in `{key}`")
    added = Counter(after.log) - Counter(before.log)
    done += [f"added `{visible(entry.heading)}`" for entry in after.log if entry in added]
    told = {change.key for entry in added for change in entry.changes}
    for key, _, value in changes_between(before.values, after.values):
        if key not in told or key in ("resolution", "until"):
            what = f"set `{key}` to `{value}`" if value else f"cleared `{key}`"
            done.append(f"{what}, as its status has it")
    return done


def _taken_up(desk: Desk, repair: _Repair) -> Filed:
    """Return the ticket as it is on disk once an uncommitted edit of it is committed."""
    path, ticket, data = repair.filed
    edited = repair.committed is not None and repair.committed != data
    if not edited or not desk.commits or desk.dry_run or desk.repository.why_not_now():
        return repair.filed
    on_disk = data
    if len(repair.taken_up.log) > len(ticket.log):
        on_disk = format_ticket(repair.taken_up)
    commit_files(desk, [NewFile(path, on_disk, data)], f"{ticket.id} edited by hand", "", "edit")
    desk.notices.append(f"your edit of {ticket.id} was committed first, on its own")
    return Filed(path, repair.taken_up, on_disk)
