"""Regular expressions that are compiled when they are first used.

A command loads a hundred modules and uses few of their expressions; to compile all of them takes
longer than to read its tickets.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Waiting(Generic[AnyStr]):
    """Becomes a compiled expression: from its first use on it has what that has."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._made_of: tuple[AnyStr, int] = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._made_of)
        for each in ("fullmatch", "match", "search", "sub", "split", "finditer", "findall"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression for the constants of a module; `re.error` comes when it is first
    used."""
    return cast("re.Pattern[AnyStr]", _Waiting(text, flags))
