"""Merging obeys its laws on random histories of three clones; and what it does in plain cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desk.domain.headings import new_entry
from desk.domain.merge import merge
from desk.domain.redaction import REDACTED, name_of, redacted_names, without_text
from desk.domain.replay import differences, settle
from desk.domain.ticket import Block, Change, Entry, Ticket, Value
from desk.storage.ticket_file import format_ticket, parse_ticket
from tests.builders import START, a_ticket, an_entry

BASE = a_ticket(status="new")
MANY = settings(max_examples=250, deadline=None)
ACTS = (
    ("replied", (Change("status", "=", "waiting"),)),
    ("changed", (Change("status", "=", "open"), Change("assignee", "=", "ana"))),
    ("changed", (Change("priority", "=", "P1"),)),
    ("changed", (Change("priority", "=", "P2"),)),
    ("changed", (Change("tags", "+=", "vpn"),)),
    ("changed", (Change("tags", "-=", "vpn"),)),
    ("changed", (Change("title", "=", "Another title"),)),
    ("changed", (Change("status", "=", "hold"), Change("until", "=", "2026-12-01T09:00:00Z"))),
    ("replied", (Change("status", "=", "resolved"), Change("resolution", "=", "workaround"))),
    ("changed", (Change("status", "=", "closed"),)),
    ("wrote", (Change("status", "=", "open"),)),
    ("changed", (Change("fields.asset", "=", "PC-1"),)),
    ("changed", (Change("company", "=", ""),)),
    ("noted", ()),
)
BY_HAND: tuple[tuple[str, Value], ...] = (
    *(("priority", "P3"), ("company", "Hooli"), ("status", "closed"), ("assignee", "luis")),
    *(("tags", ("a", "b")), ("level", "L2"), ("until", "2026-12-02T09:00:00Z")),
)


KINDS = ("act",) * 8 + ("hand", "untold", "remove", "edit", "redact")


@st.composite
def after_a_step(
    draw: st.DrawFn, ticket: Ticket, mark: str, kinds: tuple[str, ...] = KINDS
) -> Ticket:
    """Return the ticket after somebody did something to it; `mark` tells this step from others."""
    kind = draw(st.sampled_from(kinds))
    last = ticket.log[-1].at
    secret = redacted_names(ticket.log)
    free = [n for n, each in enumerate(ticket.log) if n and _is_free(each, secret)]
    if kind == "act":
        who = draw(st.sampled_from(["ana", "luis", "maria@acme.example", "desk"]))
        verb, changes = draw(st.sampled_from(ACTS))
        at = max(last, START + timedelta(seconds=draw(st.integers(0, 30))))
        entry = new_entry(at, who, verb, changes, mark)
        while name_of(entry) in secret:
            at += timedelta(seconds=1)
            entry = new_entry(at, who, verb, changes, mark)
        acted = ticket.with_entry(entry)
        return replace(acted, values=settle(acted.values, acted.log))
    if kind == "hand":
        key, value = draw(st.sampled_from(BY_HAND))
        return replace(ticket, values={**ticket.values, key: value})
    if kind == "untold":
        key = draw(st.sampled_from(["title", "requester", "zone", "my key"]))
        return replace(ticket, values={**ticket.values, key: mark})
    if not free:
        return ticket
    place = draw(st.sampled_from(free))
    before, entry, rest = ticket.log[:place], ticket.log[place], ticket.log[place + 1 :]
    if kind == "remove":
        return replace(ticket, log=(*before, *rest))
    if kind == "edit":
        return replace(ticket, log=(*before, entry._replace(text=f"Edited {mark}"), *rest))
    name = name_of(entry)
    said = new_entry(last, "eva", "redacted", (Change("entry", "=", name),), mark)
    return without_text(ticket, name).with_entry(said)


def _is_free(entry: Entry, secret: frozenset[str]) -> bool:
    return entry.verb != "redacted" and name_of(entry) not in secret and bool(entry.text)


@st.composite
def later(draw: st.DrawFn, ticket: Ticket, mark: str, most: int = 4) -> Ticket:
    for number in range(draw(st.integers(0, most))):
        ticket = draw(after_a_step(ticket, f"{mark}{number}"))
    return ticket


@st.composite
def versions(draw: st.DrawFn) -> tuple[Ticket, Ticket, Ticket, Ticket]:
    """Return a base and three versions that people made of it."""
    base = draw(later(BASE, "b", 3))
    return base, draw(later(base, "x")), draw(later(base, "y")), draw(later(base, "z"))


@MANY
@given(versions())
def test_the_sides_may_change_places_and_what_is_merged_stays_so(
    four: tuple[Ticket, Ticket, Ticket, Ticket],
) -> None:
    base, ours, theirs, _ = four
    merged = merge(base, ours, theirs)
    assert format_ticket(merged) == format_ticket(merge(base, theirs, ours))
    assert merge(base, ours, ours) == ours
    assert merge(base, base, ours) == ours == merge(base, ours, base)
    assert format_ticket(merge(ours, merged, ours)) == format_ticket(merged)
    assert format_ticket(merge(theirs, merged, theirs)) == format_ticket(merged)


@MANY
@given(versions())
def test_nothing_is_lost_and_log_and_front_matter_agree(
    four: tuple[Ticket, Ticket, Ticket, Ticket],
) -> None:
    base, ours, theirs, _ = four
    merged = merge(base, ours, theirs)
    if len({format_ticket(each) for each in (base, ours, theirs)}) == 3:
        assert differences(merged) == ()
        again, problems = parse_ticket(format_ticket(merged), "x")
        assert (again, problems) == (merged, ())
    else:
        return  # taken as it is
    names = redacted_names(merged.log)
    before, here, there, now = (_counted(each.log, names) for each in (base, ours, theirs, merged))
    for entry in here | there:
        if here[entry] > before[entry] or there[entry] > before[entry]:
            assert now[entry] == 1
    told = {change for entry in merged.log for change in entry.changes}
    for side in (ours, theirs):
        for key, value in side.values.items():
            if base.values.get(key) != value and isinstance(value, str) and key != "my key":
                in_log = {Change(key, "=", value)} & told
                assert merged.values.get(key) == value or in_log or key in ("until", "resolution")


def _counted(log: Iterable[Entry], names: frozenset[str]) -> Counter[Entry]:
    return Counter(
        entry._replace(text=REDACTED) if entry.text and name_of(entry) in names else entry
        for entry in log
    )


@MANY
@given(versions())
def test_the_order_in_which_three_clones_meet_makes_no_difference(
    four: tuple[Ticket, Ticket, Ticket, Ticket],
) -> None:
    base, first, second, third = four
    assume(_are_distinct(base, (first, second, third)))
    results = {
        format_ticket(merge(base, merge(base, one, other), last))
        for one, other, last in (
            (first, second, third),
            (second, third, first),
            (first, third, second),
            (third, first, second),
        )
    }
    assert len(results) == 1


def _are_distinct(base: Ticket, clones: tuple[Ticket, ...]) -> bool:
    """Tell whether what one clone redacted is one entry, which no other clone took away or edited:
    entries that become one, or that are gone when two clones meet, take along what was known of
    the places of others."""
    secret = [redacted_names(each.log) for each in clones]
    texts: dict[str, set[str]] = {}
    for each in (base, *clones):
        for entry in each.log:
            if entry.text != REDACTED:
                texts.setdefault(name_of(entry), set()).add(entry.text)
    if any(len(texts.get(name, ())) > 1 for names in secret for name in names):
        return False
    return not any(
        entry not in clone.log and name_of(entry) in names - own
        for entry in base.log
        for clone, own in zip(clones, secret, strict=True)
        for names in secret
    )


# ---------------------------------------------------------------------------------- plain cases


def test_two_replies_and_two_changes_all_count() -> None:
    ours = a_ticket(entries=["ana replied", "ana changed priority=P1"])
    theirs = a_ticket(entries=["luis changed priority=P4 assignee=luis"])
    merged = merge(a_ticket(), ours, theirs)
    assert [entry.by for entry in merged.log[1:]] == ["ana", "luis", "ana"]
    assert (merged.text("priority"), merged.text("assignee")) == ("P1", "luis")


def test_a_value_that_somebody_wrote_by_hand_gets_its_entry() -> None:
    base = a_ticket(priority="P3")
    ours = replace(base, values={**base.values, "priority": "P1"})
    theirs = a_ticket(priority="P3", entries=["luis changed assignee=luis"])
    merged = merge(base, ours, theirs)
    assert (merged.text("priority"), merged.text("assignee")) == ("P1", "luis")
    assert "desk changed priority=P1" in merged.log[1].heading


def test_one_new_title_needs_no_entry_and_of_two_both_are_told() -> None:
    base = a_ticket(title="Old")
    ours = replace(base, values={**base.values, "title": "Ours"})
    theirs = replace(base, values={**base.values, "title": "Theirs"})
    noted = base.with_entry(an_entry("luis noted", 3, "Hm."))
    one = merge(base, ours, noted)
    assert (one.title, len(one.log)) == ("Ours", len(base.log) + 1)
    both = merge(base, ours, theirs)
    assert both.title == "Theirs"
    assert [entry.change_of("title") for entry in both.log[-2:]] == ["Ours", "Theirs"]


def test_a_redaction_reaches_every_version() -> None:
    base = a_ticket(entries=["ana noted"])
    noted = base.log[-1]._replace(text="hunter2")
    base = replace(base, log=(*base.log[:-1], noted))
    name = name_of(noted)
    said = an_entry(f"eva redacted entry={name}", 5)
    ours = without_text(base, name).with_entry(said)
    edited = replace(base, log=(*base.log[:-1], noted._replace(text="hunter2!")))
    merged = merge(base, ours, edited)
    assert [entry.text for entry in merged.log[-2:]] == [REDACTED, ""]
    assert merge(merged, merged, ours) == merged


def test_a_second_opened_is_quoted_and_a_redaction_reaches_the_quote() -> None:
    base = a_ticket(text="One")
    ours = replace(base, log=(base.log[0]._replace(text="Two"),))
    theirs = replace(base, log=(base.log[0]._replace(text="Three"),))
    merged = merge(base, ours, theirs)
    assert [entry.verb for entry in merged.log] == ["opened", "noted"]
    assert "> Two" in merged.log[1].text
    name = name_of(base.log[0])
    said = an_entry(f"eva redacted entry={name}", 5)
    redacted = without_text(base, name).with_entry(said)
    assert "Two" not in str(merge(base, merged, redacted))


def test_comments_of_both_sides_stay() -> None:
    base = a_ticket()
    ours = replace(base, head=(Block("", "# ours\n", None),))
    theirs = replace(base, head=(Block("", "# theirs\n", None),)).with_entry(an_entry("ana noted"))
    head = format_ticket(merge(base, ours, theirs)).partition(b"---\n\n")[0]
    assert b"# ours" in head
    assert b"# theirs" in head


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_done_and_reopened_settle_what_follows_from_the_status(status: str) -> None:
    base = a_ticket(status="hold", until="2026-12-01T09:00:00Z")
    ours = base.with_entry(an_entry(f"ana replied status={status} resolution=workaround", 2))
    theirs = base.with_entry(an_entry("maria@acme.example wrote status=open", 3))
    merged = merge(base, ours, theirs)
    assert (merged.status, merged.text("resolution"), merged.text("until")) == ("open", "", "")


def test_a_redacted_entry_keeps_its_place() -> None:
    log = (
        *a_ticket().log,
        an_entry("luis noted", 1, "secret"),
        an_entry("ana noted", 1, "after"),
    )
    base = replace(a_ticket(), log=log)
    said = an_entry("eva redacted", 9)
    said = new_entry(said.at, "eva", "redacted", (Change("entry", "=", name_of(log[1])),))
    ours = without_text(base, name_of(log[1])).with_entry(said)
    theirs = base.with_entry(an_entry("luis noted", 5, "hi"))
    merged = merge(base, ours, theirs)
    assert [entry.text for entry in merged.log[1:3]] == [REDACTED, "after"]


def test_a_custom_field_set_by_hand_counts_after_all_were_cleared() -> None:
    base = a_ticket(fields={"asset": "PC-1"}, entries=["ana changed fields="])
    ours = replace(base, values={**base.values, "fields": {"asset": "PC-2"}})
    merged = merge(base, ours, base.with_entry(an_entry("luis noted", 5, "hi")))
    assert merged.custom == {"asset": "PC-2"}
    assert differences(merged) == ()


def test_a_hold_by_hand_does_not_bring_back_the_end_of_an_earlier_one() -> None:
    words = ["ana changed status=hold until=2026-12-01T09:00:00Z", "ana changed status=open"]
    base = a_ticket(entries=words)
    ours = replace(base, values={**base.values, "status": "hold"})
    merged = merge(base, ours, base.with_entry(an_entry("luis noted", 5, "hi")))
    assert (merged.status, merged.text("until")) == ("hold", "")
    assert differences(merged) == ()
