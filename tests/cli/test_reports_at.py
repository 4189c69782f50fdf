"""`desk report --at`: the figures of a commit, whatever became of it since."""

from __future__ import annotations

import json
import operator
from pathlib import Path
from typing import Any

import pytest

from desk.domain.report.catalogue import BUILT_IN
from tests.clones import Clones
from tests.conftest import Shell

DAY = "2026-11-22T"


def document(desk: Shell, *arguments: str, **options: Any) -> dict[str, Any]:
    found = json.loads(desk("report", *arguments, "-o", "json", **options).out)
    assert isinstance(found, dict)
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    totals = found["totals"]
    return totals["created"], totals["resolved"], totals["backlog"]


@pytest.fixture
def told(desk: Shell) -> Shell:
    """Three tickets, two of them done; `first` is a tag and `then` a branch of what was before."""
    printer = desk.id("new", "A printer jams", "-p", "P1", now=f"{DAY}09:00:00Z")
    desk.git("tag", "first")
    vpn = desk.id("new", "No VPN", "--company", "ACME", now=f"{DAY}09:10:00Z")
    desk("resolve", printer, now=f"{DAY}09:20:00Z")
    desk.git("branch", "then")
    desk("resolve", vpn, now=f"{DAY}10:00:00Z")
    desk("new", "Another jams", now=f"{DAY}10:10:00Z")
    return desk


def test_the_figures_of_a_commit(told: Shell) -> None:
    found = document(told, "summary", "--at", "then")
    assert counts(found) == (2, 1, 1)
    assert found["as_of"] == f"{DAY}09:20:00Z"
    assert found["commit"] == told.git("rev-parse", "then").strip()
    assert counts(document(told, "summary", "--at", "first")) == (1, 0, 1)
    assert counts(document(told, "summary", "--at", "HEAD~2")) == (2, 1, 1)
    assert counts(document(told, "summary", "--at", "then", "company:ACME")) == (1, 0, 1)
    assert counts(document(told, "summary", "--at", "then", "printer")) == (1, 1, 0)
    assert document(told, "summary", "--as-of", f"{DAY}09:05:00Z")["commit"] is None
    screen = told("report", "summary", "--at", "first", "-o", "table").out
    assert "desk list" not in screen  # which would find the tickets of now
    heading = screen.splitlines()[0]
    assert heading.endswith(f"at commit {told.git('rev-parse', 'first')[:9]}")


def test_it_is_the_same_at_any_later_time_and_whatever_the_work_tree_has(told: Shell) -> None:
    def made() -> list[str]:
        return [
            told("report", name, "--at", "then", "-o", "json", now=now).out
            for name in ("summary", "sla", "volume")
            for now in (f"{DAY}11:00:00Z", "2027-03-01T00:00:00Z")
        ]

    before = made()
    assert before[::2] == before[1::2]
    for path in (told.folder / "tickets").rglob("*.md"):
        path.write_text("no ticket\n")
    (told.folder / "config.yaml").write_text("desk: {prefix: X}\n")
    told.git("add", "--all")
    status = told.git("status", "--porcelain")
    index = (told.folder / ".git" / "index").read_bytes()
    assert made() == before
    assert told.git("status", "--porcelain") == status
    assert (told.folder / ".git" / "index").read_bytes() == index


def test_it_is_what_a_checkout_says_as_of_then(told: Shell) -> None:
    for name in ("summary", "backlog", "flow"):
        there = document(told, name, "--at", "then")
        told.git("checkout", "--quiet", "then")
        assert {**document(told, name, "--as-of", there["as_of"]), "commit": there["commit"]} == (
            there
        )
        told.git("checkout", "--quiet", "main")


def test_a_date_is_the_last_commit_of_the_branch_at_or_before_it(told: Shell) -> None:
    for when, figures in (
        (f"{DAY}09:20:00Z", (2, 1, 1)),
        (f"{DAY}09:19:59Z", (2, 0, 2)),
        ("2026-11-23", (3, 2, 1)),
    ):
        assert counts(document(told, "summary", "--at", when, now="2027-01-01T00:00:00Z")) == (
            figures
        )
    found = document(told, "summary", "--at", "2026-11-23", now="2027-01-01T00:00:00Z")
    assert found["as_of"] == "2026-11-22T23:00:00Z"  # the date, not the commit before it
    assert document(told, "summary", "--at", "then", "--as-of", f"{DAY}09:05:00Z")["as_of"] == (
        f"{DAY}09:05:00Z"
    )
    told.git("tag", "2026-11", "first")
    assert counts(document(told, "summary", "--at", "2026-11")) == (1, 0, 1)


