"""What a YAML file holds, as this product reads it: characters, lists and mappings with places."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """A scalar's characters and where they begin, from 1. `is_absent`: nothing stands there, or a
    plain ``null`` or ``~``."""

    text: str
    line: int = 1
    column: int = 1
    is_absent: bool = False


class Items(NamedTuple):
    """The elements of a list."""

    items: tuple[Node, ...]
    line: int = 1
    column: int = 1


class Pairs(NamedTuple):
    """The keys and values of a mapping, in the order of the file; no key stands there twice."""

    pairs: tuple[tuple[Text, Node], ...]
    line: int = 1
    column: int = 1


Node: TypeAlias = "Text | Items | Pairs"
