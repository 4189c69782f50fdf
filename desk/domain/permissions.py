"""Who may run which command: the roles' default sets, as config.yaml's `permissions` names them.

Only commands that change something are listed; reading is open to everybody who has the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REQUESTER_COMMANDS = ("new", "reply", "rate", "reopen", "import")
"""What those may do who ask for help, and whoever is not in `people`: the middle three with
tickets that are theirs."""

AGENT_COMMANDS = (
    *REQUESTER_COMMANDS,
    "note",
    "edit",
    "watch",
    "take",
    "assign",
    "start",
    "resume",
    "wait",
    "hold",
    "resolve",
    "close",
    "cancel",
    "escalate",
    "deescalate",
    "tag",
    "link",
    "merge",
    "split",
    "worked",
    "attach",
    "undo",
    "kb link",
    "kb new",
    "kb edit",
    "lint",
)
"""Everything that is done to a ticket or an article; `lint` stands for ``lint --fix``."""

LEAD_COMMANDS = (*AGENT_COMMANDS, "config")
"""`config` stands for changing config.yaml, which `desk audit` looks after."""

COMMANDS = (*LEAD_COMMANDS, "sweep", "redact")
"""All that a permission can be given for."""

DEFAULT_PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "requester": frozenset(REQUESTER_COMMANDS),
        "agent": frozenset(AGENT_COMMANDS),
        "lead": frozenset(LEAD_COMMANDS),
        "admin": frozenset(COMMANDS),
    }
)

OPEN_COMMANDS = (
    *("list", "ls", "show", "log", "history", "search"),
    *("kb", "kb list", "kb search", "kb show", "kb suggest", "kb lint", "kb stale"),
    *("help", "today", "next", "team", "report", "dashboard", "leaderboard", "sla", "sla status"),
    *("sla check", "sla explain", "sla calendar", "export", "sql", "init", "doctor"),
    *("config check", "config show", "config schema", "sync", "mend", "audit", "completion"),
)
"""Commands that need no permission: they read, or move what others wrote."""
