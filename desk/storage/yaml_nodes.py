"""YAML as this product reads it, everywhere: every scalar is its characters, and knows its place.

No anchors, no tags, no duplicate keys; the bounds keep a hostile file cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from desk.domain.patterns import pattern

MAX_DEPTH = 20


class Scalar(NamedTuple):
    """Characters, and the line and column (from 1) where they begin; `last_line` is where the
    closing quote stands, of one without quotes its first line."""

    text: str
    is_plain: bool
    line: int
    column: int
    last_line: int

    @property
    def is_absent(self) -> bool:
        """Whether it stands for nothing: empty, or a plain ``null`` or ``~``."""
        return not self.text or (self.is_plain and self.text in ("null", "~"))


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int


class Mapping(NamedTuple):
    """Keys and their nodes, in the order of the file."""

    items: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int


Node: TypeAlias = "Scalar | Sequence | Mapping"


_CONFLICT = pattern(r"^<<<<<<< ", re.MULTILINE)


class YamlProblem(ValueError):
    """What makes a text unreadable as YAML, with its line and column (from 1)."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def read_yaml(text: str) -> Node | None:
    """Read one document; None where it is empty. YamlProblem where it cannot be read."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _document(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        if (marker := _CONFLICT.search(text)) is not None:
            line = text.count("\n", 0, marker.start()) + 1
            message = "a conflict marker of Git: `desk mend` tells what to do"
            raise YamlProblem(message, line, 1) from None
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or error.context or "not YAML"
        raise YamlProblem(f"not YAML: {problem}", line, column) from None
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "")) or "it cannot be read"
        before = _before(text, getattr(error, "position", 0), loader is yaml.BaseLoader)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise YamlProblem(f"not YAML: {reason}", line, column) from None


def _before(text: str, position: object, in_characters: bool) -> str:
    """Return what stands before a position, which the C loader counts in bytes."""
    if not isinstance(position, int):
        return ""
    return text[:position] if in_characters else text.encode()[:position].decode(errors="ignore")


def _document(events: Iterator[object]) -> Node | None:
    import yaml

    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise _problem("a second YAML document", event)
        elif isinstance(event, yaml.NodeEvent):
            root = _node(event, events, 0)
    return root


def _node(event: object, events: Iterator[object], depth: int) -> Node:
    import yaml

    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _problem("anchors and aliases are not read: write the value out", event)
    if getattr(event, "tag", None):
        raise _problem("tags are not read: remove the word that begins with `!`", event)
    if depth > MAX_DEPTH:
        raise _problem("nested too deeply", event)
    line, column = _place(event)
    if isinstance(event, yaml.ScalarEvent):
        last_line = _place(event, "end_mark")[0] if event.style in ("'", '"') else line
        return Scalar(event.value, not event.style, line, column, last_line)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(inner, events, depth + 1))
        return Sequence(tuple(items), line, column)
    pairs: list[tuple[Scalar, Node]] = []
    keys: set[str] = set()
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, depth + 1)
        if not isinstance(key, Scalar):
            raise _problem("a key must be a plain word", inner)
        if key.text in keys:
            raise _problem(f"the key `{key.text}` stands here twice", inner)
        keys.add(key.text)
        pairs.append((key, _node(next(events), events, depth + 1)))
    return Mapping(tuple(pairs), line, column)


def _place(event: object, which: str = "start_mark") -> tuple[int, int]:
    mark = getattr(event, which, None)
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _problem(message: str, event: object) -> YamlProblem:
    return YamlProblem(message, *_place(event))
