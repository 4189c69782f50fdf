"""Names of attachments: safe on every system that a clone may land on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from desk.domain.patterns import pattern
from desk.domain.texts import STRANGE

MAX_ATTACHMENT_BYTES = 25_000_000

_RESERVED = pattern(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?", re.IGNORECASE
)
_FORBIDDEN = '/\\<>:"|?*'


def attachment_name(name: str, taken: Collection[str]) -> str:
    """Return a name for a file beside those `taken`: its own or, where that one is taken (case and
    normalisation apart), with a number.

    ValueError, in one sentence, for a name that begins with a dot, is reserved on Windows, or
    holds characters that a file system or a terminal would stumble over.
    """
    name = unicodedata.normalize("NFC", name)
    if not name or name.startswith("."):
        raise ValueError(f"`{name}` begins with a dot")
    if STRANGE.search(name) or any(mark in name for mark in _FORBIDDEN):
        raise ValueError(f"{name!r} holds characters that not every system can store")
    if name[-1] in ". " or name[0] == " ":
        raise ValueError(f"`{name}` begins or ends with a blank, or ends with a dot")
    if _RESERVED.fullmatch(name):
        raise ValueError(f"`{name}` is a reserved name on Windows")
    if len(name.encode()) > 200:
        raise ValueError("the name is longer than 200 bytes")
    folded = {folded_name(other) for other in taken}
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    candidate, number = name, 1
    while folded_name(candidate) in folded:
        number += 1
        candidate = f"{stem}-{number}{dot}{ending}"
    return candidate


def folded_name(name: str) -> str:
    """Return the same for all names that differ by case or normalisation alone."""
    # Once more after folding, which takes some letters apart: that of U+0390, for one.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_attachment_path(path: str) -> bool:
    """Tell whether a file at this path (from the workspace) lies in a ticket's folder."""
    return path.startswith("tickets/") and path.count("/") >= 4


def name_beside(path: str, mark: str) -> str:
    """Return the path of an attachment whose name another one has: `screen-1f0c9a2b.png` beside
    `screen.png`, the same in every clone for the same `mark` (the name of its content)."""
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    return f"{folder}/{stem}-{mark[:8]}{dot}{ending}"