def test_what_was_merged_later_was_not_there_yet(desk: Shell) -> None:
    desk("new", "A printer jams", now=f"{DAY}09:00:00Z")
    desk.git("checkout", "--quiet", "-b", "side")
    desk("new", "No VPN", now=f"{DAY}09:10:00Z")
    desk.git("checkout", "--quiet", "main")
    desk("new", "A laptop", now=f"{DAY}09:20:00Z")
    desk.monkeypatch.setenv("GIT_COMMITTER_DATE", f"{DAY}10:00:00Z")
    desk.git("merge", "--quiet", "--no-edit", "side")
    assert counts(document(desk, "summary", "--at", f"{DAY}09:15:00Z"))[0] == 1
    assert counts(document(desk, "summary", "--at", f"{DAY}10:00:00Z"))[0] == 3


def test_the_config_is_that_of_the_commit(desk: Shell) -> None:
    desk("new", "A printer jams", "-p", "P1", now=f"{DAY}09:00:00Z")
    config = desk.folder / "config.yaml"
    lines = config.read_text().splitlines(keepends=True)
    lines = [line for line in lines if not line.startswith("priority_matrix")]
    config.write_text("".join(lines).replace("[P1, P2, P3, P4]", "[P1, P9]"))
    desk.git("commit", "--quiet", "-a", "-m", "fewer")

    def priorities(*more: str) -> list[str]:
        groups = document(desk, "backlog", *more)["groups"]
        return [group["key"]["priority"] for group in groups]

    assert priorities() == ["P1", "P9"]
    assert priorities("--at", "HEAD~") == ["P1", "P2", "P3", "P4"]
    config.write_text("desk: {prefix: lower}\n")
    desk.git("commit", "--quiet", "-a", "-m", "broken")
    config.write_text("desk: {prefix: HD}\n")
    refused = desk("report", "summary", "--at", "HEAD", code=5)
    assert "config.yaml:1:16" in refused.err
    assert "config.yaml had a problem at `HEAD`" in refused.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("mian", "did you mean `main`?"),
        ("-x", "there is no commit `-x`"),
        ("--output=/tmp/x", "there is no commit"),
        ("", "there is no commit"),
        ("HEAD:tickets", "there is no commit"),
        ("HEAD~1000", "there is no commit"),
        ("main..HEAD", "there is no commit"),
        ("^HEAD", "there is no commit"),
        ("a\nb", r"there is no commit `a\u000ab`"),
        ("\x1b[31mx", r"`\u001b[31mx`"),
        ("$(touch x)", "there is no commit"),
        ("2020-01-01", "there was no commit yet"),
        ("1950-01-01", "there was no commit yet"),
        ("HEAD~~", "there was no help desk yet at `HEAD~~`"),
    ],
)
def test_refusals(desk: Shell, given: str, told: str) -> None:
    desk.git("rm", "--quiet", "--cached", "config.yaml")
    desk.git("commit", "--quiet", "--amend", "-m", "nothing", "--allow-empty")
    for place in range(2):
        desk.git("add", "config.yaml")
        desk.git("commit", "--quiet", "--allow-empty", "-m", f"step {place}")
    refused = desk("report", "summary", f"--at={given}", code=3)
    assert told in refused.err
    assert refused.out == ""
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize("seconds", [99_999_999_999_999, 9_999_999_999])
def test_a_commit_of_no_time_at_all(desk: Shell, seconds: int) -> None:
    signed = f"ana <ana@acme.example> {seconds} +0000"
    tree = desk.git("rev-parse", "HEAD^{tree}").strip()
    path = desk.folder.parent / "commit"
    path.write_text(f"tree {tree}\nauthor {signed}\ncommitter {signed}\n\nLater.\n")
    name = desk.git("hash-object", "-t", "commit", "-w", "--literally", str(path)).strip()
    refused = desk("report", "summary", "--at", name, code=3)
    assert "is dated outside of the years" in refused.err


