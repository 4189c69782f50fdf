"""Any front matter that YAML allows, as typed values, with the lines that wrote them."""

from __future__ import annotations

import re

from desk.domain import ids
from desk.domain.fields import FIELD
from desk.domain.headings import CUSTOM_NAME
from desk.domain.instants import parse_instant
from desk.domain.ticket import Block, Value
from desk.errors import Diagnostic
from desk.storage import front_matter
from desk.storage.yaml_nodes import Mapping, Node, Scalar, Sequence, YamlProblem, read_yaml

Head = tuple[dict[str, Value] | None, tuple[Block, ...], tuple[Diagnostic, ...]]

_CONFLICT = re.compile(r"^(?:<<<<<<< |>>>>>>> )", re.MULTILINE)


def read_head(text: str, path: str) -> Head:
    """Read a front matter without its ``---`` lines: values, the blocks of lines they stand in
    (none for a canonical one), and what is wrong (then the values are None)."""
    values = front_matter.scan(text)
    if values is not None and "created" in values and ids.is_id(str(values.get("id", ""))):
        return values, (), ()
    return _read_any(text, path)


def _read_any(text: str, path: str) -> Head:
    marker = _CONFLICT.search(text)
    if marker:
        line = text.count("\n", 0, marker.start()) + 2
        message = "conflict markers of Git: settle the versions (`desk mend` does it by itself)"
        return None, (), (Diagnostic("conflict", path, line, 1, message),)
    try:
        root = read_yaml(text)
    except YamlProblem as error:
        line = min(error.line, text.count("\n") + 1) + 1
        return None, (), (Diagnostic("yaml", path, line, error.column, error.message),)
    if not isinstance(root, Mapping):
        message = "the front matter is no list of `key: value` lines"
        return None, (), (Diagnostic("yaml", path, 2, 1, message),)
    values: dict[str, Value] = {}
    wrong: list[Diagnostic] = []
    for key, node in root.items:
        try:
            value = _value(key.text, node)
        except ValueError as error:
            wrong.append(Diagnostic("field", path, node.line + 1, node.column, str(error)))
        else:
            if value:
                values[key.text] = value
    for key_name in ("id", "created"):
        if key_name not in values and not wrong:
            message = f"the front matter has no `{key_name}`"
            wrong.append(Diagnostic("field", path, 1, 1, message))
    if wrong:
        return None, (), tuple(wrong)
    return values, _blocks(text, root, values), ()


def _value(key: str, node: Node) -> Value | None:
    field = FIELD.get(key)
    if isinstance(node, Scalar):
        if node.is_absent:
            return None
        if field is not None and field.kind in ("list", "mapping"):
            example = "[one, two]" if field.kind == "list" else "{name: value}"
            raise ValueError(f"`{key}` is a {field.kind}: write {key}: {example}")
        if key == "id" and not ids.is_id(node.text):
            raise ValueError(f"`{node.text}` is not a ticket ID like HD-2611-7K3QF")
        if field is not None and field.kind == "instant":
            parse_instant(node.text)
        return _text(key, node)
    if isinstance(node, Sequence):
        if field is not None and field.kind != "list":
            raise ValueError(f"`{key}` is no list")
        elements = [_text(key, item) for item in node.items if not _is_absent(item)]
        return tuple(dict.fromkeys(elements))
    if key != "fields":
        raise ValueError(f"`{key}` cannot hold a mapping: only `fields` does")
    custom = {}
    for name, item in node.items:
        if not CUSTOM_NAME.fullmatch(name.text):
            raise ValueError(
                f"`{name.text}` cannot name a custom field: use letters, digits, `_`, `-` and `.`"
            )
        if not _is_absent(item):
            custom[name.text] = _text(f"fields.{name.text}", item)
    return custom


def _is_absent(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_absent


def _text(key: str, node: Node) -> str:
    if not isinstance(node, Scalar):
        raise ValueError(f"`{key}` is nested too deeply: its values are plain texts")
    try:
        node.text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"`{key}` is not Unicode text") from None
    if "\0" in node.text:
        raise ValueError(f"`{key}` holds a NUL character")
    return node.text


def _blocks(text: str, root: Mapping, values: dict[str, Value]) -> tuple[Block, ...]:
    """Cut the text into each key's lines, and the comments and blank lines between them."""
    starts = [key.line - 1 for key, _ in root.items]
    if len(set(starts)) < len(starts) or any(key.column != 1 for key, _ in root.items):
        # Written inside braces or with `? key`: no lines to keep but the comments.
        comments = "".join(f"{comment}\n" for comment in front_matter.comments_in(text))
        rest = (
            Block(key, f"{key}: {front_matter.write_value(key, value)}\n", value)
            for key, value in values.items()
        )
        return (Block("", comments, None), *rest)
    lines = text.split("\n")[:-1]
    blocks = [Block("", "".join(f"{line}\n" for line in lines[: starts[0]]), None)]
    for (key, _), start, upto in zip(root.items, starts, [*starts[1:], len(lines)], strict=True):
        end = upto
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        own = "".join(f"{line}\n" for line in lines[start:end])
        blocks.append(Block(key.text, own, values.get(key.text)))
        blocks.append(Block("", "".join(f"{line}\n" for line in lines[end:upto]), None))
    return tuple(block for block in blocks if block.lines)
