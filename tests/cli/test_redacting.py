"""`desk redact`: the text goes, what happened stays."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import PRINTER
from tests.cli.files import headings, last_entry
from tests.conftest import Result, Shell

pytestmark = pytest.mark.usefixtures("counted_ids")

SECRET = "The password is hunter2."


@pytest.fixture
def told(desk: Shell) -> Shell:
    desk("new", "Printer jams", "-r", "maria@acme.example", "-d", "It jams.")
    desk("note", PRINTER, "-m", SECRET)
    return desk


def redact(desk: Shell, *words: str, user: str = "root", code: int = 0) -> Result:
    return desk("redact", *words, user=user, code=code)


def test_the_text_goes_and_a_signed_trace_stays(told: Shell) -> None:
    result = redact(told, PRINTER, "2", "-m", "a password")
    assert result.out == f"{PRINTER}\n"
    assert "still in Git's history" in result.err
    text = told.file_of(PRINTER).read_text()
    assert SECRET not in text
    assert "\n[redacted]\n" in text
    *_, heading = headings(told, PRINTER)
    assert re.fullmatch(r"root redacted entry=2026-11-22T09:34:3\dZ/ana/noted", heading)
    assert last_entry(told, PRINTER).endswith("a password")
    assert SECRET not in told.git("log", "-1", "--format=%B")
    assert told("lint").code == 0


def test_the_index_and_its_free_pages_forget_it(told: Shell) -> None:
    assert told("sql", "SELECT count(*) FROM entry WHERE text LIKE '%hunter2%'").out == "1\n"
    redact(told, PRINTER, "2")
    assert told("list", "hunter2").out == ""
    index = (told.folder / ".git" / "desk" / "index.sqlite").read_bytes()
    assert b"hunter2" not in index


def test_copies_of_what_could_not_be_committed_are_named(told: Shell) -> None:
    hook = told.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    told("note", PRINTER, "-m", SECRET + " again", code=7)
    hook.unlink()
    err = redact(told, PRINTER, "2").err
    assert "a copy that could not be committed has the text too" in err


def test_what_cannot_be_redacted_is_refused(told: Shell) -> None:
    told("take", PRINTER)
    assert "has no text to take out" in redact(told, PRINTER, "3", code=4).err
    assert "has no entry `9`" in redact(told, PRINTER, "9", code=3).err
    redact(told, PRINTER, "2")
    assert "is redacted there already" in redact(told, PRINTER, "2").err
    assert "not taken back" in told("undo", code=4, user="root").err


def test_a_dry_run_writes_nothing(told: Shell) -> None:
    assert "-The password is hunter2." in redact(told, PRINTER, "2", "-n").out
    assert SECRET in told.file_of(PRINTER).read_text()


def test_agents_may_not(told: Shell) -> None:
    assert "may not redact" in redact(told, PRINTER, "2", user="luis", code=4).err
