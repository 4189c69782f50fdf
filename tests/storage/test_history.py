"""The commits that Git tells of, whatever strangers put into theirs."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.storage.history import authored_at, commits_by, commits_of
from desk.storage.repository import Repository
from desk.storage.versions import Version, contents_of, versions_of

PATH = "tickets/2026/11/HD-2611-7K3QF.md"
OTHER = "tickets/2026/11/HD-2611-ZZZZZ.md"
NIGHT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
FAR = "@99999999999999 +0000"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "hd"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return Repository(folder)


def git(folder: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(
    repository: Repository,
    subject: str,
    path: str = PATH,
    authored: str = "2026-11-22T22:00:00 +0100",
    committed: str = "2026-11-22T22:00:00 +0100",
) -> str:
    """Write a file anew, commit it and return the name of the commit."""
    folder = repository.folder
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(subject)
    git(folder, "add", path)
    dates = {"GIT_AUTHOR_DATE": authored, "GIT_COMMITTER_DATE": committed}
    git(folder, "commit", "--quiet", "-m", f"{subject}\n\nDesk-Verb: note", **dates)
    return git(folder, "rev-parse", "HEAD")


def test_a_commit_says_who_made_it_and_when(repository: Repository) -> None:
    assert commits_of(repository, [PATH]) == []
    name = commit(repository, "first")
    commit(repository, "another", OTHER)
    assert commits_of(repository, [PATH]) == [
        (name, NIGHT, "Ana Ruiz", "ana@acme.example", "first", "note")
    ]
    assert len(commits_of(repository, [PATH, OTHER], limit=1)) == 1


@pytest.mark.parametrize("subject", ["a\x01b", "\x01", "a\x1eb", "\x01\x01\x01"])
def test_no_subject_hides_a_commit(repository: Repository, subject: str) -> None:
    names = [commit(repository, text) for text in ("first", subject, "last")]
    found = commits_of(repository, [PATH])
    assert [each.name for each in found] == names[::-1]
    assert found[1].subject == subject
    assert [each.name for each in commits_by(repository, "ANA@acme.example")] == names[::-1]


@pytest.mark.parametrize(
    ("authored", "committed", "at"),
    [
        (FAR, "@1795381200 +0000", NIGHT),
        (FAR, FAR, None),
        ("@253402300799 -1200", "@253402300799 +0000", None),
        ("@1795381200 -0500", FAR, NIGHT),
    ],
)
def test_odd_dates_are_no_end_of_it(
    repository: Repository, authored: str, committed: str, at: datetime | None
) -> None:
    name = commit(repository, "odd", authored=authored, committed=committed)
    assert [each.at for each in commits_of(repository, [PATH])] == [at]
    assert [(each.commit, each.at) for each in versions_of(repository, [PATH])[PATH]] == [
        (name, at)
    ]


@pytest.mark.parametrize("authored", ["", "%aI", "0001-01-01T00:00:00+23:00", "2200-01-01"])
def test_the_second_date_serves_where_the_first_does_not(authored: str) -> None:
    assert authored_at(authored, "2026-11-22T22:00:00+01:00") == NIGHT
    assert authored_at(authored, authored) is None


def test_versions_are_what_each_commit_made_of_a_file(repository: Repository) -> None:
    first = commit(repository, "a\x01b")
    git(repository.folder, "checkout", "--quiet", "-b", "side")
    side = commit(repository, "elsewhere", OTHER)
    git(repository.folder, "checkout", "--quiet", "-")
    second = commit(repository, "second")
    git(repository.folder, "merge", "--quiet", "--no-edit", "side")
    git(repository.folder, "mv", PATH, "tickets/2026/11/gone.md")
    git(repository.folder, "config", "log.follow", "true")
    git(repository.folder, "config", "log.showRoot", "false")
    git(repository.folder, "commit", "--quiet", "-m", "moved")
    moved = git(repository.folder, "rev-parse", "HEAD")

    found = versions_of(repository, [PATH, OTHER])
    assert [each.commit for each in found[OTHER]] == [side]
    assert [each.commit for each in found[PATH]] == [moved, second, first]
    assert [each.commit for each in versions_of(repository, [PATH])[PATH]] == [moved, second, first]
    contents = contents_of(repository, [each.after for each in found[PATH]])
    assert [contents.get(each.after) for each in found[PATH]] == [None, b"second", b"a\x01b"]
    assert found[PATH][1] == Version(
        second, found[PATH][1].at, "ana@acme.example", found[PATH][2].after, found[PATH][0].before
    )
    assert found[PATH][2].before == found[PATH][0].after == ""
