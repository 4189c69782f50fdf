"""The reference of config.yaml as Markdown, from the tables of settings and of permissions."""

from __future__ import annotations

from collections.abc import Container

from desk.domain.permissions import COMMANDS, DEFAULT_PERMISSIONS
from desk.domain.settings_table import SECTIONS, SETTINGS, Setting, known_keys


def settings_page(commands: Container[str]) -> str:
    """Return a heading and a table for each part of config.yaml, and the default permissions for
    `commands` (and what stands below them)."""
    parts: list[str] = []
    for key in known_keys(""):
        rows = [row for row in SETTINGS if row.path.partition(".")[0].removesuffix("[]") == key]
        parts.append(f"### `{key}`\n")
        if key in SECTIONS:
            parts.append(f"{SECTIONS[key]}\n")
        parts.append("| setting | meaning | left out | example |\n|---|---|---|---|")
        parts += [_row(row) for row in rows]
        parts[-1] += "\n"
        if key == "permissions":
            parts.append(permissions_table(commands))
    return "\n".join(parts)


def _row(row: Setting) -> str:
    default = "required" if row.required else row.default
    meaning = row.meaning[0].upper() + row.meaning[1:] + "."
    values = f" One of {', '.join(f'`{value}`' for value in row.values)}." if row.values else ""
    return f"| `{row.path}` | {meaning}{values} | {default} | `{row.example}` |"


def permissions_table(commands: Container[str]) -> str:
    """Return the roles' default sets as a table, one of the `commands` a row."""
    roles = tuple(DEFAULT_PERMISSIONS)
    rows = [f"| command | {' | '.join(roles)} |", "|---" * (len(roles) + 1) + "|"]
    for command in (name for name in COMMANDS if name.partition(" ")[0] in commands):
        marks = [_mark(role, command) for role in roles]
        rows.append(f"| `{command}` | {' | '.join(marks)} |")
    return "\n".join(rows) + "\n"


def _mark(role: str, command: str) -> str:
    if command not in DEFAULT_PERMISSIONS[role]:
        return ""
    return "theirs" if role == "requester" and command in ("reply", "rate", "reopen") else "yes"
