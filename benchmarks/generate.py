"""A help desk of any size, made up and committed: `python -m benchmarks.generate DIR TICKETS`.

Canonical tickets of about 2 KB with 8 entries, over four years, one in fifty still open: the same
ones for the same number each time.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.domain.ids import ALPHABET, path_of
from desk.domain.ticket import Change, Ticket
from desk.domain.workflow import Act, perform
from desk.storage.ticket_file import format_ticket

NOW = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
SPAN = timedelta(days=4 * 365)
OPEN_ONE_IN = 50

AGENTS = ("ana", "luis", "mei", "noor", "piotr", "sam")
COMPANIES = ("ACME", "Northwind", "Globex", "Initech", "Umbrella", "Hooli")
CATEGORIES = ("hardware", "hardware/printer", "network", "network/vpn", "access", "software")
THINGS = (
    "printer on the third floor",
    "scanner",
    "VPN",
    "mail client",
    "web shop",
    "ERP",
    "laptop",
    "phone",
    "projector",
    "badge reader",
    "wireless network",
    "backup",
    "shared folder",
    "calendar",
    "payroll export",
    "jamón scale",
)
FAULTS = (
    "does not start",
    "is slow since this morning",
    "shows error 502",
    "prints empty pages",
    "asks for a password again and again",
    "lost its settings",
    "drops the connection every few minutes",
    "makes a noise",
)
SENTENCES = (
    "It worked last week and nobody changed anything that I know of.",
    "Three colleagues on the same floor see the same, the others do not.",
    "I restarted it twice and plugged it into the other socket; no difference.",
    "The message on the display is gone after a second, so I took a picture of it.",
    "Which version does the window show at the bottom, on the left?",
    "Please try it again now: I emptied the queue and renewed the certificate.",
    "The supplier sends a new part, which should be here on Thursday before noon.",
    "I replaced the rollers, cleaned the sensor and printed forty pages without a jam.",
    "That is the same fault as in March, when the firmware was rolled back.",
    "Thank you, it works again, also for the colleagues next door.",
)

CONFIG = """\
desk: {format: 1, name: Benchmark, prefix: HD, timezone: Europe/Madrid}
people:
  ana:   {name: Ana Ruiz, email: ana@acme.example, role: admin, teams: [support], level: L1}
  luis:  {name: Luis Gil, email: luis@acme.example, role: agent, teams: [support], level: L1}
  mei:   {name: Mei Tanaka, email: mei@acme.example, role: agent, teams: [support], level: L1}
  noor:  {name: Noor Haddad, email: noor@acme.example, role: agent, teams: [sysadmin], level: L2}
  piotr: {name: Piotr Zak, email: piotr@acme.example, role: agent, teams: [sysadmin], level: L2}
  sam:   {name: Sam Reed, email: sam@acme.example, role: lead, teams: [support, sysadmin]}
levels: {L1: support, L2: sysadmin}
priorities: [P1, P2, P3, P4]
calendars:
  office:
    timezone: Europe/Madrid
    hours: {mon-thu: 09:00-14:00 15:00-18:00, fri: 09:00-15:00}
    holidays: {country: ES, subdivision: MD}
sla:
  - name: standard
    calendar: office
    ownership: 2h
    first_response: {P1: 30m, P2: 2h, P3: 4h, P4: 8h}
    next_response: 8h
    resolution: {P1: 4h, P2: 16h, P3: 40h, P4: 80h}
