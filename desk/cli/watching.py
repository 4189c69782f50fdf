"""`desk list --watch`: a list that is shown again every so many seconds."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from desk import clock
from desk.cli.listing import print_found
from desk.cli.refusing import refuse_as_of
from desk.cli.run import Run
from desk.errors import DeskError, UsageError
from desk.render.columns import DEFAULT, columns_named
from desk.render.style import local
from desk.services.watching import Look, look

if TYPE_CHECKING:
    from types import FrameType

Wait = Callable[[float], float]
"""Waits so many seconds; returns how many are left where the screen is to be drawn before, else 0.
"""

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
"""To a screen of its own, without a cursor; and back to what was there before."""


def watch_list(
    run: Run,
    query_text: str,
    seconds: int,
    limit: int | None = None,
    is_alone: bool = True,
    wait: Wait | None = None,
) -> None:
    """Show what a query finds, and again every so many seconds, until Ctrl-C.

    Each time config.yaml and the tickets are read anew. What goes wrong at the first look is
    refused as ever; later it is shown, and the next look may be better. `is_alone`: there is no
    --by and no --count.
    """
    refuse_as_of(run, "--watch looks at the tickets as they are now")
    if not is_alone:
        raise UsageError("--watch shows one list", "leave --by and --count out")
    can_draw = run.is_terminal and os.environ.get("TERM") != "dumb"
    form = run.format(("table", "plain", "jsonl", "ids")) if can_draw or run.output else "plain"
    if form == "table" and not can_draw:
        raise UsageError("--watch draws a table on a terminal alone", "leave -o out")
    watch = _Watch(run, query_text, seconds, limit or 0, form)
    with contextlib.suppress(KeyboardInterrupt):
        watch.look()
        with _own_screen() if form == "table" else contextlib.nullcontext():
            while True:
                left = float(seconds)
                watch.show()
                while (left := (wait or wait_for)(left)) > 0:
                    watch.draw()
                watch.look_again()


class _Watch:
    """What is watched, and what was seen last."""

    def __init__(self, run: Run, query_text: str, seconds: int, limit: int, form: str) -> None:
        self._run, self._query_text, self._seconds = run, query_text, seconds
        self._limit, self._form = limit, form
        self._now: Look | None = None
        self._is_first = True
        self._trouble: tuple[str, ...] = ()
        self._told: tuple[str, ...] = ()

    def look(self) -> None:
        """Look, whatever comes of it."""
        is_drawn = self._form == "table"
        run = replace(self._run, quiet=is_drawn or self._run.quiet)
        self._run.ahead = None  # what was looked for early is the first look's alone
        try:
            self._now = look(run.desk, self._query_text, 0 if is_drawn else self._limit, self._now)
        finally:
            run.end()
        unreadable = (f"unreadable: {problem}" for problem in self._now.listing.unreadable)
        notices = () if self._run.quiet else run.desk.notices
        self._trouble = (*notices, *unreadable)

    def look_again(self) -> None:
        """Look; where that cannot be, keep what was seen and why."""
        self._is_first = False
        before = self._now
        try:
            self.look()
        except DeskError as error:
            self._trouble = (*error.details, f"desk: {error}")
        except OSError as error:
            self._trouble = (f"desk: {error.filename or ''}: {error.strerror or error}",)
        else:
            return
        if before is not None:
            self._now = replace(before, marks={}, gone=())

    def show(self) -> None:
        """Show what was seen: the screen, or what of it is new."""
        if self._form == "table":
            self.draw()
        else:
            self._print_new()

    def draw(self) -> None:
        """Draw the screen over the one before it."""
        if self._now is None or self._form != "table":
            return
        from desk.render.watching import watch_heading, watch_screen

        at = local(clock.now(), self._now.desk.settings.zone, "%Y-%m-%d %H:%M:%S")
        heading = watch_heading(at, self._query_text, self._seconds)
        columns = columns_named(self._run.fields or ",".join(DEFAULT))
        size = shutil.get_terminal_size()
        lines = watch_screen(
            *(self._now, heading, columns, (size.columns, size.lines), self._run.has_color),
            trouble=self._trouble,
            yields=not self._run.fields,
            limit=self._limit,
        )
        sys.stdout.write(_drawn(lines, size.lines))
        sys.stdout.flush()

    def _print_new(self) -> None:
        now = self._now
        if now is None:
            return
        if self._trouble != self._told:
            self._run.warn(self._trouble)
            self._told = self._trouble
        shown = now.listing.shown if self._is_first else now.new
        if shown:
            print_found(replace(self._run), shown, self._form)
            sys.stdout.flush()
        for name in now.gone:
            self._run.say(f"{name} is no longer among them")


def _drawn(lines: Sequence[str], height: int) -> str:
    """Return what draws lines over a screen, without clearing it first: that would flicker. Each
    line is cleared before it is written, as the cursor has no place behind a full one."""
    text = "\x1b[H" + "\r\n".join(f"\x1b[2K{line}" for line in lines)
    return text if len(lines) >= height else f"{text}\r\n\x1b[J"


@contextlib.contextmanager
def _own_screen() -> Iterator[None]:
    """Draw on a screen of its own; the terminal is as it was afterwards, SIGTERM or not."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    sys.stdout.write(_ENTER)
    try:
        yield
    finally:
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, before)


def wait_for(seconds: float) -> float:
    """Wait, but not beyond a change of the terminal's size: see `Wait`."""
    if not hasattr(signal, "SIGWINCH"):
        time.sleep(seconds)
        return 0
    ends_at = time.monotonic() + seconds
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    before = signal.signal(signal.SIGWINCH, lambda number, frame: None)
    waking = signal.set_wakeup_fd(theirs)
    try:
        is_woken = bool(select.select([ours], [], [], seconds)[0])
    finally:
        signal.set_wakeup_fd(waking)
        signal.signal(signal.SIGWINCH, before)
        os.close(ours)
        os.close(theirs)
    return max(0.0, ends_at - time.monotonic()) if is_woken else 0
