"""Three clones and a bare remote, driven by dice: `python -m tests.soak [MINUTES] [SEED]`.

People run commands, edit files by hand, are killed in the middle and sync. At the end all clones
have met: the trees are the same, lint and audit are clean, and whatever any command acknowledged is
there exactly once. A shorter run is part of the tests.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PEOPLE = ("ana", "luis", "eva")
CONFIG = """\
desk: {format: 1, name: Soak, prefix: HD, timezone: Europe/Madrid}
people:
  ana:  {name: Ana Ruiz, email: ana@acme.example, role: agent, teams: [support], level: L1}
  luis: {name: Luis Gil, email: luis@acme.example, role: agent, teams: [sysadmin], level: L2}
  eva:  {name: Eva Sanz, email: eva@acme.example, role: lead, teams: [support, sysadmin]}
levels: {L1: support, L2: sysadmin}
priorities: [P1, P2, P3, P4]
"""
VERBS = ("note", "reply", "take", "tag", "resolve", "reopen", "escalate", "wait", "close", "edit")
EXPECTED = {0, 4}
"""What a command may say: done, or refused by the workflow (somebody else was quicker)."""


@dataclass
class Soak:
    """A bare remote, three clones of it, and what their commands acknowledged."""

    folder: Path
    seed: int
    dice: random.Random = field(init=False)
    now: datetime = START
    marks: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the repositories."""
        self.dice = random.Random(self.seed)
        self._git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        first = self.folder / PEOPLE[0]
        self._git(self.folder, "clone", "--quiet", "remote.git", str(first))
        (first / "config.yaml").write_text(CONFIG)
        self._own(first, PEOPLE[0])
        self._git(first, "checkout", "--quiet", "-B", "main")
        self._git(first, "add", "config.yaml")
        self._git(first, "commit", "--quiet", "-m", "Settings")
        self.desk(PEOPLE[0], "init", ".", user="")
        self._git(first, "push", "--quiet", "-u", "origin", "main")
        for person in PEOPLE[1:]:
            self._git(self.folder, "clone", "--quiet", "remote.git", person)
            self._own(self.folder / person, person)

    def _own(self, clone: Path, person: str) -> None:
        self._git(clone, "config", "user.name", person)
        self._git(clone, "config", "user.email", f"{person}@acme.example")
        self._git(clone, "config", "gc.auto", "0")

    def _git(self, folder: Path, *words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], check=True, capture_output=True, env=self._env()
        )
        return done.stdout.decode()

    def _env(self, user: str = "") -> dict[str, str]:
        kept = {"PATH", "HOME", "LANG", "PYTHONPATH", "TMPDIR"}
        env = {name: value for name, value in os.environ.items() if name in kept}
        env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        env |= {"DESK_NOW": f"{self.now:%Y-%m-%dT%H:%M:%SZ}"}
        return env | ({"DESK_USER": user} if user else {})

    def desk(
        self, person: str, *words: str, user: str | None = None, kill_after: float = 0
    ) -> tuple[int, str]:
        """Run a command in somebody's clone; return its exit code, None told as -9 for one that was
        killed, and all that it printed."""
        process = subprocess.Popen(
            [sys.executable, "-m", "desk", *words],
            cwd=self.folder / person,
            env=self._env(person if user is None else user) | {"PYTHONPATH": str(Path.cwd())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if kill_after:
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.kill()
        out, _ = process.communicate()
        return process.returncode, out.decode()

    # ---------------------------------------------------------------------------------- the steps

    def step(self) -> None:
        """Let somebody do something."""
        self.now += timedelta(seconds=self.dice.choice((0, 1, 1, 60, 3_000)))
        person = self.dice.choice(PEOPLE)
        kind = self.dice.choices(
            ("act", "new", "sync", "by hand", "lint"), weights=(10, 3, 5, 2, 0.5)
        )[0]
        self.done[kind] = self.done.get(kind, 0) + 1
        kill_after = self.dice.uniform(0.05, 0.6) if self.dice.random() < 0.15 else 0
        if kind == "sync":
            self._expect(self.desk(person, "sync", "-q", kill_after=kill_after), "sync")
        elif kind == "new":
            self._act(person, ["new", f"Ticket {len(self.marks)}"], "-d", kill_after)
        elif kind == "act":
            self._act_on_one(person, kill_after)
        elif kind == "by hand":
            self._edit_by_hand(person)
        else:
            self.desk(person, "lint", "--fix", kill_after=kill_after)

    def _tickets(self, person: str) -> list[Path]:
        return sorted((self.folder / person).glob("tickets/*/*/*.md"))

    def _act_on_one(self, person: str, kill_after: float) -> None:
        tickets = self._tickets(person)
        if not tickets:
            return
        ticket = self.dice.choice(tickets).stem
        verb = self.dice.choice(VERBS)
        if verb == "tag":
            words = ["tag", ticket, self.dice.choice(("printer", "vpn", "jamón"))]
            self._expect(self.desk(person, *words, kill_after=kill_after), words)
        elif verb == "edit":
            field_ = self.dice.choice(("-p", "--company"))
            value = self.dice.choice(("P1", "P2")) if field_ == "-p" else "ACME & Söhne"
            words = ["edit", ticket, field_, value]
            self._expect(self.desk(person, *words, kill_after=kill_after), words)
        elif verb == "take":
            self._expect(self.desk(person, "take", ticket, kill_after=kill_after), "take")
        else:
            self._act(person, [verb, ticket], "-m", kill_after)

    def _act(self, person: str, words: list[str], option: str, kill_after: float) -> None:
        mark = f"mark-{self.seed}-{len(self.marks)}-{self.dice.randrange(10**9)}"
        code, told = self.desk(person, *words, option, f"Said: {mark}.", kill_after=kill_after)
        self._expect((code, told), words)
        if code == 0 and "already" not in told:
            self.marks.append(mark)

    def _expect(self, result: tuple[int, str], what: object) -> None:
        code, told = result
        if code not in EXPECTED and code != -9:
            self.troubles.append(f"{what}: exit {code}: {told}")

    def _edit_by_hand(self, person: str) -> None:
        tickets = self._tickets(person)
        if not tickets:
            return
        path = self.dice.choice(tickets)
        text = path.read_text()
        title = f"By hand {self.dice.randrange(1000)}"
        priority = self.dice.choice(("P1", "P2", "P3"))
        if self.dice.random() < 0.5:
            text = re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.M)
        else:
            text = re.sub(r"^priority: .*$", f"priority: {priority}", text, count=1, flags=re.M)
        path.write_text(text)
        # somebody who edits a file says so before they share it: any command on it takes it up
        self._act(person, ["note", path.stem], "-m", 0)

    # ------------------------------------------------------------------------------------ the end

    def finish(self) -> list[str]:
        """Let all meet, and return everything that is not as it should be."""
        for _ in range(3):
            for person in PEOPLE:
                self.now += timedelta(seconds=5)
                self._expect(self.desk(person, "sync", "-q"), f"{person}'s last sync")
        troubles = [*self.troubles]
        trees = {self._git(self.folder / each, "rev-parse", "HEAD^{tree}") for each in PEOPLE}
        trees.add(self._git(self.folder / "remote.git", "rev-parse", "main^{tree}"))
        if len(trees) != 1:
            troubles.append(f"there are {len(trees)} different trees")
        for person in PEOPLE:
            troubles += self._wrong_in(person)
        return troubles

    def _wrong_in(self, person: str) -> list[str]:
        clone = self.folder / person
        wrong = []
        dirty = self._git(clone, "status", "--porcelain")
        if dirty:
            wrong.append(f"{person}: not committed: {dirty}")
        for check in ("lint", "audit"):
            code, told = self.desk(person, check)
            if code:
                wrong.append(f"{person}: {check} says: {told}")
        texts = "".join(path.read_text() for path in self._tickets(person))
        for mark in self.marks:
            count = texts.count(f"Said: {mark}.")
            if count != 1:
                wrong.append(f"{person}: {mark} is there {count} times")
        left = [*clone.rglob(".desk-*"), *clone.glob(".git/**/*.lock")]
        wrong += [f"{person}: left behind: {path}" for path in left]
        return wrong


def main(arguments: list[str]) -> int:
    """Soak for so many minutes and tell what went wrong."""
    minutes = float(arguments[0]) if arguments else 10
    seed = int(arguments[1]) if len(arguments) > 1 else int(time.time())
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), seed)
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end:
            soak.step()
        troubles = soak.finish()
    steps = ", ".join(f"{count} x {kind}" for kind, count in sorted(soak.done.items()))
    sys.stdout.write(f"seed {seed}: {steps}; {len(soak.marks)} acknowledged texts\n")
    sys.stdout.write("".join(f"{trouble}\n" for trouble in troubles) or "all is well\n")
    return bool(troubles)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
