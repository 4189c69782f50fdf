"""Taskwarrior with as many tasks, for comparison: a list manager in C++ that people know."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import uuid
from pathlib import Path

from benchmarks.generate import FAULTS, OPEN_ONE_IN, SENTENCES, THINGS

PROGRAM = shutil.which("task")
_NOTES = 7


def make(folder: Path, count: int, pending_one_in: int = OPEN_ONE_IN) -> Path:
    """Make a folder of tasks with seven notes each, one in so many still to do, unless it is there;
    return the settings that name it."""
    settings = folder / "taskrc"
    if settings.exists():
        return settings
    folder.mkdir(parents=True)
    dice = random.Random(count)
    tasks = []
    for number in range(count):
        task: dict[str, object] = {
            "uuid": str(uuid.UUID(int=dice.getrandbits(128))),
            "description": f"The {dice.choice(THINGS)} {dice.choice(FAULTS)}",
            "entry": "20240101T000000Z",
            "priority": dice.choice("HML"),
            "project": dice.choice(("support", "sysadmin")),
            "status": "pending",
            "annotations": [
                {
                    "entry": f"2024010{day}T000000Z",
                    "description": " ".join(dice.sample(SENTENCES, 3)),
                }
                for day in range(1, _NOTES + 1)
            ],
        }
        if number % pending_one_in:
            task |= {"status": "completed", "end": "20240109T000000Z"}
        tasks.append(task)
    (folder / "tasks.json").write_text(json.dumps(tasks))
    told = f"data.location={folder}\nconfirmation=off\nverbose=nothing\n"
    (folder / "settings").write_text(told)
    command = [str(PROGRAM), f"rc:{folder / 'settings'}", "import", str(folder / "tasks.json")]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "settings").rename(settings)
    return settings


def _notes(dice: random.Random) -> list[str]:
    return [" ".join(dice.sample(SENTENCES, 3)) for _ in range(_NOTES)]


def commands(folder: Path, count: int) -> dict[str, list[str]]:
    """Return what to measure, by name; nothing where Taskwarrior is not installed."""
    if PROGRAM is None:
        return {}
    some = [PROGRAM, f"rc:{make(folder / f'{count}-some', count)}"]
    every = [PROGRAM, f"rc:{make(folder / f'{count}-all', count, 1)}"]
    return {
        f"task list limit:20 (one in {OPEN_ONE_IN} pending)": [*some, "list", "limit:20"],
        "task list limit:20 (all pending)": [*every, "list", "limit:20"],
        "task add (all pending)": [*every, "add", "One more"],
    }
