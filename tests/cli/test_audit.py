"""desk audit on real histories: commits, merges, ranges, formats."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CONFIG, Shell

LATER = "2026-11-22T10:00:00Z"
MUCH_LATER = "2026-12-24T10:00:00Z"
RITA = "Rita Oot <root@acme.example>"
LUIS = "Luis Gil <luis@acme.example>"


def found(desk: Shell, *arguments: str) -> list[tuple[str, str]]:
    """Return the codes of what an audit finds, each with its path."""
    code = 0
    try:
        result = desk("audit", *arguments, "-o", "json")
    except AssertionError:
        code = 1
        result = desk("audit", *arguments, "-o", "json", code=1)
    document = json.loads(result.out)
    weighty = [each for each in document["findings"] if each["severity"] != "hint"]
    assert code == (1 if weighty else 0)
    return [(each["code"], each["path"]) for each in document["findings"]]


def codes(desk: Shell, *arguments: str) -> list[str]:
    return [code for code, _ in found(desk, *arguments)]


def commit(
    desk: Shell, message: str, author: str = "", at: str = LATER, amend: bool = False
) -> str:
    """Commit everything with git alone, and return the commit's name."""
    desk.git("add", "--all")
    options = [f"--author={author}"] if author else []
    desk.monkeypatch.setenv("GIT_COMMITTER_DATE", at)
    desk.git("commit", "--quiet", "-m", message, f"--date={at}", *options, "--allow-empty")
    return desk.git("rev-parse", "HEAD").strip()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def ticket(desk: Shell) -> str:
    """A ticket with a note in it, all by the program."""
    made = desk.id("new", "Printer jams", "-r", "Maria <maria@x.example>")
    desk("note", made, "-m", "Looks old.", now=LATER)
    return made


def path_of(desk: Shell, ticket: str) -> str:
    return desk.file_of(ticket).relative_to(desk.folder).as_posix()


# ------------------------------------------------------------------------------------- the record


def test_a_rewritten_entry_is_named_with_commit_author_line_and_ticket(
    desk: Shell, ticket: str
) -> None:
    assert desk("audit").err == "3 commits checked: nothing to object to\n"
    replace(desk.file_of(ticket), "Looks old.", "Looks new.")
    name = commit(desk, "Nothing to see\x1b[31m", LUIS)
    document = json.loads(desk("audit", "-o", "json", code=1).out)
    assert (document["schema"], document["range"], document["commits"]) == (
        *("desk.audit/1", "HEAD"),
        4,
    )
    assert document["incomplete"] is None
    assert document["counts"]["error"] == 2
    first = document["findings"][0]
    heading = f"{LATER} ana noted"
    assert first == {
        "code": "rewritten",
        "severity": "error",
        "path": path_of(desk, ticket),
        "line": desk.file_of(ticket).read_text().split("\n").index(f"## {heading}") + 1,
        "commit": name,
        "author": "Luis Gil <luis@acme.example>",
        "ticket": ticket,
        "entry": heading,
        "message": f"an entry was rewritten: `{heading}`",
    }
    text = desk("audit", code=1)
    assert text.out.startswith(
        f"{first['path']}:{first['line']}: error: {name[:12]} by {LUIS}: an entry was rewritten"
    )
    assert text.err == "4 commits checked: 2 errors\n"


@pytest.mark.parametrize("form", ["junit", "github", "gitlab", "sarif", "prometheus"])
def test_every_format_of_checks_will_do(desk: Shell, ticket: str, form: str) -> None:
    assert desk("audit", "-o", form).code == 0
    desk.file_of(ticket).unlink()
    commit(desk, "Away")
    out = desk("audit", "-o", form, code=1).out
    assert "deleted" in out or form == "prometheus"
    assert "desk audit" in out or "desk_audit" in out or form == "gitlab"


def test_a_revert_removes_and_says_so_and_reverting_it_brings_back(
    desk: Shell, ticket: str
) -> None:
    desk.git("revert", "--no-edit", "HEAD")
    assert "by `git revert`" in desk("audit", code=1).out
    assert codes(desk) == ["removed"]
    desk.git("revert", "--no-edit", "HEAD")
    assert codes(desk) == ["removed"]
    assert codes(desk, "HEAD~1..") == []