"""


class Maker:
    """Makes tickets up, with dice of its own."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def text(self) -> str:
        """Return two or three sentences."""
        return " ".join(self._dice.sample(SENTENCES, self._dice.randint(2, 4)))

    def ticket(self, ticket_id: str, opened_at: datetime, is_open: bool) -> Ticket:
        """Return a ticket with 8 entries, the last of which leaves it open or closed."""
        dice = self._dice
        person = f"user{dice.randrange(400)}"
        agent, address = dice.choice(AGENTS), f"{person}@{dice.choice(COMPANIES).lower()}.example"
        thing = dice.choice(THINGS)
        fields = {
            "type": dice.choice(("incident", "incident", "request", "question")),
            "status": "new",
            "priority": dice.choice(("P1", "P2", "P3", "P3", "P3", "P4")),
            "company": dice.choice(COMPANIES),
            "team": "support",
            "level": "L1",
            "category": dice.choice(CATEGORIES),
            "channel": dice.choice(("email", "phone", "web")),
        }
        ticket = Ticket(
            {
                "id": ticket_id,
                "title": f"The {thing} {dice.choice(FAULTS)}",
                "requester": f"{person.capitalize()} Example <{address}>",
                "created": f"{opened_at:%Y-%m-%dT%H:%M:%SZ}",
            },
            (),
        )
        tag = Change("tags", "+=", thing.split(" ")[0].lower())
        opened = tuple(Change(key, "=", value) for key, value in fields.items())
        at = opened_at
        for by, act in (
            (address, Act("opened", (*opened, tag), self.text())),
            (agent, Act("changed", (_set("status", "open"), _set("assignee", agent)))),
            (agent, Act("replied", (_set("status", "waiting"),), self.text())),
            (address, Act("wrote", (_set("status", "open"),), self.text())),
            (agent, Act("noted", (), self.text())),
            (agent, Act("worked", (_set("minutes", str(dice.randint(5, 90))),))),
            *self._end(agent, address, is_open),
        ):
            ticket = perform(ticket, act, at, by)
            at += timedelta(seconds=dice.randrange(120, 30_000))
        return ticket

    def _end(self, agent: str, address: str, is_open: bool) -> Iterator[tuple[str, Act]]:
        done = (_set("status", "resolved"), _set("resolution", "fixed"))
        if is_open:
            yield agent, Act("replied", (), self.text())
            yield address, Act("wrote", (), self.text())
        elif self._dice.random() < 0.05:
            yield agent, Act("replied", done, self.text())
            again = (_set("status", "open"), _set("resolution", ""))
            yield address, Act("wrote", again, self.text())
            yield agent, Act("replied", done, self.text())
        else:
            yield agent, Act("replied", done, self.text())
            yield "desk", Act("changed", (_set("status", "closed"),))


def _set(key: str, value: str) -> Change:
    return Change(key, "=", value)


def tickets(count: int) -> Iterator[Ticket]:
    """Yield so many tickets, the oldest first; those that are open lie in the last weeks."""
    maker = Maker(count)
    open_count = count // OPEN_ONE_IN
    weeks = timedelta(days=21)
    for number in range(count):
        is_open = number >= count - open_count
        if is_open:
            at = (
                NOW
                - weeks
                + (weeks - timedelta(days=4)) * (number - count + open_count) / open_count
            )
        else:
            at = NOW - SPAN + (SPAN - weeks) * number / count
        at = at.replace(microsecond=0)
        yield maker.ticket(f"HD-{at:%y%m}-{_characters(number)}", at, is_open)


def _characters(number: int) -> str:
    """Return five characters that look random and are no other number's."""
    scattered = number * 7_654_321 % len(ALPHABET) ** 5
    found = ""
    for _ in range(5):
        scattered, place = divmod(scattered, len(ALPHABET))
        found += ALPHABET[place]
    return found


def generate(folder: Path, count: int) -> None:
    """Make the help desk and commit it, with what keeps a large repository quick."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "maintenance.auto", "false")
    git(folder, "config", "user.name", "Ana Ruiz")
    git(folder, "config", "user.email", "ana@acme.example")
    (folder / "config.yaml").write_text(CONFIG)
    made: set[str] = set()
    for ticket in tickets(count):
        path = folder / path_of(ticket.id)
        if str(path.parent) not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(str(path.parent))
        path.write_bytes(format_ticket(ticket))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", f"{count} tickets")
    git(folder, "gc", "--quiet")


def git(folder: Path, *arguments: str) -> None:
    """Run git in the help desk."""
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def main(arguments: list[str]) -> int:
    """Make a help desk where there is nothing yet."""
    if len(arguments) != 2 or not arguments[1].isdigit():
        sys.stderr.write("usage: python -m benchmarks.generate DIR TICKETS\n")
        return 2
    folder = Path(arguments[0])
    if folder.exists() and any(folder.iterdir()):
        sys.stderr.write(f"{folder} is not empty\n")
        return 1
    generate(folder, int(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
