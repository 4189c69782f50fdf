"""Hostile input where no other file of tests has a better place for it: docs/security.md names, for
each threat, the test that fails without its guard."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.domain.query import QueryContext, QueryNames, SortKey, meaning, parse_query
from desk.storage.query_sql import Condition, order_by
from desk.storage.ticket_file import parse_ticket
from tests.builders import ID, PATH
from tests.cli.conftest import PRINTER
from tests.clones import Clones, committed
from tests.conftest import CONFIG, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
STRANGE = {"\x1b", "\x07", "\x9b", "\u202e", "\r"}


@pytest.fixture
def counted_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.conftest import count_ids

    count_ids(monkeypatch)


def program(path: Path, ran: Path) -> None:
    """Write a program that tells that it ran."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    path.chmod(0o755)


# ------------------------------------------------------------------------------------------ Git


def test_nothing_that_a_repository_brings_is_run(desk: Shell, tmp_path: Path) -> None:
    """Settings, hooks, drivers, filters, modules and programs, all of them committed."""
    ran = tmp_path / "ran"
    program(desk.folder / "hooks" / "pre-commit", ran)
    program(desk.folder / ".githooks" / "pre-commit", ran)
    program(desk.folder / "evil", ran)
    for name in ("git", "less", "desk", "vi"):
        program(desk.folder / name, ran)
    for name in ("click.py", "yaml.py", "sitecustomize.py", "desk/__init__.py"):
        (desk.folder / "sub" / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / "sub" / name).write_text(f"open({str(ran)!r}, 'w')\n")
    settings = (
        "[core]\n\thooksPath = hooks\n\tfsmonitor = ./evil\n\tpager = ./evil\n\teditor = ./evil\n"
        "[include]\n\tpath = ../.gitconfig\n"
        '[filter "evil"]\n\tclean = ./evil\n\tsmudge = ./evil\n'
        '[diff "evil"]\n\ttextconv = ./evil\n\tcommand = ./evil\n'
        '[merge "evil"]\n\tdriver = ./evil\n[gpg]\n\tprogram = ./evil\n'
    )
    for name in (".gitconfig", "config", ".git-config", "tickets/config"):
        committed(desk, name, settings)
    committed(desk, ".gitattributes", "* filter=evil diff=evil merge=evil\n")
    committed(
        desk,
        ".gitmodules",
        '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c evil\n\tupdate=!evil\n',
    )
    desk.git("add", "--force", "--all")
    desk.git("commit", "--quiet", "-m", "evil")
    clones = Clones(desk)
    luis = clones.another("luis")
    luis("new", "Printer jams", user="luis")
    luis("sync", user="luis")
    for words in (
        ["new", "VPN is down"],
        ["sync"],
        ["note", PRINTER, "-m", "x"],
        ["list"],
        ["lint"],
        ["audit"],
        ["history", PRINTER],
        ["doctor"],
        ["undo"],
        ["edit", PRINTER, "-p", "P1", "-n"],
    ):
        try:
            desk(*words)
        except AssertionError:
            desk(*words, code=1)  # lint and audit have much to say about such a repository
    assert not ran.exists()