def test_tickets_that_go_and_move(desk: Shell, ticket: str) -> None:
    old = path_of(desk, ticket)
    new = old.replace("/11/", "/12/")
    (desk.folder / new).parent.mkdir()
    desk.git("mv", old, new)
    commit(desk, "Tidy")
    assert found(desk) == [("moved", old)]
    desk.git("mv", new, old)
    commit(desk, "Back")
    desk.file_of(ticket).unlink()
    commit(desk, "Away")
    assert codes(desk, "HEAD~1..") == ["deleted"]


def test_a_log_is_compared_with_the_last_one_that_could_be_read(desk: Shell, ticket: str) -> None:
    path = desk.file_of(ticket)
    whole = path.read_text()
    path.write_text(f"<<<<<<< HEAD\n{whole}")
    commit(desk, "Oops")
    path.write_text(whole[: whole.index(f"\n## {LATER}")])
    commit(desk, "Mended")
    assert codes(desk, "HEAD~1") == ["conflict-marker"]
    assert codes(desk) == ["removed"]
    assert codes(desk, "HEAD~1..") == ["removed"]
    path.write_bytes(b"\xff")
    commit(desk, "Oops again")
    assert codes(desk, "HEAD~1..") == ["broken"]


def test_a_link_in_place_of_a_ticket_is_none(desk: Shell, ticket: str) -> None:
    path = desk.file_of(ticket)
    path.unlink()
    path.symlink_to("/etc/passwd")
    commit(desk, "Linked")
    assert codes(desk) == ["broken"]


@pytest.mark.parametrize("name", ["a\nb.md", "a b.md", "\u202ea.md", "-x.md", "é.md"])
def test_files_of_any_name_are_judged(desk: Shell, ticket: str, name: str) -> None:
    desk.file_of(ticket).with_name(name).write_text("no ticket")
    commit(desk, "Odd")
    assert found(desk) == [("broken", f"tickets/2026/11/{name}")]
    assert "[broken]" in desk("audit", code=1).out.split("\n")[0]
    desk.file_of(ticket).with_name(name).unlink()
    commit(desk, "Away")
    assert codes(desk) == ["deleted"]


def test_attachments_stay_as_they_came(desk: Shell, ticket: str) -> None:
    (desk.folder / "shot.png").write_bytes(b"1")
    desk("attach", ticket, "shot.png", now=LATER)
    assert codes(desk) == []
    kept = desk.file_of(ticket).with_suffix("") / "shot.png"
    kept.write_bytes(b"2")
    commit(desk, "Nicer")
    kept.unlink()
    commit(desk, "Away")
    assert codes(desk) == ["attachment", "attachment"]


# --------------------------------------------------------------------------------- who may do what


def test_config_and_articles_are_for_those_who_may(desk: Shell) -> None:
    config = desk.folder / "config.yaml"
    replace(config, "role: lead", "role: admin")
    commit(desk, "Lead", "Eva Sanz <eva@acme.example>")
    replace(config, "email: ana@acme.example, role: agent", "email: ana@acme.example, role: admin")
    commit(desk, "Me too")
    assert found(desk) == [("role", "config.yaml")]
    (desk.folder / "kb").mkdir()
    (desk.folder / "kb" / "vpn.md").write_text("---\ntitle: VPN\n---\n\nRead me.\n")
    commit(desk, "Article", "Zoe <zoe@z.example>")
    assert found(desk, "HEAD~1..") == [("role", "kb/vpn.md")]
    (desk.folder / "kb" / "vpn.md").write_text(
        "---\ntitle: VPN\n---\n\n<<<<<<< HEAD\na\n=======\n>>>>>>> b\n"
    )
    commit(desk, "Article", LUIS)
    assert found(desk, "HEAD~1..") == [("conflict-marker", "kb/vpn.md")]


def test_who_makes_themselves_admin_is_judged_by_what_was_before(desk: Shell, ticket: str) -> None:
    replace(
        desk.folder / "config.yaml",
        "email: ana@acme.example, role: agent",
        "email: ana@acme.example, role: admin",
    )
    commit(desk, "Me")
    (desk.folder / "config.yaml").unlink()
    commit(desk, "Away")
    (desk.folder / "config.yaml").write_text(CONFIG.replace("role: agent", "role: admin"))
    commit(desk, "And again", LUIS)
    assert found(desk) == [
        ("role", "config.yaml"),
        ("settings", "config.yaml"),
        ("role", "config.yaml"),
    ]


def test_settings_that_do_not_check_leave_the_last_good_ones_in_force(
    desk: Shell, ticket: str
) -> None:
    with (desk.folder / "config.yaml").open("a") as stream:
        stream.write("nonsense: 1\n")
    commit(desk, "Oops", RITA)
    replace(desk.folder / "config.yaml", "nonsense: 1\n", "")
    commit(desk, "Mended", RITA)
    replace(desk.folder / "config.yaml", "ACME IT", "ACME")
    commit(desk, "Mine")
    assert codes(desk) == ["settings", "role"]


