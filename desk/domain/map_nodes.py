"""Reading the nodes of an import map: texts with columns in them, and a note of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from desk.domain.config.nodes import Items, Node, Pairs, Text
from desk.domain.fields import FIELD
from desk.domain.import_map import BY, Choice, Expression, Template
from desk.domain.patterns import pattern
from desk.domain.texts import visible
from desk.errors import Diagnostic, UnknownName, did_you_mean

MOST_PROBLEMS = 100
_PIECE = pattern(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class MapReader:
    """What the checks of one map share: the file's header, the columns used so far, the problems.

    Of columns that have the same name, the first is meant; blanks around a name do not count.
    """

    def __init__(self, path: str, header: Sequence[str]) -> None:
        self.path = path
        self.names_by = False
        self._header: dict[str, int] = {}
        for place, name in enumerate(header):
            self._header.setdefault(name.strip(), place)
        self._used: dict[int, int] = {}
        self._found: list[Diagnostic] = []

    @property
    def columns(self) -> tuple[int, ...]:
        """The places in the header of the columns that were named; a cell's number in templates is
        its place in this."""
        return tuple(self._used)

    def problems(self) -> tuple[Diagnostic, ...]:
        """Return what was found, from the top of the file to its end."""
        return tuple(sorted(self._found, key=lambda found: (found.line, found.column)))

    def problem(self, at: Node, code: str, message: str) -> None:
        """Note a problem at the place of a node. Codes: shape, unknown, missing, value."""
        if len(self._found) < MOST_PROBLEMS:
            found = Diagnostic(f"map-{code}", self.path, at.line, at.column, visible(message))
            self._found.append(found)

    def unknown(self, at: Text, name: str, kind: str, known: Iterable[str]) -> None:
        """Note that a text names something there is none of."""
        self.problem(at, "unknown", f"`{name}`: {UnknownName(kind, at.text, known)}")

    def section(
        self, node: Node, name: str, known: Sequence[str] = ()
    ) -> dict[str, tuple[Text, Node]]:
        """Return a mapping's keys and values, those alone that are `known` where it is given."""
        if not isinstance(node, Pairs):
            keys = ", ".join(f"{key}: ..." for key in known[:2]) or "name: value"
            self.problem(node, "shape", f"`{name}` must be a mapping, like {{{keys}}}")
            return {}
        found = {}
        for key, value in node.pairs:
            if known and key.text not in known:
                advice = did_you_mean(key.text, known) or f"there are {', '.join(known)}"
                if is_absent(value) and key.text in self._header:
                    advice = f'if the column is meant, put it in quotes: "{{{key.text}}}"'
                inside = f" in `{name}`" if name else ""
                self.problem(key, "unknown", f"unknown key `{key.text}`{inside}; {advice}")
            else:
                found[key.text] = (key, value)
        return found

    def text(self, node: Node, name: str) -> str:
        """Return a node's characters; empty, with a problem, where it is no text."""
        if not isinstance(node, Text):
            self.problem(node, "shape", f"`{name}` must be a text")
            return ""
        try:
            node.text.encode()
        except UnicodeEncodeError:
            self.problem(node, "value", f"`{name}` is not Unicode text")
            return ""
        if "\0" in node.text:
            self.problem(node, "value", f"`{name}` holds a NUL character")
            return ""
        if not node.text:
            self.problem(node, "missing", f"`{name}` is empty")
        return node.text

    def choice(self, node: Node, name: str, known: Sequence[str]) -> str:
        """Return a text out of a closed set; empty, with a problem, where it is none of it."""
        text = self.text(node, name)
        if text and text not in known and isinstance(node, Text):
            self.unknown(node, name, "value", known)
        return text if text in known else ""

    def column(self, node: Node, name: str) -> int:
        """Return the place of the column that a node names; 0, with a problem, where there is
        none."""
        text = self.text(node, name).strip()
        if text in self._header:
            return self._place(text)
        if text and isinstance(node, Text):
            self.unknown(node, name, "column", self._header)
        return 0

    def _place(self, column: str) -> int:
        return self._used.setdefault(self._header[column], len(self._used))

    def template(self, node: Node, name: str, has_by: bool = True) -> Template:
        """Read a text in which ``{column}`` stands for a cell, ``{by}`` for who did it (with
        `has_by`), and ``{{`` for a brace."""
        text = self.text(node, name)
        parts: list[str | int] = []
        end = 0
        for match in _PIECE.finditer(text):
            parts += [text[end : match.start()]]
            parts += self._piece(match, node, name, has_by)
            end = match.end()
        parts.append(text[end:])
        return Template(tuple(part for part in parts if part != ""))

    def _piece(
        self, match: re.Match[str], node: Node, name: str, has_by: bool
    ) -> Iterator[str | int]:
        column = (match[1] or "").strip()
        if match[0] in ("{{", "}}"):
            yield match[0][0]
        elif match[1] is None:
            message = f"`{name}` has a `{match[0]}` without its other half; a brace is `{{{{`"
            self.problem(node, "value", message)
        elif has_by and column == "by" and self.names_by:
            yield BY
        elif column in self._header:
            yield self._place(column)
        elif column == "by":
            self.problem(node, "unknown", f"`{name}`: there is no `by` to stand for `{{by}}` here")
        else:
            self.unknown(Text(column, node.line, node.column), name, "column", self._header)

    def expression(self, node: Node, name: str, key: str = "") -> Expression:
        """Read a text with columns in it, or ``{column, values, else}``. What is the same for
        every row is held against the closed set of the field `key`."""
        if not isinstance(node, Pairs):
            return self._checked(node, name, key)
        parts = self.section(node, name, ("column", "values", "else"))
        if "column" not in parts:
            if len(parts) == len(node.pairs):
                self.problem(node, "missing", f"`{name}.column` is missing: which cell is meant?")
            return Template(())
        place = self.column(parts["column"][1], f"{name}.column")
        values = {}
        if "values" in parts:
            for given, (_, value) in self.section(parts["values"][1], f"{name}.values").items():
                values[given.strip()] = self._checked(value, f"{name}.values.{given}", key)
        rest = self._checked(parts["else"][1], f"{name}.else", key) if "else" in parts else None
        return Choice(place, values, rest)

    def _checked(self, node: Node, name: str, key: str) -> Template:
        if is_absent(node):
            return Template(())
        template = self.template(node, name)
        known = FIELD[key].values if key in FIELD else ()
        constant = (template.constant or "").strip()
        if constant and known and constant.casefold() not in known:
            self.unknown(Text(constant, node.line, node.column), name, key, known)
        return template

    def expressions(self, node: Node, name: str, key: str) -> tuple[Expression, ...]:
        """Read what a field is to be: one expression or, for a list, as many as it has elements."""
        if not isinstance(node, Items):
            return (self.expression(node, name, key),)
        if key not in FIELD or FIELD[key].kind != "list":
            self.problem(node, "shape", f"`{name}` is no list: write one text")
            return (Template(()),)
        return tuple(self.expression(item, f"{name}[]", key) for item in node.items)


def is_absent(node: Node) -> bool:
    """Tell whether nothing stands there, or a plain ``null`` or ``~``."""
    return isinstance(node, Text) and node.is_absent
