"""Texts from strangers: how they are stored, quoted, escaped and bounded."""

from __future__ import annotations

import re

from desk.domain.patterns import pattern

MAX_TEXT_BYTES = 1_000_000
"""The longest text of one entry."""

MAX_TICKET_BYTES = 10_000_000
"""The longest file of a ticket."""

STRANGE_CLASS = (
    "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff"
)
"""Inside a regular expression's brackets: control characters (NEL among them), line and paragraph
separators, bidi controls, and what YAML readers refuse. They are stored as they are in texts,
escaped in front matter and headings, and shown escaped wherever a person looks."""

STRANGE = pattern(f"[{STRANGE_CLASS}]")
_STRANGE_IN_TEXT = pattern(f"(?![\n\t])[{STRANGE_CLASS}]")

_GUARDED = r"(?:## \d{4}-\d\d-\d\dT|<<<<<<< |>>>>>>> )"
_TO_ESCAPE = pattern(rf"^(?=\\*{_GUARDED})", re.MULTILINE | re.ASCII)
_TO_UNESCAPE = pattern(rf"^\\(?=\\*{_GUARDED})", re.MULTILINE | re.ASCII)
_LINE_END = pattern(r"(?<!\r)\r+(?:\n|\Z)")


def stored(text: str) -> str:
    """Return a text as an entry holds it: CRLF as LF, no blank lines at its ends, no final newline.

    ValueError, in one sentence, for what no ticket may hold: NUL, text that is not Unicode, more
    than `MAX_TEXT_BYTES`.
    """
    text = trimmed(with_plain_ends(text))
    size = len(_storable(text, "the text"))
    if size > MAX_TEXT_BYTES:
        raise ValueError(f"the text is {size:,} bytes long, and {MAX_TEXT_BYTES:,} is the most")
    return text


def with_plain_ends(text: str) -> str:
    """Return the text with every line ending at LF alone; a lone CR inside a line stays."""
    return _LINE_END.sub("\n", text) if "\r" in text else text


def trimmed(text: str) -> str:
    """Return the text without the blank lines (of spaces and tabs) at its ends."""
    text = text.strip("\n")
    if not text or (text[0] not in " \t" and text[-1] not in " \t"):
        return text
    lines = text.split("\n")
    first, last = 0, len(lines)
    while first < last and not lines[first].strip(" \t"):
        first += 1
    while last > first and not lines[last - 1].strip(" \t"):
        last -= 1
    return "\n".join(lines[first:last])


def guard(text: str) -> str:
    """Return the text as a file holds it: a line that reads like an entry's heading or like a
    conflict marker gets one more backslash."""
    if "## " in text or "<<<<<<< " in text or ">>>>>>> " in text:
        return _TO_ESCAPE.sub(r"\\", text)
    return text


def unguard(text: str) -> str:
    """Undo `guard`."""
    return _TO_UNESCAPE.sub("", text) if "\\" in text else text


def quoted(text: str) -> str:
    """Write a value in double quotes, as JSON and YAML both read it; strange characters as
    ``\\uXXXX``."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{STRANGE.sub(_escape, escaped)}"'


def visible(text: str) -> str:
    """Return a single-line text for a person's eyes: strange characters escaped, line ends too."""
    return STRANGE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Return a text of several lines for a person's eyes: strange characters escaped, but line
    ends and tabs kept."""
    return _STRANGE_IN_TEXT.sub(_escape, text)


def shortened(text: str, most: int) -> str:
    """Return a text without its middle where it is longer than `most`: a sentence that repeats what
    has no end says what is wrong before it, and what to do after it."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]} ... {text[-(most // 2) :]}"


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def one_line(text: str) -> str:
    """Return what was typed as a title or another single-line value: outer white space gone.

    ValueError for NUL and for text that is not Unicode.
    """
    _storable(text, "it")
    return text.strip()


def _storable(text: str, name: str) -> bytes:
    if "\0" in text:
        raise ValueError(f"{name} holds a NUL character")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} is not UTF-8") from None
