"""Any front matter that YAML allows, as typed values, with the lines that wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desk.domain import ids
from desk.domain.fields import FIELD
from desk.domain.headings import is_custom_name
from desk.domain.instants import parse_instant
from desk.domain.patterns import pattern
from desk.domain.ticket import Block, Value
from desk.errors import Diagnostic
from desk.storage import front_matter
from desk.storage.yaml_nodes import Mapping, Node, Scalar, Sequence, YamlProblem, read_yaml

Head = tuple[dict[str, Value] | None, tuple[Block, ...], tuple[Diagnostic, ...]]

_CONFLICT = pattern(r"^(?:<<<<<<< |>>>>>>> )", re.MULTILINE)
CONFLICT_MESSAGE = "a conflict marker of Git: `desk mend` settles it, or tells what to do"

_MISLEADING = pattern(r"[\r\x85\u2028\u2029]|^\.\.\.(?=\s|\Z)", re.MULTILINE)
"""What YAML takes for the end of a line or of the document, and nothing else here does."""

Misfit = tuple[Node, str]
"""A part of the front matter, and what is wrong with it."""

Trouble = tuple[int, str, str]
"""An offset in a text, the code of a Diagnostic, and its message."""


def diagnostics(
    text: str, path: str, troubles: Iterable[Trouble], first_line: int = 1
) -> Iterator[Diagnostic]:
    """Say on which line and in which column each trouble lies; they come by offset. Linear in the
    text, however many they are."""
    line, counted = first_line, 0
    for offset, code, message in troubles:
        line += text.count("\n", counted, offset)
        counted = offset
        column = offset - text.rfind("\n", 0, offset)
        yield Diagnostic(code, path, line, column, message)


def conflicts(text: str) -> Iterator[Trouble]:
    """Yield the conflict markers of Git."""
    for marker in _CONFLICT.finditer(text):
        yield marker.start(), "conflict", CONFLICT_MESSAGE


def read_head(text: str, path: str) -> Head:
    """Read a front matter without its ``---`` lines: values, the blocks of lines they stand in
    (none for a canonical one), and what is wrong (then the values are None)."""
    values = front_matter.scan(text)
    if values is not None and "created" in values and ids.is_id(str(values.get("id", ""))):
        return values, (), ()
    return _read_any(text, path)


def _read_any(text: str, path: str) -> Head:
    troubles = list(conflicts(text)) or list(misleading(text))
    if troubles:
        return None, (), tuple(diagnostics(text, path, troubles, first_line=2))
    try:
        root = read_yaml(text)
    except YamlProblem as error:
        line = min(error.line, text.count("\n") + 1) + 1
        return None, (), (Diagnostic("yaml", path, line, error.column, error.message),)
    if not isinstance(root, Mapping):
        message = "the front matter is no list of `key: value` lines"
        return None, (), (Diagnostic("yaml", path, 2, 1, message),)
    values: dict[str, Value] = {}
    wrong: list[Misfit] = []
    missing = {"id", "created"}
    for key, node in root.items:
        found = len(wrong)
        value = _value(key.text, node, wrong)
        if value:
            values[key.text] = value
        if value or len(wrong) > found:
            missing.discard(key.text)
    problems = [
        Diagnostic("field", path, 1, 1, f"the front matter has no `{name}`")
        for name in sorted(missing, reverse=True)
    ]
    problems += [
        Diagnostic("field", path, node.line + 1, node.column, message) for node, message in wrong
    ]
    if problems:
        return None, (), tuple(problems)
    return values, blocks_of(text, root, values), ()


def misleading(text: str) -> Iterator[Trouble]:
    """Yield what YAML takes for an end that is none."""
    for match in _MISLEADING.finditer(text):
        message = "the front matter ends with `---`, not here: remove this line"
        if match[0] != "...":
            written = f"\\u{ord(match[0]):04x}"
            message = f"a line end that is none here: write it as {written} in double quotes"
        yield match.start(), "yaml", message


def _value(key: str, node: Node, wrong: list[Misfit]) -> Value | None:
    """Return what a key holds, None where it is absent; what does not fit goes to the `wrong`."""
    kind = FIELD[key].kind if key in FIELD else ""
    if isinstance(node, Scalar):
        if node.is_absent:
            return None
        if kind in ("list", "mapping"):
            example = "[one, two]" if kind == "list" else "{name: value}"
            wrong.append((node, f"`{key}` is a {kind}: write {key}: {example}"))
        elif key == "id" and not ids.is_id(node.text):
            wrong.append((node, f"`{node.text}` is not a ticket ID like HD-2611-7K3QF"))
        elif kind == "instant":
            try:
                parse_instant(node.text)
            except ValueError as error:
                wrong.append((node, str(error)))
        return _text(key, node, wrong)
    if isinstance(node, Sequence):
        if kind not in ("list", ""):
            wrong.append((node, f"`{key}` is no list"))
        return tuple(dict.fromkeys(filter(None, (_text(key, item, wrong) for item in node.items))))
    if key == "fields":
        return _custom(node, wrong)
    wrong.append((node, f"`{key}` cannot hold a mapping: only `fields` does"))
    return None


def _custom(node: Mapping, wrong: list[Misfit]) -> dict[str, str]:
    custom = {}
    for name, item in node.items:
        if not is_custom_name(name.text):
            advice = "use letters, digits, `_`, `-` and `.`, a hundred at most"
            wrong.append((name, f"`{name.text}` cannot name a custom field: {advice}"))
        if value := _text(f"fields.{name.text}", item, wrong):
            custom[name.text] = value
    return custom


def _text(key: str, node: Node, wrong: list[Misfit]) -> str:
    if not isinstance(node, Scalar):
        wrong.append((node, f"`{key}` is nested too deeply: its values are plain texts"))
        return ""
    if node.is_absent:
        return ""
    try:
        node.text.encode()
    except UnicodeEncodeError:
        wrong.append((node, f"`{key}` is not Unicode text"))
    if "\0" in node.text:
        wrong.append((node, f"`{key}` holds a NUL character"))
    return node.text


def blocks_of(
    text: str,
    root: Mapping,
    values: dict[str, Value],
    keys: front_matter.Keys = front_matter.TICKET,
) -> tuple[Block, ...]:
    """Cut a front matter into each key's lines, and the comments and blank lines between them."""
    starts = [key.line - 1 for key, _ in root.items]
    if len(set(starts)) < len(starts) or any(key.column != 1 for key, _ in root.items):
        # Written inside braces or with `? key`: no lines to keep but the comments.
        comments = "".join(f"{comment}\n" for comment in front_matter.comments_in(text))
        rest = (
            Block(
                key.text,
                front_matter.write_line(key.text, values.get(key.text), keys),
                values.get(key.text),
            )
            for key, _ in root.items
        )
        return (Block("", comments, None), *rest)
    lines = text.split("\n")[:-1]
    blocks = [Block("", "".join(f"{line}\n" for line in lines[: starts[0]]), None)]
    for (key, node), start, upto in zip(root.items, starts, [*starts[1:], len(lines)], strict=True):
        end, least = upto, max(start + 1, _last_line(node))
        while end > least and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        own = "".join(f"{line}\n" for line in lines[start:end])
        blocks.append(Block(key.text, own, values.get(key.text)))
        blocks.append(Block("", "".join(f"{line}\n" for line in lines[end:upto]), None))
    return tuple(block for block in blocks if block.lines)


def _last_line(node: Node) -> int:
    """Return the line (from 1) of the last scalar of a node, at its end if it is in quotes: what
    looks like a comment before that may be text."""
    while not isinstance(node, Scalar):
        if not node.items:
            return node.line
        node = node.items[-1] if isinstance(node, Sequence) else node.items[-1][1]
    return node.last_line
