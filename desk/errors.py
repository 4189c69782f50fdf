"""Refusals: what a command says, in one sentence, when it cannot do what it was asked.

Each kind of trouble is a class with its own exit code (`EXIT_CODES`); each reason within it a
small subclass made from data. Trouble inside users' files is not an exception but a value,
`Diagnostic`, so that one bad file never hides the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

EXIT_CODES = {
    0: "fine, an empty list too",
    1: "the checked thing is not clean",
    2: "usage, or the syntax of a query",
    3: "not found",
    4: "refused: workflow, permission or validation",
    5: "the workspace or its config.yaml",
    6: "a conflict, or a lock that others hold",
    7: "git, or input and output",
    70: "a bug in desk (the path of a report is printed)",
    130: "cancelled",
}


class Diagnostic(NamedTuple):
    """Something wrong at a place in a file.

    `line` and `column` count from 1; 0 means the whole file, or the whole line.
    """

    code: str
    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.message}"


class DeskError(Exception):
    """A refusal: one sentence that says what is wrong and, as `hint`, what to do next.

    `details` are lines shown before the sentence: the problems of a file, what git said.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, hint: str = "", details: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(str(detail) for detail in details)

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(DeskError):
    """The words of the command line are off."""

    exit_code = 2


class NotFound(DeskError):
    """What was named is not there."""

    exit_code = 3


class Refused(DeskError):
    """The workflow, a permission or a validation forbids it."""

    exit_code = 4


class WorkspaceError(DeskError):
    """There is no workspace here, or its config.yaml does not check."""

    exit_code = 5


class Conflict(DeskError):
    """Somebody else holds a lock, or two versions of a file disagree."""

    exit_code = 6


class OutsideError(DeskError):
    """git or the operating system refused."""

    exit_code = 7


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest known name, or an empty string."""
    nearest = nearest_name(given, known)
    return f"did you mean `{nearest}`?" if nearest else ""


def nearest_name(given: str, known: Iterable[str]) -> str:
    """Return the known name that `given` was most likely meant to be, or an empty string."""
    from difflib import get_close_matches

    by_key = {name.casefold().replace("-", "_"): name for name in known}
    key = given.casefold().replace("-", "_")
    if key in by_key:
        return by_key[key]
    found = get_close_matches(key, by_key, n=1, cutoff=0.6)
    if not found and len(key) >= 2:
        found = [name for name in by_key if name.startswith(key)][:1]
    return by_key[found[0]] if found else ""


class UnknownName(Refused):
    """A person, team, category, status and so on that this help desk does not have."""

    def __init__(self, kind: str, given: str, known: Iterable[str], hint: str = "") -> None:
        known = list(known)
        guess = did_you_mean(given, known)
        if not hint:
            shown = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
            hint = guess or (f"there are {shown}" if known else f"this help desk has no {kind}")
        super().__init__(f"unknown {kind} `{given}`", guess or hint)
