"""Elements that stand twice in a list of the front matter."""

from __future__ import annotations

import pytest

from desk.domain.ticket import Ticket
from desk.storage.repeats import repeated_elements, without_repeats
from desk.storage.ticket_file import format_ticket, parse_ticket
from tests.builders import ID, PATH
from tests.timing import MOST, growth

HEAD = f"---\nid: {ID}\ncreated: 2026-11-22T09:34:35Z\n{{}}\n---\n"


@pytest.mark.parametrize(
    ("line", "repeated"),
    [
        ("tags: [a, b]", {}),
        ("tags: [a, b, a]", {"tags": ("a",)}),
        ("tags:\n- a\n- 'a'", {"tags": ("a",)}),
        ('tags: ["null", null]', {}),
        ('tags: ["null", ~, null]', {}),
        ("tags: ['~', ~]", {}),
        ("tags: [a, null, null]", {}),
        ('tags: ["null", "null"]', {"tags": ("null",)}),
        ('tags: ["null", null, "null", a, a]', {"tags": ("null", "a")}),
    ],
)
def test_what_stands_twice_and_what_is_absent(
    line: str, repeated: dict[str, tuple[str, ...]]
) -> None:
    ticket, problems = parse_ticket(HEAD.format(line).encode(), PATH)
    assert ticket is not None, problems
    assert repeated_elements(ticket) == repeated
    assert repeated_elements(without_repeats(ticket)) == {}
    if repeated:
        assert b"a, a" not in format_ticket(without_repeats(ticket))


def test_long_lists_are_looked_through_once() -> None:
    def ticket(size: int) -> Ticket:
        tags = ", ".join(f"t{number}" for number in range(size))
        found, problems = parse_ticket(HEAD.format(f"tags: [{tags},  t0]").encode(), PATH)
        assert found is not None, problems
        return found

    assert growth(repeated_elements, ticket, 2_000) < MOST
