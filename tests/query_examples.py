"""The examples of docs/queries.md, for the tests and for benchmarks/queries.py."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "queries.md"


def example_queries() -> dict[str, list[str]]:
    """Return every `desk list` of the page that is a query and no more: as it is written, and the
    arguments that a shell makes of it."""
    found = {}
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL):
        for line in block.splitlines():
            program, command, *query = shlex.split(line, comments=True)
            is_bare = not query[0].startswith("--") and "|" not in query
            if (program, command) == ("desk", "list") and is_bare:
                found[line.partition(" # ")[0].strip()] = query
    return found


def views_block() -> str:
    """Return the views that the page defines, as config.yaml has them."""
    blocks: list[str] = re.findall(r"```yaml\n(views:\n.*?)```", PAGE.read_text(), re.DOTALL)
    return blocks[0]


def with_views(config: str) -> str:
    """Return a config.yaml with the views of the page in place of its own."""
    return re.sub(r"^views:\n(?: .*\n)*", "", config, flags=re.MULTILINE) + views_block()
