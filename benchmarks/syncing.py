"""What `desk sync` takes where two clones made 200 commits each, half of them on the same tickets:
`python -m benchmarks.syncing FOLDER [COMMITS]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.generate import generate

TICKETS = 1_000
COMMITS = 200
DESK = (sys.executable, "-m", "desk")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("DESK_")}


def run(folder: Path, *command: str, user: str = "ana") -> str:
    """Run a command in a clone as somebody; what it printed."""
    environment = ENVIRONMENT | {"DESK_USER": user}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout.decode() + done.stderr.decode()


def diverged(folder: Path, commits: int) -> Path:
    """Make a remote and two clones that have gone their own ways; return the one that has not
    pushed yet."""
    first, second, remote = (folder / name for name in ("first", "second", "remote.git"))
    generate(first, TICKETS)
    run(folder, "git", "clone", "--quiet", "--bare", str(first), str(remote))
    run(first, "git", "remote", "add", "origin", str(remote))
    run(first, "git", "push", "--quiet", "-u", "origin", "main")
    run(folder, "git", "clone", "--quiet", str(remote), str(second))
    names = [path.stem for path in sorted(first.glob("tickets/*/*/*.md"))]
    half = commits // 2
    for clone, user, own in ((first, "ana", 0), (second, "luis", 1)):
        start = commits + own * half
        for name in [*names[:half], *names[start : start + half]]:
            run(clone, *DESK, "note", name, "-m", f"Said by {user}.", user=user)
    run(first, "git", "push", "--quiet")
    return second


def main(arguments: list[str]) -> int:
    """Measure one sync and print what it said."""
    if not arguments:
        sys.stderr.write("usage: python -m benchmarks.syncing FOLDER [COMMITS]\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True)
    commits = int(arguments[1]) if len(arguments) > 1 else COMMITS
    clone = diverged(folder, commits)
    start = time.perf_counter()
    told = run(clone, *DESK, "sync", user="luis")
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{told}{commits} commits here and there: {seconds:.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
