"""What config.yaml holds, kept in the git directory: loading PyYAML for it takes a tenth of the
time that all of `desk list` may. See docs/adr/0009-kept-config.md.

Only the reading of YAML is saved: whatever the file says is checked each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk import __version__
from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.storage.kept import keep, read_kept

_FORM = 1
"""Of the file; one more with every change of `_packed`."""


class ConfigCache:
    """The nodes of one config.yaml, for as long as it has the same bytes."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder` (`desk` in the git directory), which need not be there yet."""
        self._path = folder / "config.json"

    def nodes(self, data: bytes) -> Node | None:
        """Return what these bytes hold, None where that is not known."""
        told = read_kept(self._path)
        try:
            return _unpacked(told["nodes"]) if told["made_from"] == _made_from(data) else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, data: bytes, root: Node) -> None:
        """Keep what these bytes hold."""
        keep(self._path, {"made_from": _made_from(data), "nodes": _packed(root)})


def _made_from(data: bytes) -> list[object]:
    """Return all that the nodes come from; the bytes as they are, since what makes a digest of them
    would have to be loaded."""
    return [_FORM, __version__, data.decode("latin-1")]


def _packed(node: Node) -> list[Any]:
    match node:
        case Text(text, line, column, is_absent):
            return ["text", text, line, column, is_absent]
        case Items(items, line, column):
            return ["items", [_packed(each) for each in items], line, column]
        case Pairs(pairs, line, column):
            inner = [(_packed(key), _packed(value)) for key, value in pairs]
            return ["pairs", inner, line, column]


def _unpacked(told: Any) -> Node:
    match told:
        case ["text", str(), int(), int(), bool()]:
            return Text(*told[1:])
        case ["items", list(items), int(line), int(column)]:
            return Items(tuple(map(_unpacked, items)), line, column)
        case ["pairs", list(pairs), int(line), int(column)]:
            inner = tuple((_text(key), _unpacked(value)) for key, value in pairs)
            return Pairs(inner, line, column)
    raise ValueError("no node")


def _text(told: Any) -> Text:
    key = _unpacked(told)
    if not isinstance(key, Text):
        raise ValueError("no key")
    return key
