"""Elements that stand twice in a list of the front matter; they are read once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from desk.domain.ticket import Ticket
from desk.storage.yaml_nodes import Mapping, Scalar, Sequence, YamlProblem, read_yaml


def repeated_elements(ticket: Ticket) -> dict[str, tuple[str, ...]]:
    """Return, by key, the elements that its lines in the file name more than once."""
    found = {}
    for block in ticket.head:
        if not isinstance(block.value, tuple):
            continue
        counts = Counter(_elements(block.lines))
        repeated = tuple(each for each in block.value if counts[each] > 1)
        if repeated:
            found[block.key] = repeated
    return found


def _elements(lines: str) -> list[str]:
    try:
        root = read_yaml(lines)
    except YamlProblem:
        return []
    if not isinstance(root, Mapping):
        return []
    return [
        item.text
        for _, node in root.items
        if isinstance(node, Sequence)
        for item in node.items
        if isinstance(item, Scalar) and not item.is_absent
    ]


def without_repeats(ticket: Ticket) -> Ticket:
    """Return the ticket so that writing it names each element once."""
    repeated = repeated_elements(ticket)
    head = (
        # What a block had is no longer what the key has, so its lines are written anew.
        block._replace(value=None) if block.key in repeated else block
        for block in ticket.head
    )
    return replace(ticket, head=tuple(head)) if repeated else ticket
