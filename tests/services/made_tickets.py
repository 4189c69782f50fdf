"""Tickets of all kinds, for properties: every field that queries know, and logs that go on."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from desk.domain.headings import new_entry
from desk.domain.instants import format_instant, parse_instant
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act, perform
from tests.conftest import NOW

CLOCK = parse_instant(NOW)
VALUES = ["", "ACME", "acme", "Ärger", "a_b", "a-b", "x\x1fy", "x\x1ey", "100%", "it's"]
ENTRIES = [
    ("ana", Act("changed", (Change("status", "=", "open"), Change("assignee", "=", "ana")))),
    ("ana", Act("replied", (Change("status", "=", "waiting"),), "Which tray?")),
    ("maria@acme.example", Act("wrote", (Change("status", "=", "open"),), "The lower one.")),
    ("luis", Act("escalated", (Change("level", "=", "L2"), Change("assignee", "=", "luis")))),
    ("ana", Act("worked", (Change("minutes", "=", "15"),))),
    ("ana", Act("changed", (Change("status", "=", "hold"), Change("until", "=", NOW)))),
    ("ana", Act("replied", (Change("status", "=", "resolved"),), "Done.")),
    ("desk", Act("changed", (Change("status", "=", "closed"),))),
    ("maria@acme.example", Act("rated", (Change("score", "=", "4"),))),
]


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    number = draw(st.integers(0, 32**5 - 1))
    characters = "".join(
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * place & 31] for place in range(5)
    )
    at = CLOCK - timedelta(minutes=draw(st.integers(1, 60_000)))
    changes = [Change("status", "=", "new")]
    for key, values in (
        ("type", ["incident", "request"]),
        ("priority", ["P1", "P2", "P3", "P4", "P9"]),
        ("company", VALUES),
        ("team", ["support", "Sys-Admin"]),
        ("level", ["L1", "L2"]),
        ("category", ["hardware", "hardware/printer", "software/shop", "Software"]),
        ("fields.asset", VALUES),
        ("fields.Asset_Tag", VALUES),
        ("external_id", VALUES),
    ):
        value = draw(st.sampled_from(["", *values]))
        if value:
            changes.append(Change(key, "=", value))
    for key, values in (
        ("tags", VALUES),
        ("watchers", ["ana", "Luis Gil <luis@acme.example>"]),
        ("links", ["blocks HD-2610-AAAAA", "relates HD-2611-7K3QF"]),
        ("former_ids", ["HD-2610-ABCDE"]),
    ):
        changes += [
            Change(key, "+=", value)
            for value in draw(st.lists(st.sampled_from(values), max_size=2, unique=True))
            if value
        ]
    title = draw(st.sampled_from(["Printer jams", "Qué pena: el jamón", "a b c", "PRINTER"]))
    ticket = Ticket(
        {
            "id": f"HD-{at:%y%m}-{characters}",
            "title": title,
            "requester": draw(st.sampled_from(["Maria <maria@acme.example>", "ana@acme.example"])),
            "created": format_instant(at),
        },
        (),
    ).with_entry(new_entry(at, "maria@acme.example", "opened", changes))
    for by, act in draw(st.lists(st.sampled_from(ENTRIES), max_size=6)):
        at += timedelta(minutes=draw(st.integers(0, 3_000)))
        if at < CLOCK:
            ticket = perform(ticket, act, at, by)
    return ticket
