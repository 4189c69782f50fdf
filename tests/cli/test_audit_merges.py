"""desk audit of what merges made: `desk sync`, to which there is nothing to object, and people."""

from __future__ import annotations

import pytest

from tests.cli.test_audit import codes, found
from tests.cli.test_sync import claimed_twice, younger_of
from tests.clones import Clones, committed
from tests.conftest import Shell

LATER = "2026-11-22T10:00:00Z"
LATEST = "2026-11-22T11:00:00Z"
MARIA = "Maria <maria@acme.example>"


def amended(shell: Shell) -> None:
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--amend", "--no-edit")


# ------------------------------------------------------------------------- IDs claimed twice


def test_what_is_said_under_an_old_id_goes_to_the_renamed_ticket(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    ana("sync")
    luis("note", ticket_id, "-m", "On the VPN.", user="luis", now=LATEST)
    luis("sync", user="luis")
    assert "On the VPN." in younger_of(luis, ticket_id).read_text()
    assert found(luis) == []
    # And whoever makes use of that to lose it, or to add something, is named.
    path = younger_of(luis, ticket_id)
    text = path.read_text()
    path.write_text(text.replace(f"\n## {LATEST} luis noted\n\nOn the VPN.\n", ""))
    amended(luis)
    assert codes(luis) == ["merge-dropped"]
    path.write_text(f"{text}\n## {LATEST} luis noted\n\nSmuggled in.\n")
    amended(luis)
    assert codes(luis) == ["merge-added"]


def test_three_clones_that_settle_an_id_claimed_twice(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    eva = clones.another("eva")
    eva("note", ticket_id, "-m", "Eva's, on the VPN.", user="eva", now=LATEST)
    ana("note", ticket_id, "-m", "On the printer.", now=LATEST)
    ana("sync")
    luis("redact", ticket_id, "1", "-m", "A secret.", user="root", now=LATEST)
    for shell, user in ((eva, "eva"), (luis, "luis"), (ana, "ana")):
        shell("sync", user=user)
        assert found(shell) == []


def test_both_sides_rename_it_alike(clones: Clones, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _, ticket_id = claimed_twice(clones, monkeypatch)
    ana("sync", "--no-push")
    ana.git("push", "--quiet", "origin", "main~1:refs/heads/ours")
    eva = clones.another("eva")
    eva.git("config", "branch.main.merge", "refs/heads/ours")
    eva("sync", "--no-push", user="eva")
    for shell, note in ((ana, "Hers."), (eva, "Eva's.")):
        shell("note", younger_of(shell, ticket_id).stem, "-m", note, now=LATEST)
    eva.git("config", "branch.main.merge", "refs/heads/main")
    ana("sync")
    eva("sync", user="eva")
    assert found(eva) == []


def test_an_id_claimed_twice_that_is_settled_in_a_rebase_is_worth_a_look(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, luis, ticket_id = claimed_twice(clones, monkeypatch)
    luis.git("reset", "--quiet", "--hard", "HEAD~1")
    luis.git("push", "--quiet", "--force")
    ana("sync")
    luis.git("reset", "--quiet", "--hard", "HEAD@{1}")
    luis.git("commit", "--quiet", "--amend", "--no-edit", "--author", LUIS)
    rebased(luis)
    assert [path.stem for path in luis.folder.glob("tickets/*/*/*.md")] != [ticket_id]
    assert codes(luis) == ["automation"]


def rebased(shell: Shell) -> None:
    """Let `desk mend` settle what a rebase onto the remote's branch stops at."""
    shell.git("-c", "merge.desk.driver=false", "pull", "--quiet", "--rebase", code=1)
    shell("mend")
    shell.git("-c", "core.editor=true", "rebase", "--continue")


# --------------------------------------------------------------------------------- attachments


def test_two_attachments_that_a_rebase_keeps_both_are_fine(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    for shell, text in ((ana, "two"), (luis, "one")):  # the one that comes later keeps the name
        (shell.folder.parent / "screen.png").write_text(text)
        shell("attach", ticket_id, "../screen.png")
    ana("sync")
    rebased(luis)
    assert found(luis) == []
    folder = luis.file_of(ticket_id).with_suffix("")
    next(path for path in folder.iterdir() if path.name != "screen.png").unlink()
    amended(luis)
    assert codes(luis) == ["attachment"]


def test_two_attachments_that_are_both_kept_are_fine(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    for shell in (ana, luis):
        (shell.folder.parent / "screen.png").write_text(shell.folder.name)
        shell("attach", ticket_id, "../screen.png")
        if shell is luis:
            shell("sync")
    ana("sync")
    assert found(ana) == []
    folder = ana.file_of(ticket_id).with_suffix("")
    beside = next(path for path in folder.iterdir() if path.name != "screen.png")
    beside.unlink()
    amended(ana)
    assert found(ana) == [("attachment", str((folder / "screen.png").relative_to(ana.folder)))]


def test_an_attachment_that_a_merge_makes_another_is_found(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, ticket_id = two
    (ana.folder.parent / "screen.png").write_text("png")
    luis("attach", ticket_id, "../screen.png", user="luis")
    luis("sync", user="luis")
    ana("note", ticket_id, "-m", "x", now=LATER)
    ana("sync")
    path = ana.file_of(ticket_id).with_suffix("") / "screen.png"
    name = str(path.relative_to(ana.folder))
    for text in ("another", None):
        path.write_text(text) if text else path.unlink()
        amended(ana)
        assert found(ana) == [("attachment", name)]


# ------------------------------------------------------------------------------------ articles


def both_changed(ana: Shell, luis: Shell, ours: str, theirs: str) -> list[str]:
    """Let both sides change an article, and Maria merge them; return the parents of her merge."""
    committed(ana, "kb/vpn.md", ARTICLE)
    ana("sync")
    luis("sync", user="luis")
    committed(luis, "kb/vpn.md", ARTICLE.replace("Line 9", theirs))
    luis.git("commit", "--quiet", "--amend", "--no-edit", "--author", LUIS)
    luis.git("push", "--quiet")
    committed(ana, "kb/vpn.md", ARTICLE.replace("Line 1\n", ours))
    ana.git("fetch", "--quiet")
    ana.git("merge", "--no-commit", "--no-ff", "-X", "ours", "origin/main")
    ana.git("commit", "--quiet", "--author", MARIA, "-m", "Merge")
    return ana.git("log", "-1", "--format=%p").split()


ARTICLE = """\
---
title: VPN
updated: 2026-11-22
---

""" + "".join(f"Line {number}\n\n" for number in range(1, 10))
LUIS = "Luis Gil <luis@acme.example>"


def test_an_article_that_git_merges_is_nobodys_doing(two: tuple[Shell, Shell, str]) -> None:
    ana, luis, _ = two
    assert len(both_changed(ana, luis, "Hers\n", "His")) == 2
    text = (ana.folder / "kb/vpn.md").read_text()
    assert "Hers" in text
    assert "His" in text
    assert found(ana) == []


@pytest.mark.parametrize("how", ["ours", "more", "gone"])
def test_an_article_that_a_merge_changes_is_its_authors_doing(
    two: tuple[Shell, Shell, str], how: str
) -> None:
    ana, luis, _ = two
    both_changed(ana, luis, "Hers\n", "His")
    path = ana.folder / "kb/vpn.md"
    text = path.read_text()
    if how == "gone":
        path.unlink()
    else:
        path.write_text(
            f"{text}\nSmuggled in.\n" if how == "more" else text.replace("His", "Line 9")
        )
    amended(ana)
    assert found(ana) == [("role", "kb/vpn.md")]
    ana.git("commit", "--quiet", "--amend", "--no-edit", "--author", LUIS)
    assert found(ana) == []


# ---------------------------------------------------------------------------- entries by `desk`


def test_entries_that_merging_makes_are_nobodys_doing(two: tuple[Shell, Shell, str]) -> None:
    """Both sides edited a ticket by hand, and sent it so: the merge gives each edit its entry."""
    ana, luis, ticket_id = two
    for shell, old, new in ((ana, "P3", "P1"), (luis, "type: incident", "type: request")):
        path = shell.file_of(ticket_id)
        path.write_text(path.read_text().replace(old, new, 1))
        shell.git("commit", "--quiet", "-am", "by hand")
    luis.git("push", "--quiet")
    ana("sync")
    assert " desk changed " in ana.file_of(ticket_id).read_text()
    assert [code for code in codes(ana) if code != "unexplained"] == []


@pytest.mark.parametrize(
    ("author", "entry", "code"),
    [
        (MARIA, "changed status=closed", "signature"),
        (LUIS, "changed priority=P1", "automation"),
        (LUIS, "noted\n\nEverybody may see this.", "signature"),
        ("Rita Oot <root@acme.example>", "changed priority=P1", ""),
    ],
)
def test_entries_of_desk_that_no_merge_makes_are_judged_like_any(
    two: tuple[Shell, Shell, str], author: str, entry: str, code: str
) -> None:
    ana, luis, ticket_id = two
    luis("note", ticket_id, "-m", "His.", user="luis", now=LATER)
    luis("sync", user="luis")
    ana("note", ticket_id, "-m", "Hers.", now=LATER)
    ana("sync")
    path = ana.file_of(ticket_id)
    text = path.read_text()
    for change in entry.split("\n", 1)[0].split()[1:]:
        key, _, value = change.partition("=")
        before = next(line for line in text.split("\n") if line.startswith(f"{key}: "))
        text = text.replace(before, f"{key}: {value}", 1)
    path.write_text(f"{text}\n## {LATEST} desk {entry}\n")
    ana.git("commit", "--quiet", "-a", "--amend", "--no-edit", "--author", author)
    assert codes(ana) == ([code] if code else [])
