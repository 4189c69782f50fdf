"""Branch, index and work tree brought from one commit to a later one: each file whole at any
instant, with the bytes that git would have written, and never over what a person has."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Container, Mapping
from pathlib import Path

import pytest

from desk.errors import Conflict, OutsideError
from desk.storage import advance as advance_module
from desk.storage import arrivals, changeover
from desk.storage.advance import Advance, InTheWay, advance, pending, resume
from desk.storage.merging_trees import Difference
from desk.storage.repository import Repository

TICKETS = "tickets/2026/11"
OLD = {
    f"{TICKETS}/A.md": "old\n",
    f"{TICKETS}/B.md": "old\n",
    "tickets/2025/12/GONE.md": "gone\n",
    "kept.txt": "kept\n",
}
NEW: dict[str, str | None] = {
    f"{TICKETS}/A.md": "old\nnew\n",
    f"{TICKETS}/B.md": "old\nnew\n",
    f"{TICKETS}/C.md": "new\n",
    "tickets/2026/12/D.md": "new\n",
    "tickets/2025/12/GONE.md": None,
}
Put = Callable[[Repository, Path, Difference, str, str], bool]


class Killed(BaseException):
    """What ends a program as a kill does: nothing handles it."""


class Place:
    """A repository at its first commit, which a later one changes."""

    def __init__(
        self, folder: Path, old: Mapping[str, str] = OLD, new: Mapping[str, str | None] = NEW
    ) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--template=")
        self.write(old)
        self.commit()
        first = self.git("rev-parse", "HEAD").strip()
        self.write(new)
        self.commit()
        self.step = Advance(first, self.git("rev-parse", "HEAD").strip())
        self.git("reset", "--quiet", "--hard", first)

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout

    def write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            target = self.folder / path
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode())

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x")

    def advance(self) -> bool:
        return advance(Repository(self.folder), self.step)

    def resume(self) -> list[str]:
        begun = pending(self.folder / ".git" / "desk")
        assert begun
        return resume(Repository(self.folder), begun)

    def tree(self) -> dict[str, bytes]:
        """Return all files, by path, and folders that are empty."""
        found = {}
        for path in self.folder.rglob("*"):
            name = str(path.relative_to(self.folder))
            if name.startswith(".git/"):
                continue
            if path.is_symlink():
                found[name] = b"-> " + os.fsencode(path.readlink())
            elif path.is_file():
                found[name] = path.read_bytes()
            elif path != self.folder / ".git" and not list(path.iterdir()):
                found[name] = b"/"
        return found

    @property
    def status(self) -> str:
        return self.git("status", "--porcelain")

    def is_at(self, commit: str) -> bool:
        """Tell whether all of it is at a commit, as git itself would check it out, with nothing
        left over from the way."""
        left = [path.name for path in (self.folder / ".git" / "desk").glob("*")]
        left += [path.name for path in (self.folder / ".git").glob("*.lock")]
        other = self.folder.parent / f"{self.folder.name}-{commit[:8]}"
        if not other.exists():
            self.git("worktree", "add", "--quiet", "--detach", str(other), commit)
        there = {
            str(path.relative_to(other)): path.read_bytes()
            for path in other.rglob("*")
            if path.is_file() and path.name != ".git" and not path.is_symlink()
        }
        here = {name: data for name, data in self.tree().items() if not data.startswith(b"->")}
        at = self.git("rev-parse", "HEAD").strip()
        assert (at, here, self.status, left) == (commit, there, "", [])
        return True


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "hd")


def stopped(patch: pytest.MonkeyPatch, number: int, stop: Callable[[str], None]) -> None:
    """Let something happen just before the file of this number takes its place."""
    real: Put = arrivals.put
    paths: list[str] = []

    def put(top: Repository, ready: Path, each: Difference, seen: str, token: str) -> bool:
        paths.append(each.path)
        if len(paths) == number:
            stop(each.path)
        return real(top, ready, each, seen, token)

    patch.setattr(changeover, "put", put)


def advanced(place: Place, number: int) -> None:
    """Bring a place along: killed at a step and gone on with, or (0) at one go."""
    if not number:
        place.advance()
        return
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, number, kill)
        with pytest.raises(Killed):
            place.advance()
    assert place.resume() == []


def kill(_: str) -> None:
    raise Killed


def test_everything_is_at_the_new_commit(place: Place) -> None:
    inode = (place.folder / "kept.txt").stat().st_ino
    assert place.advance()
    assert place.is_at(place.step.new)
    assert not (place.folder / "tickets" / "2025").exists()
    assert (place.folder / "kept.txt").stat().st_ino == inode
    assert place.git("reflog", "-1", "--format=%gs").strip() == "desk sync: Fast-forward"


@pytest.mark.parametrize("number", range(1, 6))
def test_killed_between_files_each_is_whole_and_the_next_command_goes_on(
    place: Place, number: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, number, kill)
        with pytest.raises(Killed):
            place.advance()
    found = place.tree()
    came = [
        path
        for path, text in NEW.items()
        if found.get(path) == (None if text is None else text.encode())
    ]
    assert len(came) == number - 1
    still = {path: found.get(path, b"").decode() for path in NEW if path not in came}
    assert still == {path: OLD.get(path, "") for path in still}
    assert place.resume() == []
    assert place.is_at(place.step.new)


@pytest.mark.parametrize("name", ["into_index", "_fast_forward"])
@pytest.mark.parametrize("is_done", [False, True])
def test_killed_after_the_files(place: Place, name: str, is_done: bool) -> None:
    owner = changeover.Changeover if name == "into_index" else __import__(
        "desk.storage.advance", fromlist=["x"]
    )  # fmt: skip
    real = getattr(owner, name)

    def at(*arguments: object) -> None:
        if is_done:
            real(*arguments)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, at)
        with pytest.raises(Killed):
            place.advance()
    assert place.resume() == []
    assert place.is_at(place.step.new)


def test_killed_twice(place: Place) -> None:
    for number in (2, 2):
        with pytest.MonkeyPatch.context() as patch:
            stopped(patch, number, kill)
            with pytest.raises(Killed):
                if pending(place.folder / ".git" / "desk"):
                    place.resume()
                else:
                    place.advance()
    assert place.resume() == []
    assert place.is_at(place.step.new)


@pytest.mark.parametrize(
    "edit", [lambda path: path.write_text("old\nmine\n"), lambda path: path.write_text("")]
)
def test_what_somebody_changed_after_a_kill_stays_and_everything_else_is_as_before(
    place: Place, edit: Callable[[Path], object]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, 4, kill)
        with pytest.raises(Killed):
            place.advance()
    path = place.folder / TICKETS / "A.md"
    edit(path)
    text = path.read_bytes()
    assert place.resume() == [f"{TICKETS}/A.md"]
    assert path.read_bytes() == text
    assert place.status == f" M {TICKETS}/A.md\n"
    path.write_text("old\n")
    assert place.is_at(place.step.old)


@pytest.mark.parametrize("number", [1, 3, 5])
def test_what_somebody_changes_just_before_its_turn_is_not_written_over(
    place: Place, number: int
) -> None:
    paths = {1: "tickets/2025/12/GONE.md", 3: f"{TICKETS}/B.md", 5: "tickets/2026/12/D.md"}

    def edit(path: str) -> None:
        assert path == paths[number]
        place.write({path: "mine\n"})

    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, number, edit)
        with pytest.raises(InTheWay) as error:
            place.advance()
    assert error.value.details == (paths[number],)
    assert (place.folder / paths[number]).read_text() == "mine\n"
    place.git("add", "-A")
    assert place.git("diff", "--cached", "--name-only").split() == [paths[number]]


def test_where_git_refuses_everything_is_as_before(place: Place) -> None:
    place.git("config", "merge.verifySignatures", "true")
    mine = place.folder / TICKETS / "C.md"
    mine.write_text("new\n")  # untracked, and as it is to come
    with pytest.raises(OutsideError, match="cannot bring the files along"):
        place.advance()
    assert mine.read_text() == "new\n"
    assert place.status == f"?? {TICKETS}/C.md\n"
    mine.unlink()
    assert place.is_at(place.step.old)


def test_a_branch_that_moved_meanwhile(place: Place) -> None:
    place.git("commit", "--quiet", "--allow-empty", "-m", "moved")
    assert place.advance() is False
    assert place.is_at(place.git("rev-parse", "HEAD").strip())


def test_a_branch_that_moves_at_the_last_moment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = changeover.Changeover.into_index

    def moved(change: changeover.Changeover, besides: Container[str] = ()) -> None:
        real(change, besides)
        if besides or place.git("rev-parse", "HEAD").strip() != place.step.old:
            return
        tree = place.git("rev-parse", "HEAD^{tree}").strip()
        commit = place.git("commit-tree", "-m", "moved", "-p", "HEAD", tree).strip()
        place.git("update-ref", "HEAD", commit)

    monkeypatch.setattr(changeover.Changeover, "into_index", moved)
    assert place.advance() is False
    monkeypatch.undo()
    assert place.is_at(place.git("rev-parse", "HEAD").strip())


def committed_in_between(place: Place, patch: pytest.MonkeyPatch) -> None:
    """Let somebody commit what the index has just before git moves the branch."""
    real = advance_module._fast_forward

    def late(top: Repository, commit: str) -> bool:
        place.git("commit", "--quiet", "--allow-empty", "-m", "everything that is staged")
        return real(top, commit)

    patch.setattr(advance_module, "_fast_forward", late)


def test_what_somebody_commits_at_the_last_moment_is_not_taken_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed_in_between(place, monkeypatch)
    assert place.advance() is False
    assert place.git("diff", "HEAD", place.step.new) == ""
    assert place.is_at(place.git("rev-parse", "HEAD").strip())


@pytest.mark.parametrize("number", [2, 4, 0])
def test_killed_and_then_somebody_commits_something_else(place: Place, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, number, kill)
        if not number:
            patch.setattr(advance_module, "_fast_forward", lambda *_: kill(""))
        with pytest.raises(Killed):
            place.advance()
    place.write({"kept.txt": "mine\n"})
    (place.folder / ".git" / "index.lock").unlink(missing_ok=True)
    place.git("commit", "--quiet", "-m", "mine", "--only", "kept.txt")
    with pytest.raises(Conflict):
        place.resume()
    assert place.is_at(place.git("rev-parse", "HEAD").strip())


def failing(code: int, when: Callable[[str], bool]) -> Callable[..., None]:
    real = os.rename

    def call(source: str, target: str) -> None:
        if when(str(source)):
            raise OSError(code, os.strerror(code), target)
        real(source, target)

    return call


@pytest.mark.parametrize("is_for_ever", [False, True])
def test_a_disk_that_refuses_leaves_everything_as_before_or_to_the_next_command(
    place: Place, monkeypatch: pytest.MonkeyPatch, is_for_ever: bool
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", failing(errno.EPERM, lambda _: True))
        refused = failing(errno.ENOSPC, lambda path: is_for_ever or path.endswith("C.md"))
        patch.setattr(os, "rename", refused)
        with pytest.raises(OutsideError, match="No space left"):
            place.advance()
    if is_for_ever:
        assert place.resume() == []
    assert place.is_at(place.step.new if is_for_ever else place.step.old)


def across(real: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """Return what moves a file, where .git/desk lies on a file system of its own."""

    def call(source: str, target: str) -> None:
        if "/.git/desk/scratch-" in str(source):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, target)

    return call


def test_a_git_directory_on_another_file_system(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", across(os.link))
    monkeypatch.setattr(os, "replace", across(os.replace))
    assert place.advance()
    assert place.is_at(place.step.new)


def test_a_full_disk_keeps_no_part_of_a_file_from_another_file_system(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", across(os.replace))

    def full(path: str) -> None:
        if path.endswith(".desk-tmp"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    monkeypatch.setattr(arrivals, "_sync", full)
    with pytest.raises(OutsideError, match="No space left"):
        place.advance()
    assert not list(place.folder.rglob("*.desk-tmp"))
    assert place.is_at(place.step.old)


def test_killed_on_the_way_from_another_file_system(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = arrivals._sync

    def synced(path: str) -> None:
        real(path)
        if path.endswith(".desk-tmp"):
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", across(os.replace))
        patch.setattr(arrivals, "_sync", synced)
        with pytest.raises(Killed):
            place.advance()
    assert list(place.folder.rglob("*.desk-tmp"))
    assert place.resume() == []
    assert place.is_at(place.step.new)


def test_a_file_system_without_hard_links(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EPERM, lambda _: True))
    assert place.advance()
    assert place.is_at(place.step.new)


ATTRIBUTES = "*.md text eol=crlf\n*.sh filter=upper\n"


@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("is_there", [False, True])
def test_files_have_the_bytes_that_git_would_write(
    tmp_path: Path, number: int, is_there: bool
) -> None:
    old = {"a.md": "one\n", "b.sh": "one\n", **({".gitattributes": ATTRIBUTES} if is_there else {})}
    new: dict[str, str | None] = {"a.md": "one\ntwo\n", "b.sh": "one\ntwo\n", "c.md": "new\n"}
    place = Place(tmp_path / "hd", old, new | {".gitattributes": ATTRIBUTES})
    place.git("config", "filter.upper.smudge", "tr a-z A-Z")
    place.git("config", "filter.upper.clean", "tr A-Z a-z")
    if is_there:
        for name in old:
            (place.folder / name).unlink()
        place.git("checkout", "--", ".")
    advanced(place, number)
    assert (place.folder / "a.md").read_bytes() == b"one\r\ntwo\r\n"
    assert (place.folder / "b.sh").read_bytes() == b"ONE\nTWO\n"
    assert place.is_at(place.step.new)


def test_attributes_that_are_not_committed_count_too(place: Place) -> None:
    (place.folder / "tickets" / ".gitattributes").write_text("*.md text eol=crlf\n")
    assert place.advance()
    assert (place.folder / TICKETS / "A.md").read_bytes() == b"old\r\nnew\r\n"
    assert place.status == "?? tickets/.gitattributes\n"


@pytest.mark.parametrize("number", [0, 2])
def test_what_a_sparse_checkout_leaves_out_stays_out(place: Place, number: int) -> None:
    place.git("sparse-checkout", "set", "tickets/2026/11")
    advanced(place, number)
    assert sorted(place.tree()) == ["kept.txt", *(f"{TICKETS}/{name}.md" for name in "ABC")]
    assert place.status == ""
    assert place.git("rev-parse", "HEAD").strip() == place.step.new


def test_a_mode_comes_too(place: Place) -> None:
    place.git("checkout", "--quiet", place.step.new)
    place.git("update-index", "--chmod=+x", f"{TICKETS}/A.md", "kept.txt")
    place.git("commit", "--quiet", "-m", "modes")
    place.step = Advance(place.step.old, place.git("rev-parse", "HEAD").strip())
    place.git("checkout", "--quiet", "--force", "main")
    assert place.advance()
    assert place.status == ""
    assert os.access(place.folder / TICKETS / "A.md", os.X_OK)
    assert os.access(place.folder / "kept.txt", os.X_OK)
    assert not os.access(place.folder / TICKETS / "C.md", os.X_OK)


def test_a_mode_that_somebody_changed_is_in_the_way(place: Place) -> None:
    (place.folder / TICKETS / "A.md").chmod(0o755)
    with pytest.raises(InTheWay) as error:
        place.advance()
    assert error.value.details == (f"{TICKETS}/A.md",)


def test_what_is_staged_and_not_on_disk_is_in_the_way(place: Place) -> None:
    place.write({f"{TICKETS}/A.md": "mine\n"})
    place.git("add", "-A")
    place.write({f"{TICKETS}/A.md": "old\n"})
    with pytest.raises(InTheWay):
        place.advance()
    assert place.git("show", f":{TICKETS}/A.md") == "mine\n"


def test_a_folder_that_somebody_made_a_link_is_in_the_way(place: Place, tmp_path: Path) -> None:
    (place.folder / TICKETS).rename(tmp_path / "elsewhere")
    (place.folder / TICKETS).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InTheWay):
        place.advance()
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["A.md", "B.md"]


def test_files_that_become_folders_and_links_are_gits(tmp_path: Path) -> None:
    old = {"kb": "a file\n", "docs/a.md": "a folder\n", "link": "a file\n", "t.md": "old\n"}
    new: dict[str, str | None] = {"kb": None, "docs/a.md": None, "link": None, "t.md": "new\n"}
    place = Place(tmp_path / "hd", old, new)
    place.git("checkout", "--quiet", place.step.new)
    place.write({"kb/a.md": "in a folder now\n", "docs": "a file now\n"})
    (place.folder / "link").symlink_to("t.md")
    place.commit()
    place.step = Advance(place.step.old, place.git("rev-parse", "HEAD").strip())
    place.git("checkout", "--quiet", "main")
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, 1, kill)
        with pytest.raises(Killed):
            place.advance()
    (place.folder / "kb").unlink()  # as git leaves it, killed while it writes
    place.write({"kb/a.md": "in a fol"})
    assert place.resume() == []
    assert place.is_at(place.step.new)
    assert (place.folder / "link").readlink() == Path("t.md")


def test_a_link_that_becomes_a_folder_is_gits(tmp_path: Path) -> None:
    place = Place(tmp_path / "hd", {"docs/a.md": "a\n", "t.md": "old\n"}, {})
    (place.folder / "manual").symlink_to("docs")
    place.commit()
    old = place.git("rev-parse", "HEAD").strip()
    (place.folder / "manual").unlink()
    place.write({"manual/a.md": "in a folder now\n", "t.md": "new\n"})
    place.commit()
    place.step = Advance(old, place.git("rev-parse", "HEAD").strip())
    place.git("reset", "--quiet", "--hard", old)
    with pytest.MonkeyPatch.context() as patch:
        stopped(patch, 1, kill)
        with pytest.raises(Killed):
            place.advance()
    assert place.resume() == []
    assert place.is_at(place.step.new)
    assert (place.folder / "docs/a.md").read_text() == "a\n"


def test_a_folder_with_files_of_ones_own_stays(place: Place) -> None:
    place.write({"tickets/2025/12/mine.txt": "mine\n"})
    assert place.advance()
    assert place.tree()["tickets/2025/12/mine.txt"] == b"mine\n"
    assert place.status == "?? tickets/2025/\n"


def test_hundreds_of_files_are_brought_along(tmp_path: Path) -> None:
    old = {f"{TICKETS}/{number}.md": "old\n" for number in range(300)}
    new: dict[str, str | None] = dict.fromkeys(old, "new\n")
    place = Place(tmp_path / "hd", old, new)
    assert place.advance()
    assert place.is_at(place.step.new)


def test_what_was_missing_comes_back(place: Place) -> None:
    (place.folder / TICKETS / "A.md").unlink()
    assert place.advance()
    assert place.is_at(place.step.new)
