"""Texts and IDs: from the command line, from files, from standard input, from an editor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.choices import complete_paths
from desk.cli.run import Run, is_terminal
from desk.domain.texts import visible
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
            "-F",
            "--file",
            metavar="FILE",
            shell_complete=complete_paths("file"),
            help=f"{what} from a file, - for standard input.",
        )(function)
        return click.option("-m", "--message", metavar="TEXT", help=f"{what}.")(function)

    return decorate


class NothingNamed(click.exceptions.Exit):
    """Standard input was to name tickets and named none: there is nothing to do, and no trouble."""


def named_ids(given: Sequence[str] | str) -> list[str]:
    """Return the IDs of a command line; `-` stands for those on standard input."""
    names: list[str] = []
    for name in [given] if isinstance(given, str) else given:
        names += _standard_input("IDs").split() if name == "-" else [name]
    if not names:
        _run().say("standard input names no ticket: nothing to do")
        raise NothingNamed
    return names


def named_id(given: str) -> str:
    """Return the one ID that a command takes; UsageError where standard input names several."""
    names = named_ids(given)
    if len(names) > 1:
        raise UsageError(f"this command takes one ticket, not {len(names)}", "name it by itself")
    return names[0]


def _run() -> Run:
    return click.get_current_context().ensure_object(Run)


def _standard_input(what: str) -> str:
    run = _run()
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError(f"there is no standard input to read {what} from", "give them as words")
    if run.stdin_gave:
        raise UsageError(
            f"standard input was read for {run.stdin_gave}, so {what} cannot come from it too",
            "use a file, or words",
        )
    run.stdin_gave = what
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
    names: Sequence[str] = (),
    option: str = "-m",
    begun: str = "",
) -> str:
    """Return an entry's text: from `option`, -F, else (where it is required) from the editor on a
    terminal, which begins with what is `begun` and shows what tickets `names` are. What is begun
    will do where nobody can be asked.

    UsageError where it is required and cannot be asked for; Refused where it comes back empty; what
    refuses `names`, before anybody types for nothing.
    """
    if message is not None and file is not None:
        raise UsageError(f"{option} and -F both give {what}", "use one of them")
    if file is not None:
        text = read_text(file)
    elif message is not None:
        text = message
    elif not required:
        return ""
    elif run.can_ask:
        text = _from_editor(run, what, _about(run, names), begun)
    elif begun:
        text = begun
    else:
        raise UsageError(f"{what} is missing", "give it with -m TEXT, or -F FILE (- for stdin)")
    if required and not text.strip():
        run.forget_typed()
        raise Refused(f"{what} is empty", "nothing was written; give it with -m TEXT")
    return text


def _about(run: Run, names: Sequence[str]) -> list[str]:
    """Return what the editor shows below the text: which tickets it is for."""
    from desk.services.finding import find_all

    return [f"{each.ticket.id} {each.ticket.title}" for each in find_all(run.desk, names)]


_SCISSORS = "# ------------------------ what stands below is left out ------------------------"


def _from_editor(run: Run, what: str, about: Sequence[str], begun: str = "") -> str:
    import tempfile

    shown = "".join(f"# {visible(line)}\n" for line in [what[:1].upper() + what[1:], *about])
    handle, name = tempfile.mkstemp(prefix="desk-", suffix=".md")
    os.close(handle)
    run.typed = Path(name)
    text = edit_text(f"{begun}\n{_SCISSORS}\n{shown}", run.typed).partition(_SCISSORS)[0]
    run.typed.write_text(text, encoding="utf-8")
    return text


def edit_text(text: str, path: Path) -> str:
    """Let the person edit a text in VISUAL or EDITOR, in a file at `path` that stays, and return
    what they saved. OutsideError where the editor fails.

    Ctrl-C is the editor's own while it runs; where our stdout is a file or a pipe, the editor has
    the terminal that stderr is.
    """
    import shlex
    import signal
    import subprocess

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    path.write_text(text, encoding="utf-8")
    stdout = None if is_terminal(sys.stdout) else 2
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False, stdout=stdout)
    except (OSError, ValueError) as error:
        path.unlink()
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutsideError(f"cannot run the editor `{editor}`: {reason}", "set EDITOR") from None
    finally:
        signal.signal(signal.SIGINT, before)
    if done.returncode:
        if path.read_bytes() == text.encode():
            path.unlink()  # nothing was typed, so nothing is kept
        raise OutsideError(
            f"the editor `{editor}` ended with exit code {done.returncode}", "nothing was done"
        )
    return _decoded(path.read_bytes(), "what you typed")
