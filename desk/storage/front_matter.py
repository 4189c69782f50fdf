"""The front matter of a ticket, or of an article: the canonical way to write it, and how it is
rewritten.

A canonical front matter has the known keys in the order of the table, a line each, without
comments. `scan` reads exactly what `write` writes, without a YAML parser: it is the hot path.
Whatever else YAML allows goes to PyYAML (`read`), and a test holds the two to the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from desk.domain.fields import FIELDS, ORDER
from desk.domain.headings import is_custom_name, unquoted
from desk.domain.instants import parse_instant
from desk.domain.patterns import pattern
from desk.domain.texts import STRANGE_CLASS, quoted
from desk.domain.ticket import Block, Value


class Keys:
    """The keys of a kind of file: their places in its order, and what each holds: a kind of
    `desk.domain.fields`, or a `date`. There is one object for each kind of file."""

    def __init__(self, order: Mapping[str, int], kind: Mapping[str, str]) -> None:
        self.order = order
        self.kind = kind
        self.scan_line = lru_cache(maxsize=4096)(self._scan_line)

    def _scan_line(self, line: str) -> tuple[int, str, Value | None]:
        """Return a line's place in the order of keys (-1: none), its key, and its value, None where
        it is not canonical. Kept: most lines stand in many tickets."""
        key, _, rest = line.partition(": ")
        if not rest or key not in self.order:
            return -1, key, None
        return self.order[key], key, _scan_value(self.kind[key], rest)


TICKET = Keys(ORDER, {field.name: field.kind for field in FIELDS})

_CLOSED = frozenset(value for field in FIELDS for value in field.values)

_PLAIN = pattern(rf"[\w/.(+$^;<][^ :{STRANGE_CLASS}]*(?:(?: +(?!#)|:+)[^ :{STRANGE_CLASS}]+)*")
_PLAIN_IN_FLOW = pattern(
    rf"[\w/.(+$^;<][^ :,?\[\]{{}}{STRANGE_CLASS}]*(?: +(?!#)[^ :,?\[\]{{}}{STRANGE_CLASS}]+)*"
)
"""Scalars that YAML reads as they stand, outside and inside brackets; a subset that is easy to be
sure of."""

_RETYPED = pattern(
    r"""
      (?:yes|no|on|off|true|false|null|y|n)           # case-blind; stock YAML knows most of them
    | [-+]?0b[01_]+ | [-+]?0o?[0-7_]+ | [-+]?(?:0|[1-9][\d_]*) | [-+]?0x[\da-f_]+
    | [-+]?\d[\d_]*(?::[0-5]?\d)+ (?:\.[\d_]*)?
    | [-+]?(?:\d[\d_]*)(?:\.[\d_]*)? (?:e[-+]?\d+)? | [-+]?\.[\d_]+(?:e[-+]?\d+)?
    | [-+]?\.inf | \.nan
    | \d{4}-\d\d?-\d\d?
      (?: (?:t|[ ]+) \d\d?:\d\d:\d\d (?:\.\d*)? (?:[ ]*(?:z|[-+]\d\d?(?::?\d\d)?))? )?
    | <<
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
"""What a stock YAML reader would take for something else than text."""

_SUSPECTS = frozenset("0123456789+.<yYnNoOtTfF")
"""The characters that something retyped begins with."""

_DATE = pattern(r"\d{4}-\d\d-\d\d", re.ASCII)
_MARK = pattern(r"<<<<<<< |\.\.\.")
"""What a line cannot begin with: a conflict marker of Git, an end of the document."""
_BLANK_FIRST = pattern(r"\A(?:[ \t]*\n)+")
_COMMENT = pattern(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)

_ELEMENT = pattern(r'("(?:[^"\\]|\\.)*"|[^"\s,][^,]*)(?:, |\Z)')
_PAIR = pattern(r'("(?:[^"\\]|\\.)*"|[^":\s][^:]*): ("(?:[^"\\]|\\.)*"|[^"\s,][^,]*)(?:, |\Z)')


def _is_plain(text: str, plain: re.Pattern[str] = _PLAIN) -> bool:
    return plain.fullmatch(text) is not None and not (
        text[0] in _SUSPECTS and _RETYPED.fullmatch(text)
    )


def _scalar(text: str, plain: re.Pattern[str] = _PLAIN) -> str:
    return text if _is_plain(text, plain) else quoted(text)


def write_value(key: str, value: Value, keys: Keys = TICKET) -> str:
    """Write a value as the canonical form has it behind ``key: ``."""
    if isinstance(value, tuple):
        return f"[{', '.join(_scalar(element, _PLAIN_IN_FLOW) for element in value)}]"
    if isinstance(value, Mapping):
        pairs = (
            f"{_scalar(name, _PLAIN_IN_FLOW)}: {_scalar(value[name], _PLAIN_IN_FLOW)}"
            for name in sorted(value)
        )
        return f"{{{', '.join(pairs)}}}"
    kind = keys.kind.get(key)
    if (kind == "instant" and _is_instant(value)) or (kind == "date" and _DATE.fullmatch(value)):
        return value
    return _scalar(value)


