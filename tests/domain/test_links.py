"""Links between tickets and what each side carries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.fields import RELATIONS
from desk.domain.links import Link, link_book, links_of, parse_link
from desk.domain.ticket import Ticket

IDS = [f"HD-2611-0000{number}" for number in range(4)]


def a_ticket(number: int, *links: str, former: tuple[str, ...] = ()) -> Ticket:
    return Ticket({"id": IDS[number], "links": links, "former_ids": former}, ())


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_link_reads_as_it_is_written(relation: str) -> None:
    link = parse_link(f"{relation} {IDS[0]}")
    assert link == Link(relation, IDS[0])
    assert str(link) == f"{relation} {IDS[0]}"
    assert link.inverse(IDS[1]).inverse(IDS[0]) == Link(relation, IDS[0])


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        (f"follows {IDS[0]}", "unknown relation `follows`"),
        (f"relates  {IDS[0]}", "is no link"),
        ("relates", "is no link"),
        ("", "is no link"),
    ],
)
def test_what_no_link_is(element: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_link(element)


def test_elements_that_are_no_links_are_passed_over() -> None:
    assert links_of(a_ticket(0, "nonsense", f"relates {IDS[1]}")) == [Link("relates", IDS[1])]


def test_a_former_id_that_a_ticket_has_now_is_that_ticket() -> None:
    book = link_book([a_ticket(0, former=(IDS[1], IDS[2])), a_ticket(1)])
    assert book.current(IDS[1]) == IDS[1]
    assert book.current(IDS[2]) == IDS[0]


edges = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(sorted(RELATIONS)), st.integers(0, 3)), max_size=8
)


@settings(max_examples=100, deadline=None)
@given(edges)
def test_adding_what_is_missing_leaves_nothing_missing(pairs: list[tuple[int, str, int]]) -> None:
    links: dict[str, set[str]] = {ticket_id: set() for ticket_id in IDS}
    for one, relation, two in pairs:
        links[IDS[one]].add(f"{relation} {IDS[two]}")

    def missing() -> list[tuple[str, str]]:
        tickets = [Ticket({"id": name, "links": tuple(sorted(links[name]))}, ()) for name in IDS]
        book = link_book(tickets)
        return [
            (link.target, str(inverse))
            for ticket in tickets
            for link in links_of(ticket)
            if (inverse := book.missing_inverse(ticket.id, link))
        ]

    for target, element in missing():
        links[target].add(element)
    assert missing() == []
