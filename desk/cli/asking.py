"""Texts and IDs: from the command line, from files, from standard input, from an editor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.run import Run
from desk.errors import NotFound, OutsideError, Refused, UsageError

MAX_INPUT_BYTES = 10_000_000

ids_argument = click.argument(
    "ids", nargs=-1, required=True, metavar="ID...", shell_complete=lambda *a: _complete(*a)
)
id_argument = click.argument(
    "ids", nargs=1, required=True, metavar="ID", shell_complete=lambda *a: _complete(*a)
)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    from desk.cli.completion import complete_ids

    return complete_ids(ctx, param, incomplete)


def text_options(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add -m and -F, the two ways to give an entry's text on the command line."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function = click.option(
            "-F", "--file", metavar="FILE", help=f"{what} from a file, - for standard input."
        )(function)
        return click.option("-m", "--message", metavar="TEXT", help=f"{what}.")(function)

    return decorate


def named_ids(given: Sequence[str] | str) -> list[str]:
    """Return the IDs of a command line; `-` stands for those on standard input."""
    names: list[str] = []
    for name in [given] if isinstance(given, str) else given:
        names += _standard_input("IDs").split() if name == "-" else [name]
    if not names:
        raise UsageError("no ticket is named", "give an ID, or IDs on standard input")
    return names


def _standard_input(what: str) -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError(f"there is no standard input to read {what} from", "give them as words")
    data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    return _decoded(data, "standard input")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_INPUT_BYTES:
        raise Refused(f"{name} holds more than 10 MB", "attach it as a file")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{name} is not UTF-8 text", "attach it as a file") from None


def read_text(file: str) -> str:
    """Return what a file, or with `-` standard input, holds."""
    if file == "-":
        return _standard_input("the text")
    try:
        with Path(file).open("rb") as stream:
            return _decoded(stream.read(MAX_INPUT_BYTES + 1), file)
    except FileNotFoundError:
        raise NotFound(f"there is no file {file}", "check the path") from None
    except OSError as error:
        raise OutsideError(f"cannot read {file}: {error.strerror}", "check its rights") from None


def given_text(
    run: Run,
    message: str | None,
    file: str | None,
    what: str,
    required: bool = True,
    about: str = "",
) -> str:
    """Return an entry's text: -m, -F, else (where it is required) from the editor on a terminal.

    UsageError where it is required and cannot be asked for; Refused where it comes back empty.
    """
    if message is not None and file is not None:
        raise UsageError("-m and -F both give the text", "use one of them")
    if file is not None:
        text = read_text(file)
    elif message is not None:
        text = message
    elif not required:
        return ""
    elif run.can_ask:
        text = _from_editor(what, about)
    else:
        raise UsageError(f"{what} is missing", "give it with -m TEXT, or -F FILE (- for stdin)")
    if required and not text.strip():
        raise Refused(f"{what} is empty", "nothing was written; give it with -m TEXT")
    return text


_SCISSORS = "# ------------------------ what stands below is left out ------------------------"


def _from_editor(what: str, about: str) -> str:
    shown = "".join(f"# {line}\n" for line in [what[:1].upper() + what[1:], *about.split("\n")])
    return edit_text(f"\n{_SCISSORS}\n{shown}", ".md").partition(_SCISSORS)[0]


def edit_text(text: str, suffix: str, keep: Path | None = None) -> str:
    """Let the person edit a text in VISUAL or EDITOR and return what they saved.

    `keep` is where the text being edited lies, and stays when the editor fails.
    """
    import shlex
    import subprocess
    import tempfile

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    handle, name = tempfile.mkstemp(prefix="desk-", suffix=suffix)
    path = keep or Path(name)
    os.close(handle)
    if keep is not None:
        Path(name).unlink()
    path.write_text(text, encoding="utf-8")
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError) as error:
        raise OutsideError(f"cannot run the editor `{editor}`: {error}", "set EDITOR") from None
    if done.returncode:
        raise OutsideError(
            f"the editor `{editor}` ended with exit code {done.returncode}",
            f"what you typed is kept in {path}",
        )
    edited = _decoded(path.read_bytes(), str(path))
    if keep is None:
        path.unlink(missing_ok=True)
    return edited