def write_line(key: str, value: Value | None, keys: Keys = TICKET) -> str:
    """Write a key and its value (None: nothing), one line."""
    name = key if key in keys.order else quoted(key) if _MARK.match(key) else _scalar(key)
    return f"{name}: {write_value(key, value, keys)}\n" if value else f"{name}:\n"


def _is_instant(text: str) -> bool:
    try:
        parse_instant(text)
    except ValueError:
        return False
    return True


def write(values: Mapping[str, Value], head: Iterable[Block] = (), keys: Keys = TICKET) -> str:
    """Write a front matter, without its two ``---`` lines.

    With `head`, what it held before: keys that did not change keep their lines, comments and
    unknown keys stand where they stood, and new keys come where the order of the table puts them.
    """
    head = tuple(head)
    if not head:
        return "".join(write_line(key, values[key], keys) for key in _in_order(values, keys))
    pieces: list[tuple[int, str]] = []
    place = -1
    before, is_gap = "", False
    for block in head:
        place = keys.order.get(block.key, place) if block.key else place
        lines = _rewritten(block, values, keys)
        if is_gap and before.count("\n") > 1:
            # Blank lines that come to stand below a block of text would become part of it.
            lines = _BLANK_FIRST.sub("", lines)
        is_gap = not lines
        before = lines if lines.strip() else before
        pieces.append((place, lines))
    written = {block.key for block in head}
    for key in _in_order(values.keys() - written, keys):
        own = keys.order.get(key, len(keys.order))
        at = next((i for i, (order, _) in enumerate(pieces) if order > own), len(pieces))
        pieces.insert(at, (own, write_line(key, values[key], keys)))
    return "".join(text for _, text in pieces)


def _in_order(names: Iterable[str], keys: Keys) -> list[str]:
    return sorted(names, key=lambda name: (keys.order.get(name, len(keys.order)), name))


def _rewritten(block: Block, values: Mapping[str, Value], keys: Keys) -> str:
    if not block.key or values.get(block.key) == block.value:
        return block.lines
    comments = comments_in(block.lines)
    if block.key not in values:
        return "".join(f"{comment}\n" for comment in comments)
    line = write_line(block.key, values[block.key], keys)
    if len(comments) == 1 and block.lines.count("\n") == 1:
        return f"{line[:-1]}  {comments[0]}\n"
    return "".join(f"{comment}\n" for comment in comments) + line


def comments_in(lines: str) -> list[str]:
    """Return the comments in some lines of YAML; they outlive the values they stand beside."""
    import yaml

    texts = []
    for token in yaml.scan(lines, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            if token.style in ("|", ">"):
                start = max(start, lines.find("\n", start, end))
            texts.append((start, end))
    found = []
    place = 0
    for start, end in (*texts, (len(lines), len(lines))):
        # No scalar begins or ends within a comment, so each stretch between two is by itself.
        for match in _COMMENT.finditer(lines, place, start):
            found.append(match[0])
        place = end
    return found


def scan(text: str, keys: Keys = TICKET) -> dict[str, Value] | None:
    """Read a canonical front matter; None where it is not exactly what `write` would write."""
    values: dict[str, Value] = {}
    last = -1
    scan_line = keys.scan_line
    for line in text.split("\n")[:-1]:
        place, key, value = scan_line(line)
        if place <= last or not value:
            return None
        last = place
        values[key] = dict(value) if isinstance(value, dict) else value
    return values


def _scan_value(kind: str, written: str) -> Value | None:
    if kind == "text":
        return written if written in _CLOSED else _scan_scalar(written)
    if kind == "instant":
        return written if _is_instant(written) else None
    if kind == "date":
        return written if _DATE.fullmatch(written) else None
    return _scan_list(written) if kind == "list" else _scan_mapping(written)


def _scan_scalar(written: str, plain: re.Pattern[str] = _PLAIN) -> str | None:
    if written[0] != '"':
        return written if _is_plain(written, plain) else None
    try:
        value = unquoted(written)
    except ValueError:
        return None
    return value if _scalar(value, plain) == written else None


def _scan_list(written: str) -> tuple[str, ...] | None:
    if written[0] != "[" or written[-1] != "]":
        return None
    inner = written[1:-1]
    elements: list[str] = []
    place = 0
    while place < len(inner):
        match = _ELEMENT.match(inner, place)
        value = _scan_scalar(match[1], _PLAIN_IN_FLOW) if match else None
        if match is None or not value:
            return None
        elements.append(value)
        place = match.end()
    if inner.endswith(", ") or len(set(elements)) < len(elements):
        return None
    return tuple(elements)


def _scan_mapping(written: str) -> dict[str, str] | None:
    if written[0] != "{" or written[-1] != "}":
        return None
    inner = written[1:-1]
    pairs: dict[str, str] = {}
    place = 0
    while place < len(inner):
        match = _PAIR.match(inner, place)
        if match is None:
            return None
        name = _scan_scalar(match[1], _PLAIN_IN_FLOW)
        value = _scan_scalar(match[2], _PLAIN_IN_FLOW)
        if not name or not value or not is_custom_name(name):
            return None
        if pairs and name <= next(reversed(pairs)):
            return None
        pairs[name] = value
        place = match.end()
    return None if inner.endswith(", ") else pairs