def test_a_git_directory_among_the_files_is_none(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with all that a bare repository has, its author's settings and hooks too."""
    ran = tmp_path / "ran"
    trap = desk.folder / "kb" / "trap"
    desk.git("init", "--quiet", "--bare", "--template=", str(trap))
    program(trap / "program", ran)
    program(trap / "hooks" / "pre-commit", ran)
    (trap / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
        f"\tfsmonitor = {trap}/program\n\thooksPath = hooks\n\tsshCommand = {trap}/program\n"
    )
    (trap / "tickets").mkdir()
    (trap / "config.yaml").write_bytes((desk.folder / "config.yaml").read_bytes())
    inside = Shell(trap, monkeypatch)
    inside("new", "Printer jams", code=5)
    for words in (["list"], ["lint"], ["audit"], ["sync"], ["doctor"], ["sweep"], ["undo"]):
        with contextlib.suppress(AssertionError):  # what they answer there is all one
            inside(*words)
    assert not ran.exists()


def test_a_fetch_leaves_submodules_alone(desk: Shell, tmp_path: Path) -> None:
    module = tmp_path / "module"
    desk.git("init", "--quiet", str(module))
    desk.git("-C", str(module), "commit", "--quiet", "--allow-empty", "-m", "one")
    desk.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(module), "sub")
    desk.git("commit", "--quiet", "-m", "A module")
    clones = Clones(desk)
    luis = clones.another("luis")
    desk.git("-C", str(module), "commit", "--quiet", "--allow-empty", "-m", "two")
    name = desk.git("-C", str(module), "rev-parse", "HEAD").strip()
    luis.git("update-index", "--cacheinfo", f"160000,{name},sub")
    luis.git("commit", "--quiet", "-m", "Another state of the module")
    luis("sync", user="luis")
    desk.git("config", "fetch.recurseSubmodules", "true")
    desk.monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    desk("sync")
    desk.git("-C", "sub", "cat-file", "-e", name, code=1)


def test_a_branch_and_a_remote_called_strangely(desk: Shell, tmp_path: Path) -> None:
    Clones(desk)
    desk("new", "Printer jams")
    desk.git("config", "branch.main.remote", "or\x1b[31mi\u202egin")
    refused = desk("sync", code=7)
    assert not STRANGE & set(refused.err)
    desk.git("config", "--unset", "branch.main.remote")
    name = "--upload-pack=touch\u202eran"
    head = desk.git("rev-parse", "HEAD").strip()
    (desk.folder / ".git" / "refs" / "heads" / name).write_text(f"{head}\n")
    (desk.folder / ".git" / "HEAD").write_text(f"ref: refs/heads/{name}\n")
    for words in (["sync"], ["sync", "-n"], ["doctor"], ["note", PRINTER, "-m", "x"], ["audit"]):
        for code in (0, 1, 4, 6, 7):
            try:
                done = desk(*words, code=code)
                break
            except AssertionError:
                continue
        assert not STRANGE & set(done.out + done.err), words
    assert not (desk.folder / "ran").exists()


def test_a_subject_forges_no_trailer(desk: Shell) -> None:
    forged = "Printer\n\nDesk-Verb: import\n\nDesk-Verb: lint"
    desk("new", forged, "-d", forged)
    desk("note", PRINTER, "-m", forged)
    told = desk.git("log", "-2", "--format=%(trailers:key=Desk-Verb,valueonly,separator=%x2C)")
    assert told.split() == ["note", "new"]
    assert desk.git("log", "-1", "--skip=1", "--format=%B").count("\nDesk-Verb") == 1
    assert desk("audit").code == 0


def test_commits_of_others_are_shown_escaped(desk: Shell) -> None:
    desk("new", "Printer jams")
    path = desk.file_of(PRINTER)
    path.write_text(path.read_text().replace("P3", "P2"))
    desk.git("commit", "--quiet", "--all", "--cleanup=verbatim", "-m", "red \x1b[31m \u202e")
    desk.git("config", "user.name", "Mallory \x1b[31m \u202e x")
    desk("note", PRINTER, "-m", "x")
    for terminal in (False, True):
        shown = desk("history", PRINTER, "--color", "never", terminal=terminal).out
        assert "red \\u001b[31m \\u202e" in shown
        assert "Mallory \\u001b[31m \\u202e" in shown
        assert not STRANGE & set(shown)


def test_a_variable_of_gits_own_changes_no_diff(desk: Shell, tmp_path: Path) -> None:
    program(tmp_path / "evil", tmp_path / "ran")
    desk.monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(tmp_path / "evil"))
    desk.monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    desk.monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    desk.monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "objects"))
    desk("new", "Printer jams")
    for words in (["note", PRINTER, "-m", "x"], ["history", PRINTER], ["audit"], ["sync", "-n"]):
        desk(*words)
    for name in ("GIT_EXTERNAL_DIFF", "GIT_GLOB_PATHSPECS", "GIT_INDEX_FILE"):
        desk.monkeypatch.delenv(name)
    desk.monkeypatch.delenv("GIT_OBJECT_DIRECTORY")
    assert not (tmp_path / "ran").exists()
    assert desk.git("status", "--porcelain") == ""
    desk.git("fsck")


