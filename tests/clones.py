"""Help desks that share a remote: for tests of what several people do at once."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import Shell


class Clones:
    """A bare repository (`remote`), and help desks that were cloned from it, by name."""

    def __init__(self, first: Shell) -> None:
        self.first = first
        self.remote = first.folder.parent / "remote.git"
        run("init", "--quiet", "--bare", "--initial-branch=main", str(self.remote))
        first.git("remote", "add", "origin", str(self.remote))
        first.git("push", "--quiet", "--set-upstream", "origin", "main")

    def another(self, name: str, *options: str) -> Shell:
        """Clone the remote."""
        folder = self.remote.parent / name
        run("clone", "--quiet", *options, f"file://{self.remote}", str(folder))
        return Shell(folder, self.first.monkeypatch)


def run(*arguments: str, cwd: Path | None = None) -> str:
    """Run git somewhere."""
    return subprocess.run(
        ["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout


def committed(shell: Shell, path: str, text: str) -> None:
    """Write a file, and commit it."""
    (shell.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (shell.folder / path).write_text(text)
    shell.git("add", "-f", path)
    shell.git("commit", "--quiet", "-m", f"Change {path}")


def texts_of(shell: Shell) -> dict[str, bytes]:
    """Return every ticket that HEAD has, by path."""
    names = shell.git("ls-tree", "-r", "--name-only", "HEAD", "tickets").split()
    return {name: shell.git("show", f"HEAD:{name}").encode() for name in names}


def status(shell: Shell) -> str:
    """Return what git says of the work tree, "" where all is committed."""
    return shell.git("status", "--porcelain")