def test_requesters_take_part_by_git_and_assign_nothing(desk: Shell, ticket: str) -> None:
    desk("reply", ticket, "-m", "The left one.", user="maria@x.example", now=LATER)
    assert codes(desk) == []
    path = desk.file_of(ticket)
    replace(path, "\n---\n", "\nassignee: ana\n---\n")
    commit(desk, "Please", "Maria <maria@x.example>")
    assert codes(desk) == ["role", "unexplained"]


def test_an_import_brings_old_entries_of_anybody_and_nothing_else(desk: Shell) -> None:
    (desk.folder / "old.csv").write_text("No,At,Title,Who\n1,2020-03-02T08:00:00Z,Jam,Bea\n")
    (desk.folder / "old.map.yaml").write_text(
        'rows: tickets\nkey: "No"\nat: At\nticket: {title: "{Title}", requester: "{Who}"}\n'
    )
    desk("import", "csv", "old.csv", "--map", "old.map.yaml", user="luis")
    assert codes(desk) == []
    (path,) = desk.folder.glob("tickets/*/*/*.md")
    desk.git("reset", "--quiet", "--soft", "HEAD~1")
    replace(path, "external_id:", "other:")
    commit(desk, "import 1 ticket\n\nDesk-Verb: import")
    assert "date" in codes(desk)


# ----------------------------------------------------------------------------------- hand edits


def test_an_edit_by_hand_is_a_finding_until_an_entry_tells_it(desk: Shell, ticket: str) -> None:
    replace(desk.file_of(ticket), "priority: P3", "priority: P1")
    commit(desk, "Urgent", LUIS)
    assert codes(desk) == ["unexplained"]
    desk("lint", "--fix", user="eva", now=MUCH_LATER)
    told = "\n## 2026-11-22T10:00:01Z luis changed priority=P1\n"
    assert told in desk.file_of(ticket).read_text()
    assert codes(desk) == []
    assert codes(desk, "HEAD~1..") == []
    assert codes(desk, "--since", "2026-12-24") == []
    replace(desk.file_of(ticket), "luis changed", "root changed")
    commit(desk, "Not me", "Eva Sanz <eva@acme.example>", MUCH_LATER)
    assert codes(desk, "HEAD~1..") == ["removed", "signature", "date"]


# --------------------------------------------------------------------------------------- merges


def branched(desk: Shell, ticket: str) -> None:
    """Leave Luis's note on the branch `theirs`, and Ana's work on main."""
    desk.git("branch", "theirs")
    desk("take", ticket, now=LATER)
    desk.git("checkout", "--quiet", "theirs")
    desk("note", ticket, "-m", "From home.", user="luis", now="2026-11-22T10:05:00Z")
    desk.git("checkout", "--quiet", "main")


def merge(desk: Shell, ticket: str, keep: Callable[[str], str]) -> None:
    """Merge `theirs`, the ticket's file settled by hand."""
    desk.git("merge", "--no-commit", "--no-ff", "-X", "theirs", "theirs")
    path = desk.file_of(ticket)
    path.write_text(keep(path.read_text()))
    desk.git("commit", "--quiet", "--all", "--no-edit")


def test_a_merge_by_hand_that_keeps_both_sides_is_fine(desk: Shell, ticket: str) -> None:
    branched(desk, ticket)
    taken = f"\n## {LATER} ana changed status=open assignee=ana\n"

    def both(text: str) -> str:
        text = text.replace(taken, "")
        return text.replace("\n## 2026-11-22T10:05", f"{taken}\n## 2026-11-22T10:05")

    merge(desk, ticket, both)
    assert codes(desk) == []


def test_a_merge_that_drops_adds_or_ignores_is_found(desk: Shell, ticket: str) -> None:
    branched(desk, ticket)
    start = desk.git("rev-parse", "HEAD").strip()
    desk.git("merge", "--quiet", "-s", "ours", "--no-edit", "theirs")
    assert found(desk) == [("merge-dropped", path_of(desk, ticket))]
    desk.git("reset", "--quiet", "--hard", start)
    taken = f"\n## {LATER} ana changed status=open assignee=ana\n"

    def more(text: str) -> str:
        both = text.replace(taken, "").replace(
            "\n## 2026-11-22T10:05", f"{taken}\n## 2026-11-22T10:05"
        )
        return f"{both}\n## 2026-11-22T10:06:00Z ana noted\n\nSmuggled in.\n"

    merge(desk, ticket, more)
    assert codes(desk) == ["merge-added"]


