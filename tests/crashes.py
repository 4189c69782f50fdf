"""The program killed at every step of a write: `python -m tests.crashes [ROUNDS] [COMMAND...]`.

Every command below is killed at each of its steps (`tests/killing.py`; ROUNDS: at so many of them),
with every git that it started. What must hold then: each file is whole; the next command works, and
finds or makes the repository clean; nothing that was acknowledged is gone, and what was killed is
there once or not at all. By strace where it is installed, else by Python alone. `crowd` among the
commands is twenty people who write at once. A shorter run is part of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from desk.storage.kb_file import parse_article
from desk.storage.ticket_file import parse_ticket
from tests.conftest import CONFIG
from tests.killing import ROOT, Ended, by_python, by_strace, has_strace

Killer = Callable[[Sequence[str], Path, Mapping[str, str], int], Ended]

NOW, LATER = "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"
SAID = "Said: killed."
SECRET = "The password is hunter2."
BULK, ROWS = 30, 50
TABLE = "nr,opened,title\n" + "".join(
    f"{100 + number},2026-11-01 10:00:00,Row {number}\n" for number in range(ROWS)
)
MAP = "rows: tickets\nkey: nr\nat: opened\nticket: {title: '{title}', requester: Maria}\n"
COMMANDS = {
    "new": ("new", "Killed", "-d", SAID),
    "reply": ("reply", "{first}", "-m", SAID),
    "tag": ("tag", "-", "killed"),
    "resolve": ("resolve", "{first}", "-m", SAID),
    "attach": ("attach", "{first}", "../screen.png", "-m", SAID),
    "kb new": ("kb", "new", "Killed", "-m", SAID),
    "import": ("import", "csv", "../t.csv", "--map", "../t.map.yaml"),
    "sync": ("sync",),
    "redact": ("redact", "{first}", "2", "-m", SAID),
}


@dataclass
class Scene:
    """A remote, Ana's clone with tickets that she did not send yet, and Luis's, who sent his."""

    folder: Path
    ids: list[str] = field(default_factory=list)

    @property
    def ana(self) -> Path:
        """Where the commands run."""
        return self.folder / "ana"

    def build(self) -> Scene:
        """Make all of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git", at=self.folder)
        self.git("init", "--quiet", "--initial-branch=main", "ana", at=self.folder)
        (self.folder / "screen.png").write_bytes(b"png" * 50_000)
        (self.folder / "t.csv").write_text(TABLE)
        (self.folder / "t.map.yaml").write_text(MAP)
        (self.ana / "config.yaml").write_text(CONFIG)
        settings = {
            "user.name": "Rita Oot",
            "user.email": "root@acme.example",
            "remote.origin.url": "../remote.git",
            "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
            "gc.auto": "0",
        }
        for name, value in settings.items():
            self.git("config", name, value)
        self.desk("init")
        self.git("add", "config.yaml")
        self.git("commit", "--quiet", "-m", "Settings", "--allow-empty")
        titles = "nr,opened,title\n" + "".join(
            f"{number},2026-11-01 10:00:00,Old {number}\n" for number in range(BULK)
        )
        (self.folder / "old.csv").write_text(titles)
        self.desk("import", "csv", "../old.csv", "--map", "../t.map.yaml")
        self.git("push", "--quiet", "--set-upstream", "origin", "main")
        shutil.copytree(self.ana, self.folder / "luis")
        self.ids = sorted(path.stem for path in self.ana.glob("tickets/*/*/*.md"))
        (self.folder / "ids").write_text("".join(f"{each}\n" for each in self.ids))
        self.desk("note", self.ids[0], "-m", SECRET, now="2026-11-22T08:00:00Z")
        self.desk("note", *self.ids[:3], "-m", "Acknowledged: hers.")
        self.desk("note", *self.ids[:3], "-m", "Acknowledged: his.", at=self.folder / "luis")
        self.desk("new", "His", at=self.folder / "luis")
        self.desk("sync", at=self.folder / "luis")
        self.desk("list")
        return self

    def copied(self, folder: Path) -> Scene:
        """Return a copy of its own."""
        shutil.copytree(self.folder, folder)
        return Scene(folder, self.ids)

    def words(self, command: str) -> list[str]:
        """Return a command's words, with the tickets put in."""
        return [word.replace("{first}", self.ids[0]) for word in COMMANDS[command]]

    def git(self, *words: str, at: Path | None = None) -> str:
        """Run git; return all that it prints. AssertionError where it fails."""
        return self._run(["git", *words], NOW, at)

    def desk(self, *words: str, now: str = NOW, at: Path | None = None) -> str:
        """Run the program; return all that it prints. AssertionError where it fails."""
        return self._run([sys.executable, "-m", "desk", *words], now, at)

    def _run(self, words: list[str], now: str, at: Path | None) -> str:
        done = subprocess.run(
            words,
            cwd=at or self.ana,
            env={**environment(now), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (
            f"{' '.join(words[-4:])}: exit {done.returncode}: {done.stdout}"
        )
        return done.stdout


def environment(now: str) -> dict[str, str]:
    """Return an environment with nothing of a person's own in it."""
    kept = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE"}
    found = {name: value for name, value in os.environ.items() if name in kept}
    return found | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "DESK_NOW": now}


def killed(scene: Scene, command: str, at: int, killer: Killer) -> tuple[Ended, list[str]]:
    """Kill a command at its Nth step, run the next ones, and return how it ended and all that is
    not as it should be."""
    words = scene.words(command)
    ended = killer(words, scene.ana, environment(LATER), at)
    for lock in (scene.folder / "remote.git").rglob("*.lock"):
        lock.unlink()  # killed with the rest, and on a server of its own not ours to mend
    wrong = list(_torn(scene.ana))
    try:
        said = scene.desk("note", scene.ids[1], "-m", "Next.", now="2026-11-22T11:00:00Z")
        if command == "sync":
            said += scene.desk("sync", now="2026-11-22T11:00:00Z")
        if "this is a bug" in said:
            wrong.append(said)
        wrong += [*_torn(scene.ana), *_unclean(scene)]
        wrong += _lost(scene, command, ended)
    except AssertionError as error:
        wrong.append(str(error))
    return ended, wrong


def _torn(clone: Path) -> Iterator[str]:
    """Name each file that is not whole."""
    for path in (*clone.glob("tickets/*/*/*.md"), *clone.glob("kb/*.md")):
        path_in = str(path.relative_to(clone))
        read = parse_article if path_in.startswith("kb/") else parse_ticket
        whole, problems = read(path.read_bytes(), path_in)
        if whole is None or problems:
            yield f"torn: {path_in}: {problems}"
    for path in clone.glob("tickets/*/*/*/screen*.png"):
        if path.stat().st_size != 150_000:
            yield f"torn: {path.name}"
    if (clone / "config.yaml").read_text() != CONFIG:
        yield "config.yaml is another"


def _unclean(scene: Scene) -> Iterator[str]:
    """Say what is left to be cleaned up."""
    scene.desk("lint")
    scene.git("fsck", "--no-dangling", "--no-progress")
    if status := scene.git("status", "--porcelain"):
        yield f"status: {status}"
    if names := scene.git("for-each-ref", "refs/desk"):
        yield f"names: {names}"
    git_dir = scene.ana / ".git"
    left = [
        *(path for path in scene.ana.rglob("*.desk-tmp")),
        *git_dir.rglob("*.lock"),
        *git_dir.glob("desk-index-*"),
        *git_dir.glob("next-index-*"),
        *(git_dir / "desk" / name for name in ("pending", "pending.new", "advance", "writer")),
        *git_dir.glob("desk/*.new"),
        *git_dir.glob("desk/syncing-*"),
        *git_dir.glob("desk/scratch-*"),
    ]
    yield from (f"left: {path.relative_to(scene.ana)}" for path in left if path.exists())


def _lost(scene: Scene, command: str, ended: Ended) -> Iterator[str]:
    """Say what was acknowledged and is gone, and what is there twice."""
    tickets = [path.read_text() for path in scene.ana.glob("tickets/*/*/*.md")]
    text = "".join(tickets + [path.read_text() for path in scene.ana.glob("kb/*.md")])
    for said, count in {"Acknowledged: hers.": 3, "Next.": 1}.items():
        if text.count(said) != count:
            yield f"{said!r} is there {text.count(said)} times"
    most = {"tag": BULK, "import": ROWS, "sync": 3}.get(command, 1)
    mark = {"tag": "tags: [killed]", "import": "title: Row ", "sync": "Acknowledged: his."}
    count = text.count(mark.get(command, SAID))
    acknowledged = bool(ended.out.strip()) or not ended.is_killed or command == "sync"
    if count not in ((most,) if acknowledged else (0, most)):
        yield f"what was killed is there {count} times of {most}, acknowledged: {ended.out!r}"
    if command == "redact" and (SECRET in text) == bool(count):
        yield "what was redacted is as it was not to be"
    if command == "attach":
        files = list(scene.ana.glob("tickets/*/*/*/screen*.png"))
        if len(files) != count:
            yield f"{len(files)} attachments and {count} entries"


def crash(
    template: Scene, command: str, folder: Path, killer: Killer, rounds: int = 0
) -> tuple[int, list[str]]:
    """Kill a command at each of its steps, or at so many of them, a few at a time; return at how
    many, and all that went wrong."""
    whole = template.copied(folder / "whole")
    ended = killer(whole.words(command), whole.ana, environment(LATER), 0)
    shutil.rmtree(whole.folder)
    wrong = [f"{command} alone ends with {ended.code}: {ended.out}"] if ended.code else []
    points = list(range(1, ended.steps + 1))
    if 0 < rounds < ended.steps:
        points = [1 + (2 * each + 1) * ended.steps // (2 * rounds) for each in range(rounds)]

    def once(at: int) -> list[str]:
        place = folder / f"{at}"
        _, found = killed(template.copied(place), command, at, killer)
        if not found:
            shutil.rmtree(place)
        return [f"{command}, killed at step {at} of {ended.steps}: {each}" for each in found]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(once, points):
            wrong += found
    return len(points), wrong


def crowd(scene: Scene, people: int, writes: int) -> tuple[float, list[str]]:
    """Let so many people write so many times each, all at once; return how many seconds it took,
    and all that went wrong."""
    tickets = scene.ids[: max(3, people // 2)]
    before = int(scene.git("rev-list", "--count", "HEAD"))

    def work(person: int) -> None:
        for number in range(writes):
            ticket = tickets[(person + number) % len(tickets)]
            scene.desk("note", ticket, "-m", f"Said: {person}/{number}.", now=LATER)

    start = time.monotonic()
    wrong = []
    with ThreadPoolExecutor(people) as pool:
        for each in [pool.submit(work, person) for person in range(people)]:
            error = each.exception()
            wrong += [str(error)] if error else []
    seconds = time.monotonic() - start
    made = int(scene.git("rev-list", "--count", "HEAD")) - before
    if made != people * writes:
        wrong.append(f"{made} commits of {people * writes}")
    text = "".join(path.read_text() for path in scene.ana.glob("tickets/*/*/*.md"))
    for person in range(people):
        for number in range(writes):
            count = text.count(f"Said: {person}/{number}.")
            wrong += [f"{person}/{number} is there {count} times"] if count != 1 else []
    return seconds, [*wrong, *_torn(scene.ana), *_unclean(scene)]


def main(arguments: list[str]) -> int:
    """Kill every command, or those that are named, and tell what went wrong."""
    rounds = int(arguments[0]) if arguments else 0
    killer = by_strace if has_strace() else by_python
    folder = Path(tempfile.mkdtemp(prefix="desk-crashes-"))
    template = Scene(folder / "template").build()
    troubles = 0
    for command in arguments[1:] or [*COMMANDS, "crowd"]:
        place = folder / command.replace(" ", "-")
        place.mkdir()
        if command == "crowd":
            seconds, wrong = crowd(template.copied(place / "all"), 20, 10)
            sys.stdout.write(f"crowd: 20 people, 10 writes each: {seconds:.1f} s\n")
            sys.stdout.write("".join(f"  {each}\n" for each in wrong))
            troubles += len(wrong)
            continue
        points, wrong = crash(template, command, place, killer, rounds)
        sys.stdout.write(f"{command}: killed at {points} steps, {len(wrong)} wrong\n")
        sys.stdout.write("".join(f"  {each}\n" for each in wrong))
        sys.stdout.flush()
        troubles += len(wrong)
    sys.stdout.write(f"see {folder}\n" if troubles else "all is well\n")
    if not troubles:
        shutil.rmtree(folder)
    return bool(troubles)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
