"""A history that desk's own commands made, by several people, has nothing to object to."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desk.domain.instants import format_instant, parse_instant
from tests.cli.conftest import LEVELS
from tests.conftest import CONFIG, NOW, Shell

AGENTS = ("ana", "luis", "eva", "root")
MARIA = "maria@acme.example"
BOB = "Bob <bob@b.example>"
MAP = """\
rows: tickets
key: No
at: Opened
ticket: {title: "{Title}", requester: "{Who}"}
"""
TABLE = """\
No,Opened,Title,Who
1,2026-03-02T08:00:00Z,Printer jams,Bea
2,2026-04-02T08:00:00Z,No network,Gil
"""


class Office:
    """Several people at work on one help desk, what they do drawn from a seed."""

    def __init__(self, desk: Shell, seed: int) -> None:
        self.desk = desk
        self.random = random.Random(seed)
        self.at = parse_instant(NOW)
        self.tickets: list[str] = []
        self.said: list[str] = []

    def run(self, *words: str, user: str = "", code: int | None = None) -> str:
        """Run a command as somebody, some time later; refusals of the workflow are part of it."""
        self.at += timedelta(seconds=self.random.choice((0, 1, 60, 4_000)))
        self.said.append(f"{user}: {' '.join(words)}")
        try:
            result = self.desk(*words, user=user, now=format_instant(self.at))
        except AssertionError as error:
            if "exit 4" not in str(error) and "exit 3" not in str(error):
                raise
            return ""
        return result.out.strip()

    def anybody(self) -> str:
        return self.random.choice((*AGENTS, *AGENTS, MARIA))

    def step(self) -> None:
        """Do one thing that people do to tickets."""
        user = self.anybody()
        if not self.tickets or self.random.random() < 0.15:
            words = ["new", f"Request {len(self.tickets)}", "-d", "It is broken."]
            words += self.random.choice(([], ["-r", BOB], ["-a", "luis"], ["--tag", "a"]))
            made = self.run(*words, user=user)
            self.tickets += [made] if made else []
            return
        ticket = self.random.choice(self.tickets)
        other = self.random.choice(self.tickets)
        words = self.random.choice(
            (
                ["take", ticket],
                ["assign", ticket, "luis"],
                ["reply", ticket, "-m", "Which one?", "--wait"],
                ["reply", ticket, "-m", "The left one.", "--from", BOB],
                ["reply", ticket, "-m", "Hello."],
                ["note", ticket, "-m", "Looks old."],
                ["hold", ticket, "-m", "Parts.", "--until", "2027-01-01"],
                ["resume", ticket],
                ["wait", ticket],
                ["resolve", ticket, "-m", "Done."],
                ["resolve", ticket, "--as", "workaround"],
                ["close", ticket],
                ["cancel", ticket, "-m", "Never mind."],
                ["reopen", ticket, "-m", "Again."],
                ["escalate", ticket, "-m", "Too hard."],
                ["deescalate", ticket, "-m", "Easy."],
                ["tag", ticket, "x"],
                ["edit", ticket, "-p", self.random.choice(("P1", "P2", "P4")), "--set", "room=3"],
                ["edit", ticket, "--title", f"Renamed {self.random.random()}"],
                ["edit", ticket, "-d", "It is broken, really."],
                ["link", ticket, "blocks", other],
                ["merge", ticket, "--into", other],
                ["split", ticket, "1"],
                ["worked", ticket, "15m"],
                ["rate", ticket, "4"],
                ["watch", ticket],
                ["undo"],
                ["sweep"],
                ["attach", ticket, "config.yaml"],
                ["kb", "new", f"Article {self.random.random()}", "-m", "Read me."],
                ["kb", "new", f"Article {self.random.random()}", "--from", ticket],
                ["hand-edit", ticket],
                ["lint", "--fix"],
                ["redact", ticket, "1", "-m", "A password."],
                ["days go by"],
            )
        )
        if words[0] == "days go by":
            self.at += timedelta(days=self.random.choice((1, 6)))
        elif words[0] == "hand-edit":
            self.edit_by_hand(ticket, user)
        else:
            made = self.run(*words, user=user)
            if words[0] == "split":
                self.tickets += [each for each in made.split() if each not in self.tickets]

    def edit_by_hand(self, ticket: str, user: str) -> None:
        """Change a file and commit it with git alone; `lint --fix` tells of it some time later."""
        path = self.desk.file_of(ticket)
        text = path.read_text()
        email = f"{user}@acme.example" if "@" not in user else user
        if "\npriority: " not in text or user not in AGENTS:
            return
        head, mark, rest = text.partition("\npriority: ")
        priority = self.random.choice(("P1", "P3"))
        path.write_text(head + mark + priority + rest[rest.index("\n") :])
        if not self.desk.git("status", "--porcelain", "--untracked-files=no").strip():
            return
        self.said.append(f"{user}: edit {ticket} by hand")
        when = format_instant(self.at)
        author = f"--author=Somebody <{email}>"
        self.desk.git("commit", "--quiet", "-am", "By hand", author, f"--date={when}")


@pytest.mark.parametrize("seed", range(3))
def test_what_people_do_by_the_program_is_never_objected_to(
    make_desk: Callable[..., Shell], seed: int
) -> None:
    desk = make_desk(config=CONFIG + LEVELS)
    (desk.folder / "old.csv").write_text(TABLE)
    (desk.folder / "old.map.yaml").write_text(MAP)
    office = Office(desk, seed)
    for _ in range(45):
        office.step()
    office.run("import", "csv", "old.csv", "--map", "old.map.yaml", user="luis")
    office.run("lint", "--fix", user="eva")
    result = desk("audit")
    assert result.out == "", office.said
    count = int(desk.git("rev-list", "--count", "HEAD"))
    assert result.err == f"{count} commits checked: nothing to object to\n"
    assert count > 10


@pytest.mark.parametrize("seed", range(2))
def test_what_two_clones_make_of_each_others_work_is_never_objected_to(
    make_desk: Callable[..., Shell], seed: int, tmp_path: Path
) -> None:
    first = make_desk(config=CONFIG + LEVELS)
    first.git("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    offices = []
    for number, name in enumerate(("one", "two")):
        first.git("clone", "--quiet", str(tmp_path / "origin.git"), str(tmp_path / name))
        clone = Shell(tmp_path / name, first.monkeypatch)
        clone.git("config", "user.email", f"{AGENTS[number]}@acme.example")
        offices.append(Office(clone, seed * 2 + number))
    for turn in range(8):
        for office in offices:
            for _ in range(4):
                office.step()
        for office in (*offices, offices[0]) if turn % 2 else offices[:1]:
            office.desk("sync", now=format_instant(office.at))
            known = office.desk.folder.glob("tickets/*/*/*.md")
            office.tickets = sorted(path.stem for path in known)
    office = offices[0]
    office.at = max(each.at for each in offices)
    office.run("lint", "--fix", user="eva")
    result = office.desk("audit")
    assert result.out == "", [each.said for each in offices]
    assert int(office.desk.git("rev-list", "--count", "--merges", "HEAD")) > 0