def test_strange_files_of_a_commit_are_told_and_not_followed(desk: Shell, tmp_path: Path) -> None:
    ticket = desk.id("new", "A printer jams")
    month = desk.file_of(ticket).parent
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    (month / "HD-2611-AAAAA.md").symlink_to(secret)
    (month / "HD-2611-BBBBB.md").write_text("no ticket\n")
    (month.parent / "stray.md").write_text("x\n")
    (month / ".hidden.md").write_text("x\n")
    (month / ticket).mkdir()
    (month / ticket / "notes.md").write_text("an attachment\n")
    desk.git("add", "-f", "tickets")
    desk.git("commit", "--quiet", "-m", "strange")
    now, then = document(desk, "summary"), document(desk, "summary", "--at", "HEAD")
    assert counts(then) == (1, 0, 1)
    assert [each["path"] for each in then["unreadable"]] == [
        f"tickets/2026/11/{name}.md" for name in ("HD-2611-AAAAA", "HD-2611-BBBBB")
    ] + ["tickets/2026/stray.md"]
    assert then["unreadable"] == now["unreadable"]


def test_the_articles_are_those_of_the_commit(desk: Shell, tmp_path: Path) -> None:
    ticket = desk.id("new", "A printer jams")
    desk("kb", "new", "How to unjam", "-m", "Pull.")
    desk("kb", "new", "How to print", "-m", "Press.")
    (desk.folder / "kb" / "deep").mkdir()
    (desk.folder / "kb" / "deep" / "x.md").write_text("x\n")
    (desk.folder / "kb" / "link.md").symlink_to(tmp_path / "secret")
    (desk.folder / "kb" / "bad.md").write_text("no article\n")
    desk.git("add", "-f", "kb")
    desk.git("commit", "--quiet", "-m", "strange")
    there = document(desk, "kb")
    assert there["totals"]["kb_articles"] == 2
    desk("kb", "link", ticket, "how-to-unjam", now=f"{DAY}10:00:00Z")
    desk.git("rm", "--quiet", "-r", "kb")
    desk.git("commit", "--quiet", "-m", "gone")
    then = document(desk, "kb", "--at", "HEAD~2", "--as-of", there["as_of"])
    paths = operator.itemgetter("path")
    assert {**then, "commit": None} == {
        **there,
        "unreadable": sorted(there["unreadable"], key=paths),
    }
    assert [each["path"] for each in then["unreadable"]] == (
        ["kb/bad.md", "kb/deep/x.md", "kb/link.md"]
    )


@pytest.mark.parametrize("name", [*BUILT_IN])
def test_every_report_tells_of_a_commit(told: Shell, name: str) -> None:
    found = document(told, name, "--at", "then")
    assert found["commit"]
    told.git("checkout", "--quiet", "then")
    there = document(told, name, now=found["as_of"])
    told.git("checkout", "--quiet", "main")
    assert {**there, "commit": found["commit"]} == found


def test_a_help_desk_in_a_folder_of_its_repository(told: Shell, tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    inner = Shell(top / "help", told.monkeypatch)
    inner.folder.mkdir()
    inner.folder.joinpath("config.yaml").write_bytes((told.folder / "config.yaml").read_bytes())
    inner.git("init", "--quiet", str(top))
    inner.git("add", ".")
    inner.git("commit", "--quiet", "-m", "config")
    inner("new", "A printer jams", now=f"{DAY}09:00:00Z")
    inner("new", "No VPN", now=f"{DAY}09:30:00Z")
    assert counts(document(inner, "summary", "--at", "HEAD~")) == (1, 0, 1)


def test_clones_that_lack_something(told: Shell) -> None:
    clones = Clones(told)
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        Shell(clones.remote, told.monkeypatch).git("config", name, "true")
    there = document(told, "summary", "--at", "HEAD~2")
    partial = clones.another("partial", "--filter=blob:none")
    assert document(partial, "summary", "--at", "HEAD~2") == there
    sparse = clones.another("sparse", "--sparse")
    assert document(sparse, "summary", "--at", "HEAD~2") == there
    shallow = clones.another("shallow", "--depth=1")
    assert counts(document(shallow, "summary", "--at", "HEAD")) == (3, 2, 1)
    for given in ("HEAD~2", f"{DAY}09:05:00Z"):
        assert "git fetch --unshallow" in shallow("report", "summary", "--at", given, code=3).err


def test_git_is_asked_a_few_times_and_no_index_is_made(
    told: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    from desk.storage.git_program import GitProgram

    start = GitProgram._process

    def counted(self: GitProgram, arguments: Any, *more: Any, **rest: Any) -> Any:
        asked.append(next(word for word in arguments if word[0] != "-" and "=" not in word))
        return start(self, arguments, *more, **rest)

    monkeypatch.setattr(GitProgram, "_process", counted)
    document(told, "summary", "--at", "then")
    assert asked.count("ls-tree") == 1
    assert asked.count("cat-file") == 2  # config.yaml, and all tickets
    assert len(asked) <= 9
