"""What all tests share: a clean environment, real repositories, and the program as a function."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

NOW = "2026-11-22T09:34:35Z"

CONFIG = """\
desk: {format: 1, name: ACME IT, prefix: HD, timezone: Europe/Madrid}
people:
  ana:  {name: Ana Ruiz, email: ana@acme.example, role: agent, teams: [support], level: L1}
  luis: {name: Luis Gil, email: luis@acme.example, role: agent, teams: [sysadmin], level: L2}
  eva:  {name: Eva Sanz, email: eva@acme.example, role: lead, teams: [support, sysadmin]}
  root: {name: Rita Oot, email: root@acme.example, role: admin}
  old:  {name: Olga Dias, email: olga@acme.example, role: agent, active: false}
teams: [support, sysadmin, engineering]
levels: {L1: support, L2: sysadmin, L3: engineering}
priorities: [P1, P2, P3, P4]
priority_matrix: {high/high: P1, high/low: P2, low/high: P3, low/low: P4}
categories: [hardware, hardware/printer, network, access, software]
views: {mine: assignee:@me is:open}
"""


@dataclass(frozen=True)
class Result:
    """What a run of the program printed and how it ended."""

    code: int
    out: str
    err: str


class Terminal(io.TextIOWrapper):
    """A standard stream that says it is a terminal, or that it is not."""

    def __init__(self, data: bytes = b"", is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", write_through=True)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def text(self) -> str:
        self.flush()
        inner = self.buffer
        assert isinstance(inner, io.BytesIO)
        return inner.getvalue().decode()


def set_clean_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Leave nothing of the person's own: no GIT_*, DESK_* or colours, a home and a Git identity of
    our own, a clock that stands still."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "DESK_", "XDG_")) or name in (
            *("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER", "VISUAL", "EDITOR", "TZ"),
        ):
            monkeypatch.delenv(name)
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ana Ruiz\n\temail = ana@acme.example\n[init]\n\tdefaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("DESK_NOW", NOW)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give every test an environment of its own."""
    set_clean_environment(monkeypatch, tmp_path / "home")


@dataclass
class Shell:
    """The program as a function: `desk("list", "-o", "json")`."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def __call__(
        self,
        *arguments: str,
        code: int = 0,
        stdin: str | bytes = "",
        terminal: bool = False,
        user: str = "",
        now: str = "",
    ) -> Result:
        from desk.cli.main import run_program

        data = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = Terminal(is_terminal=terminal), Terminal(is_terminal=terminal)
        with self.monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "stdin", Terminal(data, terminal))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            if user:
                patch.setenv("DESK_USER", user)
            if now:
                patch.setenv("DESK_NOW", now)
            done = run_program(list(arguments))
        result = Result(done, out.text(), err.text())
        assert done == code, f"desk {' '.join(arguments)}: exit {done}\n{result.out}{result.err}"
        return result

    def id(self, *arguments: str, user: str = "", now: str = "") -> str:
        """Run a command that prints one ID and return it."""
        return self(*arguments, user=user, now=now).out.strip()

    def git(self, *arguments: str, code: int = 0) -> str:
        """Run git in the help desk's folder and return what it prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    def file_of(self, ticket_id: str) -> Path:
        """Return where a ticket's file lies."""
        return next(self.folder.glob(f"tickets/*/*/{ticket_id}.md"))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Shell, str], Path]:
    """Return a function that makes a help desk the first time a test asks for its config.yaml; to
    copy one is ten times faster than to start git for each."""
    made: dict[str, Path] = {}

    def template(shell: Shell, config: str) -> Path:
        if config not in made:
            made[config] = tmp_path_factory.mktemp("template")
            first = Shell(made[config], shell.monkeypatch)
            first.git("init", "--quiet", "--template=")
            (first.folder / "config.yaml").write_text(config)
            first.git("add", ".")
            first.git("commit", "--quiet", "-m", "config")
        return made[config]

    return template


@pytest.fixture
def make_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates: Callable[[Shell, str], Path]
) -> Callable[..., Shell]:
    """Return a function that makes a help desk in a new repository, with `CONFIG`."""

    def make(name: str = "hd", config: str = CONFIG) -> Shell:
        shell = Shell(tmp_path / name, monkeypatch)
        shutil.copytree(templates(shell, config), shell.folder)
        return shell

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Shell]) -> Iterator[Shell]:
    """The program in a help desk of its own."""
    yield make_desk()
