"""Generated documentation: `python -m tests.docs` writes it, `--check` tells whether it is in step.

docs/commands.md comes from the commands themselves; parts of other pages, between
``<!-- name: begin -->`` and ``<!-- name: end -->``, from the tables that the program works by; the
screens of docs/service-levels.md, reports.md and dashboard.md from running their examples.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from tests.transcripts import with_screens

ROOT = Path(__file__).parents[1]


def commands_page() -> str:
    """Return the reference of every command, as `--help` has it."""
    from desk.cli.main import SECTIONS, program

    parts = [
        "# Commands",
        "This page is made from the program (`make docs`); `desk COMMAND --help` shows the same.",
        _help(program, _context(program, "desk")),
    ]
    for title, commands in SECTIONS.items():
        parts.append(f"## {title}")
        for name in commands:
            parts += _command_parts(name)
    return "\n\n".join(parts) + "\n"


def _command_parts(name: str) -> list[str]:
    from desk.cli.main import program

    parent = _context(program, "desk")
    command = program.get_command(parent, name)
    if command is None:
        raise LookupError(name)
    context = click.Context(command, parent=parent, info_name=name)
    parts = [f"### desk {name}", _help(command, context)]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            below = click.Context(inner, parent=context, info_name=inner.name)
            parts += [f"#### desk {name} {inner.name}", _help(inner, below)]
    return parts


def _context(command: click.Command, name: str) -> click.Context:
    return click.Context(command, info_name=name, **command.context_settings)


def _help(command: click.Command, context: click.Context) -> str:
    from desk.cli.run import DeskCommand

    if isinstance(command, DeskCommand):
        command.hides_shared = True
    try:
        text = command.get_help(context)
    finally:
        if isinstance(command, DeskCommand):
            command.hides_shared = False
    return "```text\n" + "\n".join(line.rstrip() for line in text.split("\n")) + "\n```"


def _pages() -> dict[str, Callable[[], str]]:
    from desk.cli.help import TOPICS

    return {name: page for name, (_, page) in TOPICS.items()} | {
        "list-screen": _list_screen,
        "ticket-file": _ticket_file,
    }


def _list_screen() -> str:
    """Return what `desk list` shows of this repository's own tickets on a Friday morning."""
    environment = {**os.environ, "DESK_NOW": "2026-11-20T09:15:00Z", "COLUMNS": "92"}
    done = subprocess.run(
        [sys.executable, "-m", "desk", "list", "-o", "table"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return f"```text\n$ desk list\n{done.stdout}```"


def _ticket_file() -> str:
    """Return the file of the printer that jams."""
    found = [path for path in ROOT.glob("tickets/*/*/*.md") if "third floor" in path.read_text()]
    return f"```markdown\n{found[0].read_text()}```"


def expected() -> dict[Path, str]:
    """Return every page that is generated, in whole or in part, as it should be."""
    pages = {ROOT / "docs" / "commands.md": commands_page()}
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if path not in pages:
            pages[path] = _filled(path.read_text())
    levels = ROOT / "docs" / "service-levels.md"
    reports = ROOT / "docs" / "reports.md"
    dashboard = ROOT / "docs" / "dashboard.md"
    pages[reports] = with_screens(pages[reports], pages[levels])
    pages[dashboard] = with_screens(pages[dashboard], pages[levels])
    pages[levels] = with_screens(pages[levels])
    return pages


def _filled(text: str) -> str:
    makers = _pages()

    def fill(match: re.Match[str]) -> str:
        body = re.sub(r"^# .*\n+", "", makers[match[1]]())
        return f"<!-- {match[1]}: begin -->\n\n{body.strip()}\n\n<!-- {match[1]}: end -->"

    return re.sub(r"<!-- ([a-z-]+): begin -->.*?<!-- \1: end -->", fill, text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check name those that are not in step."""
    os.environ["COLUMNS"] = "100"
    stale = [
        path for path, text in expected().items() if not path.exists() or path.read_text() != text
    ]
    if arguments != ["--check"]:
        for path in stale:
            path.write_text(expected()[path])
        return 0
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is not in step: run `make docs`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
