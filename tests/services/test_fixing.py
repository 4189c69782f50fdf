"""`desk lint --fix` with real Git: what it mends, how it dates and signs, and what it leaves."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.errors import Refused
from desk.services.acting import Outcome
from desk.services.checks import FixResult, fix, lint
from desk.services.desk import Desk, open_desk
from desk.storage.ticket_file import parse_ticket
from tests.conftest import Shell
from tests.services.test_checks import ID, MONTH, OPENED, OTHER, THIRD, a_file, put, put_ticket

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATH = f"{MONTH}/{ID}.md"


def opened(shell: Shell, now: datetime = NOW) -> Desk:
    return open_desk(shell.folder, now)


def commit(
    shell: Shell, at: str = "2026-11-22T09:00:00Z", who: str = "Ana Ruiz <ana@acme.example>"
) -> str:
    """Commit everything, authored then by somebody; return the commit."""
    shell.git("add", "-A")
    environment = {**os.environ, "GIT_AUTHOR_DATE": at}
    subprocess.run(
        ["git", "commit", "--quiet", "-m", "by hand", f"--author={who}"],
        cwd=shell.folder,
        env=environment,
        check=True,
    )
    return shell.git("rev-parse", "HEAD").strip()


def edit(shell: Shell, old: str, new: str, path: str = PATH) -> None:
    text = (shell.folder / path).read_text()
    assert old in text
    put(shell.folder, path, text.replace(old, new))


def headings(shell: Shell, path: str = PATH) -> list[str]:
    ticket, problems = parse_ticket((shell.folder / path).read_bytes(), path)
    assert ticket is not None, problems
    return [entry.heading for entry in ticket.log]


def codes(shell: Shell) -> list[str]:
    return [each.code for each in lint(opened(shell)).findings]


def done(result: FixResult) -> dict[str, tuple[str, ...]]:
    return {each.id: each.done for each in result.fixes}


def verbs(shell: Shell) -> list[str]:
    form = "%(trailers:key=Desk-Verb,valueonly,separator=%x2C)"
    return shell.git("log", f"--format={form}").split("\n")[:-1]


@pytest.fixture
def hand_edit(desk: Shell) -> Callable[..., None]:
    """A ticket, and a committed edit of its priority that no entry tells of."""

    def make(at: str, who: str, *entries: str) -> None:
        put_ticket(desk.folder, *entries)
        commit(desk)
        edit(desk, "priority: P3", "priority: P1")
        commit(desk, at, who)

    return make


def test_nothing_to_mend_makes_no_commit(desk: Shell) -> None:
    put_ticket(desk.folder)
    before = commit(desk)
    assert fix(opened(desk)) == FixResult((), Outcome())
    assert desk.git("rev-parse", "HEAD").strip() == before


def test_a_log_is_sorted_and_entries_of_one_instant_keep_their_order(desk: Shell) -> None:
    put_ticket(
        desk.folder,
        "2026-11-22T09:40:00Z ana noted",
        "2026-11-22T09:30:00Z eva noted",
        "2026-11-22T09:30:00Z ana noted",
    )
    commit(desk)
    put(desk.folder, "notes.txt", "mine")
    desk.git("add", "notes.txt")
    assert done(fix(opened(desk))) == {ID: ("sorted its log",)}
    assert headings(desk)[1:] == [
        "2026-11-22T09:30:00Z eva noted",
        "2026-11-22T09:30:00Z ana noted",
        "2026-11-22T09:40:00Z ana noted",
    ]
    assert codes(desk) == []
    assert verbs(desk)[0] == "lint"
    assert desk.git("log", "-1", "--format=%s").strip() == f"{ID} lint: Printer jams"
    assert desk.git("show", "--format=", "--name-only").split() == [PATH]
    assert desk.git("status", "--short") == "A  notes.txt\n"


def test_an_edit_is_dated_and_signed_by_its_commit(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    hand_edit("2026-11-22T13:30:00+02:00", "Luis Gil <LUIS@acme.example>")
    assert codes(desk) == ["disagreement"]
    heading = "2026-11-22T11:30:00Z luis changed priority=P1"
    result = fix(opened(desk))
    assert done(result) == {ID: (f"added `{heading}`",)}
    assert headings(desk) == [OPENED, heading]
    assert codes(desk) == []
    assert verbs(desk)[0] == "lint"


def test_an_edit_lies_between_the_entries_of_its_time(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    hand_edit(
        "2026-11-22T10:00:00Z",
        "Max <max@far.example>",
        "2026-11-22T09:30:00Z ana noted",
        "2026-11-22T11:00:00Z ana noted",
    )
    fix(opened(desk))
    assert headings(desk)[1:] == [
        "2026-11-22T09:30:00Z ana noted",
        "2026-11-22T10:00:00Z max@far.example changed priority=P1",
        "2026-11-22T11:00:00Z ana noted",
    ]


def test_an_edit_is_no_earlier_than_the_entry_that_it_overrules(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    put_ticket(desk.folder, "2026-11-22T11:00:00Z ana changed priority=P2")
    edit(desk, "priority: P3\n", "priority: P2\n")
    commit(desk)
    edit(desk, "priority: P2\nreq", "priority: P1\nreq")
    commit(desk, "2026-11-22T10:00:00Z", "Ana Ruiz <ana@acme.example>")
    fix(opened(desk))
    assert headings(desk)[-1] == "2026-11-22T11:00:00Z ana changed priority=P1"
    assert codes(desk) == []


def test_later_commits_do_not_hide_where_an_edit_came_from(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    for number in range(12):
        edit(desk, "---\n\n", f"---\n\n## 2026-11-22T11:00:{number:02d}Z eva noted\n\n", PATH)
        commit(desk, "2026-11-22T11:00:00Z", "Eva Sanz <eva@acme.example>")
    fix(opened(desk))
    assert "2026-11-22T10:00:00Z luis changed priority=P1" in headings(desk)
    assert codes(desk) == []


def test_each_edit_has_its_own_date_and_author(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    edit(desk, "requester:", "company: ACME\nrequester:")
    edit(desk, "created:", "tags: [a, b]\ncreated:")
    commit(desk, "2026-11-22T11:00:00Z", "Eva Sanz <eva@acme.example>")
    fix(opened(desk))
    assert headings(desk)[1:] == [
        "2026-11-22T10:00:00Z luis changed priority=P1",
        "2026-11-22T11:00:00Z eva changed company=ACME tags+=a tags+=b",
    ]
    assert len(verbs(desk)) == 5
    assert codes(desk) == []


def test_a_commit_from_the_future_is_dated_now(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2027-01-01T00:00:00Z", "Luis Gil <luis@acme.example>")
    fix(opened(desk))
    assert headings(desk)[-1] == "2026-11-22T12:00:00Z luis changed priority=P1"


def test_who_cannot_sign_is_signed_for(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Robot <not an address>")
    fix(opened(desk))
    assert headings(desk)[-1] == "2026-11-22T10:00:00Z ana changed priority=P1"


def test_an_uncommitted_edit_is_committed_on_its_own_with_its_entry(desk: Shell) -> None:
    put_ticket(desk.folder)
    commit(desk, who="Luis Gil <luis@acme.example>")
    edit(desk, "priority: P3", "priority: P1")
    work = opened(desk)
    assert done(fix(work)) == {ID: ("added `2026-11-22T12:00:00Z ana changed priority=P1`",)}
    assert headings(desk) == [OPENED, "2026-11-22T12:00:00Z ana changed priority=P1"]
    assert desk.git("log", "-1", "--format=%s").strip() == f"{ID} edited by hand"
    assert verbs(desk)[0] == "edit"
    assert work.notices == [f"your edit of {ID} was committed first, on its own"]
    assert desk.git("status", "--short") == ""
    assert codes(desk) == []


def test_committed_and_uncommitted_edits_are_told_apart(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    edit(desk, "requester:", "company: ACME\nrequester:")
    fix(opened(desk))
    assert headings(desk)[1:] == [
        "2026-11-22T10:00:00Z luis changed priority=P1",
        "2026-11-22T12:00:00Z ana changed company=ACME",
    ]
    assert verbs(desk)[:2] == ["lint", "edit"]
    assert codes(desk) == []


def test_where_commands_only_write_files_nothing_is_committed(
    desk: Shell, hand_edit: Callable[..., None]
) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    edit(desk, "requester:", "company: ACME\nrequester:")
    before = desk.git("rev-parse", "HEAD")
    fix(replace(opened(desk), commits=False))
    assert desk.git("rev-parse", "HEAD") == before
    assert codes(desk) == []


def test_a_ticket_that_git_does_not_know_is_told_now(desk: Shell) -> None:
    put_ticket(desk.folder, head="company: ACME\n")
    fix(opened(desk))
    assert headings(desk)[-1] == "2026-11-22T12:00:00Z ana changed company=ACME"
    assert desk.git("status", "--short") == ""


def test_before_the_first_commit_it_works_too(make_desk: Callable[..., Shell]) -> None:
    shell = make_desk("new")
    shell.git("update-ref", "-d", "HEAD")
    put_ticket(shell.folder, head="company: ACME\n")
    fix(opened(shell))
    assert headings(shell)[-1] == "2026-11-22T12:00:00Z ana changed company=ACME"


def test_an_entry_that_somebody_removed_is_not_put_into_their_mouth(desk: Shell) -> None:
    put_ticket(desk.folder, "2026-11-22T09:30:00Z eva changed priority=P1")
    edit(desk, "priority: P3\n", "priority: P1\n")
    commit(desk)
    edit(desk, "\n## 2026-11-22T09:30:00Z eva changed priority=P1\n", "")
    commit(desk, "2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    fix(opened(desk))
    assert headings(desk)[-1] == "2026-11-22T12:00:00Z ana changed priority=P1"


def test_a_shallow_clone_does_not_know(
    desk: Shell, hand_edit: Callable[..., None], tmp_path: Path
) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    clone = tmp_path / "clone"
    desk.git("clone", "--quiet", "--depth=1", f"file://{desk.folder}", str(clone))
    shell = Shell(clone, desk.monkeypatch)
    fix(opened(shell))
    assert headings(shell)[-1] == "2026-11-22T12:00:00Z ana changed priority=P1"


@pytest.mark.parametrize(
    ("log", "old", "new", "added", "clauses"),
    [
        (
            ("2026-11-22T09:30:00Z ana changed status=resolved resolution=declined",),
            "status: resolved",
            "status: open",
            "2026-11-22T10:00:00Z luis changed status=open",
            ("cleared `resolution`, as its status has it",),
        ),
        (
            ("2026-11-22T09:30:00Z ana changed status=open",),
            "status: open",
            "status: closed",
            "2026-11-22T10:00:00Z luis changed status=closed",
            ("set `resolution` to `fixed`, as its status has it",),
        ),
    ],
)
def test_of_a_status_follows_the_rest(
    desk: Shell, log: tuple[str, ...], old: str, new: str, added: str, clauses: tuple[str, ...]
) -> None:
    status = old.partition(": ")[2]
    text = a_file(*log, status=status)
    if status == "resolved":
        text = text.replace("priority:", "resolution: declined\npriority:", 1)
    put(desk.folder, PATH, text)
    commit(desk)
    assert codes(desk) == []
    edit(desk, f"{old}\n", f"{new}\n")
    commit(desk, "2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    result = fix(opened(desk))
    assert any(heading.startswith(added) for heading in headings(desk)), headings(desk)
    assert done(result)[ID][-1:] == clauses
    assert codes(desk) == []


def test_a_resolution_of_a_live_ticket_is_cleared(desk: Shell) -> None:
    put_ticket(desk.folder, head="resolution: fixed\n")
    commit(desk)
    assert codes(desk) == ["disagreement"]
    assert done(fix(opened(desk))) == {ID: ("cleared `resolution`, as its status has it",)}
    assert headings(desk) == [OPENED]
    assert codes(desk) == []


def test_links_are_added_to_the_other_side(desk: Shell) -> None:
    link = f"links: [blocks {OTHER}, relates {THIRD}]\n"
    put_ticket(
        desk.folder,
        f'2026-11-22T09:30:00Z ana changed links+="blocks {OTHER}" links+="relates {THIRD}"',
        head=link,
    )
    put_ticket(desk.folder, ticket_id=OTHER)
    put(desk.folder, f"{MONTH}/{THIRD}.md", "broken")
    commit(desk)
    result = fix(opened(desk))
    heading = f'2026-11-22T12:00:00Z ana changed links+="blocked-by {ID}"'
    assert done(result) == {OTHER: (f"added `{heading}`",)}
    assert f"links: [blocked-by {ID}]" in (desk.folder / f"{MONTH}/{OTHER}.md").read_text()
    assert codes(desk) == ["front-matter"]
    assert (desk.folder / f"{MONTH}/{THIRD}.md").read_text() == "broken"


def test_an_id_of_two_files_is_linked_by_nobody(desk: Shell) -> None:
    put_ticket(
        desk.folder,
        f'2026-11-22T09:30:00Z ana changed links+="blocks {OTHER}"',
        head=f"links: [blocks {OTHER}]\n",
    )
    put_ticket(desk.folder, ticket_id=OTHER)
    put(desk.folder, f"{MONTH}/copy.md", a_file(ticket_id=OTHER))
    commit(desk)
    assert fix(opened(desk)).fixes == ()


def test_elements_that_stand_twice_stand_once(desk: Shell) -> None:
    put_ticket(
        desk.folder,
        "2026-11-22T09:30:00Z ana changed tags+=a tags+=b",
        head="tags: [a, b, a]  # for lists\n",
    )
    commit(desk)
    assert codes(desk) == ["repeated"]
    assert done(fix(opened(desk))) == {ID: ("named a once in `tags`",)}
    assert "tags: [a, b]  # for lists\n" in (desk.folder / PATH).read_text()
    assert codes(desk) == []


def test_several_tickets_are_one_commit(desk: Shell) -> None:
    for ticket_id in (ID, OTHER):
        put_ticket(desk.folder, ticket_id=ticket_id, head="company: ACME\n")
    commit(desk, "2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    fix(opened(desk))
    assert verbs(desk) == ["lint", "", ""]
    assert desk.git("log", "-1", "--format=%s").strip() == "2 tickets lint"
    for ticket_id in (ID, OTHER):
        path = f"{MONTH}/{ticket_id}.md"
        assert headings(desk, path)[-1] == "2026-11-22T10:00:00Z luis changed company=ACME"


def test_those_named_alone_are_mended(desk: Shell) -> None:
    for ticket_id in (ID, OTHER):
        put_ticket(desk.folder, ticket_id=ticket_id, head="company: ACME\n")
    commit(desk)
    assert list(done(fix(opened(desk), [OTHER]))) == [OTHER]
    assert codes(desk) == ["disagreement"]


def test_a_dry_run_tells_and_touches_nothing(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    edit(desk, "requester:", "company: ACME\nrequester:")
    before = (desk.folder / PATH).read_bytes()
    head = desk.git("rev-parse", "HEAD")
    result = fix(replace(opened(desk), dry_run=True))
    assert done(result)[ID] == (
        "added `2026-11-22T10:00:00Z luis changed priority=P1`",
        "added `2026-11-22T12:00:00Z ana changed company=ACME`",
    )
    assert [each.path for each in result.outcome.saves] == [PATH]
    assert (desk.folder / PATH).read_bytes() == before
    assert desk.git("rev-parse", "HEAD") == head


@pytest.mark.parametrize(
    "content",
    [
        a_file(log="\n## 2026-11-22T09:00:00Z ana noted\n", head="company: ACME\n"),
        a_file(head="company: ACME\n").replace("created: 2026", "created: about 2026"),
        a_file().replace("\n", "\r\n"),
        "\ufeff" + a_file() + "\n\n\n",
        a_file(head="colour: blue\nteam: nobody\n").replace("status=new", "status=new team=nobody"),
    ],
    ids=["no opened", "unreadable", "CRLF", "BOM and blank lines", "for people"],
)
def test_what_is_not_certain_is_left_alone(desk: Shell, content: str) -> None:
    put(desk.folder, PATH, content)
    commit(desk)
    before = (desk.folder / PATH).read_bytes()
    assert fix(opened(desk)).fixes == ()
    assert (desk.folder / PATH).read_bytes() == before


def test_a_file_that_is_mended_becomes_canonical(desk: Shell) -> None:
    put(desk.folder, PATH, "\ufeff" + a_file(head="company: ACME\n").replace("\n", "\r\n"))
    commit(desk)
    fix(opened(desk))
    data = (desk.folder / PATH).read_bytes()
    assert data.startswith(b"---\n")
    assert b"\r" not in data


def test_requesters_may_not(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    desk.monkeypatch.setenv("DESK_USER", "maria@x.example")
    with pytest.raises(Refused, match="lint"):
        fix(opened(desk))


def test_during_a_merge_it_is_staged(desk: Shell, hand_edit: Callable[..., None]) -> None:
    hand_edit("2026-11-22T10:00:00Z", "Luis Gil <luis@acme.example>")
    head = desk.git("rev-parse", "HEAD").strip()
    (desk.folder / ".git" / "MERGE_HEAD").write_text(f"{head}\n")
    work = opened(desk)
    fix(work)
    assert desk.git("rev-parse", "HEAD").strip() == head
    assert desk.git("status", "--short") == f"M  {PATH}\n"
    (notice,) = work.notices
    assert notice.startswith("a merge is under way: staged, and not committed (a copy is in ")
