"""Trouble of every kind: its exit code, one sentence on stderr, and nothing written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from desk.errors import EXIT_CODES
from tests.cli.conftest import PRINTER, VPN
from tests.cli.files import commits, front, headings
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

CODES = {
    1: (["lint"], ""),
    2: (["list", "status:opn"], "desk: `opn` is no value of `status`; did you mean `open`?"),
    3: (["show", "ZZZZZ"], "desk: no ticket is called `ZZZZZ`; see `desk list`"),
    4: (["reopen", PRINTER, "-m", "x"], f"desk: cannot reopen {PRINTER}: it is new; now: "),
    5: (["-C", "/", "list"], "desk: / is in no help desk: no config.yaml with `desk:`"),
    6: (["take", PRINTER], "desk: "),
    7: (["take", PRINTER], "desk: cannot write "),
    70: (["list"], "desk: this is a bug in desk; a report of it is in "),
    130: (["list"], "desk: cancelled; nothing more was done"),
}
"""For each kind of trouble a command that runs into it, and how the last line begins."""


def fail_with(error: BaseException) -> object:
    def fails(*arguments: object, **options: object) -> object:
        raise error

    return fails


def break_for(desk: Shell, code: int) -> None:
    """Bring about the trouble of an exit code, where the command alone does not."""
    patch = desk.monkeypatch
    if code == 1:
        path = desk.file_of(PRINTER)
        path.write_text(path.read_text().replace("priority: P3", "priority: P9"))
    elif code == 6:
        patch.setattr("desk.storage.commits.INDEX_LOCK_SECONDS", 0.1)
        (desk.folder / ".git" / "index.lock").write_text("")
    elif code == 7:
        patch.setattr("os.replace", fail_with(OSError(errno.EROFS, os.strerror(errno.EROFS))))
    elif code == 70:
        patch.setattr("tempfile.tempdir", str(desk.folder.parent))
        patch.setattr("desk.services.reading.find", fail_with(ValueError("oops \x1b[31m")))
    elif code == 130:
        patch.setattr("desk.services.reading.find", fail_with(KeyboardInterrupt()))


@pytest.mark.parametrize("code", [code for code in EXIT_CODES if code])
def test_every_exit_code(desk: Shell, code: int) -> None:
    desk("new", "Printer jams")
    words, said = CODES[code]
    break_for(desk, code)
    refused = desk(*words, code=code)
    if code != 1:
        assert refused.out == ""
        assert refused.err.splitlines()[-1].startswith(said)
    assert len(commits(desk)) == 2
    assert len(headings(desk, PRINTER)) == 1


def test_a_bug_is_a_report_that_people_can_send(desk: Shell) -> None:
    break_for(desk, 70)
    refused = desk("list", "status:new", code=70)
    assert refused.err.count("\n") == 1
    report = Path(refused.err.rpartition(" is in ")[2].strip())
    text = report.read_text()
    assert text.startswith("desk ")
    assert "arguments: ['list', 'status:new']" in text
    assert "ValueError: oops" in text
    told = desk("list", "-v", code=70).err
    assert "Traceback (most recent call last)" in told
    assert "\x1b" not in told


def test_a_bug_whose_report_cannot_be_written_is_shown(desk: Shell) -> None:
    break_for(desk, 70)
    desk.monkeypatch.setattr("tempfile.NamedTemporaryFile", fail_with(OSError()))
    told = desk("list", code=70).err.splitlines()
    assert "Traceback (most recent call last):" in told
    assert told[-1] == "desk: this is a bug in desk"


# ------------------------------------------------------------------------------------ bad input

HOSTILE = "\x1b[31mred\x07 \u202egnp.exe\r\nsecond \x9b2J"
SHOWN = "\\u001b[31mred\\u0007 \\u202egnp.exe\\u000d\\u000asecond \\u009b2J"


def test_nul_is_refused_everywhere(desk: Shell) -> None:
    desk("new", "Printer jams")
    for words in (
        ["new", "a\0b"],
        ["new", "x", "-d", "a\0b"],
        ["new", "x", "-r", "a\0b"],
        ["new", "x", "--set", "f=a\0b"],
        ["new", "x", "--tag", "a\0b"],
        ["edit", PRINTER, "--company", "a\0b"],
        ["note", PRINTER, "-m", "a\0b"],
        ["resolve", PRINTER, "-m", "a\0b"],
    ):
        refused = desk(*words, code=4)
        assert refused.out == ""
        assert "NUL" in refused.err
        assert refused.err.count("\n") == 1
    assert len(commits(desk)) == 2


def test_a_lone_surrogate_is_refused(desk: Shell) -> None:
    refused = desk("new", "a\udc80b", code=4)
    assert refused.err == "desk: the title cannot be stored: it is not UTF-8; leave it out\n"


@pytest.mark.parametrize("size", [1_000_001, 5_000_000])
def test_a_text_is_at_most_a_megabyte(desk: Shell, size: int) -> None:
    (desk.folder / "big").write_text("x" * size)
    refused = desk("new", "Printer", "-F", "big", code=4)
    assert refused == Result(
        4,
        "",
        f"desk: the description is refused: the text is {size:,} bytes long, and 1,000,000 is "
        "the most; attach it as a file\n",
    )
    desk("new", "Printer", "-F", "-", stdin="x" * 1_000_000)
    before = commits(desk)
    assert desk("note", VPN, "-F", "big", code=4).err.endswith(
        "1,000,000 is the most; shorten it or attach it as a file\n"
    )
    assert commits(desk) == before


def test_an_attachment_is_at_most_25_megabytes(desk: Shell) -> None:
    desk("new", "Printer")
    with (desk.folder / "big").open("wb") as stream:
        stream.truncate(25_000_001)
    refused = desk("attach", PRINTER, "big", code=4)
    assert refused.err.startswith("desk: big is larger than 25 MB; ")


@pytest.mark.parametrize("name", ["../../x", "../../../etc/passwd", "tickets/2026/11", "a/b.md"])
@pytest.mark.parametrize(
    "words", [["take"], ["note", "-m", "x"], ["close"], ["link", "relates", PRINTER]]
)
def test_an_id_is_no_path(desk: Shell, name: str, words: list[str]) -> None:
    desk("new", "Printer jams")
    (desk.folder.parent / "x.md").write_text("---\nid: x\n---\n")
    refused = desk(words[0], name, *words[1:], code=3)
    assert refused == Result(3, "", f"desk: no ticket is called `{name}`; see `desk list`\n")


@pytest.mark.parametrize("where", ["tickets/2026/11", "tickets/2026", "tickets"])
def test_a_folder_that_is_a_link_is_never_written_through(
    desk: Shell, tmp_path: Path, where: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.folder / where).parent.mkdir(parents=True, exist_ok=True)
    (desk.folder / where).symlink_to(outside)
    refused = desk("new", "Printer jams", code=7)
    assert refused.out == ""
    assert refused.err.splitlines()[-1].startswith("desk: ")
    assert not list(outside.iterdir())


def test_what_is_strange_is_stored_and_shown_escaped(desk: Shell) -> None:
    done = desk("new", HOSTILE, "-d", HOSTILE, "--company", HOSTILE, "--set", f"note={HOSTILE}")
    assert done.err == f"{PRINTER} {SHOWN}: opened (P3, support)\n"
    desk("note", PRINTER, "-m", HOSTILE)
    for words in (
        ["list"],
        ["list", "-o", "table"],
        ["list", "-o", "md"],
        ["list", "--by", "company"],
        ["list", "--by", "company", "-o", "md"],
        ["show", PRINTER],
        ["log", PRINTER],
        ["history", PRINTER],
        ["today"],
        ["lint"],
        ["edit", PRINTER, "--company", "x\x1b", "-n"],
    ):
        shown = desk(*words)
        for text in (shown.out, shown.err):
            assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(text), words
    assert f"\t{SHOWN}\n" in desk("list").out
    assert desk("list", "-o", "json").out.count("\\u001b[31mred") >= 3
    import json

    (ticket,) = json.loads(desk("list", "-o", "json").out)["tickets"]
    assert ticket["title"] == HOSTILE
    assert ticket["fields"] == {"note": HOSTILE}


def test_what_is_strange_in_errors_is_shown_escaped(desk: Shell) -> None:
    for words in (
        ["show", HOSTILE],
        ["list", f"status:{HOSTILE}"],
        ["list", "--fields", HOSTILE],
        ["list", "-o", HOSTILE],
        ["new", "x", "-c", HOSTILE],
        ["new", "x", "-F", HOSTILE],
        [HOSTILE],
        ["help", HOSTILE],
        ["-C", HOSTILE, "list"],
    ):
        for code in (2, 3, 4, 5):
            try:
                refused = desk(*words, code=code)
                break
            except AssertionError:
                continue
        assert refused.out == ""
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(refused.err), words


def test_an_author_is_shown_escaped(desk: Shell) -> None:
    desk.git("config", "user.name", "Mallory \x1b[31m")
    desk("new", "Printer jams")
    assert "\x1b" not in desk("history", PRINTER).out + desk("show", PRINTER).out


# ------------------------------------------------------------------------------- disks that refuse


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("os.link", ["new", "Another"]),
        ("os.replace", ["take", PRINTER]),
        ("os.fsync", ["take", PRINTER]),
        ("os.fsync", ["new", "Another", "--attach", "config.yaml"]),
    ],
)
def test_a_disk_that_refuses_leaves_everything_as_it_was(
    desk: Shell, number: int, function: str, words: list[str]
) -> None:
    desk("new", "Printer jams")
    before = desk.file_of(PRINTER).read_bytes()
    with desk.monkeypatch.context() as patch:
        patch.setattr(function, fail_with(OSError(number, os.strerror(number))))
        if function == "os.link":
            patch.setattr("os.replace", fail_with(OSError(number, os.strerror(number))))
        refused = desk(*words, code=7)
    assert refused.out == ""
    assert refused.err.startswith("desk: cannot write ")
    assert os.strerror(number) in refused.err
    assert desk.file_of(PRINTER).read_bytes() == before
    assert [path.name for path in desk.folder.glob("tickets/2026/11/*")] == [f"{PRINTER}.md"]
    assert desk.git("status", "--porcelain") == ""
    desk("take", PRINTER)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_an_error_and_not_a_shorter_file(desk: Shell) -> None:
    desk("new", "Printer jams")
    folder = desk.file_of(PRINTER).parent
    folder.chmod(0o555)
    try:
        assert desk("take", PRINTER, code=7).err.startswith("desk: cannot write tickets/2026/11/")
    finally:
        folder.chmod(0o755)
    assert front(desk, PRINTER)["status"] == "new"


LONG = "9" * 100_000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", f"status:{LONG}"], 2),
        (["show", LONG], 3),
        (["assign", PRINTER, LONG], 4),
        ([f"--{LONG}"], 2),
        (["hold", PRINTER, "-m", "x", "--until", f"+{LONG}d"], 2),
        (["sla", "calendar", LONG], 4),
    ],
)
def test_what_has_no_end_is_not_repeated_whole(desk: Shell, words: list[str], code: int) -> None:
    desk("new", "Printer jams")
    lines = desk(*words, code=code).err.splitlines()
    assert lines[-1].startswith("desk: ")
    assert all(len(line) < 1_300 for line in lines)
