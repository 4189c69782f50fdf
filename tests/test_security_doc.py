"""docs/security.md names guards and tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
THREATS = PAGE.split("## Hostile input")[1].split("## Crashes")[0]
ROWS = [line for line in THREATS.splitlines() if line.startswith("| ")][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_the_page_names_exists(file: str, name: str) -> None:
    assert re.search(rf"^ *def {name}\(", (ROOT / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("row", ROWS)
def test_every_threat_has_a_guard_and_a_test(row: str) -> None:
    threat, guard, test = (cell.strip() for cell in row.strip("|").split(" | "))
    assert threat
    assert re.search(r"\(\.\./desk/[\w/.]+\)\)$", guard)
    assert test.startswith("`tests/")


def test_the_page_has_rows() -> None:
    assert len(ROWS) > 50
    assert len(NAMED) > 40