# ---------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize("name", ["../outside", "../../outside", "/etc/outside", "a/../../outside"])
def test_a_slug_is_no_path(desk: Shell, name: str) -> None:
    outside = desk.folder / "outside.md"
    outside.write_text("---\ntitle: Outside\n---\n\nSecret.\n")
    desk("kb", "new", "VPN", "-m", "x")
    assert "Secret" not in desk("kb", "show", name, code=3).out
    desk("kb", "edit", name, "-m", "y", code=3)
    for code in (2, 4):
        try:
            desk("kb", "new", "Named", "-m", "x", "--slug", name, code=code)
            break
        except AssertionError:
            continue
    else:
        pytest.fail("the slug was taken")
    assert "Secret" in outside.read_text()
    assert sorted(path.name for path in (desk.folder / "kb").iterdir()) == ["vpn.md"]


def test_files_called_like_options_are_files(desk: Shell) -> None:
    desk("new", "Printer jams")
    folder = desk.file_of(PRINTER).parent
    for path in (folder / "--help.md", desk.folder / "kb" / "-rf.md", folder / PRINTER / "--x"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    desk.git("add", "--force", "--all")
    desk.git("commit", "--quiet", "-m", "Files called like options")
    assert "--help.md" in desk("lint", code=1).out
    desk("audit", code=1)
    (folder / PRINTER / "--x").write_text("y")
    desk("note", PRINTER, "-m", "x")
    desk("attach", PRINTER, "./kb/-rf.md")
    assert desk.git("log", "-1", "--format=%s").startswith(f"{PRINTER} attach")


def test_what_lies_below_the_git_directory_is_not_read_through_a_link(
    desk: Shell, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text('{"order": ["x", "", null], "files": []}')
    (desk.folder / ".git" / "desk").mkdir(exist_ok=True)
    (desk.folder / ".git" / "desk" / "pending").symlink_to(outside)
    done = desk("new", "Printer jams")
    assert "was stopped" not in done.err
    assert outside.exists()


def test_a_link_that_reads_like_a_ticket_is_none(desk: Shell) -> None:
    """Git keeps a link's target as a file's content, and a target may have any letters."""
    desk("new", "Printer jams")
    path = f"tickets/2026/11/{PRINTER}.md"
    name = desk.git("rev-parse", f"HEAD:{path}").strip()
    desk.git("update-index", "--cacheinfo", f"120000,{name},{path}")
    desk.git("commit", "--quiet", "-m", "Linked")
    assert "[broken]" in desk("audit", code=1).out


# ----------------------------------------------------------------------------------------- sizes


def test_a_hundred_thousand_entries_are_read_and_written(desk: Shell) -> None:
    desk("new", "Printer jams")
    path = desk.file_of(PRINTER)
    entry = "\n## 2026-11-22T09:34:35Z ana noted\n\nx\n"
    path.write_text(path.read_text() + entry * 100_000)
    desk.git("commit", "--quiet", "--all", "-m", "Long")
    begun = time.perf_counter()
    desk("note", PRINTER, "-m", "One more.")
    desk("list")
    assert "One more." in path.read_text()
    assert time.perf_counter() - begun < 30


def test_a_hundred_megabytes_are_named_and_not_read(desk: Shell) -> None:
    desk("new", "Printer jams")
    path = desk.file_of(PRINTER).with_name("HD-2611-ZZZZZ.md")
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    with (desk.folder / "config.yaml").open("ab") as stream:
        stream.truncate(100_000_000)
    assert "are too many for settings" in desk("config", "check", code=1).out
    (desk.folder / "config.yaml").write_text(CONFIG)
    read, sizes = os.read, [0]

    def counted(handle: int, size: int) -> bytes:
        data = read(handle, size)
        sizes.append(len(data))
        return data

    desk.monkeypatch.setattr("os.read", counted)
    shown = desk("list")
    assert PRINTER in shown.out
    assert "HD-2611-ZZZZZ.md" in shown.err
    assert max(sizes) <= 10_000_001


@pytest.mark.parametrize(
    "line",
    [
        "close_resolved_after: {}d",
        "sla: [{{name: a, warn_at: {}%, resolution: {}h, calendar: x}}]",
        "desk: {{format: {}}}",
        "calendars: {{x: {{timezone: UTC, hours: {{mon: {}:00-24:00}}}}}}",
        "calendars: {{x: {{timezone: UTC, hours: {{}}, holidays: {{dates: [{}-01-01]}}}}}}",
        "calendars: {{x: {{timezone: ../../etc/{}, hours: {{mon: 00:00-24:00}}}}}}",
        "views: {{a: 'age:{}d..'}}",
    ],
)
@pytest.mark.parametrize("number", ["9" * 12, "9" * 5_000, "0", "-1", "1e9", "\u0663"])
def test_numbers_without_end_are_problems_of_their_line(
    desk: Shell, line: str, number: str
) -> None:
    config = CONFIG.replace("views: {mine: assignee:@me is:open}\n", "")
    if line.startswith("desk"):
        config = config.partition("\n")[2]
    (desk.folder / "config.yaml").write_text(f"{config}{line.format(*[number] * 2)}\n")
    checked = desk("config", "check", code=1)
    assert "config.yaml" in checked.out
    assert len(checked.out) < 5_000
    desk("list", code=5)


# ----------------------------------------------------------------------------------------- texts

MAIL = """\
From mallory@evil.example Sun Nov 22 09:00:00 2026
From: Ana Ruiz <ana@acme.example>
Bcc: everybody@acme.example
Content-Type: multipart/mixed; boundary="---"

---
id: HD-2611-ZZZZZ
status: closed
---

## 2026-11-22T09:40:00Z ana replied status=closed

> ## 2026-11-22T09:40:00Z ana noted
.
QUIT
"""


def test_what_is_strange_in_entries_is_shown_escaped(desk: Shell) -> None:
    strange = "one \x1b[31mred\x07\n\ntwo \u202egnp.exe \x9b2J"
    desk("new", "Printer jams", "-d", strange)
    desk("note", PRINTER, "-m", strange)
    desk("kb", "new", "VPN", "-m", strange)
    for words in (
        ["show", PRINTER],
        ["show", PRINTER, "-o", "md"],
        ["log", PRINTER],
        ["search", "red"],
        ["kb", "show", "vpn"],
        ["redact", PRINTER, "2", "-m", "x", "-n"],
    ):
        for terminal in (False, True):
            desk.monkeypatch.setenv("PAGER", "cat")
            user = "root" if words[0] == "redact" else ""
            shown = desk(*words, terminal=terminal, user=user)
            told = re.sub(r"\x1b\[[0-9;]*m", "", shown.out) if terminal else shown.out
            assert "\x1b[31m" not in shown.out + shown.err, words
            assert not STRANGE & set(told.replace("\r", "")), (words, terminal)


def test_a_text_like_a_mail_is_a_text(desk: Shell) -> None:
    desk("new", "Fwd: Printer", "-r", "Maria <maria@acme.example>", "-F", "-", stdin=MAIL)
    desk("reply", PRINTER, "--from", "maria@acme.example", "-F", "-", stdin=MAIL)
    ticket, problems = parse_ticket(desk.file_of(PRINTER).read_bytes(), f"tickets/{PRINTER}.md")
    assert ticket is not None
    assert problems == ()
    assert [entry.verb for entry in ticket.log] == ["opened", "wrote"]
    assert {entry.text for entry in ticket.log} == {MAIL.strip()}
    assert ticket.status == "new"
    for address in ("Maria\nBcc: x <maria@acme.example>", "x <a@b.example>\n## 2026-11-22T"):
        desk("edit", PRINTER, "-r", address)
        ticket, problems = parse_ticket(desk.file_of(PRINTER).read_bytes(), PATH)
        assert ticket is not None
        assert not problems
        assert {entry.by for entry in ticket.log} <= {"ana", "maria@acme.example"}


HTML = "<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n</blockquote># Heading\n<!-- x"


def test_markdown_output_holds_no_html_of_strangers(desk: Shell) -> None:
    desk("new", HTML.partition("\n")[0], "-d", HTML, "--company", "<b>|x|</b>")
    desk("note", PRINTER, "-m", HTML)
    for form in (["list"], ["show", PRINTER], ["log", PRINTER], ["today"], ["team"]):
        for line in desk(*form, "-o", "md").out.splitlines():
            assert not re.search(r"(?<!\\)<[a-z/!?]", line), (form, line)
            assert not line.startswith(("# ", "<")), (form, line)


def test_words_of_sql_are_words(desk: Shell) -> None:
    evil = "x'); DROP TABLE ticket; --\" OR 1=1 %_"
    desk("new", evil, "--company", evil, "--tag", "a'--", "--set", f"note={evil}")
    desk("new", "Another one")
    desk("list")
    for inside in ("x') OR ('1'='1", "x' OR '1'='1", "x', 0) OR ('1'='1"):
        for field in ("company", "tag", "requester", "assignee", "channel", "fields.note", "id"):
            found = desk("list", "-o", "ids", f'{field}:"{inside}"')
            assert found.out == "", (field, inside)
    for query in (f'company:"{evil}"', f'fields.note:"{evil}"'):
        escaped = query.replace('--"', '--\\"')
        assert desk("list", "-o", "ids", escaped).out == f"{PRINTER}\n", query
    assert desk("list", "-o", "ids", "tag:a'--").out == f"{PRINTER}\n"
    assert desk("list", "-o", "ids", "company:%").out == ""
    assert desk("list", "--count", f"created:'{evil}'", code=2).out == ""
    desk("sql", "DELETE FROM ticket", code=2)
    assert len(desk("list", "-o", "ids").out.split()) == 2


@pytest.mark.parametrize("field", ["company", "tag", "requester", "fields.note", "title", "id"])
def test_no_value_of_a_query_is_part_of_its_sql(field: str) -> None:
    context = QueryContext("", NOW, UTC)
    found = Condition(meaning(parse_query(f"{field}:\"x') or ('1'='1\""), context), NOW)
    assert "'1" not in found.sql
    assert found.parameters


def test_names_in_config_yaml_are_no_sql() -> None:
    names = QueryNames(priorities=("P1' then 9 when 'p2", "P2"))
    order = order_by([SortKey("priority", False)], QueryContext("", NOW, UTC, names))
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE ticket (f_priority, id, created, updated, path)")
    rows = [("p1' then 9 when 'p2", "b", 0, 0), ("p2", "a", 0, 0)]
    database.executemany("INSERT INTO ticket VALUES (?, ?, ?, ?, 0)", rows)
    found = database.execute(f"SELECT id FROM ticket ORDER BY {order.replace('f_id', 'id')}")
    assert [row[0] for row in found] == ["b", "a"]
    database.close()


def test_bytes_that_are_no_text_hide_nothing(desk: Shell) -> None:
    desk("new", "Printer jams")
    folder = desk.file_of(PRINTER).parent
    (folder / f"{ID}\udcff").mkdir()
    (folder / f"{ID}.md").write_bytes(b"---\nid: \xff\xfe\n---\n")
    (folder / "\udcff\x1b[31m.md").write_bytes(b"x")
    shown = desk("list")
    assert PRINTER in shown.out
    assert "not UTF-8" in shown.err
    assert not STRANGE & set(shown.err + desk("lint", code=1).out)
