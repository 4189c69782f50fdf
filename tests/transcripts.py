"""Pages whose screens are run: in the help desk that the page itself writes down.

The first block of YAML that begins with `desk:` is its config.yaml, each block of Markdown that is
a ticket a file of it. Every block `console` is then what its commands (`$ desk ...`) print.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from desk.domain.ids import path_of

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
NOW = "2026-11-20T09:15:00Z"


def config_of(page: str) -> str:
    """Return the config.yaml that a page shows."""
    return next(block for block in _blocks(page, "yaml") if block.startswith("desk:"))


def tickets_of(page: str) -> dict[str, str]:
    """Return the files of the tickets that a page shows, by path."""
    found = {}
    for block in _blocks(page, "markdown"):
        named = re.match(r"---\nid: (\S+)\n", block)
        if named:
            found[path_of(named[1])] = block
    return found


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def with_screens(page: str, other: str = "") -> str:
    """Return the page with the screens that the program prints now, in the help desk that it writes
    down or, where it has none, the one of an `other` page."""
    world = other or page
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["git", "init", "--quiet", name], check=True)
        for path, text in {"config.yaml": config_of(world), **tickets_of(world)}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return _CONSOLE.sub(lambda match: f"```console\n{_screens(folder, match[1])}```", page)


def _screens(folder: Path, block: str) -> str:
    typed = [line for line in block.split("\n") if line.startswith("$ ")]
    return "\n".join(f"{line}\n{_run(folder, line[2:])}" for line in typed)


def _run(folder: Path, line: str) -> str:
    program, *arguments = shlex.split(line)
    if program != "desk":
        raise ValueError(f"a page shows `{line}`, which is no command of ours")
    done = subprocess.run(
        [sys.executable, "-m", "desk", *arguments],
        cwd=folder,
        env={**os.environ, "DESK_NOW": NOW, "DESK_USER": "ana", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
