"""The shape of the code: imports go one way, heavy things are imported late, each in its place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "desk"

MAY_IMPORT = {
    "domain": {"errors", "domain"},
    "storage": {"errors", "domain", "storage"},
    "services": {"errors", "domain", "storage", "services"},
    "render": {"errors", "domain", "services", "render"},
    "cli": {"errors", "clock", "domain", "services", "render", "cli"},
}
"""Which parts of the program each part may import."""

ONLY_IN = {
    "subprocess": {"storage/git_program.py", "cli/asking.py"},
    "yaml": {"storage/yaml_nodes.py", "storage/front_matter.py"},
    "rich": {"render"},
    "jinja2": {"render/html/page.py"},
    "markupsafe": {"render/html/page.py", "render/html/reports.py"},
    "pygal": {"render/html/charts.py"},
    "click": {"cli"},
    "filelock": {"storage/lock.py"},
    "holidays": {"storage/holiday_package.py"},
    "secrets": {"services/opening.py", "services/editing.py", "services/committing.py"},
}
"""Where alone a library may be imported."""


def imports_of(path: Path) -> Iterator[str]:
    """Yield every module a file imports while it runs, TYPE_CHECKING blocks aside."""
    tree = ast.parse(path.read_text())
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_one_way(path: Path) -> None:
    inside = path.relative_to(SOURCE)
    part = inside.parts[0]
    for module in imports_of(path):
        root, *rest = module.split(".")
        if root == "desk" and part in MAY_IMPORT and rest and rest[0] != "__version__":
            assert rest[0] in MAY_IMPORT[part], f"{inside} imports {module}"
        if part == "domain" and root != "desk":
            assert root in sys.stdlib_module_names, f"{inside} imports {module}"
        places = ONLY_IN.get(root)
        if places is not None:
            assert part in places or str(inside) in places, f"{inside} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_clock_asks_the_time(path: Path) -> None:
    if path != SOURCE / "clock.py":
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in ("datetime.now", "datetime.today", "date.today")


def test_the_domain_reads_and_writes_nothing() -> None:
    touching = {"os", "io", "pathlib", "shutil", "socket", "tempfile", "sqlite3", "random", "time"}
    for path in FILES:
        if path.relative_to(SOURCE).parts[0] == "domain":
            found = {module.split(".")[0] for module in imports_of(path)} & touching
            assert not found, f"{path.name} imports {found}"


def loaded_by(*arguments: str, cwd: Path | None = None, first: str = "pass") -> set[str]:
    """Return the modules that a run of the program loads, its output piped, after `first`; each
    package by its first name too."""
    code = (
        f"import sys; from desk.cli.main import run_program; {first}; "
        f"code = run_program({list(arguments)!r}); "
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True
    )
    names = done.stderr.split("\n")[-2].split()
    return {*names, *(name.split(".")[0] for name in names)}


HEAVY = {"rich", "git", "jinja2", "pygal", "holidays", "sqlite3", "filelock", "importlib_metadata"}


def test_version_loads_next_to_nothing() -> None:
    loaded = loaded_by("--version")
    assert not loaded & {*HEAVY, "yaml", "subprocess", "difflib", "zoneinfo"}


def test_piped_reading_loads_nothing_heavy(desk: object) -> None:
    from tests.conftest import Shell

    assert isinstance(desk, Shell)
    ticket_id = desk.id("new", "A printer jams")
    for command in (["show"], ["log"], ["show", "-o", "json"]):
        assert not loaded_by(*command, ticket_id, cwd=desk.folder) & {*HEAVY, "yaml", "shutil"}
    # What changed just now is read again, and would load what makes rows of it.
    settled = "from desk.storage import freshness; freshness.RACY_NANOSECONDS = 0"
    loaded = loaded_by("list", f"id:{ticket_id}", cwd=desk.folder, first=settled)
    assert not loaded & ({*HEAVY, "yaml", "shutil"} - {"sqlite3"})
    loaded = loaded_by("sla", "check", cwd=desk.folder, first=settled)
    assert not loaded & ({*HEAVY, "yaml", "hashlib", "secrets"} - {"sqlite3"})
    assert not any(name.startswith("desk.domain.report.") for name in loaded)
