"""Tests of every check of config.yaml: what is wrong, and where.

The builders take YAML, because a problem's line and column are half of it.
"""

from __future__ import annotations

from desk.domain.settings import Settings
from desk.storage.config_file import load_settings

DESK = "desk: {format: 1, name: ACME IT, prefix: HD, timezone: Europe/Madrid}\n"

PEOPLE = """\
people:
  ana: {name: Ana Ruiz, email: ana@acme.example, role: agent, teams: [support], level: L1}
  old: {email: old@acme.example, active: false}
levels: {L1: support, L2: sysadmin}
"""


def settings_of(text: str) -> Settings:
    settings, diagnostics = load_settings((DESK + text).encode())
    assert settings is not None, "\n".join(map(str, diagnostics))
    return settings


def problems_in(text: str) -> list[str]:
    """Every problem as `line:column: message`; the desk section is line 0."""
    settings, diagnostics = load_settings((DESK + text).encode())
    assert (settings is None) == bool(diagnostics)
    return [f"{found.line - 1}:{found.column}: {found.message}" for found in diagnostics]
