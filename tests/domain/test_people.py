"""Who runs a command, who asked, and who can be given work."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.domain.headings import is_who
from desk.domain.people import (
    Actor,
    active_handles,
    address_in,
    assignee_named,
    requester_named,
    signature_of,
)
from desk.domain.settings import Person
from desk.errors import Refused, UnknownName
from tests.builders import AS_ANA, MARIA, QUICK, some_settings

SETTINGS = some_settings()
AS_LUIS = Actor("Luis", "Luis@acme.example", SETTINGS.people["luis"])
AS_RITA = Actor("Rita", "rita@acme.example", Person("rita", "Rita Rey", "rita@acme.example"))


@pytest.mark.parametrize(
    ("actor", "sign", "as_requester", "is_agent", "address"),
    [
        (AS_ANA, "ana", "ana@acme.example", True, "Ana Ruiz <ana@acme.example>"),
        (AS_LUIS, "luis", "luis@acme.example", True, "Luis Gil <Luis@acme.example>"),
        (AS_RITA, "rita", "rita@acme.example", False, "Rita Rey <rita@acme.example>"),
        (
            MARIA,
            "maria.lopez@acme.example",
            "maria.lopez@acme.example",
            False,
            "Maria López <Maria.Lopez@acme.example>",
        ),
        (Actor("", "x@y.example"), "x@y.example", "x@y.example", False, "x@y.example"),
        (Actor("a\u202eb", "x@y.example"), "x@y.example", "x@y.example", False, "x@y.example"),
    ],
)
def test_who_signs_and_how_they_are_addressed(
    actor: Actor, sign: str, as_requester: str, is_agent: bool, address: str
) -> None:
    assert (actor.sign, actor.requester_sign) == (sign, as_requester)
    assert (actor.is_agent, actor.address) == (is_agent, address)


@pytest.mark.parametrize("actor", [AS_ANA, AS_LUIS, AS_RITA, MARIA])
def test_ones_own_request_is_known_however_it_is_written(actor: Actor) -> None:
    for requester in (actor.address, actor.email, actor.email.upper(), f" <{actor.email}> "):
        assert actor.asked_for(requester)


@pytest.mark.parametrize(
    "requester",
    ["", "Maria López", "maria", "eva@acme.example", "Maria.Lopez@acme.example <eva@acme.example>"],
)
def test_nobody_elses_request_is_ones_own(requester: str) -> None:
    assert not MARIA.asked_for(requester)
    assert not AS_LUIS.asked_for(requester)


def test_a_handle_is_a_way_to_write_a_requester() -> None:
    assert AS_ANA.asked_for("ana")
    assert not AS_LUIS.asked_for("ana")


@pytest.mark.parametrize(
    ("requester", "address"),
    [
        ("Maria López <Maria.Lopez@acme.example>", "maria.lopez@acme.example"),
        ("maria@acme.example", "maria@acme.example"),
        ("  <maria@acme.example> ", "maria@acme.example"),
        ("a <b> <maria@acme.example>", "maria@acme.example"),
        ("Maria López", ""),
        ("", ""),
        ("Maria <>", ""),
        ("Maria <maria>", ""),
        ("a@b@c", ""),
        ("a b@c.example", ""),
        ("Maria <a=b@c.example>", ""),
        ('"a"@c.example', ""),
        ("a\u202e@c.example", ""),
        ("a@b.example, c@d.example", ""),
        (f"{'a' * 250}@b.example", ""),
    ],
)
def test_the_address_in_a_requester(requester: str, address: str) -> None:
    assert address_in(requester) == address
    assert signature_of(requester) == (address or "requester")


@QUICK
@given(st.text('aA@<> ."=,\u202eéİ', max_size=12))
@example("İ@x.example")
def test_whoever_asked_can_sign(requester: str) -> None:
    signature = signature_of(requester)
    assert is_who(signature)
    assert signature == "requester" or address_in(signature) == signature


@pytest.mark.parametrize(
    ("given_as", "requester"),
    [
        ("ana", "Ana Ruiz <ana@acme.example>"),
        ("@ana", "Ana Ruiz <ana@acme.example>"),
        ("@anna", "@anna"),
        ("LUIS@ACME.EXAMPLE", "Luis Gil <Luis@acme.example>"),
        ("@me", "Maria López <Maria.Lopez@acme.example>"),
        ("me", "Maria López <Maria.Lopez@acme.example>"),
        ("  Pepe Paz ", "Pepe Paz"),
        ("pepe@paz.example", "pepe@paz.example"),
        ("Pepe <pepe@paz.example>", "Pepe <pepe@paz.example>"),
        ("Ana", "Ana"),
        ("olga", "Olga Dias <olga@acme.example>"),
    ],
)
def test_how_a_requester_is_written_down(given_as: str, requester: str) -> None:
    assert requester_named(given_as, SETTINGS, MARIA) == requester


@pytest.mark.parametrize("given_as", ["", "  ", "a\0", "\ud800"])
def test_what_no_requester_is(given_as: str) -> None:
    with pytest.raises(Refused, match="requester"):
        requester_named(given_as, SETTINGS, MARIA)


@pytest.mark.parametrize(
    ("given_as", "handle"),
    [
        *(("ana", "ana"), ("@ana", "ana"), ("ANA@acme.example", "ana"), ("eva", "eva")),
        *(("@me", "luis"), ("me", "luis"), ("nobody", ""), ("none", ""), ("", "")),
    ],
)
def test_who_is_given_work(given_as: str, handle: str) -> None:
    assert assignee_named(given_as, SETTINGS, AS_LUIS) == handle


@pytest.mark.parametrize(
    ("given_as", "kind", "fault"),
    [
        ("anna", UnknownName, "unknown person `anna`; did you mean `ana`?"),
        ("Ana Ruiz", UnknownName, "unknown person `Ana Ruiz`"),
        ("olga", Refused, r"Olga Dias \(`olga`\) has left"),
        ("@me", Refused, "not in `people`, so nothing can be assigned to you"),
    ],
)
def test_who_cannot_be_given_work(given_as: str, kind: type[Refused], fault: str) -> None:
    with pytest.raises(kind, match=fault):
        assignee_named(given_as, SETTINGS, MARIA)


def test_those_who_left_are_not_offered() -> None:
    assert active_handles(SETTINGS) == ["ana", "luis", "eva"]
    with pytest.raises(UnknownName) as refusal:
        assignee_named("zzz", SETTINGS, AS_ANA)
    assert str(refusal.value) == "unknown person `zzz`; there are ana, luis, eva"
