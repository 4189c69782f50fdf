"""Run the program and kill it, with all that it started, at its Nth step that leaves a trace on
disk. `python -m tests.killing N WORDS...` is the program that kills itself; 0 counts the steps.

Two ways to count. `by_python` counts what Python is told to do before it does it: files opened to
be written, renamed, linked, removed and synced, folders made, programs started. `by_strace` counts
what the system has done for any process, those of git included, and needs strace. What the program
reads from standard input is the file `ids` beside its folder.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[1]
STEPS = frozenset(
    ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "subprocess.Popen")
)
"""Events of Python's own audit that count, besides those of files opened to be written."""
CALLS = (
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir"),
    *("mkdirat", "rmdir", "fsync", "fdatasync", "sync", "ftruncate", "openat", "execve"),
)
"""Calls of the system that count; of `openat` those that make or empty a file."""
_STOPPED = re.compile(r"(\d+) +--- stopped by SIGSTOP ---")
_CALL = re.compile(r"(\d+) +(\w+)\((.*)")


class Ended(NamedTuple):
    """How a run ended: whether it was killed, after how many steps, its exit code, and all that it
    printed to standard output, which is what it acknowledged."""

    is_killed: bool
    steps: int
    code: int
    out: str


def by_python(words: Sequence[str], folder: Path, environment: Mapping[str, str], at: int) -> Ended:
    """Kill the program just before its Nth step; for 0, let it run and count."""
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as count,
        (folder.parent / "ids").open() as stdin,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing", str(at), str(count.fileno()), *words],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=stdin,
            stdout=out,
            stderr=subprocess.DEVNULL,
            pass_fds=[count.fileno()],
            start_new_session=True,
        )
        code = process.wait()
        steps = os.fstat(count.fileno()).st_size
        return Ended(code == -signal.SIGKILL, steps, code, _read(out))


def by_strace(words: Sequence[str], folder: Path, environment: Mapping[str, str], at: int) -> Ended:
    """Kill the program and every git of its just after their Nth step, by stopping them at each
    one; for 0, let them run and count."""
    calls = ",".join(CALLS)
    read, write = os.pipe()
    with (
        tempfile.TemporaryFile() as out,
        os.fdopen(read, errors="replace") as told,
        (folder.parent / "ids").open() as stdin,
    ):
        process = subprocess.Popen(
            [
                *("strace", "-f", "-qq", "-s", "9", "-e", f"trace={calls}"),
                *("-e", f"inject={calls}:signal=STOP", "-o", f"/dev/fd/{write}"),
                *(sys.executable, "-m", "desk", *words),
            ],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=stdin,
            stdout=out,
            stderr=subprocess.DEVNULL,
            pass_fds=[write],
            start_new_session=True,
        )
        os.close(write)
        steps = _count(told, process.pid, at)
        code = process.wait()
        return Ended(bool(at) and steps >= at, steps, code, _read(out))


def _count(told: IO[str], group: int, at: int) -> int:
    """Let go on whoever stops, up to the Nth step, and kill them all there; return the steps."""
    steps, last = 0, {}
    for line in told:
        if match := _CALL.match(line):
            last[match[1]] = match[2] != "openat" or bool(re.search(r"O_CREAT|O_TRUNC", match[3]))
        elif match := _STOPPED.match(line):
            steps += last.get(match[1], False)
            if at and steps >= at:
                os.killpg(group, signal.SIGKILL)
                break
            try:
                os.kill(int(match[1]), signal.SIGCONT)
            except ProcessLookupError:
                continue
    return steps


def _read(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode(errors="replace")


def has_strace() -> bool:
    """Tell whether strace is there and may trace."""
    if not shutil.which("strace"):
        return False
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True)
    return tried.returncode == 0


def main(at: int, count: int, words: list[str]) -> int:
    """Run the program in this process, and kill its group at the Nth step."""
    from desk.cli.main import run_program

    steps = 0
    fsync = os.fsync

    def step() -> None:
        nonlocal steps
        steps += 1
        os.write(count, b".")
        if steps == at:
            os.killpg(0, signal.SIGKILL)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS or (event == "open" and _is_to_write(arguments)):
            step()

    def synced(handle: int) -> None:
        step()
        fsync(handle)

    vars(os)["fsync"] = synced
    sys.addaudithook(watch)
    return run_program(words)


def _is_to_write(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str) and set(mode) & set("wax+"):
        return True
    return isinstance(flags, int) and bool(flags & (os.O_CREAT | os.O_TRUNC))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
