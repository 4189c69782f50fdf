"""An import map's file, as nodes with places."""

from __future__ import annotations

from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.errors import Diagnostic
from desk.storage import yaml_nodes
from desk.storage.yaml_nodes import YamlProblem, read_yaml

MAX_MAP_BYTES = 1_000_000


def read_map(data: bytes, path: str) -> tuple[Node | None, Diagnostic | None]:
    """Return the nodes of a map (None where it is empty), or what makes it unreadable."""
    if len(data) > MAX_MAP_BYTES:
        message = f"more than {MAX_MAP_BYTES:,} bytes are too many for an import map"
        return None, Diagnostic("map-syntax", path, 0, 0, message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, Diagnostic("map-syntax", path, line, 0, "not UTF-8: save the map as UTF-8")
    start, nul, _ = text.partition("\0")
    if nul:
        return None, Diagnostic("map-syntax", path, start.count("\n") + 1, 0, "a NUL character")
    try:
        root = read_yaml(text)
    except YamlProblem as problem:
        message = problem.message
        return None, Diagnostic("map-syntax", path, problem.line, problem.column, message)
    return None if root is None else _placed(root), None


def _placed(node: yaml_nodes.Node) -> Node:
    if isinstance(node, yaml_nodes.Scalar):
        return Text(node.text, node.line, node.column, node.is_absent)
    if isinstance(node, yaml_nodes.Sequence):
        return Items(tuple(map(_placed, node.items)), node.line, node.column)
    pairs = ((Text(key.text, key.line, key.column), _placed(value)) for key, value in node.items)
    return Pairs(tuple(pairs), node.line, node.column)
