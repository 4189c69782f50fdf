"""What every example of docs/queries.md takes on the log of a real help desk, as a whole process:
`python -m benchmarks.queries FOLDER [DATA]`.

The log is imported into FOLDER where it is not there yet, from the folder DATA: `helpdesk_log.csv`
with its map and its config.yaml. The data are published for research and not ours to copy. What is
printed are the median and the best of several runs, the slowest first; the exit code tells whether
all medians are low enough, on a machine that does nothing else.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.query_examples import example_queries, with_views

ROUNDS = 5
MOST_MILLISECONDS = 200
DATA = Path(__file__).parents[2] / "shared" / "data"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DESK_")},
    "DESK_USER": "agent-value-2",
}
DESK = (sys.executable, "-m", "desk")


def make_desk(folder: Path, data: Path) -> None:
    """Import the log into a new help desk with the views of the page."""
    folder.mkdir(parents=True)
    config = (data / "helpdesk_log.config.yaml").read_text()
    (folder / "config.yaml").write_text(with_views(config))
    for command in (
        ("git", "init", "--quiet"),
        ("git", "add", "config.yaml"),
        ("git", "commit", "--quiet", "-m", "Settings"),
        (
            *(*DESK, "--quiet", "import", "csv", str(data / "helpdesk_log.csv")),
            *("--map", str(data / "helpdesk_log.map.yaml")),
        ),
    ):
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)


def milliseconds(command: Sequence[str], folder: Path) -> tuple[float, float, int]:
    """Return the median and the best of several runs of a process, after one that warms the caches,
    and how many lines it printed."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
        times.append((time.perf_counter() - start) * 1_000)
    return statistics.median(times[1:]), min(times[1:]), done.stdout.count("\n")


def main(arguments: list[str]) -> int:
    """Measure every example, and print them."""
    if not arguments:
        sys.stderr.write("usage: python -m benchmarks.queries FOLDER [DATA]\n")
        return 2
    folder, data = Path(arguments[0]), Path(arguments[1]) if arguments[1:] else DATA
    if not folder.exists():
        try:
            make_desk(folder, data)
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            sys.stderr.write(f"the log cannot be imported: {error}\n")
            return 1
    print("median  best        lines")
    yardstick, best, _ = milliseconds([sys.executable, "-c", "import click"], folder)
    print(f"{yardstick:6.0f}{best:6.0f} ms            python -c 'import click'")
    found = []
    for example, query in example_queries().items():
        told = milliseconds([*DESK, "list", *query, "--limit", "20"], folder)
        found.append((*told, example))
    for median, best, lines, example in sorted(found, reverse=True):
        mark = " over" if median > MOST_MILLISECONDS else ""
        print(f"{median:6.0f}{best:6.0f} ms{mark:5}{lines:5}  {example}")
    slow = sum(median > MOST_MILLISECONDS for median, *_ in found)
    print(f"{len(found)} queries, {slow} over {MOST_MILLISECONDS} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
