"""Regular expressions that are compiled when they are first used.

A command loads a hundred modules and uses few of their expressions; to compile all of them takes
longer than to read its tickets.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Waiting(Generic[AnyStr]):
    """Has what a compiled expression has, from its first use on."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        for each in ("fullmatch", "match", "search", "sub", "split", "finditer", "findall"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression for the constants of a module, to be used by its own methods: the
    functions of `re` do not take it. `re.error` comes when it is first used."""
    return cast("re.Pattern[AnyStr]", _Waiting(text, flags))
