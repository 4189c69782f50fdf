"""Every trouble as one sentence on stderr, `desk: ...`, and its exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence

import click

from desk.cli.run import Run, is_terminal
from desk.domain.texts import shortened, visible
from desk.errors import DeskError, nearest_name


def exit_code_of(work: Callable[[], None], run: Run, arguments: Sequence[str]) -> int:
    """Do the work and return the program's exit code; what went wrong is told on stderr.

    A reader of our output that has had enough is no trouble. What was typed in an editor and not
    used is kept, and the sentence says where.
    """
    try:
        work()
        run.forget_typed()
    except DeskError as error:
        run.say_notices()
        _tell(error.details)
        return _refused(run, str(error), error.exit_code)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        return _refused(run, _usage(error), 2)
    except (click.Abort, KeyboardInterrupt):
        if is_terminal(sys.stderr):
            click.echo(err=True)
        return _refused(run, "cancelled; nothing more was done", 130)
    except click.ClickException as error:
        return _refused(run, error.format_message(), error.exit_code)
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        if run.has_written:
            return _refused(run, f"all was done, but the answer cannot be printed: {reason}", 7)
        return _refused(run, f"{named}{reason}; check the path and its rights, and try again", 7)
    except Exception:
        from desk.cli.bug_report import written_report

        path, report = written_report(arguments)
        if run.verbose or not path:
            _tell(report.rstrip("\n").split("\n"))
        where = f"; a report of it is in {path}" if path else ""
        return _refused(run, f"this is a bug in desk{where}", 70)
    finally:
        run.end()
    return 0


def _refused(run: Run, sentence: str, code: int) -> int:
    if run.typed is not None and run.typed.exists():
        sentence = f"{sentence}; what you typed is kept in {run.typed}"
    _tell([f"desk: {sentence}"])
    return code


LONGEST_LINE = 1200
"""How much of a line is told that repeats an argument."""


def _tell(lines: Sequence[object]) -> None:
    """Write lines on stderr, each as one line whatever is in it; where nobody reads, nothing."""
    try:
        for line in lines:
            click.echo(visible(shortened(str(line), LONGEST_LINE)), err=True)
    except OSError:
        _drop_output()


def _drop_output() -> None:
    """Let nothing more be written, so that Python does not try again at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _usage(error: click.UsageError) -> str:
    """Return what is wrong with the words of the command line, and what to do next."""
    path = error.ctx.command_path if error.ctx else "desk"
    see = f"see `{path} --help`"
    if isinstance(error, click.NoSuchOption):
        flags = [flag for param in _params(error.ctx) for flag in param.opts]
        known = {flag.lstrip("-"): flag for flag in flags if flag.startswith("--")}
        nearest = nearest_name(error.option_name.lstrip("-"), known)
        guess = f"did you mean `{known[nearest]}`?" if nearest else see
        is_short = not error.option_name.startswith("--")
        if is_short and any(param.name == "query" for param in _params(error.ctx)):
            guess = f"{see}; to leave out a word, write `not WORD`"
        return f"there is no option `{error.option_name}`; {guess}"
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message[:1].lower() + message[1:]
    return message if "; " in message else f"{message}; {see}"


def _params(ctx: click.Context | None) -> Sequence[click.Parameter]:
    return ctx.command.get_params(ctx) if ctx else ()
