"""The whole of config.yaml: every section checked, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from desk.domain.config.calendars import HolidayCheck, read_calendars, read_zone
from desk.domain.config.nodes import Node, Pairs, Text
from desk.domain.config.people import read_staff
from desk.domain.config.queries import QueryCheck, read_reports, read_views
from desk.domain.config.reading import Problems, Section, section_of
from desk.domain.config.service_levels import Names, read_escalation, read_policies
from desk.domain.ids import PREFIX
from desk.domain.instants import parse_duration
from desk.domain.permissions import COMMANDS, DEFAULT_PERMISSIONS, OPEN_COMMANDS
from desk.domain.settings import (
    DEFAULT_NAME,
    DEFAULT_PREFIX,
    DEFAULT_PRIORITIES,
    DEFAULT_TIMEZONE,
    ROLES,
    Settings,
)
from desk.errors import Diagnostic

FORMAT = "1"
"""The version of config.yaml's layout that this program reads."""


def check_config(
    root: Node | None, path: str, holidays: HolidayCheck
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """Return the settings, or every problem in the order of the file.

    `root` is None for an empty file; `path` is what diagnostics call the file.
    """
    problems = Problems(path)
    if not isinstance(root, Pairs):
        at = Text("", 1, 1) if root is None else root
        problems.add(at, "missing", "there is no `desk:` section, so this is no help desk's config")
        return None, problems.in_order()
    top = section_of(root, "", problems, TOP)
    if top is None:
        return None, problems.in_order()
    settings = _settings(top, holidays)
    found = problems.in_order()
    return (None if found else settings), found