def test_settings_that_both_sides_changed_may_be_merged_by_anybody(desk: Shell) -> None:
    config = desk.folder / "config.yaml"
    desk.git("branch", "theirs")
    replace(config, "ACME IT", "ACME")
    commit(desk, "Name", RITA)
    desk.git("checkout", "--quiet", "theirs")
    replace(config, "P3, P4]", "P3, P4, P5]")
    commit(desk, "Priorities", RITA)
    desk.git("merge", "--quiet", "--no-edit", "main")
    assert codes(desk) == []
    merged = desk.git("rev-parse", "HEAD").strip()
    desk.git("reset", "--quiet", "--hard", "HEAD~1")
    desk.git("merge", "--quiet", "-s", "ours", "--no-edit", "main")
    assert found(desk) == [("role", "config.yaml")]
    desk.git("reset", "--quiet", "--hard", merged)
    replace(
        config,
        "name: Ana Ruiz, email: ana@acme.example, role: agent",
        "name: A, email: ana@acme.example, role: admin",
    )
    desk.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    assert found(desk) == [("role", "config.yaml")]


# ------------------------------------------------------------------------------- ranges, and reach


def test_ranges_are_of_git_and_no_options(desk: Shell, ticket: str) -> None:
    assert desk("audit", "HEAD~1").err == "2 commits checked: nothing to object to\n"
    assert desk("audit", "HEAD~1..HEAD").err == "1 commit checked: nothing to object to\n"
    for bad in ("--all", "-n1", "--output=x"):
        assert "is no revision" in desk("audit", "--", bad, code=3).err
    assert "no revision `nope`" in desk("audit", "nope", code=3).err
    assert "names no commit" in desk("audit", "HEAD:tickets", code=3).err
    assert not (desk.folder / "x").exists()
    assert "leave --as-of out" in desk("audit", "--as-of", "-1d", code=2).err


