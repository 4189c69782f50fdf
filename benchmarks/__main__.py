"""What commands take as whole processes, beside yardsticks of the same run: `python -m benchmarks
FOLDER [TICKETS...]`. Help desks are made in FOLDER where they are not there yet, and are reset to
what they were made as where they are; the table goes to benchmarks/RESULTS.md.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import taskwarrior
from benchmarks.generate import generate

SIZES = (1_000, 10_000)
ROUNDS = 15
RESULTS = Path(__file__).parent / "RESULTS.md"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DESK_")},
    "DESK_NOW": "2026-11-20T09:15:00Z",
    "DESK_USER": "ana",
}
TARGETS: dict[str, dict[int, float]] = {
    "desk list --limit 20": {1_000: 120, 10_000: 150, 100_000: 450},
    "desk show ID": {1_000: 120, 10_000: 150, 100_000: 450},
    "desk sla check": {1_000: 120, 10_000: 150, 100_000: 450},
    "desk new": {1_000: 250, 10_000: 300, 100_000: 800},
    "desk resolve ID": {1_000: 250, 10_000: 300, 100_000: 800},
    "largest process of list, MB": {100_000: 120},
    "largest process of sla check, MB": {100_000: 120},
    "desk sla check, no index": {1_000: 300, 10_000: 1_200, 100_000: 10_000},
}
"""What is measured, and the milliseconds that the blueprint allows at each size."""


def milliseconds(command: Sequence[str], folder: Path, rounds: int) -> float:
    """Return the median of several runs of a process, after one that warms the caches."""
    once(command, folder)
    return statistics.median(once(command, folder) for _ in range(rounds))


def by_turns(commands: Mapping[str, Sequence[str]], folder: Path) -> dict[str, float]:
    """Return the medians of several commands, each of which ran once in every round: what else the
    machine does for a moment then falls on all of them."""
    rounds = [
        {name: once(command, folder) for name, command in commands.items()}
        for _ in range(ROUNDS + 1)
    ]
    return {name: statistics.median(each[name] for each in rounds[1:]) for name in commands}


def once(command: Sequence[str], folder: Path) -> float:
    """Return the milliseconds that one run of a process takes."""
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return (time.perf_counter() - start) * 1_000


def without_index(command: Sequence[str], folder: Path) -> float:
    """Return the median of three runs that find no index."""

    def run() -> float:
        (folder / ".git" / "desk" / "index.sqlite").unlink()
        return once(command, folder)

    return statistics.median(run() for _ in range(3))


def measured(folder: Path, size: int) -> dict[str, float]:
    """Return the milliseconds of everything that is measured in one help desk, as generated: what
    earlier runs wrote into it is taken back."""
    # A folder without a repository of its own must not reset the one around it.
    git = ["git", "-C", str(folder), "--git-dir=.git"]
    first = subprocess.check_output([*git, "rev-list", "--max-parents=0", "HEAD"], text=True)
    subprocess.run([*git, "reset", "--quiet", "--hard", first.strip()], check=True)
    time.sleep(2.5)  # what changed in the last two seconds is looked at twice
    desk = [sys.executable, "-m", "desk"]
    some = min(folder.glob("tickets/2025/05/*.md")).stem
    reading = {
        "python -c 'import click'": [sys.executable, "-c", "import click"],
        "git status": ["git", "status"],
        "desk --version": [*desk, "--version"],
        "desk list --limit 20": [*desk, "list", "--limit", "20"],
        "desk show ID": [*desk, "show", some],
        "desk sla check": [*desk, "sla", "check"],
        "desk today": [*desk, "today"],
        "desk team": [*desk, "team"],
        "desk search printer floor --limit 20": [
            *desk,
            *("search", "printer", "floor", "--limit", "20"),
        ],
    }
    return {
        **by_turns(reading, folder),
        "git commit --only": _commit_milliseconds(folder),
        "desk new": milliseconds([*desk, "new", "One more"], folder, 5),
        "desk resolve ID": milliseconds([*desk, "resolve", _open_one(folder)], folder, 1),
        "desk sla check, no index": without_index([*desk, "sla", "check"], folder),
        "largest process of list, MB": peak_megabytes([*desk, "list", "--limit", "20"], folder),
        "largest process of sla check, MB": peak_megabytes([*desk, "sla", "check"], folder),
        **{
            name: milliseconds(command, folder, 5)
            for name, command in taskwarrior.commands(folder.parent / "task", size).items()
        },
    }


def _commit_milliseconds(folder: Path) -> float:
    """Return the milliseconds of a commit of one file that lies beside the tickets."""
    notes = folder / "notes.txt"
    if not notes.exists():
        notes.write_text("first\n")
        once(["git", "add", "notes.txt"], folder)
        once(["git", "commit", "-m", "x", "--", "notes.txt"], folder)
    times = []
    for number in range(ROUNDS):
        notes.write_text(f"{time.time()} {number}\n")
        times.append(once(["git", "commit", "--only", "-m", "x", "--", "notes.txt"], folder))
    return statistics.median(times)


def allowed(name: str, size: int, found: dict[str, float]) -> float | None:
    """Return the milliseconds that the blueprint allows: its own, or its ratio to the yardsticks of
    the same run where that allows more."""
    target = TARGETS.get(name, {}).get(size)
    if name in ("desk new", "desk resolve ID"):
        return target and max(target, 2.5 * found["git commit --only"])
    if name in ("desk list --limit 20", "desk show ID", "desk sla check"):
        yardstick = found["python -c 'import click'"] + 1.5 * found["git status"]
        return target and max(target, 1.25 * yardstick)
    if name == "desk --version":
        return max(110, 1.6 * found["python -c 'import click'"])
    return target


def _open_one(folder: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "desk",
        "list",
        "--limit",
        "1",
        "-o",
        "ids",
        "-assignee:nobody",
    ]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    return done.stdout.decode().strip()


def peak_megabytes(command: Sequence[str], folder: Path) -> float:
    """Return the most memory that a process, or the largest of those it starts, holds at a time."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    measured = [sys.executable, "-c", script, *command]
    done = subprocess.run(measured, cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    return int(done.stdout) / 1024


def table(found: dict[int, dict[str, float]]) -> str:
    """Return the results as Markdown; behind a slash what the blueprint allows."""
    sizes = list(found)
    lines = [
        "# Measurements",
        "",
        f"Whole processes, milliseconds, medians of {ROUNDS} at most after one to warm up.",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},",
        f"{os.cpu_count()} processors.",
        "Behind the slash: what the blueprint allows. Made by `python -m benchmarks`.",
        "",
        f"| | {' | '.join(f'{size:,} tickets' for size in sizes)} |",
        f"|---|{'---|' * len(sizes)}",
    ]
    for name in found[sizes[0]]:
        cells = []
        for size in sizes:
            most = allowed(name, size, found[size])
            cells.append(f"{found[size][name]:,.0f}" + (f" / {most:,.0f}" if most else ""))
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Measure every size, print the table and keep it."""
    if not arguments:
        sys.stderr.write("usage: python -m benchmarks FOLDER [TICKETS...]\n")
        return 2
    found = {}
    for size in [int(each) for each in arguments[1:]] or SIZES:
        folder = Path(arguments[0]) / str(size)
        if not folder.exists():
            generate(folder, size)
        found[size] = measured(folder, size)
    text = table(found)
    RESULTS.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