def test_a_branch_without_commits_and_a_folder_without_git(desk: Shell, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert (
        "not inside a Git repository"
        in Shell(tmp_path / "none", desk.monkeypatch)("audit", code=5).err
    )
    desk.git("checkout", "--quiet", "--orphan", "new")
    assert desk("audit").err == "0 commits checked: nothing to object to\n"


def test_a_shallow_history_is_incomplete_and_never_clean(
    desk: Shell, ticket: str, tmp_path: Path
) -> None:
    desk.git("clone", "--quiet", "--depth=2", f"file://{desk.folder}", str(tmp_path / "part"))
    part = Shell(tmp_path / "part", desk.monkeypatch)
    result = part("audit", code=1)
    assert "shallow" in result.out
    assert result.err == "2 commits checked: 1 error (incomplete)\n"
    assert json.loads(part("audit", "-o", "json", code=1).out)["incomplete"]
    assert part("audit", "HEAD~1..").code == 0


def test_what_a_clone_puts_in_place_of_commits_is_left_aside(desk: Shell, ticket: str) -> None:
    good = desk.git("rev-parse", "HEAD").strip()
    replace(desk.file_of(ticket), "Looks old.", "Looks new.")
    bad = commit(desk, "Bad")
    desk.git("replace", bad, good)
    assert "rewritten" in codes(desk)
    desk.git("replace", "-d", bad)
    (desk.folder / ".git" / "info").mkdir(exist_ok=True)
    (desk.folder / ".git" / "info" / "grafts").write_text(f"{bad}\n")
    assert "rewritten" in codes(desk)


def test_a_help_desk_in_a_subfolder_is_audited_alone(
    make_desk: Callable[..., Shell], tmp_path: Path
) -> None:
    outer = make_desk("outer")
    (outer.folder / "config.yaml").unlink()
    inner = Shell(outer.folder / "hd", outer.monkeypatch)
    inner.folder.mkdir()
    (inner.folder / "config.yaml").write_text(CONFIG)
    commit(outer, "A help desk below", RITA)
    made = inner.id("new", "Printer jams")
    (outer.folder / "tickets/2026/11").mkdir(parents=True)
    (outer.folder / "tickets/2026/11" / "HD-2611-00000.md").write_text("Not ours")
    commit(outer, "Something else")
    assert codes(inner) == []
    (inner.folder / "tickets/2026/11" / f"{made}.md").unlink()
    commit(outer, "Away")
    assert found(inner) == [("deleted", f"tickets/2026/11/{made}.md")]
    below = Shell(inner.folder / "tickets", outer.monkeypatch)
    assert codes(below) == ["deleted"]
    assert f"file=hd/tickets/2026/11/{made}.md" in inner("audit", "-o", "github", code=1).out
    outer.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    bare = Shell(tmp_path / "bare.git", outer.monkeypatch)
    assert found(bare) == [("deleted", f"tickets/2026/11/{made}.md")]


def test_a_repository_that_is_not_whole_is_not_clean(desk: Shell, ticket: str) -> None:
    blob = desk.git("rev-parse", f"HEAD~1:{path_of(desk, ticket)}").strip()
    (desk.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert f"the repository lacks the content {blob}" in desk("audit", code=7).err
    tree = desk.git("rev-parse", "HEAD~1^{tree}").strip()
    (desk.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    assert "git fsck" in desk("audit", code=7).err
    lost = desk.git("rev-parse", "HEAD~1").strip()
    (desk.folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    result = desk("audit", code=7)
    assert "git log failed" in result.err
    assert "hint:" not in result.err


def test_strange_names_are_shown_escaped(desk: Shell, ticket: str) -> None:
    replace(desk.file_of(ticket), "Looks old.", "Looks new.")
    commit(desk, "x", "Luis\x1b[31m\u202e Gil <luis@acme.example>")
    out = desk("audit", code=1).out
    assert "Luis\\u001b[31m\\u202e Gil" in out
    assert "\x1b" not in out


def test_signed_asks_for_good_signatures(desk: Shell, tmp_path: Path) -> None:
    assert codes(desk, "--signed") == ["not-signed"]
    key = tmp_path / "key"
    os.system(f"ssh-keygen -q -t ed25519 -N '' -f {key}")
    (tmp_path / "allowed").write_text(f"ana@acme.example {key.with_suffix('.pub').read_text()}")
    for name, value in (
        ("gpg.format", "ssh"),
        ("user.signingKey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(tmp_path / "allowed")),
        ("commit.gpgSign", "true"),
    ):
        desk.git("config", name, value)
    commit(desk, "Signed")
    assert codes(desk, "--signed", "HEAD~1..") == []
    commit(desk, "In the name of another", LUIS)
    assert codes(desk, "--signed", "HEAD~1..") == ["not-signed"]


def test_an_edit_by_hand_stays_one_through_branches_and_merges(desk: Shell, ticket: str) -> None:
    desk.git("checkout", "--quiet", "-b", "theirs")
    replace(desk.file_of(ticket), "priority: P3", "priority: P1")
    commit(desk, "Urgent", LUIS)
    desk.git("checkout", "--quiet", "main")
    desk("note", ticket, "-m", "Still.", now="2026-11-22T11:00:00Z")
    desk.git("merge", "--quiet", "--no-edit", "theirs")
    assert "priority: P1" in desk.file_of(ticket).read_text()
    assert codes(desk) == ["unexplained"]
    desk("lint", "--fix", user="eva", now=MUCH_LATER)
    assert codes(desk) == []


def test_of_two_tickets_with_one_id_a_merge_gives_the_younger_another(desk: Shell) -> None:
    made = desk.id("new", "Printer jams")
    path = desk.file_of(made)
    desk.git("checkout", "--quiet", "-b", "theirs", "HEAD~1")
    (desk.folder / path.parent).mkdir(parents=True, exist_ok=True)
    other = desk.id("new", "Something else", user="luis")
    second = desk.file_of(other)
    theirs = second.read_text()
    second.unlink()
    path.write_text(theirs.replace(other, made))
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--amend", "--no-edit")
    desk.git("checkout", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-commit", "-s", "ours", "theirs")
    assert codes(desk, "main", "--since", "2020-01-01") == []
    second.write_text(theirs.replace("\n---\n\n", f"\nformer_ids: [{made}]\n---\n\n", 1))
    commit(desk, "Both stay")
    assert [code for code in codes(desk) if code.startswith("merge")] == []
    second.write_text(f"{second.read_text()}\n## {LATER} ana noted\n\nSmuggled in.\n")
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--amend", "--no-edit")
    assert "merge-added" in codes(desk)
    second.unlink()
    desk.git("add", "--all")
    desk.git("commit", "--quiet", "--amend", "--no-edit")
    assert codes(desk) == ["merge-dropped"]
